// Pictures find their slot: dropped on it, dropped anywhere, pasted, or chosen from the disk.

import { filesOf, send } from "./upload.js";

const form = () => document.getElementById("create");
const slots = (role) => [...document.querySelectorAll(`[data-slot${role ? `="${role}"` : ""}]`)];
const isEmpty = (slot) => slot.classList.contains("is-empty");

// Pictures only suggest a mode, and only where the chosen one has no place for them: two on an
// empty screen are a start and an end; one dropped on a slot is what that slot says.
function suggestMode(files, slot) {
  const fit = slots("reference").length || slots().length >= files.length;
  if (slot || fit || !slots().every(isEmpty)) return null;
  return { 1: "image", 2: "start-end" }[files.length] ?? "reference";
}

const ROLES = { image: ["start"], "start-end": ["start", "end"] };

function rolesFor(files, slot) {
  const mode = suggestMode(files, slot);
  if (mode) return files.map((_, i) => (ROLES[mode] ?? [])[i] ?? "reference");
  const first = slot ?? slots().find(isEmpty) ?? slots().at(-1);
  if (!first) return files.map((_, i) => (i ? "end" : "start"));
  const later = slots().filter((other) => other !== first && isEmpty(other));
  return files.map((_, i) => (i ? later[i - 1] : first)?.dataset.slot ?? first.dataset.slot);
}

async function upload(file, slot) {
  const progress = slot?.querySelector("[data-progress]");
  progress?.removeAttribute("hidden");
  try {
    return await send(file, {
      url: form().dataset.upload,
      csrf: form().querySelector('[name="csrfmiddlewaretoken"]').value,
      project: form().querySelector('[name="project"]').value,
      onProgress: (share) => progress && (progress.value = share * 0.95),
    });
  } finally {
    progress?.setAttribute("hidden", "");
  }
}

function place(role, uid) {
  if (role !== "reference") form().querySelectorAll(`[name="${role}"]`).forEach((i) => i.remove());
  const input = Object.assign(document.createElement("input"), { type: "hidden" });
  Object.assign(input, { name: role, value: uid });
  document.getElementById("frames").append(input);
}

function chooseMode(mode) {
  const radio = document.querySelector(`#create [name="mode"][value="${mode}"]`);
  if (radio) radio.checked = true;
}

function complain(slot, error) {
  const fault = (slot ?? document).querySelector("[data-fault]");
  const words = form().dataset;
  if (fault) fault.textContent = error.message ?? words[error.code] ?? words.ended;
}

async function take(files, slot, sync) {
  const mode = suggestMode(files, slot);
  const roles = rolesFor(files, slot);
  const sent = files.map((file, i) => {
    const at = slots(roles[i]).find(isEmpty) ?? slot ?? slots()[i] ?? slots()[0];
    return upload(file, at).catch((error) => complain(at, error));
  });
  const assets = await Promise.all(sent);
  const placed = assets.filter((asset, i) => asset && (place(roles[i], asset.uid), true));
  if (!placed.length) return;
  if (mode) chooseMode(mode);
  // New frames take the stage from the clip of the last brief.
  document.querySelector('#stage [name="made"]')?.remove();
  sync();
}

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");

function over(target) {
  for (const marked of document.querySelectorAll(".over")) marked.classList.remove("over");
  target?.classList.add("over");
}

function targetOf(event) {
  return event.target.closest?.("[data-slot]") ?? document.getElementById("stage");
}

export function startSlots(sync) {
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    over(targetOf(event));
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || over(null));
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    over(null);
    take(filesOf(event.dataTransfer), event.target.closest?.("[data-slot]"), sync);
  });
  document.addEventListener("paste", (event) => {
    const files = filesOf(event.clipboardData);
    if (!files.length) return;
    event.preventDefault();
    take(files, event.target.closest?.("[data-slot]"), sync);
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-file]") || !event.target.files.length) return;
    take([...event.target.files], event.target.closest("[data-slot]"), sync);
    event.target.value = "";
  });
}

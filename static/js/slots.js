// Pictures find their slot: dropped on it, dropped anywhere, pasted, or chosen from the disk.

import { filesOf, makeQueue, send } from "./upload.js";

const AT_ONCE = 2;

const form = () => document.getElementById("create");
const slots = (place) => [...document.querySelectorAll(`[data-slot${place ? `="${place}"` : ""}]`)];
const isEmpty = (slot) => slot.classList.contains("is-empty");

// Where many may lie, and how many of them make a subject seen from several sides.
const MANY = ["reference", "each"];
const MOST_VIEWS = 7;

// Pictures only suggest a way, and only where the chosen one has no place for them: two on an
// empty screen are a start and an end; one dropped on a slot is what that slot says.
function suggestWay(files, slot) {
  const takesMany = slots().some(({ dataset }) => MANY.includes(dataset.slot));
  if (slot || takesMany || slots().length >= files.length || !slots().every(isEmpty)) return null;
  const few = { 1: "image", 2: "start-end" }[files.length];
  return few ?? (files.length > MOST_VIEWS ? "each" : "reference");
}

const PLACES = { image: ["start"], "start-end": ["start", "end"] };

function placesFor(files, slot) {
  const way = suggestWay(files, slot);
  if (way) return files.map((_, i) => PLACES[way]?.[i] ?? way);
  const first = slot ?? slots().find(isEmpty) ?? slots().at(-1);
  if (!first) return files.map((_, i) => (i ? "end" : "start"));
  const later = slots().filter((other) => other !== first && isEmpty(other));
  return files.map((_, i) => (i ? later[i - 1] : first)?.dataset.slot ?? first.dataset.slot);
}

// One hairline for everything on its way into a slot.
function meter(slot, count) {
  const bar = slot?.querySelector("[data-progress]");
  const shares = new Array(count).fill(0);
  bar?.removeAttribute("hidden");
  return {
    tell: (i) => (share) => {
      shares[i] = share * 0.95;
      if (bar) bar.value = shares.reduce((sum, one) => sum + one, 0) / count;
    },
    end: () => bar?.setAttribute("hidden", ""),
  };
}

function upload(file, onProgress) {
  return send(file, {
    url: form().dataset.upload,
    csrf: form().querySelector('[name="csrfmiddlewaretoken"]').value,
    project: form().querySelector('[name="project"]').value,
    onProgress,
  });
}

function put(place, uid) {
  if (!MANY.includes(place)) form().querySelectorAll(`[name="${place}"]`).forEach((i) => i.remove());
  const input = Object.assign(document.createElement("input"), { type: "hidden" });
  Object.assign(input, { name: place, value: uid });
  document.getElementById("frames").append(input);
}

function chooseWay(way) {
  const radio = document.querySelector(`#create [name="mode"][value="${way}"]`);
  if (radio) radio.checked = true;
}

function complain(slot, file, error) {
  const fault = (slot ?? document).querySelector("[data-fault]");
  const words = form().dataset;
  if (fault) fault.textContent = `${file.name}: ${error.message ?? words[error.code] ?? words.ended}`;
}

async function take(files, slot, sync) {
  const way = suggestWay(files, slot);
  const places = placesFor(files, slot);
  const at = (i) => slots(places[i]).find(isEmpty) ?? slot ?? slots()[i] ?? slots()[0];
  const bars = new Map(files.map((_, i) => [at(i), null]));
  for (const one of bars.keys()) bars.set(one, meter(one, files.length));
  const queue = makeQueue(AT_ONCE);
  const sent = files.map((file, i) => {
    const goal = at(i);
    const start = () => upload(file, bars.get(goal).tell(i));
    return queue(start).catch((error) => complain(goal, file, error));
  });
  const assets = await Promise.all(sent);
  for (const bar of bars.values()) bar.end();
  const placed = assets.filter((asset, i) => asset && (put(places[i], asset.uid), true));
  if (!placed.length) return;
  if (way) chooseWay(way);
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

// The Create screen: what is typed is kept, pictures find their slot, the price follows.

import "./player.js";
import { startBlend } from "./blend.js";
import "./wall.js";
import { startSlots } from "./slots.js";
import "./composing.js";
import "./helper.js";
import "./presses.js";

// ── The draft: soon after a pause, at the latest after ten seconds, and at once on a choice ───

const PAUSE = 700;
const LATEST = 10_000;
let timer = 0;
let dirtySince = 0;

const form = () => document.getElementById("create");

export function sync() {
  clearTimeout(timer);
  dirtySince = 0;
  window.htmx.trigger("#sync", "sync");
}

function syncSoon() {
  dirtySince ||= Date.now();
  clearTimeout(timer);
  timer = setTimeout(sync, Math.max(0, Math.min(PAUSE, dirtySince + LATEST - Date.now())));
}

document.addEventListener("input", (event) => {
  if (!event.target.closest("#create") || event.target.type === "file") return;
  count();
  echo();
  if (!event.isComposing) syncSoon();
});
document.addEventListener("compositionend", (event) => {
  if (event.target.closest("#create")) syncSoon();
});
document.addEventListener("change", (event) => {
  const isOurs = event.target.closest("#create") && event.target.name;
  if (isOurs && event.target.id !== "prompt") sync();
});

// The tab closes in mid-sentence: the last words go along.
window.addEventListener("pagehide", () => {
  const { action } = document.getElementById("sync").dataset;
  if (dirtySince) navigator.sendBeacon(action, new FormData(form()));
});

// ── The prompt: counted as the sellers count, by characters; on the stage in large ────────────

function count() {
  const counter = form()?.querySelector("[data-limit]");
  const used = [...(form()?.prompt.value ?? "")].length;
  if (!counter) return;
  counter.textContent = `${used} / ${counter.dataset.limit}`;
  counter.classList.toggle("over", used > Number(counter.dataset.limit));
}

function echo() {
  const card = document.getElementById("card-words");
  if (!card) return;
  card.textContent = form().prompt.value.trim() || card.dataset.hint;
  card.classList.toggle("faint", !form().prompt.value.trim());
}

// ── The picker ────────────────────────────────────────────────────────────────────────────────

const picker = document.getElementById("picker");
picker.addEventListener("htmx:afterSwap", () => picker.open || picker.showModal());
picker.addEventListener("click", (event) => {
  const isOutside = event.target === picker;
  if (isOutside || event.target.closest("[data-close], [data-put]")) picker.close();
});

// A refused form says where; the eye and the keyboard are led there.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "create") return;
  const fault = [...form().querySelectorAll(".errors")].find((one) => one.textContent.trim());
  fault?.scrollIntoView({ block: "center" });
  form().querySelector('[aria-invalid="true"]')?.focus();
});

startSlots(sync);
startBlend();
count();
document.addEventListener("htmx:afterSettle", () => {
  count();
  startBlend();
});

// The Create screen: what is typed is kept, pictures find their slot, the price follows.

import "./player.js";
import { startBlend } from "./blend.js";
import { startLost } from "./lost.js";
import "./crop.js";
import "./wall.js";
import { startSlots } from "./slots.js";
import "./composing.js";
import "./helper.js";
import { isPress } from "./presses.js";

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

// A press sends the whole form along: what still waits to be sent would only undo it.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!isPress(event)) return;
  clearTimeout(timer);
  dirtySince = 0;
});

// The tab closes in mid-sentence: the last words go along.
window.addEventListener("pagehide", () => {
  const { action } = document.getElementById("sync").dataset;
  if (dirtySince) navigator.sendBeacon(action, new FormData(form()));
});

// No connection: said, and tried again until it is kept.
const AGAIN = 3000;
document.addEventListener("htmx:sendError", (event) => {
  if (!event.target.closest?.("#create")) return;
  document.getElementById("unkept").hidden = false;
  dirtySince ||= Date.now();
  clearTimeout(timer);
  timer = setTimeout(sync, AGAIN);
});
document.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.target.id === "sync") document.getElementById("unkept").hidden = true;
});

// ── The prompt: counted as the sellers count, by characters; on the stage in large ────────────

function count() {
  const counter = form()?.querySelector("[data-limit]");
  const written = [...(form()?.prompt.value ?? "")].length;
  if (!counter) return;
  // What the style adds counts as well, as soon as there is something to add to.
  const used = written + (written ? Number(counter.dataset.more) : 0);
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

// A starter leaves gaps: the first one is selected, to be written over.
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.target.closest?.("[data-starter]")) return;
  document.getElementById("starters").hidePopover();
  const gap = /\[[^\]]+\]/.exec(form().prompt.value);
  form().prompt.focus();
  if (gap) form().prompt.setSelectionRange(gap.index, gap.index + gap[0].length);
});

// A refused form says where; the eye and the keyboard are led there.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "create") return;
  const fault = [...form().querySelectorAll(".errors")].find((one) => one.textContent.trim());
  fault?.scrollIntoView({ block: "center" });
  form().querySelector('[aria-invalid="true"]')?.focus();
});

startLost();
startSlots(sync);
startBlend();
count();
document.addEventListener("htmx:afterSettle", () => {
  count();
  startBlend();
});

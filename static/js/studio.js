// What every page does: keys, the news in the title, a poll that slows down out of sight.

import { whenTyping } from "./keys.js";

// ── Keys: an element says which one leads to it ───────────────────────────────────────────────

document.addEventListener("keydown", (event) => {
  if (whenTyping(event)) return;
  const key = CSS.escape(event.key.toLowerCase());
  const field = document.querySelector(`[data-key="${key}"]`);
  const button = document.querySelector(`[data-key-press="${key}"]`);
  if (!field && !button) return;
  event.preventDefault();
  field?.focus();
  button?.click();
});

// ── The poll: every second in sight, every fourth out of it ───────────────────────────────────

const OUT_OF_SIGHT = 4000;
let polledAt = 0;

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id !== "live") return;
  if (document.hidden && Date.now() - polledAt < OUT_OF_SIGHT) event.preventDefault();
  else polledAt = Date.now();
});

// ── The title and the icon tell what happened in the back ─────────────────────────────────────

const icon = document.querySelector('link[rel="icon"]');
const calmIcon = icon?.href;
let title = document.title;

function tellNews() {
  const live = document.getElementById("live");
  if (!live) return;
  icon.href = Number(live.dataset.underWay) ? icon.dataset.busy : calmIcon;
  const { news } = live.dataset;
  const told = document.getElementById("news");
  if (told.textContent !== news) told.textContent = news;
  document.title = document.hidden && news ? `${news} · ${title}` : title;
}

document.addEventListener("htmx:afterSettle", tellNews);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) title = document.title;
  else if (window.htmx) window.htmx.trigger("#live", "look");
  tellNews();
});
tellNews();

// ── The tray: what was in it when it closes is no news any more ───────────────────────────────

const tray = document.getElementById("tray");
tray?.addEventListener("toggle", (event) => {
  const hasEnded = tray.querySelector("[data-ended]");
  if (event.newState !== "closed" || !hasEnded) return;
  window.htmx.ajax("POST", tray.dataset.looked, { target: "#live", swap: "outerHTML" });
});

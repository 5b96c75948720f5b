// The wall: previews play under the pointer, one clip is selected, keys judge it.

import { whenTyping } from "./keys.js";
import "./wall.js";

const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

// ── Previews ──────────────────────────────────────────────────────────────────────────────────

const PAUSE = 120;
let timer = 0;

function play(picture) {
  const video = Object.assign(document.createElement("video"), {
    src: picture.dataset.preview,
    muted: true,
    loop: true,
    playsInline: true,
  });
  video.setAttribute("aria-hidden", "true");
  picture.append(video);
  // Moving on before it begins is no fault.
  video.play().catch(() => video.remove());
}

function stop() {
  clearTimeout(timer);
  for (const video of document.querySelectorAll(".clip-picture video")) video.remove();
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch" || calm.matches) return;
  const picture = event.target.closest?.(".clip-picture[data-preview]");
  if (picture?.querySelector("video")) return;
  stop();
  if (picture) timer = setTimeout(play, PAUSE, picture);
});

// ── The selected clip ─────────────────────────────────────────────────────────────────────────

const bar = document.getElementById("selected");
const clips = () => [...document.querySelectorAll(".clip")];
// By its id: a clip that is drawn anew is another element and still the same clip.
let chosen = "";
const selected = () => document.getElementById(chosen);

function select(clip) {
  selected()?.classList.remove("is-selected");
  chosen = clip?.id ?? "";
  bar.hidden = !clip;
  if (!clip) return;
  clip.classList.add("is-selected");
  show(clip);
}

function show(clip) {
  const stars = Number(clip.dataset.stars);
  for (const button of bar.querySelectorAll("[data-stars]")) {
    button.classList.toggle("on", Number(button.dataset.stars) <= stars);
  }
  bar.querySelector("[data-open]").href = clip.querySelector("a").href;
}

function mark(verb, stars) {
  const clip = selected();
  if (!clip) return;
  const address = `${clip.querySelector("a").href}${verb}/`;
  const values = { as: "card", ...(stars && { stars }) };
  window.htmx.ajax("POST", address, { target: clip, swap: "outerHTML", values });
}

bar.addEventListener("click", (event) => {
  const button = event.target.closest("[data-mark]");
  if (button) mark(button.dataset.mark, button.dataset.stars);
});

document.addEventListener("click", (event) => {
  const line = event.target.closest?.("[data-select]");
  if (line) select(line.closest(".clip"));
  else if (!event.target.closest?.(".clip, .selected")) select(null);
});

document.addEventListener("focusin", (event) => {
  const clip = event.target.closest?.(".clip");
  if (clip && event.target.matches(":focus-visible")) select(clip);
});

document.addEventListener("htmx:afterSettle", () => {
  const clip = selected();
  if (!clip || clip.classList.contains("is-selected")) return;
  select(clip);
  if (document.activeElement === document.body) clip.querySelector("a").focus();
});

// ── Keys ──────────────────────────────────────────────────────────────────────────────────────

const centre = (clip) => {
  const box = clip.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top };
};

// The nearest clip in the next row up or down.
function beside(clip, rows) {
  const from = centre(clip);
  const others = clips().filter((other) => Math.sign(centre(other).y - from.y) === rows);
  const distance = (other) => {
    const to = centre(other);
    return Math.abs(to.y - from.y) * 1000 + Math.abs(to.x - from.x);
  };
  return others.sort((a, b) => distance(a) - distance(b))[0];
}

function go(key) {
  const all = clips();
  const at = all.indexOf(selected());
  if (at < 0) return all[0];
  if (key === "ArrowRight") return all[at + 1];
  if (key === "ArrowLeft") return all[at - 1];
  return beside(all[at], key === "ArrowDown" ? 1 : -1);
}

document.addEventListener("keydown", (event) => {
  if (whenTyping(event)) return;
  if (event.key.startsWith("Arrow")) {
    const next = go(event.key);
    if (!next) return;
    event.preventDefault();
    select(next);
    next.querySelector("a").focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" });
  } else if (/^[0-5]$/.test(event.key)) mark("star", event.key);
  else if (event.key.toLowerCase() === "x") mark("reject");
  else if (event.key === "Delete") mark("trash");
  else if (event.key === "Escape") select(null);
});

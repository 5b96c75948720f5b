// The player: our own bar instead of the browser's, so that a frame can be stepped to.
//
//   <figure data-player data-fps="24" data-frames="96" [data-once]>  see components/player.html
//
// Keys, for the player on the page that was touched last: Space and K play or pause, J and L go
// back and on by a second, "," and "." by a frame, M mutes, F fills the screen.

import { whenTyping } from "./keys.js";

const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
let current = null;

class Player {
  constructor(root) {
    this.root = root;
    this.video = root.querySelector("video");
    this.scrub = root.querySelector("[data-scrub]");
    this.clock = root.querySelector("[data-clock]");
    this.fps = Number(root.dataset.fps) || 24;
    this.frames = Number(root.dataset.frames) || 1;
    this.takeOver();
    this.listen();
    if (root.hasAttribute("data-once") && !calm.matches) this.playOnce();
  }

  takeOver() {
    this.video.removeAttribute("controls");
    this.root.querySelector(".transport").hidden = false;
    this.scrub.max = this.frames - 1;
    this.show();
  }

  listen() {
    this.root.addEventListener("click", (event) => this.press(event));
    this.root.addEventListener("pointerenter", () => (current = this));
    this.video.addEventListener("click", () => this.play());
    this.scrub.addEventListener("input", () => this.goTo(Number(this.scrub.value)));
    for (const name of ["play", "pause", "seeked", "timeupdate", "ended"]) {
      this.video.addEventListener(name, () => this.show());
    }
    this.video.addEventListener("play", () => this.follow());
    this.root.querySelector("[data-volume]")?.addEventListener("input", (event) => {
      this.video.volume = event.target.value / 100;
      this.mute(false);
    });
  }

  press(event) {
    const name = event.target.closest("[data-do]")?.dataset.do;
    current = this;
    if (name) this.actions[name]();
  }

  actions = {
    play: () => this.play(),
    back: () => this.step(-1),
    forward: () => this.step(1),
    loop: () => this.loop(!this.video.loop),
    mute: () => this.mute(!this.video.muted),
    full: () => this.full(),
  };

  // Browsers only let it begin by itself without sound; the bar gives the sound back.
  playOnce() {
    this.mute(true);
    this.video.play().catch(() => this.show());
  }

  play() {
    if (this.video.paused) this.video.play().catch(() => this.show());
    else this.video.pause();
  }

  get frame() {
    return Math.min(this.frames - 1, Math.floor(this.video.currentTime * this.fps + 0.001));
  }

  // The middle of a frame: its edges belong, by a rounding, to its neighbours too.
  goTo(frame) {
    const wanted = Math.max(0, Math.min(this.frames - 1, frame));
    this.video.pause();
    this.video.currentTime = (wanted + 0.5) / this.fps;
  }

  step(frames) {
    this.goTo(this.frame + frames);
  }

  loop(isOn) {
    this.video.loop = isOn;
    this.mark("loop", isOn);
  }

  mute(isOn) {
    this.video.muted = isOn;
    this.mark("mute", isOn);
  }

  mark(name, isOn) {
    this.root.querySelector(`[data-do="${name}"]`)?.setAttribute("aria-pressed", isOn);
  }

  full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.();
  }

  // The bar follows every drawn frame, not the four times a second that the browser reports.
  follow() {
    if (this.video.paused || !this.root.isConnected) return;
    this.show();
    requestAnimationFrame(() => this.follow());
  }

  show() {
    this.root.classList.toggle("playing", !this.video.paused);
    this.scrub.value = this.frame;
    const seconds = this.frame / this.fps;
    const text = `${seconds.toFixed(2)} ${this.clock.dataset.unit} · ${this.frame + 1}/${this.frames}`;
    this.clock.textContent = text;
    this.scrub.setAttribute("aria-valuetext", text);
  }
}

const KEYS = {
  k: (player) => player.play(),
  " ": (player) => player.play(),
  ",": (player) => player.step(-1),
  ".": (player) => player.step(1),
  j: (player) => player.step(-Math.round(player.fps)),
  l: (player) => player.step(Math.round(player.fps)),
  m: (player) => player.mute(!player.video.muted),
  f: (player) => player.full(),
};

document.addEventListener("keydown", (event) => {
  const act = KEYS[event.key.toLowerCase()];
  const isButton = event.key === " " && event.target.closest("button, summary, a, input");
  if (!act || isButton || whenTyping(event) || !current?.root.isConnected) return;
  event.preventDefault();
  act(current);
});

// Take over every player in `scope` that has not been yet.
export function startPlayers(scope = document) {
  for (const root of scope.querySelectorAll("[data-player]:not([data-started])")) {
    root.dataset.started = "";
    current = new Player(root);
  }
}

startPlayers();
document.addEventListener("htmx:afterSettle", () => startPlayers());
document.addEventListener("htmx:oobAfterSwap", () => startPlayers());

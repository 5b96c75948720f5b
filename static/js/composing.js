// Input methods: while one composes in the form, nothing is sent, pressed or drawn anew.

import { OF_INPUT_METHOD } from "./keys.js";

let field = null;

const form = () => document.getElementById("create");
const isOurs = (event) => Boolean(event.target.closest?.("#create"));

// A field that has left the page composes no more, even if it never said that it ended.
const isComposing = () => Boolean(field?.isConnected);

document.addEventListener("compositionstart", (event) => {
  if (!isOurs(event)) return;
  field = event.target;
  // What is on its way would draw the page anew under the person's fingers.
  window.htmx.trigger("#sync", "htmx:abort");
});
document.addEventListener("compositionend", () => (field = null));

// A timer that ran out, a choice made meanwhile: all of it goes along once the words are there.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.id === "sync" && isComposing()) event.preventDefault();
});
window.addEventListener("pagehide", () => {
  const { action } = document.getElementById("sync").dataset;
  if (isComposing()) navigator.sendBeacon(action, new FormData(form()));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !isOurs(event)) return;
  if (event.isComposing || event.keyCode === OF_INPUT_METHOD) {
    // Some browsers end the composition first and would then send the form with the same key.
    if (event.target.matches("input")) event.preventDefault();
  } else if (event.target.id === "prompt" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    document.getElementById("go").click();
  }
});
document.addEventListener(
  "submit",
  (event) => {
    if (event.target !== form() || !isComposing()) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

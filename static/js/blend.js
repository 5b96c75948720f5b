// Start and end on the stage as one picture: a slider lays the end over the start.

function blend(root, range) {
  const end = root.querySelector("figure:last-child");
  const show = () => (end.style.opacity = range.value / 100);
  root.classList.add("is-blending");
  range.closest("label").hidden = false;
  range.addEventListener("input", show);
  show();
}

export function startBlend() {
  const root = document.querySelector(".blend[data-blend]:not(.is-blending)");
  const range = document.querySelector("[data-blend-range]");
  if (root && range) blend(root, range);
}

// A wall's shapes, for browsers whose CSS cannot read them from the attribute.

const readsAttributes = CSS.supports("flex-grow", "attr(data-ratio type(<number>))");

function shape() {
  for (const one of document.querySelectorAll(".wall > [data-ratio]")) {
    one.style.setProperty("--ratio", one.dataset.ratio);
  }
}

if (!readsAttributes) {
  shape();
  document.addEventListener("htmx:afterSettle", shape);
}

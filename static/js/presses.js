// A press of a button, an order above all, carries the whole form along. A draft that goes out
// meanwhile would know less and take its place: it waits until the answer is there.

// Whether this request is such a press; one that only asks for something brings nothing along.
export function isPress({ detail: { elt, requestConfig } }) {
  return (elt.form ?? elt).id === "create" && requestConfig.verb !== "get";
}

const underWay = new Set();
let isLate = false;

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isPress(event)) underWay.add(event.detail.xhr);
});
document.addEventListener("htmx:confirm", (event) => {
  if (event.detail.elt.id !== "sync" || !underWay.size) return;
  event.preventDefault();
  isLate = true;
});
document.addEventListener("htmx:afterRequest", (event) => {
  underWay.delete(event.detail.xhr);
  if (!isLate || underWay.size) return;
  isLate = false;
  window.htmx.trigger("#sync", "sync");
});

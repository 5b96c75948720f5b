// What browsers say of a key that an input method has taken, some of them only that.
export const OF_INPUT_METHOD = 229;

// True while a key belongs to what the person types, composes or commands elsewhere.
export function whenTyping(event) {
  if (event.isComposing || event.keyCode === OF_INPUT_METHOD) return true;
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  const field = event.target.closest?.("input, textarea, select, [contenteditable]");
  return Boolean(field) && !["radio", "checkbox", "range"].includes(field.type);
}

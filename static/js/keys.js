// True while a key belongs to what the person types, composes or commands elsewhere.
export function whenTyping(event) {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return true;
  const field = event.target.closest?.("input, textarea, select, [contenteditable]");
  return Boolean(field) && !["radio", "checkbox", "range"].includes(field.type);
}

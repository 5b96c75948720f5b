// Two small comforts: the browser's own time zone, and links that copy with one click.

const zone = document.querySelector("[data-in-browser-zone] [name=time_zone]");
if (zone) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const option = [...zone.options].find(({ value }) => value === here);
  if (option) option.selected = true;
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const source = button.parentElement.querySelector("[data-copy-from]");
  source.addEventListener("focus", () => source.select());
  // Only pages from a safe origin may write to the clipboard.
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.value);
    button.textContent = button.dataset.copied;
  });
}

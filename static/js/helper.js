// The prompt helper: words at a press, Enter that never orders, and the gap that comes next.

const GAP = /\[[^\]\n]+\]|\{[^{}\n]{1,40}\}/;

const prompt = () => document.getElementById("prompt");

// ── Words to choose from: pressed once they are written, pressed again they are gone ──────────

const fieldOf = (chip) => chip.closest(".helper-field").querySelector("input");

function phrases(field) {
  return field.value.split(field.dataset.joint.trim()).map((phrase) => phrase.trim());
}

function toggle(chip) {
  const field = fieldOf(chip);
  const { words } = chip.dataset;
  const said = phrases(field).filter(Boolean);
  const rest = said.filter((phrase) => phrase !== words);
  const now = rest.length < said.length ? rest : [...said, words];
  field.value = now.join(field.dataset.joint);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function showPressed() {
  for (const chip of document.querySelectorAll(".helper-field [data-words]")) {
    chip.ariaPressed = String(phrases(fieldOf(chip)).includes(chip.dataset.words));
  }
  // The chips say the same; the list is for pages without a script.
  document.querySelectorAll(".helper-field [list]").forEach((field) => {
    field.removeAttribute("list");
  });
}

// ── After a press that wrote a prompt: into it, where something is still to be said ───────────

function goToGap(event) {
  if (!event.detail.elt.matches?.("[data-says]")) return;
  const field = prompt();
  const gap = GAP.exec(field.value);
  const start = gap ? gap.index : field.value.length;
  field.focus();
  field.setSelectionRange(start, start + (gap ? gap[0].length : 0));
}

// There is nothing to write yet: to where it would be said.
function holdEmpty(event) {
  const empty = firstEmpty(event.target.closest?.('[name="write"]'));
  if (!empty) return;
  event.preventDefault();
  event.stopPropagation();
  empty.focus();
}

function firstEmpty(button) {
  const fields = [...(button?.closest(".helper-fields").querySelectorAll("input[id]") ?? [])];
  return fields.every((field) => !field.value.trim()) && fields[0];
}

// Enter does what the field is for; the form around it would be ordered.
function pressDefault(event) {
  const part = event.target.closest?.(".prompt-tools [data-enter], .prompt-tools [type=search]");
  if (event.key !== "Enter" || !part || !event.target.matches("input")) return;
  event.preventDefault();
  if (!event.isComposing) part.querySelector("[data-default]")?.click();
}

document.addEventListener("click", (event) => {
  const chip = event.target.closest?.("[data-words]");
  if (chip) toggle(chip);
});
document.addEventListener("click", holdEmpty, true);
document.addEventListener("keydown", pressDefault);
document.addEventListener("input", showPressed);
document.addEventListener("htmx:afterSettle", showPressed);
document.addEventListener("htmx:afterRequest", goToGap);
showPressed();

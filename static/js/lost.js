// A login that ended while the form was being filled in: what was typed goes along.
//
// It is kept for this tab and this person only, from the answer that says so until the form is
// there again, and then handed to the server as the draft. Nothing is ever ordered by itself.

const KEPT = "studio:typed";
const UNHEARD = [401, 403];

const form = () => document.getElementById("create");

function keep() {
  const entries = [...new FormData(form())].filter(([, value]) => typeof value === "string");
  const kept = { person: form().dataset.person, entries };
  sessionStorage.setItem(KEPT, JSON.stringify(kept));
}

function take() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  sessionStorage.removeItem(KEPT);
  return kept?.person === form()?.dataset.person ? kept.entries : null;
}

async function restore(entries) {
  const body = new FormData();
  for (const [name, value] of entries) body.append(name, value);
  body.set("csrfmiddlewaretoken", form().querySelector('[name="csrfmiddlewaretoken"]').value);
  const answer = await fetch(document.getElementById("sync").dataset.action, { method: "POST", body });
  if (answer.ok) window.location.replace(window.location.pathname);
}

export function startLost() {
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, elt } = event.detail;
    if (!UNHEARD.includes(xhr.status) || !elt.closest?.("#create")) return;
    keep();
    // Logged in anew in another tab: this page is older than that, a new one is not.
    if (xhr.status === 403) window.location.reload();
  });
  const entries = take();
  if (entries) restore(entries);
}

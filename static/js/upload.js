// The one uploader: pick, drop, paste, several at once, each with its progress and its error.
//
//   <form data-uploader data-anywhere action="/assets/">     or any element with data-url
//     <input type="file" multiple>
//     <ul data-uploads></ul>                                 one line for each file, if present
//     <template data-upload-row>…</template>
//
// `data-anywhere` takes what is dropped or pasted anywhere on the page, `data-single` one file
// at a time, `data-brief` drops the line of a file that is in and needs no remark; `data-project`
// or a field `project` says where to.
//
// Whatever arrives is told by the event `studio:uploaded` on the root, with the server's JSON as
// its detail; what is refused by `studio:refused` with {name, code, message}.

const AT_ONCE = 2;

// Send one file. The promise brings the asset's JSON; it is rejected with {code, message} as the
// server wrote it, or with the code "lost", "ended" or "cancelled" and no message.
export function send(file, { url, csrf, project, fields = {}, onProgress, signal }) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ project, ...fields })) {
    if (value) form.append(name, value);
  }
  form.append("file", file, file.name);
  return post(form, { url, csrf, onProgress, signal });
}

function post(form, { url, csrf, onProgress, signal }) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject({ code: "cancelled" });
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrf);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress?.(event.loaded / event.total);
    });
    request.addEventListener("load", () => settle(request, resolve, reject));
    request.addEventListener("error", () => reject({ code: "lost" }));
    request.addEventListener("abort", () => reject({ code: "cancelled" }));
    signal?.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

function settle(request, resolve, reject) {
  const answer = readJson(request.responseText);
  if (request.status === 200 && answer?.uid) resolve(answer);
  else reject(answer?.code ? answer : { code: "ended" });
}

function readJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a login page, or a gateway's own words
  }
}

// The pictures in a drop or a paste.
export function filesOf(transfer) {
  return [...(transfer?.files ?? [])];
}

// Turn `root` into an uploader. Returns a function that takes files by hand.
export function enhance(root) {
  const queue = makeQueue(AT_ONCE);
  const take = (files) => {
    const wanted = root.hasAttribute("data-single") ? files.slice(0, 1) : files;
    for (const file of wanted) start(root, file, queue);
  };
  listenToPicker(root, take);
  listenToDrop(root, take);
  listenToPaste(root, take);
  if (root.matches("form")) listenToSubmit(root);
  root.dataset.enhanced = "";
  return take;
}

function listenToPicker(root, take) {
  const input = root.querySelector('input[type="file"]');
  input?.addEventListener("change", () => {
    take([...input.files]);
    input.value = "";
  });
}

// Files go by themselves; Enter in one of the fields beside them asks for some.
function listenToSubmit(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.querySelector('input[type="file"]')?.click();
  });
}

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");

function listenToDrop(root, take) {
  const area = root.hasAttribute("data-anywhere") ? document : root;
  const mark = (isOver) => root.toggleAttribute("data-over", isOver);
  area.addEventListener("dragover", (event) => {
    if (!carriesFiles(event) || !root.isConnected) return;
    event.preventDefault();
    mark(true);
  });
  area.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget || !area.contains(event.relatedTarget)) mark(false);
  });
  area.addEventListener("drop", (event) => {
    mark(false);
    if (!carriesFiles(event) || !root.isConnected || event.defaultPrevented) return;
    event.preventDefault();
    take(filesOf(event.dataTransfer));
  });
}

function listenToPaste(root, take) {
  const area = root.hasAttribute("data-anywhere") ? document : root;
  area.addEventListener("paste", (event) => {
    const files = filesOf(event.clipboardData);
    if (!files.length || !root.isConnected || event.defaultPrevented) return;
    event.preventDefault();
    take(files);
  });
}

// At most `width` jobs under way; the others wait their turn. Promises what the job promises.
export function makeQueue(width) {
  const waiting = [];
  let underWay = 0;
  const next = () => {
    if (underWay >= width || !waiting.length) return;
    underWay += 1;
    waiting.shift()().finally(() => {
      underWay -= 1;
      next();
    });
  };
  return (job) =>
    new Promise((resolve, reject) => {
      waiting.push(() => job().then(resolve, reject));
      next();
    });
}

function start(root, file, queue) {
  const row = addRow(root, file);
  const most = Number(root.dataset.mostBytes) || Infinity;
  if (file.size > most) {
    return refuse(root, row, file, { code: "too-large", message: root.dataset.tooLarge });
  }
  const run = () => {
    const controller = new AbortController();
    row.begin(() => controller.abort());
    queue(() =>
      send(file, { ...context(root), signal: controller.signal, onProgress: row.progress }).then(
        (asset) => accept(root, row, asset),
        (error) => refuse(root, row, file, error, run),
      ),
    );
  };
  run();
}

// Where to, in whose name, and what the form says about the picture.
function context(root) {
  const scope = root.closest("form") ?? document;
  const read = (name, place = scope) => place.querySelector(`[name="${name}"]`)?.value;
  return {
    url: root.dataset.url ?? root.getAttribute("action"),
    csrf: read("csrfmiddlewaretoken") ?? read("csrfmiddlewaretoken", document),
    project: root.dataset.project ?? read("project"),
    fields: { kind: read("kind"), rights: read("rights"), rights_note: read("rights_note") },
  };
}

function accept(root, row, asset) {
  if (root.hasAttribute("data-brief") && !asset.message && !asset.note) row.remove();
  else row.finish(asset);
  root.dispatchEvent(new CustomEvent("studio:uploaded", { bubbles: true, detail: asset }));
}

function refuse(root, row, file, error, again) {
  if (error.code === "cancelled") return row.remove();
  const message = error.message ?? root.dataset[error.code] ?? error.code;
  row.fail(message, error.code === "lost" || error.code === "ended" ? again : null);
  const detail = { name: file.name, code: error.code, message };
  root.dispatchEvent(new CustomEvent("studio:refused", { bubbles: true, detail }));
}

const NO_ROW = { begin() {}, progress() {}, finish() {}, fail() {}, remove() {} };

// A line in the list of uploads, as five functions; without a list they do nothing.
function addRow(root, file) {
  const list = root.querySelector("[data-uploads]");
  const template = root.querySelector("[data-upload-row]");
  if (!list || !template) return NO_ROW;
  const line = template.content.firstElementChild.cloneNode(true);
  const part = (name) => line.querySelector(`[data-${name}]`);
  part("name").textContent = file.name;
  list.append(line);
  return rowOf(line, part);
}

function rowOf(line, part) {
  const show = (name, isShown) => part(name)?.toggleAttribute("hidden", !isShown);
  return {
    begin(cancel) {
      line.classList.remove("failed");
      part("said").textContent = "";
      part("progress").value = 0;
      show("progress", true);
      show("again", false);
      part("cancel").onclick = cancel;
    },
    // The last part of the way is the server's work, which cannot be seen from here.
    progress: (share) => (part("progress").value = Math.round(share * 95)),
    finish(asset) {
      part("name").textContent = asset.name;
      part("said").textContent = [asset.message, asset.note].filter(Boolean).join(" ");
      part("thumb").src = asset.thumb;
      show("thumb", true);
      show("progress", false);
      dismissible(line, part);
    },
    fail(message, again) {
      line.classList.add("failed");
      part("said").textContent = message;
      show("progress", false);
      show("again", Boolean(again));
      part("again").onclick = again;
      dismissible(line, part);
    },
    remove: () => line.remove(),
  };
}

// Once over, "Cancel" has nothing to stop: it takes the line away.
function dismissible(line, part) {
  part("cancel").textContent = part("cancel").dataset.over;
  part("cancel").onclick = () => line.remove();
}

for (const root of document.querySelectorAll("[data-uploader]")) enhance(root);

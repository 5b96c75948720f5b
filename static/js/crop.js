// The crop: a box over each picture, moved by hand, by keys, or by its sliders, which hold it.

const dialog = document.getElementById("cropper");
const NEAR = 22; // from a corner, in pixels of the screen: the breadth of a thumb
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const SIZES = { "+": 1, "=": 1, "-": -1 };

const between = (low, value, high) => Math.min(Math.max(low, value), high);

// ── One picture and its box ───────────────────────────────────────────────────────────────────

class Cropping {
  constructor(figure) {
    const facts = figure.dataset;
    this.width = Number(facts.width);
    this.height = Number(facts.height);
    this.ratio = Number(facts.ratio);
    this.smallest = Number(facts.smallest);
    this.largest = Number(facts.largest);
    const part = (selector) => figure.querySelector(selector);
    this.sliders = { left: part("[data-left]"), top: part("[data-top]"), wide: part("[data-wide]") };
    this.size = part("[data-size]");
    this.area = part("[data-area]");
    this.shapes = Object.fromEntries(
      ["veil", "thirds", "box", "corners"].map((name) => [name, part(`.${name}`)]),
    );
    for (const slider of Object.values(this.sliders)) {
      slider.addEventListener("input", () => this.put(this.box));
    }
    this.area.tabIndex = 0;
    this.area.addEventListener("keydown", (event) => this.press(event));
    this.area.addEventListener("pointerdown", (event) => this.grasp(event));
    this.put(this.box);
  }

  get box() {
    const { left, top, wide } = this.sliders;
    return { left: Number(left.value), top: Number(top.value), wide: Number(wide.value) };
  }

  high(wide) {
    return Math.min(Math.round(wide / this.ratio), this.height);
  }

  // The sliders keep the box; whatever is wished, it stays within the picture.
  put({ left, top, wide }) {
    const width = between(this.smallest, Math.round(wide), this.largest);
    const room = { left: this.width - width, top: this.height - this.high(width) };
    this.sliders.wide.value = width;
    for (const [edge, value] of Object.entries({ left, top })) {
      const slider = this.sliders[edge];
      slider.max = room[edge];
      slider.parentElement.classList.toggle("still", !room[edge]);
      slider.value = between(0, Math.round(value), room[edge]);
    }
    this.draw();
  }

  draw() {
    const { left, top, wide } = this.box;
    const high = this.high(wide);
    const [veil, thirds, box, corners] = Object.values(this.shapes);
    const whole = `M0 0H${this.width}V${this.height}H0Z`;
    veil.setAttribute("d", `${whole}M${left} ${top}h${wide}v${high}h-${wide}Z`);
    const lines = [1, 2].map(
      (n) => `M${left + (wide * n) / 3} ${top}v${high}M${left} ${top + (high * n) / 3}h${wide}`,
    );
    thirds.setAttribute("d", lines.join(""));
    const edges = { x: left, y: top, width: wide, height: high };
    for (const [name, value] of Object.entries(edges)) box.setAttribute(name, value);
    const points = this.corners().map(([x, y]) => `M${x} ${y}h0`);
    corners.setAttribute("d", points.join(""));
    this.size.textContent = `${wide} × ${high}`;
  }

  corners() {
    const { left, top, wide } = this.box;
    const [right, bottom] = [left + wide, top + this.high(wide)];
    return [
      [left, top],
      [right, top],
      [left, bottom],
      [right, bottom],
    ];
  }

  // ── By keys ──

  press(event) {
    const step = event.shiftKey ? 10 : 1;
    const { left, top, wide } = this.box;
    if (STEPS[event.key]) {
      const [x, y] = STEPS[event.key];
      this.put({ left: left + x * step, top: top + y * step, wide });
    } else if (SIZES[event.key]) {
      const more = SIZES[event.key] * 10;
      this.put({ left: left - more / 2, top: top - more / 2 / this.ratio, wide: wide + more });
    } else return;
    event.preventDefault();
  }

  // ── By hand ──

  grasp(event) {
    if (event.button) return;
    const from = this.point(event);
    const corner = this.cornerAt(event);
    const start = this.box;
    const isInside = corner || this.holds(from);
    if (!isInside) this.put(this.around(from, start.wide));
    const base = isInside ? start : this.box;
    this.area.setPointerCapture(event.pointerId);
    const move = (next) => {
      const at = this.point(next);
      if (corner) return this.stretch(corner, at);
      this.put({ ...base, left: base.left + at.x - from.x, top: base.top + at.y - from.y });
    };
    this.area.addEventListener("pointermove", move);
    const end = () => this.area.removeEventListener("pointermove", move);
    this.area.addEventListener("lostpointercapture", end, { once: true });
    this.area.focus({ preventScroll: true });
    event.preventDefault();
  }

  // In the picture's own pixels.
  point(event) {
    const area = this.area.getBoundingClientRect();
    const scale = this.width / area.width;
    return { x: (event.clientX - area.left) * scale, y: (event.clientY - area.top) * scale };
  }

  holds({ x, y }) {
    const { left, top, wide } = this.box;
    return x >= left && x <= left + wide && y >= top && y <= top + this.high(wide);
  }

  around({ x, y }, wide) {
    return { left: x - wide / 2, top: y - this.high(wide) / 2, wide };
  }

  // The corner under the finger, as the one opposite, which stays where it is.
  cornerAt(event) {
    const { x, y } = this.point(event);
    const near = (NEAR * this.width) / this.area.getBoundingClientRect().width;
    const found = this.corners().findIndex(
      ([cornerX, cornerY]) => Math.hypot(cornerX - x, cornerY - y) <= near,
    );
    if (found < 0) return null;
    const [fixedX, fixedY] = this.corners()[3 - found];
    return { x: fixedX, y: fixedY, toRight: found % 2 === 1, toBottom: found > 1 };
  }

  stretch(fixed, at) {
    const wished = Math.max(
      fixed.toRight ? at.x - fixed.x : fixed.x - at.x,
      (fixed.toBottom ? at.y - fixed.y : fixed.y - at.y) * this.ratio,
    );
    const room = Math.min(
      fixed.toRight ? this.width - fixed.x : fixed.x,
      (fixed.toBottom ? this.height - fixed.y : fixed.y) * this.ratio,
      this.largest,
    );
    const wide = Math.round(between(this.smallest, wished, room));
    const left = fixed.toRight ? fixed.x : fixed.x - wide;
    this.put({ left, top: fixed.toBottom ? fixed.y : fixed.y - this.high(wide), wide });
  }
}

// ── The dialog ────────────────────────────────────────────────────────────────────────────────

dialog.addEventListener("htmx:afterSwap", (event) => {
  if (event.target !== dialog) return;
  for (const figure of dialog.querySelectorAll("[data-crop]")) new Cropping(figure);
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[data-area]")?.focus();
});
dialog.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) dialog.close();
});
// Pictures take their time: the dialog waits for them.
dialog.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.matches("[data-mend]") && event.detail.successful) dialog.close();
});

// ── A shape that the pictures do not have opens the crop on all of them ───────────────────────

let isShapeNew = false;
document.addEventListener("change", (event) => {
  if (event.target.matches('#create [name="shape"]')) isShapeNew = true;
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!isShapeNew || event.target.id !== "sync" || !event.detail.successful) return;
  isShapeNew = false;
  const frames = document.getElementById("frames");
  const all = frames.querySelector("[data-crop-all]") ?? frames.querySelector("[data-crop-one]");
  if (all) window.htmx.ajax("GET", all.href, { target: "#cropper", swap: "innerHTML" });
});

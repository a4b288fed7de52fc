"use strict";
// Shared by both pages: elements, the line that describes the chosen part, sliders, and canvases with a cursor.

const data = JSON.parse(document.getElementById("data").textContent);
const find = (selector, root = document) => root.querySelector(selector);
const colour = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
const round = (value, digits = 2) => Number(value).toFixed(digits).replace("-", "−");

function make(tag, attributes = {}, ...children) {
  const drawn = ["svg", "g", "image", "rect", "line", "path", "circle", "polygon", "text"].includes(tag);
  const element = drawn ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined && value !== null) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Describes something at the foot of the page, and names its source file. */
function inform(what, where) {
  find("#info-what").textContent = what;
  find("#info-where").textContent = where ?? "";
}

const whereOf = element => element.closest("[data-where]")?.dataset.where;

for (const event of ["pointerover", "focusin", "click"]) {
  document.addEventListener(event, ({ target }) => {
    if (!(target instanceof Element)) return;
    const element = target.closest("[data-info]");
    const section = target.closest("[data-step]");
    if (!section) return;
    if (element) return inform(element.dataset.info, element.dataset.source ?? whereOf(element));
    // Figures with parts describe these themselves.
    if (target.closest("[role=application]")) return;
    const name = target.closest("[role=img]")?.getAttribute("aria-label") ?? (target.labels?.[0] ?? target.closest("label"))?.textContent.trim();
    inform(name ? `${section.dataset.step}: ${name}` : section.dataset.step, whereOf(section));
  });
}

/** Fills the list of steps at the top. */
function listSteps() {
  for (const section of document.querySelectorAll("main section")) {
    find("#steps").append(make("li", {}, make("a", { href: "#" + section.id }, section.dataset.step.split(":")[0])));
  }
}

/** Calls `change` with the slider's number, now and whenever it moves. */
function slider(input, change) {
  const run = () => change(Number(input.value));
  input.addEventListener("input", run);
  return { set(value) { input.value = value; run(); }, run };
}

/** Moves a slider to its end while the button is pressed. */
function player(button, input, pause = 900) {
  let timer = null;
  const stop = () => { clearInterval(timer); timer = null; button.setAttribute("aria-pressed", "false"); button.textContent = "Play"; };
  const set = value => { input.value = value; input.dispatchEvent(new Event("input")); };
  button.addEventListener("click", () => {
    if (timer !== null) return stop();
    if (Number(input.value) >= Number(input.max)) set(0);
    button.setAttribute("aria-pressed", "true");
    button.textContent = "Pause";
    timer = setInterval(() => { if (Number(input.value) >= Number(input.max)) stop(); else set(Number(input.value) + 1); }, pause);
  });
  return stop;
}

/** Calls `change` with the value of the chosen radio button of a fieldset, whenever it changes; returns a function that does so now. */
function choice(fieldset, change) {
  const run = () => change(find("input:checked", fieldset)?.value);
  fieldset.addEventListener("change", run);
  return run;
}

/** Radio buttons for these labels, the first one chosen. */
function offer(fieldset, name, labels) {
  labels.forEach((label, i) => {
    const button = make("input", { type: "radio", name, value: i });
    button.checked = i === 0;
    fieldset.append(make("label", {}, button, " " + label));
  });
}

/** Makes an element as wide as there is room, but not higher than the screen. */
function fitScreen(element, aspect) {
  element.style.aspectRatio = String(aspect);
  element.style.maxWidth = `calc(75vh * ${aspect})`;
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * A canvas over a grid of places. It fills the available width, is drawn again when the width or the colours change, and
 * describes the place that a mouse, a finger or the arrow keys choose.
 */
class Grid {
  constructor(canvas) {
    this.canvas = canvas;
    this.cursor = null;
    this.content = null;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.addEventListener("pointermove", event => this.point(event));
    canvas.addEventListener("pointerdown", event => this.point(event));
    canvas.addEventListener("keydown", event => this.key(event));
    canvas.addEventListener("focus", () => { if (canvas.matches(":focus-visible")) this.go(this.cursor ?? this.content?.start ?? [0, 0]); });
    new ResizeObserver(() => this.draw()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  /** `content`: size (columns, rows), draw(context, unit), say(column, row), and optionally start (column, row), where (source file) and moved(column, row). */
  show(content) {
    this.content = content;
    this.cursor = null;
    this.draw();
  }

  draw() {
    const { canvas, content } = this;
    if (!content) return;
    const [columns, rows] = content.size;
    fitScreen(canvas, columns / rows);
    if (!canvas.clientWidth) return;
    const width = Math.round(canvas.clientWidth * devicePixelRatio), height = Math.max(1, Math.round(width * rows / columns));
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext("2d"), unit = width / columns;
    context.clearRect(0, 0, width, height);
    content.draw(context, unit);
    if (this.cursor) {
      const size = Math.max(unit, 6), [x, y] = this.cursor.map(i => (i + .5) * unit - size / 2);
      context.lineWidth = Math.max(2, devicePixelRatio * 1.5);
      context.strokeStyle = colour("arrow");
      context.strokeRect(x, y, size, size);
    }
  }

  point(event) {
    if (!this.content) return;
    const bounds = this.canvas.getBoundingClientRect(), [columns, rows] = this.content.size;
    this.go([Math.floor((event.clientX - bounds.left) / bounds.width * columns), Math.floor((event.clientY - bounds.top) / bounds.height * rows)]);
  }

  key(event) {
    const step = ARROWS[event.key];
    if (!step || !this.content) return;
    event.preventDefault();
    const [column, row] = this.cursor ?? this.content.start ?? [0, 0], far = event.shiftKey ? 10 : 1;
    this.go([column + far * step[0], row + far * step[1]]);
  }

  go([column, row]) {
    if (!this.content) return;
    const [columns, rows] = this.content.size;
    this.cursor = [Math.min(Math.max(column, 0), columns - 1), Math.min(Math.max(row, 0), rows - 1)];
    inform(this.content.say(...this.cursor), this.content.where ?? whereOf(this.canvas));
    this.draw();
    this.content.moved?.(...this.cursor);
  }
}

/** Lets the arrow keys go through `count()` parts; calls `visit` with the number of each. */
function walk(element, count, visit) {
  let current = -1;
  element.addEventListener("keydown", event => {
    const step = ARROWS[event.key];
    if (!step || !count()) return;
    event.preventDefault();
    current = current < 0 ? 0 : (current + step[0] + step[1] + count()) % count();
    visit(current);
  });
}

/** Hides figures and shows the reason. */
function missing(element, figures, text) {
  element.hidden = !text;
  element.textContent = text ?? "";
  for (const figure of figures) figure.toggleAttribute("hidden", Boolean(text));
}

/** The image of a data URI, when it is decoded. */
const images = new Map();
function picture(uri) {
  if (!images.has(uri)) {
    const image = new Image();
    image.src = uri;
    images.set(uri, image.decode().then(() => image));
  }
  return images.get(uri);
}

/** The numbers in a grey PNG. */
async function numbers(uri) {
  const image = await picture(uri);
  const canvas = make("canvas", { width: image.naturalWidth, height: image.naturalHeight });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
  return { width: canvas.width, height: canvas.height, values: Uint8Array.from({ length: pixels.length / 4 }, (_, i) => pixels[4 * i]) };
}

const bytes = base64 => Uint8Array.from(atob(base64), character => character.charCodeAt(0));

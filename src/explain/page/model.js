// The page of the models.

const { cascade, filters } = data;
const { margin, face } = cascade, side = face + 2 * margin;

/** Hides figures and says why. */
function missing(element, figures, text) {
  element.hidden = !text;
  element.textContent = text ?? "";
  for (const figure of figures) figure.toggleAttribute("hidden", Boolean(text));
}

// --- Filters -------------------------------------------------------------------------------------------------------

/** Each unsigned direction's weights: of the direction, its opposite, and both together. */
const total = cell => unsigned(cell).map((weight, k) => weight + cell[18 + k]);
const grids = { positive: new Grid(find("#positive")), negative: new Grid(find("#negative")) };

function showFilter(component) {
  const filter = filters[component], weights = filter.weights.map(total);
  const most = Math.max(...weights.flat().map(Math.abs));
  for (const [name, sign] of [["positive", 1], ["negative", -1]]) {
    grids[name].show({
      size: [data.cells, data.cells], start: [data.cells >> 1, data.cells >> 1],
      draw: (context, unit) => {
        drawGlyphs(context, unit, [data.cells, data.cells], i => weights[i].map(v => Math.max(sign * v, 0)), .8 * most, colour(name));
        const edge = (data.cells - data.face) / 2 * unit;
        context.strokeStyle = colour("box");
        context.lineWidth = Math.max(1, devicePixelRatio);
        context.strokeRect(edge, edge, data.face * unit, data.face * unit);
      },
      say: (x, y) => {
        const i = y * data.cells + x;
        return `filter “${filter.name}”, cell ${x}, ${y}: weights for 0°, 20°, … 160°: ${weights[i].map(v => round(v)).join(", ")}; for the block energies ${filter.weights[i].slice(27).map(v => round(v)).join(", ")}; row of cells number ${filter.order.indexOf(y) + 1} of ${data.cells} to be added up`;
      },
    });
  }
  find("#filter-text").textContent = `Faces of this pose are tilted by ${round(filter.degrees, 0)}° in the mean. The score of a window without any edge is ${round(filter.bias)}. The frame is the box of a face in the window. ` +
    `Rows of cells are added up from the most telling one on: ${filter.order.map(row => row + 1).join(", ")}.`;
}
offer(find("#components"), "component", filters.map(filter => filter.name));
choice(find("#components"), value => showFilter(Number(value)));

/** How many splits ask for each cell of the window. */
function showAsked(id, asked, where) {
  const [least, most] = [Math.min(...asked), Math.max(...asked, 1)];
  new Grid(find(id)).show({
    size: [data.cells, data.cells], start: [data.cells >> 1, data.cells >> 1], where,
    draw: (context, unit) => asked.forEach((count, i) => {
      const share = (count - least) / Math.max(most - least, 1);
      context.fillStyle = `rgb(${[10 + 245 * share, 16 + 160 * share, 40 + 50 * share].map(Math.round)})`;
      context.fillRect(Math.floor(i % data.cells * unit), Math.floor((i / data.cells | 0) * unit), Math.ceil(unit), Math.ceil(unit));
    }),
    say: (x, y) => `cell ${x}, ${y}: ${asked[y * data.cells + x]} splits ask for one of its features`,
  });
}
showAsked("#asked-sieve", data.sieve, "src/detector/sieve.rs");
showAsked("#asked-forest", data.forest, "src/detector/forest.rs");

// --- Feature points and patches ----------------------------------------------------------------------------------------

/** A step of a stage, for the slider: the number of the stage, and that of the step in a linear one. */
const steps = cascade.stages.flatMap((part, stage) => part.kind === "trees" ? [{ stage }] : part.steps.map((step, number) => ({ stage, step, number })));

class Drawing {
  constructor(id) {
    this.svg = find(id);
    this.svg.setAttribute("viewBox", `-0.5 -0.5 ${side} ${side}`);
    this.layer = new ShapeLayer(side / 220);
    this.above = make("g");
    this.svg.append(make("rect", { x: margin - .5, y: margin - .5, width: face, height: face, class: "box thin", "data-tell": "the face's box in the crop", "data-source": "src/landmarks/crop.rs" }), this.above, this.layer.element);
    this.layer.show(cascade.mean, i => `${pointName(i)} of the mean shape at ${cascade.mean[i].map(v => round(v, 1)).join(", ")}`);
    walk(this.svg, () => cascade.mean.length, i => this.layer.visit(i));
    pointAt(this.svg, () => this.layer);
  }
}

const stageDrawing = new Drawing("#stage-picture");
stageDrawing.layer.element.classList.add("faint");
find("#crop-text").textContent = `${side}×${side} pixels, a face ${face} of them`;

function showStage(i) {
  const { stage, step, number } = steps[i], part = cascade.stages[stage];
  const text = part.kind === "trees" ? `stage ${stage + 1}: ${part.trees} trees of depth ${part.depth} on ${part.points.length} points`
    : `stage ${stage + 1}, map ${number + 1} of ${part.steps.length}: patches within ${round(step.radius, 1)} pixels, ` + (step.basis ? `${step.basis.components} shape components` : `${step.neighbours} of them for each landmark`);
  find("#stage-text").textContent = text;
  find("#stage").setAttribute("aria-valuetext", text);
  find("#features").dataset.where = part.kind === "trees" ? "src/landmarks/trees.rs" : "src/landmarks/patches.rs";
  stageDrawing.above.replaceChildren(...(part.kind === "trees" ? pointsOf(part, data.uses[stage]) : squaresOf(step)));
}

function pointsOf(part, uses) {
  const total = uses.reduce((sum, v) => sum + v, 0), most = Math.max(...uses, 1);
  return part.points.flatMap(([landmark, dx, dy], i) => {
    const [x, y] = cascade.mean[landmark], share = uses[i] / Math.max(total, 1);
    const what = { "data-tell": `feature point ${i + 1} of ${pointName(landmark)}: ${round(100 * share, 1)} % of the comparisons ask for it` };
    return [make("line", { class: "tie", x1: x, y1: y, x2: x + dx, y2: y + dy }),
      make("circle", { class: "feature", cx: x + dx, cy: y + dy, r: side * (.003 + .022 * Math.sqrt(uses[i] / most)), ...what })];
  });
}

const squaresOf = step => step.patches.map(landmark => {
  const [x, y] = cascade.mean[landmark], r = step.radius;
  return make("rect", { class: "patch", x: x - r, y: y - r, width: 2 * r, height: 2 * r, "data-tell": `the patch of 4×4 cells of gradient histograms around ${pointName(landmark)}` });
});

missing(find("#uses-missing"), find("#features").querySelectorAll(".controls, .chart"), steps.length ? null : "The landmark model has no stages: it puts the mean shape into the box.");
find("#uses-chart").innerHTML = data.chart;
if (steps.length) {
  find("#stage").max = steps.length - 1;
  player(find("#play-stages"), find("#stage"), 1400);
  slider(find("#stage"), showStage).run();
}

// --- Shape components ------------------------------------------------------------------------------------------------

const source = cascade.stages.flatMap((part, stage) => part.kind === "trees" ? [{ stage, basis: part.basis }] : part.steps.filter(step => step.basis).map(step => ({ stage, basis: step.basis })))[0];
const rows = source ? basisRows(source.basis) : [];
const shapeDrawing = new Drawing("#shape-picture");

/** The mean shape moved along a component, by a share of the amount at which a landmark moves by a tenth of the face. */
function changed(component, share) {
  const row = rows[component], longest = Math.max(...cascade.mean.map((_, i) => Math.hypot(row[2 * i], row[2 * i + 1])), 1e-9);
  return cascade.mean.map(([x, y], i) => [x + share * .1 * face / longest * row[2 * i], y + share * .1 * face / longest * row[2 * i + 1]]);
}

function showComponent() {
  if (!rows.length) return;
  const component = Number(find("#component").value), share = Number(find("#amount").value) / 100;
  find("#component-text").textContent = `${component + 1} of ${rows.length}`;
  find("#amount-text").textContent = `${round(100 * share, 0)} %`;
  const now = changed(component, share), moved = i => Math.hypot(now[i][0] - cascade.mean[i][0], now[i][1] - cascade.mean[i][1]);
  shapeDrawing.layer.show(now, i => `${pointName(i)}, moved by ${round(moved(i), 1)} crop pixels along component ${component + 1}`);
  shapeDrawing.above.replaceChildren(...now.map((p, i) => make("path", { class: "arrow faint", fill: "none", d: `M${cascade.mean[i]}L${p}` })));
}

/** Swings the amount to and fro while the button is pressed. */
function swing(button, input) {
  let frame = null;
  const stop = () => { cancelAnimationFrame(frame); frame = null; button.setAttribute("aria-pressed", "false"); button.textContent = "Play"; };
  button.addEventListener("click", () => {
    if (frame !== null) return stop();
    button.setAttribute("aria-pressed", "true");
    button.textContent = "Pause";
    const begin = performance.now();
    const move = now => { input.value = Math.round(100 * Math.sin((now - begin) / 500)); showComponent(); frame = requestAnimationFrame(move); };
    frame = requestAnimationFrame(move);
  });
  input.addEventListener("input", () => { if (frame !== null) stop(); showComponent(); });
}

if (rows.length) {
  find("#basis-text").textContent = `The model keeps no shape model of its training set; these are the directions in which stage ${source.stage + 1}, the first one that moves the whole shape, can move it: ` +
    "the principal components of what was left to do there. They are drawn as large as a tenth of the face.";
  find("#component").max = rows.length - 1;
  slider(find("#component"), showComponent);
  swing(find("#animate"), find("#amount"));
  showComponent();
}
missing(find("#basis-missing"), find("#components-of-shape").querySelectorAll(".controls"), rows.length ? null : "No stage of this model moves the whole shape at once, so there are no shape components in it; this is the mean shape.");

listSteps();
showFilter(0);

// Feature points and patches of the cascade.

/** A step of a stage, for the slider: the number of the stage, and that of the step in a linear one. */
const steps = cascade.stages.flatMap((part, stage) => part.kind === "trees" ? [{ stage }] : part.steps.map((step, number) => ({ stage, step, number })));

class Drawing {
  constructor(id) {
    this.svg = find(id);
    this.svg.setAttribute("viewBox", `-0.5 -0.5 ${side} ${side}`);
    this.layer = new ShapeLayer(side / 220);
    this.above = make("g");
    this.svg.append(make("rect", { x: margin - .5, y: margin - .5, width: face, height: face, class: "box thin", "data-info": "the face's box in the crop", "data-source": "src/landmarks/crop.rs" }), this.above, this.layer.element);
    this.layer.show(cascade.mean, i => `${pointName(i)} of the mean shape at ${cascade.mean[i].map(v => round(v, 1)).join(", ")}`);
    walk(this.svg, () => cascade.mean.length, i => this.layer.visit(i));
    pointAt(this.svg, () => this.layer);
  }
}

const stageDrawing = new Drawing("#stage-picture");
stageDrawing.layer.element.classList.add("faint");
find("#crop-text").textContent = `${side}×${side} pixels, and the face’s box is ${face} pixels wide`;

function showStage(i) {
  const { stage, step, number } = steps[i], part = cascade.stages[stage];
  const text = part.kind === "trees" ? `stage ${stage + 1} of ${cascade.stages.length}: tree stage, ${part.trees} trees of depth ${part.depth} on ${part.points.length} points`
    : `stage ${stage + 1} of ${cascade.stages.length}: linear stage, part ${number + 1} of ${part.steps.length}, patches within ${round(step.radius, 1)} pixels, ` + (step.basis ? `${step.basis.components} shape components` : `${step.neighbours} of them for each landmark`);
  find("#stage-text").textContent = text;
  find("#stage").setAttribute("aria-valuetext", text);
  find("#features").dataset.where = part.kind === "trees" ? "src/landmarks/tree_stage.rs" : "src/landmarks/patches.rs";
  stageDrawing.above.replaceChildren(...(part.kind === "trees" ? pointsOf(part, data.uses[stage]) : squaresOf(step)));
}

function pointsOf(part, uses) {
  const total = uses.reduce((sum, v) => sum + v, 0), most = Math.max(...uses, 1);
  return part.points.flatMap(([landmark, dx, dy], i) => {
    const [x, y] = cascade.mean[landmark], share = uses[i] / Math.max(total, 1);
    const what = { "data-info": `feature point ${i + 1} of ${pointName(landmark)}: ${round(100 * share, 1)} % of the comparisons use it` };
    return [make("line", { class: "tie", x1: x, y1: y, x2: x + dx, y2: y + dy }),
      make("circle", { class: "feature", cx: x + dx, cy: y + dy, r: side * (.003 + .022 * Math.sqrt(uses[i] / most)), ...what })];
  });
}

const squaresOf = step => step.patches.map(landmark => {
  const [x, y] = cascade.mean[landmark], r = step.radius;
  return make("rect", { class: "patch", x: x - r, y: y - r, width: 2 * r, height: 2 * r, "data-info": `the patch of 4×4 cells of gradient histograms around ${pointName(landmark)}` });
});

missing(find("#uses-missing"), find("#features").querySelectorAll(".controls, .chart"), steps.length ? null : "The landmark model has no stages: its result is the mean shape in the box.");
find("#uses-chart").innerHTML = data.chart;
if (steps.length) {
  find("#stage").max = steps.length - 1;
  player(find("#play-stages"), find("#stage"), 1400);
  slider(find("#stage"), showStage).run();
}

// The mean shape in the box, and the shape after each step.

/** The crop with a shape on it. */
class FacePicture {
  constructor(id) {
    this.svg = find(id);
    walk(this.svg, () => this.layer?.points?.length ?? 0, i => this.layer.visit(i));
    pointAt(this.svg, () => this.layer);
  }

  show(fit) {
    const { corner, scale, side } = fit, [x, y] = corner.map(v => v - .5 * scale), size = side * scale;
    this.svg.setAttribute("viewBox", `${x} ${y} ${size} ${size}`);
    this.size = size;
    this.layer = new ShapeLayer(size / 220);
    this.below = make("g");
    this.above = make("g");
    this.svg.replaceChildren(make("image", { href: fit.crop, x, y, width: size, height: size }), this.below, this.layer.element, this.above);
  }
}

const meanPicture = new FacePicture("#mean-picture"), stagePicture = new FacePicture("#stage-picture"), treePicture = new FacePicture("#tree-picture"), confidencePicture = new FacePicture("#confidence-picture");
const stopPlaying = player(find("#play"), find("#step"));

/** The name of a step. */
function stepName(fit, i) {
  if (i === 0) return "initialisation: the mean shape in the box";
  const { stage } = fit.steps[i - 1], part = cascade.stages[stage], name = `step ${i} of ${fit.steps.length}, stage ${stage + 1} of ${cascade.stages.length}`;
  if (part.kind === "trees") return `${name}: tree stage, ${part.trees} trees`;
  const number = fit.steps.slice(0, i).filter(step => step.stage === stage).length, step = part.steps[number - 1];
  const moves = step.basis ? `${step.patches.length} patches move ${step.basis.components} shape components` : `${step.neighbours} patches move each landmark`;
  return `${name}: linear stage, part ${number} of ${part.steps.length}, ${moves}`;
}

const stepShape = (fit, i) => i === 0 ? fit.start : fit.steps[i - 1].shape;

function showStep(i) {
  const fit = subject()?.fit;
  if (!fit) return;
  const before = stepShape(fit, Math.max(i - 1, 0)), now = stepShape(fit, i), name = stepName(fit, i);
  find("#step-text").textContent = name;
  find("#step").setAttribute("aria-valuetext", name);
  const moved = j => Math.hypot(now[j][0] - before[j][0], now[j][1] - before[j][1]);
  stagePicture.layer.show(now, j => `${pointName(j)} at ${now[j].map(v => round(v, 1)).join(", ")}` + (i ? `, moved by ${round(moved(j), 1)} pixels in this step` : ""));
  const part = i ? cascade.stages[fit.steps[i - 1].stage] : null;
  find("#stages").dataset.where = !part ? "src/landmarks/cascade.rs" : part.kind === "trees" ? "src/landmarks/tree_stage.rs" : "src/landmarks/linear_stage.rs";
  stagePicture.below.replaceChildren(...(part?.kind === "linear" ? patchesOf(fit, i, before) : []));
  stagePicture.above.replaceChildren(...(i ? now.map((p, j) => make("path", { class: "arrow faint", fill: "none", d: `M${before[j]}L${p}` })) : []));
  stagePicture.above.style.pointerEvents = "none";
}

/** The patches of a step of a linear stage. */
function patchesOf(fit, i, shape) {
  const { patches, radius, frame } = fit.steps[i - 1], [a, b] = frame.map(v => v * radius * fit.scale);
  const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([x, y]) => [a * x - b * y, b * x + a * y]);
  return patches.map(landmark => make("polygon", {
    class: "patch", points: corners.map(([x, y]) => `${shape[landmark][0] + x},${shape[landmark][1] + y}`).join(" "),
    "data-info": `the patch of gradient histograms around ${pointName(landmark)}`, "data-source": "src/landmarks/patches.rs",
  }));
}

slider(find("#step"), showStep);

function showFit() {
  stopPlaying();
  const fit = subject()?.fit;
  const why = fit ? null : "No landmarks were placed: no window had a score high enough.";
  for (const element of document.querySelectorAll("[data-missing-fit]")) missing(element, element.closest("section").querySelectorAll("svg.face, .controls, .chart"), why);
  find("#stage-chart").innerHTML = fit?.chart ?? "";
  find("#confidence-text").textContent = confidenceText(fit);
  if (!fit) return;
  for (const picture of [meanPicture, stagePicture, treePicture, confidencePicture]) picture.show(fit);
  meanPicture.layer.show(fit.start);
  meanPicture.below.append(boxOf(fit.bounds, "", "the box in which the run began"));
  find("#step").max = fit.steps.length;
  find("#step").value = 0;
  showStep(0);
  showConfidence(fit);
}

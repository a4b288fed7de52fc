// The page of a photograph.

const { detector, levels, subjects, cascade } = data;
const state = { subject: 0, level: 0, component: 0 };
const OUTCOMES = { face: "Face", rejected: "Not confirmed", nearest: "Nearest window" };
const subject = () => subjects[state.subject];
const sideText = ([, , width]) => `${round(width, 0)} pixels wide`;
const percent = value => `${round(100 * value, 1)} %`;

/** Hides what needs a part that the chosen subject does not have, and says why. */
function missing(element, figures, text) {
  element.hidden = !text;
  element.textContent = text ?? "";
  for (const figure of figures) figure.toggleAttribute("hidden", Boolean(text));
}

// --- The photograph ---------------------------------------------------------------------------------------------

function photograph(svg) {
  svg.setAttribute("viewBox", `-0.5 -0.5 ${data.width} ${data.height}`);
  fitScreen(svg, data.width / data.height);
  svg.replaceChildren(make("image", { href: data.picture, x: -.5, y: -.5, width: data.width, height: data.height }));
}

function describe(one) {
  const score = one.final_score ?? one.score;
  const scoreText = score === null ? "" : `, score ${round(score)}`;
  return `${OUTCOMES[one.outcome]}${scoreText}, ${sideText(one.bounds)}`;
}

function showResult() {
  const picture = find("#result-picture");
  photograph(picture);
  subjects.forEach((one, i) => {
    const box = boxOf(one.bounds, `${i === state.subject ? "chosen" : ""} ${one.outcome === "face" ? "" : "dashed"}`, describe(one));
    box.style.pointerEvents = "all";
    box.addEventListener("click", () => choose(i));
    picture.append(box);
    if (one.outcome === "face" && one.fit) {
      const layer = new ShapeLayer(one.bounds[2] / 160);
      layer.show(one.fit.steps.at(-1)?.shape ?? one.fit.start);
      picture.append(layer.element);
    }
  });
  find("#verdict").textContent = verdict(subject());
}

function verdict(one) {
  if (!one) return "The photograph is too small for the window at any level of the pyramid: nothing was looked at. A smaller --min-face looks for smaller faces.";
  const threshold = `the threshold of ${round(data.threshold)}`;
  const lift = one.fit?.confidence === null || one.fit?.confidence === undefined ? ""
    : ` The detector's score is ${round(one.score)}; the landmarks' confidence of ${percent(one.fit.confidence)} makes it ${round(one.final_score)}.`;
  if (one.outcome === "face") return `A face: its score of ${round(one.final_score)} is above ${threshold}.${lift}`;
  if (one.outcome === "rejected") return `No face in the program's eyes: the score of ${round(one.final_score)} is below ${threshold}.${lift}`;
  if (one.score !== null) return `No face was found. The best window, framed here, has a score of ${round(one.score)}; to be looked at more closely it would need ${round(data.kept_from)}, to be reported ${round(data.threshold)}.`;
  if (one.window) return `No face was found. The best window, framed here, passed the filters with ${round(one.window.linear)} and was given up by the boosted trees after ${one.window.trees} of ${detector.trees}.`;
  const [judge, steps] = one.given_up, of = judge === "sieve" ? `${detector.sieve} trees of the sieve` : `${detector.cells} rows of cells of the filters`;
  return `No face was found. No window passed sieve and filters; the best one, framed here, was given up after ${steps} of ${of}.`;
}

// --- The window: pixels, gradients, cells --------------------------------------------------------------------------

const windowGrey = new Grid(find("#window-grey")), windowGradients = new Grid(find("#window-gradients")), windowCells = new Grid(find("#window-cells"));
const cellsView = choice(find("#cells-view"), showCells);
for (const element of document.querySelectorAll(".cell-side")) element.textContent = detector.cell;

/** Why there are no pixels of a window to show. */
function noPixels() {
  if (!subject()?.window) return "No window of this photograph came so far that its pixels were kept.";
  return subject().window.pixels ? null : "The level in which this window stands is too large to keep its gradients.";
}

function showWindow() {
  const why = noPixels();
  missing(find("#gradients-missing"), [windowGrey.canvas.closest(".pair")], why);
  if (why) return;
  const { side, grey, lengths, directions } = subject().window.pixels, size = [side, side], start = [side >> 1, side >> 1];
  const squares = colourOf => (context, unit) => {
    for (let i = 0; i < side * side; i++) {
      context.fillStyle = colourOf(i);
      context.fillRect(Math.floor(i % side * unit), Math.floor((i / side | 0) * unit), Math.ceil(unit), Math.ceil(unit));
    }
  };
  windowGrey.show({ size, start, draw: squares(i => `rgb(${grey[i]},${grey[i]},${grey[i]})`), say: (x, y) => `pixel ${x}, ${y} of the window: grey ${grey[y * side + x]} of 255`, where: "src/image/pyramid.rs" });
  const most = lengths.reduce((most, v) => Math.max(most, v), 1);
  windowGradients.show({
    size, start,
    draw: squares(i => directionColour(directions[i], Math.sqrt(lengths[i] / most))),
    say: (x, y) => {
      const i = y * side + x;
      return `pixel ${x}, ${y}: gradient of length ${round(lengths[i] / 100, 1)}, direction ${directions[i]} of 18 (${20 * directions[i]}°): it gets brighter to the ${sideOf(directions[i])}`;
    },
  });
}

function showCells() {
  const why = noPixels();
  missing(find("#cells-missing"), [windowCells.canvas, find("#cells-view")], why);
  if (why) return;
  const votes = find("#cells-view input:checked").value === "votes", cells = detector.cells;
  const { votes: voted, features } = subject().window.pixels;
  const weights = votes ? voted.map(unsigned) : features.map(cell => cell.slice(18, 27));
  const most = Math.max(...weights.flat(), 1);
  windowCells.show({
    size: [cells, cells], start: [cells >> 1, cells >> 1],
    draw: (context, unit) => drawGlyphs(context, unit, [cells, cells], i => weights[i], most),
    say: (x, y) => {
      const i = y * cells + x, strongest = weights[i].indexOf(Math.max(...weights[i]));
      const scaled = v => votes ? round(v / 10, 0) : round(v / 4096, 3);
      const texture = votes ? "" : `; energies of the blocks around ${features[i].slice(27).map(scaled).join(", ")}`;
      return `cell ${x}, ${y}: ${votes ? "votes" : "features"} for 0°, 20°, … 160°: ${weights[i].map(scaled).join(", ")}; strongest ${20 * strongest}°${texture}`;
    },
    where: votes ? "src/hog/histogram.rs" : "src/hog/normalise.rs",
  });
}

// --- The pyramid and the score maps -----------------------------------------------------------------------------------

const levelPicture = new Grid(find("#level-picture")), scoreMap = new Grid(find("#score-map"));
const faceSide = level => 2 * detector.face / (level.scale[0] + level.scale[1]);
const levelText = (level, i) => `${i + 1} of ${levels.length}: ${level.size[0] - 2 * level.border}×${level.size[1] - 2 * level.border} pixels; the window fits faces of ${round(faceSide(level), 0)} pixels`;
const levelView = choice(find("#level-view"), showLevel);
const levelSliders = ["#level", "#score-level"].map(id => {
  const input = find(id);
  input.max = Math.max(levels.length - 1, 0);
  return slider(input, i => { if (levels.length && i !== state.level) setLevel(i); });
});

function setLevel(i) {
  state.level = i;
  for (const id of ["#level", "#score-level"]) {
    find(id).value = i;
    find(`${id}-text`).textContent = levels[i] ? levelText(levels[i], i) : "";
    find(id).setAttribute("aria-valuetext", find(`${id}-text`).textContent);
  }
  showLevel();
  showScores();
}

/** The subject's window in this level: column and row of its first cell; in other levels a window at the picture's middle. */
function frameIn(level) {
  const window = subject()?.window;
  if (window?.level === state.level) return { cell: window.cell, own: true };
  return { cell: level.windows.map(count => Math.max(count >> 1, 0)), own: false };
}

function drawFrame(context, unit, { cell, own }, size) {
  context.lineWidth = Math.max(2, 2 * devicePixelRatio);
  context.strokeStyle = colour(own ? "arrow" : "box");
  context.setLineDash(own ? [] : [6 * devicePixelRatio, 4 * devicePixelRatio]);
  context.strokeRect(cell[0] * unit, cell[1] * unit, size * unit, size * unit);
  context.setLineDash([]);
}

async function showLevel() {
  const level = levels[state.level], view = find("#level-view input:checked").value;
  const uri = level?.[view];
  const why = !level ? "The photograph is smaller than the window: there is no level."
    : uri ? null : "This level is too large to be shown so; a higher one shows it.";
  missing(find("#level-missing"), [levelPicture.canvas], why);
  if (why) return;
  const [columns, rows] = level.cells;
  const image = view === "glyphs" ? await numbers(uri) : await picture(uri);
  if (level !== levels[state.level]) return;
  const glyph = i => image.values.subarray(9 * i, 9 * i + 9);
  levelPicture.show({
    size: [columns, rows], start: frameIn(level).cell,
    draw: (context, unit) => {
      const pixel = unit / detector.cell;
      if (view === "glyphs") drawGlyphs(context, unit, level.cells, glyph, 110);
      else context.drawImage(image, 0, 0, level.size[0] * pixel, level.size[1] * pixel);
      drawFrame(context, unit, frameIn(level), detector.cells);
    },
    say: (x, y) => `level ${state.level + 1}, cell ${x}, ${y}: around ${placeOf(level, x + .5, y + .5)} of the photograph` +
      (view === "glyphs" ? `; features for 0°, 20°, … 160°: ${[...glyph(y * columns + x)].map(v => round(v / 255)).join(", ")}` : ""),
    where: { picture: "src/image/pyramid.rs", gradients: "src/hog/gradient.rs", glyphs: "src/hog/normalise.rs" }[view],
  });
}

/** The photograph's pixel at a place in a level that counts cells. */
const placeOf = (level, x, y) => [x, y].map((v, axis) => Math.round((v * detector.cell - level.border) / level.scale[axis] - .5)).join(", ");

/** The first value in a score map of windows that a filter gave up, and of those that have a score. */
const FILTERED = 64, SCORED = 128;

/** Dark to light grey for windows that the sieve gave up, dark to light blue for those that a filter did, amber to white for scores. */
function heat(value) {
  if (value >= SCORED) { const share = (value - SCORED) / (255 - SCORED); return [255, 140 + 115 * share, 235 * share * share]; }
  if (value < FILTERED) { const share = value / FILTERED; return [14 + 90 * share, 15 + 90 * share, 18 + 92 * share]; }
  const share = (value - FILTERED) / detector.cells;
  return [10 + 50 * share, 60 + 110 * share, 120 + 125 * share];
}

async function showScores() {
  const level = levels[state.level], map = level?.maps[state.component];
  scoreMap.canvas.toggleAttribute("hidden", !map?.picture);
  if (!map?.picture) { find("#score-legend").textContent = "This level has no window."; return; }
  const image = await numbers(map.picture), sieved = level.sieved && await numbers(level.sieved);
  if (map !== levels[state.level].maps[state.component]) return;
  const scores = new Map(map.scored.map(([x, y, score]) => [`${x},${y}`, score]));
  const pixels = new ImageData(image.width, image.height);
  image.values.forEach((value, i) => pixels.data.set([...heat(value), 255], 4 * i));
  const small = make("canvas", { width: image.width, height: image.height });
  small.getContext("2d").putImageData(pixels, 0, 0);
  const frame = frameIn(level);
  scoreMap.show({
    size: [image.width, image.height], start: frame.cell.map(v => Math.floor(v / map.step)),
    draw: (context, unit) => {
      context.imageSmoothingEnabled = false;
      context.drawImage(small, 0, 0, image.width * unit, image.height * unit);
      if (frame.own) drawFrame(context, unit, { cell: frame.cell.map(v => v / map.step - 1), own: true }, 3);
    },
    say: (x, y) => {
      const value = image.values[y * image.width + x], [column, row] = [x * map.step, y * map.step];
      const name = `${detector.components[state.component]}, window at cell ${column}, ${row}`;
      if (value < FILTERED) return `${name}: given up by the sieve after ${sieved && map.step === 1 ? sieved.values[y * image.width + x] : "about " + Math.round(value * detector.sieve / (FILTERED - 1))} of ${detector.sieve} trees (src/detector/sieve.rs)`;
      if (value < SCORED) return `${name}: given up after ${value - FILTERED} of ${detector.cells} rows of cells`;
      const exact = scores.get(`${column},${row}`), [low, high] = data.score_range;
      return `${name}: score ${exact === undefined ? "about " + round(low + (value - SCORED) / (255 - SCORED) * (high - low), 1) : round(exact)}`;
    },
  });
  const [low, high] = data.score_range;
  find("#score-legend").textContent = `${level.windows[0]}×${level.windows[1]} windows, ${map.scored.length} of them not given up; scores of all levels go from ${round(low)} to ${round(high)}.` +
    (map.step > 1 ? ` A square stands for ${map.step}×${map.step} windows and shows the one that came furthest.` : "");
}

offer(find("#components"), "component", detector.components);
choice(find("#components"), value => { state.component = Number(value); showScores(); });

// --- The judge and suppression ----------------------------------------------------------------------------------------

function showJudge() {
  const window = subject()?.window;
  const chart = find("#judge-chart");
  chart.innerHTML = window?.chart ?? "";
  if (!window) { find("#judge-text").textContent = "No window of this photograph came to the trees."; return; }
  const name = detector.components[window.component], cell = window.cell.join(", ");
  const filter = `The filter “${name}” gave this window (level ${window.level + 1}, cell ${cell}) ${round(window.linear)}.`;
  const sum = window.sum === null ? "" : window.score === null ? ` The trees gave it up after ${window.trees} of ${detector.trees}, at a sum of ${round(window.sum)}.`
    : ` The sum of all ${window.trees} trees is ${round(window.sum)}, calibrated: ${round(window.score)}.`;
  const moved = subject().bounds.some((v, i) => v !== window.bounds[i]) ? ` The regression moved its box from ${window.bounds.map(v => round(v, 1)).join(", ")} to ${subject().bounds.map(v => round(v, 1)).join(", ")} (left, top, width, height).` : "";
  find("#judge-text").textContent = filter + sum + moved;
}

function showFunnel() {
  const { windows, sieve, filters, forest, reported, kept, faces } = data.counts;
  const rows = [
    ["windows in all levels", windows, "src/image/pyramid.rs"], ["not given up by the sieve", sieve, "src/detector/sieve.rs"], ["not given up by the filters", filters, "src/detector/filter.rs"],
    ["not given up by the boosted trees", forest, "src/detector/forest.rs"], [`with a score of ${round(data.kept_from)} or more`, reported, "src/detector/mod.rs"],
    ["left by suppression", kept, "src/detector/suppression.rs"], ["confirmed by the landmarks", faces, "src/pipeline.rs"],
  ];
  for (const [what, count, source] of rows) {
    find("#funnel").append(make("tr", { "data-tell": `${what}: ${count}`, "data-source": source }, make("th", { scope: "row" }, what), make("td", { class: "number" }, count.toLocaleString("en"))));
  }
}

const windowsView = choice(find("#windows-view"), showWindows);
let windowsShown = [];
function showWindows() {
  const before = find("#windows-view input:checked").value === "before";
  const svg = find("#windows-picture");
  photograph(svg);
  const list = before ? data.before.map(one => [one.bounds, `window with a score of ${round(one.score)}, found by “${detector.components[one.component]}” in level ${one.level + 1}, ${sideText(one.bounds)}`])
    : data.after.map(({ bounds, score, face }) => [bounds, `${face ? OUTCOMES.face : OUTCOMES.rejected}, score with the landmarks' confidence ${round(score)}, ${sideText(bounds)}`, !face]);
  windowsShown = list.map(([bounds, what, dashed]) => ({ what, box: boxOf(bounds, before ? "thin" : dashed ? "dashed" : "", what) }));
  svg.append(...windowsShown.map(({ box }) => box));
}
walk(find("#windows-picture"), () => windowsShown.length, i => {
  windowsShown.forEach(({ box }, j) => box.classList.toggle("chosen", i === j));
  find("#windows-picture").append(windowsShown[i].box);
  tell(`${i + 1} of ${windowsShown.length}: ${windowsShown[i].what}`, "src/detector/suppression.rs");
});

// --- Landmarks ---------------------------------------------------------------------------------------------------

/** A picture of the crop with a shape on it. */
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

/** What a step is called. */
function stepName(fit, i) {
  if (i === 0) return "start: the mean shape in the box";
  const { stage } = fit.steps[i - 1], part = cascade.stages[stage], name = `step ${i} of ${fit.steps.length}, stage ${stage + 1}`;
  if (part.kind === "trees") return `${name}: ${part.trees} regression trees`;
  const number = fit.steps.slice(0, i).filter(step => step.stage === stage).length, step = part.steps[number - 1];
  const moves = step.basis ? `${step.patches.length} patches move ${step.basis.components} shape components` : `${step.neighbours} patches move each landmark`;
  return `${name}, linear map ${number} of ${part.steps.length}: ${moves}`;
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
  find("#stages").dataset.where = !part ? "src/landmarks/cascade.rs" : part.kind === "trees" ? "src/landmarks/trees.rs" : "src/landmarks/linear.rs";
  stagePicture.below.replaceChildren(...(part?.kind === "linear" ? patchesOf(fit, i, before) : []));
  stagePicture.above.replaceChildren(...(i ? now.map((p, j) => make("path", { class: "arrow faint", fill: "none", d: `M${before[j]}L${p}` })) : []));
  stagePicture.above.style.pointerEvents = "none";
}

/** The squares that a step of a linear stage looked at. */
function patchesOf(fit, i, shape) {
  const { patches, radius, frame } = fit.steps[i - 1], [a, b] = frame.map(v => v * radius * fit.scale);
  const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([x, y]) => [a * x - b * y, b * x + a * y]);
  return patches.map(landmark => make("polygon", {
    class: "patch", points: corners.map(([x, y]) => `${shape[landmark][0] + x},${shape[landmark][1] + y}`).join(" "),
    "data-tell": `the patch of gradient histograms around ${pointName(landmark)}`, "data-source": "src/landmarks/patches.rs",
  }));
}

slider(find("#step"), showStep);

function showFit() {
  stopPlaying();
  const fit = subject()?.fit;
  const why = fit ? null : "No window came so far that landmarks were placed.";
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

// --- A tree ------------------------------------------------------------------------------------------------------

const trees = cascade.stages.map(stage => stage.kind === "trees" ? { splits: splitsOf(stage), rows: basisRows(stage.basis) } : null);

/** The steps of the chosen subject that were stages of trees: number of the step, from 1 on. */
const treeSteps = fit => fit ? fit.steps.map((step, i) => [step, i + 1]).filter(([step]) => trees[step.stage]).map(([, i]) => i) : [];

function showTreeStages() {
  const fit = subject()?.fit, steps = treeSteps(fit), select = find("#tree-stage");
  const why = !fit ? "No window came so far that landmarks were placed." : steps.length ? null : "The landmark model has no stage of trees.";
  missing(find("[data-missing-trees]"), find("#trees").querySelectorAll(".pair, .controls"), why);
  select.replaceChildren(...steps.map(i => make("option", { value: i }, `${fit.steps[i - 1].stage + 1}`)));
  if (!why) showTreeStage();
}

function showTreeStage() {
  const step = subject().fit.steps[Number(find("#tree-stage").value) - 1];
  find("#tree").max = cascade.stages[step.stage].trees - 1;
  find("#tree").value = 0;
  showTree(0);
}

/** What happened in one tree: its tests, and the displacement of each landmark in photograph pixels. */
function treeOf(fit, number, tree) {
  const step = fit.steps[number - 1], stage = cascade.stages[step.stage], { splits, rows } = trees[step.stage];
  const place = ([column, row]) => [fit.corner[0] + fit.scale * column, fit.corner[1] + fit.scale * row];
  const tests = pathTo(step.leaves[tree], stage.depth).map(({ node, right }) => {
    const { first, second, threshold } = splits(tree, node);
    const [a, b] = [first, second].map(i => ({ place: place(step.pixels[i] ?? [0, 0]), grey: step.pixels[i]?.[2] ?? 0, landmark: stage.points[i]?.[0] ?? 0 }));
    return { a, b, threshold, right };
  });
  const components = stage.basis.components, values = new Int8Array(bytes(step.values).buffer).subarray(tree * components, (tree + 1) * components);
  return { tests, leaf: step.leaves[tree], leaves: 2 ** stage.depth, moves: displacement(values, rows, step.frame, fit.scale) };
}

function showTree(tree) {
  const fit = subject()?.fit, number = Number(find("#tree-stage").value);
  if (!fit || !number) return;
  const { tests, leaf, leaves, moves } = treeOf(fit, number, tree), shape = stepShape(fit, number - 1), size = treePicture.size;
  const longest = Math.max(...moves.map(([x, y]) => Math.hypot(x, y)), 1e-9), enlarged = Math.min(.09 * size / longest, 1000);
  find("#tree-text").textContent = `${tree + 1} of ${cascade.stages[fit.steps[number - 1].stage].trees}`;
  treePicture.layer.show(shape, i => `${pointName(i)}: this leaf moves it by ${moves[i].map(v => round(v, 3)).join(", ")} pixels`);
  treePicture.layer.element.classList.add("faint");
  treePicture.below.replaceChildren(...moves.map((move, i) => arrow(shape[i], move.map(v => v * enlarged), size / 40)));
  treePicture.above.replaceChildren(...tests.flatMap(drawTest.bind(null, size)));
  const row = ({ a, b, threshold, right }, i) => make("tr", { "data-tell": testText({ a, b, threshold, right }, i) },
    make("td", {}, String(i + 1)), make("td", { class: "number" }, `${a.grey} − ${b.grey} = ${round(a.grey - b.grey, 0)}`),
    make("td", { class: "number" }, round(threshold, 0)), make("td", {}, right ? "right" : "left"));
  find("#tree-tests").replaceChildren(find("#tree-tests caption"),
    make("tr", {}, ...["", "grey", "threshold", "branch"].map(name => make("th", { scope: "col" }, name))), ...tests.map(row));
  find("#tree-leaf").textContent = `Leaf ${leaf + 1} of ${leaves} moves the landmarks by at most ${round(longest, 3)} pixels of the photograph (arrows ${round(enlarged, 0)} times as long). Blue pairs went left, orange ones right.`;
}

const testText = ({ a, b, threshold, right }, i) => `test ${i + 1}: grey ${a.grey} near ${pointName(a.landmark)} minus grey ${b.grey} near ${pointName(b.landmark)} is ${round(a.grey - b.grey, 0)}, ` +
  `${right ? "above" : "not above"} the threshold ${round(threshold, 0)}: to the ${right ? "right" : "left"}`;

function drawTest(size, test, i) {
  const { a, b, right } = test, side = right ? "went-right" : "went-left", [x1, y1] = a.place, [x2, y2] = b.place;
  const what = { "data-tell": testText(test, i) };
  return [make("line", { class: `test ${side}`, x1, y1, x2, y2, ...what }),
    make("circle", { class: side, cx: x1, cy: y1, r: size / 90, ...what }), make("circle", { class: side, cx: x2, cy: y2, r: size / 140, ...what }),
    make("text", { class: "number", x: (x1 + x2) / 2, y: (y1 + y2) / 2, "font-size": size / 26, "text-anchor": "middle", ...what }, String(i + 1))];
}

find("#tree-stage").addEventListener("change", showTreeStage);
slider(find("#tree"), showTree);

// --- Confidence --------------------------------------------------------------------------------------------------

function confidenceText(fit) {
  if (!fit) return "";
  if (fit.confidence === null) return "This run has no judge of its landmarks: the model has none, or it was left out for speed.";
  const runs = fit.runs.length > 1
    ? ` Below 50 % after the first run, the cascade started again from ${fit.runs.length - 1} other places in and around the box; run ${fit.taken + 1} of ${fit.runs.length} was the most confident.`
    : " One run was enough.";
  return `A linear judge reads from the patches around each landmark how likely it is right, that is within 8 % of the distance of the outer eye corners. For the face as a whole: ${percent(fit.confidence)}.${runs}`;
}

/** From red to green. */
const confidenceColour = value => `hsl(${Math.round(130 * Math.min(Math.max((value - .3) / .7, 0), 1))} 90% 55%)`;

function showConfidence(fit) {
  const { layer } = confidencePicture, values = fit.landmark_confidence;
  const likely = i => values.length ? `, ${percent(values[i])} likely right` : "";
  layer.show(stepShape(fit, fit.steps.length), i => `${pointName(i)}${likely(i)}`);
  layer.dots.forEach((dot, i) => {
    dot.style.fill = values.length ? confidenceColour(values[i]) : "";
    dot.setAttribute("r", confidencePicture.size / 110);
  });
}

// --- Choosing ----------------------------------------------------------------------------------------------------

function choose(i) {
  state.subject = i;
  const buttons = document.querySelectorAll("#subjects input");
  if (buttons[i]) buttons[i].checked = true;
  showResult();
  showWindow();
  showCells();
  state.component = subject()?.window?.component ?? 0;
  const component = find(`#components input[value="${state.component}"]`);
  if (component) component.checked = true;
  setLevel(subject()?.window?.level ?? 0);
  showJudge();
  showFit();
  showTreeStages();
}

offer(find("#subjects"), "subject", subjects.map((one, i) => one.outcome === "nearest" ? OUTCOMES.nearest : `${OUTCOMES[one.outcome]} ${i + 1}`));
find("#subjects").hidden = subjects.length < 2;
choice(find("#subjects"), value => choose(Number(value)));
listSteps();
showFunnel();
showWindows();
choose(0);

// One tree of a stage.

const trees = cascade.stages.map(stage => stage.kind === "trees" ? { splits: splitsOf(stage), rows: basisRows(stage.basis) } : null);

/** The steps that are tree stages, counted from 1. */
const treeSteps = fit => fit ? fit.steps.map((step, i) => [step, i + 1]).filter(([step]) => trees[step.stage]).map(([, i]) => i) : [];

function showTreeStages() {
  const fit = subject()?.fit, steps = treeSteps(fit), select = find("#tree-stage");
  const why = !fit ? "No landmarks were placed: no window had a score high enough." : steps.length ? null : "The landmark model has no tree stage.";
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

/** The tests in one tree, and its displacement of each landmark in pixels of the image. */
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
  const row = ({ a, b, threshold, right }, i) => make("tr", { "data-info": testText({ a, b, threshold, right }, i) },
    make("td", {}, String(i + 1)), make("td", { class: "number" }, `${a.grey} − ${b.grey} = ${round(a.grey - b.grey, 0)}`),
    make("td", { class: "number" }, round(threshold, 0)), make("td", {}, right ? "right" : "left"));
  find("#tree-tests").replaceChildren(find("#tree-tests caption"),
    make("tr", {}, ...["", "grey", "threshold", "branch"].map(name => make("th", { scope: "col" }, name))), ...tests.map(row));
  find("#tree-leaf").textContent = `Leaf ${leaf + 1} of ${leaves} moves the landmarks by at most ${round(longest, 3)} pixels of the image (arrows are ${round(enlarged, 0)} times as long). At blue pairs the path goes left, at orange pairs right.`;
}

const testText = ({ a, b, threshold, right }, i) => `test ${i + 1}: grey ${a.grey} near ${pointName(a.landmark)} minus grey ${b.grey} near ${pointName(b.landmark)} is ${round(a.grey - b.grey, 0)}, ` +
  `${right ? "above" : "not above"} the threshold ${round(threshold, 0)}: to the ${right ? "right" : "left"}`;

function drawTest(size, test, i) {
  const { a, b, right } = test, side = right ? "went-right" : "went-left", [x1, y1] = a.place, [x2, y2] = b.place;
  const what = { "data-info": testText(test, i) };
  return [make("line", { class: `test ${side}`, x1, y1, x2, y2, ...what }),
    make("circle", { class: side, cx: x1, cy: y1, r: size / 90, ...what }), make("circle", { class: side, cx: x2, cy: y2, r: size / 140, ...what }),
    make("text", { class: "number", x: (x1 + x2) / 2, y: (y1 + y2) / 2, "font-size": size / 26, "text-anchor": "middle", ...what }, String(i + 1))];
}

find("#tree-stage").addEventListener("change", showTreeStage);
slider(find("#tree"), showTree);

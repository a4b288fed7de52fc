// Boosted trees, and merging.

function showBoostedTrees() {
  const one = subject(), window = one?.window, text = find("#boosted-trees-text");
  find("#boosted-trees-chart").innerHTML = window?.chart ?? "";
  if (!window) { text.textContent = "No window of this image reached the boosted trees."; return; }
  const box = bounds => `${bounds.map(v => round(v, 1)).join(", ")} (left, top, width, height)`;
  const filter = `The filter “${detector.components[window.component]}” gave this window (level ${window.level + 1}, cell ${window.cell.join(", ")}) a score of ${round(window.linear)}.`;
  const sum = window.sum === null ? "" : window.score === null ? ` The boosted trees rejected it after ${window.trees} of ${detector.trees} trees, at a sum of ${round(window.sum)}.`
    : ` The sum of all ${window.trees} trees is ${round(window.sum)}; with the filter’s share and calibrated, the score is ${round(window.score)}.`;
  const moved = window.score !== null && one.windows > 1 ? ` Box regression moved its box to where the face is. Merged with ${one.windows - 1} other windows, it became the box ${box(one.bounds)} with a score of ${round(one.score)}.`
    : one.bounds.some((v, i) => v !== window.bounds[i]) ? ` Box regression moved its box from ${box(window.bounds)} to ${box(one.bounds)}.` : "";
  text.textContent = filter + sum + moved;
}

function showFunnel() {
  const { windows, prefilter, filters, boosted_trees, merged, kept, faces } = data.counts;
  const rows = [
    ["windows in all levels", windows, "src/detector/pyramid.rs"], ["accepted by the prefilter", prefilter, "src/detector/prefilter.rs"], ["accepted by the linear filters", filters, "src/detector/filter.rs"],
    ["accepted by the boosted trees", boosted_trees, "src/detector/boosted_trees.rs"], ["detections after merging", merged, "src/detector/nms.rs"],
    [`with a score of at least ${round(data.kept_from)}: landmarks are placed`, kept, "src/pipeline.rs"], ["faces: accepted with the landmark confidence", faces, "src/pipeline.rs"],
  ];
  for (const [what, count, source] of rows) {
    find("#funnel").append(make("tr", { "data-info": `${what}: ${count}`, "data-source": source }, make("th", { scope: "row" }, what), make("td", { class: "number" }, count.toLocaleString("en"))));
  }
}

const windowsView = choice(find("#windows-view"), showWindows);
let windowsShown = [];
function showWindows() {
  const before = find("#windows-view input:checked").value === "before";
  const svg = find("#windows-picture");
  drawImage(svg);
  const list = before ? data.before.map(one => [one.bounds, `window with a score of ${round(one.score)}, filter “${detector.components[one.component]}”, level ${one.level + 1}, ${sideText(one.bounds)}`])
    : data.after.map(({ bounds, score, face }) => [bounds, `${face ? OUTCOMES.face : OUTCOMES.rejected}, score with the landmark confidence ${round(score)}, ${sideText(bounds)}`, !face]);
  windowsShown = list.map(([bounds, what, dashed]) => ({ what, box: boxOf(bounds, before ? "thin" : dashed ? "dashed" : "", what) }));
  svg.append(...windowsShown.map(({ box }) => box));
}
walk(find("#windows-picture"), () => windowsShown.length, i => {
  windowsShown.forEach(({ box }, j) => box.classList.toggle("chosen", i === j));
  find("#windows-picture").append(windowsShown[i].box);
  inform(`${i + 1} of ${windowsShown.length}: ${windowsShown[i].what}`, "src/detector/nms.rs");
});

// The second judge, and windows on one place.

function showJudge() {
  const window = subject()?.window;
  const chart = find("#judge-chart");
  chart.innerHTML = window?.chart ?? "";
  if (!window) { find("#judge-text").textContent = "No window of this photograph came to the trees."; return; }
  const name = detector.components[window.component], cell = window.cell.join(", ");
  const filter = `The filter “${name}” gave this window (level ${window.level + 1}, cell ${cell}) ${round(window.linear)}.`;
  const sum = window.sum === null ? "" : window.score === null ? ` The trees gave it up after ${window.trees} of ${detector.trees}, at a sum of ${round(window.sum)}.`
    : ` The sum of all ${window.trees} trees is ${round(window.sum)}; with what the filter adds, calibrated: ${round(window.score)}.`;
  const moved = window.score !== null && subject().windows > 1 ? ` The regression moved its box to where the face stands in it; together with the ${subject().windows - 1} other windows on the place it is the box ${subject().bounds.map(v => round(v, 1)).join(", ")} (left, top, width, height) with a score of ${round(subject().score)}.`
    : subject().bounds.some((v, i) => v !== window.bounds[i]) ? ` The regression moved its box from ${window.bounds.map(v => round(v, 1)).join(", ")} to ${subject().bounds.map(v => round(v, 1)).join(", ")} (left, top, width, height).` : "";
  find("#judge-text").textContent = filter + sum + moved;
}

function showFunnel() {
  const { windows, sieve, filters, forest, united, kept, faces } = data.counts;
  const rows = [
    ["windows in all levels", windows, "src/image/pyramid.rs"], ["not given up by the sieve", sieve, "src/detector/sieve.rs"], ["not given up by the filters", filters, "src/detector/filter.rs"],
    ["not given up by the boosted trees", forest, "src/detector/forest.rs"], ["places, with the windows on each united", united, "src/detector/suppression.rs"],
    [`with a score of ${round(data.kept_from)} or more`, kept, "src/detector/mod.rs"], ["confirmed by the landmarks", faces, "src/pipeline.rs"],
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

// The image and the result.

function drawImage(svg) {
  svg.setAttribute("viewBox", `-0.5 -0.5 ${data.width} ${data.height}`);
  fitScreen(svg, data.width / data.height);
  svg.replaceChildren(make("image", { href: data.image, x: -.5, y: -.5, width: data.width, height: data.height }));
}

function describe(one) {
  const score = scoreOf(one);
  return `${OUTCOMES[one.outcome]}${score === null ? "" : `, score ${round(score)}`}, ${sideText(one.bounds)}`;
}

function showResult() {
  const svg = find("#result-picture");
  drawImage(svg);
  subjects.forEach((one, i) => {
    const box = boxOf(one.bounds, `${i === state.subject ? "chosen" : ""} ${one.outcome === "face" ? "" : "dashed"}`, describe(one));
    box.style.pointerEvents = "all";
    box.addEventListener("click", () => choose(i));
    svg.append(box);
    if (one.outcome === "face" && one.fit) {
      const layer = new ShapeLayer(one.bounds[2] / 160);
      layer.show(one.fit.steps.at(-1)?.shape ?? one.fit.start);
      svg.append(layer.element);
    }
  });
  find("#verdict").textContent = verdict(subject());
}

function verdict(one) {
  if (!one) return "The image is smaller than the window at every level of the pyramid, so nothing was searched. A smaller --min-face finds smaller faces.";
  const threshold = `the threshold of ${round(data.threshold)}`;
  const lift = one.fit?.confidence === null || one.fit?.confidence === undefined ? ""
    : ` The detector’s score is ${round(one.score)}; the landmark confidence of ${percent(one.fit.confidence)} changes it to ${round(one.final_score)}.`;
  if (one.outcome === "face") return `This is a face: its score of ${round(one.final_score)} is above ${threshold}.${lift}`;
  if (one.outcome === "rejected") return `This detection was rejected: its score of ${round(one.final_score)} is below ${threshold}.${lift}`;
  if (one.score !== null) return `No face was found. The best window, framed here, has a score of ${round(one.score)} together with the windows that overlap it. Landmarks are placed from ${round(data.kept_from)} on, and faces reported from ${round(data.threshold)} on.`;
  if (one.window) return `No face was found. The linear filters gave the best window, framed here, a score of ${round(one.window.linear)}; the boosted trees rejected it after ${one.window.trees} of ${detector.trees} trees.`;
  const [stage, steps] = one.rejected_by, of = stage === "prefilter" ? `${detector.prefilter} trees of the prefilter` : `${detector.cells} rows of cells of the linear filters`;
  return `No face was found. No window passed prefilter and linear filters; the best one, framed here, was rejected after ${steps} of ${of}.`;
}

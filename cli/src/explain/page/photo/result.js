// The photograph, and what was found in it.

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
  if (one.score !== null) return `No face was found. The best window, framed here, has, with those that overlap it, a score of ${round(one.score)}; to be looked at more closely it would need ${round(data.kept_from)}, to be reported ${round(data.threshold)}.`;
  if (one.window) return `No face was found. The best window, framed here, passed the filters with ${round(one.window.linear)} and was given up by the boosted trees after ${one.window.trees} of ${detector.trees}.`;
  const [judge, steps] = one.given_up, of = judge === "sieve" ? `${detector.sieve} trees of the sieve` : `${detector.cells} rows of cells of the filters`;
  return `No face was found. No window passed sieve and filters; the best one, framed here, was given up after ${steps} of ${of}.`;
}

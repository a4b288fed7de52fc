// The landmark confidence.

function confidenceText(fit) {
  if (!fit) return "";
  if (fit.confidence === null) return "There is no confidence: the model has no confidence model, or it was skipped for speed.";
  const runs = fit.runs.length > 1
    ? ` The confidence of the first run was low, so the cascade ran again from other initialisations in and around the box. There were ${fit.runs.length - 1} such restarts; the landmarks are those of run ${fit.taken + 1} of ${fit.runs.length}.${fit.taken ? " The best of several runs seems more confident than it is, so its odds and those of the first run are averaged (geometric mean)." : ""}`
    : " One run was enough: there are no restarts if its confidence is high, or so low that the threshold is out of reach.";
  return `From the patches around each landmark, a linear model estimates the probability that the landmark is correct: that its error is below 8 % of the distance between the outer eye corners. For the whole face it is ${percent(fit.confidence)}.${runs}`;
}

/** From red to green. */
const confidenceColour = value => `hsl(${Math.round(130 * Math.min(Math.max((value - .3) / .7, 0), 1))} 90% 55%)`;

function showConfidence(fit) {
  find("#confidence-formula").hidden = fit.confidence === null;
  const { layer } = confidencePicture, values = fit.landmark_confidence;
  const likely = i => values.length ? `, ${percent(values[i])} likely correct` : "";
  layer.show(stepShape(fit, fit.steps.length), i => `${pointName(i)}${likely(i)}`);
  layer.dots.forEach((dot, i) => {
    dot.style.fill = values.length ? confidenceColour(values[i]) : "";
    dot.setAttribute("r", confidencePicture.size / 110);
  });
}

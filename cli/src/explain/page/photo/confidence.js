// The confidence of the landmarks.

function confidenceText(fit) {
  if (!fit) return "";
  if (fit.confidence === null) return "This run has no judge of its landmarks: the model has none, or it was left out for speed.";
  const runs = fit.runs.length > 1
    ? ` The first run left doubt, so the cascade started again from other places in and around the box, ${fit.runs.length - 1} times to the end; the landmarks are those of run ${fit.taken + 1} of ${fit.runs.length}.${fit.taken ? " The best of several tries looks surer than it is: its odds and the first run's are averaged (their geometric mean)." : ""}`
    : " One run was enough: where it is sure, or leaves the threshold out of reach, no other start is tried.";
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

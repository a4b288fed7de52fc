// The page of an image.

const { detector, levels, subjects, cascade } = data;
const state = { subject: 0, level: 0, component: 0 };
const OUTCOMES = { face: "face", rejected: "rejected detection", nearest: "best window" };
const subject = () => subjects[state.subject];
const sideText = ([, , width]) => `${round(width, 0)} pixels wide`;

/** The score of a subject, with the landmarks' confidence if there is one. */
const scoreOf = one => one.final_score ?? one.score;

/** A probability in percent, cut off so that only certainty is printed as 0 or 100 %. */
function percent(value) {
  if (value <= 0 || value >= 1) return `${round(100 * value, 0)} %`;
  return `${round(Math.min(Math.max(Math.floor(Math.round(value * 1e4) / 10), 1), 999) / 10, 1)} %`;
}

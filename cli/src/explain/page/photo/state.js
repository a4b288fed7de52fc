// The page of a photograph.

const { detector, levels, subjects, cascade } = data;
const state = { subject: 0, level: 0, component: 0 };
const OUTCOMES = { face: "Face", rejected: "Not confirmed", nearest: "Nearest window" };
const subject = () => subjects[state.subject];
const sideText = ([, , width]) => `${round(width, 0)} pixels wide`;
const percent = value => `${round(100 * value, 1)} %`;

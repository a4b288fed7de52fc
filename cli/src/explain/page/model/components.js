// Shape components, and the start of the page.

const source = cascade.stages.flatMap((part, stage) => part.kind === "trees" ? [{ stage, basis: part.basis }] : part.steps.filter(step => step.basis).map(step => ({ stage, basis: step.basis })))[0];
const rows = source ? basisRows(source.basis) : [];
const shapeDrawing = new Drawing("#shape-picture");

/** The mean shape moved along a component, by a share of the amount at which a landmark moves by a tenth of the face. */
function changed(component, share) {
  const row = rows[component], longest = Math.max(...cascade.mean.map((_, i) => Math.hypot(row[2 * i], row[2 * i + 1])), 1e-9);
  return cascade.mean.map(([x, y], i) => [x + share * .1 * face / longest * row[2 * i], y + share * .1 * face / longest * row[2 * i + 1]]);
}

function showComponent() {
  if (!rows.length) return;
  const component = Number(find("#component").value), share = Number(find("#amount").value) / 100;
  find("#component-text").textContent = `${component + 1} of ${rows.length}`;
  find("#amount-text").textContent = `${round(100 * share, 0)} %`;
  const now = changed(component, share), moved = i => Math.hypot(now[i][0] - cascade.mean[i][0], now[i][1] - cascade.mean[i][1]);
  shapeDrawing.layer.show(now, i => `${pointName(i)}, moved by ${round(moved(i), 1)} crop pixels along component ${component + 1}`);
  shapeDrawing.above.replaceChildren(...now.map((p, i) => make("path", { class: "arrow faint", fill: "none", d: `M${cascade.mean[i]}L${p}` })));
}

/** Swings the amount back and forth while the button is pressed. */
function swing(button, input) {
  let frame = null;
  const stop = () => { cancelAnimationFrame(frame); frame = null; button.setAttribute("aria-pressed", "false"); button.textContent = "Play"; };
  button.addEventListener("click", () => {
    if (frame !== null) return stop();
    button.setAttribute("aria-pressed", "true");
    button.textContent = "Pause";
    const begin = performance.now();
    const move = now => { input.value = Math.round(100 * Math.sin((now - begin) / 500)); showComponent(); frame = requestAnimationFrame(move); };
    frame = requestAnimationFrame(move);
  });
  input.addEventListener("input", () => { if (frame !== null) stop(); showComponent(); });
}

if (rows.length) {
  find("#basis-text").textContent = `The model contains no shape model of its training set. These are the directions in which stage ${source.stage + 1}, the first one that moves the whole shape, can move it: ` +
    "the principal components of the movements that the training faces still needed there. At 100 %, the landmark that moves most moves by a tenth of the face.";
  find("#component").max = rows.length - 1;
  slider(find("#component"), showComponent);
  swing(find("#animate"), find("#amount"));
  showComponent();
}
missing(find("#basis-missing"), find("#components-of-shape").querySelectorAll(".controls"), rows.length ? null : "No stage of this model moves the whole shape at once, so it has no shape components. This is the mean shape.");

listSteps();
showFilter(0);

// The window of the chosen subject: pixels, gradients, cells.

const windowGrey = new Grid(find("#window-grey")), windowGradients = new Grid(find("#window-gradients")), windowCells = new Grid(find("#window-cells"));
const cellsView = choice(find("#cells-view"), showCells);
for (const element of document.querySelectorAll(".cell-side")) element.textContent = detector.cell;

/** Why there are no pixels of a window to show. */
function noPixels() {
  if (!subject()?.window) return "No window of this image reached the boosted trees, so there are no pixels to show.";
  return subject().window.pixels ? null : "The level of this window is too large to keep its gradients.";
}

/** Why the window is larger than the box of the result. */
function windowText({ window, bounds, windows }) {
  const { scale } = levels[window.level], side = detector.cell * detector.cells, inImage = v => round(2 * v / (scale[0] + scale[1]), 0);
  const later = window.score === null ? "" : ` Box regression${windows > 1 ? " and merging" : ""} later turn this box into the one of the result, ${sideText(bounds)}.`;
  return `The figures show the best window of the chosen ${OUTCOMES[subject().outcome]}, at the level at which it was found. The window contains some surroundings: of its ${side} pixels, the face’s box takes ${round(detector.face, 0)} in the middle. In the image, the window is ${inImage(side)} pixels wide and the box in it ${inImage(detector.face)}.${later}`;
}

function showWindow() {
  const why = noPixels();
  missing(find("#gradients-missing"), [windowGrey.canvas.closest(".pair"), find("#window-text")], why);
  if (why) return;
  find("#window-text").textContent = windowText(subject());
  const { side, grey, lengths, directions } = subject().window.pixels, size = [side, side], start = [side >> 1, side >> 1];
  const squares = colourOf => (context, unit) => {
    for (let i = 0; i < side * side; i++) {
      context.fillStyle = colourOf(i);
      context.fillRect(Math.floor(i % side * unit), Math.floor((i / side | 0) * unit), Math.ceil(unit), Math.ceil(unit));
    }
  };
  windowGrey.show({ size, start, draw: squares(i => `rgb(${grey[i]},${grey[i]},${grey[i]})`), say: (x, y) => `pixel ${x}, ${y} of the window: grey ${grey[y * side + x]} of 255`, where: "src/detector/pyramid.rs" });
  const most = lengths.reduce((most, v) => Math.max(most, v), 1);
  windowGradients.show({
    size, start,
    draw: squares(i => directionColour(directions[i], Math.sqrt(lengths[i] / most))),
    say: (x, y) => {
      const i = y * side + x;
      return `pixel ${x}, ${y}: gradient of length ${round(lengths[i] / 100, 1)}, direction ${directions[i]} of 18 (${20 * directions[i]}°): it gets brighter to the ${sideOf(directions[i])}`;
    },
  });
}

function showCells() {
  const why = noPixels();
  missing(find("#cells-missing"), [windowCells.canvas, find("#cells-view")], why);
  if (why) return;
  const votes = find("#cells-view input:checked").value === "votes", cells = detector.cells;
  const { votes: voted, features } = subject().window.pixels;
  const weights = votes ? voted.map(unsigned) : features.map(cell => cell.slice(18, 27));
  const most = Math.max(...weights.flat(), 1);
  windowCells.show({
    size: [cells, cells], start: [cells >> 1, cells >> 1],
    draw: (context, unit) => drawGlyphs(context, unit, [cells, cells], i => weights[i], most),
    say: (x, y) => {
      const i = y * cells + x, strongest = weights[i].indexOf(Math.max(...weights[i]));
      const scaled = v => votes ? round(v / 10, 0) : round(v / 4096, 3);
      const texture = votes ? "" : `; energies of the blocks around ${features[i].slice(27).map(scaled).join(", ")}`;
      return `cell ${x}, ${y}: ${votes ? "votes" : "features"} for 0°, 20°, … 160°: ${weights[i].map(scaled).join(", ")}; strongest ${20 * strongest}°${texture}`;
    },
    where: votes ? "src/hog/histogram.rs" : "src/hog/normalise.rs",
  });
}

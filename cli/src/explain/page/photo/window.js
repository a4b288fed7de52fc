// The window of the chosen subject: pixels, gradients, cells.

const windowGrey = new Grid(find("#window-grey")), windowGradients = new Grid(find("#window-gradients")), windowCells = new Grid(find("#window-cells"));
const cellsView = choice(find("#cells-view"), showCells);
for (const element of document.querySelectorAll(".cell-side")) element.textContent = detector.cell;

/** Why there are no pixels of a window to show. */
function noPixels() {
  if (!subject()?.window) return "No window of this photograph came so far that its pixels were kept.";
  return subject().window.pixels ? null : "The level in which this window stands is too large to keep its gradients.";
}

function showWindow() {
  const why = noPixels();
  missing(find("#gradients-missing"), [windowGrey.canvas.closest(".pair")], why);
  if (why) return;
  const { side, grey, lengths, directions } = subject().window.pixels, size = [side, side], start = [side >> 1, side >> 1];
  const squares = colourOf => (context, unit) => {
    for (let i = 0; i < side * side; i++) {
      context.fillStyle = colourOf(i);
      context.fillRect(Math.floor(i % side * unit), Math.floor((i / side | 0) * unit), Math.ceil(unit), Math.ceil(unit));
    }
  };
  windowGrey.show({ size, start, draw: squares(i => `rgb(${grey[i]},${grey[i]},${grey[i]})`), say: (x, y) => `pixel ${x}, ${y} of the window: grey ${grey[y * side + x]} of 255`, where: "src/image/pyramid.rs" });
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

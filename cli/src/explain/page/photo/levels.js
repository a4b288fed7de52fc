// The pyramid and the score maps.

const levelPicture = new Grid(find("#level-picture")), scoreMap = new Grid(find("#score-map")), scorePicture = new Grid(find("#score-picture"));
const faceSide = level => 2 * detector.face / (level.scale[0] + level.scale[1]);
const levelText = (level, i) => `${i + 1} of ${levels.length}: ${level.size[0] - 2 * level.border}×${level.size[1] - 2 * level.border} pixels, for faces of ${round(faceSide(level), 0)} pixels`;
const levelView = choice(find("#level-view"), showLevel);
const levelSliders = ["#level", "#score-level"].map(id => {
  const input = find(id);
  input.max = Math.max(levels.length - 1, 0);
  return slider(input, i => { if (levels.length && i !== state.level) setLevel(i); });
});

function setLevel(i) {
  state.level = i;
  for (const id of ["#level", "#score-level"]) {
    find(id).value = i;
    find(`${id}-text`).textContent = levels[i] ? levelText(levels[i], i) : "";
    find(id).setAttribute("aria-valuetext", find(`${id}-text`).textContent);
  }
  showLevel();
  showScores();
}

/** The subject's window, if it is in this level, otherwise the window in the middle: column and row of its first cell. */
function frameIn(level) {
  const window = subject()?.window;
  if (window?.level === state.level) return { cell: window.cell, own: true };
  return { cell: level.windows.map(count => Math.max(count >> 1, 0)), own: false };
}

function drawFrame(context, unit, { cell, own }, size) {
  context.lineWidth = Math.max(2, 2 * devicePixelRatio);
  context.strokeStyle = colour(own ? "arrow" : "box");
  context.setLineDash(own ? [] : [6 * devicePixelRatio, 4 * devicePixelRatio]);
  context.strokeRect(cell[0] * unit, cell[1] * unit, size * unit, size * unit);
  context.setLineDash([]);
}

async function showLevel() {
  const level = levels[state.level], view = find("#level-view input:checked").value;
  const uri = level?.[view];
  const why = !level ? "The image is smaller than the window, so the pyramid has no level."
    : uri ? null : "This level is too large for this view; choose a higher one.";
  missing(find("#level-missing"), [levelPicture.canvas], why);
  if (why) return;
  const [columns, rows] = level.cells;
  const image = view === "glyphs" ? await numbers(uri) : await picture(uri);
  if (level !== levels[state.level]) return;
  const glyph = i => image.values.subarray(9 * i, 9 * i + 9);
  levelPicture.show({
    size: [columns, rows], start: frameIn(level).cell,
    draw: (context, unit) => {
      const pixel = unit / detector.cell;
      if (view === "glyphs") drawGlyphs(context, unit, level.cells, glyph, 110);
      else context.drawImage(image, 0, 0, level.size[0] * pixel, level.size[1] * pixel);
      drawFrame(context, unit, frameIn(level), detector.cells);
    },
    say: (x, y) => `level ${state.level + 1}, cell ${x}, ${y}: around ${placeOf(level, x + .5, y + .5)} in the image` +
      (view === "glyphs" ? `; features for 0°, 20°, … 160°: ${[...glyph(y * columns + x)].map(v => round(v / 255)).join(", ")}` : ""),
    where: { image: "src/detector/pyramid.rs", gradients: "src/hog/gradient.rs", glyphs: "src/hog/normalise.rs" }[view],
  });
}

/** The pixel of the image at a place of a level, in cells. */
const placeOf = (level, x, y) => [x, y].map((v, axis) => Math.round((v * detector.cell - level.border) / level.scale[axis] - .5)).join(", ");

/** In a score map: the first value of windows that a filter rejected, and of those that have a score. */
const FILTERED = 64, SCORED = 128;

/** Grey for windows that the prefilter rejected, blue for those that a filter rejected, amber to white for scores. */
function heat(value) {
  if (value >= SCORED) { const share = (value - SCORED) / (255 - SCORED); return [255, 140 + 115 * share, 235 * share * share]; }
  if (value < FILTERED) { const share = value / FILTERED; return [14 + 90 * share, 15 + 90 * share, 18 + 92 * share]; }
  const share = (value - FILTERED) / detector.cells;
  return [10 + 50 * share, 60 + 110 * share, 120 + 125 * share];
}

async function showScores() {
  const level = levels[state.level], map = level?.maps[state.component], why = map?.image ? null : "This level has no window.";
  find("#score-pair").toggleAttribute("hidden", Boolean(why));
  if (why) { find("#score-legend").textContent = why; return; }
  const [image, prefilter, levelImage] = await Promise.all([numbers(map.image), level.prefilter && numbers(level.prefilter), picture(level.image)]);
  if (map !== levels[state.level].maps[state.component]) return;
  const scores = new Map(map.scored.map(([x, y, score]) => [`${x},${y}`, score]));
  const pixels = new ImageData(image.width, image.height);
  image.values.forEach((value, i) => pixels.data.set([...heat(value), 255], 4 * i));
  const small = make("canvas", { width: image.width, height: image.height });
  small.getContext("2d").putImageData(pixels, 0, 0);
  const frame = frameIn(level);
  /** The chosen window, or that of the subject. */
  const chosen = () => scoreMap.cursor ? { cell: scoreMap.cursor.map(v => v * map.step), own: false } : frame;
  scoreMap.show({
    size: [image.width, image.height], start: frame.cell.map(v => Math.floor(v / map.step)),
    draw: (context, unit) => {
      context.imageSmoothingEnabled = false;
      context.drawImage(small, 0, 0, image.width * unit, image.height * unit);
      if (frame.own) drawFrame(context, unit, { cell: frame.cell.map(v => v / map.step - 1), own: true }, 3);
    },
    say: (x, y) => {
      const value = image.values[y * image.width + x], [column, row] = [x * map.step, y * map.step];
      const name = `${detector.components[state.component]}, window at cell ${column}, ${row}`;
      if (value < FILTERED) return `${name}: rejected by the prefilter after ${prefilter && map.step === 1 ? prefilter.values[y * image.width + x] : "about " + Math.round(value * detector.prefilter / (FILTERED - 1))} of ${detector.prefilter} trees (src/detector/prefilter.rs)`;
      if (value < SCORED) return `${name}: rejected by the filter after ${value - FILTERED} of ${detector.cells} rows of cells`;
      const exact = scores.get(`${column},${row}`), [low, high] = data.score_range;
      return `${name}: score ${exact === undefined ? "about " + round(low + (value - SCORED) / (255 - SCORED) * (high - low), 1) : round(exact)}`;
    },
    moved: () => scorePicture.draw(),
  });
  scorePicture.show({
    size: level.cells, start: frame.cell,
    draw: (context, unit) => {
      const pixel = unit / detector.cell;
      context.drawImage(levelImage, 0, 0, level.size[0] * pixel, level.size[1] * pixel);
      drawFrame(context, unit, chosen(), detector.cells);
    },
    say: (x, y) => `level ${state.level + 1}, cell ${x}, ${y}: around ${placeOf(level, x + .5, y + .5)} in the image`,
    where: "src/detector/pyramid.rs",
  });
  const [low, high] = data.score_range;
  find("#score-legend").textContent = `${level.windows[0]}×${level.windows[1]} windows, of which the filter accepted ${map.scored.length}. The scores of all levels range from ${round(low)} to ${round(high)}.` +
    (map.step > 1 ? ` A square stands for ${map.step}×${map.step} windows and shows the one that came furthest.` : "");
}

offer(find("#components"), "component", detector.components);
choice(find("#components"), value => { state.component = Number(value); showScores(); });

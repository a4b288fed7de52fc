// Histograms of oriented gradients, drawn.

const DIRECTIONS = 18, UNSIGNED = 9;

/** Votes or features of one cell, summed over opposite directions. */
const unsigned = cell => Array.from({ length: UNSIGNED }, (_, k) => cell[k] + cell[k + UNSIGNED]);

/** Where each stroke of a glyph ends: along the edge, at a right angle to the gradient. */
const STROKES = Array.from({ length: UNSIGNED }, (_, k) => [Math.cos(k * Math.PI / 9 + Math.PI / 2), Math.sin(k * Math.PI / 9 + Math.PI / 2)]);

/** A cell's strokes: `weights` from 0 to `most` for each of the nine directions. */
function drawGlyph(context, x, y, side, weights, most, ink) {
  const order = [...weights.keys()].filter(k => weights[k] > .04 * most).sort((a, b) => weights[a] - weights[b]);
  context.strokeStyle = ink;
  context.lineWidth = Math.max(side * .11, 1);
  for (const k of order) {
    const [dx, dy] = STROKES[k].map(v => v * side * .46);
    context.globalAlpha = Math.min(weights[k] / most, 1);
    context.beginPath();
    context.moveTo(x + side / 2 - dx, y + side / 2 - dy);
    context.lineTo(x + side / 2 + dx, y + side / 2 + dy);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** A square or oblong of glyphs; `weights(cell)` gives the nine numbers of a cell. */
function drawGlyphs(context, unit, [columns, rows], weights, most, ink = colour("glyph")) {
  context.fillStyle = colour("glyph-paper");
  context.fillRect(0, 0, columns * unit, rows * unit);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) drawGlyph(context, column * unit, row * unit, unit, weights(row * columns + column), most, ink);
  }
}

/** The hue of a direction from 0 to 17, with this brightness from 0 to 1. */
function directionColour(direction, brightness) {
  const channel = peak => Math.min(Math.max(2 - Math.abs(((direction * 20 - peak + 180) % 360 + 360) % 360 - 180) / 60, 0), 1);
  return `rgb(${[0, 120, 240].map(peak => Math.round(255 * channel(peak) * brightness))})`;
}

const SIDES = ["right", "lower right", "below", "lower left", "left", "upper left", "above", "upper right"];
const sideOf = direction => SIDES[Math.round(direction * 20 / 45) % 8];

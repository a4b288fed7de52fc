// The detector's filters, and the cells that its trees test.

/** The weights of each unsigned direction: those of the direction, of its opposite, and of both together. */
const total = cell => unsigned(cell).map((weight, k) => weight + cell[18 + k]);
const grids = { positive: new Grid(find("#positive")), negative: new Grid(find("#negative")) };

function showFilter(component) {
  const filter = filters[component], weights = filter.weights.map(total);
  const most = Math.max(...weights.flat().map(Math.abs));
  for (const [name, sign] of [["positive", 1], ["negative", -1]]) {
    grids[name].show({
      size: [data.cells, data.cells], start: [data.cells >> 1, data.cells >> 1],
      draw: (context, unit) => {
        drawGlyphs(context, unit, [data.cells, data.cells], i => weights[i].map(v => Math.max(sign * v, 0)), .8 * most, colour(name));
        const edge = (data.cells - data.face) / 2 * unit;
        context.strokeStyle = colour("box");
        context.lineWidth = Math.max(1, devicePixelRatio);
        context.strokeRect(edge, edge, data.face * unit, data.face * unit);
      },
      say: (x, y) => {
        const i = y * data.cells + x;
        return `filter “${filter.name}”, cell ${x}, ${y}: weights for 0°, 20°, … 160°: ${weights[i].map(v => round(v)).join(", ")}; for the block energies ${filter.weights[i].slice(27).map(v => round(v)).join(", ")}; this row of cells is added as number ${filter.order.indexOf(y) + 1} of ${data.cells}`;
      },
    });
  }
  find("#filter-text").textContent = `Faces of this pose are tilted by ${round(filter.degrees, 0)}° on average. A window without any edge has a score of ${round(filter.bias)}. The frame is the box of a face in the window. ` +
    `Rows of cells are added in the order of their information: ${filter.order.map(row => row + 1).join(", ")}.`;
}
offer(find("#components"), "component", filters.map(filter => filter.name));
choice(find("#components"), value => showFilter(Number(value)));

/** Shows the number of splits that test each cell of the window. */
function showTested(id, tested, where) {
  const [least, most] = [Math.min(...tested), Math.max(...tested, 1)];
  new Grid(find(id)).show({
    size: [data.cells, data.cells], start: [data.cells >> 1, data.cells >> 1], where,
    draw: (context, unit) => tested.forEach((count, i) => {
      const share = (count - least) / Math.max(most - least, 1);
      context.fillStyle = `rgb(${[10 + 245 * share, 16 + 160 * share, 40 + 50 * share].map(Math.round)})`;
      context.fillRect(Math.floor(i % data.cells * unit), Math.floor((i / data.cells | 0) * unit), Math.ceil(unit), Math.ceil(unit));
    }),
    say: (x, y) => `cell ${x}, ${y}: ${tested[y * data.cells + x]} splits test one of its features`,
  });
}
showTested("#tested-prefilter", data.prefilter, "src/detector/prefilter.rs");
showTested("#tested-boosted-trees", data.boosted_trees, "src/detector/boosted_trees.rs");

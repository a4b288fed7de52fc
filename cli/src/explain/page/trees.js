// Regression trees and shape components, read from the bytes of the model.

/** The components of a basis, each with x and y of every landmark in turn. */
function basisRows(basis) {
  const buffer = bytes(basis.rows).buffer, values = new Float32Array(buffer), size = values.length / Math.max(basis.components, 1);
  return Array.from({ length: basis.components }, (_, k) => values.subarray(k * size, (k + 1) * size));
}

/** The splits of a stage: for tree `t` and node `i` of `t`. */
function splitsOf(stage) {
  const view = new DataView(bytes(stage.splits).buffer), inner = 2 ** stage.depth - 1;
  return (tree, node) => {
    const at = 4 * (tree * inner + node);
    return { first: view.getUint8(at), second: view.getUint8(at + 1), threshold: view.getInt16(at + 2, true) };
  };
}

/** The nodes from the root to a leaf, with the branch at each. */
function pathTo(leaf, depth) {
  const path = [];
  for (let node = leaf + 2 ** depth - 1; node > 0; node = (node - 1) >> 1) path.unshift({ node: (node - 1) >> 1, right: node % 2 === 0 });
  return path;
}

/** A leaf's displacement of each landmark: its numbers times the components, turned and scaled by the frame. */
function displacement(values, rows, [a, b], scale) {
  const sum = new Float64Array(rows[0]?.length ?? 0);
  rows.forEach((row, k) => { for (let i = 0; i < sum.length; i++) sum[i] += values[k] * row[i]; });
  return Array.from({ length: sum.length / 2 }, (_, i) => [scale * (a * sum[2 * i] - b * sum[2 * i + 1]), scale * (b * sum[2 * i] + a * sum[2 * i + 1])]);
}

// Landmarks and the curves through them, as SVG in the image's coordinates.

/** The name of a point of the landmark model in `data.cascade`. */
const pointName = i => `landmark ${data.cascade.landmarks[i]} (${data.cascade.regions[i]})`;

const pathOf = (points, [first, last, closed]) =>
  "M" + points.slice(first, last + 1).map(p => p.map(v => v.toFixed(3))).join("L") + (closed ? "Z" : "");

/** A layer with a shape that can be moved; `size` is the radius of its points. */
class ShapeLayer {
  constructor(size, name = "") {
    const { curves, landmarks } = data.cascade;
    this.curves = curves.map(() => make("path", { class: "curve" }));
    this.dots = landmarks.map((_, i) => make("circle", { class: "dot", r: size, "data-point": i }));
    this.cursor = make("circle", { class: "cursor", r: 2.2 * size, visibility: "hidden" });
    this.element = make("g", { class: name }, ...this.curves, ...this.dots, this.cursor);
  }

  /** `say(point)` describes a point. */
  show(points, say = i => `${pointName(i)} at ${points[i].map(v => round(v, 1)).join(", ")}`) {
    this.points = points;
    this.say = say;
    data.cascade.curves.forEach((curve, i) => this.curves[i].setAttribute("d", pathOf(points, curve)));
    this.dots.forEach((dot, i) => {
      dot.setAttribute("cx", points[i][0]);
      dot.setAttribute("cy", points[i][1]);
      dot.dataset.info = say(i);
    });
    this.cursor.setAttribute("visibility", "hidden");
  }

  /** Chooses a landmark. */
  visit(i) {
    this.cursor.setAttribute("visibility", "visible");
    this.cursor.setAttribute("cx", this.points[i][0]);
    this.cursor.setAttribute("cy", this.points[i][1]);
    inform(this.say(i), whereOf(this.element));
  }
}

/** Chooses the landmark of a layer that is nearest to the mouse or finger: points are small. */
function pointAt(svg, layer) {
  for (const event of ["pointermove", "pointerdown"]) {
    svg.addEventListener(event, ({ clientX, clientY, target }) => {
      if (!layer()?.points || (target.dataset.info && target.dataset.point === undefined)) return;
      const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
      const distances = layer().points.map(p => Math.hypot(p[0] - x, p[1] - y)), nearest = distances.indexOf(Math.min(...distances));
      if (distances[nearest] < svg.viewBox.baseVal.width / 25) layer().visit(nearest);
    });
  }
}

/** An arrow from a place by a displacement, both in the image's units. */
function arrow([x, y], [dx, dy], head) {
  const length = Math.hypot(dx, dy);
  if (!(length > 0)) return make("g");
  const [ux, uy] = [dx / length, dy / length], [ex, ey] = [x + dx, y + dy], h = Math.min(head, .6 * length);
  const wing = side => `M${ex} ${ey}L${ex - h * (ux - side * .5 * uy)} ${ey - h * (uy + side * .5 * ux)}`;
  return make("path", { class: "arrow", fill: "none", d: `M${x} ${y}L${ex} ${ey}${wing(1)}${wing(-1)}` });
}

/** A box as an SVG element; edges lie half a pixel before pixel centres. */
const boxOf = ([x, y, width, height], kind, what) => make("rect", { x: x - .5, y: y - .5, width, height, class: "box " + kind, "data-info": what });

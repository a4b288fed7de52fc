//! Face chips: faces cut out upright and at one size, as recognisers expect them.
//!
//! ```text
//!   photograph ── five points ──► similarity onto the template ──► chip (size × size pixels)
//! ```
//!
//! The template is the one that ArcFace's authors use (Deng et al., "ArcFace: Additive Angular Margin Loss for Deep Face
//! Recognition", CVPR 2019, and SphereFace before them): eye centres, nose tip and mouth corners in 112×112 pixels. Chips of
//! 96×112 pixels, as SphereFace and CosFace have them, are its 96 columns in the middle.

use crate::geometry::Point;
use crate::image::{Image, PixelFormat};
use crate::landmarks::ShapeExt;
use crate::landmarks::{Shape, Similarity, scheme};

/// The side of the square that [`TEMPLATE`] is given in, in pixels.
pub const TEMPLATE_SIDE: f32 = 112.0;

/// Where the five points stand in an upright chip of 112×112 pixels: the viewer's left and right eye, the tip of the nose,
/// the viewer's left and right corner of the mouth.
pub const TEMPLATE: [Point; 5] = [
    Point::new(38.2946, 51.6963),
    Point::new(73.5318, 51.5014),
    Point::new(56.0252, 71.7366),
    Point::new(41.5493, 92.3655),
    Point::new(70.7299, 92.2041),
];

/// The most samples a chip pixel takes from the photograph in each direction.
const MOST_SAMPLES: f32 = 32.0;

/// Size and margin of a chip.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChipSpec {
    /// The chip's side in pixels.
    pub size: u32,
    /// Margin around the template's square on each side, as a share of that square's side. Negative values
    /// show less than the template.
    pub padding: f32,
}

impl Default for ChipSpec {
    fn default() -> Self {
        Self { size: 112, padding: 0.0 }
    }
}

impl ChipSpec {
    /// The template's points in chips of this kind, in chip pixels.
    fn template(&self) -> [Point; 5] {
        let scale = self.size as f32 / (1.0 + 2.0 * self.padding) / TEMPLATE_SIDE;
        let margin = self.padding * TEMPLATE_SIDE;
        // Pixels have their centres at whole numbers, so their edges half a pixel before: scale from there.
        let place = |v: f32| (v + 0.5 + margin) * scale - 0.5;
        TEMPLATE.map(|p| Point::new(place(p.x), place(p.y)))
    }

    /// The map from the photograph of a face to its chip; none for a shape that has not 68 points.
    pub fn transform(&self, shape: &Shape) -> Option<Similarity> {
        Some(Similarity::between(&five_points(shape)?, &self.template()))
    }

    /// Cuts a chip. Outside the image it is black.
    ///
    /// A chip pixel is the mean of bilinear samples spread over the area that it covers in the image, so that large faces
    /// do not alias. (`imageproc`'s `warp` takes one sample per pixel, so they would.)
    pub fn cut(&self, image: &Image, to_chip: &Similarity) -> Image<'static> {
        let to_image = to_chip.inverse();
        let samples = to_image.scale().ceil().clamp(1.0, MOST_SAMPLES) as u32;
        let offset = |i: u32| (i as f32 + 0.5) / samples as f32 - 0.5;
        let share = 1.0 / (samples * samples) as f32;
        let mut pixels = Vec::with_capacity(3 * self.size as usize * self.size as usize);
        for (x, y) in (0..self.size).flat_map(|y| (0..self.size).map(move |x| (x, y))) {
            let mut sum = [0.0; 3];
            for (i, j) in (0..samples).flat_map(|j| (0..samples).map(move |i| (i, j))) {
                let at = to_image.apply(Point::new(x as f32 + offset(i), y as f32 + offset(j)));
                for (sum, sample) in sum.iter_mut().zip(bilinear(image, at)) {
                    *sum += share * sample;
                }
            }
            pixels.extend(sum.map(|v| v.round() as u8));
        }
        Image::new(pixels, self.size, self.size, PixelFormat::Rgb, 3 * self.size as usize).expect("a chip with pixels")
    }
}

/// Eye centres, nose tip and mouth corners of a 68-point shape, in the template's order; none for another shape.
fn five_points(shape: &Shape) -> Option<[Point; 5]> {
    if shape.len() != scheme::POINTS {
        return None;
    }
    let centre = |eye: std::ops::Range<usize>| Shape::new(shape.points[eye].to_vec()).centroid();
    let (left, right) = scheme::EYES;
    Some([
        centre(left),
        centre(right),
        shape.points[scheme::NOSE_TIP],
        shape.points[scheme::MOUTH_CORNERS.0],
        shape.points[scheme::MOUTH_CORNERS.1],
    ])
}

/// The colour between pixel centres; black from the centre of a pixel beyond the edge on.
fn bilinear(image: &Image, at: Point) -> [f32; 3] {
    let (x, y) = (at.x.floor(), at.y.floor());
    let (u, v) = (at.x - x, at.y - y);
    let pixel = |x: f32, y: f32| {
        let inside = x >= 0.0 && y >= 0.0 && x < image.width() as f32 && y < image.height() as f32;
        if inside { image.pixel(x as u32, y as u32).map(f32::from) } else { [0.0; 3] }
    };
    let (a, b, c, d) = (pixel(x, y), pixel(x + 1.0, y), pixel(x, y + 1.0), pixel(x + 1.0, y + 1.0));
    std::array::from_fn(|i| (1.0 - v) * ((1.0 - u) * a[i] + u * b[i]) + v * ((1.0 - u) * c[i] + u * d[i]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A 68-point shape whose five points stand where the template has them, after `map`.
    fn shape(map: &Similarity) -> Shape {
        let mut points = vec![Point::default(); scheme::POINTS];
        points[36..42].fill(TEMPLATE[0]);
        points[42..48].fill(TEMPLATE[1]);
        (points[30], points[48], points[54]) = (TEMPLATE[2], TEMPLATE[3], TEMPLATE[4]);
        Shape::new(points).map(|p| map.apply(p))
    }

    #[test]
    fn a_face_on_the_template_is_not_moved() {
        let found = ChipSpec::default().transform(&shape(&Similarity::IDENTITY)).unwrap();
        assert!((found.a - 1.0).abs() < 1e-5 && found.b.abs() < 1e-5 && found.t.distance(Point::default()) < 1e-3);
        assert_eq!(ChipSpec::default().transform(&Shape::new(vec![Point::default(); 5])), None);
    }

    #[test]
    fn a_turned_and_enlarged_face_comes_out_upright() {
        // The photograph's colours are a smooth function of the place in the template's frame.
        let truth = Similarity { a: 2.4, b: 1.1, t: Point::new(120.0, 30.0) };
        let colour = |p: Point| [2.0 * p.x, 2.0 * p.y, p.x + p.y].map(|v| v.clamp(0.0, 255.0).round() as u8);
        let back = truth.inverse();
        let places = (0..500).flat_map(|y| (0..500).map(move |x| Point::new(x as f32, y as f32)));
        let pixels: Vec<u8> = places.flat_map(|p| colour(back.apply(p))).collect();
        let photograph = Image::rgb(&pixels, 500, 500).unwrap();
        let spec = ChipSpec::default();
        let chip = spec.cut(&photograph, &spec.transform(&shape(&truth)).unwrap());
        for (x, y) in [(38, 52), (73, 51), (56, 72), (60, 90)] {
            let want = colour(Point::new(x as f32, y as f32));
            let have = chip.pixel(x, y);
            assert!(have.iter().zip(want).all(|(&h, w)| h.abs_diff(w) <= 2), "{have:?} for {want:?} at {x},{y}");
        }
    }

    #[test]
    fn padding_shrinks_the_face_about_the_middle() {
        let spec = ChipSpec { size: 224, padding: 0.5 };
        for (p, q) in TEMPLATE.iter().zip(spec.template()) {
            assert!(q.distance(*p + Point::new(56.0, 56.0)) < 1e-3, "{p:?} {q:?}");
        }
    }

    #[test]
    fn beyond_the_photograph_a_chip_is_black() {
        let white = Image::rgb(&[255; 300], 10, 10).unwrap();
        let shift = Similarity { t: Point::new(1000.0, 0.0), ..Similarity::IDENTITY };
        assert!(ChipSpec::default().cut(&white, &shift).to_rgb().iter().all(|&v| v == 0));
        // A shape that has collapsed to a point or lies beyond all numbers still gives a chip.
        let none = Similarity { a: 0.0, b: 0.0, t: Point::new(f32::MAX, 0.0) };
        ChipSpec::default().cut(&white, &none);
    }
}

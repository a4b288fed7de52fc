//! Light on a face: its brightness, its contrast, and light from one side.
//!
//! ```text
//!      brows ─►  ╭──────────────╮
//!                │ left  │ right │    pixels between brows and jaw, in two halves: on either side
//!        jaw ─►  │       │       │    of the line from the root of the nose to the chin
//!                 ╲      │      ╱
//!                  ╰─────┴─────╯
//! ```

use lineament::geometry::Point;
use lineament::raw::GreyImage;
use lineament::{Shape, scheme};

/// Root of the nose and chin.
const MIDDLE: (usize, usize) = (27, 8);

/// Light on a face, from its grey levels from 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Light {
    /// Mean grey level.
    pub brightness: f32,
    /// Standard deviation of the grey levels.
    pub contrast: f32,
    /// Difference of the means of the halves over their sum: 0 for even light, near 1 if one half
    /// is black.
    pub side: f32,
}

impl Light {
    /// Measures the light on a face; none if it does not have 68 landmarks, or a half has no pixel
    /// in the image.
    pub fn of(image: &GreyImage, shape: &Shape) -> Option<Self> {
        if shape.len() != scheme::POINTS {
            return None;
        }
        let outline: Vec<Point> = (0..17).chain((17..27).rev()).map(|i| shape.points[i]).collect();
        let (root, chin) = (shape.points[MIDDLE.0], shape.points[MIDDLE.1]);
        let mut halves = [Moments::default(); 2];
        for y in rows(shape, image.height()) {
            for [from, to] in spans(&outline, y as f32) {
                for x in pixels(from, to, image.width()) {
                    let along = (chin.x - root.x) * (y as f32 - root.y) - (chin.y - root.y) * (x as f32 - root.x);
                    halves[usize::from(along <= 0.0)].add(image.pixel(x, y));
                }
            }
        }
        let [left, right] = halves.map(Moments::mean);
        let all = halves[0].and(halves[1]);
        (halves[0].count.min(halves[1].count) > 0.0).then(|| Self {
            brightness: all.mean() as f32,
            contrast: all.deviation() as f32,
            side: ((left - right).abs() / (left + right).max(1.0)) as f32,
        })
    }
}

/// Count, sum and sum of squares of grey levels.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, grey: u8) {
        let grey = f64::from(grey);
        (self.count, self.sum, self.squares) = (self.count + 1.0, self.sum + grey, self.squares + grey * grey);
    }

    fn and(self, other: Self) -> Self {
        Self { count: self.count + other.count, sum: self.sum + other.sum, squares: self.squares + other.squares }
    }

    fn mean(self) -> f64 {
        self.sum / self.count.max(1.0)
    }

    fn deviation(self) -> f64 {
        (self.squares / self.count.max(1.0) - self.mean().powi(2)).max(0.0).sqrt()
    }
}

/// Rows of the image that the shape covers.
fn rows(shape: &Shape, height: u32) -> std::ops::Range<u32> {
    let bounds = shape.bounds();
    pixels(bounds.y, bounds.y + bounds.height, height)
}

/// Pixels of a line of `length` whose centres are between `from` and `to`.
fn pixels(from: f32, to: f32, length: u32) -> std::ops::Range<u32> {
    from.ceil().max(0.0) as u32..((to.floor() + 1.0).max(0.0) as u32).min(length)
}

/// Parts of a row inside a closed outline, by the even-odd rule.
fn spans(outline: &[Point], y: f32) -> Vec<[f32; 2]> {
    let edges = outline.iter().zip(outline.iter().cycle().skip(1));
    let crossed = edges.filter(|(a, b)| (a.y > y) != (b.y > y));
    let mut crossings: Vec<f32> = crossed.map(|(a, b)| a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x)).collect();
    crossings.sort_by(f32::total_cmp);
    crossings.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::face_shapes;
    use lineament::raw::ShapeExt;

    #[test]
    fn light_from_a_side_is_seen() {
        let shape = &face_shapes(1, 1)[0];
        let bounds = shape.bounds();
        let shape =
            shape.map(|p| Point::new((p.x - bounds.x) / bounds.width, (p.y - bounds.y) / bounds.height) * 100.0);
        let middle = shape.points[MIDDLE.0].x;
        let light = |left: u8, right: u8| {
            let grey = |x: u32, _| if (x as f32) < middle { left } else { right };
            Light::of(&GreyImage::from_fn(110, 110, grey), &shape).unwrap()
        };
        assert_eq!(light(90, 90), Light { brightness: 90.0, contrast: 0.0, side: 0.0 });
        let (lit, other) = (light(180, 60), light(60, 180));
        assert!(lit.side > 0.3 && other.side > 0.3 && lit.contrast > 40.0, "{lit:?} {other:?}");
        assert!(lit.side <= 0.5 && (60.0..180.0).contains(&lit.brightness));
        assert_eq!(Light::of(&GreyImage::new(110, 110), &shape.map(|p| p + Point::new(500.0, 0.0))), None);
        assert_eq!(Light::of(&GreyImage::new(110, 110), &shape.select(&[0, 1, 2])), None);
    }

    #[test]
    fn a_row_lies_within_an_outline() {
        let square = [(1.0, 1.0), (5.0, 1.0), (5.0, 4.0), (1.0, 4.0)].map(|(x, y)| Point::new(x, y));
        assert_eq!(spans(&square, 2.0), [[1.0, 5.0]]);
        assert!(spans(&square, 0.0).is_empty() && spans(&square, 4.0).is_empty());
        assert_eq!((pixels(1.2, 5.0, 9), pixels(-3.0, 20.0, 9), pixels(-3.0, -2.0, 9)), (2..6, 0..9, 0..0));
    }
}

//! Painting with `imageproc`: filled outlines and strokes on a canvas of twice the resolution, for
//! smooth edges.

use image::imageops::{FilterType, resize};
use image::{GrayImage, Luma};
use imageproc::drawing::{draw_filled_circle_mut, draw_polygon_mut};
use imageproc::point::Point as Pixel;
use lineament::geometry::Point;

/// Canvas pixels per pixel of the image, along a side.
const FINE: f32 = 2.0;

/// A canvas. Positions and lengths are in pixels of the finished image.
pub struct Canvas(GrayImage);

impl Canvas {
    /// Starts a canvas of one grey level, for an image of this size.
    pub fn new(width: u32, height: u32, level: u8) -> Self {
        Self(GrayImage::from_pixel(width * FINE as u32, height * FINE as u32, Luma([level])))
    }

    /// Fills an outline.
    pub fn fill(&mut self, outline: &[Point], level: u8) {
        let mut pixels: Vec<Pixel<i32>> = outline.iter().map(|&p| pixel(p)).collect();
        pixels.dedup();
        // `draw_polygon_mut` closes the polygon; its last corner must differ from the first.
        while pixels.len() > 1 && pixels.first() == pixels.last() {
            pixels.pop();
        }
        if pixels.len() >= 3 {
            draw_polygon_mut(&mut self.0, &pixels, Luma([level]));
        }
    }

    /// Fills an ellipse.
    pub fn ellipse(&mut self, centre: Point, radii: (f32, f32), turn: f32, level: u8) {
        let (sin, cos) = turn.sin_cos();
        let at = |i: u32| {
            let (s, c) = (i as f32 * std::f32::consts::TAU / 24.0).sin_cos();
            let (x, y) = (radii.0 * c, radii.1 * s);
            centre + Point::new(x * cos - y * sin, x * sin + y * cos)
        };
        self.fill(&(0..24).map(at).collect::<Vec<_>>(), level);
    }

    /// Draws a line through points with round joints.
    pub fn stroke(&mut self, points: &[Point], width: f32, level: u8) {
        for pair in points.windows(2) {
            let along = pair[1] - pair[0];
            let length = along.distance(Point::default());
            if length > 0.0 {
                let aside = Point::new(-along.y, along.x) * (width / 2.0 / length);
                self.fill(&[pair[0] + aside, pair[1] + aside, pair[1] - aside, pair[0] - aside], level);
            }
        }
        for &p in points {
            let Pixel { x, y } = pixel(p);
            draw_filled_circle_mut(&mut self.0, (x, y), (FINE * width / 2.0 - 0.5) as i32, Luma([level]));
        }
    }

    /// Returns the image.
    pub fn finish(self) -> GrayImage {
        let (width, height) = self.0.dimensions();
        resize(&self.0, width / FINE as u32, height / FINE as u32, FilterType::Triangle)
    }
}

/// Converts to canvas pixels. Both origins are at the centre of the first pixel.
fn pixel(p: Point) -> Pixel<i32> {
    let at = |v: f32| ((v + 0.5) * FINE - 0.5).round() as i32;
    Pixel::new(at(p.x), at(p.y))
}

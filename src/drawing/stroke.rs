//! Strokes with smooth edges.
//!
//! Every mark is a stroke: the set of pixels within a distance of a line segment (a dot is a segment of no length).
//! `imageproc` fills polygons and circles at whole pixels only, so a stroke is drawn into an enlarged mask, and a pixel's
//! mean in the mask is its share of the stroke's colour. That smooths the edges and keeps fractions of a pixel.

use image::imageops::thumbnail;
use image::{GrayImage, Luma, Rgb, RgbImage};
use imageproc::drawing::{draw_filled_circle_mut, draw_polygon_mut};
use imageproc::pixelops::interpolate;

use crate::geometry::Point;

/// Mask pixels along the side of an image pixel.
const ENLARGED: u32 = 16;
/// Maximum pixels of a mask: a larger one is enlarged less.
const MASK: f32 = 16e6;

/// Draws the line segment from `a` to `b` with the given half width, in pixels. Parts outside the image are left out.
pub fn stroke(image: &mut RgbImage, a: Point, b: Point, radius: f32, colour: Rgb<u8>) {
    let reach = radius + 1.0;
    // A segment that ends this far outside looks the same inside.
    let far = Point::new(image.width() as f32 + 2.0 * reach, image.height() as f32 + 2.0 * reach);
    let Some((a, b)) = clipped(a, b, Point::new(-2.0 * reach, -2.0 * reach), far) else { return };
    let columns = span(a.x.min(b.x) - reach, a.x.max(b.x) + reach, image.width());
    let rows = span(a.y.min(b.y) - reach, a.y.max(b.y) + reach, image.height());
    let (width, height) = (columns.len() as u32, rows.len() as u32);
    if width == 0 || height == 0 {
        return;
    }
    let enlarged = ((MASK / (width as f32 * height as f32)).sqrt() as u32).clamp(1, ENLARGED);
    let mut mask = GrayImage::new(width * enlarged, height * enlarged);
    let place = |p: Point| {
        let first = Point::new(columns.start as f32 - 0.5, rows.start as f32 - 0.5);
        (p - first) * enlarged as f32 - Point::new(0.5, 0.5)
    };
    // Shapes contain the pixels of their edges, half of which lies outside.
    fill(&mut mask, place(a), place(b), radius * enlarged as f32 - 0.5);
    for (x, y, &Luma([share])) in thumbnail(&mask, width, height).enumerate_pixels() {
        let pixel = image.get_pixel_mut(columns.start + x, rows.start + y);
        *pixel = interpolate(colour, *pixel, f32::from(share) / 255.0);
    }
}

/// Fills the pixels within `radius` of a line segment: a circle at each end, and a rectangle between them.
fn fill(mask: &mut GrayImage, a: Point, b: Point, radius: f32) {
    let full = Luma([255]);
    let whole = |p: Point| imageproc::point::Point::new(p.x.round() as i32, p.y.round() as i32);
    for end in [a, b].map(whole) {
        draw_filled_circle_mut(mask, (end.x, end.y), radius.round().max(0.0) as i32, full);
    }
    let (along, length) = (b - a, a.distance(b));
    if length > 0.0 {
        let across = Point::new(-along.y, along.x) * (radius.max(0.0) / length);
        let corners = [a + across, b + across, b - across, a - across];
        draw_polygon_mut(mask, &corners.map(whole), full);
    }
}

/// The part of a line segment in a rectangle; none if it lies outside or is not finite.
fn clipped(a: Point, b: Point, low: Point, high: Point) -> Option<(Point, Point)> {
    let along = b - a;
    let (mut from, mut to) = (0.0f32, 1.0f32);
    for (start, step, low, high) in [(a.x, along.x, low.x, high.x), (a.y, along.y, low.y, high.y)] {
        if step == 0.0 {
            if !(low..=high).contains(&start) {
                return None;
            }
        } else {
            let (enter, leave) = ((low - start) / step, (high - start) / step);
            from = from.max(enter.min(leave));
            to = to.min(enter.max(leave));
        }
    }
    let finite = [a.x, a.y, along.x, along.y].iter().all(|v| v.is_finite());
    (finite && from <= to).then(|| (a + along * from, a + along * to))
}

/// The pixels of a row or column of `size` between two coordinates. The cast turns negative numbers into 0.
fn span(low: f32, high: f32, size: u32) -> std::ops::Range<u32> {
    (low.floor() as u32).min(size)..((high.ceil() as u32).saturating_add(1)).min(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stroke_covers_its_width() {
        let mut image = RgbImage::new(20, 20);
        stroke(&mut image, Point::new(5.0, 10.0), Point::new(14.0, 10.0), 1.5, Rgb([200, 100, 0]));
        assert_eq!(image.get_pixel(8, 10), &Rgb([200, 100, 0]));
        assert_eq!(image.get_pixel(8, 11), &Rgb([200, 100, 0]));
        assert_eq!(image.get_pixel(8, 12), &Rgb([0, 0, 0]));
        assert_eq!(image.get_pixel(1, 10), &Rgb([0, 0, 0]));
    }

    #[test]
    fn a_dot_and_a_slanted_stroke_have_the_brightness_of_their_areas() {
        let brightness = |a: Point, b: Point, radius: f32| {
            let mut image = RgbImage::new(60, 60);
            stroke(&mut image, a, b, radius, Rgb([255, 255, 255]));
            image.pixels().map(|p| f32::from(p.0[0])).sum::<f32>() / 255.0
        };
        let place = Point::new(20.3, 22.7);
        for radius in [0.5f32, 1.0, 2.3, 6.0] {
            let disc = std::f32::consts::PI * radius * radius;
            let dot = brightness(place, place, radius);
            assert!((dot - disc).abs() < 0.15 * disc, "{dot} for a disc of {disc}");
            let (end, length) = (Point::new(35.3, 42.7), 25.0);
            let line = brightness(place, end, radius);
            let area = disc + 2.0 * radius * length;
            assert!((line - area).abs() < 0.1 * area, "{line} for a stroke of {area}");
        }
    }

    #[test]
    fn a_segment_that_ends_far_outside_is_drawn_inside() {
        let mut image = RgbImage::new(8, 8);
        // The visible part of a segment that ends far outside.
        stroke(&mut image, Point::new(-1e7, 4.0), Point::new(1e7, 4.0), 1.0, Rgb([9, 9, 9]));
        assert!((0..8).all(|x| image.get_pixel(x, 4).0 == [9, 9, 9] && image.get_pixel(x, 6).0 == [0, 0, 0]));
    }
}

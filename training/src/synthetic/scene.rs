//! Scenes: a background, a face, light and noise.

use std::path::Path;

use image::GrayImage;
use lineament::Shape;
use lineament::geometry::Point;
use lineament::raw::ShapeExt;
use lineament::raw::annotations::pts;
use rand::{Rng, RngExt};

use super::face::Head;
use super::paint::Canvas;
use crate::rng::stream;

/// An image and the landmarks of the faces in it.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The image.
    pub image: GrayImage,
    /// Landmarks of every face, in pixels.
    pub shapes: Vec<Shape>,
}

/// Returns image `index` of a series: one face, 56 to 110 pixels wide, in 180×180 pixels.
pub fn portrait(seed: u64, index: u64) -> Scene {
    let rng = &mut stream(seed, index);
    let side = 180;
    let mut canvas = background(side, side, rng);
    let half_width = between(rng, 28.0, 55.0);
    let room = 1.45 * half_width;
    let centre = Point::new(between(rng, room, side as f32 - room), between(rng, room, side as f32 - room));
    let shape = paint_face(&mut canvas, &Head::random(rng), centre, half_width, rng);
    Scene { image: lit(canvas.finish(), rng), shapes: vec![shape] }
}

/// Returns background `index` of a series, without a face.
pub fn clutter(seed: u64, index: u64, width: u32, height: u32) -> GrayImage {
    let rng = &mut stream(seed, index);
    let canvas = background(width, height, rng);
    lit(canvas.finish(), rng)
}

/// Writes portraits to a folder in iBUG's layout: `face_000.png` with `face_000.pts` and so on.
///
/// # Errors
/// If a file cannot be written.
pub fn write_faces(folder: &Path, count: usize, seed: u64) -> std::io::Result<()> {
    for index in 0..count {
        let scene = portrait(seed, index as u64);
        let image = folder.join(format!("face_{index:03}.png"));
        scene.image.save(&image).map_err(std::io::Error::other)?;
        pts::write(image.with_extension("pts"), &scene.shapes[0])?;
    }
    Ok(())
}

/// Writes backgrounds without faces to a folder: `clutter_000.png` and so on, with 240×180 pixels.
///
/// # Errors
/// If a file cannot be written.
pub fn write_backgrounds(folder: &Path, count: usize, seed: u64) -> std::io::Result<()> {
    for index in 0..count {
        let image = folder.join(format!("clutter_{index:03}.png"));
        clutter(seed, index as u64, 240, 180).save(image).map_err(std::io::Error::other)?;
    }
    Ok(())
}

fn between(rng: &mut impl Rng, low: f32, high: f32) -> f32 {
    low + (high - low) * rng.random::<f32>()
}

/// Paints ellipses, boxes and strokes of random grey levels, large ones first.
fn background(width: u32, height: u32, rng: &mut impl Rng) -> Canvas {
    let mut canvas = Canvas::new(width, height, rng.random_range(40..=215));
    let largest = width.max(height) as f32;
    for i in 0..24 {
        let size = largest * between(rng, 0.2, 0.5) * (1.0 - i as f32 / 30.0);
        let centre = Point::new(between(rng, 0.0, width as f32), between(rng, 0.0, height as f32));
        let (level, turn) = (rng.random_range(20..=235), between(rng, 0.0, 3.2));
        let radii = (size / 2.0, size / 2.0 * between(rng, 0.2, 1.0));
        let corner = |x: f32, y: f32| {
            centre
                + Point::new(
                    x * radii.0 * turn.cos() - y * radii.1 * turn.sin(),
                    x * radii.0 * turn.sin() + y * radii.1 * turn.cos(),
                )
        };
        match i % 3 {
            0 => canvas.fill(&[corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)], level),
            1 => canvas.ellipse(centre, radii, turn, level),
            _ => canvas.stroke(&[corner(-1.0, 0.0), corner(0.0, 0.6), corner(1.0, 0.0)], between(rng, 1.0, 6.0), level),
        }
    }
    canvas
}

/// Paints a face around its landmarks, and returns them.
fn paint_face(canvas: &mut Canvas, head: &Head, centre: Point, half_width: f32, rng: &mut impl Rng) -> Shape {
    let shape = head.landmarks(centre, half_width);
    let p = &shape.points;
    let skin = between(rng, 110.0, 215.0);
    let darker = |factor: f32| (skin * factor) as u8;
    let hair = rng.random_range(10..=90);
    let unit = half_width;

    // Hair behind the head, the neck, then the face: the jaw, closed by a forehead from ear to ear.
    let up = p[27] - p[8];
    let top = centre + up * (0.75 * unit / up.distance(Point::default()).max(1e-3));
    canvas.ellipse(top, (1.12 * unit, 0.95 * unit), head.roll, hair);
    canvas.fill(&[p[4], p[12], p[12] - up * 0.8, p[4] - up * 0.8], darker(0.72));
    let across = p[16] - p[0];
    let forehead = |along: f32, height: f32| p[0] + across * along + up * height;
    let mut outline = p[..17].to_vec();
    outline.extend([(1.0, 0.3), (0.85, 0.55), (0.5, 0.66), (0.15, 0.55), (0.0, 0.3)].map(|(x, y)| forehead(x, y)));
    canvas.fill(&outline, skin as u8);

    canvas.stroke(&p[17..22], 0.075 * unit, hair);
    canvas.stroke(&p[22..27], 0.075 * unit, hair);
    for eye in [36..42, 42..48] {
        let lids = &p[eye];
        canvas.fill(lids, (skin * 1.15).min(245.0) as u8);
        let middle = Shape::new(lids.to_vec()).centroid();
        let half_opening = lids[1].distance(lids[5]) / 2.0;
        canvas.ellipse(middle, (half_opening.min(0.07 * unit), half_opening), 0.0, 25);
        canvas.stroke(&lids[..4], 0.03 * unit, darker(0.35));
        canvas.stroke(&[lids[3], lids[4], lids[5], lids[0]], 0.02 * unit, darker(0.55));
    }
    canvas.stroke(&p[27..31], 0.05 * unit, (skin * 1.12).min(250.0) as u8);
    canvas.stroke(&p[31..36], 0.04 * unit, darker(0.5));
    canvas.fill(&p[48..60], darker(0.62));
    canvas.fill(&p[60..68], 30);
    canvas.stroke(&[p[60], p[61], p[62], p[63], p[64]], 0.02 * unit, darker(0.35));
    shape
}

/// Adds light from one side, and noise.
fn lit(mut image: GrayImage, rng: &mut impl Rng) -> GrayImage {
    let (direction, strength) = (between(rng, 0.0, std::f32::consts::TAU), between(rng, 0.0, 0.35));
    let noise = between(rng, 1.0, 7.0);
    let size = image.width().max(image.height()) as f32;
    let (sin, cos) = direction.sin_cos();
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        let light = 1.0 + strength * ((x as f32 * cos + y as f32 * sin) / size - 0.5 * (cos + sin));
        // The sum of three uniform numbers is nearly normal, with a standard deviation of 1/2.
        let error = 2.0 * noise * ((0..3).map(|_| rng.random::<f32>()).sum::<f32>() - 1.5);
        pixel[0] = (f32::from(pixel[0]) * light + error).clamp(0.0, 255.0) as u8;
    }
    image
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_image_depends_only_on_its_seed_and_number() {
        assert_eq!(portrait(3, 5).image, portrait(3, 5).image);
        assert_ne!(portrait(3, 5).image, portrait(3, 6).image);
        assert_ne!(portrait(3, 5).image, portrait(4, 5).image);
    }

    #[test]
    fn the_face_lies_in_the_image_and_differs_from_its_background() {
        for index in 0..50 {
            let Scene { image, shapes } = portrait(1, index);
            let bounds = shapes[0].bounds();
            assert!(bounds.x > 0.0 && bounds.y > 0.0 && bounds.x + bounds.width < 179.0, "{bounds:?}");
            assert!(bounds.y + bounds.height < 180.0, "{index}: {bounds:?}");
            // The corner of an eye is a dark stroke on brighter skin.
            let at = |p: Point| i32::from(image.get_pixel(p.x.round() as u32, p.y.round() as u32)[0]);
            let corner = shapes[0].points[36];
            let cheek = (shapes[0].points[36] + shapes[0].points[48]) * 0.5;
            assert!(at(corner) < at(cheek), "{index}: {} {}", at(corner), at(cheek));
        }
    }
}

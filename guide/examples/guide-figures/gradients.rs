//! Lesson 1: a face, its gradients, and a pyramid.

use image::{Rgb, RgbImage, imageops};
use lineament::raw::GreyImage;
use lineament::raw::hog::gradient_row;
use lineament::raw::pyramid::PyramidSpec;

use super::html::{Panel, coloured, figure};
use super::{Made, photograph};

/// A square around the astronaut's face: left, top and side.
const FACE: [u32; 3] = [156, 44, 136];

/// Cuts out the face.
pub fn face() -> Made<GreyImage<'static>> {
    let [left, top, side] = FACE;
    let image = photograph("astronaut.png")?;
    Ok(GreyImage::from_fn(side, side, |x, y| image.pixel(left + x, top + y)))
}

pub fn drawn() -> Made<String> {
    let face = face()?;
    let (width, height) = face.dimensions();
    let (mut lengths, mut directions) = (vec![0.0; width as usize], vec![0; width as usize]);
    let (mut long, mut turned) = (RgbImage::new(width, height), RgbImage::new(width, height));
    let mut strongest = (0.0, [0, 0], 0);
    for y in 0..height {
        gradient_row(&face, y as usize, &mut lengths, &mut directions);
        for x in 0..width {
            let (length, direction) = (lengths[x as usize], directions[x as usize]);
            let bright = (length * 1.6).min(255.0);
            long.put_pixel(x, y, Rgb([bright as u8; 3]));
            turned.put_pixel(x, y, hue(f32::from(direction) / 18.0, bright));
            if length > strongest.0 && (1..width - 1).contains(&x) && (1..height - 1).contains(&y) {
                strongest = (length, [x, y], direction);
            }
        }
    }
    let (length, [x, y], direction) = strongest;
    let caption = format!(
        "A face of 136 × 136 pixels, the lengths of its gradients (bright is long), their directions as colours, and \
         levels of a pyramid whose sides shrink by √2. The longest gradient of the face is at column {x}, row {y}: the \
         pixel to the left has {}, right {}, above {}, below {}, so the length is {length:.1} and the nearest direction \
         {}°.",
        face.pixel(x - 1, y),
        face.pixel(x + 1, y),
        face.pixel(x, y - 1),
        face.pixel(x, y + 1),
        20 * u32::from(direction)
    );
    let panels = [
        Panel::image(&coloured(&face, 1), "grey levels")?,
        Panel::image(&long, "gradient lengths")?,
        Panel::image(&turned, "gradient directions")?,
        pyramid()?,
    ];
    Ok(figure(&caption, &panels))
}

/// Draws the levels of a pyramid side by side.
fn pyramid() -> Made<Panel> {
    let spec = PyramidSpec { first: 0.4, per_octave: 2, smallest: 36, border: 0 };
    let octaves = spec.octaves(&photograph("astronaut.png")?, |levels| {
        levels.iter().map(|level| level.image.clone()).collect::<Vec<_>>()
    });
    let levels = octaves.concat();
    let width = levels.iter().map(|level| level.width() + 4).sum();
    let height = levels.iter().map(GreyImage::height).max().ok_or("a pyramid without levels")?;
    let mut image = RgbImage::from_pixel(width, height, Rgb([255; 3]));
    let mut x = 0;
    for level in &levels {
        imageops::replace(&mut image, &coloured(level, 1), x, i64::from(height - level.height()));
        x += i64::from(level.width() + 4);
    }
    let sides: Vec<String> = levels.iter().map(|level| level.width().to_string()).collect();
    Panel::image(&image, format!("pyramid: sides of {} pixels", sides.join(", ")))
}

/// A colour of the wheel, `turn` from 0 to 1.
fn hue(turn: f32, bright: f32) -> Rgb<u8> {
    let channel = |shift: f32| {
        let distance = ((turn + shift).rem_euclid(1.0) - 0.5).abs() * 6.0;
        ((distance - 1.0).clamp(0.0, 1.0) * bright) as u8
    };
    Rgb([channel(0.0), channel(2.0 / 3.0), channel(1.0 / 3.0)])
}

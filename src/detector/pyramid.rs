//! The same image at many sizes, so that a window of one size finds faces of every size.
//!
//! ```text
//!  image ───half───► image/2 ───half───► image/4 …           octaves: 2×2 means
//!    │                  │                   │
//!    └─► levels between └─► levels between  └─► …             triangle filter, factors from 0.62 to 1.23
//! ```
//!
//! A level has a border that repeats the image's outermost pixels, so that windows may reach beyond the edge.

use std::borrow::Cow;

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};

use crate::geometry::Point;
use crate::image::GreyImage;
use crate::image::resample::half;
use crate::parallel;

/// Largest ratio of a level to the octave that it is scaled from, where there is a larger octave. A slight blur does not
/// harm gradients, and reading the smaller octave costs a quarter of the pixels.
const ENLARGED: f32 = 1.23;

/// The levels of a pyramid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PyramidSpec {
    /// Level pixels per image pixel in the first, largest level.
    pub first: f32,
    /// Levels per octave: after this many the size is halved.
    pub per_octave: u32,
    /// Shortest side of a level with its borders, in pixels.
    pub smallest: u32,
    /// Width of the border on each side of a level, in pixels.
    pub border: u32,
}

/// An image at one size.
#[derive(Clone, Debug)]
pub struct Level {
    /// The scaled image with its border.
    pub image: GreyImage<'static>,
    /// Level pixels per image pixel, horizontally and vertically.
    pub scale: [f32; 2],
    /// Width of the border on each side, in pixels.
    pub border: u32,
}

impl Level {
    /// Maps a point of the level, counted from pixel edges, to the image, counted from pixel centres.
    pub fn to_image(&self, p: Point) -> Point {
        let border = self.border as f32;
        Point::new((p.x - border) / self.scale[0] - 0.5, (p.y - border) / self.scale[1] - 0.5)
    }
}

impl PyramidSpec {
    /// Calls `visit` with the levels of each octave, from large to small, and collects what it returns.
    ///
    /// Only one octave's levels are in memory at a time.
    pub fn octaves<T>(&self, image: &GreyImage, mut visit: impl FnMut(&[Level]) -> T) -> Vec<T> {
        let mut base = image.view();
        let (mut step, mut halvings, mut results) = (0u32, 0i32, Vec::new());
        let per_octave = self.per_octave.max(1);
        let size = [image.width(), image.height()];
        loop {
            // The sizes of this octave's levels: those that are too large for the next octave.
            let mut sizes = Vec::new();
            let ended = loop {
                let scale = self.first * (-(step as f32) / per_octave as f32).exp2();
                let sides = size.map(|side| (side as f32 * scale).round() as u32);
                if sides[0].min(sides[1]) + 2 * self.border < self.smallest.max(1) || sides.contains(&0) {
                    break true;
                }
                if scale <= 0.5f32.powi(halvings + 1) * ENLARGED {
                    break false;
                }
                sizes.push(sides);
                step += 1;
            };
            if !sizes.is_empty() {
                let level = |&sides: &[u32; 2]| Level {
                    image: resized(&base, sides, self.border),
                    scale: [0, 1].map(|axis| sides[axis] as f32 / size[axis] as f32),
                    border: self.border,
                };
                let levels: Vec<Level> = parallel::map(&sizes, level);
                results.push(visit(&levels));
            }
            if ended {
                return results;
            }
            base = half(&base);
            halvings += 1;
        }
    }
}

/// Returns the image scaled to this width and height, with a border.
fn resized(image: &GreyImage, [width, height]: [u32; 2], border: u32) -> GreyImage<'static> {
    let scaled = if image.dimensions() == (width, height) {
        Cow::Borrowed(image.as_raw())
    } else {
        let mut pixels = vec![0u8; width as usize * height as usize];
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
        // The typed call compiles the resizer for one pixel type instead of all of them.
        let source = TypedImageRef::<U8>::from_buffer(image.width(), image.height(), image.as_raw());
        let mut target =
            TypedImage::<U8>::from_buffer(width, height, &mut pixels).expect("a buffer of the level's size");
        let resized =
            Resizer::new().resize_typed(&source.expect("a buffer of the image's size"), &mut target, &options);
        resized.expect("sizes of one pixel at least");
        Cow::Owned(pixels)
    };
    with_border(&scaled, width as usize, border as usize)
}

/// Adds a border that repeats the outermost pixels.
fn with_border(pixels: &[u8], width: usize, border: usize) -> GreyImage<'static> {
    let height = pixels.len() / width;
    let (full_width, full_height) = (width + 2 * border, height + 2 * border);
    let mut bordered = Vec::with_capacity(full_width * full_height);
    for y in 0..full_height {
        let row = &pixels[y.saturating_sub(border).min(height - 1) * width..][..width];
        bordered.extend(std::iter::repeat_n(row[0], border));
        bordered.extend_from_slice(row);
        bordered.extend(std::iter::repeat_n(row[width - 1], border));
    }
    GreyImage::of(full_width as u32, full_height as u32, bordered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(width: u32, height: u32) -> GreyImage<'static> {
        GreyImage::from_fn(width, height, |x, _| x as u8)
    }

    #[test]
    fn levels_show_the_same_places() {
        let spec = PyramidSpec { first: 1.3, per_octave: 4, smallest: 20, border: 6 };
        let mut widths = Vec::new();
        spec.octaves(&ramp(200, 120), |levels| {
            for level in levels {
                widths.push(level.image.width() - 12);
                let (x, y) = (level.image.width() / 3, level.image.height() / 2);
                let place = level.to_image(Point::new(x as f32 + 0.5, y as f32 + 0.5));
                let grey = f32::from(level.image.pixel(x, y));
                // Half a grey level each for the rounding of the halves, of the scaled image and of its sides, and a small part
                // of a level's pixel, as a half of an odd width repeats its last column.
                assert!((grey - place.x).abs() < 1.5 + 0.05 / level.scale[0], "{grey} at {place:?}");
            }
        });
        assert_eq!(widths[..6], [260, 219, 184, 155, 130, 109]);
        assert_eq!(widths.len(), 18);
    }

    #[test]
    fn a_first_level_of_half_the_size_is_the_mean_of_pixels() {
        let spec = PyramidSpec { first: 0.5, per_octave: 4, smallest: 60, border: 0 };
        let image = ramp(121, 121);
        let first = spec.octaves(&image, |levels| levels[0].image.clone());
        assert_eq!(first[0], half(&image));
        assert_eq!(first[0].pixel(3, 3), 7);
    }

    #[test]
    fn small_and_thin_images_have_few_levels_or_none() {
        let spec = PyramidSpec { first: 1.0, per_octave: 4, smallest: 20, border: 0 };
        for (width, height) in [(1, 1), (1, 2000), (19, 500)] {
            assert!(spec.octaves(&ramp(width, height), |levels| levels.len()).is_empty());
        }
        let spec = PyramidSpec { border: 10, ..spec };
        // Half a pixel still counts as one.
        assert_eq!(spec.octaves(&ramp(1, 2000), |levels| levels.len()), [3, 2]);
    }
}

//! Histograms of oriented gradients in a patch around every landmark.
//!
//! The crop is first turned and scaled so that the current shape stands like the mean shape (the chip). A gradient
//! `(dx, dy)` is then written as the sum of its two neighbours among eight directions, 45° apart, with weights that need
//! neither an angle nor a root: between east and south-east, `(dx, dy) = (dx − dy)·E + √2·dy·SE`. So each of the eight
//! orientation channels is a `max` or `min` of differences:
//!
//! ```text
//!   E:  max(0, dx − |dy|)      SE: √2·min(dx⁺, dy⁺)      where v⁺ = max(0, v), v⁻ = max(0, −v)
//!   S:  max(0, dy − |dx|)      SW: √2·min(dx⁻, dy⁺)
//!   W:  max(0, −dx − |dy|)     NW: √2·min(dx⁻, dy⁻)
//!   N:  max(0, −dy − |dx|)     NE: √2·min(dx⁺, dy⁻)
//! ```
//!
//! The channels are summed over bins of 2×2 pixels and smoothed with a triangle as wide as a cell, which is the bilinear
//! spatial interpolation of HOG (Dalal & Triggs, CVPR 2005, section 6.3) done once for all patches. A patch is `4 × 4`
//! cells read from that map around a landmark, normalised to unit length.

use bincode::{Decode, Encode};
use multiversion::multiversion;

use super::Similarity;
use crate::geometry::Point;
use crate::image::GrayImage;

/// Orientation channels.
pub const ORIENTATIONS: usize = 8;
/// Cells along a patch's side.
pub const CELLS: usize = 4;
/// Numbers a patch.
pub const PATCH: usize = CELLS * CELLS * ORIENTATIONS;
/// Chip pixels along a bin's side.
const BIN: usize = 2;

type Bin = [f32; ORIENTATIONS];

/// Which patches a stage looks at.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct PatchSpec {
    /// Chip pixels a crop pixel of the mean shape's frame.
    pub zoom: f32,
    /// Half a patch's side, in crop pixels of the mean shape's frame.
    pub radius: f32,
}

impl PatchSpec {
    /// A cell's side in bins.
    fn cell(&self) -> f32 {
        2.0 * self.radius * self.zoom / (CELLS * BIN) as f32
    }

    pub(super) fn validate(&self) -> Result<(), String> {
        let usable = (0.05..=20.0).contains(&self.zoom) && (0.5..=200.0).contains(&self.radius);
        if usable { Ok(()) } else { Err(format!("patches of radius {} at zoom {}", self.radius, self.zoom)) }
    }

    /// The features of a shape: [`PATCH`] numbers a landmark, in the landmarks' order.
    ///
    /// `frame` maps the mean shape's frame (crop pixels) to the current shape's; `mean` is the mean shape.
    pub fn describe(
        &self,
        crop: &GrayImage,
        mean: &[Point],
        shape: &[Point],
        frame: &Similarity,
        features: &mut Vec<f32>,
    ) {
        let chip_frame = ChipFrame::new(self, mean, frame);
        let chip = chip_frame.sample(crop);
        let mut map = OrientationMap::new(&chip, chip_frame.size);
        map.smooth(self.cell());
        let to_chip = chip_frame.to_crop.inverse();
        for &p in shape {
            map.patch(to_chip.apply(p) * (1.0 / BIN as f32), self.cell(), features);
        }
    }
}

/// The chip's size and its map to the crop.
struct ChipFrame {
    /// Width and height in chip pixels, even.
    size: [usize; 2],
    to_crop: Similarity,
}

impl ChipFrame {
    fn new(spec: &PatchSpec, mean: &[Point], frame: &Similarity) -> Self {
        // The chip shows the mean shape with a patch around each landmark, and as much again for shapes that differ.
        let margin = 2.0 * spec.radius;
        let bounds = super::Shape::new(mean.to_vec()).bounds();
        let size = [bounds.width, bounds.height]
            .map(|extent| (((extent + 2.0 * margin) * spec.zoom / 2.0) as usize).max(2) * 2);
        let corner = Point::new(bounds.x - margin, bounds.y - margin);
        let chip_pixel = 1.0 / spec.zoom;
        let to_crop = Similarity { a: frame.a * chip_pixel, b: frame.b * chip_pixel, t: frame.apply(corner) };
        Self { size, to_crop }
    }

    /// The chip's grey values, bilinear, in rows.
    fn sample(&self, crop: &GrayImage) -> Vec<i16> {
        let mut chip = vec![0; self.size[0] * self.size[1]];
        sample(crop.as_raw(), [crop.width() as usize, crop.height() as usize], self, &mut chip);
        chip
    }
}

/// Fractional bits of chip grey values, so that gradients of smooth skin are not rounded away.
const GREY_BITS: u32 = 4;

fn sample(pixels: &[u8], [width, height]: [usize; 2], frame: &ChipFrame, chip: &mut [i16]) {
    // Positions with 16 fractional bits; a turned line crosses the crop in equal steps.
    const ONE: f32 = 65536.0;
    let fixed = |v: f32| (v.clamp(-16000.0, 16000.0) * ONE) as i32;
    let (right, bottom) = (((width - 1) << 16) as i32 - 1, ((height - 1) << 16) as i32 - 1);
    let (step_x, step_y) = (fixed(frame.to_crop.a), fixed(frame.to_crop.b));
    for (y, row) in chip.chunks_exact_mut(frame.size[0]).enumerate() {
        let start = frame.to_crop.apply(Point::new(0.0, y as f32));
        let (mut px, mut py) = (fixed(start.x), fixed(start.y));
        for value in row {
            let (cx, cy) = (px.clamp(0, right.max(0)), py.clamp(0, bottom.max(0)));
            let (fx, fy) = ((cx >> 8) & 255, (cy >> 8) & 255);
            let at = (cy >> 16) as usize * width + (cx >> 16) as usize;
            let grey = |at: usize| i32::from(pixels[at]);
            let [below, beside] = [if height > 1 { width } else { 0 }, usize::from(width > 1)];
            let top = grey(at) * (256 - fx) + grey(at + beside) * fx;
            let low = grey(at + below) * (256 - fx) + grey(at + below + beside) * fx;
            *value = ((top * (256 - fy) + low * fy) >> (16 - GREY_BITS)) as i16;
            px = px.wrapping_add(step_x);
            py = py.wrapping_add(step_y);
        }
    }
}

/// Gradient energy by orientation, in bins of 2×2 chip pixels.
struct OrientationMap {
    /// Width and height in bins.
    size: [usize; 2],
    bins: Vec<Bin>,
}

impl OrientationMap {
    fn new(chip: &[i16], size: [usize; 2]) -> Self {
        let bins_size = [size[0] / BIN, size[1] / BIN];
        let mut bins = vec![[0.0; ORIENTATIONS]; bins_size[0] * bins_size[1]];
        bin_gradients(chip, size, &mut bins);
        Self { size: bins_size, bins }
    }

    /// Smooths every channel with a triangle of half-width `cell` bins, rows and columns apart.
    fn smooth(&mut self, cell: f32) {
        let reach = (cell.ceil() as usize).saturating_sub(1).min(self.size[0].min(self.size[1]) - 1);
        let weights: Vec<f32> = (0..=reach).map(|i| 1.0 - i as f32 / cell.max(1.0)).collect();
        let mut rows = vec![[0.0; ORIENTATIONS]; self.bins.len()];
        smooth_rows(&self.bins, self.size[0], &weights, &mut rows);
        smooth_columns(&rows, self.size[0], &weights, &mut self.bins);
    }

    /// Appends the patch around `centre` (in bins), its cells `cell` bins apart.
    fn patch(&self, centre: Point, cell: f32, features: &mut Vec<f32>) {
        let start = features.len();
        for row in 0..CELLS {
            for column in 0..CELLS {
                let offset = |i: usize| (i as f32 - (CELLS - 1) as f32 / 2.0) * cell;
                // A bin's centre lies half a pixel, a quarter of a bin, beyond its first pixel's centre.
                let p = centre + Point::new(offset(column) - 0.25, offset(row) - 0.25);
                features.extend(self.at(p));
            }
        }
        normalise(&mut features[start..]);
    }

    /// The channels at a place between bins, bilinear.
    #[inline]
    fn at(&self, p: Point) -> Bin {
        let [width, height] = self.size;
        let (x, y) = (p.x.clamp(0.0, (width - 1) as f32), p.y.clamp(0.0, (height - 1) as f32));
        let (column, row) = (x as usize, y as usize);
        let (fx, fy) = (x - column as f32, y - row as f32);
        let (right, below) = ((column + 1).min(width - 1), (row + 1).min(height - 1));
        let (a, b) = (&self.bins[row * width + column], &self.bins[row * width + right]);
        let (c, d) = (&self.bins[below * width + column], &self.bins[below * width + right]);
        std::array::from_fn(|k| (a[k] * (1.0 - fx) + b[k] * fx) * (1.0 - fy) + (c[k] * (1.0 - fx) + d[k] * fx) * fy)
    }
}

#[multiversion(targets("x86_64+avx2", "x86_64+sse4.1"))]
fn bin_gradients(chip: &[i16], [width, height]: [usize; 2], bins: &mut [Bin]) {
    const DIAGONAL: f32 = std::f32::consts::SQRT_2;
    let columns = width / BIN;
    let mut channels = vec![[0i16; ORIENTATIONS]; width];
    for (y, row) in bins.chunks_exact_mut(columns).enumerate() {
        channels.fill([0; ORIENTATIONS]);
        for y in BIN * y..BIN * (y + 1) {
            // No gradient is taken across the chip's edge.
            if y == 0 || y + 1 >= height {
                continue;
            }
            let (above, here, below) =
                (&chip[(y - 1) * width..][..width], &chip[y * width..][..width], &chip[(y + 1) * width..][..width]);
            for x in 1..width - 1 {
                let (dx, dy) = (here[x + 1] - here[x - 1], below[x] - above[x]);
                let (east, west, south, north) = (dx.max(0), (-dx).max(0), dy.max(0), (-dy).max(0));
                let (across, along) = (dx.abs(), dy.abs());
                let votes = [
                    (east - along).max(0),
                    east.min(south),
                    (south - across).max(0),
                    west.min(south),
                    (west - along).max(0),
                    west.min(north),
                    (north - across).max(0),
                    east.min(north),
                ];
                for (sum, vote) in channels[x].iter_mut().zip(votes) {
                    *sum += vote;
                }
            }
        }
        for (bin, pixels) in row.iter_mut().zip(channels.as_chunks::<BIN>().0) {
            for k in 0..ORIENTATIONS {
                let length = if k % 2 == 0 { 1.0 } else { DIAGONAL };
                bin[k] = f32::from(pixels[0][k] + pixels[1][k]) * length;
            }
        }
    }
}

#[multiversion(targets("x86_64+avx2"))]
fn smooth_rows(bins: &[Bin], width: usize, weights: &[f32], out: &mut [Bin]) {
    for (row, out) in bins.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
        for (x, out) in out.iter_mut().enumerate() {
            *out = row[x];
            for (i, &weight) in weights.iter().enumerate().skip(1) {
                let (left, right) = (&row[x.saturating_sub(i)], &row[(x + i).min(width - 1)]);
                for k in 0..ORIENTATIONS {
                    out[k] += weight * (left[k] + right[k]);
                }
            }
        }
    }
}

#[multiversion(targets("x86_64+avx2"))]
fn smooth_columns(bins: &[Bin], width: usize, weights: &[f32], out: &mut [Bin]) {
    let height = bins.len() / width;
    let row = |y: usize| &bins[y * width..][..width];
    for (y, out) in out.chunks_exact_mut(width).enumerate() {
        out.copy_from_slice(row(y));
        for (i, &weight) in weights.iter().enumerate().skip(1) {
            let (above, below) = (row(y.saturating_sub(i)), row((y + i).min(height - 1)));
            for ((out, above), below) in out.iter_mut().zip(above).zip(below) {
                for k in 0..ORIENTATIONS {
                    out[k] += weight * (above[k] + below[k]);
                }
            }
        }
    }
}

/// Scales a patch to unit length after a square root of each number, which tempers strong edges.
fn normalise(patch: &mut [f32]) {
    // |√v|² = Σ v, so unit length is a division by the plain sum before the root.
    let sum: f32 = patch.iter().sum();
    // A patch of flat grey has no direction: it stays near zero instead of growing its noise.
    let scale = 1.0 / (sum + 64.0);
    for value in patch {
        *value = (*value * scale).sqrt();
    }
}

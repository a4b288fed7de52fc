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
//! cells read from that map around a landmark, normalised to unit length after a square root.

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
/// The feature that stands for 1: features are small integers, so that sums of products are exact and fast.
pub const FEATURE_ONE: f32 = 1024.0;
/// Chip pixels along a bin's side.
const BIN: usize = 2;

type Bin = [f32; ORIENTATIONS];

/// How a chip is cut.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct ChipSpec {
    /// Chip pixels a crop pixel of the mean shape's frame.
    pub zoom: f32,
    /// What the chip shows beyond the mean shape on each side, in crop pixels of the mean shape's frame.
    pub margin: f32,
}

impl ChipSpec {
    pub(super) fn validate(&self) -> Result<(), String> {
        let usable = (0.05..=10.0).contains(&self.zoom) && (1.0..=200.0).contains(&self.margin);
        if usable { Ok(()) } else { Err(format!("chips of margin {} at zoom {}", self.margin, self.zoom)) }
    }

    /// Cuts the chip of a shape from the face's crop. `frame` maps the mean shape's frame (crop pixels) to the current
    /// shape's; `mean` is the mean shape.
    pub fn cut(&self, crop: &GrayImage, mean: &[Point], frame: &Similarity) -> Chip {
        let chip_frame = ChipFrame::new(self, mean, frame);
        let map = OrientationMap::new(&chip_frame.sample(crop), chip_frame.size);
        let to_chip = chip_frame.to_crop.inverse();
        Chip { map, smooth: Vec::new(), scratch: Vec::new(), smoothed: 0.0, zoom: self.zoom, to_chip }
    }
}

/// The face, turned and scaled to stand like the mean shape, as a map of gradients.
pub struct Chip {
    map: OrientationMap,
    /// The map's bins, smoothed for cells of `smoothed` bins.
    smooth: Vec<Bin>,
    /// The same after rows only.
    scratch: Vec<Bin>,
    smoothed: f32,
    zoom: f32,
    to_chip: Similarity,
}

impl Chip {
    /// Appends the features of a shape (crop pixels): [`PATCH`] numbers from 0 to [`FEATURE_ONE`] for each landmark, in
    /// the landmarks' order. `radius` is half a patch's side in crop pixels of the mean shape's frame.
    pub fn describe(&mut self, shape: &[Point], radius: f32, features: &mut Vec<i16>) {
        let cell = 2.0 * radius * self.zoom / (CELLS * BIN) as f32;
        if cell != self.smoothed {
            self.map.smooth(cell, &mut self.scratch, &mut self.smooth);
            self.smoothed = cell;
        }
        for &p in shape {
            let mut patch = [0.0; PATCH];
            let centre = self.to_chip.apply(p) * (1.0 / BIN as f32);
            // A bin's centre lies half a pixel, a quarter of a bin, beyond its first pixel's centre.
            let first = -((CELLS - 1) as f32) / 2.0 * cell - 0.25;
            read_cells(&self.smooth, self.map.size, centre + Point::new(first, first), cell, &mut patch);
            features.extend(normalised(&patch));
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
    fn new(spec: &ChipSpec, mean: &[Point], frame: &Similarity) -> Self {
        let bounds = super::Shape::new(mean.to_vec()).bounds();
        let size = [bounds.width, bounds.height]
            .map(|extent| (((extent + 2.0 * spec.margin) * spec.zoom / 2.0) as usize).clamp(2, 1000) * 2);
        let corner = Point::new(bounds.x - spec.margin, bounds.y - spec.margin);
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

    /// Every channel smoothed with a triangle of half-width `cell` bins, rows first and then columns.
    fn smooth(&self, cell: f32, rows: &mut Vec<Bin>, out: &mut Vec<Bin>) {
        let reach = (cell.ceil() as usize).saturating_sub(1).min(self.size[0].min(self.size[1]) - 1);
        let weights: Vec<f32> = (0..=reach).map(|i| 1.0 - i as f32 / cell.max(1.0)).collect();
        rows.resize(self.bins.len(), [0.0; ORIENTATIONS]);
        out.resize(self.bins.len(), [0.0; ORIENTATIONS]);
        smooth_rows(&self.bins, self.size[0], &weights, rows);
        smooth_columns(rows, self.size[0], &weights, out);
    }
}

/// The channels at `CELLS × CELLS` places between bins, bilinear, the first of them at `start`.
#[multiversion(targets("x86_64+avx2"))]
fn read_cells(bins: &[Bin], [width, height]: [usize; 2], start: Point, cell: f32, patch: &mut [f32; PATCH]) {
    let (right, bottom) = ((width - 1) as f32, (height - 1) as f32);
    for (i, out) in patch.as_chunks_mut::<ORIENTATIONS>().0.iter_mut().enumerate() {
        let x = (start.x + (i % CELLS) as f32 * cell).clamp(0.0, right);
        let y = (start.y + (i / CELLS) as f32 * cell).clamp(0.0, bottom);
        let (column, row) = (x as usize, y as usize);
        let (fx, fy) = (x - column as f32, y - row as f32);
        let (beside, below) = ((column + 1).min(width - 1), (row + 1).min(height - 1));
        let (a, b) = (&bins[row * width + column], &bins[row * width + beside]);
        let (c, d) = (&bins[below * width + column], &bins[below * width + beside]);
        for k in 0..ORIENTATIONS {
            let (top, low) = (a[k] + (b[k] - a[k]) * fx, c[k] + (d[k] - c[k]) * fx);
            out[k] = top + (low - top) * fy;
        }
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

/// The patch at unit length after a square root of each number, which tempers strong edges.
#[multiversion(targets("x86_64+avx2"))]
fn normalised(patch: &[f32; PATCH]) -> [i16; PATCH] {
    // |√v|² = Σ v, so unit length is a division by the plain sum before the root.
    let mut sums = [0.0f32; ORIENTATIONS];
    for cell in patch.as_chunks::<ORIENTATIONS>().0 {
        for k in 0..ORIENTATIONS {
            sums[k] += cell[k];
        }
    }
    // A patch of flat grey has no direction: it stays near zero instead of growing its noise.
    let scale = FEATURE_ONE * FEATURE_ONE / (sums.iter().sum::<f32>() + 64.0);
    let mut rounded = [0; PATCH];
    for (rounded, value) in rounded.iter_mut().zip(patch) {
        // Between 0 and FEATURE_ONE.
        *rounded = ((value * scale).sqrt() + 0.5) as i32 as i16;
    }
    rounded
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An edge across the crop, turned by `angle`.
    fn edge(angle: f32) -> GrayImage {
        GrayImage::from_fn(64, 64, |x, y| {
            let across = (x as f32 - 32.0) * angle.cos() + (y as f32 - 32.0) * angle.sin();
            image::Luma([(128.0 + (across * 20.0).clamp(-100.0, 100.0)) as u8])
        })
    }

    fn features(crop: &GrayImage, frame: &Similarity) -> Vec<i16> {
        let mean = [Point::new(22.0, 22.0), Point::new(42.0, 42.0)];
        let mut features = Vec::new();
        let mut chip = ChipSpec { zoom: 1.0, margin: 10.0 }.cut(crop, &mean, frame);
        chip.describe(&[frame.apply(Point::new(32.0, 32.0))], 8.0, &mut features);
        features
    }

    #[test]
    fn an_edge_votes_for_its_direction_at_unit_length() {
        for (direction, angle) in (0..ORIENTATIONS).map(|k| (k, std::f32::consts::TAU / 8.0 * k as f32)) {
            let patch = features(&edge(angle), &Similarity::IDENTITY);
            let votes = |k: usize| patch.iter().skip(k).step_by(ORIENTATIONS).map(|&v| f32::from(v)).sum::<f32>();
            let strongest = (0..ORIENTATIONS).max_by(|&a, &b| votes(a).total_cmp(&votes(b))).unwrap();
            assert_eq!(strongest, direction);
            let length = patch.iter().map(|&v| f32::from(v).powi(2)).sum::<f32>().sqrt();
            assert!((length / FEATURE_ONE - 1.0).abs() < 0.02, "{length}");
        }
    }

    #[test]
    fn a_turned_face_gives_the_same_features() {
        let angle = 0.5f32;
        let turn = Similarity { a: angle.cos(), b: angle.sin(), t: Point::default() };
        let centre = Point::new(32.0, 32.0);
        let turn = Similarity { t: centre - turn.rotate(centre), ..turn };
        let (straight, turned) = (features(&edge(0.0), &Similarity::IDENTITY), features(&edge(angle), &turn));
        let difference: f32 = straight.iter().zip(&turned).map(|(a, b)| f32::from(a - b).abs()).sum();
        let sum: f32 = straight.iter().map(|&a| f32::from(a)).sum();
        assert!(difference < 0.15 * sum, "{difference} of {sum}");
    }

    #[test]
    fn flat_grey_has_no_features() {
        let flat = features(&GrayImage::from_pixel(64, 64, image::Luma([90])), &Similarity::IDENTITY);
        assert!(flat.iter().all(|&v| v == 0));
    }
}

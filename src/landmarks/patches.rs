//! Histograms of oriented gradients in a patch around every landmark.
//!
//! A gradient `(dx, dy)` is the sum of two vectors in the neighbouring ones of eight directions, 45° apart. Their lengths
//! need neither an angle nor a root: between east and south-east, `(dx, dy) = (dx − dy)·E + √2·dy·SE`. So each of the
//! eight orientation channels is a `max` or `min` of differences:
//!
//! ```text
//!   E:  max(0, dx − |dy|)      SE: √2·min(dx⁺, dy⁺)      where v⁺ = max(0, v), v⁻ = max(0, −v)
//!   S:  max(0, dy − |dx|)      SW: √2·min(dx⁻, dy⁺)
//!   W:  max(0, −dx − |dy|)     NW: √2·min(dx⁻, dy⁻)
//!   N:  max(0, −dy − |dx|)     NE: √2·min(dx⁺, dy⁻)
//! ```
//!
//! The channels are summed over bins of 2×2 pixels, in 16-bit integers, and smoothed with a triangle as wide as a cell:
//! the bilinear spatial interpolation of HOG (Dalal & Triggs, CVPR 2005, section 6.3), done once for all patches. A patch
//! is `4 × 4` cells of that map around a landmark, normalised to unit length after a square root.
//!
//! Patches turn and grow with the face: gradients are turned back before they vote, so that directions count from the
//! face's own east, and cells are read at turned places.
//!
//! ```text
//!   ┌──┬──┬──┬──┐
//!   ├──┼──┼──┼──┤        ◉ landmark
//!   ├──┼──◉──┼──┤        radius: from the landmark to the patch's side
//!   ├──┼──┼──┼──┤
//!   └──┴──┴──┴──┘
//! ```

use super::Similarity;
use super::crop::{Crop, Level};
use super::shape::bounds;
use crate::geometry::Point;
use crate::image::resample::Area;

/// Orientation channels.
pub const ORIENTATIONS: usize = 8;
/// Cells along a patch's side.
pub const CELLS: usize = 4;
/// Numbers per patch.
pub const PATCH: usize = CELLS * CELLS * ORIENTATIONS;
/// The integer for the feature value 1. Features are small integers, so that sums of products are exact and fast.
pub const FEATURE_ONE: f32 = 1024.0;
/// Pixels along a bin's side.
const BIN: usize = 2;
/// Fractional bits of turned gradients and of the numbers in bins: without them weak gradients would be rounded to 0.
const FRACTION: u32 = 4;

type Bin = [u16; ORIENTATIONS];
/// Added to a patch's sum before its features are divided by it, so that a patch of nearly one grey stays close to zero.
const FLAT: f32 = 16.0;

/// The gradients around a face by orientation, in bins of 2×2 pixels of a level of the crop.
pub struct OrientationMap {
    /// Width and height in bins.
    size: [usize; 2],
    bins: Vec<Bin>,
    /// The bins, smoothed for cells of `smoothed` bins.
    smooth: Vec<Bin>,
    smoothed: f32,
    /// The level of the crop.
    level: Level,
    /// The first bin's first pixel in it.
    corner: Point,
}

impl OrientationMap {
    /// Computes the map of the part of a crop within `reach` (crop pixels) of the bounds of a shape (crop pixels). Patches
    /// that reach beyond that part repeat its edge. `number` is the level of the crop, from 0 to 2; `frame` maps the mean
    /// shape's frame to the face's.
    pub fn new(crop: &Crop, number: u8, shape: &[Point], frame: &Similarity, reach: f32) -> Self {
        let level = crop.level(number);
        let bounds = bounds(shape);
        let [(left, width), (top, height)] = [(bounds.x, bounds.width), (bounds.y, bounds.height)]
            .map(|(start, extent)| span(start - reach, extent + 2.0 * reach, &level));
        let part = crop.part(number, &Area { left, top, width, height });
        let size = [width, height].map(|side| side as usize / BIN);
        let mut bins = vec![[0; ORIENTATIONS]; size[0] * size[1]];
        bin_gradients(&part.pixels, part.stride, size, frame.angle(), &mut bins);
        let corner = Point::new(left as f32, top as f32);
        Self { size, bins, smooth: Vec::new(), smoothed: 0.0, level, corner }
    }

    /// Appends the features of patches around these centres (crop pixels): [`PATCH`] numbers from 0 to [`FEATURE_ONE`] for
    /// each in turn. `frame` is the one for which the map was made; `radius` is half a patch's side, in crop pixels of the
    /// mean shape's frame.
    pub fn describe(
        &mut self,
        centres: impl IntoIterator<Item = Point>,
        frame: &Similarity,
        radius: f32,
        features: &mut Vec<i16>,
    ) {
        let bins_a_pixel = self.level.zoom / BIN as f32;
        let cell = 2.0 * radius / CELLS as f32;
        self.smooth_for(cell * bins_a_pixel);
        let from_centre = |index: usize| (index as f32 - (CELLS - 1) as f32 / 2.0) * cell;
        let places: [Place; CELLS * CELLS] = std::array::from_fn(|i| {
            place(frame.rotate(Point::new(from_centre(i % CELLS), from_centre(i / CELLS))) * bins_a_pixel)
        });
        // A bin's centre lies half a pixel beyond its first pixel's.
        let half = 0.5 * (BIN - 1) as f32;
        for p in centres {
            let centre = (self.level.to_level(p) - self.corner - Point::new(half, half)) * (1.0 / BIN as f32);
            let mut patch = [0; PATCH];
            read_cells(&self.smooth, self.size, place(centre), &places, &mut patch);
            features.extend(normalised(&patch));
        }
    }

    /// Smooths every channel with a triangle of half-width `cell` bins and sum 1.
    fn smooth_for(&mut self, cell: f32) {
        let cell = cell.max(1.0);
        if cell == self.smoothed {
            return;
        }
        // At least one neighbour, even if its weight is 0.
        let reach = (cell.ceil() as usize - 1).clamp(1, self.size[0].min(self.size[1]) - 1);
        let triangle: Vec<f32> = (0..=reach).map(|i| 1.0 - i as f32 / cell).collect();
        let sum = 2.0 * triangle.iter().sum::<f32>() - 1.0;
        let weights: Vec<u16> = triangle.iter().map(|w| (w / sum * 65535.0) as u16).collect();
        self.smooth.clear();
        smooth(self.bins.as_flattened(), self.size[0] * ORIENTATIONS, &weights, &mut self.smooth);
        self.smoothed = cell;
    }
}

/// Returns the first pixel and the number of pixels of an interval (crop pixels) in a level: whole bins, at least two.
fn span(start: f32, extent: f32, level: &Level) -> (u32, u32) {
    const LEAST: u32 = 2 * BIN as u32;
    let [start, end] = [start, start + extent].map(|x| level.to_level(Point::new(x, 0.0)).x.max(0.0) as u32);
    let first = start.min(level.side.saturating_sub(LEAST));
    let end = end.saturating_add(1).clamp(first + LEAST, level.side);
    (first, (end - first) / BIN as u32 * BIN as u32)
}

/// A place between bins, with 8 fractional bits.
type Place = [i32; 2];

/// Rounds a place (in bins). The limits are far outside any map, and sums of places far within 32 bits.
fn place(p: Point) -> Place {
    [p.x, p.y].map(|v| (v.clamp(-1e6, 1e6) * 256.0) as i32)
}

/// For each of 256 steps from one bin to the next the next one's share, once for each channel: the compiler would multiply
/// by a single number in 32 bits.
static SHARES: [[u16; ORIENTATIONS]; 257] = {
    let mut shares = [[u16::MAX; ORIENTATIONS]; 257];
    let mut step = 0;
    while step < 256 {
        shares[step] = [256 * step as u16; ORIENTATIONS];
        step += 1;
    }
    shares
};

/// Interpolates the channels at places between bins, bilinearly.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn read_cells(
    bins: &[Bin],
    [width, height]: [usize; 2],
    centre: Place,
    places: &[Place; CELLS * CELLS],
    patch: &mut [u16; PATCH],
) {
    let (right, bottom) = (((width - 1) << 8) as i32, ((height - 1) << 8) as i32);
    for (place, out) in places.iter().zip(patch.as_chunks_mut::<ORIENTATIONS>().0) {
        let (x, y) = ((centre[0] + place[0]).clamp(0, right), (centre[1] + place[1]).clamp(0, bottom));
        let (column, row) = ((x >> 8) as usize, (y >> 8) as usize);
        let (fx, fy) = ((x & 255) as usize, (y & 255) as usize);
        let (beside, below) = ((column + 1).min(width - 1), (row + 1).min(height - 1));
        let (a, b) = (&bins[row * width + column], &bins[row * width + beside]);
        let (c, d) = (&bins[below * width + column], &bins[below * width + beside]);
        let (left, right, upper, lower) = (&SHARES[256 - fx], &SHARES[fx], &SHARES[256 - fy], &SHARES[fy]);
        for k in 0..ORIENTATIONS {
            let above = share(a[k], left[k]) + share(b[k], right[k]);
            let below = share(c[k], left[k]) + share(d[k], right[k]);
            out[k] = share(above, upper[k]) + share(below, lower[k]);
        }
    }
}

/// Sums the votes of all pixels in bins, channel by channel: a row of pixels is one long loop for each channel. The image's
/// rows are `stride` pixels apart.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn bin_gradients(image: &[u8], stride: usize, [columns, rows]: [usize; 2], angle: f32, bins: &mut [Bin]) {
    /// Lines end with zeros, so that they are whole vectors.
    const LANES: usize = 16;
    let (width, height) = (columns * BIN, rows * BIN);
    let line = width.next_multiple_of(LANES);
    // With 15 fractional bits; gradients have one more than they keep, since products are shifted by 16.
    // Lines of equal numbers: products with a single one would be made in 32 bits.
    let [cos, sin] = [angle.cos(), angle.sin()].map(|v| vec![(v * 32767.0) as i16; line]);
    let times = |v: i16, factor: i16| ((i32::from(v) * i32::from(factor)) >> 16) as i16;
    let mut channels: [Vec<u16>; ORIENTATIONS] = std::array::from_fn(|_| vec![0; line]);
    let (mut across, mut down) = (vec![0i16; line], vec![0i16; line]);
    for (row, bins) in bins.chunks_exact_mut(columns).enumerate() {
        channels.iter_mut().for_each(|channel| channel.fill(0));
        for y in BIN * row..BIN * (row + 1) {
            // There is no gradient across the map's edge.
            if y == 0 || y + 1 >= height {
                continue;
            }
            let pixels = |y: usize| &image[y * stride..][..width];
            let (above, here, below) = (pixels(y - 1), pixels(y), pixels(y + 1));
            for ((dx, &left), &right) in across[1..width - 1].iter_mut().zip(here).zip(&here[2..]) {
                *dx = (i16::from(right) - i16::from(left)) << (FRACTION + 1);
            }
            for ((dy, &above), &below) in down.iter_mut().zip(above).zip(below) {
                *dy = (i16::from(below) - i16::from(above)) << (FRACTION + 1);
            }
            for ((dx, dy), (&cos, &sin)) in across.iter_mut().zip(&mut down).zip(cos.iter().zip(&sin)) {
                (*dx, *dy) = (times(*dx, cos) + times(*dy, sin), times(*dy, cos) - times(*dx, sin));
            }
            let gradients = (&across[..], &down[..]);
            let [e, se, s, sw, w, nw, n, ne] = &mut channels;
            vote(e, gradients, |dx, dy| plus(dx - dy.abs()));
            vote(se, gradients, diagonal);
            vote(s, gradients, |dx, dy| plus(dy - dx.abs()));
            vote(sw, gradients, |dx, dy| diagonal(-dx, dy));
            vote(w, gradients, |dx, dy| plus(-dx - dy.abs()));
            vote(nw, gradients, |dx, dy| diagonal(-dx, -dy));
            vote(n, gradients, |dx, dy| plus(-dy - dx.abs()));
            vote(ne, gradients, |dx, dy| diagonal(dx, -dy));
        }
        let [e, se, s, sw, w, nw, n, ne] = channels.each_ref().map(|channel| channel.as_chunks::<BIN>().0.iter());
        let sums = e.zip(se).zip(s.zip(sw)).zip(w.zip(nw).zip(n.zip(ne)));
        for (bin, (((e, se), (s, sw)), ((w, nw), (n, ne)))) in bins.iter_mut().zip(sums) {
            *bin = [e, se, s, sw, w, nw, n, ne].map(|pixels| pixels[0] + pixels[1]);
        }
    }
}

/// Adds a line's votes for one direction. A pixel's vote is at most 5770, so the sum over a bin fits into 16 bits.
#[inline(always)]
fn vote(channel: &mut [u16], (across, down): (&[i16], &[i16]), of: impl Fn(i16, i16) -> u16) {
    for ((sum, &dx), &dy) in channel.iter_mut().zip(across).zip(down) {
        *sum += of(dx, dy);
    }
}

#[inline(always)]
fn plus(v: i16) -> u16 {
    v.max(0) as u16
}

#[inline(always)]
fn diagonal(a: i16, b: i16) -> u16 {
    let shorter = plus(a.min(b));
    // √2 − 1 with 16 fractional bits.
    shorter + share(shorter, 27146)
}

/// Multiplies a number by a weight with 16 fractional bits.
#[inline(always)]
fn share(v: u16, weight: u16) -> u16 {
    ((u32::from(v) * u32::from(weight)) >> 16) as u16
}

/// Appends the smoothed rows: each first along the columns, then along itself. A row has `line` numbers, [`ORIENTATIONS`]
/// for each bin; beyond the ends of rows and columns their last bins are repeated.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn smooth(bins: &[u16], line: usize, weights: &[u16], smooth: &mut Vec<Bin>) {
    let reach = (weights.len() - 1) * ORIENTATIONS;
    let height = bins.len() / line;
    let weights: Vec<Vec<u16>> = weights.iter().map(|&weight| vec![weight; line]).collect();
    let row = |y: usize| &bins[y * line..][..line];
    let (mut padded, mut smoothed) = (vec![0; line + 2 * reach], vec![0; line]);
    smooth.reserve(bins.len() / ORIENTATIONS);
    for y in 0..height {
        let neighbours = |i: usize| [row(y.saturating_sub(i)), row((y + i).min(height - 1))];
        weigh(row(y), neighbours, &weights, &mut padded[reach..reach + line]);
        for i in (0..reach).step_by(ORIENTATIONS) {
            padded.copy_within(reach..reach + ORIENTATIONS, i);
            padded.copy_within(reach + line - ORIENTATIONS..reach + line, reach + line + i);
        }
        let shifted = |by: usize| &padded[by..][..line];
        let neighbours = |i: usize| [shifted(reach - i * ORIENTATIONS), shifted(reach + i * ORIENTATIONS)];
        weigh(shifted(reach), neighbours, &weights, &mut smoothed);
        smooth.extend_from_slice(smoothed.as_chunks().0);
    }
}

/// The weighted sum of a line and its neighbours at each distance from 1 on. Two bins' numbers together fit into 16 bits.
///
/// A weight is a line of equal numbers: products with a single one would be made in 32 bits.
#[inline(always)]
fn weigh<'a>(line: &'a [u16], neighbours: impl Fn(usize) -> [&'a [u16]; 2], weights: &[Vec<u16>], out: &mut [u16]) {
    let [before, after] = neighbours(1);
    let beside = before.iter().zip(after).zip(&weights[1]);
    for (((out, &v), &middle), ((&a, &b), &weight)) in out.iter_mut().zip(line).zip(&weights[0]).zip(beside) {
        *out = share(v, middle) + share(a + b, weight);
    }
    for (i, weight) in weights.iter().enumerate().skip(2) {
        let [before, after] = neighbours(i);
        for (((out, &a), &b), &weight) in out.iter_mut().zip(before).zip(after).zip(weight) {
            *out += share(a + b, weight);
        }
    }
}

/// Scales a patch to unit length, after a square root of each number: it reduces the influence of strong edges.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn normalised(patch: &[u16; PATCH]) -> [i16; PATCH] {
    // |√v|² = Σ v, so unit length is a division by the plain sum before the root.
    let sum: u32 = patch.iter().map(|&v| u32::from(v)).sum();
    let scale = FEATURE_ONE * FEATURE_ONE / (sum as f32 + FLAT);
    let mut rounded = [0; PATCH];
    for (rounded, &value) in rounded.iter_mut().zip(patch) {
        // Between 0 and FEATURE_ONE. Beyond 2²³ a float's last bits count whole numbers: adding 2²³ rounds.
        *rounded = ((f32::from(value) * scale).sqrt() + 8_388_608.0).to_bits() as i16;
    }
    rounded
}

#[cfg(test)]
mod tests {
    use super::super::crop::CropSpec;
    use super::*;
    use crate::geometry::Rect;
    use crate::image::GreyImage;

    /// An edge across the crop, turned by `angle`.
    fn edge(angle: f32) -> Crop<'static> {
        whole(GreyImage::from_fn(64, 64, |x, y| {
            let across = (x as f32 - 32.0) * angle.cos() + (y as f32 - 32.0) * angle.sin();
            (128.0 + (across * 20.0).clamp(-100.0, 100.0)) as u8
        }))
    }

    /// A crop that shows an image of 64×64 pixels as it is.
    fn whole(image: GreyImage) -> Crop<'static> {
        let bounds = Rect::new(16.0, 16.0, 32.0, 32.0);
        Crop::new(&image, &bounds, &CropSpec { face: 32, margin: 16, coarse: 16 }).cut()
    }

    fn features(crop: &Crop, frame: &Similarity) -> Vec<i16> {
        let landmark = [frame.apply(Point::new(32.0, 32.0))];
        let mut features = Vec::new();
        OrientationMap::new(crop, 0, &landmark, frame, 20.0).describe(landmark, frame, 8.0, &mut features);
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
        for angle in [0.8f32, -0.75, 3.0] {
            let turn = Similarity { a: angle.cos(), b: angle.sin(), t: Point::default() };
            let centre = Point::new(32.0, 32.0);
            let turn = Similarity { t: centre - turn.rotate(centre), ..turn };
            let (straight, turned) = (features(&edge(0.0), &Similarity::IDENTITY), features(&edge(angle), &turn));
            let difference: f32 = straight.iter().zip(&turned).map(|(a, b)| f32::from(a - b).abs()).sum();
            let sum: f32 = straight.iter().map(|&a| f32::from(a)).sum();
            assert!(difference < 0.25 * sum, "{difference} of {sum} at {angle}");
        }
    }

    #[test]
    fn flat_grey_has_no_features() {
        let flat = features(&whole(GreyImage::from_fn(64, 64, |_, _| 90)), &Similarity::IDENTITY);
        assert!(flat.iter().all(|&v| v == 0));
    }

    #[test]
    fn any_shape_and_any_level_give_features() {
        let crop = edge(0.3);
        for (x, y) in [(-1e6, 3.0), (70.0, 70.0), (63.0, -5.0), (1e9, 1e9)] {
            for level in 0..3 {
                let shape = [Point::new(x, y), Point::new(20.0, 20.0)];
                let mut features = Vec::new();
                let mut map = OrientationMap::new(&crop, level, &shape, &Similarity::IDENTITY, 30.0);
                map.describe(shape, &Similarity::IDENTITY, 12.0, &mut features);
                assert_eq!(features.len(), 2 * PATCH);
            }
        }
    }
}

//! Felzenszwalb's 31 features a cell as dlib works them out, in single precision.
//!
//! Formulas and order are those of [`crate::hog`]. What differs:
//!
//! | | here | [`crate::hog`] |
//! |---|---|---|
//! | cells along a side | pixels / cell, rounded | rounded down |
//! | pixels that vote | not the outermost | all, the edge repeated |
//! | cells with features | not the outermost | all, the edge repeated |
//! | block energies | down right, up right, down left, up left | up left, up right, down left, down right |
//! | numbers | floats | 16-bit integers |
//!
//! Felzenszwalb et al., PAMI 2010, section 6.2.

use crate::image::GreyImage;

/// Numbers a cell.
pub(super) const FEATURES: usize = 31;
/// Signed directions.
const ORIENTATIONS: usize = 18;
/// The features of a cell, and one 0.
pub(super) type Cell = [f32; FEATURES + 1];

type Histogram = [f32; ORIENTATIONS];

/// Unit vectors of the first nine directions, to four digits; the other nine are their opposites.
const DIRECTIONS: [(f32, f32); 9] = [
    (1.0, 0.0),
    (0.9397, 0.3420),
    (0.7660, 0.6428),
    (0.5, 0.8660),
    (0.1736, 0.9848),
    (-0.1736, 0.9848),
    (-0.5, 0.8660),
    (-0.7660, 0.6428),
    (-0.9397, 0.3420),
];

/// Where features are cut off.
const MOST: f32 = 0.2;
/// The share of the sum of directions in a block's energy feature.
const TEXTURE: f32 = 0.2357;

/// The features of an image, with cells of zeros around so that a window may be centred on any cell.
pub(super) struct FeatureMap {
    /// Columns and rows of the windows that the map is for.
    pub window: [usize; 2],
    /// Number of windows that fit, horizontally and vertically.
    pub windows: [usize; 2],
    columns: usize,
    cells: Vec<Cell>,
}

impl FeatureMap {
    /// The features of an image of some channels of the same size, at least one.
    pub fn new(image: &[GreyImage], cell: usize, window: [usize; 2]) -> Self {
        let size = image.first().map_or([0, 0], |channel| [channel.width(), channel.height()]);
        let cells = size.map(|side| (side as f32 / cell as f32 + 0.5) as usize);
        let windows = cells.map(|cells| cells.saturating_sub(2));
        if windows.contains(&0) {
            return Self { window, windows: [0, 0], columns: 0, cells: Vec::new() };
        }
        let [columns, rows] = [0, 1].map(|axis| windows[axis] + window[axis] - 1);
        let mut map = Self { window, windows, columns, cells: vec![Cell::default(); columns * rows] };
        let histograms = Histograms::new(image, cell, cells);
        let energies: Vec<f32> = histograms.cells.iter().map(energy).collect();
        let [left, top] = window.map(|side| (side - 1) / 2);
        for row in 0..windows[1] {
            let out = &mut map.cells[(row + top) * columns + left..][..windows[0]];
            normalise_row(&histograms, &energies, row, out);
        }
        map
    }

    /// A row of cells.
    pub fn row(&self, row: usize) -> &[Cell] {
        &self.cells[row * self.columns..][..self.columns]
    }
}

/// Votes for directions in cells, with a cell on each side of the image for votes that do not count.
struct Histograms {
    columns: usize,
    cells: Vec<Histogram>,
}

/// Where a pixel's votes go along one axis: to a cell and the next, and the second one's share.
#[derive(Clone, Copy)]
struct Vote {
    cell: usize,
    share: f32,
}

impl Vote {
    fn new(pixel: usize, cell: usize) -> Self {
        let place = (pixel as f32 + 0.5) / cell as f32 + 0.5;
        Self { cell: place as usize, share: place - (place as usize) as f32 }
    }
}

impl Histograms {
    fn new(image: &[GreyImage], cell: usize, [columns, rows]: [usize; 2]) -> Self {
        let (width, height) = (image[0].width() as usize, image[0].height() as usize);
        let mut histograms =
            Self { columns: columns + 2, cells: vec![[0.0; ORIENTATIONS]; (columns + 2) * (rows + 2)] };
        // The outermost pixels have no gradient.
        let across: Vec<Vote> = (1..(columns * cell).min(width) - 1).map(|x| Vote::new(x, cell)).collect();
        let mut gradients = Gradients::new(across.len());
        for y in 1..(rows * cell).min(height) - 1 {
            for (number, channel) in image.iter().enumerate() {
                let line = |y: usize| &channel.as_raw()[y * width..][..width];
                steepest([line(y - 1), line(y), line(y + 1)], number == 0, &mut gradients);
            }
            directions(&mut gradients);
            let down = Vote::new(y, cell);
            let (above, below) = histograms.cells[down.cell * histograms.columns..].split_at_mut(histograms.columns);
            for ((vote, &length), &direction) in across.iter().zip(&gradients.lengths).zip(&gradients.directions) {
                let (near, far) = ((1.0 - vote.share) * length, vote.share * length);
                let direction = usize::from(direction);
                above[vote.cell][direction] += (1.0 - down.share) * near;
                below[vote.cell][direction] += down.share * near;
                above[vote.cell + 1][direction] += (1.0 - down.share) * far;
                below[vote.cell + 1][direction] += down.share * far;
            }
        }
        histograms
    }
}

/// The gradients of a row's pixels, from the second on.
struct Gradients {
    dx: Vec<f32>,
    dy: Vec<f32>,
    lengths: Vec<f32>,
    /// From 0 to 17.
    directions: Vec<u8>,
}

impl Gradients {
    fn new(pixels: usize) -> Self {
        let zeros = || vec![0.0; pixels];
        Self { dx: zeros(), dy: zeros(), lengths: zeros(), directions: vec![0; pixels] }
    }
}

/// Pixels whose channels are compared together: of two gradients of one length the later channel's counts, and among the
/// pixels left over at the end the earlier one's.
const LANES: usize = 8;

/// Takes the gradients of a channel where it is the first one or they are longer. The lines are those above the row, the
/// row, and below it.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn steepest([above, here, below]: [&[u8]; 3], first: bool, gradients: &mut Gradients) {
    let len = gradients.dx.len();
    let (left, right) = (&here[..len], &here[2..len + 2]);
    let (above, below) = (&above[1..=len], &below[1..=len]);
    let (dxs, dys) = (&mut gradients.dx[..len], &mut gradients.dy[..len]);
    let whole = len / LANES * LANES;
    for x in 0..len {
        let dx = f32::from(right[x]) - f32::from(left[x]);
        let dy = f32::from(below[x]) - f32::from(above[x]);
        let (new, old) = (dx * dx + dy * dy, dxs[x] * dxs[x] + dys[x] * dys[x]);
        let longer = first || new > old || (new == old && x < whole);
        dxs[x] = if longer { dx } else { dxs[x] };
        dys[x] = if longer { dy } else { dys[x] };
    }
}

/// Lengths and nearest directions.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn directions(gradients: &mut Gradients) {
    let len = gradients.dx.len();
    let (dxs, dys) = (&gradients.dx[..len], &gradients.dy[..len]);
    let (lengths, directions) = (&mut gradients.lengths[..len], &mut gradients.directions[..len]);
    for x in 0..len {
        let (dx, dy) = (dxs[x], dys[x]);
        let (mut best, mut direction) = (0.0, 0.0);
        for (k, (cos, sin)) in DIRECTIONS.into_iter().enumerate() {
            let along = dx * cos + dy * sin;
            direction = if along > best { k as f32 } else { direction };
            best = if along > best { along } else { best };
            direction = if -along > best { (k + 9) as f32 } else { direction };
            best = if -along > best { -along } else { best };
        }
        lengths[x] = (dx * dx + dy * dy).sqrt();
        directions[x] = direction as u8;
    }
}

/// The sum of squares of the nine unsigned directions.
fn energy(histogram: &Histogram) -> f32 {
    let mut sum = 0.0;
    for k in 0..9 {
        let both = histogram[k] + histogram[k + 9];
        sum += both * both;
    }
    sum
}

/// The features of a row of cells, the cell in the image's second row and column being the first.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn normalise_row(histograms: &Histograms, energies: &[f32], row: usize, out: &mut [Cell]) {
    let columns = histograms.columns;
    // One cell for the votes that do not count, one that has no features.
    let first = (row + 2) * columns + 2;
    for (x, out) in out.iter_mut().enumerate() {
        let at = first + x;
        let (left, right) = (at - 1, at + 1);
        let block = |a: usize, b: usize, c: usize, d: usize| energies[a] + energies[b] + energies[c] + energies[d];
        let blocks = [
            block(at, at + columns, right, right + columns),
            block(at - columns, at, right - columns, right),
            block(left, left + columns, at, at + columns),
            block(left - columns, left, at - columns, at),
        ];
        let limits = blocks.map(|energy| MOST * (energy + 1e-4).sqrt());
        let factors = limits.map(|limit| 0.5 * MOST / limit);
        let clipped = |value: f32, b: usize| value.min(limits[b]) * factors[b];
        let histogram = &histograms.cells[at];
        let mut texture = [0.0; 4];
        for k in 0..ORIENTATIONS {
            let parts = [0, 1, 2, 3].map(|b| clipped(histogram[k], b));
            out[k] = (parts[0] + parts[1]) + (parts[2] + parts[3]);
            for b in 0..4 {
                texture[b] += parts[b];
            }
        }
        for k in 0..9 {
            let parts = [0, 1, 2, 3].map(|b| clipped(histogram[k] + histogram[k + 9], b));
            out[ORIENTATIONS + k] = (parts[0] + parts[1]) + (parts[2] + parts[3]);
        }
        for b in 0..4 {
            out[27 + b] = texture[b] * (2.0 * TEXTURE);
        }
    }
}

//! Histograms: the votes of a cell's pixels for directions.
//!
//! A pixel votes with its gradient's length, shared among the four cells whose centres are nearest (bilinear). All
//! pixels between the same four centres form a block, shifted by half a cell:
//!
//! ```text
//!   ┌─────────┬─────────┐
//!   │  0 ┌────┼────┐ 1  │     the block's pixels vote into four histograms at once, with weights that
//!   │  · │    ·    │    │     depend on the place in the block alone: one vector of four numbers per pixel
//!   ├────┼────┼────┼────┤
//!   │    │    ·    │    │
//!   │  2 └────┼────┘ 3  │
//!   └─────────┴─────────┘
//! ```

use std::ops::Range;

use super::gradient::{ORIENTATIONS, gradient_row};
use super::observer::HogObserver;
use crate::image::GreyImage;

/// The votes for each direction in a cell, in twice the grey levels per pixel.
pub type Histogram = [f32; ORIENTATIONS];

/// The largest cell's side in pixels.
pub const LARGEST_CELL: usize = 16;

/// For each direction the shares of the cells up left, up right, down left and down right of the block.
type Block = [[f32; 4]; ORIENTATIONS];

/// Returns the histograms of these rows of cells, row by row.
///
/// # Panics
/// If `cell`, the side of a cell in pixels, is odd, 0 or above [`LARGEST_CELL`], or if the rows go beyond the image.
pub fn histogram_rows(
    image: &GreyImage,
    cell: usize,
    rows: Range<usize>,
    observer: &mut impl HogObserver,
) -> Vec<Histogram> {
    assert!(rows.end <= image.height() as usize / cell.max(1), "rows {rows:?}");
    let mut votes = HistogramRows::new(image, cell, rows.start);
    let columns = votes.columns();
    let mut histograms = vec![[0.0; ORIENTATIONS]; columns * rows.len()];
    for row in 0..rows.len() {
        votes.next(&mut histograms[row * columns..][..columns], observer);
    }
    histograms
}

/// Makes the histograms of an image's rows of cells, one row after the other from top to bottom. Each gradient is computed
/// once: the votes of the blocks between two rows of cells are kept for the second one.
pub(super) struct HistogramRows<'a> {
    image: &'a GreyImage<'a>,
    cell: usize,
    /// The row of cells that comes next.
    row: usize,
    /// The row of blocks around the upper edge of that row, once a row has been made.
    blocks: Vec<Block>,
    /// Whether `blocks` contains the votes of its pixels.
    voted: bool,
    /// The gradients of a row of pixels.
    lengths: Vec<f32>,
    directions: Vec<u8>,
}

impl<'a> HistogramRows<'a> {
    /// Begins with a row of cells.
    ///
    /// # Panics
    /// If `cell`, the side of a cell in pixels, is odd, 0 or above [`LARGEST_CELL`].
    pub fn new(image: &'a GreyImage<'a>, cell: usize, row: usize) -> Self {
        assert!(cell > 0 && cell.is_multiple_of(2) && cell <= LARGEST_CELL, "a cell of {cell} pixels");
        let width = image.width() as usize;
        let blocks = vec![[[0.0; 4]; ORIENTATIONS]; width / cell + 1];
        let (lengths, directions) = (vec![0.0; width], vec![0; width]);
        Self { image, cell, row, blocks, voted: false, lengths, directions }
    }

    /// Cells in a row.
    pub fn columns(&self) -> usize {
        self.blocks.len() - 1
    }

    /// Makes the next row's histograms.
    ///
    /// # Panics
    /// If the slice is not as long as a row.
    pub fn next(&mut self, histograms: &mut [Histogram], observer: &mut impl HogObserver) {
        assert!(histograms.len() == self.columns(), "{} histograms", histograms.len());
        if !self.voted {
            self.vote_row(self.row, observer);
            self.voted = true;
        }
        begin(&self.blocks, histograms);
        self.vote_row(self.row + 1, observer);
        finish(&self.blocks, histograms);
        observer.histograms(self.row..self.row + 1, histograms);
        self.row += 1;
    }

    /// Gathers the votes of the row of blocks around the upper edge of a row of cells.
    fn vote_row(&mut self, row: usize, observer: &mut impl HogObserver) {
        let (cell, height) = (self.cell, self.image.height() as usize);
        self.blocks.fill([[0.0; 4]; ORIENTATIONS]);
        for inside in 0..cell {
            // Half of the first and of the last row of blocks may lie outside the image.
            let Some(y) = (row * cell + inside).checked_sub(cell / 2).filter(|&y| y < height) else { continue };
            gradient_row(self.image, y, &mut self.lengths, &mut self.directions);
            observer.gradients(y, &self.lengths, &self.directions);
            vote(&self.lengths, &self.directions, inside, cell, &mut self.blocks);
        }
    }
}

/// Adds the votes of one row of pixels, which is `row` rows below its blocks' upper edge.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn vote(lengths: &[f32], directions: &[u8], row: usize, cell: usize, blocks: &mut [Block]) {
    let down = (row as f32 + 0.5) / cell as f32;
    for column in 0..cell {
        let right = (column as f32 + 0.5) / cell as f32;
        let shares = [(1.0 - down) * (1.0 - right), (1.0 - down) * right, down * (1.0 - right), down * right];
        // Block b begins half a cell left of cell b. From block to block, no addition waits for the one before it.
        let (first_block, first_pixel) =
            if column < cell / 2 { (1, cell / 2 + column) } else { (0, column - cell / 2) };
        // Plain loops: closures in iterators are not always compiled for the wider vectors.
        let mut x = first_pixel;
        for block in &mut blocks[first_block..] {
            if x >= lengths.len() {
                break;
            }
            let sums = &mut block[usize::from(directions[x]).min(ORIENTATIONS - 1)];
            let length = lengths[x];
            for k in 0..4 {
                sums[k] += length * shares[k];
            }
            x += cell;
        }
    }
}

/// Sets a row of cells to the lower shares of the blocks around its upper edge.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn begin(blocks: &[Block], histograms: &mut [Histogram]) {
    for x in 0..histograms.len().min(blocks.len() - 1) {
        let (left, right) = (&blocks[x], &blocks[x + 1]);
        for k in 0..ORIENTATIONS {
            histograms[x][k] = left[k][3] + right[k][2];
        }
    }
}

/// Adds the upper shares of the blocks around its lower edge.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn finish(blocks: &[Block], histograms: &mut [Histogram]) {
    for x in 0..histograms.len().min(blocks.len() - 1) {
        let (left, right) = (&blocks[x], &blocks[x + 1]);
        for k in 0..ORIENTATIONS {
            histograms[x][k] += left[k][1] + right[k][0];
        }
    }
}

//! Votes of the pixels for directions, gathered in cells.
//!
//! A pixel votes with its gradient's length, shared among the four cells whose centres are nearest (bilinear). All
//! pixels between the same four centres form a block, shifted by half a cell:
//!
//! ```text
//!   ┌─────────┬─────────┐
//!   │  0 ┌────┼────┐ 1  │     the block's pixels vote into four histograms at once, with weights that
//!   │  · │    ·    │    │     depend on the place in the block alone: one vector of four numbers a pixel
//!   ├────┼────┼────┼────┤
//!   │    │    ·    │    │
//!   │  2 └────┼────┘ 3  │
//!   └─────────┴─────────┘
//! ```

use std::ops::Range;

use super::gradient::{ORIENTATIONS, gradient_row};
use super::observer::HogObserver;
use crate::image::GreyImage;

/// The votes for each direction in a cell.
pub type Histogram = [f32; ORIENTATIONS];

/// The largest cell's side in pixels.
pub const LARGEST_CELL: usize = 16;

/// For each direction the shares of the cells up left, up right, down left and down right of the block.
type Block = [[f32; 4]; ORIENTATIONS];

/// The histograms of these rows of cells, in rows.
///
/// # Panics
/// If `cell` is odd, 0 or above [`LARGEST_CELL`], or the rows go beyond the image.
pub fn histogram_rows(
    image: &GreyImage,
    cell: usize,
    rows: Range<usize>,
    observer: &mut impl HogObserver,
) -> Vec<Histogram> {
    assert!(cell > 0 && cell.is_multiple_of(2) && cell <= LARGEST_CELL, "a cell of {cell} pixels");
    let (width, height) = (image.width() as usize, image.height() as usize);
    let columns = width / cell;
    assert!(rows.end <= height / cell, "rows {rows:?}");
    let mut histograms = vec![[0.0; ORIENTATIONS]; columns * rows.len()];
    let mut blocks: Vec<Block> = vec![[[0.0; 4]; ORIENTATIONS]; columns + 1];
    let (mut lengths, mut directions) = (vec![0.0; width], vec![0; width]);
    for block_row in rows.start..=rows.end {
        blocks.fill([[0.0; 4]; ORIENTATIONS]);
        for inside in 0..cell {
            // Half of the first and of the last row of blocks may lie outside the picture.
            let Some(y) = (block_row * cell + inside).checked_sub(cell / 2).filter(|&y| y < height) else { continue };
            gradient_row(image, y, &mut lengths, &mut directions);
            observer.gradients(y, &lengths, &directions);
            vote(&lengths, &directions, inside, cell, &mut blocks);
        }
        if block_row > rows.start {
            add(0, &blocks, &mut histograms[(block_row - 1 - rows.start) * columns..][..columns]);
        }
        if block_row < rows.end {
            add(2, &blocks, &mut histograms[(block_row - rows.start) * columns..][..columns]);
        }
    }
    observer.histograms(rows, &histograms);
    histograms
}

/// Adds the votes of one row of pixels, `row` rows below its blocks' upper edge.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn vote(lengths: &[f32], directions: &[u8], row: usize, cell: usize, blocks: &mut [Block]) {
    let down = (row as f32 + 0.5) / cell as f32;
    for column in 0..cell {
        let right = (column as f32 + 0.5) / cell as f32;
        let shares = [(1.0 - down) * (1.0 - right), (1.0 - down) * right, down * (1.0 - right), down * right];
        // Block b begins half a cell left of cell b. Going from block to block, a sum is not needed again at once.
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

/// Adds the shares `upper` and `upper + 1` of the blocks, 0 or 2, to the cells they belong to.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn add(upper: usize, blocks: &[Block], histograms: &mut [Histogram]) {
    // Constant places in the blocks can be shuffled as vectors.
    if upper == 0 { add_shares::<0>(blocks, histograms) } else { add_shares::<2>(blocks, histograms) }
}

#[inline(always)]
fn add_shares<const UPPER: usize>(blocks: &[Block], histograms: &mut [Histogram]) {
    for x in 0..histograms.len().min(blocks.len() - 1) {
        let (left, right) = (&blocks[x], &blocks[x + 1]);
        for k in 0..ORIENTATIONS {
            histograms[x][k] += left[k][UPPER + 1] + right[k][UPPER];
        }
    }
}

//! Watches features being computed.

use std::ops::Range;

use super::Histogram;

/// Watches the features of an image being computed, from top to bottom. All methods do nothing unless they are overridden.
pub trait HogObserver {
    /// The gradients of a row of pixels: lengths, in twice the grey levels per pixel, and directions from 0 to 17, 20°
    /// apart.
    fn gradients(&mut self, _row: usize, _lengths: &[f32], _directions: &[u8]) {}

    /// The votes of these rows of cells, before they are normalised.
    fn histograms(&mut self, _rows: Range<usize>, _histograms: &[Histogram]) {}
}

impl HogObserver for () {}

//! Training windows and their features.

use lineament::raw::Window;
use lineament::raw::hog;
use lineament::raw::hog::STRIDE;

/// Windows as rows of features.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    /// Features per window.
    pub len: usize,
    /// Features of all windows, one after the other.
    pub features: Vec<i16>,
}

impl Samples {
    /// An empty list of windows with this many features.
    pub fn new(len: usize) -> Self {
        Self { len, features: Vec::new() }
    }

    /// Appends a window.
    pub fn push(&mut self, features: &[i16]) {
        debug_assert_eq!(features.len(), self.len);
        self.features.extend_from_slice(features);
    }

    /// The number of windows.
    pub fn count(&self) -> usize {
        self.features.len() / self.len.max(1)
    }

    /// The features of a window.
    pub fn row(&self, index: usize) -> &[i16] {
        &self.features[index * self.len..][..self.len]
    }

    /// The windows in order.
    pub fn rows(&self) -> std::slice::ChunksExact<'_, i16> {
        self.features.chunks_exact(self.len.max(1))
    }
}

/// Features of the mirrored window. Also mirrors a filter's weights.
pub fn mirror<T: Copy>(features: &[T], window: &Window) -> Vec<T> {
    let cells = usize::from(window.cells);
    let mut mirrored = Vec::with_capacity(features.len());
    for row in features.chunks_exact(cells * STRIDE) {
        for cell in row.chunks_exact(STRIDE).rev() {
            mirrored.extend(hog::MIRROR.iter().map(|&k| cell[k]));
        }
    }
    mirrored
}

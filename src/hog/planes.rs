//! How wide the planes of a feature map are.

/// Cells whose features are side by side in a vector.
pub const LANES: usize = 16;

/// Whole vectors, and one more, so that a vector may begin at any cell.
pub(super) fn plane_width(columns: usize) -> usize {
    columns.next_multiple_of(LANES) + LANES
}

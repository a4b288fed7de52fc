//! The pages of `lineament explain`.

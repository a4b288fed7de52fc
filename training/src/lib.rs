//! Fits and evaluates the models of lineament.
//!
//! The course `lineament::guide` explains the methods; of its lessons stand here
//!
//! | lesson | modules |
//! |---|---|
//! | 3. The linear SVM and hard negatives | [`detector::svm`], [`detector::filters`], [`detector::mining`], [`detector::fit`](detector::fit()) |
//! | 4. Sliding windows and their evaluation | [`detector::sieve`], [`detector::calibration`], [`evaluate::detector`], [`evaluate::matching`] |
//! | 5. Shapes and cascaded regression | [`landmarks::samples`], [`landmarks::linear_stage`], [`evaluate::metrics`] |
//! | 6. Gradient-boosted trees | [`landmarks::boosting`], [`detector::boosting`] |

mod chance;
pub mod config;
pub mod dataset;
pub mod detector;
pub mod drawn;
pub mod evaluate;
pub mod history;
pub mod inspect;
pub mod landmarks;
pub mod progress;
pub mod report;
pub mod tune;

//! Fits and evaluates the models of lineament.
//!
//! The course explains the methods. The code of its lessons is in these modules:
//!
//! | lesson | modules |
//! |---|---|
//! | 3. The linear SVM and hard negatives | [`detector::svm`], [`detector::filters`], [`detector::mining`], [`detector::fit`](detector::fit()) |
//! | 4. Sliding windows and their evaluation | [`detector::prefilter`], [`detector::calibration`], [`evaluate::detector`], [`evaluate::matching`] |
//! | 5. Shapes and cascaded regression | [`landmarks::samples`], [`landmarks::linear`], [`evaluate::metrics`] |
//! | 6. Gradient-boosted trees | [`landmarks::boosting`], [`detector::boosting`] |

pub mod checkpoint;
pub mod config;
pub mod dataset;
pub mod detector;
pub mod evaluate;
pub mod history;
pub mod inspect;
pub mod landmarks;
mod math;
pub mod progress;
mod ranges;
pub mod report;
mod rng;
pub mod synthetic;
pub mod table;
pub mod tune;

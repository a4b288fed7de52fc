//! The models that lineament ships: the bytes of their files.
//!
//! **For research, not for commercial use.** They were trained on data that is free for research only; [`LICENSE`] says
//! what that means, the model cards beside this file what they were trained on and how well they do.

/// The model file of the face detector.
pub const DETECTOR: &[u8] = include_bytes!("../detector.lineament");

/// The model file of the 68-point landmark model.
pub const LANDMARKS: &[u8] = include_bytes!("../landmarks.lineament");

/// The licence of both.
pub const LICENSE: &str = include_str!("../LICENSE");

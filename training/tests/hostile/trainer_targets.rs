//! Like [`super::targets`], for files that only `lineament-train` reads.

use lineament_train::config;
use lineament_train::detector::DetectorParams;
use lineament_train::landmarks::LandmarkParams;

/// Configurations of the landmark model and of the detector.
pub fn config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = config::parse::<LandmarkParams>(&text).map(LandmarkParams::check);
    let _ = config::parse::<DetectorParams>(&text).map(DetectorParams::check);
}

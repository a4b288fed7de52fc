//! Version 1 of dlib's detectors.

use super::wire::*;
use crate::dlib::hog_detector::{self as dlib, HogDetector};

layout! {
    struct DlibDetector1 = HogDetector {
        cell: u32,
        padding: u32,
        window: [u32; 2],
        levels: u32,
        smallest_level: [u32; 2],
        nuclear_norm: f64,
        overlap: Overlap,
        filters: Vec<HogFilter>,
        doublings: Option<u8>,
    }
}

layout! {
    struct Overlap = dlib::Overlap {
        of_both: f64,
        of_one: f64,
    }
}

layout! {
    struct HogFilter = dlib::HogFilter {
        weights: Vec<f64>,
        threshold: f64,
    }
}

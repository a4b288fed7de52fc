//! The detector's window, and a pose with its filter.

use super::wire::*;
use crate::detector;

layout! {
    struct Window = detector::Window {
        cell: u8,
        cells: u8,
        face: f32,
    }
}

layout! {
    struct Component = detector::Component {
        name: String,
        angle: f32,
        filter: Filter,
        calibration: [f32; 2],
    }
}

layout! {
    struct Filter = detector::Filter {
        weights: Vec<i16>,
        order: Vec<u8>,
        limits: Vec<i32>,
        scale: f32,
        bias: f32,
    }
}

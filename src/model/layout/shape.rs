//! Points and shapes.

use super::wire::*;
use crate::geometry;
use crate::landmarks;

layout! {
    struct Point = geometry::Point {
        x: f32,
        y: f32,
    }
}

layout! {
    struct Shape = landmarks::Shape {
        points: Vec<Point>,
    }
}

layout! {
    struct FeaturePoint = landmarks::tree_stage::FeaturePoint {
        anchor: u16,
        offset: Point,
    }
}

//! The page of the models: what the detector and the cascade have learnt.

use std::collections::BTreeMap;

use lineament::raw::hog::{FEATURES, STRIDE};
use lineament::raw::{BoostedTrees, Cascade, Detector, Stage};
use serde::Serialize;

use super::cascade::Model;
use super::charts::{self, Labels};
use super::models::Models;
use super::page::{self, Kind};

/// Words of the template.
#[derive(Debug, Serialize)]
struct Words {
    stages: usize,
    detector: Vec<(String, String)>,
    landmarks: Vec<(String, String)>,
}

#[derive(Debug, Serialize)]
struct Page {
    cells: u8,
    /// The box of a face in the window, in cells.
    face: f32,
    filters: Vec<Filter>,
    /// For each cell of the window, the number of splits of the prefilter, and of the boosted trees, that test one of its
    /// features.
    prefilter: Vec<u32>,
    boosted_trees: Vec<u32>,
    cascade: Model,
    /// For each stage, and each of its feature points, the number of splits that read it, each weighted by the number of
    /// leaves below it; empty for linear stages.
    uses: Vec<Vec<u32>>,
    /// The regions' shares of these, stage by stage.
    chart: String,
}

/// A component's filter.
#[derive(Debug, Serialize)]
struct Filter {
    name: String,
    degrees: f32,
    bias: f32,
    /// For each cell, the weights of its 31 features: a feature of 1 adds its weight to the score.
    weights: Vec<Vec<f32>>,
    /// The rows of cells in the order of addition.
    order: Vec<u8>,
}

/// Writes the page of the models.
pub fn page(models: &Models) -> String {
    let Models { detector, landmarks, .. } = *models;
    let words = Words { stages: landmarks.stages.len(), detector: detector.summary(), landmarks: landmarks.summary() };
    let uses: Vec<Vec<u32>> = landmarks.stages.iter().map(uses).collect();
    let data = Page {
        cells: detector.window.cells,
        face: detector.window.face / f32::from(detector.window.cell),
        filters: filters(detector),
        prefilter: tested(&detector.prefilter, detector),
        boosted_trees: tested(&detector.boosted_trees, detector),
        chart: chart(landmarks, &uses),
        cascade: Model::new(landmarks),
        uses,
    };
    page::render(Kind::Model, words, &data)
}

fn filters(detector: &Detector) -> Vec<Filter> {
    let filter = |component: &lineament::raw::Component| {
        let filter = &component.filter;
        // A feature of 1 is stored as the integer ONE.
        let weight = |&w: &i16| f32::from(w) * filter.scale * lineament::raw::hog::ONE;
        let cells = filter.weights.as_chunks::<STRIDE>().0.iter();
        Filter {
            name: component.name.clone(),
            degrees: component.angle.to_degrees(),
            bias: filter.bias,
            weights: cells.map(|cell| cell[..FEATURES].iter().map(weight).collect()).collect(),
            order: filter.order.clone(),
        }
    };
    detector.components.iter().map(filter).collect()
}

/// The number of splits that test a feature of each cell.
fn tested(trees: &BoostedTrees, detector: &Detector) -> Vec<u32> {
    let mut tested = vec![0; usize::from(detector.window.cells).pow(2)];
    for feature in trees.trees.iter().flat_map(|tree| tree.features) {
        tested[usize::from(feature) / STRIDE] += 1;
    }
    tested
}

fn uses(stage: &Stage) -> Vec<u32> {
    let Stage::Trees(stage) = stage else { return Vec::new() };
    let mut uses = vec![0; stage.points.len()];
    for tree in stage.splits.chunks_exact(stage.splits_per_tree()) {
        for (node, split) in tree.iter().enumerate() {
            let leaves = 1 << (u32::from(stage.depth) - (node + 1).ilog2());
            for point in [split.first, split.second] {
                // A split may name a point that the stage does not have; it reads a grey level of 0.
                if let Some(uses) = uses.get_mut(usize::from(point)) {
                    *uses += leaves;
                }
            }
        }
    }
    uses
}

/// The share of each region's feature points in a stage of trees, in percent.
fn chart(cascade: &Cascade, uses: &[Vec<u32>]) -> String {
    let mut series: BTreeMap<&str, charts::Points> = BTreeMap::new();
    let regions = Model::new(cascade).regions;
    for (number, (stage, uses)) in cascade.stages.iter().zip(uses).enumerate() {
        let Stage::Trees(stage) = stage else { continue };
        let total = uses.iter().sum::<u32>().max(1) as f32;
        for name in regions.iter().copied().collect::<std::collections::BTreeSet<_>>() {
            let of_region = stage.points.iter().zip(uses).filter(|(p, _)| regions[usize::from(p.anchor)] == name);
            let share = of_region.map(|(_, &uses)| uses).sum::<u32>() as f32 / total;
            series.entry(name).or_default().push((number as i32 + 1, 100.0 * share));
        }
    }
    let series: Vec<_> = series.into_iter().collect();
    charts::lines(Labels { x: "stage", y: "share of the comparisons, %" }, &series)
}

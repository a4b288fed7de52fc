//! Gradient boosting of one stage's trees (section 2.3 of Kazemi & Sullivan, algorithm 2).
//!
//! With squared loss the negative gradient is the residual itself. It is first projected on its
//! principal components, which leaves some dozens of numbers per sample. Then, for each tree:
//!
//! ```text
//!   random splits ──► best of them on a subsample ──► tree
//!   all samples down the tree ──► leaf = shrinkage · mean residual, rounded to 8 bits
//!   residual −= leaf
//! ```
//!
//! The rounded leaf is subtracted, so later trees correct the rounding. All sums run over fixed
//! chunks in a fixed order, so the result does not depend on the number of threads.

use lineament::Shape;
use lineament::geometry::Point;
use lineament::raw::ShapeBasis;
use lineament::raw::tree_stage::{FeaturePoint, TreeStage};
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};
use rayon::prelude::*;

use super::field::{Field, look_at_all};
use super::hyperparams::TreeParams;
use super::samples::Sample;
pub use super::scene::{CropScene, Scene};
use super::split_search::{SplitPrior, Subsample};
use crate::math::pca::{Components, principal_components};

/// Fits one stage to samples. Feature points lie within `radius` of landmarks, in the frame of the
/// shapes.
pub fn fit_stage(
    scene: &impl Scene,
    samples: &[Sample],
    params: &TreeParams,
    radius: f32,
    rng: &mut impl Rng,
) -> TreeStage {
    let mut boosting = Boosting::new(scene, samples, params, radius, rng);
    for _ in 0..params.trees {
        boosting.round(rng);
    }
    boosting.finish(scene.mean())
}

/// A stage in progress: its trees so far, and the remaining residuals.
pub struct Boosting<'a> {
    params: &'a TreeParams,
    stage: TreeStage,
    field: Field,
    prior: SplitPrior,
    components: Components,
    /// Leaf unit of each component: a mean residual of three standard deviations just fits into 8
    /// bits.
    units: Vec<f32>,
}

impl<'a> Boosting<'a> {
    /// Starts a stage without trees.
    pub fn new(
        scene: &impl Scene,
        samples: &[Sample],
        params: &'a TreeParams,
        radius: f32,
        rng: &mut impl Rng,
    ) -> Self {
        let mean = scene.mean();
        // The order in the field is random, so that any run of neighbours is a fair subsample.
        let mut places: Vec<usize> = (0..samples.len()).collect();
        places.shuffle(rng);
        let targets: Vec<Vec<f32>> = samples.par_iter().map(|sample| scene.residual(sample)).collect();
        let (components, deviations) = principal_components(&targets, params.components);
        let count = deviations.len();
        let stage = TreeStage {
            points: draw_points(mean, params.points, radius, rng),
            depth: params.depth,
            splits: Vec::with_capacity(params.trees * ((1 << params.depth) - 1)),
            leaves: Vec::with_capacity((params.trees * count) << params.depth),
            basis: ShapeBasis::default(),
        };
        let coefficients: Vec<Vec<f32>> = targets.par_iter().map(|t| components.coefficients(t)).collect();
        let mut residuals = vec![0.0; samples.len() * count];
        for (coefficients, &place) in coefficients.iter().zip(&places) {
            residuals[place * count..][..count].copy_from_slice(coefficients);
        }
        let grey = look_at_all(&stage, scene, samples, &places);
        let field = Field { samples: samples.len(), grey, residuals, components: count };
        let prior = SplitPrior::new(mean, &stage.points, params.prior * scene.box_side());
        let units =
            deviations.iter().map(|d| (params.shrinkage * 3.0 * d / 127.0).max(1e-6 * scene.box_side())).collect();
        Self { params, stage, field, prior, components, units }
    }

    /// Adds a tree.
    pub fn round(&mut self, rng: &mut impl Rng) {
        let subsample = Subsample::draw(&self.field, self.params, rng);
        let tree = subsample.grow(&self.field, &self.prior, self.params, rng.random());
        let leaves = self.field.set_leaves(&tree, self.params, &self.units);
        self.stage.splits.extend(tree);
        self.stage.leaves.extend(leaves);
    }

    /// Returns the stage.
    pub fn finish(self, mean: &Shape) -> TreeStage {
        let Self { mut stage, components, units, .. } = self;
        let mut rows = components.vectors();
        for (row, unit) in rows.chunks_exact_mut(2 * mean.len()).zip(&units) {
            row.iter_mut().for_each(|v| *v *= unit);
        }
        stage.basis = ShapeBasis { rows, components: units.len() as u16 };
        stage
    }
}

/// Draws feature points, each in a disk around a random landmark.
fn draw_points(mean: &Shape, count: usize, radius: f32, rng: &mut impl Rng) -> Vec<FeaturePoint> {
    let mut point = || {
        let anchor = rng.random_range(0..mean.len()) as u16;
        let (distance, angle) = (radius * rng.random::<f32>().sqrt(), std::f32::consts::TAU * rng.random::<f32>());
        FeaturePoint { anchor, offset: Point::new(distance * angle.cos(), distance * angle.sin()) }
    };
    (0..count).map(|_| point()).collect()
}

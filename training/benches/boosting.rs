//! One round of boosting: a tree's splits, its leaves over all samples, and the residuals that it
//! leaves. All threads.

use divan::{Bencher, black_box};
use lineament::Shape;
use lineament::geometry::Rect;
use lineament::raw::RectExt;
use lineament_train::landmarks::boosting::{Boosting, CropScene};
use lineament_train::landmarks::hyperparams::TreeParams;
use lineament_train::landmarks::{LandmarkParams, TrainingFace, faces, samples};
use lineament_train::synthetic::portrait;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn main() {
    divan::main();
}

/// A round on this many samples, 28 of each synthetic face. The shipped model is fitted to 112 672.
#[divan::bench(args = [2800, 11200])]
fn round(bencher: Bencher, count: usize) {
    let params = LandmarkParams::default();
    let trees = TreeParams::default();
    let spec = params.crop.spec();
    let face = |seed: usize| {
        let scene = portrait(1, seed as u64);
        let bounds = scene.shapes[0].bounds();
        let bounds = Rect::square(bounds.centre(), bounds.width.max(bounds.height));
        TrainingFace::new(&(&scene.image).into(), &bounds, &scene.shapes[0], seed, &spec)
    };
    let drawn: Vec<TrainingFace> = (0..count / trees.oversampling).map(face).collect();
    let truths: Vec<&Shape> = drawn.iter().map(|face| &face.truth).collect();
    let mean = faces::mean_shape(&truths);
    let side = f32::from(params.crop.face);
    let rng = &mut ChaCha8Rng::seed_from_u64(1);
    let samples = samples::initial_samples(&truths, &mean, side, &params.start, trees.oversampling, rng);
    let scene = CropScene { faces: &drawn, mean: &mean, box_side: side };
    let mut boosting = Boosting::new(&scene, &samples, &trees, trees.first_radius * side, rng);
    bencher.bench_local(|| black_box(&mut boosting).round(rng));
}

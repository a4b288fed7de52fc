//! Lesson 6. Gradient-boosted trees and what makes them generalise: why hundreds of poor guesses make a good one.
//!
//! # A tree is a list of questions
//!
//! A linear map adds up what it sees; it cannot say "*if* the pixel left of the eye is darker than the one right of it, the
//! head is turned, and *then* …". A *regression tree* can. Each inner node asks whether a number is greater than a threshold; the answer
//! leads left or right; at the end is a *leaf*, which holds the prediction. A tree of depth 4 asks four questions, out of fifteen that it
//! has, and has sixteen leaves:
//!
//! ```text
//!                    grey(a) − grey(b) > 12 ?
//!                    no ╱            ╲ yes
//!          grey(c) − grey(d) > −3 ?   grey(e) − grey(a) > 40 ?
//!            ╱        ╲                  ╱         ╲
//!        leaf 0     leaf 1           leaf 2      leaf 3        a leaf: what to add
//! ```
//!
//! In the landmark cascade the questions are about differences of two pixels (Kazemi & Sullivan 2014): adding a constant to all grey levels changes
//! none of them, and a difference costs two look-ups and a subtraction. The pixels are tied to landmarks: one is "3 to the left of and 5 below
//! the eye corner" in the mean shape's frame, and moves, turns and grows with the shape so far (lesson 5). In the detector the questions
//! are about single features of the window.
//!
//! # Growing a tree
//!
//! Let each example have a target *r*, a vector. The best that a leaf can say of its examples is their mean. (Set the derivative
//! of the squared error to 0.) With *n* examples whose targets sum to **s**, this leaves
//!
//! <math display="block"><munder><mo>∑</mo><mi>i</mi></munder><msup><mrow><mo stretchy="false">‖</mo><msub><mi>𝐫</mi><mi>i</mi></msub><mo>−</mo><mfrac><mi>𝐬</mi><mi>n</mi></mfrac><mo stretchy="false">‖</mo></mrow><mn>2</mn></msup><mo>=</mo><munder><mo>∑</mo><mi>i</mi></munder><msup><mrow><mo stretchy="false">‖</mo><msub><mi>𝐫</mi><mi>i</mi></msub><mo stretchy="false">‖</mo></mrow><mn>2</mn></msup><mo>−</mo><mfrac><msup><mrow><mo stretchy="false">‖</mo><mi>𝐬</mi><mo stretchy="false">‖</mo></mrow><mn>2</mn></msup><mi>n</mi></mfrac></math>
//!
//! so the best question is the one with the largest *gain*, summed over both sides:
//!
//! <math display="block"><mtext>gain</mtext><mo>=</mo><mfrac><msup><mrow><mo stretchy="false">‖</mo><msub><mi>𝐬</mi><mtext>left</mtext></msub><mo stretchy="false">‖</mo></mrow><mn>2</mn></msup><msub><mi>n</mi><mtext>left</mtext></msub></mfrac><mo>+</mo><mfrac><msup><mrow><mo stretchy="false">‖</mo><msub><mi>𝐬</mi><mtext>right</mtext></msub><mo stretchy="false">‖</mo></mrow><mn>2</mn></msup><msub><mi>n</mi><mtext>right</mtext></msub></mfrac></math>
//!
//! An example: targets 1, 1, 5, 5 at *x* = 1, 2, 3, 4. Between 2 and 3: 2²/2 + 10²/2 = 52. Between 1 and 2: 1²/1 + 11²/3 = 41.3. The first one is better,
//! and leaves no error at all.
//!
//! There are 256 · 255 pairs of pixels and hundreds of thresholds for each. Only 20 pairs are tried at a node, drawn by chance; near pairs more
//! often, with a probability ∝ exp(−distance / *ℓ*), for pixels far apart are lit differently. A threshold lies between the differences that two
//! examples show.
//!
//! # Boosting
//!
//! One small tree is a poor judge; a large one learns its examples by heart. *Gradient boosting* (Friedman 2001) adds up many small ones, each
//! fitted to what those before leave:
//!
//! <math display="block"><msub><mi>F</mi><mi>m</mi></msub><mo stretchy="false">(</mo><mi>x</mi><mo stretchy="false">)</mo><mo>=</mo><msub><mi>F</mi><mrow><mi>m</mi><mo>−</mo><mn>1</mn></mrow></msub><mo stretchy="false">(</mo><mi>x</mi><mo stretchy="false">)</mo><mo>+</mo><mi>ν</mi><mspace width="0.2em"/><msub><mi>h</mi><mi>m</mi></msub><mo stretchy="false">(</mo><mi>x</mi><mo stretchy="false">)</mo><mo>,</mo><mspace width="1.5em"/><msub><mi>h</mi><mi>m</mi></msub><mtext> fitted to </mtext><msub><mi>r</mi><mi>i</mi></msub><mo>=</mo><mo>−</mo><mfrac><mrow><mo>∂</mo><mi>L</mi><mo stretchy="false">(</mo><msub><mi>y</mi><mi>i</mi></msub><mo>,</mo><mi>F</mi><mo stretchy="false">(</mo><msub><mi>x</mi><mi>i</mi></msub><mo stretchy="false">)</mo><mo stretchy="false">)</mo></mrow><mrow><mo>∂</mo><mi>F</mi><mo stretchy="false">(</mo><msub><mi>x</mi><mi>i</mi></msub><mo stretchy="false">)</mo></mrow></mfrac></math>
//!
//! That is walking down a gradient, with a function at every step instead of a vector. For the squared loss ½(*y* − *F*)² the negative derivative
//! is the residual *y* − *F*: "fit what is missing". *ν*, the *shrinkage*, says which share of each step is taken.
//!
//! **For yes or no**, as in the detector's forest, *F* is the logarithm of the odds that a window is a face, and the loss is the logistic one,
//! ln(1 + *e*<sup>−*F*</sup>) for a face and ln(1 + *e*<sup>*F*</sup>) for another. With the probability *p* = 1 / (1 + *e*<sup>−*F*</sup>), the negative derivative is
//! *y* − *p* (*y* is 1 or 0), the second derivative *p*(1 − *p*), and a leaf takes a damped Newton step (Friedman, Hastie & Tibshirani 2000; Chen & Guestrin 2016):
//!
//! <math display="block"><mtext>leaf</mtext><mo>=</mo><mi>ν</mi><mspace width="0.2em"/><mfrac><mrow><munder><mo>∑</mo><mi>i</mi></munder><mo stretchy="false">(</mo><msub><mi>y</mi><mi>i</mi></msub><mo>−</mo><msub><mi>p</mi><mi>i</mi></msub><mo stretchy="false">)</mo></mrow><mrow><munder><mo>∑</mo><mi>i</mi></munder><msub><mi>p</mi><mi>i</mi></msub><mo stretchy="false">(</mo><mn>1</mn><mo>−</mo><msub><mi>p</mi><mi>i</mi></msub><mo stretchy="false">)</mo><mo>+</mo><mi>μ</mi></mrow></mfrac></math>
//!
//! Windows that are judged rightly have *p* near *y*, and hardly count any more: each tree works on what is still wrong.
//!
#![doc = include_str!("figures/boosting.html")]
//!
//! # What makes them generalise
//!
//! The figure shows what there is to fear. Tree after tree, the loss on the points learned from falls towards 0: the forest learns even the wrong
//! labels, as small islands. On other points it falls, stops, and rises. What counts is the loss on examples that were not learned
//! from, and nothing that is computed from the learned ones alone can tell it. Five things help:
//!
//! - **Shrinkage.** Small steps in many directions, instead of large ones in few. With *ν* = 0.1 the loss on other points falls lower, stays low longer, and rises
//!   more slowly. It needs more trees.
//! - **More examples.** The strongest of all; in the figure, twenty times as many points do more than any choice of *ν*. Where faces are few, make more of
//!   them: mirror images, and 28 starts a face (*oversampling*), each a problem of its own. Starts are no new faces, though: measured with trees alone, 40
//!   instead of 20 brought the error on held-out, ordinary faces from 4.30 to 4.20 %, and on the hardest set from 7.10 to 7.03 %.
//! - **Chance.** Random pairs, random features, random samples as judges of a split: each tree sees something else, and their mistakes cancel out. It also saves time: judging
//!   splits by 6000 samples and the 16 strongest components, instead of 20 000 and 32, made fitting about five times faster.
//! - **Simplicity.** Depth 3 or 4; some dozens of principal components of the shape instead of 136 coordinates; leaves of 8 bits. (A leaf is rounded *before* it is subtracted
//!   from the residuals, so later trees mend what rounding did.)
//! - **Stopping in time**, at the number of trees where the loss on held-out examples is lowest.
//!
//! Not everything that sounds good is. From `training/EXPERIMENTS.md`, trees alone, held out; ordinary faces at 4.30 % and hard ones at 7.10 % before each change:
//!
//! | change | ordinary | hard |
//! |---|---|---|
//! | 40 candidates a split instead of 20 | 4.26 | 6.98 |
//! | 40 starts a face instead of 20 | 4.20 | 7.03 |
//! | fewer trees with larger steps (320 a stage, shrinkage 0.15) | 4.43 | 7.08 |
//! | feature points further from the landmarks, longer pairs | 4.23 | 7.60 |
//!
//! The last row is a trap: better on ordinary faces, clearly worse on hard ones. Whoever looks at one number sees progress.
//!
//! # Why it is fast
//!
//! A stage of 300 trees of depth 4 takes 1200 comparisons and adds up 300 leaves. What takes time is fetching: a leaf lies anywhere in memory, and fetching from
//! beyond the nearest caches took 15 ns each where leaves were fetched one after the other. So all trees are walked first, for leaves whose places are known are fetched many
//! at a time; splits take four bytes, and leaves 32 numbers of one byte. Ren et al. (2014) go further: they keep of each tree only *which* leaf was reached, as a binary
//! feature, and fit all leaves' values anew, together, by a linear regression.
//!
//! # A program
//!
//! A stage of trees, fitted to drawn faces, on these faces and on others.
//!
//! ```
//! use lineament::geometry::Rect;
//! use lineament::Shape;
//! use lineament::raw::crop::CropSpec;
//! use lineament_train::drawn::portrait;
//! use lineament_train::landmarks::boosting::{CropScene, fit_stage};
//! use lineament_train::landmarks::hyperparams::{StartParams, TreeParams};
//! use lineament_train::landmarks::{TrainingFace, faces::mean_shape, samples};
//! use rand::SeedableRng;
//!
//! const SPEC: CropSpec = CropSpec { face: 64, margin: 16, coarse: 64 };
//!
//! let drawn = |index: usize| {
//!     let scene = portrait(1, index as u64);
//!     let bounds = scene.shapes[0].bounds();
//!     let bounds = Rect::square(bounds.centre(), bounds.width.max(bounds.height));
//!     TrainingFace::new(&scene.image, &bounds, &scene.shapes[0], index, &SPEC)
//! };
//! let learned: Vec<TrainingFace> = (0..80).map(drawn).collect();
//! let others: Vec<TrainingFace> = (1000..1080).map(drawn).collect();
//! let truths: Vec<&Shape> = learned.iter().map(|face| &face.truth).collect();
//! let mean = mean_shape(&truths);
//!
//! let rng = &mut rand_chacha::ChaCha8Rng::seed_from_u64(1);
//! let params = TreeParams {
//!     trees: 100,
//!     points: 100,
//!     judges: 500,
//!     components: 16,
//!     judged_components: 8,
//!     ..TreeParams::default()
//! };
//! let starts =
//!     samples::initial_samples(&truths, &mean, 64.0, &StartParams::default(), 10, rng);
//! let scene = CropScene { faces: &learned, mean: &mean, box_side: 64.0 };
//! let stage = fit_stage(&scene, &starts, &params, 0.15 * 64.0, rng);
//!
//! // The mean distance of a landmark, from the mean shape and after the stage, in pixels.
//! let distance = |faces: &[TrainingFace], stepped: bool| {
//!     let of = |face: &TrainingFace| {
//!         let mut shape = mean.clone();
//!         if stepped {
//!             stage.step(&face.crop, &mean.points, &mut shape.points);
//!         }
//!         shape
//!             .points
//!             .iter()
//!             .zip(&face.truth.points)
//!             .map(|(p, &t)| p.distance(t))
//!             .sum::<f32>()
//!             / 68.0
//!     };
//!     faces.iter().map(of).sum::<f32>() / faces.len() as f32
//! };
//! let [before, after] = [false, true].map(|stepped| distance(&others, stepped));
//! println!(
//!     "learned from: {:.2} pixels, then {:.2}",
//!     distance(&learned, false),
//!     distance(&learned, true)
//! );
//! println!("others: {before:.2} pixels, then {after:.2}");
//! assert!(after < 0.9 * before);
//! // What was learned by heart.
//! assert!(distance(&learned, true) < after);
//! ```
//!
//! # Where it stands in the source
//!
//! | formula | item |
//! |---|---|
//! | questions about pixels, leaves of shapes | [`TreeStage`](crate::landmarks::tree_stage::TreeStage), [`leaf_of`](crate::landmarks::tree_stage::leaf_of) |
//! | pixels that move with the shape | [`FeaturePoint`](crate::landmarks::tree_stage::FeaturePoint) |
//! | the sum of all leaves | [`TreeStage::vote`](crate::landmarks::tree_stage::TreeStage::vote) |
//! | questions about features, sum of leaves | [`Tree::leaf`](crate::detector::Tree::leaf), [`BoostedTrees::score`](crate::detector::BoostedTrees::score) |
//! | gain, random pairs, prior on distance | `Judges` and `SplitPrior` in `training/src/landmarks/splits.rs` |
//! | boosting of shapes, rounded leaves | `lineament_train::landmarks::boosting::Boosting` in `training/src/landmarks/boosting.rs` |
//! | principal components of the residual | `principal_components` in `training/src/landmarks/components.rs` |
//! | boosting of the logistic loss, Newton leaves | `lineament_train::detector::boosting::fit` in `training/src/detector/boosting.rs` |
//! | shrinkage, oversampling and all other choices | `lineament_train::landmarks::hyperparams::TreeParams` in `training/src/landmarks/hyperparams.rs` |
//!
//! # Exercises
//!
//! **6.1 The best question.** Of targets in the order of their *x*, the number of examples that go left at the best question.
//!
//! ```should_panic
//! fn split(targets: &[f64]) -> usize {
//!     todo!("try all; the gain needs sums and counts alone")
//! }
//!
//! fn main() {
//!     assert_eq!(split(&[1.0, 1.0, 5.0, 5.0]), 2);
//!     assert_eq!(split(&[0.0, 0.1, -0.1, 0.0, 3.0]), 4);
//!     let step: Vec<f64> = (0..100)
//!         .map(|i| if i < 37 { 2.0 } else { -1.0 } + 0.3 * f64::from(i * 7 % 10))
//!         .collect();
//!     assert_eq!(split(&step), 37);
//! }
//! ```
//!
//! <details><summary>Solution</summary>
//!
//! A running sum makes one pass of it, where computing both means anew for each question would take as many passes as there are examples.
//!
//! ```
//! fn split(targets: &[f64]) -> usize {
//!     let (total, count) = (targets.iter().sum::<f64>(), targets.len() as f64);
//!     let (mut left, mut best) = (0.0, (0, f64::NEG_INFINITY));
//!     for (i, target) in targets[..targets.len() - 1].iter().enumerate() {
//!         left += target;
//!         let n = (i + 1) as f64;
//!         let gain = left * left / n + (total - left).powi(2) / (count - n);
//!         if gain > best.1 {
//!             best = (i + 1, gain);
//!         }
//!     }
//!     best.0
//! }
//! #
//! # fn main() {
//! #     assert_eq!(split(&[1.0, 1.0, 5.0, 5.0]), 2);
//! #     assert_eq!(split(&[0.0, 0.1, -0.1, 0.0, 3.0]), 4);
//! #     let step: Vec<f64> = (0..100).map(|i| if i < 37 { 2.0 } else { -1.0 } + 0.3 * f64::from(i * 7 % 10)).collect();
//! #     assert_eq!(split(&step), 37);
//! # }
//! ```
//!
//! </details>
//!
//! **6.2 A Newton step.** The value of a leaf, from label (1 or 0) and score so far of its examples. The check: without shrinkage and damping, and
//! taken a few times, it finds the score at which the loss is smallest, the logarithm of the odds.
//!
//! ```should_panic
//! fn leaf(examples: &[(f64, f64)], shrinkage: f64, damping: f64) -> f64 {
//!     todo!()
//! }
//!
//! fn main() {
//!     assert_eq!(leaf(&[(1.0, 0.0), (1.0, 0.0), (0.0, 0.0), (1.0, 0.0)], 1.0, 0.0), 1.0);
//!     assert_eq!(leaf(&[(1.0, 0.0), (1.0, 0.0), (0.0, 0.0), (1.0, 0.0)], 0.5, 1.0), 0.25);
//!     let mut score = 0.0;
//!     for _ in 0..10 {
//!         score +=
//!             leaf(&[(1.0, score), (1.0, score), (0.0, score), (1.0, score)], 1.0, 0.0);
//!     }
//!     assert!((score - 3f64.ln()).abs() < 1e-9);
//! }
//! ```
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! fn leaf(examples: &[(f64, f64)], shrinkage: f64, damping: f64) -> f64 {
//!     let (mut gradients, mut curvatures) = (0.0, 0.0);
//!     for (label, score) in examples {
//!         let p = 1.0 / (1.0 + f64::exp(-score));
//!         gradients += label - p;
//!         curvatures += p * (1.0 - p);
//!     }
//!     shrinkage * gradients / (curvatures + damping)
//! }
//! #
//! # fn main() {
//! #     assert_eq!(leaf(&[(1.0, 0.0), (1.0, 0.0), (0.0, 0.0), (1.0, 0.0)], 1.0, 0.0), 1.0);
//! #     assert_eq!(leaf(&[(1.0, 0.0), (1.0, 0.0), (0.0, 0.0), (1.0, 0.0)], 0.5, 1.0), 0.25);
//! #     let mut score = 0.0;
//! #     for _ in 0..10 {
//! #         score += leaf(&[(1.0, score), (1.0, score), (0.0, score), (1.0, score)], 1.0, 0.0);
//! #     }
//! #     assert!((score - 3f64.ln()).abs() < 1e-9);
//! # }
//! ```
//!
//! </details>
//!
//! **6.3 Stopping in time.** A sine with noise, learned by boosted trees of one question (*stumps*). Write a round of boosting. The check: on
//! the points learned from, the error falls to the end; on others it is lowest long before, and lower with shrinkage than without.
//!
//! ```should_panic
//! /// Question, and the leaves left (x at most the threshold) and right.
//! struct Stump(f64, [f64; 2]);
//!
//! fn predicted(stumps: &[Stump], x: f64) -> f64 {
//!     stumps
//!         .iter()
//!         .map(|Stump(threshold, leaves)| leaves[usize::from(x > *threshold)])
//!         .sum()
//! }
//!
//! /// The stump that leaves the least of these pairs `(x, residual)`, which come in the order
//! /// of x; its leaves are shrunk.
//! fn fitted(pairs: &[(f64, f64)], shrinkage: f64) -> Stump {
//!     todo!("exercise 6.1 is half of it")
//! }
//!
//! fn boosted(points: &[(f64, f64)], rounds: usize, shrinkage: f64) -> Vec<Stump> {
//!     let mut stumps = Vec::new();
//!     for _ in 0..rounds {
//!         todo!()
//!     }
//!     stumps
//! }
//!
//! fn main() {
//!     let points = |count: usize, seed: u64| -> Vec<(f64, f64)> {
//!         let mut state = seed;
//!         let mut uniform = || {
//!             state = state
//!                 .wrapping_mul(6364136223846793005)
//!                 .wrapping_add(1442695040888963407);
//!             (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
//!         };
//!         let noise =
//!             |uniform: &mut dyn FnMut() -> f64| (0..4).map(|_| uniform()).sum::<f64>();
//!         (0..count)
//!             .map(|i| i as f64 / count as f64)
//!             .map(|x| (x, (6.28 * x).sin() + noise(&mut uniform)))
//!             .collect()
//!     };
//!     let (learned, others) = (points(60, 1), points(1000, 2));
//!     let error = |stumps: &[Stump], on: &[(f64, f64)]| {
//!         on.iter().map(|&(x, y)| (y - predicted(stumps, x)).powi(2)).sum::<f64>()
//!             / on.len() as f64
//!     };
//!     let lowest = |shrinkage: f64| {
//!         let stumps = boosted(&learned, 400, shrinkage);
//!         assert!(error(&stumps, &learned) < error(&stumps[..100], &learned));
//!         let (count, least) = (0..=400)
//!             .map(|count| (count, error(&stumps[..count], &others)))
//!             .min_by(|a, b| a.1.total_cmp(&b.1))
//!             .unwrap();
//!         assert!(count < 300 && least < error(&stumps, &others));
//!         least
//!     };
//!     assert!(lowest(0.1) < lowest(1.0));
//! }
//! ```
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! # struct Stump(f64, [f64; 2]);
//! #
//! # fn predicted(stumps: &[Stump], x: f64) -> f64 {
//! #     stumps.iter().map(|Stump(threshold, leaves)| leaves[usize::from(x > *threshold)]).sum()
//! # }
//! #
//! fn fitted(pairs: &[(f64, f64)], shrinkage: f64) -> Stump {
//!     let sum = |pairs: &[(f64, f64)]| pairs.iter().map(|(_, r)| r).sum::<f64>();
//!     let gain = |&n: &usize| {
//!         let (left, right) = pairs.split_at(n);
//!         sum(left).powi(2) / left.len() as f64 + sum(right).powi(2) / right.len() as f64
//!     };
//!     let best = (1..pairs.len()).max_by(|a, b| gain(a).total_cmp(&gain(b))).unwrap();
//!     let (left, right) = pairs.split_at(best);
//!     let leaf = |side: &[(f64, f64)]| shrinkage * sum(side) / side.len() as f64;
//!     Stump(left[best - 1].0, [leaf(left), leaf(right)])
//! }
//!
//! fn boosted(points: &[(f64, f64)], rounds: usize, shrinkage: f64) -> Vec<Stump> {
//!     let mut stumps = Vec::new();
//!     let mut residuals = points.to_vec();
//!     for _ in 0..rounds {
//!         let stump = fitted(&residuals, shrinkage);
//!         residuals
//!             .iter_mut()
//!             .for_each(|(x, r)| *r -= stump.1[usize::from(*x > stump.0)]);
//!         stumps.push(stump);
//!     }
//!     stumps
//! }
//! #
//! # fn main() {
//! #     let points = |count: usize, seed: u64| -> Vec<(f64, f64)> {
//! #         let mut state = seed;
//! #         let mut uniform = || {
//! #             state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
//! #             (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
//! #         };
//! #         let noise = |uniform: &mut dyn FnMut() -> f64| (0..4).map(|_| uniform()).sum::<f64>();
//! #         (0..count).map(|i| i as f64 / count as f64).map(|x| (x, (6.28 * x).sin() + noise(&mut uniform))).collect()
//! #     };
//! #     let (learned, others) = (points(60, 1), points(1000, 2));
//! #     let error = |stumps: &[Stump], on: &[(f64, f64)]| {
//! #         on.iter().map(|&(x, y)| (y - predicted(stumps, x)).powi(2)).sum::<f64>() / on.len() as f64
//! #     };
//! #     let lowest = |shrinkage: f64| {
//! #         let stumps = boosted(&learned, 400, shrinkage);
//! #         assert!(error(&stumps, &learned) < error(&stumps[..100], &learned));
//! #         let (count, least) = (0..=400)
//! #             .map(|count| (count, error(&stumps[..count], &others)))
//! #             .min_by(|a, b| a.1.total_cmp(&b.1))
//! #             .unwrap();
//! #         assert!(count < 300 && least < error(&stumps, &others));
//! #         least
//! #     };
//! #     assert!(lowest(0.1) < lowest(1.0));
//! # }
//! ```
//!
//! </details>
//!
#![doc = include_str!("style.html")]

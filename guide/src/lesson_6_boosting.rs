//! # Lesson 6. Gradient-boosted trees and what makes them generalise
//!
//! [← Lesson 5. Shapes, similarity transforms and cascaded regression](crate::lesson_5_shapes) ·
//! [Contents](crate)
//!
//! Why do hundreds of poor guesses make a good one?
//!
//! # A tree is a list of questions
//!
//! A linear map adds up its inputs; it cannot say "*if* the pixel left of the eye is darker than
//! the one right of it, the head is turned, and *then* …". A *regression tree* can. Each inner node
//! asks whether a number is greater than a threshold, and the answer leads left or right. At the
//! end is a *leaf*, which contains the prediction. This is a tree of depth 2, with three questions
//! and four leaves:
//!
//! ```text
//!           g(a) − g(b) > 12 ?
//!           no ╱         ╲ yes
//! g(c) − g(d) > −3 ?   g(e) − g(a) > 40 ?
//!     ╱      ╲             ╱      ╲
//!  leaf 0   leaf 1      leaf 2   leaf 3
//! ```
//!
//! *Tree of depth 2: a, b, … are pixels, g is the grey level. Each example answers two of the three
//! questions.*
//!
//! If *g*(*a*) = 100, *g*(*b*) = 80 and *g*(*e*) = 120, the answers are yes (20 > 12) and no (20 is
//! not above 40), and the prediction is that of leaf 2. The trees of the landmark cascade have
//! depth 4: fifteen questions, of which each example answers four, and sixteen leaves.
//!
//! In the landmark cascade, the questions compare two pixels (Kazemi & Sullivan 2014). A constant
//! added to all grey levels does not change their difference, and a difference costs two look-ups
//! and a subtraction. The pixels are tied to landmarks: one is "3 to the left of and 5 below the
//! eye corner" in the frame of the mean shape, and it moves, turns and grows with the current shape
//! (lesson 5). In the detector, the questions compare single features of the window with a
//! threshold.
//!
//! # Growing a tree
//!
//! Each example *i* has a target, the vector **r**<sub>i</sub>. The best prediction of a leaf is
//! the mean of the targets of its examples. (Set the derivative of the squared error to 0.) For *n*
//! examples whose targets sum to **s**, the remaining error is
//!
//! <math display="block"><munder><mo>∑</mo><mi>i</mi></munder><msup><mrow><mo stretchy="false">‖</mo><msub><mi>𝐫</mi><mi>i</mi></msub><mo>−</mo><mfrac><mi>𝐬</mi><mi>n</mi></mfrac><mo stretchy="false">‖</mo></mrow><mn>2</mn></msup><mo>=</mo><munder><mo>∑</mo><mi>i</mi></munder><msup><mrow><mo stretchy="false">‖</mo><msub><mi>𝐫</mi><mi>i</mi></msub><mo stretchy="false">‖</mo></mrow><mn>2</mn></msup><mo>−</mo><mfrac><msup><mrow><mo stretchy="false">‖</mo><mi>𝐬</mi><mo stretchy="false">‖</mo></mrow><mn>2</mn></msup><mi>n</mi></mfrac></math>
//!
//! A question divides the examples of its node, the *parent*, into a left and a right part. It
//! reduces the error by
//!
//! <math display="block"><mtext>gain</mtext><mo>=</mo><mfrac><msup><mrow><mo stretchy="false">‖</mo><msub><mi>𝐬</mi><mtext>left</mtext></msub><mo stretchy="false">‖</mo></mrow><mn>2</mn></msup><msub><mi>n</mi><mtext>left</mtext></msub></mfrac><mo>+</mo><mfrac><msup><mrow><mo stretchy="false">‖</mo><msub><mi>𝐬</mi><mtext>right</mtext></msub><mo stretchy="false">‖</mo></mrow><mn>2</mn></msup><msub><mi>n</mi><mtext>right</mtext></msub></mfrac><mo>−</mo><mfrac><msup><mrow><mo stretchy="false">‖</mo><mi>𝐬</mi><mo stretchy="false">‖</mo></mrow><mn>2</mn></msup><mi>n</mi></mfrac></math>
//!
//! and the best question is the one with the largest *gain*. The last term belongs to the parent
//! and is the same for all questions, so a program can leave it out when it compares them. An
//! example: the targets 1, 1, 5, 5 at *x* = 1, 2, 3, 4. The parent has ‖**s**‖²/*n* = 12²/4 = 36. A
//! question between 2 and 3 gains 2²/2 + 10²/2 − 36 = 16, one between 1 and 2 gains 1²/1 + 11²/3 −
//! 36 = 5.3. The first is better. It gains all of the parent's error, which is 1 + 1 + 25 + 25 − 36
//! = 16.
//!
//! 256 pixels form 256 · 255 / 2 = 32 640 pairs, with hundreds of thresholds each. At each node the
//! trainer tries only 20 random pairs. Near pairs are more likely, with a probability proportional
//! to exp(−*δ* / *δ*<sub>0</sub>) for pixels at the distance *δ*, because distant pixels are lit
//! differently. With *δ*<sub>0</sub> = 0.1 of the face box, a pair at 0.1 is *e* = 2.7 times as
//! likely as a pair at 0.2. The threshold lies half-way between the differences of two random
//! examples.
//!
//! # Boosting
//!
//! One small tree is a poor predictor; one large tree learns its examples by heart. *Gradient
//! boosting* (Friedman 2001) adds up many small trees, each fitted to what the trees before it
//! leave:
//!
//! <math display="block"><msub><mi>F</mi><mi>m</mi></msub><mo stretchy="false">(</mo><mi>𝐱</mi><mo stretchy="false">)</mo><mo>=</mo><msub><mi>F</mi><mrow><mi>m</mi><mo>−</mo><mn>1</mn></mrow></msub><mo stretchy="false">(</mo><mi>𝐱</mi><mo stretchy="false">)</mo><mo>+</mo><mi>ν</mi><mspace width="0.2em"/><msub><mi>h</mi><mi>m</mi></msub><mo stretchy="false">(</mo><mi>𝐱</mi><mo stretchy="false">)</mo></math>
//! <math display="block"><msub><mi>h</mi><mi>m</mi></msub><mtext> fitted to </mtext><msub><mi>r</mi><mi>i</mi></msub><mo>=</mo><mo>−</mo><mfrac><mrow><mo>∂</mo><mi>L</mi><mo stretchy="false">(</mo><msub><mi>y</mi><mi>i</mi></msub><mo>,</mo><mi>F</mi><mo stretchy="false">(</mo><msub><mi>𝐱</mi><mi>i</mi></msub><mo stretchy="false">)</mo><mo stretchy="false">)</mo></mrow><mrow><mo>∂</mo><mi>F</mi><mo stretchy="false">(</mo><msub><mi>𝐱</mi><mi>i</mi></msub><mo stretchy="false">)</mo></mrow></mfrac></math>
//!
//! This is gradient descent in which every step is a function instead of a vector. For the squared
//! loss ½(*y* − *F*)² the negative derivative is the residual *y* − *F*: each tree is fitted to
//! what is missing. The *shrinkage* *ν* (nu) is the share of each step that is taken. With *ν* =
//! 0.1 and a target of 10, the first tree adds 1, the second 0.9, the third 0.81, and after *m*
//! trees 10 · 0.9<sup>*m*</sup> is still missing.
//!
//! **For yes or no**, as in the detector's boosted trees, *F* is the logarithm of the odds that a
//! window is a face, and the loss is the logistic one: ln(1 + *e*<sup>−*F*</sup>) for a face and
//! ln(1 + *e*<sup>*F*</sup>) for other windows. With the probability *p* = 1 / (1 +
//! *e*<sup>−*F*</sup>), the negative derivative is *y* − *p* (*y* is 1 or 0), and the second
//! derivative is *p*(1 − *p*). A leaf takes a Newton step (Friedman, Hastie & Tibshirani 2000; Chen
//! & Guestrin 2016), with the *damping* *μ* (mu):
//!
//! <math display="block"><mtext>leaf</mtext><mo>=</mo><mi>ν</mi><mspace width="0.2em"/><mfrac><mrow><munder><mo>∑</mo><mi>i</mi></munder><mo stretchy="false">(</mo><msub><mi>y</mi><mi>i</mi></msub><mo>−</mo><msub><mi>p</mi><mi>i</mi></msub><mo stretchy="false">)</mo></mrow><mrow><munder><mo>∑</mo><mi>i</mi></munder><msub><mi>p</mi><mi>i</mi></msub><mo stretchy="false">(</mo><mn>1</mn><mo>−</mo><msub><mi>p</mi><mi>i</mi></msub><mo stretchy="false">)</mo><mo>+</mo><mi>μ</mi></mrow></mfrac></math>
//!
//! The damping keeps the steps of leaves with few or well classified examples short, where the
//! denominator would be close to 0. An example: three faces and one other window, all with *F* = 0,
//! so *p* = ½. The numerator is 3 · ½ − ½ = 1, the sum in the denominator is 4 · ¼ = 1. With *μ* =
//! 0 and *ν* = 1 the leaf is 1, with *μ* = 1 and *ν* = 0.5 it is 0.25.
//!
//! Windows that are already classified correctly have *p* close to *y* and hardly count any more:
//! each tree works on what is still wrong.
//!
#![doc = include_str!("figures/boosting.html")]
//!
//! # What makes them generalise
//!
//! The figure shows the danger. Tree after tree, the loss on the training points falls towards 0:
//! the trees learn even the wrong labels, as small islands. On other points the loss falls, stops,
//! and rises. What counts is the loss on examples that were not used in training, and nothing that
//! is computed from the training examples alone can reveal it. Five things help:
//!
//! - **Shrinkage.** Many small steps instead of a few large ones. With *ν* = 0.1 the loss on other
//!   points falls lower, stays low longer, and rises more slowly. This needs more trees.
//! - **More examples.** The strongest remedy of all: in the figure, twenty times as many points
//!   help more than any choice of *ν*. If faces are few, multiply them: mirror images, and 28
//!   starts per face (*oversampling*), each a problem of its own. But starts are no new faces.
//!   Measured with trees alone, 40 starts instead of 20 reduced the error on held-out ordinary
//!   faces from 4.30 to 4.20 %, and on the hardest set from 7.10 to 7.03 %.
//! - **Randomness.** Random pairs, random features, random samples to compare splits on: each tree
//!   sees something else, and their mistakes cancel out. It also saves time: comparing splits on
//!   6000 samples and the 16 strongest components, instead of 20 000 and 32, made the fit about
//!   five times faster.
//! - **Simplicity.** Depth 3 or 4; 32 principal components of the shape instead of 136 coordinates;
//!   leaves of 8 bits. (A leaf is rounded *before* it is subtracted from the residuals, so later
//!   trees correct the rounding.)
//! - **Early stopping**, at the number of trees with the lowest loss on held-out examples.
//!
//! Not everything that sounds good is good. From `training/EXPERIMENTS.md`, trees alone, errors on
//! held-out faces in percent; before each change, ordinary faces had 4.30 and hard ones 7.10:
//!
//! | change | ordinary | hard |
//! |---|---|---|
//! | 40 candidates per split instead of 20 | 4.26 | 6.98 |
//! | 40 starts per face instead of 20 | 4.20 | 7.03 |
//! | fewer trees with larger steps (320 per stage, shrinkage 0.15) | 4.43 | 7.08 |
//! | feature points further from the landmarks, longer pairs | 4.23 | 7.60 |
//!
//! The last row is a trap: better on ordinary faces, clearly worse on hard ones. If you look at one
//! number only, you see progress.
//!
//! # Why it is fast
//!
//! A stage of 300 trees of depth 4 needs 1200 comparisons and adds up 300 leaves. Most of the time
//! goes into fetching: a leaf can be anywhere in memory, and fetching from beyond the nearest
//! caches took 15 ns per leaf when leaves were fetched one after the other. So the library first
//! walks all trees, and then fetches the leaves: once their places are known, the processor fetches
//! many at a time. A split takes four bytes, and a leaf 32 numbers of one byte. Ren et al. (2014)
//! go further: they keep only *which* leaf each tree reached, as a binary feature, and fit the
//! values of all leaves anew, together, by a linear regression.
//!
//! # A program
//!
//! A stage of trees, fitted to synthetic faces, and its error on these faces and on others.
//!
//! ```
//! use lineament::raw::RectExt;
//! use lineament::geometry::Rect;
//! use lineament::raw::GreyImage;
//! use lineament::raw::crop::CropSpec;
//! use lineament::{Shape, Similarity};
//! use lineament_train::synthetic::portrait;
//! use lineament_train::landmarks::boosting::{CropScene, fit_stage};
//! use lineament_train::landmarks::hyperparams::{StartParams, TreeParams};
//! use lineament_train::landmarks::{TrainingFace, faces::mean_shape, samples};
//! use rand::SeedableRng;
//!
//! const SPEC: CropSpec = CropSpec { face: 64, margin: 16, coarse: 64 };
//!
//! let synthetic = |index: usize| {
//!     let scene = portrait(1, index as u64);
//!     let bounds = scene.shapes[0].bounds();
//!     let bounds = Rect::square(bounds.centre(), bounds.width.max(bounds.height));
//!     let image = GreyImage::from(&scene.image);
//!     TrainingFace::new(&image, &bounds, &scene.shapes[0], index, &SPEC)
//! };
//! let learned: Vec<TrainingFace> = (0..80).map(synthetic).collect();
//! let others: Vec<TrainingFace> = (1000..1080).map(synthetic).collect();
//! let truths: Vec<&Shape> = learned.iter().map(|face| &face.truth).collect();
//! let mean = mean_shape(&truths);
//!
//! let rng = &mut rand_chacha::ChaCha8Rng::seed_from_u64(1);
//! let params = TreeParams {
//!     trees: 100,
//!     points: 100,
//!     split_samples: 500,
//!     components: 16,
//!     split_components: 8,
//!     ..TreeParams::default()
//! };
//! let starts =
//!     samples::initial_samples(&truths, &mean, 64.0, &StartParams::default(), 10, rng);
//! let scene = CropScene { faces: &learned, mean: &mean, box_side: 64.0 };
//! let stage = fit_stage(&scene, &starts, &params, 0.15 * 64.0, rng);
//!
//! // The mean distance of a landmark from its true place in pixels: of the mean shape,
//! // and after the stage.
//! let distance = |faces: &[TrainingFace], stepped: bool| {
//!     let of = |face: &TrainingFace| {
//!         let mut shape = mean.clone();
//!         if stepped {
//!             let frame = Similarity::between(&mean.points, &shape.points);
//!             stage.step(&face.crop, &mut shape.points, &frame, &mut ());
//!         }
//!         let pairs = shape.points.iter().zip(&face.truth.points);
//!         pairs.map(|(p, &truth)| p.distance(truth)).sum::<f32>() / 68.0
//!     };
//!     faces.iter().map(of).sum::<f32>() / faces.len() as f32
//! };
//! let [before, after] = [false, true].map(|stepped| distance(&others, stepped));
//! println!(
//!     "training faces: {:.2} pixels, then {:.2}",
//!     distance(&learned, false),
//!     distance(&learned, true)
//! );
//! println!("other faces: {before:.2} pixels, then {after:.2}");
//! assert!(after < 0.9 * before);
//! // The difference was learned by heart.
//! assert!(distance(&learned, true) < after);
//! ```
//!
//! # In the source
//!
//! | formula | code |
//! |---|---|
//! | questions about pixels, leaves of shapes | [`TreeStage`](lineament::raw::tree_stage::TreeStage), [`leaf_of`](lineament::raw::tree_stage::leaf_of) |
//! | pixels that move with the shape | [`FeaturePoint`](lineament::raw::tree_stage::FeaturePoint) |
//! | sum of all leaves | [`TreeStage::vote`](lineament::raw::tree_stage::TreeStage::vote) |
//! | questions about features, sum of leaves | [`Tree::leaf`](lineament::raw::Tree::leaf), [`BoostedTrees::score`](lineament::raw::BoostedTrees::score) |
//! | boosting of shapes: gain, random pairs, principal components of the residual, rounded leaves | [`landmarks::boosting::Boosting`](lineament_train::landmarks::boosting::Boosting) |
//! | boosting of the logistic loss, Newton leaves | [`detector::boosting::fit`](lineament_train::detector::boosting::fit) |
//! | shrinkage, oversampling and all other parameters | [`TreeParams`](lineament_train::landmarks::hyperparams::TreeParams) |
//!
//! # Exercises
//!
//! **6.1 The best question.** The targets come in the order of their *x*. Return the number of
//! examples that go left at the best question.
//!
//! ```should_panic
//! fn split(targets: &[f64]) -> usize {
//!     todo!("try all; the gain needs only sums and counts")
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
//! <details><summary>Hint</summary>
//!
//! The parent's term is the same for all questions. Keep a running sum for the left side: the sum
//! of the right side is the total minus it. Both sides need at least one example.
//!
//! </details>
//!
//! <details><summary>Solution</summary>
//!
//! With a running sum, one pass is enough. Computing both means anew for each question would take
//! as many passes as there are examples.
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
//! #     let step: Vec<f64> = (0..100)
//! #         .map(|i| if i < 37 { 2.0 } else { -1.0 } + 0.3 * f64::from(i * 7 % 10))
//! #         .collect();
//! #     assert_eq!(split(&step), 37);
//! # }
//! ```
//!
//! </details>
//!
//! **6.2 A Newton step.** Compute the value of a leaf from its examples, each with its label (1 or
//! 0) and its current score. The test: without shrinkage and damping, a few steps find the score
//! with the smallest loss, which is the logarithm of the odds.
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
//! <details><summary>Hint</summary>
//!
//! Two sums over the examples, of *y* − *p* and of *p*(1 − *p*). The damping is added once, to the
//! second sum.
//!
//! </details>
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
//! **6.3 Early stopping.** Boosted trees with one question (*stumps*) learn a sine with noise.
//! Write a round of boosting. The test: on the training points the error falls to the end; on other
//! points it is lowest long before the end, and lower with shrinkage than without.
//!
//! ```should_panic
//! /// The threshold, and the leaves on the left (x at most the threshold) and on the right.
//! struct Stump(f64, [f64; 2]);
//!
//! fn predicted(stumps: &[Stump], x: f64) -> f64 {
//!     stumps
//!         .iter()
//!         .map(|Stump(threshold, leaves)| leaves[usize::from(x > *threshold)])
//!         .sum()
//! }
//!
//! /// Returns the stump that leaves the smallest error of these pairs `(x, residual)`, which
//! /// come in the order of x. Its leaves are shrunk.
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
//! <details><summary>Hint</summary>
//!
//! `fitted` is exercise 6.1 plus two leaves, each a mean times the shrinkage; the threshold is the
//! *x* of the last pair on the left. A round fits a stump to the residuals and then subtracts its
//! leaves from them.
//!
//! </details>
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
//! #         (0..count)
//! #             .map(|i| i as f64 / count as f64)
//! #             .map(|x| (x, (6.28 * x).sin() + noise(&mut uniform)))
//! #             .collect()
//! #     };
//! #     let (learned, others) = (points(60, 1), points(1000, 2));
//! #     let error = |stumps: &[Stump], on: &[(f64, f64)]| {
//! #         on.iter().map(|&(x, y)| (y - predicted(stumps, x)).powi(2)).sum::<f64>()
//! #             / on.len() as f64
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
//! [← Lesson 5. Shapes, similarity transforms and cascaded regression](crate::lesson_5_shapes) ·
//! [Contents](crate)
//!
#![doc = include_str!("style.html")]

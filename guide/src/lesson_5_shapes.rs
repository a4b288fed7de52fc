//! # Lesson 5. Shapes, similarity transforms and cascaded regression
//!
//! [← Lesson 4. Sliding windows and their evaluation](crate::lesson_4_windows) · [Contents](crate) ·
//! [Lesson 6. Gradient-boosted trees and what makes them generalise →](crate::lesson_6_boosting)
//!
//! How do 68 points find their places?
//!
//! # A shape is a point, too
//!
//! The *shape* of a face is a list of 68 *landmarks*, places that everybody can point at: 17 along
//! the jaw, 10 on the brows, 9 on the nose, 12 around the eyes, 20 around the lips. Written one
//! after the other they form a vector **S** of 136 numbers. Lay the boxes of many faces over each
//! other and take the mean of their shapes: this *mean shape* is all we know of a face before we
//! look at it.
//!
//! The *error* of a shape is the mean distance of its points **p̂** from the annotated points
//! **p**, in percent of the distance *d* between the outer eye corners, so that large and small
//! images count the same:
//!
//! <math display="block"><mtext>error</mtext><mo>=</mo><mfrac><mn>100</mn><mrow><mn>68</mn><mspace width="0.2em"/><mi>d</mi></mrow></mfrac><munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mn>68</mn></munderover><mo stretchy="false">‖</mo><msub><mover><mi>𝐩</mi><mo>^</mo></mover><mi>i</mi></msub><mo>−</mo><msub><mi>𝐩</mi><mi>i</mi></msub><mo stretchy="false">‖</mo></math>
//!
//! If the eye corners are 100 pixels apart and every point is off by 3 pixels, the error is 3 %.
//! Two people who annotate the same face do not quite agree either, least of all along the jaw,
//! where nothing marks the place of a point.
//!
//! # Similarity transforms
//!
//! Heads come closer, move, and tilt. None of this is expression or build, and we do not want to
//! learn it from thousands of examples. The maps that preserve a shape are rotation, uniform
//! scaling and translation, together *similarity transforms*. In the plane they are best written
//! with complex numbers: the point (*x*, *y*) as *z* = *x* + i *y*. Rotating by *θ* and scaling by
//! *a* is one multiplication:
//!
//! <math display="block"><mi>z</mi><mo>↦</mo><mi>c</mi><mspace width="0.2em"/><mi>z</mi><mo>+</mo><mi>τ</mi></math>
//! <math display="block"><mi>c</mi><mo>=</mo><mi>a</mi><mspace width="0.2em"/><msup><mi>e</mi><mrow><mi mathvariant="normal">i</mi><mi>θ</mi></mrow></msup></math>
//!
//! For example, *c* = 2i turns by 90° and doubles the size: it maps *z* = 1 to 2i. Which transform
//! brings a shape *z* closest to another shape *w*? The translation *τ* must map mean to mean (set
//! the derivative with respect to *τ* to 0), so first subtract the means from both. Then minimise
//! Σ |*w*<sub>i</sub> − *c z*<sub>i</sub>|². This is a least-squares problem with one unknown. As
//! with real numbers, the solution is the product of the two shapes divided by the square of the
//! first, with one factor conjugated:
//!
//! <math display="block"><mi>c</mi><mo>=</mo><mfrac><mrow><munder><mo>∑</mo><mi>i</mi></munder><mover><msub><mi>z</mi><mi>i</mi></msub><mo accent="true">‾</mo></mover><msub><mi>w</mi><mi>i</mi></msub></mrow><mrow><munder><mo>∑</mo><mi>i</mi></munder><msup><mrow><mo stretchy="false">|</mo><msub><mi>z</mi><mi>i</mi></msub><mo stretchy="false">|</mo></mrow><mn>2</mn></msup></mrow></mfrac></math>
//!
//! (Umeyama 1991, for any number of dimensions.) An example: *z* = (−1, 1), two points on the real
//! axis, and *w* = (−2i, 2i). The numerator is (−1)(−2i) + 1 · 2i = 4i, the denominator is 2, so
//! *c* = 2i: twice as large, and turned by 90°.
//!
//! The transform from the mean shape to the current shape is the *frame* of the face. Everything
//! that follows happens in this frame: the patches turn and grow with the face, and so do the
//! steps.
//!
//! # From appearance to displacement
//!
//! Lay the mean shape into the box that the detector found. It misses the face by some percent of
//! its width. But the pixels around it show in which direction: if the patch around the supposed
//! eye corner shows an eyebrow, the shape is too high. So learn a function from *φ*, the features
//! of the image around the shape, to the missing displacement **Δ**. The simplest function is
//! linear:
//!
//! <math display="block"><mi>𝚫</mi><mo>=</mo><mi>𝐑</mi><mspace width="0.2em"/><mi>φ</mi><mo stretchy="false">(</mo><mtext>image</mtext><mo>,</mo><mi>𝐒</mi><mo stretchy="false">)</mo><mo>+</mo><mi>𝐛</mi></math>
//!
//! The features *φ* are histograms of gradients as in lesson 2, in patches around the landmarks: 4
//! × 4 cells of 8 directions. The weights **R** come from examples: training faces, each with
//! shapes that are wrong by a known **Δ**. Least squares with thousands of features learns the
//! examples by heart. A penalty *λ* on large weights prevents this (*ridge regression*). Let each
//! of *n* examples have a row of **X** for its features and a row of **Y** for its displacement,
//! both minus their means:
//!
//! <math display="block"><msup><mi>𝐑</mi><mi>⊤</mi></msup><mo>=</mo><msup><mrow><mo>(</mo><mfrac><mn>1</mn><mi>n</mi></mfrac><msup><mi>𝐗</mi><mi>⊤</mi></msup><mi>𝐗</mi><mo>+</mo><mi>λ</mi><mi>𝐈</mi><mo>)</mo></mrow><mrow><mo>−</mo><mn>1</mn></mrow></msup><mfrac><mn>1</mn><mi>n</mi></mfrac><msup><mi>𝐗</mi><mi>⊤</mi></msup><mi>𝐘</mi></math>
//!
//! An example with *n* = 2 and one feature: **X** = (−1, 1), **Y** = (−2, 2). Both products,
//! divided by *n*, are 1 and 2. Without a penalty the weight is 2 / 1 = 2; with *λ* = 1 it is 2 /
//! (1 + 1) = 1. A penalty makes steps shorter and more careful.
//!
//! # Again and again
//!
//! One step does not reach the goal: patches that are far off see little. But after the step they
//! are closer and see better, and the next step can be finer. This is a *cascade*. Each stage *t*
//! is fitted to what the stages before it leave:
//!
//! <math display="block"><msub><mi>𝐒</mi><mrow><mi>t</mi><mo>+</mo><mn>1</mn></mrow></msub><mo>=</mo><msub><mi>𝐒</mi><mi>t</mi></msub><mo>+</mo><msub><mi>𝐑</mi><mi>t</mi></msub><mspace width="0.2em"/><mi>φ</mi><mo stretchy="false">(</mo><mtext>image</mtext><mo>,</mo><msub><mi>𝐒</mi><mi>t</mi></msub><mo stretchy="false">)</mo><mo>+</mo><msub><mi>𝐛</mi><mi>t</mi></msub></math>
//!
//! Dollár et al. (2010) did this with trees, Xiong & De la Torre (2013) with linear maps. The
//! latter call it *supervised descent* and compare it with Newton's method: to find the minimum of
//! a function, Newton needs its derivatives at every place. Here the function is "how little does
//! this look like an eye corner", and nobody knows its derivatives. So the average of the good
//! directions is learned from examples.
//!
#![doc = include_str!("figures/cascade.html")]
//!
//! # The cascade of this library
//!
//! | stage | features | moves | why |
//! |---|---|---|---|
//! | linear, coarse | 24 large patches, few pixels | whole shape | finds the pose of the head at once |
//! | two of 300 trees (lesson 6) | differences of pixels | whole shape | rescues the faces that the first step lost |
//! | linear, two steps | 34 and 40 patches | whole shape | cheaper than more trees, close to the solution |
//! | linear, three steps | for each landmark, the patches of its 8 nearest | each landmark by itself | precise |
//!
//! "Whole shape" means along its strongest *principal components*. The 136 numbers of a shape do
//! not vary freely: a jaw is a curve, and eyes open together. Twenty to 32 directions contain
//! nearly all the variation, and a shape that moves only along these can never fall apart. At the
//! end this is too stiff. With 4080 features for 3200 faces, a regression of the whole shape learns
//! the faces by heart, and in the experiments its error stopped at 3.65 % whatever came before. A
//! *local* regression, from the patches near a landmark to that landmark, has 480 features and goes
//! below this. (Ren et al. 2014 had observed the same for trees.) The experiments are in
//! `training/EXPERIMENTS.md`.
//!
//! # How a cascade fools itself
//!
//! The second stage learns from shapes that the first stage has moved. If the first stage has
//! learned its training faces by heart, it moves *them* nearly all the way and leaves little to
//! learn. New faces are moved less well, and on these the second stage is lost. So the samples must
//! be moved by a regressor that has never seen them: divide the faces into parts; for each part,
//! fit to the other parts; move the part with that regressor. This is *cross-fitting*, here by
//! photograph, because two faces in one photograph have light and camera in common. It costs a few
//! more fits. These are the errors on held-out faces, over the 2012 training faces and their mirror
//! images:
//!
//! | after | coarse step | trees | linear 1 | linear 2 | local 1 | local 2 | local 3 |
//! |---|---|---|---|---|---|---|---|
//! | error | 8.54 % | 5.85 % | 4.59 % | 4.22 % | 3.85 % | 3.76 % | 3.77 % |
//!
//! The last step does not improve this mean, but it does on LFPW's test set, where the error is
//! 3.15 %. dlib's trees, trained on the same faces, have 4.01 % there.
//!
//! A second precaution concerns the start: the cascade learns from several starts per training
//! face, the mean shape itself and random ones, which are moved, turned and scaled as in poor
//! boxes.
//!
//! **What it cannot do.** A cascade goes downhill from where it starts. If the head is upside down,
//! or the box is beside the face, it ends somewhere, and no single step shows that it is wrong.
//! This is why there is a confidence, a classifier of the final patches, and why the cascade
//! restarts from other places if the confidence is low. Hidden landmarks are placed where they
//! would be on other faces. And a face in profile does not have 68 visible points.
//!
//! # A program
//!
//! The cascade at work, stage by stage, on an image with known landmarks.
//!
//! ```
//! # std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))?;
//! use lineament::raw::ShapeExt;
//! use lineament::Similarity;
//! use lineament::raw::annotations::pts;
//! use lineament::raw::decode::{ReadOptions, read_grey};
//! use lineament::raw::crop::Crop;
//! use lineament::raw::{Cascade, DetectOptions, Detector, model};
//! use lineament_train::evaluate::metrics::{FaceError, Normaliser};
//!
//! let (detector, _) = model::read::<Detector>("models/detector.lineament")?;
//! let (cascade, _) = model::read::<Cascade>("models/landmarks.lineament")?;
//! let image = read_grey("data/astronaut.png", &ReadOptions::default())?;
//! let bounds = detector.detect(&image, &DetectOptions::default())[0].bounds;
//! let crop = Crop::new(&image, &bounds, &cascade.crop);
//! let truth = pts::read("data/astronaut.pts")?.map(|p| crop.to_crop(p));
//! let all: Vec<usize> = (0..68).collect();
//!
//! let mean = &cascade.mean.points;
//! let mut shape = cascade.mean.clone();
//! let mut errors =
//!     vec![FaceError::new(&shape, &all, &truth).nme(Normaliser::InterOcular)];
//! for stage in &cascade.stages {
//!     let frame = Similarity::between(mean, &shape.points);
//!     stage.step(&crop, mean, &mut shape.points, &frame, &mut ());
//!     errors.push(FaceError::new(&shape, &all, &truth).nme(Normaliser::InterOcular));
//! }
//! println!("errors in percent: {errors:.2?}");
//! assert!(errors[0] > 2.0 * errors[errors.len() - 1]);
//!
//! let frame = Similarity::between(mean, &shape.points);
//! println!(
//!     "the face is {:.2} times as large as the mean shape and tilted by {:.1}°",
//!     frame.scale(),
//!     frame.angle().to_degrees()
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # In the source
//!
//! | formula | code |
//! |---|---|
//! | shape, and the order of its points | [`Shape`](lineament::Shape), [`scheme`](lineament::scheme) |
//! | best similarity, as a complex number | [`Similarity::between`](lineament::Similarity::between) |
//! | patches of gradients | [`OrientationMap::describe`](lineament::raw::patches::OrientationMap::describe) |
//! | **Δ** = **R** *φ* + **b**, for the whole shape | [`GlobalRegression`](lineament::raw::regression::GlobalRegression) |
//! | the same for each landmark | [`LocalRegression`](lineament::raw::regression::LocalRegression) |
//! | principal components, and steps along them | [`ShapeBasis::advance`](lineament::raw::ShapeBasis::advance) |
//! | cascade and restarts | [`Cascade::fit`](lineament::raw::Cascade::fit) |
//! | confidence | [`confidence`](lineament::raw::confidence) |
//! | error of a face | [`FaceError`](lineament_train::evaluate::metrics::FaceError) |
//! | missing displacement, in the frame of the face | [`samples::residual`](lineament_train::landmarks::samples::residual) |
//! | random starts | [`samples::initial_samples`](lineament_train::landmarks::samples::initial_samples) |
//! | ridge regression, cross-fitted | [`landmarks::linear`](lineament_train::landmarks::linear) |
//!
//! # Exercises
//!
//! **5.1 The best similarity.** Compute the complex number *c*, as real and imaginary part, that
//! brings one shape closest to another. The test compares with the library.
//!
//! ```should_panic
//! use lineament::Similarity;
//! use lineament::raw::annotations::pts;
//! use lineament::geometry::Point;
//!
//! fn turn(from: &[Point], to: &[Point]) -> (f32, f32) {
//!     todo!("means, then the two sums")
//! }
//!
//! fn main() {
//! #    std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
//!     let points = |places: &[(f32, f32)]| {
//!         places.iter().map(|&(x, y)| Point::new(x, y)).collect::<Vec<_>>()
//!     };
//!     let (real, imaginary) =
//!         turn(&points(&[(4.0, 7.0), (6.0, 7.0)]), &points(&[(0.0, -2.0), (0.0, 2.0)]));
//!     assert!(real.abs() < 1e-6 && (imaginary - 2.0).abs() < 1e-6);
//!     let shape =
//!         |name: &str| pts::read(format!("data/{name}.pts")).unwrap().points;
//!     let (one, other) = (shape("obama"), shape("biden"));
//!     let (real, imaginary) = turn(&one, &other);
//!     let best = Similarity::between(&one, &other);
//!     assert!((real - best.a).abs() < 1e-3 && (imaginary - best.b).abs() < 1e-3);
//! }
//! ```
//!
//! <details><summary>Hint</summary>
//!
//! `Point` supports `+`, `-` and multiplication by a number. For *z* = *x* + i *y* and *w* = *x*′ +
//! i *y*′, write out the product of the conjugate *x* − i *y* with *w*, and separate the real and
//! the imaginary part.
//!
//! </details>
//!
//! <details><summary>Solution</summary>
//!
//! The conjugate of *z* times *w* is (*x x*′ + *y y*′) + i (*x y*′ − *y x*′).
//!
//! ```
//! # use lineament::Similarity;
//! # use lineament::raw::annotations::pts;
//! # use lineament::geometry::Point;
//! #
//! fn turn(from: &[Point], to: &[Point]) -> (f32, f32) {
//!     let mean = |points: &[Point]| {
//!         points.iter().fold(Point::default(), |sum, &p| sum + p)
//!             * (1.0 / points.len() as f32)
//!     };
//!     let (from_mean, to_mean) = (mean(from), mean(to));
//!     let (mut real, mut imaginary, mut squares) = (0.0, 0.0, 0.0);
//!     for (&p, &q) in from.iter().zip(to) {
//!         let (z, w) = (p - from_mean, q - to_mean);
//!         real += z.x * w.x + z.y * w.y;
//!         imaginary += z.x * w.y - z.y * w.x;
//!         squares += z.x * z.x + z.y * z.y;
//!     }
//!     (real / squares, imaginary / squares)
//! }
//! #
//! # fn main() {
//! #     std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
//! #     let points = |places: &[(f32, f32)]| {
//! #         places.iter().map(|&(x, y)| Point::new(x, y)).collect::<Vec<_>>()
//! #     };
//! #     let (real, imaginary) =
//! #         turn(&points(&[(4.0, 7.0), (6.0, 7.0)]), &points(&[(0.0, -2.0), (0.0, 2.0)]));
//! #     assert!(real.abs() < 1e-6 && (imaginary - 2.0).abs() < 1e-6);
//! #     let shape =
//! #         |name: &str| pts::read(format!("data/{name}.pts")).unwrap().points;
//! #     let (one, other) = (shape("obama"), shape("biden"));
//! #     let (real, imaginary) = turn(&one, &other);
//! #     let best = Similarity::between(&one, &other);
//! #     assert!((real - best.a).abs() < 1e-3 && (imaginary - best.b).abs() < 1e-3);
//! # }
//! ```
//!
//! </details>
//!
//! **5.2 The error of a shape.** Compute it in percent of the distance between the outer eye
//! corners (landmarks 36 and 45, counted from 0) of the *annotated* shape. Why not of the predicted
//! one?
//!
//! ```should_panic
//! use lineament::raw::ShapeExt;
//! use lineament::Shape;
//! use lineament::raw::annotations::pts;
//! use lineament_train::evaluate::metrics::{FaceError, Normaliser};
//!
//! fn error(predicted: &Shape, truth: &Shape) -> f32 {
//!     todo!()
//! }
//!
//! fn main() {
//! #    std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
//!     let truth = pts::read("data/astronaut.pts").unwrap();
//!     let moved = truth.map(|p| p + lineament::geometry::Point::new(3.0, 4.0));
//!     let all: Vec<usize> = (0..68).collect();
//!     let expected = FaceError::new(&moved, &all, &truth).nme(Normaliser::InterOcular);
//!     assert!((f64::from(error(&moved, &truth)) - expected).abs() < 1e-3);
//! }
//! ```
//!
//! <details><summary>Hint</summary>
//!
//! `points` is a `Vec<Point>`, and `Point` has `distance`. Zip both shapes, sum the distances, and
//! divide by 68 *d*.
//!
//! </details>
//!
//! <details><summary>Solution</summary>
//!
//! A prediction that places the eyes far too wide apart would divide its own error by a large
//! number.
//!
//! ```
//! # use lineament::raw::ShapeExt;
//! # use lineament::Shape;
//! # use lineament::raw::annotations::pts;
//! # use lineament_train::evaluate::metrics::{FaceError, Normaliser};
//! #
//! fn error(predicted: &Shape, truth: &Shape) -> f32 {
//!     let distances =
//!         predicted.points.iter().zip(&truth.points).map(|(p, &q)| p.distance(q));
//!     let eyes = truth.points[36].distance(truth.points[45]);
//!     100.0 * distances.sum::<f32>() / (truth.len() as f32 * eyes)
//! }
//! #
//! # fn main() {
//! #     std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
//! #     let truth = pts::read("data/astronaut.pts").unwrap();
//! #     let moved = truth.map(|p| p + lineament::geometry::Point::new(3.0, 4.0));
//! #     let all: Vec<usize> = (0..68).collect();
//! #     let expected = FaceError::new(&moved, &all, &truth).nme(Normaliser::InterOcular);
//! #     assert!((f64::from(error(&moved, &truth)) - expected).abs() < 1e-3);
//! # }
//! ```
//!
//! </details>
//!
//! **5.3 Supervised descent on one number.** A "face" is a number *q*, an "image" shows only *q*³,
//! and every estimate *x* starts at the "mean shape" 2. The feature at *x* is *φ* = *q*³ − *x*³.
//! From examples, learn a step (*r*, *b*) by least squares, Δ = *r φ* + *b*; move the examples by
//! it, and learn the next step. No step knows the derivative of *x*³.
//!
//! ```should_panic
//! /// Returns the best step for these examples, each `(φ, Δ)`.
//! fn learn(examples: &[(f64, f64)]) -> (f64, f64) {
//!     todo!("a line through a cloud of points")
//! }
//!
//! fn cascade(stages: usize) -> Vec<(f64, f64)> {
//!     // Each example is its true number q and its current estimate x.
//!     let mut examples: Vec<(f64, f64)> = (2..56)
//!         .map(|i| (f64::from(i) / 2.0).cbrt())
//!         .map(|truth| (truth, 2.0))
//!         .collect();
//!     let mut steps = Vec::new();
//!     for _ in 0..stages {
//!         todo!("features, learn, move")
//!     }
//!     steps
//! }
//!
//! fn main() {
//!     let fitted = |steps: &[(f64, f64)], cube: f64| {
//!         steps.iter().fold(2.0, |x, (r, b)| x + r * (cube - f64::powi(x, 3)) + b)
//!     };
//!     let error = |stages: usize| {
//!         let steps = cascade(stages);
//!         // Numbers that are not among the examples.
//!         let unseen: Vec<f64> = (2..54).map(|i| f64::from(i) / 2.0 + 0.25).collect();
//!         let errors = unseen.iter().map(|&cube| (fitted(&steps, cube) - cube.cbrt()).abs());
//!         errors.sum::<f64>() / unseen.len() as f64
//!     };
//!     assert!((error(0) - 0.52).abs() < 0.01);
//!     assert!(error(1) < 0.1 && error(4) < 0.02 && error(8) < 0.005);
//! }
//! ```
//!
//! <details><summary>Hint</summary>
//!
//! For the line: subtract the means of *φ* and Δ; *r* is Σ *φ*Δ / Σ *φ*², and *b* makes the line go
//! through the means. For the cascade: Δ is `truth - x`, and every stage ends by adding *r φ* + *b*
//! to each *x*.
//!
//! </details>
//!
//! <details><summary>Solution</summary>
//!
//! The slope of the least-squares line is the covariance divided by the variance, and the line goes
//! through the means.
//!
//! ```
//! fn learn(examples: &[(f64, f64)]) -> (f64, f64) {
//!     let count = examples.len() as f64;
//!     let seen = examples.iter().map(|e| e.0).sum::<f64>() / count;
//!     let missing = examples.iter().map(|e| e.1).sum::<f64>() / count;
//!     let covariance: f64 = examples.iter().map(|e| (e.0 - seen) * (e.1 - missing)).sum();
//!     let variance: f64 = examples.iter().map(|e| (e.0 - seen).powi(2)).sum();
//!     let slope = covariance / variance;
//!     (slope, missing - slope * seen)
//! }
//!
//! fn cascade(stages: usize) -> Vec<(f64, f64)> {
//!     let mut examples: Vec<(f64, f64)> = (2..56)
//!         .map(|i| (f64::from(i) / 2.0).cbrt())
//!         .map(|truth| (truth, 2.0))
//!         .collect();
//!     let mut steps = Vec::new();
//!     for _ in 0..stages {
//!         let feature = |truth: f64, x: f64| truth.powi(3) - x.powi(3);
//!         let pairs: Vec<(f64, f64)> =
//!             examples.iter().map(|&(truth, x)| (feature(truth, x), truth - x)).collect();
//!         let (r, b) = learn(&pairs);
//!         examples.iter_mut().for_each(|(truth, x)| *x += r * feature(*truth, *x) + b);
//!         steps.push((r, b));
//!     }
//!     steps
//! }
//! #
//! # fn main() {
//! #     let fitted = |steps: &[(f64, f64)], cube: f64| {
//! #         steps.iter().fold(2.0, |x, (r, b)| x + r * (cube - f64::powi(x, 3)) + b)
//! #     };
//! #     let error = |stages: usize| {
//! #         let steps = cascade(stages);
//! #         let unseen: Vec<f64> = (2..54).map(|i| f64::from(i) / 2.0 + 0.25).collect();
//! #         let errors = unseen.iter().map(|&cube| (fitted(&steps, cube) - cube.cbrt()).abs());
//! #         errors.sum::<f64>() / unseen.len() as f64
//! #     };
//! #     assert!((error(0) - 0.52).abs() < 0.01);
//! #     assert!(error(1) < 0.1 && error(4) < 0.02 && error(8) < 0.005);
//! # }
//! ```
//!
//! </details>
//!
//! [← Lesson 4. Sliding windows and their evaluation](crate::lesson_4_windows) · [Contents](crate) ·
//! [Lesson 6. Gradient-boosted trees and what makes them generalise →](crate::lesson_6_boosting)
//!
#![doc = include_str!("style.html")]

//! Lesson 5. Shapes, similarity transforms and cascaded regression: how 68 points find their places.
//!
//! # A shape is a point, too
//!
//! The *shape* of a face is here a list of 68 *landmarks*, places that everybody can point at: 17 along the jaw, 10 on the brows, 9 on
//! the nose, 12 around the eyes, 20 around the lips. Written one after the other they are a vector **S** of 136 numbers. The mean
//! over many faces, after their boxes were laid over each other, is the *mean shape*; it is what is known of a face before looking at it.
//!
//! How far a shape is from the truth is told by the mean distance of its points from the annotated ones, in percent of the distance
//! *d* of the outer eye corners, so that large and small photographs count the same:
//!
//! <math display="block"><mtext>error</mtext><mo>=</mo><mfrac><mn>100</mn><mrow><mn>68</mn><mspace width="0.2em"/><mi>d</mi></mrow></mfrac><munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mn>68</mn></munderover><mo stretchy="false">‖</mo><msub><mi>𝐩</mi><mi>i</mi></msub><mo>−</mo><msub><mi>𝐭</mi><mi>i</mi></msub><mo stretchy="false">‖</mo></math>
//!
//! Two people who annotate the same face do not quite agree either, least of all along the jaw, where nothing marks the place of a point.
//!
//! # Similarity transforms
//!
//! Heads come near, move, and tilt. None of this is expression or build, and it should not have to be learned thousands of times. The
//! maps that keep a shape what it is are rotation, uniform scaling and translation, together *similarity transforms*. In the plane they
//! are best written with complex numbers: a point (*x*, *y*) as *z* = *x* + *i y*. Rotating by *θ* and scaling by *s* is one
//! multiplication:
//!
//! <math display="block"><mi>z</mi><mo>↦</mo><mi>c</mi><mi>z</mi><mo>+</mo><mi>t</mi><mo>,</mo><mspace width="1.5em"/><mi>c</mi><mo>=</mo><mi>s</mi><msup><mi>e</mi><mrow><mi>i</mi><mi>θ</mi></mrow></msup></math>
//!
//! Which one takes a shape *z* nearest to another one *w*? The translation must take mean to mean (set the derivative by *t* to 0), so
//! subtract the means from both first. Then minimise Σ |*w*<sub>i</sub> − *c z*<sub>i</sub>|². That is a least-squares problem with one unknown, and as with
//! real numbers the answer is the product of the two over the square of the one, with one factor conjugated:
//!
//! <math display="block"><mi>c</mi><mo>=</mo><mfrac><mrow><munder><mo>∑</mo><mi>i</mi></munder><mover><msub><mi>z</mi><mi>i</mi></msub><mo accent="true">‾</mo></mover><msub><mi>w</mi><mi>i</mi></msub></mrow><mrow><munder><mo>∑</mo><mi>i</mi></munder><msup><mrow><mo stretchy="false">|</mo><msub><mi>z</mi><mi>i</mi></msub><mo stretchy="false">|</mo></mrow><mn>2</mn></msup></mrow></mfrac></math>
//!
//! (Umeyama 1991, for any number of dimensions.) An example: *z* = (−1, 1), two points on the real axis, and *w* = (−2*i*, 2*i*). The sum on
//! top is (−1)(−2*i*) + 1 · 2*i* = 4*i*, the one below is 2, so *c* = 2*i*: twice as large, and turned by 90°.
//!
//! The transform from the mean shape to the shape so far is the face's *frame*. Everything that follows happens in it: what is looked at turns and
//! grows with the face, and so do the steps that are taken.
//!
//! # From appearance to displacement
//!
//! Lay the mean shape into the box that the detector found. It misses the face by some percent of its width. But the pixels around
//! it tell in which direction: if the patch around the supposed eye corner shows an eyebrow, then the shape is too high. So learn a
//! function from what is seen, *φ*, to the displacement that is missing, Δ. The simplest is linear:
//!
//! <math display="block"><mi mathvariant="normal">Δ</mi><mo>=</mo><mi>𝐑</mi><mspace width="0.2em"/><mi>φ</mi><mo stretchy="false">(</mo><mtext>picture</mtext><mo>,</mo><mi>𝐒</mi><mo stretchy="false">)</mo><mo>+</mo><mi>𝐛</mi></math>
//!
//! *φ* are histograms of gradients as in lesson 2, in patches around the landmarks: 4 × 4 cells of 8 directions. The weights **R** come from
//! examples: training faces, each with shapes that are wrong by a known Δ. Least squares with thousands of features learns the examples by
//! heart; a penalty on large weights (*ridge regression*) holds it back. With a row of **X** for what is seen of each of *n* examples and
//! a row of **Y** for what is missing, both less their means:
//!
//! <math display="block"><msup><mi>𝐑</mi><mi>⊤</mi></msup><mo>=</mo><msup><mrow><mo>(</mo><mfrac><mn>1</mn><mi>n</mi></mfrac><msup><mi>𝐗</mi><mi>⊤</mi></msup><mi>𝐗</mi><mo>+</mo><mi>λ</mi><mi>𝐈</mi><mo>)</mo></mrow><mrow><mo>−</mo><mn>1</mn></mrow></msup><mfrac><mn>1</mn><mi>n</mi></mfrac><msup><mi>𝐗</mi><mi>⊤</mi></msup><mi>𝐘</mi></math>
//!
//! # Again and again
//!
//! One step does not arrive: patches that are far off see little. But after it they are nearer and see better, and the next step can be finer. So there is a
//! *cascade*, in which each stage is fitted to what the ones before leave:
//!
//! <math display="block"><msub><mi>𝐒</mi><mrow><mi>k</mi><mo>+</mo><mn>1</mn></mrow></msub><mo>=</mo><msub><mi>𝐒</mi><mi>k</mi></msub><mo>+</mo><msub><mi>𝐑</mi><mi>k</mi></msub><mspace width="0.2em"/><mi>φ</mi><mo stretchy="false">(</mo><mtext>picture</mtext><mo>,</mo><msub><mi>𝐒</mi><mi>k</mi></msub><mo stretchy="false">)</mo><mo>+</mo><msub><mi>𝐛</mi><mi>k</mi></msub></math>
//!
//! Dollár et al. (2010) did this with trees, Xiong & De la Torre (2013) with linear maps. The latter call it *supervised descent*, and compare it to
//! Newton's method: to find where a function is smallest, Newton needs its derivatives at every place. Here the function is "how little does
//! this look like an eye corner", nobody knows its derivatives, and so the mean of the good directions is learned from examples.
//!
#![doc = include_str!("figures/cascade.html")]
//!
//! # What this library's cascade is made of
//!
//! | stage | looks at | moves | why |
//! |---|---|---|---|
//! | linear, coarse | 24 large patches, few pixels | the whole shape | how the head stands, at once |
//! | two of 300 trees (lesson 6) | differences of pixels | the whole shape | rescues the faces that the first step lost |
//! | linear, two steps | 34 and 40 patches | the whole shape | cheaper than more trees, near the solution |
//! | linear, three steps | for each landmark the patches of its 8 nearest | each landmark by itself | exact |
//!
//! "The whole shape" means along its strongest *principal components*: the 136 numbers of a shape do not vary freely, for a jaw is a curve and
//! eyes open together. Some dozens of directions hold nearly all variation, and moving along these alone can never tear a face apart. At the end
//! that is too stiff. With 4080 features for 3200 faces, a regression of the whole shape learns the faces by heart, and the error stops at 3.65 %
//! whatever comes before. A *local* one, from the patches near a landmark to that landmark, has some hundred features and goes on below (Ren et al.
//! 2014 had seen as much for trees). The measured ways there are in `training/EXPERIMENTS.md`.
//!
//! # How a cascade fools itself
//!
//! The second stage learns from shapes that the first one moved. If the first learned its training faces by heart, it moves *them* nearly home, and
//! leaves little to learn; on new faces, which it moves less well, the second stage then is lost. So samples must be moved by a regressor that
//! never saw them. Divide the faces into parts; for each part fit to the others; move the part by that (*cross-fitting*, by photograph, for two faces of
//! one photograph are no strangers). It costs some more fits, and this is what the errors on held-out faces then look like, over 4024 training faces and their
//! mirror images:
//!
//! | after | coarse step | trees | linear | linear | local | local | local |
//! |---|---|---|---|---|---|---|---|
//! | error | 8.54 % | 5.85 % | 4.59 % | 4.30 % | 3.86 % | 3.76 % | 3.77 % |
//!
//! The last step gives nothing to the mean of these; on LFPW's test set it does, and 3.14 % is what is left there, where dlib's trees alone, fitted to the
//! same faces, leave 4.01 %.
//!
//! Also from the start there is more than one beginning: each training face begins at the mean shape, and at several others, moved, turned and scaled by
//! chance, as poor boxes would have it.
//!
//! **What it cannot do.** A cascade goes downhill from where it starts. Head upside down, or box beside the face: it ends somewhere, and looks
//! confident in every single step. Hence the confidence, a regression of the error itself, and other starts where it is low. Landmarks that are hidden are placed where they
//! would be on other faces. And a profile has no 68 points.
//!
//! # A program
//!
//! The cascade at work on a photograph whose landmarks are known, stage by stage.
//!
//! ```
//! use lineament::raw::{DetectOptions, Detector};
//! use lineament::decode::{ReadOptions, read_grey};
//! use lineament::Similarity;
//! use lineament::annotations::pts;
//! use lineament::raw::Cascade;
//! use lineament::raw::crop::Crop;
//! use lineament_train::evaluate::metrics::{FaceError, Normaliser};
//!
//! let picture = read_grey("data/astronaut.png".as_ref(), &ReadOptions::default())?;
//! let bounds =
//!     Detector::embedded()?.detect(&picture, &DetectOptions::default())[0].bounds;
//! let cascade = Cascade::embedded()?;
//! let crop = Crop::new(&picture, &bounds, &cascade.crop);
//! let truth = pts::read("data/astronaut.pts".as_ref())?.map(|p| crop.to_crop(p));
//! let all: Vec<usize> = (0..68).collect();
//!
//! let mut shape = cascade.mean.clone();
//! let mut errors =
//!     vec![FaceError::new(&shape, &all, &truth).nme(Normaliser::InterOcular)];
//! for stage in &cascade.stages {
//!     stage.step(&crop, &cascade.mean.points, &mut shape.points);
//!     errors.push(FaceError::new(&shape, &all, &truth).nme(Normaliser::InterOcular));
//! }
//! println!("errors in percent: {errors:.2?}");
//! assert!(errors[0] > 2.0 * errors[errors.len() - 1]);
//!
//! let frame = Similarity::between(&cascade.mean.points, &shape.points);
//! println!(
//!     "the face is {:.2} times the mean shape's size and tilted by {:.1}°",
//!     frame.scale(),
//!     frame.angle().to_degrees()
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where it stands in the source
//!
//! | formula | item |
//! |---|---|
//! | shape, and its order of points | [`Shape`](crate::landmarks::Shape), [`landmarks::scheme`](crate::landmarks::scheme) |
//! | similarity as a complex number, the best one | [`Similarity::between`](crate::landmarks::Similarity::between) |
//! | patches of gradients | [`OrientationMap::describe`](crate::landmarks::patches::OrientationMap::describe) |
//! | Δ = **R** *φ* + **b**, for the whole shape | [`GlobalRegression`](crate::landmarks::regression::GlobalRegression) |
//! | the same for each landmark | [`LocalRegression`](crate::landmarks::regression::LocalRegression) |
//! | principal components, and steps along them | [`ShapeBasis::advance`](crate::landmarks::ShapeBasis::advance) |
//! | the cascade | [`Cascade::fit`](crate::landmarks::Cascade::fit) |
//! | the confidence | [`landmarks::confidence`](crate::landmarks::confidence) |
//! | error of a face | `lineament_train::evaluate::metrics::FaceError` in `training/src/evaluate/metrics.rs` |
//! | what is missing, in the face's frame | `lineament_train::landmarks::samples::residual` in `training/src/landmarks/samples.rs` |
//! | starts by chance | `lineament_train::landmarks::samples::initial_samples` in `training/src/landmarks/samples.rs` |
//! | ridge regression, cross-fitted | `Regressor` in `training/src/landmarks/ridge.rs` |
//!
//! # Exercises
//!
//! **5.1 The best similarity.** The complex number *c*, as real and imaginary part, that takes one shape nearest to another. The check
//! asks the library.
//!
//! ```should_panic
//! use lineament::geometry::Point;
//! use lineament::Similarity;
//! use lineament::annotations::pts;
//!
//! fn turn(from: &[Point], to: &[Point]) -> (f32, f32) {
//!     todo!("means, then the two sums")
//! }
//!
//! fn main() {
//!     let points = |places: &[(f32, f32)]| {
//!         places.iter().map(|&(x, y)| Point::new(x, y)).collect::<Vec<_>>()
//!     };
//!     let (a, b) =
//!         turn(&points(&[(4.0, 7.0), (6.0, 7.0)]), &points(&[(0.0, -2.0), (0.0, 2.0)]));
//!     assert!(a.abs() < 1e-6 && (b - 2.0).abs() < 1e-6);
//!     let shape =
//!         |name: &str| pts::read(format!("data/{name}.pts").as_ref()).unwrap().points;
//!     let (one, other) = (shape("obama"), shape("biden"));
//!     let (a, b) = turn(&one, &other);
//!     let best = Similarity::between(&one, &other);
//!     assert!((a - best.a).abs() < 1e-3 && (b - best.b).abs() < 1e-3);
//! }
//! ```
//!
//! <details><summary>Solution</summary>
//!
//! The conjugate of *z* = *x* + *iy* times *w* = *u* + *iv* is (*xu* + *yv*) + *i*(*xv* − *yu*).
//!
//! ```
//! # use lineament::geometry::Point;
//! # use lineament::Similarity;
//! # use lineament::annotations::pts;
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
//! #     let points = |places: &[(f32, f32)]| places.iter().map(|&(x, y)| Point::new(x, y)).collect::<Vec<_>>();
//! #     let (a, b) = turn(&points(&[(4.0, 7.0), (6.0, 7.0)]), &points(&[(0.0, -2.0), (0.0, 2.0)]));
//! #     assert!(a.abs() < 1e-6 && (b - 2.0).abs() < 1e-6);
//! #     let shape = |name: &str| pts::read(format!("data/{name}.pts").as_ref()).unwrap().points;
//! #     let (one, other) = (shape("obama"), shape("biden"));
//! #     let (a, b) = turn(&one, &other);
//! #     let best = Similarity::between(&one, &other);
//! #     assert!((a - best.a).abs() < 1e-3 && (b - best.b).abs() < 1e-3);
//! # }
//! ```
//!
//! </details>
//!
//! **5.2 The error of a shape.** In percent of the distance of the outer eye corners, which are landmarks 36 and 45, counted from 0, of the
//! *annotated* shape. (Why not of the predicted one?)
//!
//! ```should_panic
//! use lineament::Shape;
//! use lineament::annotations::pts;
//! use lineament_train::evaluate::metrics::{FaceError, Normaliser};
//!
//! fn error(predicted: &Shape, truth: &Shape) -> f32 {
//!     todo!()
//! }
//!
//! fn main() {
//!     let truth = pts::read("data/astronaut.pts".as_ref()).unwrap();
//!     let moved = truth.map(|p| p + lineament::geometry::Point::new(3.0, 4.0));
//!     let all: Vec<usize> = (0..68).collect();
//!     let expected = FaceError::new(&moved, &all, &truth).nme(Normaliser::InterOcular);
//!     assert!((f64::from(error(&moved, &truth)) - expected).abs() < 1e-3);
//! }
//! ```
//!
//! <details><summary>Solution</summary>
//!
//! A prediction that places the eyes far too wide apart would divide its own error by a large number.
//!
//! ```
//! # use lineament::Shape;
//! # use lineament::annotations::pts;
//! # use lineament_train::evaluate::metrics::{FaceError, Normaliser};
//! #
//! fn error(predicted: &Shape, truth: &Shape) -> f32 {
//!     let distances =
//!         predicted.points.iter().zip(&truth.points).map(|(p, &t)| p.distance(t));
//!     let eyes = truth.points[36].distance(truth.points[45]);
//!     100.0 * distances.sum::<f32>() / (truth.len() as f32 * eyes)
//! }
//! #
//! # fn main() {
//! #     let truth = pts::read("data/astronaut.pts".as_ref()).unwrap();
//! #     let moved = truth.map(|p| p + lineament::geometry::Point::new(3.0, 4.0));
//! #     let all: Vec<usize> = (0..68).collect();
//! #     let expected = FaceError::new(&moved, &all, &truth).nme(Normaliser::InterOcular);
//! #     assert!((f64::from(error(&moved, &truth)) - expected).abs() < 1e-3);
//! # }
//! ```
//!
//! </details>
//!
//! **5.3 Supervised descent on one number.** A "face" is a number *t*, a "photograph" shows only *y* = *t*³, and all begin at the "mean
//! shape" 2. What is seen at *x* is *φ* = *y* − *x*³. Learn a step (*r*, *b*) from examples by least squares, Δ = *r φ* + *b*, move them, and learn the
//! next one. No step knows the derivative of *x*³.
//!
//! ```should_panic
//! /// The step that is best for what is seen, `(φ, Δ)` of each example.
//! fn learn(examples: &[(f64, f64)]) -> (f64, f64) {
//!     todo!("a line through a cloud of points")
//! }
//!
//! fn cascade(stages: usize) -> Vec<(f64, f64)> {
//!     // Each example is its truth and where it is on its way.
//!     let mut examples: Vec<(f64, f64)> = (2..56)
//!         .map(|i| (f64::from(i) / 2.0).cbrt())
//!         .map(|truth| (truth, 2.0))
//!         .collect();
//!     let mut steps = Vec::new();
//!     for _ in 0..stages {
//!         todo!("look, learn, move")
//!     }
//!     steps
//! }
//!
//! fn main() {
//!     let fitted = |steps: &[(f64, f64)], y: f64| {
//!         steps.iter().fold(2.0, |x, (r, b)| x + r * (y - f64::powi(x, 3)) + b)
//!     };
//!     let error = |stages: usize| {
//!         let steps = cascade(stages);
//!         // Numbers that were not among the examples.
//!         let unseen: Vec<f64> = (2..54).map(|i| f64::from(i) / 2.0 + 0.25).collect();
//!         unseen.iter().map(|&y| (fitted(&steps, y) - y.cbrt()).abs()).sum::<f64>()
//!             / unseen.len() as f64
//!     };
//!     assert!((error(0) - 0.52).abs() < 0.01);
//!     assert!(error(1) < 0.1 && error(4) < 0.02 && error(8) < 0.005);
//! }
//! ```
//!
//! <details><summary>Solution</summary>
//!
//! The slope of the least-squares line is the covariance over the variance, and the line goes through the means.
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
//!         let seen = |truth: f64, x: f64| truth.powi(3) - x.powi(3);
//!         let pairs: Vec<(f64, f64)> =
//!             examples.iter().map(|&(truth, x)| (seen(truth, x), truth - x)).collect();
//!         let (r, b) = learn(&pairs);
//!         examples.iter_mut().for_each(|(truth, x)| *x += r * seen(*truth, *x) + b);
//!         steps.push((r, b));
//!     }
//!     steps
//! }
//! #
//! # fn main() {
//! #     let fitted = |steps: &[(f64, f64)], y: f64| steps.iter().fold(2.0, |x, (r, b)| x + r * (y - f64::powi(x, 3)) + b);
//! #     let error = |stages: usize| {
//! #         let steps = cascade(stages);
//! #         let unseen: Vec<f64> = (2..54).map(|i| f64::from(i) / 2.0 + 0.25).collect();
//! #         unseen.iter().map(|&y| (fitted(&steps, y) - y.cbrt()).abs()).sum::<f64>() / unseen.len() as f64
//! #     };
//! #     assert!((error(0) - 0.52).abs() < 0.01);
//! #     assert!(error(1) < 0.1 && error(4) < 0.02 && error(8) < 0.005);
//! # }
//! ```
//!
//! </details>
//!
#![doc = include_str!("style.html")]

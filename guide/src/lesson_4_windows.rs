//! Lesson 4. Sliding windows and their evaluation: how every place is judged quickly, and how well the judge does.
//!
//! # Every place, every size
//!
//! The judge of lesson 3 says of one window whether it holds a face. To find all faces, ask of every window: in each level of the
//! pyramid (lesson 1), at every cell. The score of the window whose top-left cell is (*i*, *j*) is a sum over its 12 × 12 cells,
//!
//! <math display="block"><mi>s</mi><mo stretchy="false">(</mo><mi>i</mi><mo>,</mo><mi>j</mi><mo stretchy="false">)</mo><mo>=</mo><mi>b</mi><mo>+</mo><munderover><mo>∑</mo><mrow><mi>u</mi><mo>=</mo><mn>0</mn></mrow><mn>11</mn></munderover><munderover><mo>∑</mo><mrow><mi>v</mi><mo>=</mo><mn>0</mn></mrow><mn>11</mn></munderover><msub><mi>𝐰</mi><mrow><mi>u</mi><mi>v</mi></mrow></msub><mo>·</mo><mi>𝐟</mi><mo stretchy="false">(</mo><mi>i</mi><mo>+</mo><mi>u</mi><mo>,</mo><mi>j</mi><mo>+</mo><mi>v</mi><mo stretchy="false">)</mo></math>
//!
//! where **f** are the 31 features of a cell. That is a picture of scores, a *filter* laid over the features, which is what the planes of
//! lesson 3 are called from here on. A level of *W* × *H* cells has (*W* − 11)(*H* − 11) windows. The figure counts them for a photograph of a
//! quarter of a megapixel; each, with five filters of 4464 products, would be hundreds of millions of products.
//!
#![doc = include_str!("figures/windows.html")]
//!
//! # Most windows are easy
//!
//! Nearly all windows are sky, wall and shirt, and a glance at a part of them would be enough. Viola & Jones (2001) put judges in a
//! row, the cheap ones first, and each throws away what it is sure about. Bourdev & Brandt (2005) noticed that there need be no
//! separate judges: a score is a sum anyway, so look at it while it grows. Let *S*<sub>t</sub> be the sum of the first *t* terms. A window
//! goes on as long as
//!
//! <math display="block"><msub><mi>S</mi><mi>t</mi></msub><mo>≥</mo><msub><mi>r</mi><mi>t</mi></msub><mo>,</mo><mspace width="1.5em"/><msub><mi>r</mi><mi>t</mi></msub><mo>=</mo><mtext>the least </mtext><msub><mi>S</mi><mi>t</mi></msub><mtext> of nearly all training faces</mtext></math>
//!
//! This is the *soft cascade*. What it costs in the mean is the sum, over the terms, of a term's cost times the share of windows that get
//! there:
//!
//! <math display="block"><mtext>cost</mtext><mo>=</mo><munder><mo>∑</mo><mi>t</mi></munder><msub><mi>c</mi><mi>t</mi></msub><mo>·</mo><mi>P</mi><mo stretchy="false">(</mo><mtext>a window reaches term </mtext><mi>t</mi><mo stretchy="false">)</mo></math>
//!
//! Three judges of this kind stand in a row here:
//!
//! | judge | terms | what it is good for |
//! |---|---|---|
//! | *sieve* | 64 small trees (lesson 6) on single features | three comparisons a tree; gives most windows up after a few |
//! | *filters* | 12 rows of cells, the most telling first | one for each pose |
//! | *forest* | 640 trees | "an edge here, unless there is one there": the few that are left |
//!
//! With nearly all faces kept at every step, the steps' losses add up: a sieve that loses 0.6 % of the training windows and filters that lose
//! 0.15 % still cost recall. The sieve was worth it: it saw 12 trees a window in the mean and let 2.4 % of the windows pass in the
//! experiment that introduced it (`training/EXPERIMENTS.md`), and what was won paid for larger levels, which find more faces.
//!
//! # One face, many windows
//!
//! Windows stand at whole cells and at fixed sizes; faces do not. A linear regression (lesson 5) from the window's features says where in the window
//! the face sits, and corrects the box. A face is found not once but by all windows that nearly fit. Of boxes that overlap much, the best
//! is kept (*non-maximum suppression*). How much two boxes *A* and *B* overlap is told by the area that they share, out of the area of both together
//! (*intersection over union*):
//!
//! <math display="block"><mtext>IoU</mtext><mo stretchy="false">(</mo><mi>A</mi><mo>,</mo><mi>B</mi><mo stretchy="false">)</mo><mo>=</mo><mfrac><mrow><mo stretchy="false">|</mo><mi>A</mi><mo>∩</mo><mi>B</mi><mo stretchy="false">|</mo></mrow><mrow><mo stretchy="false">|</mo><mi>A</mi><mo>∪</mo><mi>B</mi><mo stretchy="false">|</mo></mrow></mfrac></math>
//!
//! The rule is greedy: take the best box, drop all that overlap it, take the best of the rest. Two boxes count as one face if their IoU is
//! above 0.3, or if they share more than 0.6 of the smaller one (an eye that looks like a small face lies inside a large one, at a small
//! IoU). It knows nothing of faces: of two people cheek to cheek, one may be lost.
//!
//! But the others have something to say. A shirt that looks like a face does so from one place at one size; a face answers in a dozen windows. So
//! the windows that overlap the best one add their evidence to its score *s*<sub>1</sub>, each as far as it overlaps, and less the further it
//! falls behind:
//!
//! <math display="block"><mi>s</mi><mo>=</mo><msub><mi>s</mi><mn>1</mn></msub><mo>+</mo><mfrac><mn>1</mn><mi>k</mi></mfrac><mi>ln</mi><munder><mo>∑</mo><mi>i</mi></munder><msub><mi>w</mi><mi>i</mi></msub><mo>,</mo><mspace width="1.5em"/><msub><mi>w</mi><mi>i</mi></msub><mo>=</mo><mtext>IoU</mtext><mo stretchy="false">(</mo><msub><mi>B</mi><mn>1</mn></msub><mo>,</mo><msub><mi>B</mi><mi>i</mi></msub><mo stretchy="false">)</mo><mo>·</mo><msup><mi>e</mi><mrow><mi>k</mi><mo stretchy="false">(</mo><msub><mi>s</mi><mi>i</mi></msub><mo>−</mo><msub><mi>s</mi><mn>1</mn></msub><mo stretchy="false">)</mo></mrow></msup></math>
//!
//! With a large *k* that is the best window alone, with a small one the number of windows decides. The mean of their boxes, weighted by
//! *w*<sub>i</sub>, is a better box than any of them (Gidaris & Komodakis 2015). For the same reason a window's score is not the forest's
//! alone, but has a part of the filter's: two judges who err in different ways.
//!
//! # What a score means
//!
//! Scores of an SVM have no unit. Here they are translated into one: false alarms. In photographs without faces that nothing was learned
//! from, the logarithm of the number of false alarms above a score falls nearly linearly with it. A line through the highest of them gives the
//! calibrated score *s*, so that on a megapixel without faces, searched for faces from 80 pixels,
//!
//! <math display="block"><mtext>expected false alarms from a score </mtext><mi>s</mi><mtext> on</mtext><mo>=</mo><msup><mn>10</mn><mrow><mo>−</mo><mn>2</mn><mo stretchy="false">(</mo><mi>s</mi><mo>+</mo><mn>1</mn><mo stretchy="false">)</mo></mrow></msup></math>
//!
//! A user can now choose a threshold by what it costs: one false alarm a megapixel at −1, one in 10 megapixels at the
//! default of −0.5, one in 100 at 0.
//!
//! # How good is it?
//!
//! *Accuracy*, the share of windows judged rightly, is useless: who never finds a face is right about more than 99 % of them. What counts:
//!
//! <math display="block"><mtext>recall</mtext><mo>=</mo><mfrac><mtext>faces found</mtext><mtext>all faces</mtext></mfrac><mo>,</mo><mspace width="1.5em"/><mtext>precision</mtext><mo>=</mo><mfrac><mtext>faces found</mtext><mtext>all boxes reported</mtext></mfrac></math>
//!
//! and the number of false alarms. Each threshold gives a pair of recall and false alarms; all thresholds give a curve. Comparing two detectors at
//! one threshold each compares the thresholds. Five questions to ask of every such curve, with this project's answers:
//!
//! - **When is a face found?** The usual rule is an IoU of at least 0.5 with the annotated box (Everingham et al. 2010). But detectors draw
//!   their boxes around different parts of the head, and are punished for taste. Here the box's centre must lie within 0.4 face
//!   sides of the landmarks' centre, and its side be between half and twice the face's.
//! - **Where are false alarms counted?** In pictures *without* faces. Pictures with faces hold more of them than were annotated, and finding
//!   these is no mistake.
//! - **On what was it chosen?** Thresholds and parameters that were chosen on the test set make its results a memory, not a forecast.
//!   Here test sets only report.
//! - **How many faces?** Of 224 test faces each is 0.4 %. A difference of one face between two detectors is luck.
//! - **What does "no false alarm" say?** With none in *n* pictures the rate may still be 3 / *n*, with 95 % confidence: from (1 − *p*)<sup>*n*</sup> =
//!   0.05 follows *p* ≈ 3 / *n*.
//!
//! Measured so, on the 224 faces of LFPW's test set, with false alarms in 400 other photographs:
//!
//! | recall at | 0 | 1 | 3 | 10 false alarms |
//! |---|---|---|---|---|
//! | this detector alone | 0.955 | 0.982 | 0.982 | 0.996 |
//! | with the confidence of the landmarks as last judge | 1.000 | 1.000 | 1.000 | 1.000 |
//! | dlib's frontal detector, in the same run | 0.982 | 0.991 | 1.000 | 1.000 |
//!
//! The second row is an idea of its own: landmarks (lesson 5) find their places on faces alone, so how sure they are is evidence. These are
//! photographs of people who look at the camera, mostly; on small faces in old pictures (CMU-MIT, from 40 pixels) recall at 3 false alarms is
//! 0.834.
//!
//! # A program
//!
//! All windows of a photograph that the judges leave, and what they are together.
//!
//! ```
//! use lineament::raw::{DetectOptions, Detection, Detector, nms};
//! use lineament::geometry::Point;
//! use lineament::decode::{ReadOptions, read_grey};
//!
//! let detector = Detector::embedded()?;
//! let picture = read_grey("data/astronaut.png".as_ref(), &ReadOptions::default())?;
//! let windows = detector.windows(&picture, 80.0);
//! let places = nms::group(windows.clone());
//! println!("{} windows reach the end, on {} places", windows.len(), places.len());
//! // The astronaut's nose is at (224, 127).
//! let on_the_nose = |face: &Detection| {
//!     face.bounds.centre().distance(Point::new(224.0, 127.0)) < 30.0
//! };
//! assert!(on_the_nose(&places[0][0]));
//! assert!(places[0].len() > 5, "the one face is found by many windows");
//!
//! // Together they are surer than the best of them.
//! let found = detector.detect(&picture, &DetectOptions::default());
//! assert!(on_the_nose(&found[0]) && found[0].score > places[0][0].score);
//! assert_eq!(found.iter().filter(|face| on_the_nose(face)).count(), 1);
//!
//! // What a threshold costs, and which one costs that.
//! assert_eq!(Detector::false_alarms(-1.0), 1.0);
//! assert!((Detector::score_for(1.0 / 10.0) + 0.5).abs() < 1e-6);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where it stands in the source
//!
//! | formula | item |
//! |---|---|
//! | windows of the levels, and those that are left | [`Detector::visit`](crate::detector::Detector::visit), [`Detector::windows`](crate::detector::Detector::windows) |
//! | scores of all windows, soft cascade of rows | [`filter::scan`](crate::detector::filter::scan) |
//! | soft cascade of trees | [`BoostedTrees::score`](crate::detector::BoostedTrees::score) |
//! | limits of the filters' rows | `lineament_train::detector::filters::set_limits` in `training/src/detector/filters.rs` |
//! | sieve | `lineament_train::detector::sieve::fit` in `training/src/detector/sieve.rs` |
//! | intersection over union | [`Rect::overlap`](crate::geometry::Rect::overlap) |
//! | suppression | [`nms::group`](crate::detector::nms::group) |
//! | evidence of filter and forest, and of a face's windows | [`ScoreFusion::score`](crate::detector::ScoreFusion::score), [`ScoreFusion::unite`](crate::detector::ScoreFusion::unite) |
//! | where the face is in its window | [`BoxRegression::apply`](crate::detector::BoxRegression::apply) |
//! | expected false alarms, and their inverse | [`Detector::false_alarms`](crate::detector::Detector::false_alarms), [`Detector::score_for`](crate::detector::Detector::score_for) |
//! | the line through the logarithms | `lineament_train::detector::calibration::calibrate` in `training/src/detector/calibration.rs` |
//! | when a face is found | `lineament_train::evaluate::matching::finds` in `training/src/evaluate/matching.rs` |
//! | recall at a number of false alarms | `lineament_train::evaluate::detector::Findings::at` in `training/src/evaluate/detector.rs` |
//! | the landmarks as last judge | [`Pipeline::find`](crate::Pipeline::find) |
//!
//! # Exercises
//!
//! **4.1 Overlap.** The intersection over union of two boxes; the check asks the library.
//!
//! ```should_panic
//! use lineament::geometry::Rect;
//!
//! fn overlap(a: &Rect, b: &Rect) -> f32 {
//!     todo!()
//! }
//!
//! fn main() {
//!     let boxes = [
//!         Rect::new(0.0, 0.0, 10.0, 10.0),
//!         Rect::new(5.0, 5.0, 10.0, 10.0),
//!         Rect::new(2.0, 3.0, 4.0, 4.0),
//!         Rect::new(20.0, 0.0, 5.0, 50.0),
//!     ];
//!     for (a, b) in boxes.iter().flat_map(|a| boxes.iter().map(move |b| (a, b))) {
//!         assert!((overlap(a, b) - a.overlap(b)).abs() < 1e-6, "{a:?} and {b:?}");
//!     }
//! }
//! ```
//!
//! <details><summary>Solution</summary>
//!
//! Both sides of the shared box must be cut off at 0 one by one: two negative sides have a positive product.
//!
//! ```
//! # use lineament::geometry::Rect;
//! #
//! fn overlap(a: &Rect, b: &Rect) -> f32 {
//!     let width = (a.x + a.width).min(b.x + b.width) - a.x.max(b.x);
//!     let height = (a.y + a.height).min(b.y + b.height) - a.y.max(b.y);
//!     let shared = width.max(0.0) * height.max(0.0);
//!     shared / (a.width * a.height + b.width * b.height - shared)
//! }
//! #
//! # fn main() {
//! #     let boxes = [
//! #         Rect::new(0.0, 0.0, 10.0, 10.0),
//! #         Rect::new(5.0, 5.0, 10.0, 10.0),
//! #         Rect::new(2.0, 3.0, 4.0, 4.0),
//! #         Rect::new(20.0, 0.0, 5.0, 50.0),
//! #     ];
//! #     for (a, b) in boxes.iter().flat_map(|a| boxes.iter().map(move |b| (a, b))) {
//! #         assert!((overlap(a, b) - a.overlap(b)).abs() < 1e-6, "{a:?} and {b:?}");
//! #     }
//! # }
//! ```
//!
//! </details>
//!
//! **4.2 The best of each face.** Greedy suppression by the rule of this lesson, of the windows that the detector leaves on a photograph.
//!
//! ```should_panic
//! use lineament::raw::{Detection, Detector, nms};
//! use lineament::decode::{ReadOptions, read_grey};
//!
//! fn suppress(windows: Vec<Detection>) -> Vec<Detection> {
//!     todo!(
//!         "same face: an overlap above 0.3, or more than 0.6 of the smaller area shared"
//!     )
//! }
//!
//! fn main() {
//!     let detector = Detector::embedded().unwrap();
//!     let picture =
//!         read_grey("data/astronaut.png".as_ref(), &ReadOptions::default()).unwrap();
//!     let windows = detector.windows(&picture, 40.0);
//!     let kept = suppress(windows.clone());
//!     assert!(kept.len() < windows.len());
//!     assert_eq!(kept, nms::suppress(windows));
//! }
//! ```
//!
//! <details><summary>Solution</summary>
//!
//! Windows of equal scores should be taken in an order that does not depend on threads: the library's [`sort`](crate::detector::nms::sort)
//! sees to that.
//!
//! ```
//! # use lineament::raw::{Detection, Detector, nms};
//! # use lineament::decode::{ReadOptions, read_grey};
//! #
//! fn suppress(mut windows: Vec<Detection>) -> Vec<Detection> {
//!     nms::sort(&mut windows);
//!     let mut kept: Vec<Detection> = Vec::new();
//!     for window in windows {
//!         let same = |best: &Detection| {
//!             let (a, b) = (best.bounds, window.bounds);
//!             a.overlap(&b) > 0.3 || a.intersection(&b) > 0.6 * a.area().min(b.area())
//!         };
//!         if !kept.iter().any(same) {
//!             kept.push(window);
//!         }
//!     }
//!     kept
//! }
//! #
//! # fn main() {
//! #     let detector = Detector::embedded().unwrap();
//! #     let picture = read_grey("data/astronaut.png".as_ref(), &ReadOptions::default()).unwrap();
//! #     let windows = detector.windows(&picture, 40.0);
//! #     let kept = suppress(windows.clone());
//! #     assert!(kept.len() < windows.len());
//! #     assert_eq!(kept, nms::suppress(windows));
//! # }
//! ```
//!
//! </details>
//!
//! **4.3 A point of the curve.** From the best score at which each face was found (none where it never was) and the scores of all false
//! alarms: the recall at the threshold that lets a given number of false alarms pass.
//!
//! ```should_panic
//! use lineament_train::evaluate::detector::{Findings, JudgedFace};
//!
//! fn recall(faces: &[Option<f32>], alarms: &[f32], allowed: usize) -> f64 {
//!     todo!("which score is the first alarm too many?")
//! }
//!
//! fn main() {
//!     let faces =
//!         [Some(2.0), Some(0.4), None, Some(1.1), Some(0.9), Some(-0.3), None, Some(0.1)];
//!     let alarms = [1.0, 0.5, 0.2, -0.1];
//!     assert_eq!(recall(&faces, &alarms, 0), 0.25);
//!     let judged =
//!         |&score: &Option<f32>| JudgedFace { size: 80.0, traits: Vec::new(), score };
//!     let findings = Findings {
//!         faces: faces.iter().map(judged).collect(),
//!         alarms: alarms.to_vec(),
//!         pictures: 10,
//!         megapixels: 5.0,
//!     };
//!     for allowed in 0..6 {
//!         assert_eq!(
//!             recall(&faces, &alarms, allowed),
//!             findings.at(allowed, |_| true).recall
//!         );
//!     }
//! }
//! ```
//!
//! <details><summary>Solution</summary>
//!
//! With alarms from high to low, the one at place `allowed`, counted from 0, is the first too many: a face must score above it. Where
//! there is no such alarm, every face that was found at all counts.
//!
//! ```
//! # use lineament_train::evaluate::detector::{Findings, JudgedFace};
//! #
//! fn recall(faces: &[Option<f32>], alarms: &[f32], allowed: usize) -> f64 {
//!     let mut alarms = alarms.to_vec();
//!     alarms.sort_by(|a, b| b.total_cmp(a));
//!     let bar = alarms.get(allowed).copied().unwrap_or(f32::NEG_INFINITY);
//!     faces.iter().flatten().filter(|&&score| score > bar).count() as f64
//!         / faces.len() as f64
//! }
//! #
//! # fn main() {
//! #     let faces = [Some(2.0), Some(0.4), None, Some(1.1), Some(0.9), Some(-0.3), None, Some(0.1)];
//! #     let alarms = [1.0, 0.5, 0.2, -0.1];
//! #     assert_eq!(recall(&faces, &alarms, 0), 0.25);
//! #     let judged = |&score: &Option<f32>| JudgedFace { size: 80.0, traits: Vec::new(), score };
//! #     let findings = Findings { faces: faces.iter().map(judged).collect(), alarms: alarms.to_vec(), pictures: 10, megapixels: 5.0 };
//! #     for allowed in 0..6 {
//! #         assert_eq!(recall(&faces, &alarms, allowed), findings.at(allowed, |_| true).recall);
//! #     }
//! # }
//! ```
//!
//! </details>
//!
#![doc = include_str!("style.html")]

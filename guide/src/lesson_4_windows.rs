//! # Lesson 4. Sliding windows and their evaluation
//!
//! [← Lesson 3. The linear SVM and hard negatives](crate::lesson_3_margins) · [Contents](crate) ·
//! [Lesson 5. Shapes, similarity transforms and cascaded regression →](crate::lesson_5_shapes)
//!
//! How can the detector classify ten thousand windows in milliseconds, and how good is it?
//!
//! # Every place, every size
//!
//! The classifier of lesson 3 says whether one window contains a face. To find all faces, apply it
//! to every window: at every cell of each level of the pyramid (lesson 1). The score of the window
//! whose top-left cell is (*i*, *j*) is a sum over its 12 × 12 cells,
//!
//! <math display="block"><mi>s</mi><mo stretchy="false">(</mo><mi>i</mi><mo>,</mo><mi>j</mi><mo stretchy="false">)</mo><mo>=</mo><mi>b</mi><mo>+</mo><munderover><mo>∑</mo><mrow><mi>Δ</mi><mi>i</mi><mo>=</mo><mn>0</mn></mrow><mn>11</mn></munderover><munderover><mo>∑</mo><mrow><mi>Δ</mi><mi>j</mi><mo>=</mo><mn>0</mn></mrow><mn>11</mn></munderover><msub><mi>𝐰</mi><mrow><mi>Δ</mi><mi>i</mi><mo>,</mo><mi>Δ</mi><mi>j</mi></mrow></msub><mo>·</mo><mi>𝐟</mi><mo stretchy="false">(</mo><mi>i</mi><mo>+</mo><mi>Δ</mi><mi>i</mi><mo>,</mo><mi>j</mi><mo>+</mo><mi>Δ</mi><mi>j</mi><mo stretchy="false">)</mo></math>
//!
//! where **f**(*i*, *j*) are the 31 features of cell (*i*, *j*), and the 31 weights **w** belong to
//! a cell of the window. The result is an image of scores: a *filter* applied to the features. From
//! here on, that is what we call the planes of lesson 3. A level of *W* × *H* cells has (*W* −
//! 11)(*H* − 11) windows; a level of 64 × 64 cells has 53² = 2809. The figure counts them for an
//! image of a quarter of a megapixel. Five filters with 4464 products for each of them would need
//! hundreds of millions of products.
//!
#![doc = include_str!("figures/windows.html")]
//!
//! # Most windows are easy
//!
//! Nearly all windows show sky, walls and shirts, and a glance at a part of them would be enough.
//! Viola & Jones (2001) arranged classifiers in a sequence, the cheap ones first; each rejects the
//! windows it is sure about. Bourdev & Brandt (2005) noticed that separate classifiers are not
//! necessary: a score is a sum, so look at it while it grows. Let *s*<sub>t</sub> be the sum of the
//! first *t* terms. A window stays in the running as long as
//!
//! <math display="block"><msub><mi>s</mi><mi>t</mi></msub><mo>≥</mo><msub><mi>r</mi><mi>t</mi></msub></math>
//! <math display="block"><msub><mi>r</mi><mi>t</mi></msub><mo>=</mo><mtext>the lowest </mtext><msub><mi>s</mi><mi>t</mi></msub><mtext> of nearly all training faces</mtext></math>
//!
//! This is the *soft cascade*. If the terms of a window are 0.5, −0.9 and 1.0, and the thresholds
//! *r*<sub>t</sub> are −0.1, −0.2 and 0.1, its sums are 0.5, −0.4 and 0.6: it is rejected after the
//! second term, although the third would have saved it. With thresholds that nearly all training
//! faces reach, this rarely happens to a face. The average cost of a window is the sum, over the
//! terms, of the cost *c*<sub>t</sub> of a term times the share of windows that reach it:
//!
//! <math display="block"><mtext>cost</mtext><mo>=</mo><munder><mo>∑</mo><mi>t</mi></munder><msub><mi>c</mi><mi>t</mi></msub><mo>·</mo><mi>P</mi><mo stretchy="false">(</mo><mtext>a window reaches term </mtext><mi>t</mi><mo stretchy="false">)</mo></math>
//!
//! Three terms of cost 1, of which the second is reached by 30 % and the third by 10 % of the
//! windows, cost 1 + 0.3 + 0.1 = 1.4 instead of 3. The detector has three such stages:
//!
//! | stage | terms | task |
//! |---|---|---|
//! | *prefilter* | 64 small trees (lesson 6) on single features | rejects most windows after a few trees, three comparisons each |
//! | *filters* | 12 rows of cells, the most informative first | reject most of the rest; one filter per pose |
//! | *boosted trees* | 640 trees | score what is left: trees can express "an edge here, unless there is one there" |
//!
//! The figure shows what each stage does. The first two stages reject nearly everything. The
//! boosted trees reject very few of the remaining windows, and this is not their task either: their
//! thresholds *r*<sub>t</sub> are far below the sums of nearly all training faces. Their task is
//! the *score*: it separates faces from patterns that look like faces, once the overlapping windows
//! are merged and compared with the threshold.
//!
//! Every stage loses a few faces, and these losses add up. The shipped prefilter may lose 1 % of
//! the training windows and each filter 0.15 %. The prefilter was worth it: in the experiment that
//! introduced it, it needed 12 trees per window on average and let 2.4 % of the windows pass
//! (`training/EXPERIMENTS.md`). The time saved pays for larger levels, which find more faces.
//!
//! # One face, many windows
//!
//! Windows are at whole cells and have fixed sizes; faces do not. A linear regression (lesson 5)
//! estimates from the features of a window where in the window the face is, and corrects the box.
//! All windows that nearly fit a face find it. Of boxes that overlap much, the best is kept
//! (*non-maximum suppression*). The overlap of two boxes *A* and *B* is the area that they share,
//! divided by the area that they cover together (*intersection over union*):
//!
//! <math display="block"><mtext>IoU</mtext><mo stretchy="false">(</mo><mi>A</mi><mo>,</mo><mi>B</mi><mo stretchy="false">)</mo><mo>=</mo><mfrac><mrow><mo stretchy="false">|</mo><mi>A</mi><mo>∩</mo><mi>B</mi><mo stretchy="false">|</mo></mrow><mrow><mo stretchy="false">|</mo><mi>A</mi><mo>∪</mo><mi>B</mi><mo stretchy="false">|</mo></mrow></mfrac></math>
//!
//! Two boxes of 10 × 10 pixels, one shifted by 5 to the right, share 50 pixels and cover 150: their
//! IoU is 1/3. The rule is greedy: take the best box, drop all boxes that overlap it, take the best
//! of the rest. Two boxes count as one face if their IoU is above 0.3, or if they share more than
//! 0.6 of the area of the smaller one (an eye that looks like a small face is inside a large box,
//! with a small IoU). The rule knows nothing about faces: of two people cheek to cheek, it may drop
//! one.
//!
//! The other windows still contain information. A shirt that looks like a face does so at one place
//! and one size; a face is found by a dozen windows. So the windows that overlap the best one add
//! to its score *s*<sub>best</sub>. A window *i* counts more if it overlaps the best one more, and
//! less if its own score *s*<sub>i</sub> is lower:
//!
//! <math display="block"><mi>s</mi><mo>=</mo><msub><mi>s</mi><mtext>best</mtext></msub><mo>+</mo><mfrac><mn>1</mn><mi>κ</mi></mfrac><mi>ln</mi><munder><mo>∑</mo><mi>i</mi></munder><msub><mi>w</mi><mi>i</mi></msub></math>
//! <math display="block"><msub><mi>w</mi><mi>i</mi></msub><mo>=</mo><mtext>IoU</mtext><mo stretchy="false">(</mo><msub><mi>B</mi><mtext>best</mtext></msub><mo>,</mo><msub><mi>B</mi><mi>i</mi></msub><mo stretchy="false">)</mo><mo>·</mo><msup><mi>e</mi><mrow><mi>κ</mi><mo stretchy="false">(</mo><msub><mi>s</mi><mi>i</mi></msub><mo>−</mo><msub><mi>s</mi><mtext>best</mtext></msub><mo stretchy="false">)</mo></mrow></msup></math>
//!
//! The sum includes the best window itself, with *w* = 1. With a large *κ* (kappa) only the best
//! window counts, with a small one the number of windows decides. An example with *κ* = 3: one more
//! window with an IoU of 0.8 and a score that is lower by 0.2 has *w* = 0.8 · *e*<sup>−0.6</sup> =
//! 0.44, and raises the score by ln(1.44) / 3 = 0.12. The average of the boxes, weighted by
//! *w*<sub>i</sub>, is a better box than any of them (Gidaris & Komodakis 2015). For the same
//! reason, a window's score is that of the boosted trees plus a part of the filter's score: the two
//! make different mistakes.
//!
//! # The meaning of a score
//!
//! The score of an SVM has no unit. This detector gives it one: false positives. In images without
//! faces that were not used in training, the logarithm of the number of false positives above a
//! score falls almost linearly with the score. A line through the highest of them gives the
//! calibrated score *s*: on images without faces, searched for faces from 80 pixels,
//!
//! <math display="block"><mtext>expected false positives per megapixel above </mtext><mi>s</mi><mo>≤</mo><msup><mn>10</mn><mrow><mo>−</mo><mn>2</mn><mo stretchy="false">(</mo><mi>s</mi><mo>+</mo><mn>1</mn><mo stretchy="false">)</mo></mrow></msup></math>
//!
//! So you can choose a threshold by its cost: at −1 expect at most one false positive per
//! megapixel, at the default of −0.5 at most one in 10 megapixels, at 0 one in 100.
//!
//! # How good is it?
//!
//! *Accuracy*, the share of windows classified correctly, is useless: a program that never finds a
//! face is right about more than 99 % of them. These two are better:
//!
//! <math display="block"><mtext>recall</mtext><mo>=</mo><mfrac><mtext>faces found</mtext><mtext>all faces</mtext></mfrac></math>
//! <math display="block"><mtext>precision</mtext><mo>=</mo><mfrac><mtext>faces found</mtext><mtext>all boxes reported</mtext></mfrac></math>
//!
//! If there are 8 faces, and the detector reports 8 boxes of which 6 are on faces, recall is 6/8 =
//! 0.75 and precision is 6/8 = 0.75. Each threshold gives a recall and a precision. But precision
//! depends on the images as much as on the detector: add 100 images without faces, on which the
//! same detector reports 4 more boxes, and precision falls to 6/12 = 0.5. So this project reports
//! recall against the *number of false positives* in a fixed set of images without faces. All
//! thresholds together give a curve; comparing two detectors at one threshold each would only
//! compare the thresholds. Five questions to ask about every such curve, with the answers for this
//! project:
//!
//! - **When is a face found?** The usual rule is an IoU of at least 0.5 with the annotated box
//!   (Everingham et al. 2010). But detectors draw their boxes around different parts of the head,
//!   and the rule punishes them for it. Here, the centre of the box must be within 0.4 face sides
//!   of the centre of the landmarks, and its side must be between half and twice that of the face.
//! - **Where are false positives counted?** In images *without* faces. Images with faces contain
//!   more faces than were annotated, and finding these is not a mistake.
//! - **On what was it chosen?** If thresholds and parameters were chosen on the test set, its
//!   results are a memory, not a forecast. Here, test sets are only for reporting.
//! - **How many faces?** Of 224 test faces, each is 0.4 %. A difference of one face between two
//!   detectors is luck.
//! - **What does "no false positive" mean?** With none in *n* images the rate may still be 3 / *n*,
//!   with 95 % confidence: (1 − *q*)<sup>*n*</sup> = 0.05 gives the rate *q* ≈ 3 / *n*. None in 400
//!   images means at most one in 133.
//!
//! Measured in this way on the 224 faces of LFPW's test set, with false positives in 400 other
//! images:
//!
//! | false positives | 0 | 1 | 3 | 10 |
//! |---|---|---|---|---|
//! | recall of this detector alone | 0.955 | 0.982 | 0.982 | 0.996 |
//! | with the confidence of the landmarks in the score | 1.000 | 1.000 | 1.000 | 1.000 |
//! | recall of dlib's frontal detector, in the same run | 0.982 | 0.991 | 1.000 | 1.000 |
//!
//! The second row uses an additional idea: landmarks (lesson 5) find their places only on faces, so
//! their confidence is evidence for a face. Most of these images show people who look at the
//! camera. On small faces in old images (CMU-MIT, faces from 40 pixels), recall at 3 false
//! positives is 0.834.
//!
//! # A program
//!
//! All windows of an image that pass every stage, and the detections they are merged into.
//!
//! ```
//! # std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))?;
//! use lineament::raw::decode::{ReadOptions, read_grey};
//! use lineament::geometry::Point;
//! use lineament::raw::{DetectOptions, Detection, Detector, model, nms};
//!
//! let (detector, _) = model::read::<Detector>("models/detector.lineament")?;
//! let image = read_grey("data/astronaut.png", &ReadOptions::default())?;
//! let windows = detector.windows(&image, 80.0, &());
//! let places = nms::group(windows.clone());
//! println!("{} windows pass every stage, at {} places", windows.len(), places.len());
//! // The astronaut's nose is at (224, 127).
//! let on_the_nose = |face: &Detection| {
//!     face.bounds.centre().distance(Point::new(224.0, 127.0)) < 30.0
//! };
//! assert!(on_the_nose(&places[0][0]));
//! assert!(places[0].len() > 5, "many windows find the one face");
//!
//! // Merged, they score higher than the best of them.
//! let found = detector.detect(&image, &DetectOptions::default());
//! assert!(on_the_nose(&found[0]) && found[0].score > places[0][0].score);
//! assert_eq!(found.iter().filter(|face| on_the_nose(face)).count(), 1);
//!
//! // The cost of a threshold, and the threshold for a cost.
//! assert_eq!(Detector::false_positives(-1.0), 1.0);
//! assert!((Detector::score_for(1.0 / 10.0) + 0.5).abs() < 1e-6);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # In the source
//!
//! | formula | code |
//! |---|---|
//! | windows of all levels, and those that pass | [`Detector::visit`](lineament::raw::Detector::visit), [`Detector::windows`](lineament::raw::Detector::windows) |
//! | scores of all windows, soft cascade of rows | [`Scanner`](lineament::raw::Scanner) |
//! | soft cascade of trees | [`BoostedTrees::score`](lineament::raw::BoostedTrees::score) |
//! | thresholds of the filters' rows | [`filters::set_limits`](lineament_train::detector::filters::set_limits) |
//! | training of the prefilter | [`prefilter::fit`](lineament_train::detector::prefilter::fit) |
//! | intersection over union | [`Rect::overlap`](lineament::geometry::Rect::overlap) |
//! | non-maximum suppression | [`nms::group`](lineament::raw::nms::group) |
//! | fusion of filter and trees, and of the windows on a face | [`ScoreFusion::score`](lineament::raw::ScoreFusion::score), [`ScoreFusion::merge`](lineament::raw::ScoreFusion::merge) |
//! | place of the face in its window | [`BoxRegression::apply`](lineament::raw::BoxRegression::apply) |
//! | expected false positives, and the inverse | [`Detector::false_positives`](lineament::raw::Detector::false_positives), [`Detector::score_for`](lineament::raw::Detector::score_for) |
//! | line through the logarithms | [`calibration::calibrate`](lineament_train::detector::calibration::calibrate) |
//! | when a face is found | [`matching::finds`](lineament_train::evaluate::matching::finds) |
//! | recall at a number of false positives | [`Findings::at`](lineament_train::evaluate::detector::Findings::at) |
//! | the confidence of the landmarks in the score | [`Pipeline::find`](lineament::Pipeline::find) |
//!
//! # Exercises
//!
//! **4.1 Overlap.** Compute the intersection over union of two boxes. The test compares with the
//! library.
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
//! <details><summary>Hint</summary>
//!
//! The shared box ends at the smaller of the two right edges and begins at the larger of the two
//! left edges. What if there is no shared box? The union is the sum of both areas minus the shared
//! one.
//!
//! </details>
//!
//! <details><summary>Solution</summary>
//!
//! Clamp both sides of the shared box at 0 before multiplying: two negative sides have a positive
//! product.
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
//! **4.2 The best of each face.** Implement greedy non-maximum suppression with the rule of this
//! lesson. The test applies it to the windows that the detector accepts in an image.
//!
//! ```should_panic
//! use lineament::raw::decode::{ReadOptions, read_grey};
//! use lineament::raw::{Detection, Detector, model, nms};
//!
//! fn suppress(windows: Vec<Detection>) -> Vec<Detection> {
//!     todo!(
//!         "same face: an overlap above 0.3, or more than 0.6 of the smaller area shared"
//!     )
//! }
//!
//! fn main() {
//! #    std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
//!     let (detector, _) =
//!         model::read::<Detector>("models/detector.lineament").unwrap();
//!     let image = read_grey("data/astronaut.png", &ReadOptions::default()).unwrap();
//!     let windows = detector.windows(&image, 40.0, &());
//!     let kept = suppress(windows.clone());
//!     assert!(kept.len() < windows.len());
//!     assert_eq!(kept, nms::suppress(windows));
//! }
//! ```
//!
//! <details><summary>Hint</summary>
//!
//! [`nms::sort`](lineament::raw::nms::sort) puts the best window first. Then keep each window
//! unless it is the same face as one that you have kept. [`Rect`](lineament::geometry::Rect) has
//! `overlap`, `intersection` and `area`.
//!
//! </details>
//!
//! <details><summary>Solution</summary>
//!
//! The order of windows with equal scores should not depend on threads; the library's `sort` takes
//! care of that.
//!
//! ```
//! # use lineament::raw::RectExt;
//! # use lineament::raw::decode::{ReadOptions, read_grey};
//! # use lineament::raw::{Detection, Detector, model, nms};
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
//! #     std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
//! #     let (detector, _) =
//! #         model::read::<Detector>("models/detector.lineament").unwrap();
//! #     let image = read_grey("data/astronaut.png", &ReadOptions::default()).unwrap();
//! #     let windows = detector.windows(&image, 40.0, &());
//! #     let kept = suppress(windows.clone());
//! #     assert!(kept.len() < windows.len());
//! #     assert_eq!(kept, nms::suppress(windows));
//! # }
//! ```
//!
//! </details>
//!
//! **4.3 A point of the curve.** You have the best score at which each face was found (`None` if it
//! was never found) and the scores of all false positives. Compute the recall at the threshold that
//! lets a given number of false positives pass.
//!
//! ```should_panic
//! use lineament_train::evaluate::detector::{Findings, ScoredFace};
//!
//! fn recall(faces: &[Option<f32>], false_positives: &[f32], allowed: usize) -> f64 {
//!     todo!("which score is the first false positive too many?")
//! }
//!
//! fn main() {
//!     let faces =
//!         [Some(2.0), Some(0.4), None, Some(1.1), Some(0.9), Some(-0.3), None, Some(0.1)];
//!     let false_positives = [1.0, 0.5, 0.2, -0.1];
//!     assert_eq!(recall(&faces, &false_positives, 0), 0.25);
//!     let scored =
//!         |&score: &Option<f32>| ScoredFace { size: 80.0, traits: Vec::new(), score };
//!     let findings = Findings {
//!         faces: faces.iter().map(scored).collect(),
//!         alarms: false_positives.to_vec(),
//!         images: 10,
//!         megapixels: 5.0,
//!     };
//!     for allowed in 0..6 {
//!         assert_eq!(
//!             recall(&faces, &false_positives, allowed),
//!             findings.at(allowed, |_| true).recall
//!         );
//!     }
//! }
//! ```
//!
//! <details><summary>Hint</summary>
//!
//! Sort the false positives from high to low. `get(allowed)` is the first one too many, if it
//! exists. Count the faces that score *above* it.
//!
//! </details>
//!
//! <details><summary>Solution</summary>
//!
//! With the false positives sorted from high to low, the one at place `allowed`, counted from 0, is
//! the first too many, and a face must score above it. If there is none, every face that was found
//! counts.
//!
//! ```
//! # use lineament_train::evaluate::detector::{Findings, ScoredFace};
//! #
//! fn recall(faces: &[Option<f32>], false_positives: &[f32], allowed: usize) -> f64 {
//!     let mut sorted = false_positives.to_vec();
//!     sorted.sort_by(|a, b| b.total_cmp(a));
//!     let threshold = sorted.get(allowed).copied().unwrap_or(f32::NEG_INFINITY);
//!     faces.iter().flatten().filter(|&&score| score > threshold).count() as f64
//!         / faces.len() as f64
//! }
//! #
//! # fn main() {
//! #     let faces =
//! #         [Some(2.0), Some(0.4), None, Some(1.1), Some(0.9), Some(-0.3), None, Some(0.1)];
//! #     let false_positives = [1.0, 0.5, 0.2, -0.1];
//! #     assert_eq!(recall(&faces, &false_positives, 0), 0.25);
//! #     let scored =
//! #         |&score: &Option<f32>| ScoredFace { size: 80.0, traits: Vec::new(), score };
//! #     let findings = Findings {
//! #         faces: faces.iter().map(scored).collect(),
//! #         alarms: false_positives.to_vec(),
//! #         images: 10,
//! #         megapixels: 5.0,
//! #     };
//! #     for allowed in 0..6 {
//! #         assert_eq!(
//! #             recall(&faces, &false_positives, allowed),
//! #             findings.at(allowed, |_| true).recall
//! #         );
//! #     }
//! # }
//! ```
//!
//! </details>
//!
//! [← Lesson 3. The linear SVM and hard negatives](crate::lesson_3_margins) · [Contents](crate) ·
//! [Lesson 5. Shapes, similarity transforms and cascaded regression →](crate::lesson_5_shapes)
//!
#![doc = include_str!("style.html")]

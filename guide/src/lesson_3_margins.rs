//! # Lesson 3. The linear SVM and hard negatives
//!
//! [← Lesson 2. Histograms and normalisation](crate::lesson_2_histograms) · [Contents](crate) ·
//! [Lesson 4. Sliding windows and their evaluation →](crate::lesson_4_windows)
//!
//! How does a program learn what a face is, and what is not a face?
//!
//! # A window is a point
//!
//! A window of 12 × 12 cells has 144 · 31 = 4464 features (lesson 2). Written one below the other
//! they form a vector **x**: a point in a space of 4464 dimensions. Windows with a face are points
//! in one region of it, windows without a face are points elsewhere. The simplest border between
//! the two is a plane. The simplest classifier, a *linear* one, computes on which side of the plane
//! a point is:
//!
//! <math display="block"><mi>s</mi><mo stretchy="false">(</mo><mi>𝐱</mi><mo stretchy="false">)</mo><mo>=</mo><mi>𝐰</mi><mo>·</mo><mi>𝐱</mi><mo>+</mo><mi>b</mi></math>
//!
//! with weights **w**, one per feature, and a *bias* *b*. A positive score means a face. With two
//! features, **w** = (3, 4) and *b* = −2, the window **x** = (1, 0.5) scores 3 + 2 − 2 = 3. The
//! weights can be read: a large positive weight for horizontal edges in the cells of the eyes means
//! that these edges are evidence for a face. The lower half of the figure shows them, and
//! `lineament explain --model` shows the same for every pose.
//!
//! Can a plane be enough? Hardly ever in two dimensions; but 4464 dimensions leave much room.
//! Still, a plane cannot express "an edge here *unless* there is one there". Faces that look left
//! and faces that look right have their edges in different places, and one plane for both would
//! have to accept everything in between. So the detector has five planes, one per *pose*: frontal,
//! turned to either side, tilted to either side. *k*-means clustering of the landmarks of the
//! training faces finds the poses.
//!
//! # The margin
//!
//! Many planes separate two clouds of points that can be separated, and most of these planes are so
//! close to one cloud that the next face would be on the wrong side. The best guess is the plane
//! that is furthest from both. With labels *y* = +1 for faces and −1 for all other windows, scale
//! **w** and *b* so that the nearest points have *y s* = 1. Their distance from the plane, the
//! *margin*, is then 1 / ‖**w**‖: a large margin means a short **w**. For **w** = (3, 4) the margin
//! is 1/5. If the clouds overlap, points inside the margin must be allowed, at a price. This is the
//! *support vector machine* (Cortes & Vapnik 1995):
//!
//! <math display="block"><munder><mi>min</mi><mrow><mi>𝐰</mi><mo>,</mo><mi>b</mi></mrow></munder><mspace width="0.5em"/><mfrac><mn>1</mn><mn>2</mn></mfrac><msup><mrow><mo stretchy="false">‖</mo><mi>𝐰</mi><mo stretchy="false">‖</mo></mrow><mn>2</mn></msup><mo>+</mo><munder><mo>∑</mo><mi>i</mi></munder><msub><mi>C</mi><mi>i</mi></msub><mspace width="0.2em"/><mi>max</mi><msup><mrow><mo stretchy="false">(</mo><mn>0</mn><mo>,</mo><mn>1</mn><mo>−</mo><msub><mi>y</mi><mi>i</mi></msub><mi>s</mi><mo stretchy="false">(</mo><msub><mi>𝐱</mi><mi>i</mi></msub><mo stretchy="false">)</mo><mo stretchy="false">)</mo></mrow><mn>2</mn></msup></math>
//!
//! The second term is the *squared hinge loss*. A window without a face (*y* = −1) that scores 0.5
//! has the loss (1 + 0.5)² = 2.25. Points beyond the margin have no loss, so they do not matter at
//! all: remove them and the plane stays where it is. A large *C* asks for few mistakes, a small one
//! for a wide margin. There are far more windows without a face than with one, so the mistakes on
//! faces cost more: *C*<sub>face</sub> / *C*<sub>other</sub> is the inverse ratio of their numbers,
//! as if there were equally many of both.
//!
//! # Finding it, one point at a time
//!
//! We could find the minimum by gradient descent. There is a better way that needs no step size. At
//! the minimum, **w** is a sum of the training points themselves,
//!
//! <math display="block"><mi>𝐰</mi><mo>=</mo><munder><mo>∑</mo><mi>i</mi></munder><msub><mi>α</mi><mi>i</mi></msub><msub><mi>y</mi><mi>i</mi></msub><msub><mi>𝐱</mi><mi>i</mi></msub></math>
//! <math display="block"><msub><mi>α</mi><mi>i</mi></msub><mo>≥</mo><mn>0</mn></math>
//!
//! because the derivative of the objective with respect to **w** is **w** − Σ 2 *C*<sub>i</sub>
//! max(0, 1 − *y*<sub>i</sub>*s*<sub>i</sub>) *y*<sub>i</sub>**x**<sub>i</sub>, and it must be 0.
//! Points beyond the margin have *α* = 0; the others are the *support vectors*. In terms of the *α*
//! instead of **w**, the problem (its *dual*) is to minimise a quadratic function whose only
//! constraint is *α* ≥ 0. If all *α* but one are fixed, this function is a parabola, and we know
//! the lowest point of a parabola. Hsieh et al. (2008) visit the points in turn and do just that:
//!
//! <math display="block"><mi>G</mi><mo>=</mo><msub><mi>y</mi><mi>i</mi></msub><mspace width="0.2em"/><mi>s</mi><mo stretchy="false">(</mo><msub><mi>𝐱</mi><mi>i</mi></msub><mo stretchy="false">)</mo><mo>−</mo><mn>1</mn><mo>+</mo><mfrac><msub><mi>α</mi><mi>i</mi></msub><mrow><mn>2</mn><msub><mi>C</mi><mi>i</mi></msub></mrow></mfrac></math>
//! <math display="block"><msub><mi>α</mi><mi>i</mi></msub><mo>←</mo><mi>max</mi><mrow><mo>(</mo><mn>0</mn><mo>,</mo><msub><mi>α</mi><mi>i</mi></msub><mo>−</mo><mfrac><mi>G</mi><mrow><msub><mi>𝐱</mi><mi>i</mi></msub><mo>·</mo><msub><mi>𝐱</mi><mi>i</mi></msub><mo>+</mo><mn>1</mn><mo>/</mo><mo stretchy="false">(</mo><mn>2</mn><msub><mi>C</mi><mi>i</mi></msub><mo stretchy="false">)</mo></mrow></mfrac><mo>)</mo></mrow></math>
//!
//! and then add the change of *α*<sub>i</sub>, times *y*<sub>i</sub>**x**<sub>i</sub>, to **w**. An
//! example with a single point, *x* = 1, *y* = 1, *C* = ½, no bias, and *α* = *w* = 0 at first: *G*
//! = 0 − 1 + 0 = −1, so *α* becomes 0 + 1 / (1 + 1) = ½, and *w* = ½. The next visit finds *G* = ½
//! − 1 + ½ = 0: this is the minimum.
//!
//! The bias is the weight of one more feature that is always 1. One pass over all points costs two
//! scalar products per point, and each pass visits the points in a new random order. Points that
//! have *α* = 0 are visited in every fourth pass only.
//!
//! A general solver that works with the table of all products **x**<sub>i</sub> · **x**<sub>j</sub>
//! needs time that grows with the square of the number of points. Measured with 4464 features on a
//! busy machine: 22.4 s for 2000 points, where the method above needs 0.05 s
//! (`training/EXPERIMENTS.md`).
//!
#![doc = include_str!("figures/margin.html")]
//!
//! # Hard negatives
//!
//! Faces are few, and they are labelled. Everything else is not a face: every image has tens of
//! thousands of windows without a face, and the 760 images for training have many millions, too
//! many to learn from. Most of them show sky and walls, far beyond the margin: with the hinge loss
//! they change nothing. The few that matter are those that look like faces, and only a detector can
//! tell which these are. Hence the loop that Sung & Poggio (1998) called *bootstrapping*:
//!
//! ```text
//! random windows ──► fit a plane
//!                       │    ▲
//!                       ▼    │ add them to
//!         score every window │ the negatives
//!                       │    │
//!                       ▼    │
//!              those that score above −1
//! ```
//!
//! Why −1 and not 0? A negative with *s* > −1 is inside the margin and has a loss; one with *s* <
//! −1 has none. So −1 is exactly the border between windows that would change the plane and windows
//! that would not (Felzenszwalb et al. 2010, section 4.4).
//!
//! Two warnings from experience with this detector. Negatives must come from images without any
//! face: the backgrounds of the training faces contain some faces that nobody annotated, and these
//! would be the hardest negatives of all. And error rates on hard negatives say nothing about
//! random windows, because hard negatives are the worst of these. Lesson 4 shows how to measure.
//!
//! # A program
//!
//! A detector for synthetic faces: fitted with a few negatives, then with hard ones, and tested on
//! windows of other images. The trainer draws the faces, so no data set is needed.
//!
//! ```
//! use lineament::raw::RectExt;
//! use lineament::geometry::Rect;
//! use lineament::raw::crop::{Crop, CropSpec};
//! use lineament::raw::hog::FeatureMap;
//! use lineament::raw::{Filter, GreyImage, Window};
//! use lineament_train::detector::svm;
//! use lineament_train::synthetic::{clutter, portrait};
//!
//! const WINDOW: Window = Window { cell: 4, cells: 12, face: 40.0 };
//!
//! /// Returns the features of a window with a face in the middle.
//! fn face(index: u64) -> Vec<i16> {
//!     let scene = portrait(1, index);
//!     let bounds = scene.shapes[0].bounds();
//!     let square = Rect::square(bounds.centre(), bounds.width.max(bounds.height));
//!     let image = GreyImage::from(&scene.image);
//!     let spec = CropSpec { face: 40, margin: 4, coarse: 40 };
//!     let crop = Crop::new(&image, &square, &spec);
//!     let mut features = Vec::new();
//!     WINDOW.copy(&FeatureMap::new(&crop.pixels(), 4), 0, 0, &mut features);
//!     features
//! }
//!
//! /// Returns the features of all windows of a background.
//! fn windows(index: u64) -> Vec<Vec<i16>> {
//!     let map = FeatureMap::new(&GreyImage::from(&clutter(2, index, 160, 120)), 4);
//!     let places = (0..=map.rows() - 12)
//!         .flat_map(|row| (0..=map.columns() - 12).map(move |column| (column, row)));
//!     let features = |(column, row)| {
//!         let mut features = Vec::new();
//!         WINDOW.copy(&map, column, row, &mut features);
//!         features
//!     };
//!     places.map(features).collect()
//! }
//!
//! fn fit(faces: &[Vec<i16>], others: &[Vec<i16>]) -> Filter {
//!     let weight = others.len() as f32 / faces.len() as f32;
//!     let [faces, others] = [faces, others]
//!         .map(|samples| samples.iter().map(Vec::as_slice).collect::<Vec<_>>());
//!     let plane = svm::fit(&faces, &others, (0.1 * weight.max(1.0), 0.1), 50, 1);
//!     Filter::new(&plane.weights, plane.bias, &WINDOW)
//! }
//!
//! let faces: Vec<Vec<i16>> = (0..60).map(face).collect();
//! let pool: Vec<Vec<i16>> = (0..8).flat_map(windows).collect();
//! let other: Vec<Vec<i16>> = (8..16).flat_map(windows).collect();
//! let false_positives =
//!     |filter: &Filter| other.iter().filter(|window| filter.score(window) > 0.0).count();
//! let found = |filter: &Filter| {
//!     (100..160).filter(|&index| filter.score(&face(index)) > 0.0).count()
//! };
//!
//! // Every 300th window.
//! let mut negatives: Vec<Vec<i16>> = pool.iter().step_by(300).cloned().collect();
//! let first = fit(&faces, &negatives);
//! let hard: Vec<Vec<i16>> =
//!     pool.iter().filter(|window| first.score(window) > -1.0).cloned().collect();
//! println!("{} of {} windows are hard", hard.len(), pool.len());
//! negatives.extend(hard);
//! let second = fit(&faces, &negatives);
//! println!(
//!     "false positives among {} other windows: {}, then {}",
//!     other.len(),
//!     false_positives(&first),
//!     false_positives(&second)
//! );
//! println!("found of 60 other faces: {}, then {}", found(&first), found(&second));
//! assert!(false_positives(&second) < false_positives(&first));
//! assert!(found(&second) >= 50);
//! ```
//!
//! # In the source
//!
//! | formula | code |
//! |---|---|
//! | score of a window, in integers | [`Filter::score`](lineament::raw::Filter::score) |
//! | weights rounded to integers | [`Filter::new`](lineament::raw::Filter::new) |
//! | objective, coordinate steps | [`svm::fit`](lineament_train::detector::svm::fit) |
//! | costs by the numbers of faces and others, one plane per pose | [`filters::fit`](lineament_train::detector::filters::fit) |
//! | poses by *k*-means | [`poses::cluster`](lineament_train::detector::poses::cluster) |
//! | random windows and hard ones | [`Negatives::mine`](lineament_train::detector::mining::Negatives::mine) |
//! | the loop, and the border at −1 | [`detector::fit`](lineament_train::detector::fit()) |
//!
//! # Exercises
//!
//! **3.1 The loss and its slope.** Compute the squared hinge loss of a point with label *y* and
//! score *s*, and its derivative with respect to *s*. The test compares the derivative with
//! differences of the loss.
//!
//! ```should_panic
//! fn loss(y: f64, s: f64) -> f64 {
//!     todo!()
//! }
//!
//! fn slope(y: f64, s: f64) -> f64 {
//!     todo!()
//! }
//!
//! fn main() {
//!     assert_eq!((loss(1.0, 3.0), loss(1.0, 0.0), loss(-1.0, 1.0)), (0.0, 1.0, 4.0));
//!     for (y, s) in [(1.0, 0.3), (-1.0, 0.3), (1.0, 2.0), (-1.0, -1.7), (-1.0, -0.2)] {
//!         let difference = (loss(y, s + 1e-6) - loss(y, s - 1e-6)) / 2e-6;
//!         assert!((slope(y, s) - difference).abs() < 1e-4);
//!     }
//! }
//! ```
//!
//! <details><summary>Hint</summary>
//!
//! The derivative of max(0, *a*)² is 2 max(0, *a*) times the derivative of *a*. What is the
//! derivative of 1 − *y s* with respect to *s*?
//!
//! </details>
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! fn loss(y: f64, s: f64) -> f64 {
//!     (1.0 - y * s).max(0.0).powi(2)
//! }
//!
//! fn slope(y: f64, s: f64) -> f64 {
//!     -2.0 * y * (1.0 - y * s).max(0.0)
//! }
//! #
//! # fn main() {
//! #     assert_eq!((loss(1.0, 3.0), loss(1.0, 0.0), loss(-1.0, 1.0)), (0.0, 1.0, 4.0));
//! #     for (y, s) in [(1.0, 0.3), (-1.0, 0.3), (1.0, 2.0), (-1.0, -1.7), (-1.0, -0.2)] {
//! #         let difference = (loss(y, s + 1e-6) - loss(y, s - 1e-6)) / 2e-6;
//! #         assert!((slope(y, s) - difference).abs() < 1e-4);
//! #     }
//! # }
//! ```
//!
//! </details>
//!
//! **3.2 Dual coordinate descent.** Fit a plane in two dimensions by passes over the points in
//! their order. The third number of a point is 1, so the third weight is the bias. The test is the
//! condition for the optimum: the derivative of the objective is 0.
//!
//! ```should_panic
//! fn fit(points: &[([f64; 3], f64)], cost: f64, passes: usize) -> [f64; 3] {
//!     todo!("for each point: G, the new α, and what its change adds to w")
//! }
//!
//! fn main() {
//!     let points = [
//!         ([0.9, 0.7, 1.0], 1.0),
//!         ([0.6, 0.8, 1.0], 1.0),
//!         ([0.4, 0.6, 1.0], 1.0),
//!         ([0.2, 0.3, 1.0], -1.0),
//!         ([0.5, 0.1, 1.0], -1.0),
//!         ([0.5, 0.6, 1.0], -1.0),
//!     ];
//!     let cost = 2.0;
//!     let w = fit(&points, cost, 2000);
//!     for n in 0..3 {
//!         let loss = |&(x, y): &([f64; 3], f64)| {
//!             let s: f64 = (0..3).map(|n| w[n] * x[n]).sum();
//!             -2.0 * cost * y * (1.0 - y * s).max(0.0) * x[n]
//!         };
//!         let derivative = w[n] + points.iter().map(loss).sum::<f64>();
//!         assert!(derivative.abs() < 1e-3, "{derivative}");
//!     }
//! }
//! ```
//!
//! <details><summary>Hint</summary>
//!
//! Keep one *α* per point, starting at 0, beside **w**. A pass does three things per point: compute
//! *G*, compute the new *α* from it, and add (new *α* − old *α*) *y* **x** to **w**.
//!
//! </details>
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! fn fit(points: &[([f64; 3], f64)], cost: f64, passes: usize) -> [f64; 3] {
//!     let (mut w, mut alphas, diagonal) = ([0.0; 3], vec![0.0; points.len()], 0.5 / cost);
//!     for _ in 0..passes {
//!         for ((x, y), alpha) in points.iter().zip(&mut alphas) {
//!             let s: f64 = (0..3).map(|n| w[n] * x[n]).sum();
//!             let square: f64 = x.iter().map(|v| v * v).sum();
//!             let gradient = y * s - 1.0 + diagonal * *alpha;
//!             let new = f64::max(0.0, *alpha - gradient / (square + diagonal));
//!             (0..3).for_each(|n| w[n] += (new - *alpha) * y * x[n]);
//!             *alpha = new;
//!         }
//!     }
//!     w
//! }
//! #
//! # fn main() {
//! #     let points = [
//! #         ([0.9, 0.7, 1.0], 1.0),
//! #         ([0.6, 0.8, 1.0], 1.0),
//! #         ([0.4, 0.6, 1.0], 1.0),
//! #         ([0.2, 0.3, 1.0], -1.0),
//! #         ([0.5, 0.1, 1.0], -1.0),
//! #         ([0.5, 0.6, 1.0], -1.0),
//! #     ];
//! #     let cost = 2.0;
//! #     let w = fit(&points, cost, 2000);
//! #     for n in 0..3 {
//! #         let loss = |&(x, y): &([f64; 3], f64)| {
//! #             let s: f64 = (0..3).map(|n| w[n] * x[n]).sum();
//! #             -2.0 * cost * y * (1.0 - y * s).max(0.0) * x[n]
//! #         };
//! #         let derivative = w[n] + points.iter().map(loss).sum::<f64>();
//! #         assert!(derivative.abs() < 1e-3, "{derivative}");
//! #     }
//! # }
//! ```
//!
//! </details>
//!
//! **3.3 The loop.** Mine hard negatives until every window of the pool that is inside the margin
//! is already among the negatives. Here a window is one number (times 4096, in the first of 16
//! features). Faces are at 0.7 and above, all other windows are below.
//!
//! ```should_panic
//! use lineament_train::detector::svm::{self, Plane};
//!
//! type Window = [i16; 16];
//!
//! fn fit(faces: &[Window], others: &[Window]) -> Plane {
//!     let faces: Vec<&[i16]> = faces.iter().map(|window| &window[..]).collect();
//!     let others: Vec<&[i16]> = others.iter().map(|window| &window[..]).collect();
//!     svm::fit(&faces, &others, (1000.0, 1000.0), 5000, 1)
//! }
//!
//! fn score(plane: &Plane, window: &Window) -> f32 {
//!     plane.weights[0] * f32::from(window[0]) / 4096.0 + plane.bias
//! }
//!
//! /// Returns the plane and the negatives, which are windows of the pool.
//! fn mined(faces: &[Window], pool: &[Window]) -> (Plane, Vec<Window>) {
//!     todo!("start with pool[0]; each round adds the three hardest new ones")
//! }
//!
//! fn main() {
//!     let window = |v: i32| std::array::from_fn(|n| if n == 0 { v as i16 } else { 0 });
//!     let faces: Vec<Window> = (2900..4000).step_by(100).map(window).collect();
//!     let pool: Vec<Window> = (0..2400).step_by(8).map(window).collect();
//!     let (plane, negatives) = mined(&faces, &pool);
//!     assert!(pool.iter().all(|window| score(&plane, window) < 0.0));
//!     assert!(faces.iter().all(|window| score(&plane, window) > 0.0));
//!     // A few of the 300 windows are enough.
//!     assert!(negatives.len() < 30, "{}", negatives.len());
//! }
//! ```
//!
//! <details><summary>Hint</summary>
//!
//! In a loop: fit, collect the windows of the pool that score above −1 and are not among the
//! negatives yet, return if there are none, sort them by score, add the first three.
//!
//! </details>
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! # use lineament_train::detector::svm::{self, Plane};
//! #
//! # type Window = [i16; 16];
//! #
//! # fn fit(faces: &[Window], others: &[Window]) -> Plane {
//! #     let faces: Vec<&[i16]> = faces.iter().map(|window| &window[..]).collect();
//! #     let others: Vec<&[i16]> = others.iter().map(|window| &window[..]).collect();
//! #     svm::fit(&faces, &others, (1000.0, 1000.0), 5000, 1)
//! # }
//! #
//! # fn score(plane: &Plane, window: &Window) -> f32 {
//! #     plane.weights[0] * f32::from(window[0]) / 4096.0 + plane.bias
//! # }
//! #
//! fn mined(faces: &[Window], pool: &[Window]) -> (Plane, Vec<Window>) {
//!     let mut negatives = vec![pool[0]];
//!     loop {
//!         let plane = fit(faces, &negatives);
//!         let new = |window: &&Window| {
//!             score(&plane, window) > -1.0 && !negatives.contains(window)
//!         };
//!         let mut hard: Vec<Window> = pool.iter().filter(new).copied().collect();
//!         if hard.is_empty() {
//!             return (plane, negatives);
//!         }
//!         hard.sort_by(|a, b| f32::total_cmp(&score(&plane, b), &score(&plane, a)));
//!         negatives.extend(hard.iter().take(3));
//!     }
//! }
//! #
//! # fn main() {
//! #     let window = |v: i32| std::array::from_fn(|n| if n == 0 { v as i16 } else { 0 });
//! #     let faces: Vec<Window> = (2900..4000).step_by(100).map(window).collect();
//! #     let pool: Vec<Window> = (0..2400).step_by(8).map(window).collect();
//! #     let (plane, negatives) = mined(&faces, &pool);
//! #     assert!(pool.iter().all(|window| score(&plane, window) < 0.0));
//! #     assert!(faces.iter().all(|window| score(&plane, window) > 0.0));
//! #     assert!(negatives.len() < 30, "{}", negatives.len());
//! # }
//! ```
//!
//! </details>
//!
//! [← Lesson 2. Histograms and normalisation](crate::lesson_2_histograms) · [Contents](crate) ·
//! [Lesson 4. Sliding windows and their evaluation →](crate::lesson_4_windows)
//!
#![doc = include_str!("style.html")]

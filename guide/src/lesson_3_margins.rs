//! Lesson 3. The linear SVM and hard negatives: how a program learns what a face is, and what it is not.
//!
//! # A window is a point
//!
//! A window of 12 × 12 cells has 144 · 31 = 4464 features (lesson 2). Written one below the other they are a vector **x**: a point in
//! a space of 4464 dimensions. Windows with a face are points somewhere there, windows without one are points elsewhere. The
//! simplest border between them is a plane, and the simplest judge a *linear* one, which says on which side a point is:
//!
//! <math display="block"><mi>s</mi><mo stretchy="false">(</mo><mi>𝐱</mi><mo stretchy="false">)</mo><mo>=</mo><mi>𝐰</mi><mo>·</mo><mi>𝐱</mi><mo>+</mo><mi>b</mi></math>
//!
//! with weights **w**, one for each feature, and a *bias* *b*. A positive score means a face. Each weight has a meaning that can be
//! looked at: a large positive weight for level edges in the cells of the eyes says that these speak for a face. That is the figure's
//! lower half, and `lineament explain --model` shows the same for every pose.
//!
//! Can a plane be enough? In two dimensions hardly ever; in 4464 dimensions there is much room. But a plane cannot say "an edge here
//! *unless* there is one there". Faces that look left and faces that look right have their edges in different places, and one plane
//! for both would have to accept everything in between. So the detector has five planes, one for each *pose*: frontal, turned to
//! either side, tilted to either side. The poses are found by *k*-means on the landmarks of the training faces.
//!
//! # The margin
//!
//! Between two clouds of points that can be separated there are many planes, and most of them lie so near to one cloud that the
//! next face would be on the wrong side. The best guess is the plane that is furthest from both. With labels *y* = +1 for faces and
//! −1 for others, scale **w** and *b* so that the nearest points have *y s* = 1. Their distance from the plane, the *margin*, then is
//! 1 / ‖**w**‖: a large margin means a short **w**. Where clouds overlap, points inside the margin must be allowed, at a price. That
//! makes the *support vector machine* (Cortes & Vapnik 1995):
//!
//! <math display="block"><munder><mi>min</mi><mrow><mi>𝐰</mi><mo>,</mo><mi>b</mi></mrow></munder><mspace width="0.5em"/><mfrac><mn>1</mn><mn>2</mn></mfrac><msup><mrow><mo stretchy="false">‖</mo><mi>𝐰</mi><mo stretchy="false">‖</mo></mrow><mn>2</mn></msup><mo>+</mo><munder><mo>∑</mo><mi>i</mi></munder><msub><mi>C</mi><mi>i</mi></msub><mspace width="0.2em"/><mi>max</mi><msup><mrow><mo stretchy="false">(</mo><mn>0</mn><mo>,</mo><mn>1</mn><mo>−</mo><msub><mi>y</mi><mi>i</mi></msub><mi>s</mi><mo stretchy="false">(</mo><msub><mi>𝐱</mi><mi>i</mi></msub><mo stretchy="false">)</mo><mo stretchy="false">)</mo></mrow><mn>2</mn></msup></math>
//!
//! The second term is the *squared hinge loss*. It is 0 for points beyond the margin, so these do not matter at all: take them
//! away and the plane stays. A large *C* wants few mistakes, a small one a wide margin. As there are far more windows without a face
//! than with one, each face costs as much more: *C*<sub>face</sub> / *C*<sub>other</sub> is the ratio of their numbers, as if there were
//! equally many.
//!
//! # Finding it, a point at a time
//!
//! The minimum could be found by walking down the gradient. There is a better way, which needs no step size. At the minimum,
//! **w** is a sum of the training points themselves,
//!
//! <math display="block"><mi>𝐰</mi><mo>=</mo><munder><mo>∑</mo><mi>i</mi></munder><msub><mi>α</mi><mi>i</mi></msub><msub><mi>y</mi><mi>i</mi></msub><msub><mi>𝐱</mi><mi>i</mi></msub><mo>,</mo><mspace width="1.5em"/><msub><mi>α</mi><mi>i</mi></msub><mo>≥</mo><mn>0</mn></math>
//!
//! for the derivative of the objective by **w** is **w** − Σ 2 *C*<sub>i</sub> max(0, 1 − *y*<sub>i</sub>*s*<sub>i</sub>) *y*<sub>i</sub>**x**<sub>i</sub>,
//! and must be 0. Points beyond the margin have *α* = 0; the others are the *support vectors*. Asked for the *α* instead of for **w**, the
//! problem (its *dual*) is a quadratic function under no other condition than *α* ≥ 0. With all *α* but one held fixed that is a
//! parabola, whose lowest point is known at once. Hsieh et al. (2008) take the points in turn and do just that:
//!
//! <math display="block"><mi>G</mi><mo>=</mo><msub><mi>y</mi><mi>i</mi></msub><mspace width="0.2em"/><mi>s</mi><mo stretchy="false">(</mo><msub><mi>𝐱</mi><mi>i</mi></msub><mo stretchy="false">)</mo><mo>−</mo><mn>1</mn><mo>+</mo><mfrac><msub><mi>α</mi><mi>i</mi></msub><mrow><mn>2</mn><msub><mi>C</mi><mi>i</mi></msub></mrow></mfrac><mo>,</mo><mspace width="1.5em"/><msub><mi>α</mi><mi>i</mi></msub><mo>←</mo><mi>max</mi><mrow><mo>(</mo><mn>0</mn><mo>,</mo><msub><mi>α</mi><mi>i</mi></msub><mo>−</mo><mfrac><mi>G</mi><mrow><msub><mi>𝐱</mi><mi>i</mi></msub><mo>·</mo><msub><mi>𝐱</mi><mi>i</mi></msub><mo>+</mo><mn>1</mn><mo>/</mo><mo stretchy="false">(</mo><mn>2</mn><msub><mi>C</mi><mi>i</mi></msub><mo stretchy="false">)</mo></mrow></mfrac><mo>)</mo></mrow></math>
//!
//! and add the change of *α*<sub>i</sub>, times *y*<sub>i</sub>**x**<sub>i</sub>, to **w**. The bias is the weight of one more feature that is always 1. A pass
//! over all points costs two products for each; the order is drawn anew for every pass. Points that have been on the right side for some
//! time are looked at in every fourth pass only.
//!
//! A general solver that works with the table of all products **x**<sub>i</sub> · **x**<sub>j</sub> needs time that grows with the square of
//! the number of points. Measured here, on a busy machine, with 4464 features: 22.4 s for 2000 points, where the above needs 0.05 s
//! (`training/EXPERIMENTS.md`).
//!
#![doc = include_str!("figures/margin.html")]
//!
//! # Hard negatives
//!
//! Faces are few and labelled. What is no face is everything else: each photograph has tens of thousands of windows without a
//! face, the training's 760 photographs many millions, too many to learn from. Most of them are sky and wall, far beyond the margin: by
//! the hinge loss they would not change a thing. The few that matter are those that look like faces, and which ones do, only a
//! detector can tell. Hence the loop that Sung & Poggio (1998) called *bootstrapping*:
//!
//! ```text
//! windows at random ──► fit a plane ──► show it every ──► those that score above −1
//!                           ▲           window there is   join the negatives
//!                           └───────────────────────────────────────┘
//! ```
//!
//! Why −1 and not 0? A negative with *s* > −1 is inside the margin and has a loss; one with *s* < −1 has none. So −1 is exactly the
//! border between windows that would change the plane and windows that would not (Felzenszwalb et al. 2010, section 4.4).
//!
//! Two warnings from experience with this detector. Negatives must come from photographs that hold no face at all: the
//! backgrounds of the training faces do hold some that nobody annotated, and these would be the hardest negatives of all. And the numbers
//! of mistakes on hard negatives say nothing about windows at random, of which they are the worst: lesson 4 says how to measure.
//!
//! # A program
//!
//! A detector for drawn faces: fitted to a few negatives, then to hard ones, and asked how many windows of other pictures it takes for
//! faces. The trainer brings the drawings, so that no photograph is needed.
//!
//! ```
//! use lineament::raw::{Filter, Window};
//! use lineament::geometry::Rect;
//! use lineament::raw::hog::FeatureMap;
//! use image::GrayImage;
//! use lineament::raw::crop::{Crop, CropSpec};
//! use lineament_train::detector::svm;
//! use lineament_train::drawn::{clutter, portrait};
//!
//! const WINDOW: Window = Window { cell: 4, cells: 12, face: 40.0 };
//!
//! /// The features of a face, which stands in the middle of the window.
//! fn face(index: u64) -> Vec<i16> {
//!     let scene = portrait(1, index);
//!     let bounds = scene.shapes[0].bounds();
//!     let square = Rect::square(bounds.centre(), bounds.width.max(bounds.height));
//!     let crop =
//!         Crop::new(&scene.image, &square, &CropSpec { face: 40, margin: 4, coarse: 40 });
//!     let mut features = Vec::new();
//!     WINDOW.copy(&FeatureMap::new(&crop.pixels(), 4), 0, 0, &mut features);
//!     features
//! }
//!
//! /// The features of all windows of a picture.
//! fn windows(picture: &GrayImage) -> Vec<Vec<i16>> {
//!     let map = FeatureMap::new(picture, 4);
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
//! let pool: Vec<Vec<i16>> =
//!     (0..8).flat_map(|index| windows(&clutter(2, index, 160, 120))).collect();
//! let other: Vec<Vec<i16>> =
//!     (8..16).flat_map(|index| windows(&clutter(2, index, 160, 120))).collect();
//! let alarms =
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
//!     "of {} other windows {} are taken for faces, then {}",
//!     other.len(),
//!     alarms(&first),
//!     alarms(&second)
//! );
//! println!("of 60 other faces {} are found, then {}", found(&first), found(&second));
//! assert!(alarms(&second) < alarms(&first));
//! assert!(found(&second) >= 50);
//! ```
//!
//! # Where it stands in the source
//!
//! | formula | item |
//! |---|---|
//! | score of a window, in whole numbers | [`Filter::score`](crate::detector::Filter::score) |
//! | weights rounded to whole numbers | [`Filter::new`](crate::detector::Filter::new) |
//! | objective, coordinate steps | `lineament_train::detector::svm::fit` in `training/src/detector/svm.rs` |
//! | costs by the numbers of faces and others, one plane a pose | `lineament_train::detector::filters::fit` in `training/src/detector/filters.rs` |
//! | poses by *k*-means | `lineament_train::detector::poses::cluster` in `training/src/detector/poses.rs` |
//! | windows at random and hard ones | `lineament_train::detector::mining::Negatives::mine` in `training/src/detector/mining.rs` |
//! | the loop, and the border at −1 | `lineament_train::detector::fit` in `training/src/detector/fit.rs` |
//!
//! # Exercises
//!
//! **3.1 The loss and its slope.** The squared hinge loss of a point with label *y* and score *s*, and its derivative by *s*. The check
//! compares the derivative with differences of the loss.
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
//! **3.2 Dual coordinate descent.** Fit a plane in two dimensions, by passes over the points in their order; the third number of a
//! point is 1, so that the third weight is the bias. The check is the condition of the optimum: the derivative of the objective is 0.
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
//!     for k in 0..3 {
//!         let loss = |&(x, y): &([f64; 3], f64)| {
//!             let s: f64 = (0..3).map(|k| w[k] * x[k]).sum();
//!             -2.0 * cost * y * (1.0 - y * s).max(0.0) * x[k]
//!         };
//!         let derivative = w[k] + points.iter().map(loss).sum::<f64>();
//!         assert!(derivative.abs() < 1e-3, "{derivative}");
//!     }
//! }
//! ```
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! fn fit(points: &[([f64; 3], f64)], cost: f64, passes: usize) -> [f64; 3] {
//!     let (mut w, mut alphas, diagonal) = ([0.0; 3], vec![0.0; points.len()], 0.5 / cost);
//!     for _ in 0..passes {
//!         for ((x, y), alpha) in points.iter().zip(&mut alphas) {
//!             let s: f64 = (0..3).map(|k| w[k] * x[k]).sum();
//!             let square: f64 = x.iter().map(|v| v * v).sum();
//!             let gradient = y * s - 1.0 + diagonal * *alpha;
//!             let new = f64::max(0.0, *alpha - gradient / (square + diagonal));
//!             (0..3).for_each(|k| w[k] += (new - *alpha) * y * x[k]);
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
//! #     for k in 0..3 {
//! #         let loss = |&(x, y): &([f64; 3], f64)| {
//! #             let s: f64 = (0..3).map(|k| w[k] * x[k]).sum();
//! #             -2.0 * cost * y * (1.0 - y * s).max(0.0) * x[k]
//! #         };
//! #         let derivative = w[k] + points.iter().map(loss).sum::<f64>();
//! #         assert!(derivative.abs() < 1e-3, "{derivative}");
//! #     }
//! # }
//! ```
//!
//! </details>
//!
//! **3.3 The loop.** Mine until no window of the pool is inside the margin that is not among the negatives already. Here a window is one
//! number (times 4096, in the first of 16 features), faces lie from 0.7 on, and nothing else does.
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
//! /// The plane and the negatives, which are windows of the pool.
//! fn mined(faces: &[Window], pool: &[Window]) -> (Plane, Vec<Window>) {
//!     todo!("begin with pool[0]; a round adds the three hardest that are not there yet")
//! }
//!
//! fn main() {
//!     let window = |v: i32| std::array::from_fn(|k| if k == 0 { v as i16 } else { 0 });
//!     let faces: Vec<Window> = (2900..4000).step_by(100).map(window).collect();
//!     let pool: Vec<Window> = (0..2400).step_by(8).map(window).collect();
//!     let (plane, negatives) = mined(&faces, &pool);
//!     assert!(pool.iter().all(|window| score(&plane, window) < 0.0));
//!     assert!(faces.iter().all(|window| score(&plane, window) > 0.0));
//!     // Of 300 windows a few were enough.
//!     assert!(negatives.len() < 30, "{}", negatives.len());
//! }
//! ```
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
//! #     let window = |v: i32| std::array::from_fn(|k| if k == 0 { v as i16 } else { 0 });
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
#![doc = include_str!("style.html")]

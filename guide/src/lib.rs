//! # How to find a face without a neural network
//!
//! A course in six lessons, from the pixels of an image to the landmarks of a face. It follows the
//! pipeline of the library [`lineament`]. Each lesson explains why a step is needed, derives its
//! formulas, shows what the step does to an image, contains a program that you can run, links every
//! formula to the code that computes it, and ends with three exercises.
//!
//! | lesson | question | part of the library |
//! |---|---|---|
//! | [1. Images, pyramids and gradients](lesson_1_gradients) | What is an edge, and what if the face is twice as large? | [`raw::pyramid`](lineament::raw::pyramid), [`raw::hog`](lineament::raw::hog) |
//! | [2. Histograms and normalisation](lesson_2_histograms) | Which numbers are the same in sun and in shade? | [`raw::hog`](lineament::raw::hog) |
//! | [3. The linear SVM and hard negatives](lesson_3_margins) | How does a program learn what is not a face? | [`raw::filter`](lineament::raw::filter) |
//! | [4. Sliding windows and their evaluation](lesson_4_windows) | How can the detector classify ten thousand windows in milliseconds, and how good is it? | [`raw::Detector`](lineament::raw::Detector) |
//! | [5. Shapes, similarity transforms and cascaded regression](lesson_5_shapes) | How do 68 points find their places? | [`raw::Cascade`](lineament::raw::Cascade) |
//! | [6. Gradient-boosted trees and what makes them generalise](lesson_6_boosting) | Why do hundreds of poor guesses make a good one? | [`raw::tree_stage`](lineament::raw::tree_stage), [`raw::boosted_trees`](lineament::raw::boosted_trees) |
//!
//! # Who it is for
//!
//! You need the vectors, matrices and derivatives of a first year at university, and nothing of
//! computer vision. You also need **Rust**: the programs and exercises are short, but they use
//! closures, iterators and slices, as in chapters 1 to 13 of [The Rust Programming
//! Language](https://doc.rust-lang.org/book/). If you do not know Rust, read the lessons for their
//! explanations and figures, and skip the programs.
//!
//! Plan one to two hours per lesson, exercises included. Read the lessons in order: each one uses
//! the terms of those before it. To see the same steps on an image of your own, run `lineament
//! explain photo.jpg --output page.html`.
//!
//! # How to work with it
//!
//! Clone the repository: the programs read `data/` and `models/`, and use the trainer
//! ([`lineament_train`]). To run a program, save it as `guide/examples/try.rs` and call, in the
//! repository's folder,
//!
//! ```sh
//! cargo run --release -p lineament-guide --example try
//! ```
//!
//! If a program has no `main`, put one around it:
//!
//! ```
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     // … the program …
//!     Ok(())
//! }
//! ```
//!
//! An **exercise** is a program with a gap, `todo!()`. It compiles, and it panics until you fill
//! the gap. When it ends without output, you have solved it. Below each exercise you can unfold a
//! hint and then a solution. All programs and solutions are tested: `cargo test --doc -p
//! lineament-guide`.
//!
//! The links in the lessons lead to the documentation of the library and of the trainer; `cargo doc
//! --workspace --no-deps --open` builds all of it.
//!
//! # Notation
//!
//! | | |
//! |---|---|
//! | *x*, *y* | column and row of a pixel, counted from the centre of the top-left pixel; *y* grows downwards, so positive angles turn clockwise on the screen. In lessons 3 and 6, *y* is the label of an example |
//! | *i*, *j* | column and row of a cell; as an index, *i* counts examples or points |
//! | *k* | number of a direction, 0 to 17 |
//! | *u*, *v* | place of a pixel in units of cells |
//! | **w**, **x** | vectors and matrices are bold; **w** · **x** is the scalar product, ‖**x**‖ the length of **x** |
//! | *p̂* | an estimate, where *p* is the true value |
//! | IO | distance between the outer eye corners; errors of landmarks are given in percent of it |
//!
//! # What the course leaves out
//!
//! Neural networks, which are more accurate today if there is a graphics card and much data;
//! colour, motion and three dimensions; and who a person is or what they feel: the library finds
//! points, nothing more. The measurements come from a few kinds of images; the model cards in
//! `models/` and `training/EXPERIMENTS.md` say from which.
//!
//! # Further reading
//!
//! Three books and a paper for the whole of it:
//!
//! - Szeliski, *Computer Vision: Algorithms and Applications*, 2nd edition, Springer 2022,
//!   [10.1007/978-3-030-34372-9](https://doi.org/10.1007/978-3-030-34372-9): images, filters,
//!   pyramids (lesson 1), and what came after this course.
//! - Hastie, Tibshirani & Friedman, *The Elements of Statistical Learning*, 2nd edition, Springer
//!   2009, [10.1007/978-0-387-84858-7](https://doi.org/10.1007/978-0-387-84858-7): support vector
//!   machines (lesson 3), ridge regression (lesson 5), boosting (lesson 6), cross-validation.
//! - Breiman, Friedman, Olshen & Stone, *Classification and Regression Trees*, Wadsworth 1984,
//!   [10.1201/9781315139470](https://doi.org/10.1201/9781315139470): trees (lesson 6).
//! - Sagonas et al., *300 Faces In-The-Wild Challenge: Database and Results*, Image and Vision
//!   Computing 47, 2016,
//!   [10.1016/j.imavis.2016.01.002](https://doi.org/10.1016/j.imavis.2016.01.002): the data and the
//!   error measures.
//!
//! The papers that the lessons cite:
//!
//! | | title | DOI |
//! |---|---|---|
//! | Bourdev & Brandt 2005 | Robust Object Detection via Soft Cascade, CVPR | [10.1109/CVPR.2005.310](https://doi.org/10.1109/CVPR.2005.310) |
//! | Burt & Adelson 1983 | The Laplacian Pyramid as a Compact Image Code, IEEE Transactions on Communications 31 | [10.1109/TCOM.1983.1095851](https://doi.org/10.1109/TCOM.1983.1095851) |
//! | Chen & Guestrin 2016 | XGBoost: A Scalable Tree Boosting System, KDD | [10.1145/2939672.2939785](https://doi.org/10.1145/2939672.2939785) |
//! | Cortes & Vapnik 1995 | Support-Vector Networks, Machine Learning 20 | [10.1007/BF00994018](https://doi.org/10.1007/BF00994018) |
//! | Dalal & Triggs 2005 | Histograms of Oriented Gradients for Human Detection, CVPR | [10.1109/CVPR.2005.177](https://doi.org/10.1109/CVPR.2005.177) |
//! | Dollár et al. 2010 | Cascaded Pose Regression, CVPR | [10.1109/CVPR.2010.5540094](https://doi.org/10.1109/CVPR.2010.5540094) |
//! | Dollár et al. 2014 | Fast Feature Pyramids for Object Detection, PAMI 36 | [10.1109/TPAMI.2014.2300479](https://doi.org/10.1109/TPAMI.2014.2300479) |
//! | Everingham et al. 2010 | The Pascal Visual Object Classes (VOC) Challenge, IJCV 88 | [10.1007/s11263-009-0275-4](https://doi.org/10.1007/s11263-009-0275-4) |
//! | Felzenszwalb et al. 2010 | Object Detection with Discriminatively Trained Part-Based Models, PAMI 32 | [10.1109/TPAMI.2009.167](https://doi.org/10.1109/TPAMI.2009.167) |
//! | Friedman 2001 | Greedy Function Approximation: A Gradient Boosting Machine, Annals of Statistics 29 | [10.1214/aos/1013203451](https://doi.org/10.1214/aos/1013203451) |
//! | Friedman, Hastie & Tibshirani 2000 | Additive Logistic Regression: A Statistical View of Boosting, Annals of Statistics 28 | [10.1214/aos/1016218223](https://doi.org/10.1214/aos/1016218223) |
//! | Gidaris & Komodakis 2015 | Object Detection via a Multi-Region and Semantic Segmentation-Aware CNN Model, ICCV | [10.1109/ICCV.2015.135](https://doi.org/10.1109/ICCV.2015.135) |
//! | Hsieh et al. 2008 | A Dual Coordinate Descent Method for Large-scale Linear SVM, ICML | [10.1145/1390156.1390208](https://doi.org/10.1145/1390156.1390208) |
//! | Kazemi & Sullivan 2014 | One Millisecond Face Alignment with an Ensemble of Regression Trees, CVPR | [10.1109/CVPR.2014.241](https://doi.org/10.1109/CVPR.2014.241) |
//! | Lowe 2004 | Distinctive Image Features from Scale-Invariant Keypoints, IJCV 60 | [10.1023/B:VISI.0000029664.99615.94](https://doi.org/10.1023/B:VISI.0000029664.99615.94) |
//! | Ren et al. 2014 | Face Alignment at 3000 FPS via Regressing Local Binary Features, CVPR | [10.1109/CVPR.2014.218](https://doi.org/10.1109/CVPR.2014.218) |
//! | Sung & Poggio 1998 | Example-Based Learning for View-Based Human Face Detection, PAMI 20 | [10.1109/34.655648](https://doi.org/10.1109/34.655648) |
//! | Umeyama 1991 | Least-Squares Estimation of Transformation Parameters Between Two Point Patterns, PAMI 13 | [10.1109/34.88573](https://doi.org/10.1109/34.88573) |
//! | Viola & Jones 2001 | Rapid Object Detection using a Boosted Cascade of Simple Features, CVPR | [10.1109/CVPR.2001.990517](https://doi.org/10.1109/CVPR.2001.990517) |
//! | Xiong & De la Torre 2013 | Supervised Descent Method and Its Applications to Face Alignment, CVPR | [10.1109/CVPR.2013.75](https://doi.org/10.1109/CVPR.2013.75) |
//!
#![doc = include_str!("style.html")]

pub mod lesson_1_gradients;
pub mod lesson_2_histograms;
pub mod lesson_3_margins;
pub mod lesson_4_windows;
pub mod lesson_5_shapes;
pub mod lesson_6_boosting;

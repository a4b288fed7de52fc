//! A course of six lessons: how a face and its landmarks are found in a photograph, without a neural network.
//!
//! It is written for people who know vectors, matrices and derivatives, as they are taught in a first year, and nothing of
//! computer vision. It follows the pipeline of this library from pixels to landmarks. Each lesson explains why a step is
//! there, gives its formulas, shows what it does to a photograph, has a program that runs, says where each formula stands in
//! the source, and ends with three exercises.
//!
//! | lesson | question that it answers | part of the library |
//! |---|---|---|
//! | [1. Images, pyramids and gradients](lesson_1_gradients) | What is an edge, and what if the face is twice as large? | [`image`](crate::image), [`hog`](crate::hog) |
//! | [2. Histograms and normalisation](lesson_2_histograms) | How can numbers be the same in sun and in shade? | [`hog`](crate::hog) |
//! | [3. The linear SVM and hard negatives](lesson_3_margins) | How does a program learn what a face is not? | [`detector::filter`](crate::detector::filter) |
//! | [4. Sliding windows and their evaluation](lesson_4_windows) | How are ten thousand windows judged in milliseconds, and how well? | [`detector`](crate::detector) |
//! | [5. Shapes, similarity transforms and cascaded regression](lesson_5_shapes) | How do 68 points find their places? | [`landmarks`](crate::landmarks) |
//! | [6. Gradient-boosted trees and what makes them generalise](lesson_6_boosting) | Why do hundreds of poor guesses make a good one? | [`landmarks::tree_stage`](crate::landmarks::tree_stage), [`detector::boosted_trees`](crate::detector::boosted_trees) |
//!
//! A lesson is meant for one to two hours, exercises included. Beside it, `lineament explain photo.jpg --output page.html` shows the same
//! steps on a photograph of your own, and says of every part of the page in which source file it lives.
//!
//! # How to work with it
//!
//! Clone the repository, so that programs find `data/` and the trainer is there. Every program in the lessons is tested as it
//! stands, by `cargo test --release --workspace`. To run one, put it into `examples/try.rs` and say
//!
//! ```sh
//! cargo run --release --example try
//! ```
//!
//! A program without a `main` wants one around it:
//!
//! ```
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     // … the program …
//!     Ok(())
//! }
//! ```
//!
//! An **exercise** is a program with a gap, `todo!()`. It compiles, and panics until the gap is filled; if it then ends without a
//! word, it is solved. The solutions are folded up below; they are tested too.
//!
//! The fitting of models lives in a second crate of the repository, `lineament_train`, with pages of its own in the output of `cargo doc
//! --workspace --no-deps --open`. The lessons name its items in full, and their files; a test sees to it that they are there.
//!
//! # Notation
//!
//! | | |
//! |---|---|
//! | *x*, *y* | column and row of a pixel, counted from the centre of the top-left one; *y* grows downwards, so positive angles turn clockwise on the screen |
//! | **w**, **x** | vectors, bold; **w** · **x** is their scalar product, ‖**x**‖ the length |
//! | *ŷ* | what a model says where *y* is true |
//! | IO | the distance of the outer eye corners: errors of landmarks are told in percent of it |
//!
//! # What the course leaves out
//!
//! Neural networks, which are more accurate today where there are graphics cards and much data; colour, motion, three dimensions; and
//! everything about who a person is or what they feel: the library finds points, nothing more. What is measured here was measured
//! on few kinds of photographs; the model cards in `models/` and `training/EXPERIMENTS.md` say on which.
//!
//! # The papers
//!
//! | | |
//! |---|---|
//! | Bourdev & Brandt 2005 | Robust Object Detection via Soft Cascade, CVPR |
//! | Breiman et al. 1984 | Classification and Regression Trees, Wadsworth |
//! | Burt & Adelson 1983 | The Laplacian Pyramid as a Compact Image Code, IEEE Transactions on Communications 31 |
//! | Chen & Guestrin 2016 | XGBoost: A Scalable Tree Boosting System, KDD |
//! | Cortes & Vapnik 1995 | Support-Vector Networks, Machine Learning 20 |
//! | Dalal & Triggs 2005 | Histograms of Oriented Gradients for Human Detection, CVPR |
//! | Dollár et al. 2010 | Cascaded Pose Regression, CVPR |
//! | Dollár et al. 2014 | Fast Feature Pyramids for Object Detection, PAMI 36 |
//! | Everingham et al. 2010 | The Pascal Visual Object Classes (VOC) Challenge, IJCV 88 |
//! | Felzenszwalb et al. 2010 | Object Detection with Discriminatively Trained Part-Based Models, PAMI 32 |
//! | Friedman 2001 | Greedy Function Approximation: A Gradient Boosting Machine, Annals of Statistics 29 |
//! | Friedman, Hastie & Tibshirani 2000 | Additive Logistic Regression: A Statistical View of Boosting, Annals of Statistics 28 |
//! | Hsieh et al. 2008 | A Dual Coordinate Descent Method for Large-scale Linear SVM, ICML |
//! | Kazemi & Sullivan 2014 | One Millisecond Face Alignment with an Ensemble of Regression Trees, CVPR |
//! | Ren et al. 2014 | Face Alignment at 3000 FPS via Regressing Local Binary Features, CVPR |
//! | Sung & Poggio 1998 | Example-Based Learning for View-Based Human Face Detection, PAMI 20 |
//! | Umeyama 1991 | Least-Squares Estimation of Transformation Parameters Between Two Point Patterns, PAMI 13 |
//! | Viola & Jones 2001 | Rapid Object Detection using a Boosted Cascade of Simple Features, CVPR |
//! | Xiong & De la Torre 2013 | Supervised Descent Method and Its Applications to Face Alignment, CVPR |

pub mod lesson_1_gradients;
pub mod lesson_2_histograms;
pub mod lesson_3_margins;
pub mod lesson_4_windows;
pub mod lesson_5_shapes;
pub mod lesson_6_boosting;

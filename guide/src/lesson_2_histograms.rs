//! # Lesson 2. Histograms and normalisation
//!
//! [← Lesson 1. Images, pyramids and gradients](crate::lesson_1_gradients) · [Contents](crate) ·
//! [Lesson 3. The linear SVM and hard negatives →](crate::lesson_3_margins)
//!
//! Which numbers are the same in sun and in shade, and for a face that moves a little?
//!
//! # Why not compare gradients one by one?
//!
//! Lay two images of faces over each other, eye on eye: hardly any gradient lies on its
//! counterpart. Noses have different lengths, heads turn, and an edge that is one pixel wide misses
//! its twin if it is one pixel off. But both images have, somewhere around the left eye, many
//! horizontal edges. So we count: cut the image into *cells* of a few pixels, and record for each
//! cell how much edge of each direction it contains, but not where. Such a count is a *histogram*,
//! and these are the *histograms of oriented gradients* (HOG) of Dalal & Triggs (2005).
//!
//! # Votes
//!
//! Each pixel votes for the direction of its gradient (lesson 1) with the length *m* of its
//! gradient: a strong edge says more than the noise of a flat wall. If the whole vote went to the
//! pixel's own cell, an edge on the border of two cells would jump from one to the other when the
//! face moves by a pixel. Instead, the four cells with the nearest centres share the vote: the
//! nearer the centre, the larger the share (*bilinear interpolation*). With cells of *c* × *c*
//! pixels, the pixel (*x*, *y*) is at *u* = (*x* + ½) / *c* − ½ and *v* = (*y* + ½) / *c* − ½ in
//! units of cells. Cell (*i*, *j*) gets
//!
//! <math display="block"><msub><mi>h</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub><mo stretchy="false">(</mo><mi>k</mi><mo stretchy="false">)</mo><mo>=</mo><munder><mo>∑</mo><mrow><mtext>pixels of direction </mtext><mi>k</mi></mrow></munder><mi>m</mi><mo>·</mo><mi>max</mi><mo stretchy="false">(</mo><mn>0</mn><mo>,</mo><mn>1</mn><mo>−</mo><mo stretchy="false">|</mo><mi>u</mi><mo>−</mo><mi>i</mi><mo stretchy="false">|</mo><mo stretchy="false">)</mo><mo>·</mo><mi>max</mi><mo stretchy="false">(</mo><mn>0</mn><mo>,</mo><mn>1</mn><mo>−</mo><mo stretchy="false">|</mo><mi>v</mi><mo>−</mo><mi>j</mi><mo stretchy="false">|</mo><mo stretchy="false">)</mo></math>
//!
//! The four shares of a pixel add up to 1. An example along the columns, with cells of *c* = 4
//! pixels and a gradient of length *m* = 100 at *x* = 5: *u* = 5.5 / 4 − 0.5 = 0.875, so cell 0
//! gets 12.5 and cell 1 gets 87.5. One pixel to the right, *u* is 1.125: cell 1 gets 87.5 and cell
//! 2 gets 12.5. Nothing jumps.
//!
//! The two nearest directions could share a vote in the same way. Felzenszwalb et al. (2010) do not
//! do this, nor does this library: 18 directions are fine enough, and a vote is then a single
//! addition.
//!
#![doc = include_str!("figures/histograms.html")]
//!
//! # Normalisation
//!
//! Halve all grey levels, and all votes are halved: the histogram still depends on the brightness
//! of the light. We want the contrast *compared with the surroundings*, so we divide the votes of a
//! cell by a length. Adding opposite directions, *h*(*k*) + *h*(*k* + 9), gives nine *unsigned*
//! directions: a dark brow on bright skin and a bright brow on dark skin have the same ones. The
//! *energy* of a cell is the sum of their squares,
//!
//! <math display="block"><msub><mi>e</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub><mo>=</mo><munderover><mo>∑</mo><mrow><mi>k</mi><mo>=</mo><mn>0</mn></mrow><mn>8</mn></munderover><msup><mrow><mo stretchy="false">(</mo><msub><mi>h</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub><mo stretchy="false">(</mo><mi>k</mi><mo stretchy="false">)</mo><mo>+</mo><msub><mi>h</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub><mo stretchy="false">(</mo><mi>k</mi><mo>+</mo><mn>9</mn><mo stretchy="false">)</mo><mo stretchy="false">)</mo></mrow><mn>2</mn></msup></math>
//!
//! A cell with 3 votes in direction 2, 1 vote in the opposite direction 11, and 2 in direction 5
//! has the energy (3 + 1)² + 2² = 20. Each cell belongs to four blocks of 2 × 2 cells, which extend
//! to its upper left, upper right, lower left and lower right. For each of these blocks, *B*, the
//! votes are divided by the square root of the block's energy, and clipped:
//!
//! <math display="block"><msub><mi>n</mi><mi>B</mi></msub><mo>=</mo><msqrt><munder><mo>∑</mo><mrow><mtext>cells of </mtext><mi>B</mi></mrow></munder><mi>e</mi><mo>+</mo><mi>ε</mi></msqrt></math>
//! <math display="block"><msub><mi>f</mi><mi>B</mi></msub><mo stretchy="false">(</mo><mi>k</mi><mo stretchy="false">)</mo><mo>=</mo><mi>min</mi><mrow><mo>(</mo><mfrac><mrow><mi>h</mi><mo stretchy="false">(</mo><mi>k</mi><mo stretchy="false">)</mo></mrow><msub><mi>n</mi><mi>B</mi></msub></mfrac><mo>,</mo><mn>0.2</mn><mo>)</mo></mrow></math>
//!
//! If the four cells of a block have the energies 20, 30, 10 and 40, then *n*<sub>B</sub> = √100 =
//! 10, and 3 votes become min(0.3, 0.2) = 0.2, while 1 vote becomes 0.1.
//!
//! - **Why four blocks?** A cell at the border of the hair is strong beside cheeks and weak beside
//!   hair. We do not know in advance which comparison helps, so all four count.
//! - **Why clip at 0.2?** One very strong edge, such as the rim of a pair of glasses, would push
//!   all others towards 0. Once it is clipped, it says "a strong edge" and no more. The idea is
//!   from SIFT (Lowe 2004).
//! - **Why *ε*?** A flat grey wall has no energy, and we must not divide by 0. The library uses *ε*
//!   = 0.0001; even a difference of one grey level is far above it. HOG therefore finds edges even
//!   in the faint noise of a dark corner. That is the price.
//!
//! # The 31 numbers of a cell
//!
//! Four blocks of 18 + 9 directions would give 108 numbers per cell. By principal component
//! analysis, Felzenszwalb et al. (2010, section 6.2) found that few directions of this space
//! contain nearly all the variation, and that simple sums do as well:
//!
//! | numbers | formula | meaning |
//! |---|---|---|
//! | 18 | ½ Σ<sub>B</sub> *f*<sub>B</sub>(*k*) | signed directions, from dark to bright |
//! | 9 | ½ Σ<sub>B</sub> min((*h*(*k*) + *h*(*k* + 9)) / *n*<sub>B</sub>, 0.2) | unsigned directions of edges |
//! | 4 | 18<sup>−½</sup> Σ<sub>k</sub> *f*<sub>B</sub>(*k*), one per block | amount of structure |
//!
//! For example, if direction 2 has the values 0.2, 0.1, 0.1 and 0.2 in the four blocks, its signed
//! feature is ½ · 0.6 = 0.3.
//!
//! Each number is between 0 and 0.85. It is stored as an integer, with 4096 for 1. The search in
//! lesson 4 then multiplies integers, sixteen at a time, and the sum does not depend on the order
//! of additions or on the machine.
//!
//! **Mirror images.** Faces are roughly symmetric, so each training image serves twice. The
//! features of the mirror image need not be computed: direction *k* is at *k* · 20° and its mirror
//! image at 180° − *k* · 20°, so features only change places.
//!
//! **What is lost.** Within a cell, nobody knows where the edge was. With cells of 4 pixels in a
//! face of 40, that is a tenth of the face: fine for a box around the face, too coarse for the
//! corner of an eye. Lesson 5 uses finer patches.
//!
//! # A program
//!
//! The features of an image, and of the same image at half the contrast.
//!
//! ```
//! # std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))?;
//! use lineament::raw::decode::{ReadOptions, read_grey};
//! use lineament::raw::GreyImage;
//! use lineament::raw::hog::{FEATURES, FeatureMap, ONE, histogram_rows};
//!
//! let image = read_grey("data/astronaut.png", &ReadOptions::default())?;
//! let (width, height) = image.dimensions();
//! let darker = GreyImage::from_fn(width, height, |x, y| image.pixel(x, y) / 2);
//!
//! // The votes are halved …
//! let votes = |image: &GreyImage| {
//!     histogram_rows(image, 8, 0..64, &mut ()).iter().flatten().sum::<f32>()
//! };
//! let share = votes(&darker) / votes(&image);
//! assert!((share - 0.5).abs() < 0.02, "{share}");
//!
//! // … but the features hardly change. The rest comes from the rounding of grey levels
//! // in flat parts of the image.
//! let (bright, dark) = (FeatureMap::new(&image, 8), FeatureMap::new(&darker, 8));
//! let mut difference = 0.0;
//! for (row, column) in (0..64).flat_map(|row| (0..64).map(move |column| (row, column))) {
//!     let cells = bright.cell(column, row).iter().zip(dark.cell(column, row));
//!     difference += cells.map(|(&a, &b)| f32::from(a.abs_diff(b)) / ONE).sum::<f32>();
//! }
//! let mean = difference / (64.0 * 64.0 * FEATURES as f32);
//! println!("features differ by {mean:.4} on average");
//! assert!(mean < 0.02);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # In the source
//!
//! | formula | code |
//! |---|---|
//! | votes and their shares | [`histogram_rows`](lineament::raw::hog::histogram_rows), for blocks of pixels with the same four cells |
//! | energy, blocks, clipping, sums | [`normalise_row`](lineament::raw::hog::normalise_row) |
//! | all 31 numbers of all cells | [`FeatureMap::new`](lineament::raw::hog::FeatureMap::new) |
//! | places of the mirrored features | [`MIRROR`](lineament::raw::hog::MIRROR) |
//! | integer that stands for 1 | [`ONE`](lineament::raw::hog::ONE) |
//!
//! The module's tests compare these fast functions with a slow one that follows the paper
//! literally.
//!
//! # Exercises
//!
//! **2.1 Shares.** Compute the shares of a pixel along one axis: for a pixel in column *x* and
//! cells of *c* pixels, return the number of the left cell (it may be −1) and the shares of the
//! left and the right cell.
//!
//! ```should_panic
//! fn shares(x: u32, c: u32) -> (i32, [f32; 2]) {
//!     todo!()
//! }
//!
//! fn main() {
//!     assert_eq!(shares(5, 4), (0, [0.125, 0.875]));
//!     assert_eq!(shares(6, 4), (1, [0.875, 0.125]));
//!     assert_eq!(shares(0, 8).0, -1);
//!     assert!((0..64).all(|x| shares(x, 8).1.iter().sum::<f32>() == 1.0));
//! }
//! ```
//!
//! <details><summary>Hint</summary>
//!
//! Compute *u* first. The left cell is the largest integer that is not above *u*; *u* can be
//! negative.
//!
//! </details>
//!
//! <details><summary>Solution</summary>
//!
//! Use `floor`. A conversion to an integer rounds towards 0, which differs for negative numbers.
//!
//! ```
//! fn shares(x: u32, c: u32) -> (i32, [f32; 2]) {
//!     let u = (x as f32 + 0.5) / c as f32 - 0.5;
//!     let left = u.floor();
//!     (left as i32, [1.0 - (u - left), u - left])
//! }
//! #
//! # fn main() {
//! #     assert_eq!(shares(5, 4), (0, [0.125, 0.875]));
//! #     assert_eq!(shares(6, 4), (1, [0.875, 0.125]));
//! #     assert_eq!(shares(0, 8).0, -1);
//! #     assert!((0..64).all(|x| shares(x, 8).1.iter().sum::<f32>() == 1.0));
//! # }
//! ```
//!
//! </details>
//!
//! **2.2 One block.** Normalise the 18 votes of a cell by the energies of the four cells of one
//! block, and clip them.
//!
//! ```should_panic
//! fn normalised(votes: [f32; 18], energies: [f32; 4]) -> [f32; 18] {
//!     todo!()
//! }
//!
//! fn main() {
//!     let votes = std::array::from_fn(|k| if k == 4 { 30.0 } else { 1.0 });
//!     let features = normalised(votes, [400.0, 500.0, 300.0, 400.0]);
//!     assert_eq!(features[4], 0.2);
//!     assert!((features[0] - 0.025).abs() < 1e-6);
//!     // Twice the contrast: votes double, energies are four times as large, and the
//!     // features stay the same.
//!     let twice = normalised(votes.map(|v| 2.0 * v), [1600.0, 2000.0, 1200.0, 1600.0]);
//!     assert!(features.iter().zip(twice).all(|(a, b)| (a - b).abs() < 1e-6));
//!     // A flat wall.
//!     assert_eq!(normalised([0.0; 18], [0.0; 4]), [0.0; 18]);
//! }
//! ```
//!
//! <details><summary>Hint</summary>
//!
//! The flat wall needs *ε*. Arrays have `map`, and `f32` has `min`.
//!
//! </details>
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! fn normalised(votes: [f32; 18], energies: [f32; 4]) -> [f32; 18] {
//!     let length = (energies.iter().sum::<f32>() + 1e-4).sqrt();
//!     votes.map(|v| (v / length).min(0.2))
//! }
//! #
//! # fn main() {
//! #     let votes = std::array::from_fn(|k| if k == 4 { 30.0 } else { 1.0 });
//! #     let features = normalised(votes, [400.0, 500.0, 300.0, 400.0]);
//! #     assert_eq!(features[4], 0.2);
//! #     assert!((features[0] - 0.025).abs() < 1e-6);
//! #     let twice = normalised(votes.map(|v| 2.0 * v), [1600.0, 2000.0, 1200.0, 1600.0]);
//! #     assert!(features.iter().zip(twice).all(|(a, b)| (a - b).abs() < 1e-6));
//! #     assert_eq!(normalised([0.0; 18], [0.0; 4]), [0.0; 18]);
//! # }
//! ```
//!
//! </details>
//!
//! **2.3 In the mirror.** Where does a signed direction go when the image is mirrored left to
//! right? And an unsigned one? The test mirrors an image and compares.
//!
//! ```should_panic
//! use lineament::raw::decode::{ReadOptions, read_grey};
//! use lineament::raw::hog::{FeatureMap, MIRROR};
//!
//! /// `direction` is 0 to 17; its angle is `direction` · 20°.
//! fn signed(direction: usize) -> usize {
//!     todo!()
//! }
//!
//! /// `direction` is 0 to 8; directions that differ by 180° are the same.
//! fn unsigned(direction: usize) -> usize {
//!     todo!()
//! }
//!
//! fn main() {
//! #    std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
//!     assert_eq!((signed(0), signed(4)), (9, 5));
//!     assert!((0..18).all(|k| MIRROR[k] == signed(k)));
//!     assert!((0..9).all(|k| MIRROR[18 + k] == 18 + unsigned(k)));
//!     // Away from the edge of the image, mirrored features are those of the mirror image.
//!     let image = read_grey("data/astronaut.png", &ReadOptions::default()).unwrap();
//!     let (map, other) =
//!         (FeatureMap::new(&image, 8), FeatureMap::new(&image.mirrored(), 8));
//!     let (a, b) = (map.cell(20, 30), other.cell(63 - 20, 30));
//!     assert!((0..18).all(|k| a[k].abs_diff(b[signed(k)]) < 40));
//! }
//! ```
//!
//! <details><summary>Hint</summary>
//!
//! A mirror keeps vertical differences and negates horizontal ones. What becomes of the angle *θ*?
//! Count in steps of 20°, modulo 18 or 9, and avoid negative numbers.
//!
//! </details>
//!
//! <details><summary>Solution</summary>
//!
//! The mirror turns the angle *θ* to 180° − *θ*, which is 9 − *k* in steps of 20°, modulo 18 or 9.
//! A gradient exactly between two directions may go to either; hence the tolerance of 40 in 4096.
//!
//! ```
//! # use lineament::raw::decode::{ReadOptions, read_grey};
//! # use lineament::raw::hog::{FeatureMap, MIRROR};
//! #
//! fn signed(direction: usize) -> usize {
//!     (18 + 9 - direction) % 18
//! }
//!
//! fn unsigned(direction: usize) -> usize {
//!     (9 - direction) % 9
//! }
//! #
//! # fn main() {
//! #     std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
//! #     assert_eq!((signed(0), signed(4)), (9, 5));
//! #     assert!((0..18).all(|k| MIRROR[k] == signed(k)));
//! #     assert!((0..9).all(|k| MIRROR[18 + k] == 18 + unsigned(k)));
//! #     let image = read_grey("data/astronaut.png", &ReadOptions::default()).unwrap();
//! #     let (map, other) =
//! #         (FeatureMap::new(&image, 8), FeatureMap::new(&image.mirrored(), 8));
//! #     let (a, b) = (map.cell(20, 30), other.cell(63 - 20, 30));
//! #     assert!((0..18).all(|k| a[k].abs_diff(b[signed(k)]) < 40));
//! # }
//! ```
//!
//! </details>
//!
//! [← Lesson 1. Images, pyramids and gradients](crate::lesson_1_gradients) · [Contents](crate) ·
//! [Lesson 3. The linear SVM and hard negatives →](crate::lesson_3_margins)
//!
#![doc = include_str!("style.html")]

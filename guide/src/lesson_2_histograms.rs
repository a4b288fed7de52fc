//! Lesson 2. Histograms and normalisation: numbers that are the same in sun and in shade, and for a face that moves a little.
//!
//! # Why not compare gradients one by one
//!
//! Lay two photographs of faces over each other, eye on eye: hardly any gradient lies on its counterpart. Noses are of different
//! lengths, heads turn, and an edge that is one pixel wide misses its twin if it is one pixel off. But both pictures have, somewhere
//! around the left eye, many level edges. So count: cut the picture into *cells* of some pixels, and tell of each cell how much edge
//! of which direction runs through it, not where exactly. Such a count is a *histogram*, and these are the *histograms of oriented
//! gradients* (HOG) of Dalal & Triggs (2005).
//!
//! # Votes
//!
//! Each pixel votes for its gradient's direction (lesson 1) with its gradient's length *m*: a strong edge says more than the
//! noise of a flat wall. If a vote went to the pixel's own cell alone, an edge on the border of two cells would jump from one to the
//! other when the face moves by a pixel. So it is shared among the four cells whose centres are nearest, by how near they are
//! (*bilinear interpolation*). With the pixel's place in units of cells, *u* = (*x* + ½) / *c* − ½ and *v* alike, cell (*i*, *j*) gets
//!
//! <math display="block"><msub><mi>h</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub><mo stretchy="false">(</mo><mi>k</mi><mo stretchy="false">)</mo><mo>=</mo><munder><mo>∑</mo><mrow><mtext>pixels of direction </mtext><mi>k</mi></mrow></munder><mi>m</mi><mo>·</mo><mi>max</mi><mo stretchy="false">(</mo><mn>0</mn><mo>,</mo><mn>1</mn><mo>−</mo><mo stretchy="false">|</mo><mi>u</mi><mo>−</mo><mi>i</mi><mo stretchy="false">|</mo><mo stretchy="false">)</mo><mo>·</mo><mi>max</mi><mo stretchy="false">(</mo><mn>0</mn><mo>,</mo><mn>1</mn><mo>−</mo><mo stretchy="false">|</mo><mi>v</mi><mo>−</mo><mi>j</mi><mo stretchy="false">|</mo><mo stretchy="false">)</mo></math>
//!
//! The four shares of a pixel add up to 1. An example along the columns alone, with cells of 4 pixels and a gradient of
//! length 100 at *x* = 5: *u* = 5.5 / 4 − 0.5 = 0.875, so cell 0 gets 12.5 and cell 1 gets 87.5. One pixel to the right *u* is 1.125:
//! cell 1 gets 87.5 and cell 2 gets 12.5. Nothing jumps.
//!
//! Directions could be shared in the same way, between the two nearest. Felzenszwalb et al. (2010) do not, nor does this library:
//! 18 directions are fine enough, and a vote then is one addition.
//!
#![doc = include_str!("figures/histograms.html")]
//!
//! # Normalisation
//!
//! Halve all grey levels, and all votes are halved: the histogram still tells how bright the light is. What is wanted is
//! contrast *compared with the surroundings*. So a cell's votes are divided by a length. Both senses of a direction together, *h*(*k*) +
//! *h*(*k* + 9), make nine *unsigned* directions (a dark brow on bright skin and a bright brow on dark skin have the same). The
//! *energy* of a cell is their sum of squares,
//!
//! <math display="block"><msub><mi>e</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub><mo>=</mo><munderover><mo>∑</mo><mrow><mi>k</mi><mo>=</mo><mn>0</mn></mrow><mn>8</mn></munderover><msup><mrow><mo stretchy="false">(</mo><msub><mi>h</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub><mo stretchy="false">(</mo><mi>k</mi><mo stretchy="false">)</mo><mo>+</mo><msub><mi>h</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub><mo stretchy="false">(</mo><mi>k</mi><mo>+</mo><mn>9</mn><mo stretchy="false">)</mo><mo stretchy="false">)</mo></mrow><mn>2</mn></msup></math>
//!
//! and a cell belongs to four blocks of 2 × 2 cells, up left, up right, down left and down right of it. For each of these blocks
//! *b* the votes are divided by the root of the block's energy, and cut off:
//!
//! <math display="block"><msub><mi>n</mi><mi>b</mi></msub><mo>=</mo><msqrt><munder><mo>∑</mo><mrow><mtext>cells of </mtext><mi>b</mi></mrow></munder><mi>e</mi><mo>+</mo><mi>ε</mi></msqrt><mo>,</mo><mspace width="1.5em"/><msub><mi>f</mi><mi>b</mi></msub><mo stretchy="false">(</mo><mi>k</mi><mo stretchy="false">)</mo><mo>=</mo><mi>min</mi><mrow><mo>(</mo><mfrac><mrow><mi>h</mi><mo stretchy="false">(</mo><mi>k</mi><mo stretchy="false">)</mo></mrow><msub><mi>n</mi><mi>b</mi></msub></mfrac><mo>,</mo><mn>0.2</mn><mo>)</mo></mrow></math>
//!
//! - **Why four blocks?** A cell at the hair's border is strong beside cheeks and weak beside hair. Which comparison helps, nobody
//!   knows beforehand; so all four count.
//! - **Why cut off at 0.2?** One very strong edge, the rim of a pair of glasses, would push all others towards 0. Once it is cut off,
//!   it says "an edge, a strong one" and no more (the idea is Lowe's, for SIFT).
//! - **Why *ε*?** A flat grey wall has no energy, and nothing may be divided by 0. It is 0.0001: even a difference of one grey level
//!   is far above it. So HOG is curious: it finds edges in the faintest noise of a dark corner. That is a price.
//!
//! # The 31 numbers of a cell
//!
//! Four blocks of 18 + 9 directions would be 108 numbers. Felzenszwalb et al. (2010, section 6.2) found by principal component
//! analysis that nearly all of their variation lies in few directions, and that simple sums do as well:
//!
//! | numbers | formula | what they tell |
//! |---|---|---|
//! | 18 | ½ Σ<sub>b</sub> *f*<sub>b</sub>(*k*) | directions from dark to bright |
//! | 9 | ½ Σ<sub>b</sub> min((*h*(*k*) + *h*(*k* + 9)) / *n*<sub>b</sub>, 0.2) | directions of edges |
//! | 4 | 18<sup>−½</sup> Σ<sub>k</sub> *f*<sub>b</sub>(*k*), one for each block | how much structure there is at all |
//!
//! Each is between 0 and 0.85 and is stored as a whole number, 4096 standing for 1. The scan of lesson 4 then multiplies whole
//! numbers, sixteen at once, and a sum of them is the same in whatever order it is taken, on every machine.
//!
//! **Mirror images.** Faces are symmetric, on the whole, so each training picture serves twice. The mirrored features need not be
//! computed: direction *k* stands at *k* · 20°, its mirror image at 180° − *k* · 20°, so features only change places.
//!
//! **What is lost.** Inside a cell nobody knows where the edge was: with cells of 4 pixels in a face of 40 that is a tenth of the face.
//! Fine for a box around the face, too coarse for the corner of an eye. Lesson 5 looks with finer patches.
//!
//! # A program
//!
//! The features of a photograph and of the same at half the contrast.
//!
//! ```
//! use lineament::raw::hog::{FEATURES, FeatureMap, ONE, histogram_rows};
//! use image::GrayImage;
//! use lineament::decode::{ReadOptions, read_grey};
//!
//! let picture = read_grey("data/astronaut.png".as_ref(), &ReadOptions::default())?;
//! let (width, height) = picture.dimensions();
//! let darker =
//!     GrayImage::from_raw(width, height, picture.iter().map(|v| v / 2).collect())
//!         .unwrap();
//!
//! // The votes are halved …
//! let votes =
//!     |image: &GrayImage| histogram_rows(image, 8, 0..64).iter().flatten().sum::<f32>();
//! let share = votes(&darker) / votes(&picture);
//! assert!((share - 0.5).abs() < 0.02, "{share}");
//!
//! // … the features nearly stay: what is left comes from the rounding of grey levels,
//! // where the picture is flat.
//! let (bright, dark) = (FeatureMap::new(&picture, 8), FeatureMap::new(&darker, 8));
//! let mut difference = 0.0;
//! for (row, column) in (0..64).flat_map(|row| (0..64).map(move |column| (row, column))) {
//!     let cells = bright.cell(column, row).iter().zip(dark.cell(column, row));
//!     difference += cells.map(|(&a, &b)| f32::from(a.abs_diff(b)) / ONE).sum::<f32>();
//! }
//! let mean = difference / (64.0 * 64.0 * FEATURES as f32);
//! println!("features differ by {mean:.4} in the mean");
//! assert!(mean < 0.02);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where it stands in the source
//!
//! | formula | item |
//! |---|---|
//! | votes, and their shares | [`hog::histogram_rows`](crate::hog::histogram_rows), in blocks of pixels with the same four cells |
//! | energy, blocks, cutting off, sums | [`hog::normalise_row`](crate::hog::normalise_row) |
//! | all 31 numbers of all cells | [`FeatureMap::new`](crate::hog::FeatureMap::new) |
//! | the mirror image's places | [`hog::MIRROR`](crate::hog::MIRROR) |
//! | the whole number for 1 | [`hog::ONE`](crate::hog::ONE) |
//!
//! The module's tests hold these fast programs against a slow one that is written down from the paper.
//!
//! # Exercises
//!
//! **2.1 Shares.** A pixel's shares of the cells along one axis: for a pixel in column *x* and cells of *c* pixels, the number of the
//! left cell (it may be −1) and the shares of the left and of the right one.
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
//! <details><summary>Solution</summary>
//!
//! `floor`, not a conversion to a whole number, which rounds towards 0: the two differ below 0.
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
//! **2.2 One block.** Normalise the 18 votes of a cell by the energies of one block's four cells, and cut off.
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
//!     // Twice the contrast: votes are doubled, energies fourfold, and the features the same.
//!     let twice = normalised(votes.map(|v| 2.0 * v), [1600.0, 2000.0, 1200.0, 1600.0]);
//!     assert!(features.iter().zip(twice).all(|(a, b)| (a - b).abs() < 1e-6));
//!     // A flat wall.
//!     assert_eq!(normalised([0.0; 18], [0.0; 4]), [0.0; 18]);
//! }
//! ```
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
//! **2.3 In the mirror.** Where does a signed direction go when the picture is mirrored left to right? And an unsigned one? The check
//! mirrors a photograph and looks.
//!
//! ```should_panic
//! use lineament::raw::hog::{FeatureMap, MIRROR};
//! use image::GrayImage;
//! use lineament::decode::{ReadOptions, read_grey};
//!
//! /// `direction` is 0 to 17, the angle is `direction` · 20°.
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
//!     assert_eq!((signed(0), signed(4)), (9, 5));
//!     assert!((0..18).all(|k| MIRROR[k] == signed(k)));
//!     assert!((0..9).all(|k| MIRROR[18 + k] == 18 + unsigned(k)));
//!     // Away from the picture's edge, mirrored features are the mirror image's.
//!     let picture =
//!         read_grey("data/astronaut.png".as_ref(), &ReadOptions::default()).unwrap();
//!     let rows =
//!         picture.as_raw().chunks_exact(512).flat_map(|row| row.iter().rev().copied());
//!     let mirrored = GrayImage::from_raw(512, 512, rows.collect()).unwrap();
//!     let (map, other) = (FeatureMap::new(&picture, 8), FeatureMap::new(&mirrored, 8));
//!     let (a, b) = (map.cell(20, 30), other.cell(63 - 20, 30));
//!     assert!((0..18).all(|k| a[k].abs_diff(b[signed(k)]) < 40));
//! }
//! ```
//!
//! <details><summary>Solution</summary>
//!
//! The mirror turns the angle *θ* to 180° − *θ*, which is 9 − *k* in steps of 20°, modulo 18 or 9. A gradient exactly between two
//! directions may go to either: hence the check's 40 of 4096.
//!
//! ```
//! # use lineament::raw::hog::{FeatureMap, MIRROR};
//! # use image::GrayImage;
//! # use lineament::decode::{ReadOptions, read_grey};
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
//! #     assert_eq!((signed(0), signed(4)), (9, 5));
//! #     assert!((0..18).all(|k| MIRROR[k] == signed(k)));
//! #     assert!((0..9).all(|k| MIRROR[18 + k] == 18 + unsigned(k)));
//! #     let picture = read_grey("data/astronaut.png".as_ref(), &ReadOptions::default()).unwrap();
//! #     let rows = picture.as_raw().chunks_exact(512).flat_map(|row| row.iter().rev().copied());
//! #     let mirrored = GrayImage::from_raw(512, 512, rows.collect()).unwrap();
//! #     let (map, other) = (FeatureMap::new(&picture, 8), FeatureMap::new(&mirrored, 8));
//! #     let (a, b) = (map.cell(20, 30), other.cell(63 - 20, 30));
//! #     assert!((0..18).all(|k| a[k].abs_diff(b[signed(k)]) < 40));
//! # }
//! ```
//!
//! </details>
//!
#![doc = include_str!("style.html")]

//! Lesson 1. Images, pyramids and gradients: what an edge is, and what to do when the face is twice as large.
//!
//! # A picture is a matrix
//!
//! A grey picture is a table of numbers from 0 (black) to 255 (white). Its entry *I*(*x*, *y*) is the *grey level* of the *pixel*
//! in column *x* and row *y*. Rows are counted downwards. Colour pictures have three such tables; this library makes one of
//! them, with the shares that the eye gives to red, green and blue (ITU Rec. 709):
//!
//! <math display="block"><mi>I</mi><mo>=</mo><mn>0.2126</mn><mspace width="0.2em"/><mi>R</mi><mo>+</mo><mn>0.7152</mn><mspace width="0.2em"/><mi>G</mi><mo>+</mo><mn>0.0722</mn><mspace width="0.2em"/><mi>B</mi></math>
//!
//! Grey levels themselves say little about a face. Switch a lamp on and all of them change, while the face stays where it is. What
//! stays is where dark turns to bright: at the border of an eye, along a lip, under the chin.
//!
//! # The gradient
//!
//! How fast a function of two variables grows, and in which direction, is its gradient, the vector of its two derivatives. A
//! picture is known at whole pixels alone, so differences of neighbours take the derivatives' place:
//!
//! <math display="block"><msub><mi>g</mi><mi>x</mi></msub><mo>=</mo><mi>I</mi><mo stretchy="false">(</mo><mi>x</mi><mo>+</mo><mn>1</mn><mo>,</mo><mi>y</mi><mo stretchy="false">)</mo><mo>−</mo><mi>I</mi><mo stretchy="false">(</mo><mi>x</mi><mo>−</mo><mn>1</mn><mo>,</mo><mi>y</mi><mo stretchy="false">)</mo><mo>,</mo><mspace width="1.5em"/><msub><mi>g</mi><mi>y</mi></msub><mo>=</mo><mi>I</mi><mo stretchy="false">(</mo><mi>x</mi><mo>,</mo><mi>y</mi><mo>+</mo><mn>1</mn><mo stretchy="false">)</mo><mo>−</mo><mi>I</mi><mo stretchy="false">(</mo><mi>x</mi><mo>,</mo><mi>y</mi><mo>−</mo><mn>1</mn><mo stretchy="false">)</mo></math>
//!
//! The neighbours are two pixels apart, so these are twice the derivatives. A common factor is lost in lesson 2 anyway, and
//! without it the numbers stay whole. The pixel itself does not count: the difference belongs to the place in the middle between
//! the two neighbours, and that is where the pixel is. Length and direction of the gradient are
//!
//! <math display="block"><mi>m</mi><mo>=</mo><msqrt><msubsup><mi>g</mi><mi>x</mi><mn>2</mn></msubsup><mo>+</mo><msubsup><mi>g</mi><mi>y</mi><mn>2</mn></msubsup></msqrt><mo>,</mo><mspace width="1.5em"/><mi>θ</mi><mo>=</mo><mi>atan2</mi><mo stretchy="false">(</mo><msub><mi>g</mi><mi>y</mi></msub><mo>,</mo><msub><mi>g</mi><mi>x</mi></msub><mo stretchy="false">)</mo></math>
//!
//! A small example, with the pixel in question in the middle:
//!
//! ```text
//!     60  70  80          g_x = 130 − 50 = 80         m = √(80² + 60²) = 100
//!     50  90 130          g_y = 130 − 70 = 60         θ = atan2(60, 80) = 36.9°
//!    110 130 150
//! ```
//!
//! The gradient points from dark to bright, to the right and a little down, for *y* grows downwards. The edge that it belongs
//! to runs across it. Two facts make gradients useful:
//!
//! - Add a constant to all grey levels (a brighter sky): differences do not change.
//! - Multiply all by a constant (half the exposure): lengths are multiplied, directions do not change. Lesson 2 removes the factor.
//!
//! Why not something finer, smoothing first, or larger masks? Dalal & Triggs (2005, section 6.2) tried: for pedestrians, the plain
//! difference without smoothing was best. Smoothing makes neighbouring gradients alike, and the fine edges are the informative
//! ones.
//!
//! # Eighteen directions
//!
//! Lesson 2 counts directions, so they have to be few. There are 18, number *k* standing for the angle *k* · 20°, and each gradient
//! takes the nearest. An arc tangent for every pixel would be slow. Borders between neighbouring directions in the first quadrant
//! lie at 10°, 30°, 50° and 70°, and a gradient lies beyond a border of angle *β* if
//!
//! <math display="block"><mo stretchy="false">|</mo><msub><mi>g</mi><mi>y</mi></msub><mo stretchy="false">|</mo><mo>&gt;</mo><mi>tan</mi><mspace width="0.2em"/><mi>β</mi><mo>·</mo><mo stretchy="false">|</mo><msub><mi>g</mi><mi>x</mi></msub><mo stretchy="false">|</mo></math>
//!
//! Four products and comparisons give the direction in the first quadrant; the signs of the two differences mirror it into its own.
//! In the example, |60| is more than tan 10° · 80 = 14.1 and more than tan 30° · 80 = 46.2, but less than tan 50° · 80 = 95.3: two
//! borders are passed, so the direction is number 2, 40°.
//!
#![doc = include_str!("figures/gradients.html")]
//!
//! # The pyramid
//!
//! A program that knows faces of 40 pixels knows nothing of faces of 80. There are two ways out: learn faces of every size, or
//! show the program the same picture at many sizes. The second is called a *pyramid* (Burt & Adelson 1983), and needs one
//! model alone. Level *k* is scaled by
//!
//! <math display="block"><msub><mi>s</mi><mi>k</mi></msub><mo>=</mo><msub><mi>s</mi><mn>0</mn></msub><mo>·</mo><msup><mn>2</mn><mrow><mo>−</mo><mi>k</mi><mo>/</mo><mi>λ</mi></mrow></msup></math>
//!
//! with *λ* levels an *octave*, which is what halving is called, as in music. The detector takes *λ* = 4, so that sides shrink by
//! 0.84 from level to level, and no face is more than 9 % larger or smaller than the size that some level shows as 40 pixels.
//!
//! What does it cost? Areas shrink by 2<sup>−2/*λ*</sup>, and the areas of all levels are a geometric series:
//!
//! <math display="block"><munderover><mo>∑</mo><mrow><mi>k</mi><mo>=</mo><mn>0</mn></mrow><mi>∞</mi></munderover><msup><mn>2</mn><mrow><mo>−</mo><mn>2</mn><mi>k</mi><mo>/</mo><mi>λ</mi></mrow></msup><mo>=</mo><mfrac><mn>1</mn><mrow><mn>1</mn><mo>−</mo><msup><mn>2</mn><mrow><mo>−</mo><mn>2</mn><mo>/</mo><mi>λ</mi></mrow></msup></mrow></mfrac></math>
//!
//! For *λ* = 4 that is 3.4 times the largest level, for *λ* = 8 it is 6.3 times: steps half as large cost nearly twice as much.
//!
//! **Halving without lies.** To halve a picture one could take every second pixel. Stripes of one pixel, black and white in turn,
//! would then become all black or all white: fine detail turns into something that is not there, which is called *aliasing*. The
//! mean of 2 × 2 pixels makes them grey, as they look from afar:
//!
//! <math display="block"><msup><mi>I</mi><mo>′</mo></msup><mo stretchy="false">(</mo><mi>x</mi><mo>,</mo><mi>y</mi><mo stretchy="false">)</mo><mo>=</mo><mfrac><mn>1</mn><mn>4</mn></mfrac><mo stretchy="false">(</mo><mi>I</mi><mo stretchy="false">(</mo><mn>2</mn><mi>x</mi><mo>,</mo><mn>2</mn><mi>y</mi><mo stretchy="false">)</mo><mo>+</mo><mi>I</mi><mo stretchy="false">(</mo><mn>2</mn><mi>x</mi><mo>+</mo><mn>1</mn><mo>,</mo><mn>2</mn><mi>y</mi><mo stretchy="false">)</mo><mo>+</mo><mi>I</mi><mo stretchy="false">(</mo><mn>2</mn><mi>x</mi><mo>,</mo><mn>2</mn><mi>y</mi><mo>+</mo><mn>1</mn><mo stretchy="false">)</mo><mo>+</mo><mi>I</mi><mo stretchy="false">(</mo><mn>2</mn><mi>x</mi><mo>+</mo><mn>1</mn><mo>,</mo><mn>2</mn><mi>y</mi><mo>+</mo><mn>1</mn><mo stretchy="false">)</mo><mo stretchy="false">)</mo></math>
//!
//! The levels between two halvings are scaled from the last halved picture with a triangle filter, by factors from 0.62 to 1.23. So no
//! level is made from a picture much larger than itself, and the work stays small.
//!
//! **Where was it?** What is found at (*u*, *v*) of a level, counted from the edge of its first pixel, must be told in the
//! photograph's pixels, which are counted from the first pixel's centre. Half a pixel of a small level is several of the
//! photograph's, and is lost easily here. With a border of *b* pixels around the level:
//!
//! <math display="block"><mi>x</mi><mo>=</mo><mfrac><mrow><mi>u</mi><mo>−</mo><mi>b</mi></mrow><msub><mi>s</mi><mi>k</mi></msub></mfrac><mo>−</mo><mfrac><mn>1</mn><mn>2</mn></mfrac></math>
//!
//! **What others do.** Dollár et al. (2014) compute features at each octave alone and predict those in between from a power law of
//! the scale. Here every level's features are computed: with whole numbers and vectors that is cheap enough, and nothing is
//! approximated.
//!
//! # A program
//!
//! The longest gradients of a photograph, and the levels of its pyramid.
//!
//! ```
//! use lineament::raw::hog::gradient_row;
//! use lineament::decode::{ReadOptions, read_grey};
//! use lineament::raw::pyramid::PyramidSpec;
//!
//! let picture = read_grey("data/astronaut.png".as_ref(), &ReadOptions::default())?;
//! let width = picture.width() as usize;
//! let (mut lengths, mut directions) = (vec![0.0; width], vec![0; width]);
//! let mut votes = [0.0; 18];
//! for row in 0..picture.height() as usize {
//!     gradient_row(&picture, row, &mut lengths, &mut directions);
//!     for (&length, &direction) in lengths.iter().zip(&directions) {
//!         votes[usize::from(direction)] += length;
//!     }
//! }
//! let strongest = (0..18).max_by(|&a, &b| f32::total_cmp(&votes[a], &votes[b])).unwrap();
//! println!("most edges run across the direction of {}°", 20 * strongest);
//! // Poles and walls are upright, so gradients are level: 0° or 180°.
//! assert!(strongest == 0 || strongest == 9);
//!
//! let spec = PyramidSpec { first: 1.0, per_octave: 4, smallest: 64, border: 0 };
//! let sides = spec.octaves(&picture, |levels| {
//!     levels.iter().map(|level| level.image.width()).collect::<Vec<_>>()
//! });
//! assert_eq!(sides[0], [512, 431, 362]);
//! // 304 is near enough to 256 to be made from the half.
//! assert_eq!(sides[1], [304, 256, 215, 181]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where it stands in the source
//!
//! | formula | item |
//! |---|---|
//! | grey from colours | [`image::to_grey`](crate::image::to_grey) |
//! | differences, length, borders of directions | [`hog::gradient_row`](crate::hog::gradient_row) |
//! | scales of the levels, geometric series | [`PyramidSpec::octaves`](crate::image::pyramid::PyramidSpec::octaves) |
//! | means of 2 × 2 | [`pyramid::half`](crate::image::pyramid::half) |
//! | from level to photograph | [`Level::to_image`](crate::image::pyramid::Level::to_image) |
//! | the detector's choice of scales | [`Window::pyramid`](crate::detector::Window::pyramid) |
//!
//! # Exercises
//!
//! **1.1 The gradient of a pixel.** From the four neighbours to length and angle in degrees.
//!
//! ```should_panic
//! fn gradient(left: u8, right: u8, above: u8, below: u8) -> (f32, f32) {
//!     todo!("length, and angle in degrees")
//! }
//!
//! fn main() {
//!     let (length, angle) = gradient(50, 130, 70, 130);
//!     assert_eq!(length, 100.0);
//!     assert!((angle - 36.87).abs() < 0.01);
//!     // From dark to bright: to the left.
//!     assert_eq!(gradient(200, 100, 9, 9), (100.0, 180.0));
//! }
//! ```
//!
//! <details><summary>Solution</summary>
//!
//! The subtraction of two `u8` would overflow where the result is negative: convert first.
//!
//! ```
//! fn gradient(left: u8, right: u8, above: u8, below: u8) -> (f32, f32) {
//!     let (gx, gy) =
//!         (f32::from(right) - f32::from(left), f32::from(below) - f32::from(above));
//!     (gx.hypot(gy), gy.atan2(gx).to_degrees())
//! }
//! #
//! # fn main() {
//! #     let (length, angle) = gradient(50, 130, 70, 130);
//! #     assert_eq!(length, 100.0);
//! #     assert!((angle - 36.87).abs() < 0.01);
//! #     assert_eq!(gradient(200, 100, 9, 9), (100.0, 180.0));
//! # }
//! ```
//!
//! </details>
//!
//! **1.2 Half the size.** Halve a picture of even sides by the means of 2 × 2 pixels, rounded to the nearest whole number, halves up.
//! The check asks the library.
//!
//! ```should_panic
//! use image::GrayImage;
//! use lineament::raw::pyramid;
//!
//! /// `pixels` holds the rows one after the other.
//! fn half(pixels: &[u8], width: usize) -> Vec<u8> {
//!     todo!()
//! }
//!
//! fn main() {
//!     assert_eq!(half(&[0, 255, 255, 0], 2), [128]);
//!     let pixels: Vec<u8> = (0..24 * 10).map(|i| (i * 97 % 251) as u8).collect();
//!     let picture = GrayImage::from_raw(24, 10, pixels.clone()).unwrap();
//!     assert_eq!(half(&pixels, 24), *pyramid::half(&picture).as_raw());
//! }
//! ```
//!
//! <details><summary>Solution</summary>
//!
//! Adding 2 before the division by 4 rounds to the nearest.
//!
//! ```
//! # use image::GrayImage;
//! # use lineament::raw::pyramid;
//! #
//! fn half(pixels: &[u8], width: usize) -> Vec<u8> {
//!     let height = pixels.len() / width;
//!     let grey = |x: usize, y: usize| u16::from(pixels[y * width + x]);
//!     let mean = |x: usize, y: usize| {
//!         (grey(2 * x, 2 * y)
//!             + grey(2 * x + 1, 2 * y)
//!             + grey(2 * x, 2 * y + 1)
//!             + grey(2 * x + 1, 2 * y + 1)
//!             + 2)
//!             / 4
//!     };
//!     (0..height / 2)
//!         .flat_map(|y| (0..width / 2).map(move |x| mean(x, y) as u8))
//!         .collect()
//! }
//! #
//! # fn main() {
//! #     assert_eq!(half(&[0, 255, 255, 0], 2), [128]);
//! #     let pixels: Vec<u8> = (0..24 * 10).map(|i| (i * 97 % 251) as u8).collect();
//! #     let picture = GrayImage::from_raw(24, 10, pixels.clone()).unwrap();
//! #     assert_eq!(half(&pixels, 24), *pyramid::half(&picture).as_raw());
//! # }
//! ```
//!
//! </details>
//!
//! **1.3 What a pyramid costs.** The pixels of all levels together, for a square picture whose levels are scaled by
//! 2<sup>−*k*/*λ*</sup> and rounded to whole pixels, down to a smallest side. Then look at the share of the largest level: is it the
//! geometric series' 1 / 3.4?
//!
//! ```should_panic
//! use image::GrayImage;
//! use lineament::raw::pyramid::PyramidSpec;
//!
//! fn pixels(side: u32, per_octave: u32, smallest: u32) -> u64 {
//!     todo!()
//! }
//!
//! fn main() {
//!     let spec = PyramidSpec { first: 1.0, per_octave: 4, smallest: 20, border: 0 };
//!     let size = |levels: &[lineament::raw::pyramid::Level]| {
//!         levels.iter().map(|level| level.image.len() as u64).sum::<u64>()
//!     };
//!     let all: u64 = spec.octaves(&GrayImage::new(600, 600), size).iter().sum();
//!     assert_eq!(pixels(600, 4, 20), all);
//!     assert!((pixels(600, 4, 20) as f64 / 360_000.0 - 3.41).abs() < 0.01);
//!     assert!((pixels(600, 8, 20) as f64 / 360_000.0 - 6.29).abs() < 0.02);
//! }
//! ```
//!
//! <details><summary>Solution</summary>
//!
//! The series is that of endless pyramids; the levels below the smallest side would hardly add to it.
//!
//! ```
//! # use image::GrayImage;
//! # use lineament::raw::pyramid::PyramidSpec;
//! #
//! fn pixels(side: u32, per_octave: u32, smallest: u32) -> u64 {
//!     let level = |k: i32| {
//!         (side as f32 * (-(k as f32) / per_octave as f32).exp2()).round() as u64
//!     };
//!     (0..)
//!         .map(level)
//!         .take_while(|&side| side >= u64::from(smallest))
//!         .map(|side| side * side)
//!         .sum()
//! }
//! #
//! # fn main() {
//! #     let spec = PyramidSpec { first: 1.0, per_octave: 4, smallest: 20, border: 0 };
//! #     let size = |levels: &[lineament::raw::pyramid::Level]| levels.iter().map(|level| level.image.len() as u64).sum::<u64>();
//! #     let all: u64 = spec.octaves(&GrayImage::new(600, 600), size).iter().sum();
//! #     assert_eq!(pixels(600, 4, 20), all);
//! #     assert!((pixels(600, 4, 20) as f64 / 360_000.0 - 3.41).abs() < 0.01);
//! #     assert!((pixels(600, 8, 20) as f64 / 360_000.0 - 6.29).abs() < 0.02);
//! # }
//! ```
//!
//! </details>
//!
#![doc = include_str!("style.html")]

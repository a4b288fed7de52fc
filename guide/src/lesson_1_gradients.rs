//! # Lesson 1. Images, pyramids and gradients
//!
//! [Contents](crate) · [Lesson 2. Histograms and normalisation →](crate::lesson_2_histograms)
//!
//! What is an edge, and what do we do if the face is twice as large?
//!
//! # An image is a matrix
//!
//! A grey image is a table of numbers from 0 (black) to 255 (white). Its entry *I*(*x*, *y*) is the
//! *grey level* of the *pixel* in column *x* and row *y*. Rows are counted downwards. A colour
//! image has three such tables. The library combines them into one, with the weights that match the
//! sensitivity of the eye to red, green and blue (ITU Rec. 709):
//!
//! <math display="block"><mi>I</mi><mo>=</mo><mn>0.2126</mn><mspace width="0.2em"/><mi>R</mi><mo>+</mo><mn>0.7152</mn><mspace width="0.2em"/><mi>G</mi><mo>+</mo><mn>0.0722</mn><mspace width="0.2em"/><mi>B</mi></math>
//!
//! A pure red pixel (255, 0, 0) gets the grey level 0.2126 · 255 ≈ 54, a pure green one 182.
//!
//! Grey levels themselves say little about a face. Switch on a lamp and all of them change,
//! although the face does not. The places where dark turns to bright stay: the border of an eye, a
//! lip, the chin.
//!
//! # The gradient
//!
//! The gradient of a function of two variables is the vector of its two derivatives. It says in
//! which direction the function grows fastest, and how fast. An image has values at whole pixels
//! only, so differences of neighbours replace the derivatives:
//!
//! <math display="block"><msub><mi>g</mi><mi>x</mi></msub><mo>=</mo><mi>I</mi><mo stretchy="false">(</mo><mi>x</mi><mo>+</mo><mn>1</mn><mo>,</mo><mi>y</mi><mo stretchy="false">)</mo><mo>−</mo><mi>I</mi><mo stretchy="false">(</mo><mi>x</mi><mo>−</mo><mn>1</mn><mo>,</mo><mi>y</mi><mo stretchy="false">)</mo></math>
//! <math display="block"><msub><mi>g</mi><mi>y</mi></msub><mo>=</mo><mi>I</mi><mo stretchy="false">(</mo><mi>x</mi><mo>,</mo><mi>y</mi><mo>+</mo><mn>1</mn><mo stretchy="false">)</mo><mo>−</mo><mi>I</mi><mo stretchy="false">(</mo><mi>x</mi><mo>,</mo><mi>y</mi><mo>−</mo><mn>1</mn><mo stretchy="false">)</mo></math>
//!
//! The neighbours are two pixels apart, so these are twice the derivatives. Lesson 2 cancels any
//! common factor, and without dividing by 2 the numbers stay whole. The pixel itself does not take
//! part: the difference belongs to the middle between the two neighbours, and that is where the
//! pixel is. The length and the direction of the gradient are
//!
//! <math display="block"><mi>m</mi><mo>=</mo><msqrt><msubsup><mi>g</mi><mi>x</mi><mn>2</mn></msubsup><mo>+</mo><msubsup><mi>g</mi><mi>y</mi><mn>2</mn></msubsup></msqrt></math>
//! <math display="block"><mi>θ</mi><mo>=</mo><mi>atan2</mi><mo stretchy="false">(</mo><msub><mi>g</mi><mi>y</mi></msub><mo>,</mo><msub><mi>g</mi><mi>x</mi></msub><mo stretchy="false">)</mo></math>
//!
//! A small example, with the pixel in question in the middle:
//!
//! ```text
//!  60  70  80      g_x = 130 − 50 = 80
//!  50  90 130      g_y = 130 − 70 = 60
//! 110 130 150      m = √(80² + 60²) = 100
//!                  θ = atan2(60, 80) = 36.9°
//! ```
//!
//! The gradient points from dark to bright: to the right and a little down, because *y* grows
//! downwards. The edge that causes it runs across it. Two facts make gradients useful:
//!
//! - Add a constant to all grey levels (a brighter sky): the differences do not change.
//! - Multiply all grey levels by a constant (half the exposure): lengths are multiplied by it,
//!   directions do not change. Lesson 2 removes the factor.
//!
//! Why not something finer, such as smoothing first, or larger masks? Dalal & Triggs (2005, section
//! 6.2) tried: for pedestrians, the plain difference without smoothing was best. Smoothing makes
//! neighbouring gradients alike, and the fine edges are the informative ones.
//!
//! # Eighteen directions
//!
//! Lesson 2 counts directions, so there must be few of them. The library uses 18: number *k* stands
//! for the angle *k* · 20°, and each gradient takes the nearest. Computing an arc tangent for every
//! pixel would be slow. In the first quadrant, the borders between neighbouring directions are at
//! 10°, 30°, 50° and 70°, and a gradient lies beyond a border of angle *β* if
//!
//! <math display="block"><mo stretchy="false">|</mo><msub><mi>g</mi><mi>y</mi></msub><mo stretchy="false">|</mo><mo>&gt;</mo><mi>tan</mi><mspace width="0.2em"/><mi>β</mi><mo>·</mo><mo stretchy="false">|</mo><msub><mi>g</mi><mi>x</mi></msub><mo stretchy="false">|</mo></math>
//!
//! Four products and comparisons give the direction in the first quadrant. The signs of the two
//! differences then mirror it into the right quadrant. In the example, |60| is more than tan 10° ·
//! 80 = 14.1 and more than tan 30° · 80 = 46.2, but less than tan 50° · 80 = 95.3. The gradient
//! passes two borders, so its direction is number 2, 40°.
//!
#![doc = include_str!("figures/gradients.html")]
//!
//! # The pyramid
//!
//! A detector for faces of 40 pixels does not find faces of 80 pixels. There are two remedies:
//! train detectors for every size, or show one detector the same image at many sizes. The second is
//! called a *pyramid* (Burt & Adelson 1983), and it needs only one model. Level *l* is scaled by
//!
//! <math display="block"><msub><mi>s</mi><mi>l</mi></msub><mo>=</mo><msub><mi>s</mi><mn>0</mn></msub><mo>·</mo><msup><mn>2</mn><mrow><mo>−</mo><mi>l</mi><mo>/</mo><mi>N</mi></mrow></msup></math>
//!
//! with *N* levels per *octave*. An octave is a halving, as in music. The detector uses *N* = 3, so
//! sides shrink by the factor 2<sup>−1/3</sup> = 0.79 from level to level, and there is always a
//! level on which a face is at most 12 % larger or smaller than 40 pixels, because 2<sup>1/6</sup>
//! = 1.12. For example, with *s*<sub>0</sub> = 1 a face of 80 pixels is exactly 40 pixels wide on
//! level 3, and a face of 70 pixels is 44 pixels wide on level 2.
//!
//! What does this cost? Areas shrink by the factor 2<sup>−2/*N*</sup> per level, and the areas of
//! all levels form a geometric series:
//!
//! <math display="block"><munderover><mo>∑</mo><mrow><mi>l</mi><mo>=</mo><mn>0</mn></mrow><mi>∞</mi></munderover><msup><mn>2</mn><mrow><mo>−</mo><mn>2</mn><mi>l</mi><mo>/</mo><mi>N</mi></mrow></msup><mo>=</mo><mfrac><mn>1</mn><mrow><mn>1</mn><mo>−</mo><msup><mn>2</mn><mrow><mo>−</mo><mn>2</mn><mo>/</mo><mi>N</mi></mrow></msup></mrow></mfrac></math>
//!
//! For *N* = 3 the whole pyramid has 2.7 times the pixels of its largest level, for *N* = 6 it has
//! 4.8 times: steps half as large cost nearly twice as much.
//!
//! **Halving without artefacts.** To halve an image one could take every second pixel. Stripes of
//! one pixel, black and white in turn, would then become all black or all white: fine detail turns
//! into something that is not there. This is called *aliasing*. The mean of 2 × 2 pixels turns the
//! stripes grey, which is how they look from a distance:
//!
//! <math display="block"><msup><mi>I</mi><mo>′</mo></msup><mo stretchy="false">(</mo><mi>x</mi><mo>,</mo><mi>y</mi><mo stretchy="false">)</mo><mo>=</mo><mfrac><mn>1</mn><mn>4</mn></mfrac><munderover><mo>∑</mo><mrow><mi>Δ</mi><mi>x</mi><mo>=</mo><mn>0</mn></mrow><mn>1</mn></munderover><munderover><mo>∑</mo><mrow><mi>Δ</mi><mi>y</mi><mo>=</mo><mn>0</mn></mrow><mn>1</mn></munderover><mi>I</mi><mo stretchy="false">(</mo><mn>2</mn><mi>x</mi><mo>+</mo><mi>Δ</mi><mi>x</mi><mo>,</mo><mn>2</mn><mi>y</mi><mo>+</mo><mi>Δ</mi><mi>y</mi><mo stretchy="false">)</mo></math>
//!
//! For example, the four pixels 10, 20, 30 and 40 become 25.
//!
//! The library makes the levels between two halvings from the nearest halved image, with a triangle
//! filter and factors from 0.62 to 1.23. No level is made from an image much larger than itself,
//! which keeps the work small.
//!
//! **Where was it?** A place (*x*′, *y*′) on a level, counted from the edge of its first pixel,
//! must be converted to the pixels of the image, which are counted from the centre of the first
//! pixel. Half a pixel of a small level is several pixels of the image, so a mistake here costs
//! accuracy. If the level has a border of *b* pixels around it,
//!
//! <math display="block"><mi>x</mi><mo>=</mo><mfrac><mrow><msup><mi>x</mi><mo>′</mo></msup><mo>−</mo><mi>b</mi></mrow><msub><mi>s</mi><mi>l</mi></msub></mfrac><mo>−</mo><mfrac><mn>1</mn><mn>2</mn></mfrac></math>
//!
//! and *y* in the same way. For example, with *s*<sub>*l*</sub> = ¼ and *b* = 8, *x*′ = 33 is at
//! (33 − 8) · 4 − ½ = 99.5 in the image.
//!
//! **An alternative.** Dollár et al. (2014) compute features once per octave and estimate those in
//! between from a power law of the scale. This library computes the features of every level: with
//! integers and vector instructions this is cheap enough, and nothing is approximated.
//!
//! # A program
//!
//! The dominant gradient direction of an image, and the levels of its pyramid.
//!
//! ```
//! # std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))?;
//! use lineament::raw::decode::{ReadOptions, read_grey};
//! use lineament::raw::hog::gradient_row;
//! use lineament::raw::pyramid::PyramidSpec;
//!
//! let image = read_grey("data/astronaut.png", &ReadOptions::default())?;
//! let width = image.width() as usize;
//! let (mut lengths, mut directions) = (vec![0.0; width], vec![0; width]);
//! let mut votes = [0.0; 18];
//! for row in 0..image.height() as usize {
//!     gradient_row(&image, row, &mut lengths, &mut directions);
//!     for (&length, &direction) in lengths.iter().zip(&directions) {
//!         votes[usize::from(direction)] += length;
//!     }
//! }
//! let strongest = (0..18).max_by(|&a, &b| f32::total_cmp(&votes[a], &votes[b])).unwrap();
//! println!("most edges run across the direction of {}°", 20 * strongest);
//! // Poles and walls are upright, so their gradients are horizontal: 0° or 180°.
//! assert!(strongest == 0 || strongest == 9);
//!
//! let spec = PyramidSpec { first: 1.0, per_octave: 3, smallest: 64, border: 0 };
//! let sides = spec.octaves(&image, |levels| {
//!     levels.iter().map(|level| level.image.width()).collect::<Vec<_>>()
//! });
//! assert_eq!(sides[0], [512, 406, 323]);
//! assert_eq!(sides[1], [256, 203, 161]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # In the source
//!
//! | formula | code |
//! |---|---|
//! | grey from colours | [`Image::luma`](lineament::Image::luma) |
//! | differences, length, borders of directions | [`gradient_row`](lineament::raw::hog::gradient_row) |
//! | scales of the levels | [`PyramidSpec::octaves`](lineament::raw::pyramid::PyramidSpec::octaves) |
//! | means of 2 × 2 | [`resample::half`](lineament::raw::resample::half) |
//! | from level to image | [`Level::to_image`](lineament::raw::pyramid::Level::to_image) |
//! | the detector's scales | [`Window::pyramid`](lineament::raw::Window::pyramid) |
//!
//! # Exercises
//!
//! **1.1 The gradient of a pixel.** Compute its length, and its angle in degrees, from the four
//! neighbours.
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
//! <details><summary>Hint</summary>
//!
//! What happens to `50u8 - 130u8`? `f32` has the methods `hypot` and `atan2`; the latter returns
//! radians.
//!
//! </details>
//!
//! <details><summary>Solution</summary>
//!
//! Subtracting two `u8` overflows if the result is negative, so convert first.
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
//! **1.2 Half the size.** Halve an image with even sides by the means of 2 × 2 pixels, rounded to
//! the nearest integer, halves upwards. The test compares with the library.
//!
//! ```should_panic
//! use lineament::raw::{GreyImage, resample};
//!
//! /// `pixels` contains the rows one after the other.
//! fn half(pixels: &[u8], width: usize) -> Vec<u8> {
//!     todo!()
//! }
//!
//! fn main() {
//!     assert_eq!(half(&[0, 255, 255, 0], 2), [128]);
//!     let pixels: Vec<u8> = (0..24 * 10).map(|i| (i * 97 % 251) as u8).collect();
//!     let image = GreyImage::from_raw(24, 10, pixels.clone()).unwrap();
//!     assert_eq!(half(&pixels, 24), resample::half(&image).as_raw());
//! }
//! ```
//!
//! <details><summary>Hint</summary>
//!
//! Pixel (*x*, *y*) is `pixels[y * width + x]`. Add the four grey levels as `u16`; integer division
//! rounds down, so what must you add to the sum before you divide it by 4?
//!
//! </details>
//!
//! <details><summary>Solution</summary>
//!
//! Adding 2 before the division by 4 rounds to the nearest integer.
//!
//! ```
//! # use lineament::raw::{GreyImage, resample};
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
//! #     let image = GreyImage::from_raw(24, 10, pixels.clone()).unwrap();
//! #     assert_eq!(half(&pixels, 24), resample::half(&image).as_raw());
//! # }
//! ```
//!
//! </details>
//!
//! **1.3 The cost of a pyramid.** Count the pixels of all levels of a square image. The side of
//! level *l* is the side of the image times 2<sup>−*l*/*N*</sup>, rounded to an integer; the
//! pyramid ends before a side falls below the smallest. The test compares with the library, and
//! with the geometric series.
//!
//! ```should_panic
//! use lineament::raw::GreyImage;
//! use lineament::raw::pyramid::{Level, PyramidSpec};
//!
//! fn pixels(side: u32, per_octave: u32, smallest: u32) -> u64 {
//!     todo!()
//! }
//!
//! fn main() {
//!     let spec = PyramidSpec { first: 1.0, per_octave: 4, smallest: 20, border: 0 };
//!     let size = |levels: &[Level]| {
//!         levels.iter().map(|level| level.image.as_raw().len() as u64).sum::<u64>()
//!     };
//!     let all: u64 = spec.octaves(&GreyImage::new(600, 600), size).iter().sum();
//!     assert_eq!(pixels(600, 4, 20), all);
//!     assert!((pixels(600, 4, 20) as f64 / 360_000.0 - 3.41).abs() < 0.01);
//!     assert!((pixels(600, 8, 20) as f64 / 360_000.0 - 6.29).abs() < 0.02);
//! }
//! ```
//!
//! <details><summary>Hint</summary>
//!
//! `(0..).map(level).take_while(…)` goes through the levels until one is too small. `f32` has
//! `exp2` and `round`.
//!
//! </details>
//!
//! <details><summary>Solution</summary>
//!
//! The series is that of an infinite pyramid, but the levels below the smallest side would hardly
//! add to it.
//!
//! ```
//! # use lineament::raw::GreyImage;
//! # use lineament::raw::pyramid::{Level, PyramidSpec};
//! #
//! fn pixels(side: u32, per_octave: u32, smallest: u32) -> u64 {
//!     let level = |l: i32| {
//!         (side as f32 * (-(l as f32) / per_octave as f32).exp2()).round() as u64
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
//! #     let size = |levels: &[Level]| {
//! #         levels.iter().map(|level| level.image.as_raw().len() as u64).sum::<u64>()
//! #     };
//! #     let all: u64 = spec.octaves(&GreyImage::new(600, 600), size).iter().sum();
//! #     assert_eq!(pixels(600, 4, 20), all);
//! #     assert!((pixels(600, 4, 20) as f64 / 360_000.0 - 3.41).abs() < 0.01);
//! #     assert!((pixels(600, 8, 20) as f64 / 360_000.0 - 6.29).abs() < 0.02);
//! # }
//! ```
//!
//! </details>
//!
//! [Contents](crate) · [Lesson 2. Histograms and normalisation →](crate::lesson_2_histograms)
//!
#![doc = include_str!("style.html")]

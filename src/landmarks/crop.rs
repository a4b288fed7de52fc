//! The face at a fixed scale: the pixels that all stages of the cascade read.
//!
//! ```text
//!   image                             crop (side × side pixels)
//!   ┌───────────────────┐            ┌──────────────────┐      ┌─────────┐
//!   │      ┌╌╌╌╌╌╌╌┐    │            │   margin         │      │         │
//!   │      ╎┌─────┐╎    │  resample  │   ┌──────────┐   │      │ coarse: │
//!   │      ╎│ box │╎    │ ─────────► │   │ box:     │   │      │ fewer   │
//!   │      ╎└─────┘╎    │            │   │ face px  │   │      │ pixels  │
//!   │      └╌╌╌╌╌╌╌┘    │            │   └──────────┘   │      └─────────┘
//!   └───────────────────┘            └──────────────────┘
//! ```
//!
//! Resampling makes the features independent of the image's size, and keeps all pixels within a few kilobytes of memory.
//! A few pixels show where the face is, so the stages that find it read the coarse crop, which has about half the
//! resolution and is resampled from the image directly. Only the refinement needs the full resolution, and only around the
//! shape.
//!
//! | level | pixels along the box's side | used for |
//! |---|---|---|
//! | 0 | [`CropSpec::face`] | the refinement |
//! | 1 | [`CropSpec::coarse`] | trees, the shape as a whole, the confidence |
//! | 2 | half of that | the pose of the face |

use std::borrow::Cow;
use std::ops::Range;

use crate::geometry::{Point, Rect};
use crate::image::GreyImage;
use crate::image::resample::{Area, half, half_of};
use crate::invalid::InvalidModel;

/// Size of a crop.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CropSpec {
    /// Side of the face's box in the crop, in crop pixels.
    pub face: u16,
    /// Margin around the box, in crop pixels.
    pub margin: u16,
    /// Side of the face's box in the coarse crop, in pixels of that crop: an even number, so that its half is symmetric too.
    pub coarse: u16,
}

impl CropSpec {
    /// Checks the sizes that all reads rely on.
    pub(super) fn validate(&self) -> Result<(), InvalidModel> {
        let Self { face, margin, coarse } = *self;
        if !(32..=1024).contains(&face) || margin > 1024 {
            return Err(InvalidModel::new("the crop", format!("has a face of {face} pixels and a margin of {margin}")));
        }
        if !(16..=face).contains(&coarse) || coarse % 2 == 1 {
            let problem = format!("has a face of {coarse} pixels, not an even number from 16 to {face}");
            return Err(InvalidModel::new("the coarse crop", problem));
        }
        Ok(())
    }

    /// Returns the side of the whole crop, in crop pixels.
    pub fn side(&self) -> u32 {
        u32::from(self.face) + 2 * u32::from(self.margin)
    }

    /// Returns the face's box in the crop, in crop pixels.
    pub fn bounds(&self) -> Rect {
        Rect::new(self.margin.into(), self.margin.into(), self.face.into(), self.face.into())
    }

    /// Returns a level from 0 to 2.
    pub fn level(&self, number: u8) -> Level {
        if number == 0 {
            return Level { side: self.side(), zoom: 1.0, offset: 0.0 };
        }
        // All levels have the middle of the box in their middle.
        let (zoom, margin) = (f32::from(self.coarse) / f32::from(self.face), f32::from(self.margin));
        let around = (margin * zoom).round();
        let offset = (0.5 - margin) * zoom + around - 0.5;
        let level = Level { side: u32::from(self.coarse) + 2 * around as u32, zoom, offset };
        if number == 1 { level } else { level.half() }
    }
}

/// One resolution of a crop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// Pixels along a side.
    pub side: u32,
    /// Level pixels per crop pixel.
    pub zoom: f32,
    /// Place of the crop's first pixel in the level, in both directions.
    offset: f32,
}

impl Level {
    /// Returns the level of half the resolution. The centre of its first pixel is between two pixels of this one.
    fn half(self) -> Self {
        Self { side: self.side.div_ceil(2), zoom: 0.5 * self.zoom, offset: 0.5 * self.offset - 0.25 }
    }

    /// Maps crop pixels to pixels of the level.
    pub fn to_level(&self, p: Point) -> Point {
        p * self.zoom + Point::new(self.offset, self.offset)
    }

    /// Maps pixels of the level to crop pixels.
    pub fn to_crop(&self, p: Point) -> Point {
        (p - Point::new(self.offset, self.offset)) * (1.0 / self.zoom)
    }

    /// The whole level.
    fn all(&self) -> Area {
        Area { left: 0, top: 0, width: self.side, height: self.side }
    }
}

/// A square part of an image around a face, scaled so that the face's box has the side in [`CropSpec`]. Beyond the image's
/// edge its outermost pixels are repeated.
#[derive(Clone, Debug)]
pub struct Crop<'p> {
    spec: CropSpec,
    fine: Fine<'p>,
    coarse: GreyImage<'static>,
    /// The crop's top-left corner in the image.
    corner: Point,
    /// Image pixels per crop pixel.
    scale: f32,
}

/// The full resolution.
#[derive(Clone, Debug)]
enum Fine<'p> {
    /// Resampled from the image where it is read.
    Image(GreyImage<'p>),
    /// Resampled already.
    Cut(GreyImage<'static>),
}

/// Part of a level: grey values, row by row.
pub struct Part<'c> {
    /// The first row begins with the first of them; the last row may be followed by others.
    pub pixels: Cow<'c, [u8]>,
    /// Distance between the first pixels of consecutive rows.
    pub stride: usize,
}

impl<'p> Crop<'p> {
    /// Crops the face in `bounds` (pixels of the image). A box that is not square counts as the square of the same centre
    /// and mean side.
    ///
    /// Any box gives a crop: if it is outside the image, the crop shows the image's edge.
    pub fn new(image: &'p GreyImage, bounds: &Rect, spec: &CropSpec) -> Self {
        let box_side = (bounds.width + bounds.height) / 2.0;
        let scale = (box_side / f32::from(spec.face)).max(1e-3);
        let side = scale * spec.side() as f32;
        let corner = bounds.centre() - Point::new(side / 2.0, side / 2.0);
        let level = spec.level(1);
        let first = level.to_crop(Point::default()) * scale + corner;
        let coarse = resample(image, first, scale / level.zoom, &level.all());
        Self { spec: *spec, fine: Fine::Image(image.view()), coarse, corner, scale }
    }

    /// Returns the same crop with all pixels resampled, so that it does not need the image.
    pub fn cut(&self) -> Crop<'static> {
        self.with(self.pixels().into_owned(), self.coarse.clone())
    }

    /// Returns the mirror image.
    pub fn mirrored(&self) -> Crop<'static> {
        self.with(self.pixels().mirrored(), self.coarse.mirrored())
    }

    fn with(&self, fine: GreyImage<'static>, coarse: GreyImage<'static>) -> Crop<'static> {
        Crop { spec: self.spec, fine: Fine::Cut(fine), coarse, corner: self.corner, scale: self.scale }
    }

    /// Returns the whole level 0.
    pub fn pixels(&self) -> GreyImage<'_> {
        match &self.fine {
            Fine::Image(image) => resample(image, self.corner, self.scale, &self.level(0).all()),
            Fine::Cut(pixels) => pixels.view(),
        }
    }

    /// Returns the whole level 1.
    pub fn coarse(&self) -> &GreyImage<'static> {
        &self.coarse
    }

    /// Returns a level from 0 to 2.
    pub fn level(&self, number: u8) -> Level {
        self.spec.level(number)
    }

    /// Returns a part of a level from 0 to 2. `area` is in pixels of that level.
    ///
    /// # Panics
    /// If the area is not within the level.
    pub fn part(&self, level: u8, area: &Area) -> Part<'_> {
        let cut = |image: &'_ GreyImage| area.top as usize * image.width() as usize + area.left as usize;
        let (pixels, width) = match (level, &self.fine) {
            (0, Fine::Image(image)) => {
                (Cow::Owned(resample(image, self.corner, self.scale, area).into_raw()), area.width)
            }
            (0, Fine::Cut(pixels)) => (Cow::Borrowed(&pixels.as_raw()[cut(pixels)..]), pixels.width()),
            (1, _) => (Cow::Borrowed(&self.coarse.as_raw()[cut(&self.coarse)..]), self.coarse.width()),
            _ => {
                let [left, top] = [2 * area.left, 2 * area.top];
                let width = (2 * area.width).min(self.coarse.width() - left);
                let height = (2 * area.height).min(self.coarse.height() - top);
                let halved = half_of(&self.coarse, &Area { left, top, width, height });
                (Cow::Owned(halved.into_raw()), area.width)
            }
        };
        Part { pixels, stride: width as usize }
    }

    /// Maps image coordinates to crop coordinates. Both count from pixel centres; boxes count from pixel edges.
    pub fn to_crop(&self, p: Point) -> Point {
        (p - self.corner) * (1.0 / self.scale)
    }

    /// Maps crop coordinates to image coordinates.
    pub fn to_image(&self, p: Point) -> Point {
        p * self.scale + self.corner
    }
}

/// Resamples a part of an image: halves it until at most two of its pixels make one, then interpolates between neighbours,
/// as from an octave of an image pyramid. Beyond the image its edge is repeated.
///
/// `corner` is the place of the scaled image's first pixel and `scale` the distance of its pixels, both in image pixels;
/// `area` is in pixels of the scaled image.
fn resample(image: &GreyImage, corner: Point, scale: f32, area: &Area) -> GreyImage<'static> {
    if image.is_empty() {
        return GreyImage::new(area.width, area.height);
    }
    let halvings = (0.5 * scale).log2().ceil().clamp(0.0, 31.0) as u32;
    if halvings == 0 {
        return interpolate(image, corner, scale, area);
    }
    // Only what the area shows, with one more pixel for the neighbours, and in steps of whole pixels of the last half, so
    // that the same pixels are averaged whatever the area.
    let part = |start: f32, first: u32, count: u32, limit: u32| {
        let (start, end) = (start + scale * first as f32, start + scale * (first + count) as f32);
        let first = (start - 1.0).clamp(0.0, (limit - 1) as f32) as u32 >> halvings << halvings;
        let last = (end + 2.0 * scale).clamp((first + 1) as f32, limit as f32) as u32;
        (first, last.max(first + 1) - first)
    };
    let (left, width) = part(corner.x, area.left, area.width, image.width());
    let (top, height) = part(corner.y, area.top, area.height, image.height());
    // The centre of a half's first pixel is between two pixels.
    let halve = |place: Point| (place - Point::new(0.5, 0.5)) * 0.5;
    let mut halved = half_of(image, &Area { left, top, width, height });
    let (mut corner, mut scale) = (halve(corner - Point::new(left as f32, top as f32)), 0.5 * scale);
    for _ in 1..halvings {
        halved = half(&halved);
        (corner, scale) = (halve(corner), 0.5 * scale);
    }
    interpolate(&halved, corner, scale, area)
}

/// Fractional bits of places between pixels.
const FRACTION: u32 = 7;

/// Interpolates the grey values at the places of an area, `scale` pixels apart, each from its four neighbours.
fn interpolate(image: &GreyImage, corner: Point, scale: f32, area: &Area) -> GreyImage<'static> {
    let places = |start: f32, indices: Range<u32>, limit: u32| -> Vec<Place> {
        indices.map(|i| Place::new(start + scale * i as f32, limit)).collect()
    };
    let columns = places(corner.x, area.left..area.left + area.width, image.width());
    let rows = places(corner.y, area.top..area.top + area.height, image.height());
    let mut pixels = vec![0; columns.len() * rows.len()];
    interpolate_rows(image.as_raw(), image.width() as usize, &columns, &rows, &mut pixels);
    GreyImage::of(area.width, area.height, pixels)
}

/// A place between a pixel and the next one of a line.
#[derive(Clone, Copy)]
struct Place {
    pixel: u32,
    /// Distance from the pixel, in units of the distance to the next.
    share: i16,
}

impl Place {
    fn new(place: f32, limit: u32) -> Self {
        let place = place.clamp(0.0, (limit - 1) as f32);
        let pixel = place as u32;
        Self { pixel, share: ((place - pixel as f32) * (1 << FRACTION) as f32) as i16 }
    }
}

/// Interpolates in long loops of 16-bit integers: first between rows, then, with the neighbours of each place side by side,
/// between columns.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn interpolate_rows(image: &[u8], stride: usize, columns: &[Place], rows: &[Place], pixels: &mut [u8]) {
    /// Fractional bits of the grey values between rows.
    const BITS: u32 = 6;
    let (Some(first), Some(last)) = (columns.first(), columns.last()) else { return };
    let (left, last_row) = (first.pixel as usize, image.len() / stride - 1);
    // One more pixel, the last one's neighbour; beyond the image's edge its share is 0.
    let mut line = vec![0i16; last.pixel as usize + 2 - left];
    let offsets: Vec<u16> = columns.iter().map(|column| (column.pixel as usize - left) as u16).collect();
    let shares: Vec<i16> = columns.iter().map(|column| column.share << (15 - FRACTION)).collect();
    let mut pairs = vec![[0i16; 2]; columns.len()];
    for (row, out) in rows.iter().zip(pixels.chunks_exact_mut(columns.len())) {
        let part = |row: usize| {
            let row = &image[row.min(last_row) * stride..][..stride];
            &row[left..stride.min(left + line.len())]
        };
        let (above, below) = (part(row.pixel as usize), part(row.pixel as usize + 1));
        for ((v, &above), &below) in line.iter_mut().zip(above).zip(below) {
            let (above, below) = (i16::from(above), i16::from(below));
            *v = (above << BITS) + (((below - above) * row.share) >> (FRACTION - BITS));
        }
        gather(&line, &offsets, &mut pairs);
        for ((out, &[before, after]), &share) in out.iter_mut().zip(&pairs).zip(&shares) {
            let way = (i32::from((after - before) << 1) * i32::from(share)) >> 16;
            *out = ((before + way as i16 + (1 << (BITS - 1))) >> BITS) as u8;
        }
    }
}

/// Copies the numbers at each offset of a line and right after it.
fn gather(line: &[i16], offsets: &[u16], pairs: &mut [[i16; 2]]) {
    for (pair, &offset) in pairs.iter_mut().zip(offsets) {
        *pair = line[usize::from(offset)..].first_chunk().copied().unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: CropSpec = CropSpec { face: 64, margin: 16, coarse: 28 };

    /// An image whose grey value grows with x.
    fn ramp() -> GreyImage<'static> {
        GreyImage::from_fn(200, 200, |x, _| x as u8)
    }

    #[test]
    fn crop_coordinates_hit_the_same_grey_values_at_each_level() {
        let ramp = ramp();
        for bounds in
            [Rect::new(50.0, 60.0, 96.0, 96.0), Rect::new(40.5, 30.25, 100.0, 90.0), Rect::new(90.0, 90.0, 40.0, 40.0)]
        {
            let crop = Crop::new(&ramp, &bounds, &SPEC);
            let (fine, coarse) = (crop.pixels(), crop.coarse());
            for (x, y) in [(20u32, 30u32), (36, 36), (28, 20)] {
                let p = Point::new(x as f32, y as f32);
                let there = crop.to_image(p);
                let grey = f32::from(fine.pixel(x, y));
                assert!((grey - there.x).abs() < 1.0, "{grey} at {there:?}");
                assert!(crop.to_crop(there).distance(p) < 1e-3);
                let there = crop.to_image(crop.level(1).to_crop(p));
                let grey = f32::from(coarse.pixel(x, y));
                assert!((grey - there.x).abs() < 1.0, "coarse {grey} at {there:?}");
                assert!(crop.level(2).to_level(crop.level(2).to_crop(p)).distance(p) < 1e-3);
            }
        }
    }

    #[test]
    fn a_part_shows_what_the_whole_shows() {
        let texture = |side: u32| GreyImage::from_fn(side, side, |x, y| (x * x / 7 + 3 * y * x) as u8);
        for (side, bounds) in [
            (100, Rect::new(30.0, 30.0, 40.0, 40.0)),
            (300, Rect::new(90.5, 80.2, 101.0, 103.0)),
            (900, Rect::new(200.3, 300.1, 450.0, 450.0)),
            (900, Rect::new(-50.3, 600.1, 450.0, 450.0)),
        ] {
            let image = texture(side);
            let crop = Crop::new(&image, &bounds, &SPEC);
            let cut = crop.cut();
            for level in 0..3 {
                let side = crop.level(level).side;
                let area = Area { left: side / 5, top: side / 3, width: side / 2, height: side / 4 };
                let [part, of_whole] = [crop.part(level, &area), cut.part(level, &area)];
                for row in 0..area.height as usize {
                    let line = |part: &Part| part.pixels[row * part.stride..][..area.width as usize].to_vec();
                    for (part, whole) in line(&part).into_iter().zip(line(&of_whole)) {
                        assert!(part.abs_diff(whole) <= 3, "{part} for {whole} in row {row} of level {level}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_box_outside_the_image_shows_its_edge() {
        let ramp = ramp();
        let crop = Crop::new(&ramp, &Rect::new(500.0, 50.0, 30.0, 30.0), &SPEC);
        assert!(crop.pixels().as_raw().iter().chain(crop.coarse().as_raw()).all(|&p| p == 199));
        let crop = Crop::new(&ramp, &Rect::new(-10.0, -10.0, 60.0, 60.0), &SPEC);
        assert_eq!(crop.pixels().pixel(0, 0), 0);
        let (empty, one) = (GreyImage::new(0, 0), GreyImage::new(1, 1));
        for bounds in [
            Rect::new(0.0, 0.0, 1.0, 1.0),
            Rect::new(-1e9, 0.0, 1e8, 1e8),
            Rect::new(f32::NAN, 0.0, f32::INFINITY, 1.0),
            Rect::new(0.0, 0.0, f32::INFINITY, f32::INFINITY),
        ] {
            for image in [&empty, &one, &ramp] {
                assert_eq!(Crop::new(image, &bounds, &SPEC).cut().pixels().dimensions(), (96, 96));
            }
        }
    }
}

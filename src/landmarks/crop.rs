//! The face at a canonical scale: what all stages of the cascade look at.
//!
//! ```text
//!   photograph                        crop (side × side pixels)
//!   ┌───────────────────┐            ┌──────────────────┐      ┌─────────┐
//!   │      ┌╌╌╌╌╌╌╌┐    │            │   margin         │      │         │
//!   │      ╎┌─────┐╎    │  resample  │   ┌──────────┐   │      │ coarse: │
//!   │      ╎│ box │╎    │ ─────────► │   │ box:     │   │      │ fewer   │
//!   │      ╎└─────┘╎    │            │   │ face px  │   │      │ pixels  │
//!   │      └╌╌╌╌╌╌╌┘    │            │   └──────────┘   │      └─────────┘
//!   └───────────────────┘            └──────────────────┘
//! ```
//!
//! Resampling makes the features independent of the photograph's size, and every later look-up stays in a few kilobytes
//! of memory. Where the face is can be told from few pixels, so the stages that find it look at the coarse crop, which has
//! about half the resolution and comes straight from the photograph. The full resolution is made for the refinement alone, and
//! only around the shape.
//!
//! | level | pixels along the box's side | is for |
//! |---|---|---|
//! | 0 | [`CropSpec::face`] | the refinement |
//! | 1 | [`CropSpec::coarse`] | trees, the shape as a whole, the confidence |
//! | 2 | half of that | how the face stands |

use std::borrow::Cow;
use std::ops::Range;

use bincode::{Decode, Encode};

use crate::geometry::{Point, Rect};
use crate::image::GreyImage;
use crate::image::resample::{Area, half, half_of};

/// The size of a crop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
pub struct CropSpec {
    /// The side of the face's box in the crop, in crop pixels.
    pub face: u16,
    /// What the crop shows on each side of the box, in crop pixels.
    pub margin: u16,
    /// The side of the face's box in the coarse crop, in its pixels: an even number, so that its half is as symmetric as it is.
    pub coarse: u16,
}

impl CropSpec {
    /// Checks what all look-ups rely on.
    pub(super) fn validate(&self) -> Result<(), String> {
        let Self { face, margin, coarse } = *self;
        if !(32..=1024).contains(&face) || margin > 1024 {
            return Err(format!("crops of {face} + 2·{margin} pixels"));
        }
        if !(16..=face).contains(&coarse) || coarse % 2 == 1 {
            return Err(format!("coarse crops of {coarse} pixels a face"));
        }
        Ok(())
    }

    /// The side of the whole crop in crop pixels.
    pub fn side(&self) -> u32 {
        u32::from(self.face) + 2 * u32::from(self.margin)
    }

    /// Where the box stands in the crop, in crop pixels.
    pub fn bounds(&self) -> Rect {
        Rect::new(self.margin.into(), self.margin.into(), self.face.into(), self.face.into())
    }

    /// A level from 0 to 2.
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
    /// Its pixels a crop pixel.
    pub zoom: f32,
    /// Where the crop's first pixel is in it, horizontally as vertically.
    offset: f32,
}

impl Level {
    /// Half the resolution. The first pixel of the half has its centre between two.
    fn half(self) -> Self {
        Self { side: self.side.div_ceil(2), zoom: 0.5 * self.zoom, offset: 0.5 * self.offset - 0.25 }
    }

    /// From crop pixels to the level's.
    pub fn to_level(&self, p: Point) -> Point {
        p * self.zoom + Point::new(self.offset, self.offset)
    }

    /// From the level's pixels to crop pixels.
    pub fn to_crop(&self, p: Point) -> Point {
        (p - Point::new(self.offset, self.offset)) * (1.0 / self.zoom)
    }

    /// All of it.
    fn all(&self) -> Area {
        Area { left: 0, top: 0, width: self.side, height: self.side }
    }
}

/// A square piece of a photograph around a face, scaled so that the box has the side that [`CropSpec`] says. Beyond the
/// photograph's edge its outermost pixels go on.
#[derive(Clone, Debug)]
pub struct Crop<'p> {
    spec: CropSpec,
    fine: Fine<'p>,
    coarse: GreyImage<'static>,
    /// The crop's top-left corner in the photograph.
    corner: Point,
    /// Photograph pixels a crop pixel.
    scale: f32,
}

/// The full resolution.
#[derive(Clone, Debug)]
enum Fine<'p> {
    /// It is cut from the photograph where it is looked at.
    Image(GreyImage<'p>),
    /// It has been cut out.
    Cut(GreyImage<'static>),
}

/// Grey values in rows.
pub struct Part<'c> {
    /// The part's first row begins with the first of them.
    pub pixels: Cow<'c, [u8]>,
    /// From one row's first pixel to the next one's.
    pub stride: usize,
}

impl<'p> Crop<'p> {
    /// The crop of the face in `bounds` of a photograph. A box that is not square counts as the square of the same centre
    /// and mean side.
    ///
    /// Any box gives a crop: one that lies outside the photograph shows its edge.
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

    /// The same crop without the photograph.
    pub fn cut(&self) -> Crop<'static> {
        self.with(self.pixels().into_owned(), self.coarse.clone())
    }

    /// The mirror image.
    pub fn mirrored(&self) -> Crop<'static> {
        self.with(self.pixels().mirrored(), self.coarse.mirrored())
    }

    fn with(&self, fine: GreyImage<'static>, coarse: GreyImage<'static>) -> Crop<'static> {
        Crop { spec: self.spec, fine: Fine::Cut(fine), coarse, corner: self.corner, scale: self.scale }
    }

    /// Level 0, all of it.
    pub fn pixels(&self) -> GreyImage<'_> {
        match &self.fine {
            Fine::Image(image) => resample(image, self.corner, self.scale, &self.level(0).all()),
            Fine::Cut(pixels) => pixels.view(),
        }
    }

    /// Level 1, all of it.
    pub fn coarse(&self) -> &GreyImage<'static> {
        &self.coarse
    }

    /// A level from 0 to 2.
    pub fn level(&self, number: u8) -> Level {
        self.spec.level(number)
    }

    /// A part of a level from 0 to 2, within its sides.
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

    /// From photograph to crop coordinates. Both count from pixel centres, boxes from pixel edges.
    pub fn to_crop(&self, p: Point) -> Point {
        (p - self.corner) * (1.0 / self.scale)
    }

    /// From crop to photograph coordinates.
    pub fn to_image(&self, p: Point) -> Point {
        p * self.scale + self.corner
    }
}

/// A part of a scaled picture: halved until at most two of its pixels make one, then interpolated between neighbours, as
/// from the octave of an image pyramid. Beyond the picture its edge goes on.
///
/// `corner` is the place of the scaled picture's first pixel, `scale` the distance of its pixels, both in picture pixels;
/// `area` is in its pixels.
fn resample(picture: &GreyImage, corner: Point, scale: f32, area: &Area) -> GreyImage<'static> {
    if picture.is_empty() {
        return GreyImage::new(area.width, area.height);
    }
    let halvings = (0.5 * scale).log2().ceil().clamp(0.0, 31.0) as u32;
    if halvings == 0 {
        return interpolate(picture, corner, scale, area);
    }
    // Only what the area shows, with a pixel more for the neighbours, and in steps of whole pixels after the last halving,
    // so that the same pixels are put together whatever the area.
    let part = |start: f32, first: u32, count: u32, limit: u32| {
        let (start, end) = (start + scale * first as f32, start + scale * (first + count) as f32);
        let first = (start - 1.0).clamp(0.0, (limit - 1) as f32) as u32 >> halvings << halvings;
        let last = (end + 2.0 * scale).clamp((first + 1) as f32, limit as f32) as u32;
        (first, last.max(first + 1) - first)
    };
    let (left, width) = part(corner.x, area.left, area.width, picture.width());
    let (top, height) = part(corner.y, area.top, area.height, picture.height());
    // The first pixel of the half has its centre between two.
    let halve = |place: Point| (place - Point::new(0.5, 0.5)) * 0.5;
    let mut halved = half_of(picture, &Area { left, top, width, height });
    let (mut corner, mut scale) = (halve(corner - Point::new(left as f32, top as f32)), 0.5 * scale);
    for _ in 1..halvings {
        halved = half(&halved);
        (corner, scale) = (halve(corner), 0.5 * scale);
    }
    interpolate(&halved, corner, scale, area)
}

/// Fractional bits of the places between pixels.
const FRACTION: u32 = 7;

/// The grey values at the places of an area, `scale` pixels apart, each from its four neighbours.
fn interpolate(picture: &GreyImage, corner: Point, scale: f32, area: &Area) -> GreyImage<'static> {
    let places = |start: f32, indices: Range<u32>, limit: u32| -> Vec<Place> {
        indices.map(|i| Place::new(start + scale * i as f32, limit)).collect()
    };
    let columns = places(corner.x, area.left..area.left + area.width, picture.width());
    let rows = places(corner.y, area.top..area.top + area.height, picture.height());
    let mut pixels = vec![0; columns.len() * rows.len()];
    interpolate_rows(picture.as_raw(), picture.width() as usize, &columns, &rows, &mut pixels);
    GreyImage::of(area.width, area.height, pixels)
}

/// A place between a pixel and the next one of a line.
#[derive(Clone, Copy)]
struct Place {
    pixel: u32,
    /// How far it is to the next.
    share: i16,
}

impl Place {
    fn new(place: f32, limit: u32) -> Self {
        let place = place.clamp(0.0, (limit - 1) as f32);
        let pixel = place as u32;
        Self { pixel, share: ((place - pixel as f32) * (1 << FRACTION) as f32) as i16 }
    }
}

/// In long loops of 16-bit integers: first between rows, then the neighbours of each place side by side, then between them.
#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn interpolate_rows(picture: &[u8], stride: usize, columns: &[Place], rows: &[Place], pixels: &mut [u8]) {
    /// Fractional bits of the grey values between rows.
    const BITS: u32 = 6;
    let (Some(first), Some(last)) = (columns.first(), columns.last()) else { return };
    let (left, last_row) = (first.pixel as usize, picture.len() / stride - 1);
    // One pixel more, the last one's neighbour; beyond the picture's edge its share is nothing.
    let mut line = vec![0i16; last.pixel as usize + 2 - left];
    let offsets: Vec<u16> = columns.iter().map(|column| (column.pixel as usize - left) as u16).collect();
    let shares: Vec<i16> = columns.iter().map(|column| column.share << (15 - FRACTION)).collect();
    let mut pairs = vec![[0i16; 2]; columns.len()];
    for (row, out) in rows.iter().zip(pixels.chunks_exact_mut(columns.len())) {
        let part = |row: usize| {
            let row = &picture[row.min(last_row) * stride..][..stride];
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

/// The numbers at each offset of a line and right after it.
fn gather(line: &[i16], offsets: &[u16], pairs: &mut [[i16; 2]]) {
    for (pair, &offset) in pairs.iter_mut().zip(offsets) {
        *pair = line[usize::from(offset)..].first_chunk().copied().unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: CropSpec = CropSpec { face: 64, margin: 16, coarse: 28 };

    /// A picture whose grey value grows with x.
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
            let picture = texture(side);
            let crop = Crop::new(&picture, &bounds, &SPEC);
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
    fn a_box_outside_the_photograph_shows_its_edge() {
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
            for picture in [&empty, &one, &ramp] {
                assert_eq!(Crop::new(picture, &bounds, &SPEC).cut().pixels().dimensions(), (96, 96));
            }
        }
    }
}

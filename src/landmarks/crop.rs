//! The face at a canonical scale: what all stages of the cascade look at.
//!
//! ```text
//!   photograph                        crop (side × side pixels)
//!   ┌───────────────────┐            ┌──────────────────┐
//!   │      ┌╌╌╌╌╌╌╌┐    │            │   margin         │
//!   │      ╎┌─────┐╎    │  resample  │   ┌──────────┐   │
//!   │      ╎│ box │╎    │ ─────────► │   │ box:     │   │
//!   │      ╎└─────┘╎    │            │   │ face px  │   │
//!   │      └╌╌╌╌╌╌╌┘    │            │   └──────────┘   │
//!   └───────────────────┘            └──────────────────┘
//! ```
//!
//! Resampling once makes the features independent of the photograph's size, and every later look-up stays in a few kilobytes
//! of memory.

use bincode::{Decode, Encode};
use multiversion::multiversion;

use crate::geometry::{Point, Rect};
use crate::image::GrayImage;
use crate::image::pyramid::{Area, half_of};

/// The size of a crop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
pub struct CropSpec {
    /// The side of the face's box in the crop, in crop pixels.
    pub face: u16,
    /// What the crop shows on each side of the box, in crop pixels.
    pub margin: u16,
}

impl CropSpec {
    /// The side of the whole crop in crop pixels.
    pub fn side(&self) -> u32 {
        u32::from(self.face) + 2 * u32::from(self.margin)
    }

    /// Where the box stands in the crop, in crop pixels.
    pub fn bounds(&self) -> Rect {
        Rect::new(self.margin.into(), self.margin.into(), self.face.into(), self.face.into())
    }
}

/// A square piece of a photograph around a face, scaled so that the box has the side that [`CropSpec::face`] says.
#[derive(Clone, Debug)]
pub struct Crop {
    /// `side × side` grey pixels; beyond the photograph's edge its outermost pixels go on.
    pub pixels: GrayImage,
    /// The crop's top-left corner in the photograph.
    corner: Point,
    /// Photograph pixels a crop pixel.
    scale: f32,
}

impl Crop {
    /// Cuts the crop of the face in `bounds` from a photograph. A box that is not square counts as the square of the
    /// same centre and mean side.
    ///
    /// Any box gives a crop: one that lies outside the photograph shows its edge.
    pub fn new(photograph: &GrayImage, bounds: &Rect, spec: &CropSpec) -> Self {
        let box_side = (bounds.width + bounds.height) / 2.0;
        let scale = (box_side / f32::from(spec.face)).max(1e-3);
        let side = scale * spec.side() as f32;
        let corner = bounds.centre() - Point::new(side / 2.0, side / 2.0);
        Self { pixels: resample(photograph, corner, scale, spec.side()), corner, scale }
    }

    /// From photograph to crop coordinates. Both count from pixel centres, boxes from pixel edges.
    pub fn to_crop(&self, p: Point) -> Point {
        (p - self.corner) * (1.0 / self.scale)
    }

    /// From crop to photograph coordinates.
    pub fn to_photograph(&self, p: Point) -> Point {
        p * self.scale + self.corner
    }
}

/// A square of a picture, scaled to `size × size` pixels: halved until at most two of its pixels make one, then
/// interpolated between neighbours, as from the octave of an image pyramid. Beyond the picture its edge goes on.
///
/// `corner` is the place of the first pixel, `scale` the distance of pixels, both in picture pixels.
fn resample(picture: &GrayImage, corner: Point, scale: f32, size: u32) -> GrayImage {
    if picture.is_empty() {
        return GrayImage::new(size, size);
    }
    if scale <= 2.0 || picture.dimensions() == (1, 1) {
        return interpolate(picture, corner, scale, size);
    }
    // Only what the crop shows, with a pixel more for the neighbours.
    let extent = scale * size as f32;
    let part = |start: f32, limit: u32| {
        let first = (start - 1.0).clamp(0.0, (limit - 1) as f32) as u32;
        let last = (start + extent + 2.0).clamp((first + 1) as f32, limit as f32) as u32;
        (first, last.max(first + 1) - first)
    };
    let ((left, width), (top, height)) = (part(corner.x, picture.width()), part(corner.y, picture.height()));
    let halved = half_of(picture, &Area { left, top, width, height });
    // The first pixel of the half has its centre between two.
    let corner = (corner - Point::new(left as f32 + 0.5, top as f32 + 0.5)) * 0.5;
    resample(&halved, corner, 0.5 * scale, size)
}

/// Fractional bits of the places between pixels.
const FRACTION: u32 = 7;

/// The grey values at `size × size` places, `scale` pixels apart, each from its four neighbours.
fn interpolate(picture: &GrayImage, corner: Point, scale: f32, size: u32) -> GrayImage {
    let places = |start: f32, limit: u32| -> Vec<Place> {
        (0..size).map(|i| Place::new(start + scale * i as f32, limit)).collect()
    };
    let (columns, rows) = (places(corner.x, picture.width()), places(corner.y, picture.height()));
    let mut pixels = vec![0; (size * size) as usize];
    interpolate_rows(picture.as_raw(), picture.width() as usize, &columns, &rows, &mut pixels);
    GrayImage::from_raw(size, size, pixels).unwrap_or_default()
}

/// A place between a pixel and the next one of a line.
#[derive(Clone, Copy)]
struct Place {
    pixel: u32,
    /// How far it is to the next.
    share: i32,
}

impl Place {
    fn new(place: f32, limit: u32) -> Self {
        let place = place.clamp(0.0, (limit - 1) as f32);
        let pixel = place as u32;
        Self { pixel, share: ((place - pixel as f32) * (1 << FRACTION) as f32) as i32 }
    }
}

#[multiversion(targets("x86_64+avx2"))]
fn interpolate_rows(picture: &[u8], stride: usize, columns: &[Place], rows: &[Place], pixels: &mut [u8]) {
    let (Some(first), Some(last)) = (columns.first(), columns.last()) else { return };
    let (left, last_row) = (first.pixel as usize, picture.len() / stride - 1);
    // One pixel more, the last one's neighbour; beyond the picture's edge its share is nothing.
    let mut line = vec![0i32; last.pixel as usize + 2 - left];
    let offsets: Vec<u16> = columns.iter().map(|column| (column.pixel as usize - left) as u16).collect();
    for (row, out) in rows.iter().zip(pixels.chunks_exact_mut(columns.len())) {
        let part = |row: usize| {
            let row = &picture[row.min(last_row) * stride..][..stride];
            &row[left..stride.min(left + line.len())]
        };
        let (above, below) = (part(row.pixel as usize), part(row.pixel as usize + 1));
        for ((v, &above), &below) in line.iter_mut().zip(above).zip(below) {
            *v = (i32::from(above) << FRACTION) + (i32::from(below) - i32::from(above)) * row.share;
        }
        for ((out, &offset), column) in out.iter_mut().zip(&offsets).zip(columns) {
            let pair = &line[usize::from(offset)..][..2];
            let sum = (pair[0] << FRACTION) + (pair[1] - pair[0]) * column.share;
            *out = ((sum + (1 << (2 * FRACTION - 1))) >> (2 * FRACTION)) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: CropSpec = CropSpec { face: 64, margin: 16 };

    /// A picture whose grey value grows with x.
    fn ramp() -> GrayImage {
        GrayImage::from_fn(200, 200, |x, _| image::Luma([x as u8]))
    }

    #[test]
    fn crop_coordinates_hit_the_same_grey_values() {
        for bounds in
            [Rect::new(50.0, 60.0, 96.0, 96.0), Rect::new(40.5, 30.25, 100.0, 90.0), Rect::new(90.0, 90.0, 40.0, 40.0)]
        {
            let crop = Crop::new(&ramp(), &bounds, &SPEC);
            for (x, y) in [(20u32, 40u32), (48, 48), (70, 20)] {
                let there = crop.to_photograph(Point::new(x as f32, y as f32));
                let grey = f32::from(crop.pixels.get_pixel(x, y).0[0]);
                assert!((grey - there.x).abs() < 1.0, "{grey} at {there:?}");
                assert!(crop.to_crop(there).distance(Point::new(x as f32, y as f32)) < 1e-3);
            }
        }
    }

    #[test]
    fn a_box_outside_the_photograph_shows_its_edge() {
        let crop = Crop::new(&ramp(), &Rect::new(500.0, 50.0, 30.0, 30.0), &SPEC);
        assert!(crop.pixels.pixels().all(|p| p.0[0] == 199));
        let crop = Crop::new(&ramp(), &Rect::new(-10.0, -10.0, 60.0, 60.0), &SPEC);
        assert_eq!(crop.pixels.get_pixel(0, 0).0[0], 0);
        Crop::new(&ramp(), &Rect::new(-1e9, 0.0, 1e8, 1e8), &SPEC);
        Crop::new(&GrayImage::new(1, 1), &Rect::new(0.0, 0.0, 1.0, 1.0), &SPEC);
        for bounds in [Rect::new(0.0, 0.0, 1.0, 1.0), Rect::new(f32::NAN, 0.0, f32::INFINITY, 1.0)] {
            Crop::new(&GrayImage::new(0, 0), &bounds, &SPEC);
            Crop::new(&ramp(), &bounds, &SPEC);
        }
    }
}

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
//! Resampling once with a filter as wide as the reduction makes the features independent of the photograph's size, and
//! every later look-up stays in a few kilobytes of memory.

use bincode::{Decode, Encode};
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};

use crate::geometry::{Point, Rect};
use crate::image::GrayImage;

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
    /// The largest side in photograph pixels that is read at full resolution.
    const LARGEST_PATCH: f32 = 8192.0;

    /// Cuts the crop of the face in `bounds` from a photograph. A box that is not square counts as the square of the
    /// same centre and mean side.
    ///
    /// Any box gives a crop: one that lies outside the photograph shows its edge.
    pub fn new(photograph: &GrayImage, bounds: &Rect, spec: &CropSpec) -> Self {
        let box_side = (bounds.width + bounds.height) / 2.0;
        let scale = (box_side / f32::from(spec.face)).max(1e-3);
        let side = scale * spec.side() as f32;
        let corner = bounds.centre() - Point::new(side / 2.0, side / 2.0);
        Self { pixels: resample(photograph, corner, side, spec.side()), corner, scale }
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

/// The square of `side` pixels at `corner`, resampled to `size × size` with an antialiasing triangle filter.
fn resample(photograph: &GrayImage, corner: Point, side: f32, size: u32) -> GrayImage {
    // A crop coordinate c stands for the photograph coordinate corner + scale·c, both at pixel centres. The resizer
    // counts from pixel edges, half a pixel further on each side.
    let scale = side / size as f32;
    let (left, top) = (corner.x + 0.5 - scale / 2.0, corner.y + 0.5 - scale / 2.0);
    let (width, height) = photograph.dimensions();
    let inside = left >= 0.0 && top >= 0.0 && left + side <= width as f32 && top + side <= height as f32;
    let resized = if inside {
        TypedImageRef::from_buffer(width, height, photograph.as_raw())
            .map(|source| resize(&source, [left, top, side], size))
    } else {
        let (patch, left, top, side) = clamped_patch(photograph, left, top, side);
        TypedImageRef::from_buffer(patch.width(), patch.height(), patch.as_raw())
            .map(|source| resize(&source, [left, top, side], size))
    };
    resized.unwrap_or_else(|_| GrayImage::new(size, size))
}

/// A smaller copy of a square crop, `size × size` pixels.
pub(super) fn shrink(crop: &GrayImage, size: u32) -> GrayImage {
    resample(crop, Point::default(), crop.width() as f32, size)
}

fn resize(source: &TypedImageRef<U8>, [left, top, side]: [f32; 3], size: u32) -> GrayImage {
    let mut pixels = vec![0; (size * size) as usize];
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear)).crop(
        left.into(),
        top.into(),
        side.into(),
        side.into(),
    );
    if let Ok(mut target) = TypedImage::<U8>::from_buffer(size, size, &mut pixels) {
        // It fails only for a crop outside the source, and the callers' lie inside. (`resize` without `_typed` would
        // compile the resizer for every pixel type there is: minutes.)
        let _ = Resizer::new().resize_typed(source, &mut target, &options);
    }
    GrayImage::from_raw(size, size, pixels).unwrap_or_else(|| GrayImage::new(size, size))
}

/// The pixels under the square, with the photograph's edge repeated where the square leaves it, and the square's left,
/// top and side in that patch.
fn clamped_patch(photograph: &GrayImage, left: f32, top: f32, side: f32) -> (GrayImage, f32, f32, f32) {
    // A square that is far larger than any face is read with steps, so that memory stays bounded.
    let step = (side / Crop::LARGEST_PATCH).ceil().max(1.0);
    let (x0, y0) = ((left / step).floor(), (top / step).floor());
    let (left, top, side) = (left / step - x0, top / step - y0, side / step);
    let extent = side.ceil() as usize + 2;
    let column = |x: usize| (((x0 + x as f32) * step) as i64).clamp(0, i64::from(photograph.width()) - 1) as usize;
    let columns: Vec<usize> = (0..extent).map(column).collect();
    // Columns that follow each other in the photograph are copied at once.
    let repeated_left = columns.windows(2).take_while(|pair| pair[0] == pair[1]).count();
    let run = columns[repeated_left..].windows(2).take_while(|pair| pair[1] == pair[0] + 1).count() + 1;
    let (width, height) = (photograph.width() as usize, i64::from(photograph.height()));
    let mut pixels = Vec::with_capacity(extent * extent);
    for y in 0..extent {
        let row = (((y0 + y as f32) * step) as i64).clamp(0, height - 1) as usize;
        let row = &photograph.as_raw()[row * width..][..width];
        pixels.extend(columns[..repeated_left].iter().map(|&x| row[x]));
        pixels.extend_from_slice(&row[columns[repeated_left]..][..run]);
        pixels.extend(columns[repeated_left + run..].iter().map(|&x| row[x]));
    }
    (GrayImage::from_raw(extent as u32, extent as u32, pixels).unwrap_or_default(), left, top, side)
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
    }
}

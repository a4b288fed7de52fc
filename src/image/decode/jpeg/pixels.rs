//! Turns the coefficients of a JPEG into pixels: the inverse transform, upsampling, and colours.
//!
//! Chroma of half the size is interpolated as libjpeg does it, so that an image looks the same here and there.

use image::{DynamicImage, GrayImage, RgbImage};

use super::block::ZIGZAG;
use super::coefficients::{Plane, most_samples};
use super::layout::{Frame, Layout};

/// How samples become colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Colours {
    Grey,
    Rgb,
    YCbCr,
    /// Stored inverted, as Adobe's programs do.
    Cmyk,
    /// Inverted CMYK whose first three components are sent as YCbCr.
    Ycck,
}

fn colours(layout: &Layout<'_>) -> Colours {
    let ids: Vec<u8> = layout.frame.components.iter().map(|component| component.id).collect();
    match (ids.as_slice(), layout.adobe) {
        ([_], _) => Colours::Grey,
        ([_, _, _], Some(0)) => Colours::Rgb,
        (b"RGB", None) if !layout.has_jfif => Colours::Rgb,
        ([_, _, _], _) => Colours::YCbCr,
        (_, Some(2)) => Colours::Ycck,
        _ => Colours::Cmyk,
    }
}

/// Samples of a component.
struct Samples {
    width: usize,
    height: usize,
    stride: usize,
    levels: Vec<u8>,
    /// How many pixels a sample stands for, across and down, as fractions.
    scale: [(usize, usize); 2],
}

/// The image.
pub(super) fn image(layout: &Layout<'_>, planes: Vec<Plane>) -> DynamicImage {
    let frame = &layout.frame;
    let most = most_samples(frame);
    let samples: Vec<Samples> = planes
        .into_iter()
        .zip(&frame.components)
        .map(|(plane, component)| Samples {
            width: plane.size.0,
            height: plane.size.1,
            stride: plane.blocks.0 * 8,
            levels: levels(&plane, frame.precision),
            scale: [(most.0, component.sampling.0), (most.1, component.sampling.1)],
        })
        .collect();
    combine(frame, colours(layout), &samples)
}

fn combine(frame: &Frame, colours: Colours, samples: &[Samples]) -> DynamicImage {
    let width = frame.width as usize;
    let mut rows: Vec<Vec<u8>> = samples.iter().map(|_| vec![0; width]).collect();
    let mut sums = Vec::new();
    if colours == Colours::Grey {
        let mut grey = GrayImage::new(frame.width, frame.height);
        for (y, out) in grey.chunks_exact_mut(width).enumerate() {
            samples[0].row(y, &mut sums, out);
        }
        return grey.into();
    }
    let mut rgb = RgbImage::new(frame.width, frame.height);
    for (y, out) in rgb.chunks_exact_mut(3 * width).enumerate() {
        for (samples, row) in samples.iter().zip(&mut rows) {
            samples.row(y, &mut sums, row);
        }
        for (x, pixel) in out.as_chunks_mut::<3>().0.iter_mut().enumerate() {
            let stored = [rows[0][x], rows[1][x], rows[2][x]];
            let key = rows.get(3).map_or(255, |row| u32::from(row[x]));
            let times_key = |level: u8| ((u32::from(level) * key + 127) / 255) as u8;
            *pixel = match colours {
                Colours::YCbCr => rgb_of(stored),
                Colours::Cmyk => stored.map(times_key),
                Colours::Ycck => rgb_of(stored).map(|level| times_key(255 - level)),
                Colours::Rgb | Colours::Grey => stored,
            };
        }
    }
    rgb.into()
}

/// The conversion of JFIF, in units of 2^-16.
fn rgb_of([luma, blue, red]: [u8; 3]) -> [u8; 3] {
    let (luma, blue, red) = (i32::from(luma) << 16, i32::from(blue) - 128, i32::from(red) - 128);
    [luma + 91_881 * red, luma - 22_554 * blue - 46_802 * red, luma + 116_130 * blue]
        .map(|level| ((level + (1 << 15)) >> 16).clamp(0, 255) as u8)
}

impl Samples {
    /// A row of the image.
    fn row(&self, y: usize, sums: &mut Vec<u32>, out: &mut [u8]) {
        let at = |row: usize| &self.levels[row.min(self.height - 1) * self.stride..][..self.width];
        let [(wide, h), (high, v)] = self.scale;
        let doubled = |most: usize, own: usize| most == 2 * own;
        let (across, down) = (doubled(wide, h) && self.width > 2, doubled(high, v));
        // The nearer of two rows counts three times. `scale` and the added halves are those of libjpeg.
        let near = y * v / high;
        let far = if y % 2 == 1 { near + 1 } else { near.saturating_sub(1) };
        if down && (across || wide == h) {
            sums.clear();
            sums.extend(at(near).iter().zip(at(far)).map(|(&near, &far)| 3 * u32::from(near) + u32::from(far)));
            if across {
                double(sums, 4, (8, 7), out);
            } else {
                let half = if y % 2 == 1 { 2 } else { 1 };
                for (out, sum) in out.iter_mut().zip(sums) {
                    *out = ((*sum + half) >> 2) as u8;
                }
            }
        } else if across && high == v {
            sums.clear();
            sums.extend(at(near).iter().map(|&level| u32::from(level)));
            double(sums, 2, (1, 2), out);
        } else {
            let levels = at(near);
            for (x, out) in out.iter_mut().enumerate() {
                *out = levels[(x * h / wide).min(self.width - 1)];
            }
        }
    }
}

/// Twice as many samples, each three parts of the nearer and one of the farther; the sums have `bits` more bits at the end.
fn double(sums: &[u32], bits: u32, (even, odd): (u32, u32), out: &mut [u8]) {
    for (x, out) in out.iter_mut().enumerate() {
        let near = sums[x / 2];
        let (far, half) = if x % 2 == 1 {
            (sums.get(x / 2 + 1).unwrap_or(&near), odd)
        } else {
            (sums.get((x / 2).wrapping_sub(1)).unwrap_or(&near), even)
        };
        *out = ((3 * near + far + half) >> bits) as u8;
    }
}

/// The samples of all blocks.
fn levels(plane: &Plane, precision: u8) -> Vec<u8> {
    let stride = plane.blocks.0 * 8;
    let mut levels = vec![0; stride * plane.blocks.1 * 8];
    let mut factors = [0i64; 64];
    for (&at, &factor) in ZIGZAG.iter().zip(&plane.quantisation) {
        factors[at] = i64::from(factor);
    }
    // Samples of 12 bits lose the lowest four.
    let (middle, most, surplus) = (1i64 << (precision - 1), (1i64 << precision) - 1, precision - 8);
    for (number, block) in plane.coefficients.as_chunks::<64>().0.iter().enumerate() {
        let corner = number / plane.blocks.0 * 8 * stride + number % plane.blocks.0 * 8;
        let samples = transform(&std::array::from_fn(|k| i64::from(block[k]) * factors[k]));
        for (row, samples) in samples.as_chunks::<8>().0.iter().enumerate() {
            let out = &mut levels[corner + row * stride..][..8];
            for (out, &sample) in out.iter_mut().zip(samples) {
                *out = ((sample + middle).clamp(0, most) >> surplus) as u8;
            }
        }
    }
    levels
}

/// The inverse cosine transform of Loeffler, Ligtenberg and Moschytz (1989): rows after columns, with constants in units of
/// 2^-13, as in libjpeg's slow and exact variant.
fn transform(block: &[i64; 64]) -> [i64; 64] {
    let mut between = [0; 64];
    for column in 0..8 {
        let values = eight(std::array::from_fn(|row| block[row * 8 + column]));
        for (row, value) in values.into_iter().enumerate() {
            between[row * 8 + column] = (value + (1 << 10)) >> 11;
        }
    }
    let mut samples = [0; 64];
    for (row, samples) in samples.as_chunks_mut::<8>().0.iter_mut().enumerate() {
        let values = eight(std::array::from_fn(|column| between[row * 8 + column]));
        *samples = values.map(|value| (value + (1 << 17)) >> 18);
    }
    samples
}

/// One dimension of the transform, 2^13 times as large.
fn eight(v: [i64; 8]) -> [i64; 8] {
    let turned = (v[2] + v[6]) * 4_433;
    let (t2, t3) = (turned - v[6] * 15_137, turned + v[2] * 6_270);
    let (t0, t1) = ((v[0] + v[4]) << 13, (v[0] - v[4]) << 13);
    let even = [t0 + t3, t1 + t2, t1 - t2, t0 - t3];
    let (z1, z2, z3, z4) = (v[7] + v[1], v[5] + v[3], v[7] + v[3], v[5] + v[1]);
    let z5 = (z3 + z4) * 9_633;
    let (z1, z2) = (z1 * -7_373, z2 * -20_995);
    let (z3, z4) = (z3 * -16_069 + z5, z4 * -3_196 + z5);
    let odd = [v[1] * 12_299 + z1 + z4, v[3] * 25_172 + z2 + z3, v[5] * 16_819 + z2 + z4, v[7] * 2_446 + z1 + z3];
    std::array::from_fn(|i| if i < 4 { even[i] + odd[i] } else { even[7 - i] - odd[7 - i] })
}

//! Length and direction of the grey-value gradient at every pixel.

use multiversion::multiversion;

use crate::image::GrayImage;

/// Signed directions, 20° apart.
pub const ORIENTATIONS: usize = 18;

/// Unit vectors of the first nine directions; the other nine are their opposites.
const DIRECTIONS: [(f32, f32); 9] = [
    (1.0, 0.0),
    (0.939_692_6, 0.342_020_15),
    (0.766_044_44, 0.642_787_6),
    (0.5, 0.866_025_4),
    (0.173_648_18, 0.984_807_8),
    (-0.173_648_18, 0.984_807_8),
    (-0.5, 0.866_025_4),
    (-0.766_044_44, 0.642_787_6),
    (-0.939_692_6, 0.342_020_15),
];

/// Gradient lengths and nearest directions (0 to 17) of a row of pixels. At the picture's edge the outermost pixel is repeated.
///
/// # Panics
/// If the row does not exist or a slice is not as long as a row.
pub fn gradient_row(image: &GrayImage, row: usize, lengths: &mut [f32], directions: &mut [u8]) {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let line = |y: usize| &image.as_raw()[y * width..][..width];
    let (above, here, below) = (line(row.saturating_sub(1)), line(row), line((row + 1).min(height - 1)));
    let mut edge = |x: usize| {
        let (left, right) = (x.saturating_sub(1), (x + 1).min(width - 1));
        (lengths[x], directions[x]) = gradient(here[left], here[right], above[x], below[x]);
    };
    edge(0);
    edge(width - 1);
    if width > 2 {
        let inner = 1..width - 1;
        let beside = (&here[..width - 2], &here[2..]);
        inside(
            beside,
            (&above[inner.clone()], &below[inner.clone()]),
            &mut lengths[inner.clone()],
            &mut directions[inner],
        );
    }
}

#[multiversion(targets("x86_64+avx2"))]
fn inside(beside: (&[u8], &[u8]), over: (&[u8], &[u8]), lengths: &mut [f32], directions: &mut [u8]) {
    let len = lengths.len();
    // Slices of one length and a plain loop: the compiler can leave out the checks and use vectors.
    let (left, right) = (&beside.0[..len], &beside.1[..len]);
    let (above, below) = (&over.0[..len], &over.1[..len]);
    let directions = &mut directions[..len];
    for x in 0..len {
        (lengths[x], directions[x]) = gradient(left[x], right[x], above[x], below[x]);
    }
}

#[inline(always)]
fn gradient(left: u8, right: u8, above: u8, below: u8) -> (f32, u8) {
    let dx = (i32::from(right) - i32::from(left)) as f32;
    let dy = (i32::from(below) - i32::from(above)) as f32;
    let (mut best, mut direction) = (0.0f32, 0i32);
    for (k, (x, y)) in DIRECTIONS.into_iter().enumerate() {
        let along = x * dx + y * dy;
        let candidate = if along < 0.0 { k as i32 + 9 } else { k as i32 };
        let better = along.abs() > best;
        direction = if better { candidate } else { direction };
        best = if better { along.abs() } else { best };
    }
    ((dx * dx + dy * dy).sqrt(), direction as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ramps_point_where_they_rise() {
        for (dx, dy, wanted) in [(1.0f32, 0.0f32, 0u8), (0.0, 2.0, 4), (-3.0, 0.0, 9), (1.0, 1.0, 2), (-1.0, -1.0, 11)]
        {
            let image = GrayImage::from_fn(20, 20, |x, y| image::Luma([(100.0 + dx * x as f32 + dy * y as f32) as u8]));
            let (mut lengths, mut directions) = ([0.0; 20], [0; 20]);
            gradient_row(&image, 10, &mut lengths, &mut directions);
            assert_eq!(lengths[7], 2.0 * dx.hypot(dy));
            // Straight down lies between the directions at 80° and 100°.
            assert!(directions[7] == wanted || wanted == 4 && directions[7] == 5, "{} not {wanted}", directions[7]);
        }
    }
}

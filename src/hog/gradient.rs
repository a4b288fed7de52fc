//! Length and direction of the grey-value gradient at every pixel.

use crate::image::GreyImage;

/// Signed directions, 20° apart.
pub const ORIENTATIONS: usize = 18;

/// The tangents of 10°, 30°, 50° and 70°, the borders between neighbouring directions in the first quadrant.
const BORDERS: [f32; 4] = [0.176_326_98, 0.577_350_26, 1.191_753_6, 2.747_477_4];

/// Computes the gradients of a row of pixels: their lengths, in twice the grey levels per pixel, and their nearest
/// directions from 0 to 17, 20° apart. At the image's edge the outermost pixel is repeated.
///
/// # Panics
/// If the row does not exist or a slice is not as long as a row.
pub fn gradient_row(image: &GreyImage, row: usize, lengths: &mut [f32], directions: &mut [u8]) {
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

#[cfg_attr(not(lineament_scalar), multiversion::multiversion(targets("x86_64+avx2")))]
fn inside(beside: (&[u8], &[u8]), over: (&[u8], &[u8]), lengths: &mut [f32], directions: &mut [u8]) {
    let len = lengths.len();
    // Slices of one length and a plain loop: the compiler then needs no checks and uses vectors.
    let (left, right) = (&beside.0[..len], &beside.1[..len]);
    let (above, below) = (&over.0[..len], &over.1[..len]);
    let directions = &mut directions[..len];
    for x in 0..len {
        (lengths[x], directions[x]) = gradient(left[x], right[x], above[x], below[x]);
    }
}

/// Returns length and direction. The direction is found in the first quadrant, by counting the borders that lie below the
/// gradient, and mirrored into its own quadrant:
///
/// ```text
///   9 − n │ n          Between the directions at 80° and 100°, and at 260° and 280°,
///   ──────┼──────      the first one counts.
///   9 + n │ 18 − n
/// ```
#[inline(always)]
fn gradient(left: u8, right: u8, above: u8, below: u8) -> (f32, u8) {
    let dx = i32::from(right) - i32::from(left);
    let dy = i32::from(below) - i32::from(above);
    let (across, down) = (dx as f32, dy as f32);
    let mut passed = 0;
    for border in BORDERS {
        passed += i32::from(down.abs() > border * across.abs());
    }
    // Below 0 where dx is, or where dx is 0 and dy below: differences are at most 255.
    let leftwards = 256 * dx + dy < 0;
    let half = if leftwards { 9 - passed } else { passed };
    let whole = if dy < 0 { 18 - half } else { half };
    ((across * across + down * down).sqrt(), if whole == 18 { 0 } else { whole as u8 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ramps_point_where_they_rise() {
        for (dx, dy, wanted) in
            [(1.0f32, 0.0f32, 0u8), (0.0, 2.0, 4), (-3.0, 0.0, 9), (1.0, 1.0, 2), (-1.0, -1.0, 11), (0.0, -2.0, 13)]
        {
            let image = GreyImage::from_fn(20, 20, |x, y| (100.0 + dx * x as f32 + dy * y as f32) as u8);
            let (mut lengths, mut directions) = ([0.0; 20], [0; 20]);
            gradient_row(&image, 10, &mut lengths, &mut directions);
            assert_eq!(lengths[7], 2.0 * dx.hypot(dy));
            assert_eq!(directions[7], wanted);
        }
    }

    #[test]
    fn every_gradient_has_the_direction_with_the_longest_projection() {
        for (dx, dy) in (-255i32..=255).step_by(3).flat_map(|dx| (-255i32..=255).map(move |dy| (dx, dy))) {
            let [left, above] = [dx, dy].map(|d| (-d).max(0) as u8);
            let [right, below] = [dx, dy].map(|d| d.max(0) as u8);
            let (length, direction) = gradient(left, right, above, below);
            let along = |k: u8| {
                let angle = f64::from(k) * std::f64::consts::PI / 9.0;
                f64::from(dx) * angle.cos() + f64::from(dy) * angle.sin()
            };
            let longest = (0..18).map(along).fold(f64::MIN, f64::max);
            assert!(along(direction) > longest - 1e-4, "{direction} for {dx}, {dy}");
            assert!((f64::from(length) - f64::from(dx).hypot(f64::from(dy))).abs() < 1e-3);
        }
    }
}

//! A second implementation of the features for the tests: straight from the paper's text, in double precision.

use crate::image::GreyImage;

/// Returns the 31 features of every cell, row by row.
pub fn features(image: &GreyImage, cell: usize) -> Vec<[f64; 31]> {
    let (width, height) = (image.width() as i64, image.height() as i64);
    let (columns, rows) = (width / cell as i64, height / cell as i64);
    let grey = |x: i64, y: i64| f64::from(image.pixel(x.clamp(0, width - 1) as u32, y.clamp(0, height - 1) as u32));
    let mut votes = vec![[0.0f64; 18]; (columns * rows) as usize];
    for y in 0..height {
        for x in 0..width {
            let (dx, dy) = (grey(x + 1, y) - grey(x - 1, y), grey(x, y + 1) - grey(x, y - 1));
            let along = |k: usize| {
                let angle = k as f64 * std::f64::consts::PI / 9.0;
                dx * angle.cos() + dy * angle.sin()
            };
            // A gradient at 90° is exactly between two directions: the first one counts. At 45° it is not.
            let direction = (1..18).fold(0, |best, k| if along(k) > along(best) + 1e-4 { k } else { best });
            let (column, row) = ((x as f64 + 0.5) / cell as f64 - 0.5, (y as f64 + 0.5) / cell as f64 - 0.5);
            for r in 0..rows {
                for c in 0..columns {
                    let share = (1.0 - (column - c as f64).abs()).max(0.0) * (1.0 - (row - r as f64).abs()).max(0.0);
                    votes[(r * columns + c) as usize][direction] += share * dx.hypot(dy);
                }
            }
        }
    }
    let at = |c: i64, r: i64| votes[(r.clamp(0, rows - 1) * columns + c.clamp(0, columns - 1)) as usize];
    let energy = |c: i64, r: i64| (0..9).map(|k| (at(c, r)[k] + at(c, r)[k + 9]).powi(2)).sum::<f64>();
    let mut features = Vec::new();
    for r in 0..rows {
        for c in 0..columns {
            let mut cell = [0.0; 31];
            for (b, (i, j)) in [(-1, -1), (1, -1), (-1, 1), (1, 1)].into_iter().enumerate() {
                let norm = (energy(c, r) + energy(c + i, r) + energy(c, r + j) + energy(c + i, r + j) + 1e-4).sqrt();
                for k in 0..18 {
                    let clipped = (at(c, r)[k] / norm).min(0.2);
                    cell[k] += clipped / 2.0;
                    cell[27 + b] += clipped / 18f64.sqrt();
                }
                for k in 0..9 {
                    cell[18 + k] += ((at(c, r)[k] + at(c, r)[k + 9]) / norm).min(0.2) / 2.0;
                }
            }
            features.push(cell);
        }
    }
    features
}

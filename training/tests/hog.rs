//! The library's histograms beside `imageproc::hog`, where the definitions meet: both put the
//! gradient of an even ramp, whatever its direction, into one of nine unsigned orientations, 20°
//! apart from the positive x-axis on. (Cells, votes between orientations and normalisation differ.)

use image::GrayImage;
use imageproc::hog::{HogOptions, hog};
use lineament::raw::hog::FeatureMap;

const CELL: usize = 8;
/// Signed orientations, which come first in the library's features.
const SIGNED: usize = 18;
const UNSIGNED: usize = 9;

fn strongest(values: impl Iterator<Item = f32>) -> usize {
    let values: Vec<f32> = values.collect();
    (0..values.len()).max_by(|&a, &b| values[a].total_cmp(&values[b])).unwrap()
}

#[test]
fn ramps_point_the_same_way() {
    for step in 0..2 * UNSIGNED {
        let angle = (20.0 * step as f32).to_radians();
        let ramp = GrayImage::from_fn(64, 64, |x, y| {
            let along = (x as f32 - 32.0) * angle.cos() + (y as f32 - 32.0) * angle.sin();
            image::Luma([(128.0 + 2.5 * along).round() as u8])
        });
        let options = HogOptions::new(UNSIGNED, false, CELL, 1, 1);
        // One cell a block: nine numbers a cell, row by row.
        let theirs = hog(&ramp, options).unwrap();
        let theirs = &theirs[(4 * 64 / CELL + 4) * UNSIGNED..][..UNSIGNED];
        let ours = FeatureMap::new(&ramp, CELL);
        let cell = ours.cell(ours.columns() / 2, ours.rows() / 2);
        let unsigned = strongest(cell[SIGNED..SIGNED + UNSIGNED].iter().map(|&v| f32::from(v)));
        assert_eq!(unsigned, step % UNSIGNED, "{step}");
        assert_eq!(unsigned, strongest(theirs.iter().copied()), "{step}");
        assert_eq!(strongest(cell[..SIGNED].iter().map(|&v| f32::from(v))), step, "signed");
    }
}

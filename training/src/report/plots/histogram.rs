//! Histograms.

use plotters::prelude::{Color, Rectangle};

use super::{Axis, SIZE, axes, colour};
use crate::report::figure::Figure;
use crate::report::folder::ReportError;

/// Maximum and preferred minimum number of bars.
const BARS: (f64, f64) = (40.0, 8.0);

/// Values to count.
#[derive(Clone, Debug)]
pub struct Histogram {
    /// Label of the values, with the unit.
    pub label: String,
    /// Label of the counts.
    pub counted: String,
    /// Values; those that are not finite are left out.
    pub values: Vec<f64>,
}

impl Histogram {
    /// Draws the figure.
    ///
    /// # Errors
    /// If it cannot be drawn.
    pub fn figure(&self, name: &str, title: &str, caption: &str) -> Result<Figure, ReportError> {
        let (start, width, counts) = self.bins();
        let end = start + width * counts.len() as f64;
        let most = counts.iter().copied().max().unwrap_or(0).max(1);
        let x = Axis::new(&self.label, start..end);
        let y = Axis::new(&self.counted, 0.0..1.05 * most as f64);
        Figure::draw(name, title, caption, SIZE, |area| {
            let mut chart = axes(area, &x, &y)?;
            chart.draw_series(counts.iter().enumerate().map(|(i, &count)| {
                let left = start + width * i as f64;
                let gap = 0.06 * width;
                Rectangle::new([(left + gap, 0.0), (left + width - gap, count as f64)], colour(0).filled())
            }))?;
            Ok(())
        })
    }

    /// Start of the first bin, width of the bins (1, 2 or 5 times a power of ten), and number of
    /// values in each.
    fn bins(&self) -> (f64, f64, Vec<usize>) {
        let finite: Vec<f64> = self.values.iter().copied().filter(|v| v.is_finite()).collect();
        let (low, high) = finite.iter().fold((f64::MAX, f64::MIN), |(low, high), &v| (low.min(v), high.max(v)));
        if finite.is_empty() {
            return (0.0, 1.0, vec![0]);
        }
        // Twice the square root of the number of values.
        let wanted = (2.0 * (finite.len() as f64).sqrt()).clamp(BARS.1, BARS.0);
        let rough = ((high - low) / wanted).max(1e-3 * high.abs()).max(1e-6);
        let power = 10f64.powf(rough.log10().floor());
        let width = [1.0, 2.0, 5.0, 10.0].map(|step| step * power).into_iter().find(|&w| w >= rough).unwrap_or(rough);
        let start = (low / width).floor() * width;
        let mut counts = vec![0; ((high - start) / width) as usize + 1];
        finite.iter().for_each(|v| counts[((v - start) / width) as usize] += 1);
        (start, width, counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bins(values: &[f64]) -> (f64, f64, Vec<usize>) {
        Histogram { label: String::new(), counted: String::new(), values: values.to_vec() }.bins()
    }

    #[test]
    fn every_value_is_in_a_bin_of_round_width() {
        let values: Vec<f64> = (0..=100).map(|i| f64::from(i) - 30.0).collect();
        let (start, width, counts) = bins(&values);
        assert_eq!((start, width, counts.iter().sum::<usize>()), (-30.0, 5.0, 101));
        assert_eq!((counts[0], bins(&values[..9]).1), (5, 1.0));
        assert_eq!(bins(&[f64::NAN]).2, [0]);
        assert_eq!(bins(&[7.0, 7.0]).2.iter().sum::<usize>(), 2);
    }
}

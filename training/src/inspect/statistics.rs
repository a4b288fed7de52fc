//! Distributions of numbers over a data set.

use serde::Serialize;

/// Quantiles and mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Distribution {
    /// Minimum.
    pub min: f64,
    /// 5 % quantile.
    pub p5: f64,
    /// 25 % quantile.
    pub p25: f64,
    /// Median.
    pub median: f64,
    /// 75 % quantile.
    pub p75: f64,
    /// 95 % quantile.
    pub p95: f64,
    /// Maximum.
    pub max: f64,
    /// Mean.
    pub mean: f64,
}

impl Distribution {
    /// Computes the distribution of numbers; none if there is no number.
    pub fn of(numbers: impl IntoIterator<Item = f32>) -> Option<Self> {
        let mut numbers: Vec<f64> = numbers.into_iter().map(f64::from).collect();
        numbers.sort_by(f64::total_cmp);
        let last = numbers.len().checked_sub(1)?;
        let at = |share: f64| numbers[(share * last as f64).round() as usize];
        Some(Self {
            min: numbers[0],
            p5: at(0.05),
            p25: at(0.25),
            median: at(0.5),
            p75: at(0.75),
            p95: at(0.95),
            max: numbers[last],
            mean: numbers.iter().sum::<f64>() / numbers.len() as f64,
        })
    }

    /// Names of [`Self::values`].
    pub const NAMES: [&str; 8] = ["min", "5 %", "25 %", "median", "75 %", "95 %", "max", "mean"];

    /// Values in this order.
    pub fn values(&self) -> [f64; 8] {
        [self.min, self.p5, self.p25, self.median, self.p75, self.p95, self.max, self.mean]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_a_ramp() {
        let found = Distribution::of((0..=100).rev().map(|i| i as f32)).unwrap();
        assert_eq!(found.values(), [0.0, 5.0, 25.0, 50.0, 75.0, 95.0, 100.0, 50.0]);
        assert_eq!(Distribution::of([]), None);
    }
}

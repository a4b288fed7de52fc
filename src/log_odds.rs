//! Probabilities and their odds.

/// The odds `p / (1 − p)` of a probability that is first clamped to a range inside of 0 to 1, so that they are finite and
/// not zero.
pub fn odds(probability: f32, least: f32, most: f32) -> f32 {
    let p = probability.clamp(least, most);
    p / (1.0 - p)
}

/// The natural logarithm of the odds of a probability, clamped to at least `least` and at most `1 − least`.
pub fn log_odds(probability: f32, least: f32) -> f32 {
    odds(probability, least, 1.0 - least).ln()
}

/// The probability of log-odds, the inverse of [`log_odds`]: the logistic function.
pub fn probability(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odds_are_finite_and_come_back() {
        assert_eq!(odds(0.75, 0.01, 0.99), 3.0);
        assert!((odds(1.0, 0.01, 0.99) - 99.0).abs() < 1e-3);
        assert!(log_odds(0.0, 1e-6).is_finite() && log_odds(1.0, 1e-6).is_finite());
        assert!((probability(log_odds(0.3, 1e-6)) - 0.3).abs() < 1e-6);
    }
}

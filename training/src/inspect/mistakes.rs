//! The likely mistakes of annotators, the likeliest first: what looks wrong and what is far from all other shapes, by face.

use std::path::PathBuf;

use serde::Serialize;

use super::Inspection;
use super::suspicion::Kind;

/// A face whose annotation is likely wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mistake {
    /// The image.
    pub image: PathBuf,
    /// The face's place among the image's faces, from 0.
    pub face: usize,
    /// Why, as clauses.
    pub reasons: Vec<String>,
    /// How many deviations the shape is farther than the median from the shape model; none for shapes nearer than those
    /// that were listed.
    pub deviations: Option<f32>,
    /// The landmark that is farthest off, counted from 1.
    pub landmark: Option<usize>,
    /// Whether a rule is broken that no face can break.
    pub certain: bool,
}

/// Merges an inspection's suspicions and outliers by face. Faces that break a rule that holds for every face come first;
/// then those that are far from the shape model, farthest first; at last those whose box or place in the image is odd.
pub fn mistakes(inspection: &Inspection) -> Vec<Mistake> {
    let mut found: Vec<Mistake> = Vec::new();
    for suspicion in &inspection.suspicions {
        let mistake = entry(&mut found, &suspicion.image, suspicion.face);
        mistake.reasons.push(suspicion.what.clone());
        mistake.certain |= !matches!(suspicion.kind, Kind::OutsideImage | Kind::Box);
    }
    for outlier in &inspection.outliers {
        let mistake = entry(&mut found, &outlier.image, outlier.face);
        (mistake.deviations, mistake.landmark) = (Some(outlier.deviations), Some(outlier.landmark));
        mistake.reasons.push(format!(
            "{:.1} % of the eye distance from the shape model, most at landmark {} ({:.1} %)",
            outlier.distance, outlier.landmark, outlier.there
        ));
    }
    let rank = |mistake: &Mistake| mistake.deviations.unwrap_or(f32::MIN);
    // The sort is stable: equal ones stay in the order of their kinds.
    found.sort_by(|a, b| b.certain.cmp(&a.certain).then(rank(b).total_cmp(&rank(a))));
    found
}

/// The face's entry; a new one where it has none.
fn entry<'a>(found: &'a mut Vec<Mistake>, image: &PathBuf, face: usize) -> &'a mut Mistake {
    let place = found.iter().position(|mistake| mistake.image == *image && mistake.face == face);
    let place = place.unwrap_or_else(|| {
        let (reasons, image) = (Vec::new(), image.clone());
        found.push(Mistake { image, face, reasons, deviations: None, landmark: None, certain: false });
        found.len() - 1
    });
    &mut found[place]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::suspicion::{Outlier, Suspicion};

    #[test]
    fn a_face_stands_once_and_broken_rules_come_first() {
        let suspicion =
            |name: &str, kind: Kind| Suspicion { image: name.into(), face: 0, kind, what: format!("{kind:?}") };
        let outlier = |name: &str, deviations: f32| Outlier {
            image: name.into(),
            face: 0,
            distance: 9.0,
            deviations,
            landmark: 58,
            there: 40.0,
        };
        let inspection = Inspection {
            suspicions: vec![
                suspicion("rule", Kind::EyeCorners),
                suspicion("box", Kind::Box),
                suspicion("far", Kind::Box),
            ],
            outliers: vec![outlier("far", 8.0), outlier("less", 5.0)],
            ..Inspection::default()
        };
        let found = mistakes(&inspection);
        let order: Vec<(&str, usize)> = found.iter().map(|m| (m.image.to_str().unwrap(), m.reasons.len())).collect();
        assert_eq!(order, [("rule", 1), ("far", 2), ("less", 1), ("box", 1)]);
    }
}

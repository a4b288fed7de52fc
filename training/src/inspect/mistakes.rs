//! Likely annotation mistakes by face, most likely first: suspicious annotations and unusual
//! shapes.

use std::path::PathBuf;

use serde::Serialize;

use super::Inspection;
use super::suspicion::Kind;

/// A face with a likely annotation mistake.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mistake {
    /// Image.
    #[serde(rename = "picture")]
    pub image: PathBuf,
    /// Index of the face in the image, from 0.
    pub face: usize,
    /// Reasons, as clauses.
    pub reasons: Vec<String>,
    /// Distance from the shape model, in standard deviations above the median; none for shapes that
    /// are not listed.
    pub deviations: Option<f32>,
    /// Landmark farthest from the model, counted from 1.
    pub landmark: Option<usize>,
    /// Whether the annotation breaks a rule that holds for every face.
    pub certain: bool,
}

/// Merges suspicions and outliers by face. Faces that break a rule come first; then those far from
/// the shape model, farthest first; finally those with an unusual box or landmarks outside of the
/// image.
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
    // The sort is stable: equal ranks stay ordered by kind.
    found.sort_by(|a, b| b.certain.cmp(&a.certain).then(rank(b).total_cmp(&rank(a))));
    found
}

/// Entry of a face; a new one if it has none.
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
    fn a_face_is_listed_once_and_broken_rules_come_first() {
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

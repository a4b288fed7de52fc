//! Numbers of an inspection's report, as files.

use lineament::scheme::inter_ocular;

use crate::dataset::Dataset;
use crate::dataset::traits::{eye_opening, mouth_opening, pose};
use crate::inspect::Inspection;
use crate::inspect::mistakes::Mistake;
use crate::report::folder::{ReportError, ReportFolder};
use crate::table::Table;

/// Writes the files.
pub(super) fn write(
    dataset: &Dataset,
    inspection: &Inspection,
    mistakes: &[Mistake],
    folder: &ReportFolder,
) -> Result<(), ReportError> {
    let json = serde_json::to_vec_pretty(inspection).map_err(|error| ReportError::content("numbers", error))?;
    folder.write("numbers.json", &json)?;
    let table = |name: &str, bytes: Result<Vec<u8>, csv::Error>| {
        folder.write(name, &bytes.map_err(|error| ReportError::content(name, error))?)
    };
    table("faces.csv", faces_csv(dataset))?;
    table("mistakes.csv", mistakes_csv(mistakes))?;
    table("components.csv", components_csv(inspection))
}

/// Files of the report, and their content.
pub(super) fn files() -> Vec<(String, String)> {
    [
        ("numbers.json", "all numbers and lists"),
        ("faces.csv", "size, pose and openings of every face"),
        ("mistakes.csv", "the likely mistakes, most likely first"),
        ("components.csv", "standard deviation of each shape component, and its share of the variance"),
    ]
    .map(|(name, what)| (name.into(), what.into()))
    .to_vec()
}

/// One row per face.
fn faces_csv(dataset: &Dataset) -> Result<Vec<u8>, csv::Error> {
    let named = ["image", "face", "subset"];
    let measured = ["box_width", "box_height", "eye_distance", "yaw", "pitch", "roll", "eye_opening", "mouth_opening"];
    let mut table = Table::new(&[&named[..], &measured].concat());
    for image in &dataset.images {
        for (i, face) in image.faces.iter().enumerate() {
            let (shape, bounds, pose) = (&face.shape, face.bounds, pose(&face.shape));
            let sizes = [bounds.width, bounds.height, inter_ocular(shape)];
            let numbers = [pose.yaw, pose.pitch, pose.roll, eye_opening(shape), mouth_opening(shape)];
            let named = vec![image.path.display().to_string(), i.to_string(), image.subset.clone()];
            let measured = sizes.iter().chain(&numbers).map(|v| format!("{v:.4}"));
            table.rows.push(named.into_iter().chain(measured).collect());
        }
    }
    table.csv()
}

fn components_csv(inspection: &Inspection) -> Result<Vec<u8>, csv::Error> {
    let mut table = Table::new(&["component", "deviation_percent", "explained"]);
    if let Some(model) = &inspection.model {
        let components = model.deviations.iter().zip(model.explained()).enumerate();
        table.rows.extend(components.map(|(i, (deviation, share))| {
            vec![(i + 1).to_string(), format!("{deviation:.4}"), format!("{share:.5}")]
        }));
    }
    table.csv()
}

fn mistakes_csv(mistakes: &[Mistake]) -> Result<Vec<u8>, csv::Error> {
    let mut table = Table::new(&["rank", "image", "face", "deviations", "landmark_from_1", "reasons"]);
    for (i, mistake) in mistakes.iter().enumerate() {
        table.rows.push(vec![
            (i + 1).to_string(),
            mistake.image.display().to_string(),
            mistake.face.to_string(),
            mistake.deviations.map_or(String::new(), |v| format!("{v:.2}")),
            mistake.landmark.map_or(String::new(), |landmark| landmark.to_string()),
            mistake.reasons.join("; "),
        ]);
    }
    table.csv()
}

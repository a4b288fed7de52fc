//! Inspection of a data set, as numbers, text and JSON.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use lineament::Shape;
use lineament::raw::annotations::Pixels;
use lineament::raw::annotations::imglab::{self, ImageFile, LabelledBox};
use lineament::raw::decode;
use lineament::raw::decode::ReadOptions;
use lineament::scheme::{POINTS, inter_ocular};
use rayon::prelude::*;
use serde::Serialize;

use super::near_duplicates::{Fingerprint, near_duplicates};
use super::shape_model::ShapeModel;
use super::statistics::Distribution;
use super::suspicion::{Outlier, Suspicion, outliers, suspicions};
use crate::dataset::groups::groups;
use crate::dataset::invalid::invalid;
use crate::dataset::traits::{eye_opening, mouth_opening, pose};
use crate::dataset::{AnnotatedFace, Dataset, Fault};
use crate::progress::Progress;
use crate::table::{Table, number};

/// Results of an inspection.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Inspection {
    /// Counts, in all and by subset.
    pub counts: Vec<Count>,
    /// Distributions of sizes, poses and openings.
    pub distributions: Vec<(String, Distribution)>,
    /// Groups by which errors are reported: family, name and number of faces.
    pub groups: Vec<(String, String, usize)>,
    /// Parts of the data that cannot be used.
    pub faults: Vec<String>,
    /// Annotations that look wrong.
    pub suspicions: Vec<Suspicion>,
    /// Faces farthest from the shape model.
    pub outliers: Vec<Outlier>,
    /// Near-duplicate photographs.
    pub near_duplicates: Vec<NearDuplicate>,
    /// The shape model; none if there are too few faces.
    #[serde(skip)]
    pub model: Option<ShapeModel>,
}

/// Counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Count {
    /// Name of the subset.
    pub subset: String,
    /// Image files.
    #[serde(rename = "pictures")]
    pub images: usize,
    /// Distinct photographs.
    pub photographs: usize,
    /// Annotated faces.
    pub faces: usize,
    /// Faces with a box in the data set.
    pub boxes: usize,
}

/// A pair of near-duplicate photographs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NearDuplicate {
    /// First image.
    pub first: PathBuf,
    /// Second image.
    pub second: PathBuf,
    /// Number of bits, of 64, in which their fingerprints differ.
    pub bits: u32,
}

impl Inspection {
    /// Returns the data set as XML for imglab. Faces with suspicious annotations have the label
    /// `suspicious`, those farthest from the shape model `outlier`. Paths of images are relative to
    /// `folder` if possible.
    pub fn imglab(&self, dataset: &Dataset, folder: &Path) -> String {
        let everything: Vec<u16> = (0..POINTS as u16).collect();
        let mut labels = BTreeMap::new();
        labels.extend(self.outliers.iter().map(|outlier| ((&outlier.image, outlier.face), "outlier")));
        labels.extend(self.suspicions.iter().map(|found| ((&found.image, found.face), "suspicious")));
        let mut xml = imglab::HEADER.to_owned();
        for image in &dataset.images {
            let whole = image.path.canonicalize().unwrap_or_else(|_| image.path.clone());
            let name = whole.strip_prefix(folder).unwrap_or(&whole).to_string_lossy();
            let labelled = image.faces.iter().enumerate().map(|(number, face)| LabelledBox {
                bounds: face.bounds,
                shape: &face.shape,
                landmarks: &everything,
                label: labels.get(&(&image.path, number)).copied(),
            });
            xml += &imglab::image(&ImageFile { file: &name, size: None, pixels: Pixels::Upright }, labelled);
        }
        xml + imglab::FOOTER
    }

    /// Inspects a data set, and decodes every image. `faults` are those of its reader, `most` is
    /// the number of outliers to list.
    pub fn new(dataset: &Dataset, faults: &[Fault], most: usize) -> Self {
        let progress = Progress::new("inspecting", dataset.images.len());
        let looks = dataset.images.par_iter().map(|image| {
            let look = decode::read_grey(&image.path, &ReadOptions::dataset())
                .map(|grey| (grey.dimensions(), Fingerprint::new(&grey.into())))
                .map_err(|error| Fault::unreadable_image(&image.path, &error).to_string());
            progress.advance(1);
            look
        });
        let looks: Vec<Result<_, String>> = looks.collect();
        let shapes = dataset.faces().map(|(_, face)| &face.shape);
        let shapes: Vec<&Shape> = shapes.filter(|shape| invalid(shape).is_none()).collect();
        let model = ShapeModel::fit(&shapes);

        let (mut wrong, mut prints, mut named) = (Vec::new(), Vec::new(), Vec::new());
        let mut faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        for (place, (image, look)) in dataset.images.iter().zip(&looks).enumerate() {
            named.extend(image.faces.iter().enumerate().map(|(i, face)| (image.path.clone(), i, &face.shape)));
            match look {
                Err(fault) => faults.push(fault.clone()),
                Ok((size, print)) => {
                    prints.push((place, *print));
                    for (face, annotated) in image.faces.iter().enumerate() {
                        let found = suspicions(annotated, *size, model.as_ref()).into_iter();
                        wrong.extend(found.map(|(kind, what)| Suspicion {
                            image: image.path.clone(),
                            face,
                            kind,
                            what,
                        }));
                    }
                }
            }
        }
        wrong.sort_by_key(|suspicion| suspicion.kind);
        let mut outliers = model.as_ref().map(|model| outliers(&named, model)).unwrap_or_default();
        outliers.truncate(most);
        let sizes: Vec<(u32, u32)> = looks.iter().filter_map(|look| Some(look.as_ref().ok()?.0)).collect();
        Self {
            counts: counts(dataset),
            distributions: distributions(dataset, &sizes),
            groups: groups(dataset)
                .into_iter()
                .filter(|group| !["all", "subset"].contains(&group.family))
                .map(|group| (group.family.into(), group.name, group.members.len()))
                .collect(),
            faults,
            suspicions: wrong,
            outliers,
            near_duplicates: pairs(dataset, &prints),
            model,
        }
    }

    /// Table of the counts.
    pub fn count_table(&self) -> Table {
        let mut table = Table::new(&["subset", "images", "photographs", "faces", "boxes"]);
        for Count { subset, images, photographs, faces, boxes } in &self.counts {
            let numbers = [images, photographs, faces, boxes].map(ToString::to_string);
            table.rows.push([vec![subset.clone()], numbers.to_vec()].concat());
        }
        table
    }

    /// Table of the distributions.
    pub fn distribution_table(&self) -> Table {
        let mut table = Table::new(&[&[""], &Distribution::NAMES[..]].concat());
        for (name, distribution) in &self.distributions {
            let decimals = if distribution.max.abs() < 10.0 { 2 } else { 0 };
            let cells = distribution.values().map(|value| number(value, decimals));
            table.rows.push([vec![name.clone()], cells.to_vec()].concat());
        }
        table
    }

    /// Table of the groups.
    pub fn group_table(&self) -> Table {
        let mut table = Table::new(&["", "faces"]);
        table.rows.extend(self.groups.iter().map(|(family, name, n)| vec![format!("{family}: {name}"), n.to_string()]));
        table
    }

    /// Tables and lists for the terminal.
    pub fn text(&self) -> String {
        let tables = [self.count_table(), self.distribution_table(), self.group_table()];
        let mut text = tables.map(|table| table.text()).join("\n");

        list(&mut text, "faults: parts that cannot be used", &self.faults);
        let lines = self.suspicions.iter().map(|s| format!("{}: face {}: {}", s.image.display(), s.face + 1, s.what));
        list(&mut text, "suspicious annotations", &lines.collect::<Vec<_>>());
        let lines = self.outliers.iter().map(|o| {
            let (image, face) = (o.image.display(), o.face + 1);
            let Outlier { distance, deviations, landmark, there, .. } = o;
            format!(
                "{image}: face {face}: {distance:.1} % of the eye distance from the shape model ({deviations:.1} deviations \
                 above the median), most at landmark {landmark} ({there:.1} %)"
            )
        });
        list(&mut text, "unusual shapes", &lines.collect::<Vec<_>>());
        let lines = self
            .near_duplicates
            .iter()
            .map(|n| format!("{} and {}: {} of 64 bits differ", n.first.display(), n.second.display(), n.bits));
        list(&mut text, "near-duplicate photographs", &lines.collect::<Vec<_>>());
        text
    }
}

fn list(text: &mut String, title: &str, lines: &[String]) {
    let _ = writeln!(text, "\n{title}: {}", lines.len());
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
}

/// Counts in all, then by subset in order of appearance.
fn counts(dataset: &Dataset) -> Vec<Count> {
    let mut subsets: Vec<&str> = Vec::new();
    for image in &dataset.images {
        if !subsets.contains(&image.subset.as_str()) {
            subsets.push(&image.subset);
        }
    }
    let count = |subset: &str, every: bool| {
        let images: Vec<_> = dataset.images.iter().filter(|p| every || p.subset == subset).collect();
        let mut photographs: Vec<usize> = images.iter().map(|image| image.photograph).collect();
        photographs.sort_unstable();
        photographs.dedup();
        let faces = || images.iter().flat_map(|image| &image.faces);
        Count {
            subset: subset.into(),
            images: images.len(),
            photographs: photographs.len(),
            faces: faces().count(),
            boxes: faces().filter(|face| face.bounds_given).count(),
        }
    };
    std::iter::once(count("all", true)).chain(subsets.into_iter().map(|subset| count(subset, false))).collect()
}

fn distributions(dataset: &Dataset, sizes: &[(u32, u32)]) -> Vec<(String, Distribution)> {
    let faces = |measure: fn(&AnnotatedFace) -> f32| Distribution::of(dataset.faces().map(|(_, face)| measure(face)));
    let all = [
        ("image width", Distribution::of(sizes.iter().map(|size| size.0 as f32))),
        ("image height", Distribution::of(sizes.iter().map(|size| size.1 as f32))),
        ("faces per image", Distribution::of(dataset.images.iter().map(|image| image.faces.len() as f32))),
        ("box width", faces(|face| face.bounds.width)),
        ("box height", faces(|face| face.bounds.height)),
        ("eye distance (outer corners)", faces(|face| inter_ocular(&face.shape))),
        ("yaw (degrees)", faces(|face| pose(&face.shape).yaw)),
        ("pitch (degrees)", faces(|face| pose(&face.shape).pitch)),
        ("roll (degrees)", faces(|face| pose(&face.shape).roll)),
        ("eye opening", faces(|face| eye_opening(&face.shape))),
        ("mouth opening", faces(|face| mouth_opening(&face.shape))),
    ];
    all.into_iter().filter_map(|(name, distribution)| Some((name.to_string(), distribution?))).collect()
}

fn pairs(dataset: &Dataset, prints: &[(usize, Fingerprint)]) -> Vec<NearDuplicate> {
    let numbered: Vec<_> = prints.iter().map(|&(place, print)| (print, dataset.images[place].photograph)).collect();
    let path = |i: usize| dataset.images[prints[i].0].path.clone();
    let pairs = near_duplicates(&numbered).into_iter();
    pairs.map(|(i, j, bits)| NearDuplicate { first: path(i), second: path(j), bits }).collect()
}

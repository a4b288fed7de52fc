//! The HOG sliding-window face detector.
//!
//! ```text
//! picture ─► pyramid ─► HOG features ─► sieve ─► linear filters ─► boosted trees ─► box regression ─► windows on one
//!            of sizes   of each level   (every   (one a pose)      judge the few    where in the      face are one
//!                                       window)                    that are left    window it is      detection
//! ```
//!
//! Threads share runs of rows of a level's windows. A run goes down the level strip by strip, each from pixels to judged
//! windows; strips bound the memory, and the features of the rows that two of them share are made once.

mod evidence;
mod facts;
pub mod fhog;
pub mod filter;
pub mod forest;
mod model;
pub mod refine;
mod sieve;
pub mod suppression;
mod window;

use std::ops::Range;

use bincode::error::DecodeError;
use bincode::{Decode, Encode};
use rayon::prelude::*;

use crate::geometry::Rect;
use crate::hog::FeatureMap;
use crate::image::GrayImage;
use crate::image::pyramid::Level;
#[cfg(feature = "embedded-models")]
use crate::model::ModelError;
use crate::model::{Model, ModelKind, Provenance};
use crate::trace::{DetectorTrace, StripTrace};

pub use evidence::Evidence;
pub use fhog::FhogDetector;
pub use filter::{Filter, Hit};
pub use forest::{Forest, Tree};
pub use model::DetectorModel;
pub use refine::Refinement;
pub use window::{LEVELS_PER_OCTAVE, Window};

/// What to search for.
#[derive(Clone, Copy, Debug)]
pub struct DetectOptions {
    /// The score from which a window is reported; see [`Detector::false_alarms`]. In a [`Pipeline`](crate::Pipeline) the
    /// score that counts is the one to which the confidence of the landmarks was added.
    pub threshold: f32,
    /// The side of the smallest face that is looked for, in pixels.
    pub min_face: f32,
    /// The most faces to report, best first; all where there is none.
    pub max_faces: Option<usize>,
}

impl Default for DetectOptions {
    fn default() -> Self {
        Self { threshold: -0.5, min_face: 80.0, max_faces: None }
    }
}

/// A window that the detector takes for a face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// The face's box in pixels.
    pub bounds: Rect,
    /// The calibrated score, comparable between components; see [`Detector::false_alarms`].
    pub score: f32,
    /// In-plane rotation of the component that answered, in radians; positive is clockwise on the screen.
    pub angle: f32,
    /// The component that answered.
    pub component: usize,
}

/// A pose that the detector knows.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Component {
    /// What the pose is called.
    pub name: String,
    /// The mean in-plane rotation of its training faces, in radians; positive is clockwise on the screen.
    pub angle: f32,
    /// Finds its windows.
    pub filter: Filter,
    /// The calibrated score is `calibration[0] · s + calibration[1]` for the score `s` of [`Evidence::score`].
    pub calibration: [f32; 2],
}

/// A trained face detector.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Detector {
    /// What slides.
    pub window: Window,
    /// The poses.
    pub components: Vec<Component>,
    /// Gives most windows up before the filters see them; none if it is empty.
    pub sieve: Forest,
    /// The judge of the windows that the filters leave.
    pub forest: Forest,
    /// Where a face is in its window.
    pub refinement: Refinement,
    /// What filters and forest, and the windows on a face, say together.
    pub evidence: Evidence,
}

/// A window on its way through the detector.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Column and row of the window's top-left cell in its level.
    pub cell: [usize; 2],
    /// The face's box, in the picture's pixels, if it sits in the middle of the window.
    pub bounds: Rect,
    /// The component whose filter gave the highest score.
    pub component: usize,
    /// That score.
    pub linear: f32,
    /// The window's features.
    pub features: &'a [i16],
}

/// The smallest face that can be looked for, in pixels.
pub const SMALLEST_FACE: f32 = 16.0;

/// Rows of windows in a strip: few, so that its features stay in the nearer caches.
const STRIP: usize = 16;
/// The fewest rows of windows that a thread takes at once.
const RUN: usize = 48;

impl Model for Detector {
    const KIND: ModelKind = ModelKind::Detector;

    fn validate(&self) -> Result<(), String> {
        self.window.validate()?;
        for component in &self.components {
            component.filter.validate(&self.window)?;
            let numbers = [component.angle, component.calibration[0], component.calibration[1]];
            if numbers.iter().any(|v| !v.is_finite()) || component.calibration[0] <= 0.0 {
                return Err(format!("the calibration of the component {:?}", component.name));
            }
        }
        if self.components.is_empty() || self.components.len() > 64 {
            return Err(format!("it has {} components", self.components.len()));
        }
        self.sieve.validate(self.window.len())?;
        self.forest.validate(self.window.len())?;
        self.evidence.validate()?;
        self.refinement.validate(self.window.len())
    }

    fn decode_payload(version: u16, payload: &[u8]) -> Result<((Provenance, Self), usize), DecodeError> {
        let evidence = Evidence::default();
        match version {
            1 => {
                let ((provenance, old), used) = crate::model::decode::<(Provenance, DetectorV1)>(payload)?;
                let DetectorV1 { window, components, forest, refinement } = old;
                let sieve = Forest::default();
                Ok(((provenance, Self { window, components, sieve, forest, refinement, evidence }), used))
            }
            2 => {
                let ((provenance, old), used) = crate::model::decode::<(Provenance, DetectorV2)>(payload)?;
                let DetectorV2 { window, components, sieve, forest, refinement } = old;
                Ok(((provenance, Self { window, components, sieve, forest, refinement, evidence }), used))
            }
            _ => crate::model::decode(payload),
        }
    }
}

/// The layout of version 2, in which the forest and the best window speak alone.
#[derive(Decode)]
struct DetectorV2 {
    window: Window,
    components: Vec<Component>,
    sieve: Forest,
    forest: Forest,
    refinement: Refinement,
}

/// The layout of version 1, without a sieve.
#[derive(Decode)]
struct DetectorV1 {
    window: Window,
    components: Vec<Component>,
    forest: Forest,
    refinement: Refinement,
}

impl Detector {
    /// The detector that is compiled into the library.
    ///
    /// # Errors
    /// If the model does not decode, which the tests rule out for the one that is shipped.
    #[cfg(feature = "embedded-models")]
    pub fn embedded() -> Result<Self, ModelError> {
        Ok(crate::model::from_bytes(Self::EMBEDDED)?.0)
    }

    /// The model file of [`Detector::embedded`].
    #[cfg(feature = "embedded-models")]
    pub const EMBEDDED: &[u8] = include_bytes!("../../models/detector.lineament");

    /// The false alarms to expect a megapixel of pictures without faces, if windows are reported from this score on and
    /// faces from 80 pixels are looked for: `10^(−2 (score + 1))`. That is 1 in 100 megapixels at score 0, 1 in a
    /// megapixel at −1. For other smallest faces it grows with the number of windows, as the inverse square of their side.
    pub fn false_alarms(score: f32) -> f32 {
        10f32.powf(-2.0 * (score + 1.0))
    }

    /// The score from which this many false alarms a megapixel are to be expected, the inverse of
    /// [`Detector::false_alarms`].
    pub fn score_for(false_alarms: f32) -> f32 {
        -0.5 * false_alarms.max(f32::MIN_POSITIVE).log10() - 1.0
    }

    /// The faces in an image, best score first.
    ///
    /// Uses the threads of the current rayon pool; the result does not depend on their number.
    pub fn detect(&self, image: &GrayImage, options: &DetectOptions) -> Vec<Detection> {
        self.detect_traced(image, options, &())
    }

    /// As [`Detector::detect`], before the eyes of an observer.
    pub fn detect_traced(
        &self,
        image: &GrayImage,
        options: &DetectOptions,
        trace: &impl DetectorTrace,
    ) -> Vec<Detection> {
        let mut faces = self.unite(self.windows_traced(image, options.min_face, trace), trace);
        faces.retain(|face| face.score >= options.threshold);
        faces.truncate(options.max_faces.unwrap_or(usize::MAX));
        faces
    }

    /// The windows that all judges leave, each as if it were alone: many of them on every face.
    pub fn windows(&self, image: &GrayImage, min_face: f32) -> Vec<Detection> {
        self.windows_traced(image, min_face, &())
    }

    fn windows_traced(&self, image: &GrayImage, min_face: f32, trace: &impl DetectorTrace) -> Vec<Detection> {
        self.visit_traced(image, min_face, trace, |candidate, strip| {
            let Component { angle, calibration: [slope, offset], .. } = self.components[candidate.component];
            let left = self.forest.score_traced(candidate.features, strip).map(|sum| Detection {
                bounds: self.refinement.apply(&candidate.bounds, candidate.features),
                score: slope * self.evidence.score(sum, candidate.linear) + offset,
                angle,
                component: candidate.component,
            });
            strip.judged(candidate, left.as_ref());
            left
        })
    }

    /// What windows are together: those on one place are one detection, and no two overlap that are one face. Best first.
    fn unite(&self, windows: Vec<Detection>, trace: &impl DetectorTrace) -> Vec<Detection> {
        let unite = |group: Vec<Detection>| {
            let slope = self.components[group.first()?.component].calibration[0];
            let detection = self.evidence.unite(&group, slope)?;
            trace.united(&group, &detection);
            Some(detection)
        };
        suppression::suppress(suppression::group(windows).into_iter().filter_map(unite).collect())
    }

    /// Shows every window that sieve and filters leave to `judge`, and collects what it makes of them in a fixed order.
    pub fn visit<T: Send>(
        &self,
        image: &GrayImage,
        min_face: f32,
        judge: impl Fn(&Candidate) -> Option<T> + Sync,
    ) -> Vec<T> {
        self.visit_traced(image, min_face, &(), |candidate, ()| judge(candidate))
    }

    fn visit_traced<T: Send, D: DetectorTrace>(
        &self,
        image: &GrayImage,
        min_face: f32,
        trace: &D,
        judge: impl Fn(&Candidate, &mut D::Strip) -> Option<T> + Sync,
    ) -> Vec<T> {
        if self.window.is_empty() {
            return Vec::new();
        }
        let smallest = if min_face.is_finite() { min_face.max(SMALLEST_FACE) } else { f32::MAX };
        let mut number = 0;
        let octave = |levels: &[Level]| -> Vec<T> {
            let mut runs = Vec::new();
            for level in levels {
                trace.level(number, level);
                runs.extend(self.runs(level).map(|rows| (number, level, rows)));
                number += 1;
            }
            let work = |(number, level, rows)| self.run(number, level, rows, trace, &judge);
            let found: Vec<Vec<T>> = runs.into_par_iter().map(work).collect();
            found.into_iter().flatten().collect()
        };
        self.window.pyramid(smallest).octaves(image, octave).into_iter().flatten().collect()
    }

    /// The rows of windows of a level, in parts for the threads.
    fn runs(&self, level: &Level) -> impl Iterator<Item = Range<usize>> + use<> {
        let rows = level.image.height() as usize / usize::from(self.window.cell);
        let windows = (rows + 1).saturating_sub(self.window.cells.into());
        // The features of a window's rows are made twice where two parts meet: one thread needs no parts.
        let length = match rayon::current_num_threads() {
            1 => windows.max(1),
            threads => windows.div_ceil(2 * threads).max(RUN),
        };
        (0..windows).step_by(length).map(move |start| start..(start + length).min(windows))
    }

    /// Takes rows of windows of a level from pixels to the judge, strip by strip.
    fn run<T, D: DetectorTrace>(
        &self,
        number: usize,
        level: &Level,
        rows: Range<usize>,
        trace: &D,
        judge: impl Fn(&Candidate, &mut D::Strip) -> Option<T>,
    ) -> Vec<T> {
        let (cell, beyond) = (usize::from(self.window.cell), usize::from(self.window.cells) - 1);
        let (mut map, mut found) = (FeatureMap::default(), Vec::new());
        for start in rows.clone().step_by(STRIP) {
            let mut strip = trace.strip(number, start);
            let end = (start + STRIP).min(rows.end);
            if start == rows.start {
                map = FeatureMap::of_rows_traced(&level.image, cell, start..end + beyond, &mut strip);
            } else {
                map.forget(STRIP);
                map.append(&level.image, cell, start + beyond..end + beyond, &mut strip);
            }
            strip.features(&map);
            self.strip(level, &map, start, &mut strip, &judge, &mut found);
            trace.finish(strip);
        }
        found
    }

    /// Shows the windows of a strip that sieve and filters leave to the judge.
    fn strip<T, S: StripTrace>(
        &self,
        level: &Level,
        map: &FeatureMap,
        first_row: usize,
        trace: &mut S,
        judge: impl Fn(&Candidate, &mut S) -> Option<T>,
        found: &mut Vec<T>,
    ) {
        let window = &self.window;
        let filters: Vec<&Filter> = self.components.iter().map(|component| &component.filter).collect();
        let (mut hits, mut features) = (Vec::new(), Vec::new());
        filter::scan_traced(map, window, &self.sieve, &filters, &mut hits, trace);
        for hit in hits {
            window.copy(map, hit.column, hit.row, &mut features);
            let cell = [hit.column, first_row + hit.row];
            let bounds = window.face_box(level, cell[0], cell[1]);
            let (component, linear) = (hit.component, hit.score);
            let candidate = Candidate { cell, bounds, component, linear, features: &features };
            found.extend(judge(&candidate, trace));
        }
    }
}

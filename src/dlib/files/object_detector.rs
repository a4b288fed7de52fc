//! Object detectors on Felzenszwalb's HOG features, as dlib's trainer and its frontal face detector are saved.
//!
//! ```text
//! version (2) · scanner · overlap (2 numbers) · number of filters · for each its weights and threshold (one matrix)
//!                  │
//!     version (1) · features of no image (0, 0) · cell · padding · window (2) · most levels · smallest level (2)
//!                 · nuclear norm · number of weights
//! ```
//!
//! Version 1 has one filter, and the overlap after it. Python's `simple_object_detector` adds another version (1) and how
//! often images are doubled. Files do not say how large a level of the pyramid is: 5/6 of the one before, as in all
//! detectors that dlib's own programs and its Python module make.

use super::DlibError;
use super::reader::{INTEGER, NUMBER, Reader};
use super::writer::Writer;
use crate::dlib::hog_detector::{HogDetector, HogFilter, Overlap};
use crate::invalid::InvalidModel;

/// The fewest bytes of a filter: its matrix's size and the 31 features of one cell.
const FILTER: usize = 2 * INTEGER + 31 * NUMBER;

/// The detector, not yet validated but for its window.
pub(super) fn read(mut reader: Reader) -> Result<HogDetector, DlibError> {
    let version = reader.integer()?;
    let mut detector = scanner(&mut reader)?;
    if version == 1 {
        detector.filters.push(filter(&mut reader, detector.weights())?);
        detector.overlap = overlap(&mut reader)?;
    } else {
        detector.overlap = overlap(&mut reader)?;
        let weights = detector.weights();
        detector.filters = reader.vector(FILTER, "filters", |reader| filter(reader, weights))?;
    }
    if reader.left() > 0 {
        match reader.integer()? {
            1 => detector.doublings = Some(reader.small("a number of doublings")?),
            version => return Err(DlibError::Unsupported(format!("version {version} of a simple object detector"))),
        }
    }
    reader.finish()?;
    Ok(detector)
}

/// A detector without its filters and overlap, which stand elsewhere.
fn scanner(reader: &mut Reader) -> Result<HogDetector, DlibError> {
    let version = reader.integer()?;
    if version != 1 {
        return Err(DlibError::Unsupported(format!("version {version} of a scanner")));
    }
    let _capacity = reader.unsigned()?;
    if reader.unsigned()? != 0 {
        return Err(DlibError::Unsupported("a scanner with an image in it".into()));
    }
    let mut size = || reader.small("a number of pixels, cells or levels");
    let detector = HogDetector {
        cell: size()?,
        padding: size()?,
        window: [size()?, size()?],
        levels: size()?,
        smallest_level: [size()?, size()?],
        nuclear_norm: reader.double()?,
        ..HogDetector::default()
    };
    detector.validate_window()?;
    let weights = reader.unsigned()?;
    if weights != detector.weights() as u64 {
        let problem = format!("announces {weights} weights, where its window has {}", detector.weights());
        return Err(InvalidModel::new("the scanner", problem).into());
    }
    Ok(detector)
}

fn overlap(reader: &mut Reader) -> Result<Overlap, DlibError> {
    Ok(Overlap { of_both: reader.double()?, of_one: reader.double()? })
}

fn filter(reader: &mut Reader, weights: usize) -> Result<HogFilter, DlibError> {
    let rows = reader.rows("weights of a filter")?;
    if rows != weights + 1 {
        let problem = format!("has {rows} numbers, where its window has {}", weights + 1);
        return Err(InvalidModel::new("a filter", problem).into());
    }
    let weights = (0..weights).map(|_| reader.double()).collect::<Result<_, _>>()?;
    Ok(HogFilter { weights, threshold: reader.double()? })
}

pub(super) fn write(detector: &HogDetector, writer: &mut Writer) {
    writer.integer(2);
    writer.integer(1);
    // No features of an image: capacity and size.
    writer.integer(0);
    writer.integer(0);
    let [width, height] = detector.window;
    let [least_width, least_height] = detector.smallest_level;
    for size in [detector.cell, detector.padding, width, height, detector.levels, least_width, least_height] {
        writer.integer(size.into());
    }
    writer.double(detector.nuclear_norm);
    writer.count(detector.weights());
    writer.double(detector.overlap.of_both);
    writer.double(detector.overlap.of_one);
    writer.count(detector.filters.len());
    for filter in &detector.filters {
        writer.rows(filter.weights.len() + 1);
        filter.weights.iter().chain([&filter.threshold]).for_each(|&v| writer.double(v));
    }
    if let Some(doublings) = detector.doublings {
        writer.integer(1);
        writer.integer(doublings.into());
    }
}

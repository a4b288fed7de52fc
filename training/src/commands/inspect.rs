//! `inspect`: what is in a data set, and what is wrong with it.

use std::path::{Path, PathBuf};

use lineament_train::dataset::{Dataset, DatasetOptions};
use lineament_train::inspect::Inspection;
use lineament_train::report::{ReportFolder, inspection_report};

use super::common::{CommandError, DataArguments, Outcome, ThreadArguments, cannot_write, check_output, say, write};

/// Count and check the faces of a data set
///
/// Tells numbers, sizes and poses; parts that cannot be used; annotations that look wrong; the shapes that are farthest from
/// those of the other faces, which is where mistakes of annotators are found; and photographs that are almost the same.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// How many of the shapes farthest from the others are listed
    #[arg(long, value_name = "N", default_value_t = 20)]
    outliers: usize,
    /// Write everything that is told
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write a report: a page with figures (SVG, PNG), the likely mistakes and near-duplicates as pictures, and all numbers
    ///
    /// The folder may exist: files of a report replace those of the same names, others stay.
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Write the data set as XML for dlib's annotation tool imglab, with suspicious faces labelled
    #[arg(long, value_name = "FILE")]
    imglab: Option<PathBuf>,
    #[command(flatten)]
    threads: ThreadArguments,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    arguments.threads.apply()?;
    arguments.json.iter().chain(&arguments.imglab).try_for_each(|path| check_output(path))?;
    let report = arguments.report.as_deref().map(ReportFolder::create).transpose()?;
    // Faults are results here: they go to the tables, not to standard error.
    let (dataset, faults) = Dataset::read(&arguments.data.data, &DatasetOptions::default())?;
    let inspection = Inspection::new(&dataset, &faults, arguments.outliers);
    say(&inspection.text())?;
    if let Some(path) = &arguments.json {
        let json = serde_json::to_vec_pretty(&inspection).map_err(|error| CommandError::file(path, error))?;
        write(path, &json)?;
    }
    if let Some(folder) = report {
        inspection_report(&dataset, &inspection, &folder)?;
    }
    if let Some(path) = &arguments.imglab {
        // imglab takes names from the XML's folder.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = folder.canonicalize().map_err(|error| cannot_write(path, &error))?;
        write(path, inspection.imglab(&dataset, &folder).as_bytes())?;
    }
    Ok(if inspection.faults.is_empty() { Outcome::Complete } else { Outcome::WithFaults })
}

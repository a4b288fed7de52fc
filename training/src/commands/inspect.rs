//! `inspect`: contents and faults of a data set.

use std::path::{Path, PathBuf};

use lineament_train::dataset::{Dataset, DatasetOptions};
use lineament_train::inspect::Inspection;
use lineament_train::report::{ReportFolder, inspection_report};

use super::common::{CommandError, DataArguments, Outcome, ThreadArguments, print, write};
use super::numbers::whole;
use super::outputs::check_outputs;

/// Count and check the faces of a data set
///
/// Prints numbers, sizes and poses; files that cannot be used; annotations that look wrong; the
/// shapes that differ most from those of the other faces, where annotation mistakes are often
/// found; and near-duplicate photographs.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    data: DataArguments,
    /// Number of unusual shapes to list
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = whole::<usize>)]
    outliers: usize,
    /// Write all numbers and lists as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write a report: a page with figures (SVG, PNG), images of likely mistakes and
    /// near-duplicates, and all numbers
    ///
    /// If the folder has an earlier report, the report's files are replaced; other files stay.
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Write the data set as XML for dlib's annotation tool imglab; suspicious faces have a label
    #[arg(long, value_name = "FILE")]
    imglab: Option<PathBuf>,
    #[command(flatten)]
    threads: ThreadArguments,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    arguments.threads.apply()?;
    check_outputs(arguments.json.iter().chain(&arguments.imglab), &arguments.data.data)?;
    let report = arguments.report.as_deref().map(ReportFolder::create).transpose()?;
    // Faults are results here: they go to the tables, not to stderr. Invalid landmarks are
    // suspicions, with an image in the report.
    let options = DatasetOptions { keep_invalid: true, ..DatasetOptions::default() };
    let (dataset, faults) = Dataset::read(&arguments.data.data, &options)?;
    let inspection = Inspection::new(&dataset, &faults, arguments.outliers);
    print(&inspection.text())?;
    if let Some(path) = &arguments.json {
        let json = serde_json::to_vec_pretty(&inspection).map_err(|error| CommandError::output(path, error))?;
        write(path, &json)?;
    }
    if let Some(folder) = report {
        inspection_report(&dataset, &inspection, &folder)?;
        print(&format!("\nreport: {}\n", folder.page().display()))?;
    }
    if let Some(path) = &arguments.imglab {
        // imglab reads names relative to the folder of the XML.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = folder.canonicalize().map_err(|error| CommandError::unwritten(path, &error))?;
        write(path, inspection.imglab(&dataset, &folder).as_bytes())?;
    }
    Ok(if inspection.faults.is_empty() { Outcome::Complete } else { Outcome::WithFaults })
}

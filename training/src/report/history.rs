//! Section on training: errors of the models step by step, with time and memory.

use super::folder::ReportError;
use super::page::Section;
use super::plots::{Axis, Curve, Lines};
use crate::history::{Entry, History};
use crate::table::{Table, number};

/// Returns the curves and tables of histories, each with the name of its model; empty without
/// histories. Models among the systems have the same colours there.
///
/// # Errors
/// If a figure cannot be drawn.
pub fn section(histories: &[(String, History)], systems: &[&str]) -> Result<Section, ReportError> {
    let mut section = Section::new("training", "Training");
    if histories.iter().any(|(_, history)| history.curve().next().is_some()) {
        let by_step = |place: usize, _: &Entry| place as f64;
        let by_time = |_: usize, entry: &Entry| entry.seconds / 60.0;
        let title = "Error by step of the cascade";
        let caption = "From the mean shape, after each tree stage and each linear step. Solid: faces that were held out from the \
                       stages that moved them. Dashed: the model on its training faces.";
        let steps = lines(histories, systems, "steps of the cascade", by_step);
        section.figures.push(steps.figure("training_steps", title, caption)?);
        let caption = "The same errors over the time of the fit. Steps for cross-fitting take time, but have no point.";
        section.figures.push(lines(histories, systems, "minutes", by_time).figure(
            "training_time",
            "Error by time",
            caption,
        )?);
    }
    for (name, history) in histories {
        let caption = format!("{name}: {}. Memory is the peak of the program so far.", history.measure);
        section.tables.push((caption, table(history)));
    }
    Ok(section)
}

/// Returns the steps of all histories as comma-separated values.
///
/// # Errors
/// If they cannot be written.
pub fn csv(histories: &[(String, History)]) -> Result<Vec<u8>, csv::Error> {
    let mut all = Table::new(&["model"]);
    for (name, history) in histories {
        let Table { header, rows } = table(history);
        all.header.splice(1.., header);
        all.rows.extend(rows.into_iter().map(|row| [vec![name.clone()], row].concat()));
    }
    all.csv()
}

/// Two curves per history: held-out and training.
fn lines(
    histories: &[(String, History)],
    systems: &[&str],
    label: &str,
    place: impl Fn(usize, &Entry) -> f64,
) -> Lines {
    let mut curves = Vec::new();
    let with_curve = histories.iter().enumerate().filter(|(_, (_, history))| history.curve().next().is_some());
    for (number, (name, history)) in with_curve {
        let system = systems.iter().position(|system| system == name);
        let colour = system.or(Some(systems.len() + number));
        let points = |error: fn(&Entry) -> Option<f32>| {
            let steps = history.curve().enumerate();
            steps.filter_map(|(i, entry)| Some((place(i, entry), f64::from(error(entry)?)))).collect()
        };
        let (held_out, training) = (points(|entry| entry.held_out), points(|entry| entry.training));
        curves.push(Curve { name: format!("{name}, held out"), colour, dashed: false, points: held_out });
        curves.push(Curve { name: format!("{name}, training"), colour, dashed: true, points: training });
    }
    let all = || curves.iter().flat_map(|curve: &Curve| curve.points.iter());
    let x = Axis::over(label, all().map(|point| point.0)).from_zero();
    let y = Axis::over("mean error, % (IO)", all().map(|point| point.1)).from_zero();
    Lines { x, y, curves, marked: true, rising: false }
}

fn table(history: &History) -> Table {
    let mut table = Table::new(&["step", "held out %", "training %", "counted", "seconds", "memory, MB", "start"]);
    let error = |error: Option<f32>| number(error.map_or(f64::NAN, f64::from), 3);
    table.rows.extend(history.steps.iter().map(|entry| {
        let counted: Vec<String> = entry.numbers.iter().map(|(what, count)| format!("{count} {what}")).collect();
        vec![
            entry.step.clone(),
            error(entry.held_out),
            error(entry.training),
            counted.join(", "),
            number(entry.seconds, 1),
            number(entry.memory_mb.unwrap_or(f64::NAN), 0),
            entry.start.to_string(),
        ]
    }));
    table
}

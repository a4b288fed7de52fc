//! How models were trained: their errors step by step, and the time and memory that it took.

use super::folder::ReportError;
use super::page::Section;
use super::plots::{Axis, Curve, Lines};
use crate::evaluate::table::{Table, number};
use crate::history::{Entry, History};

/// The curves of the histories, each with its model's name; empty where there is no history.
///
/// # Errors
/// If a figure cannot be drawn.
pub fn section(histories: &[(String, History)]) -> Result<Section, ReportError> {
    let mut section = Section::new("training", "Training");
    if histories.is_empty() {
        return Ok(section);
    }
    let by_step = |place: usize, _: &Entry| place as f64;
    let by_time = |_: usize, entry: &Entry| entry.seconds / 60.0;
    let title = "Error by step of the cascade";
    let caption = "From the mean shape on, after each stage of trees and each linear step. Held-out faces are ones that what \
                   moved them had not seen; dashed, the model itself on the faces that it was fitted to.";
    section.figures.push(lines(histories, "steps of the cascade", by_step).figure("training_steps", title, caption)?);
    let caption = "The same over the time of the fit. Steps that were fitted without a fold of the faces take time and \
                   have no point.";
    section.figures.push(lines(histories, "minutes", by_time).figure("training_time", "Error by time", caption)?);
    for (name, history) in histories {
        section.tables.push((format!("{name}: {}", history.measure), table(history)));
    }
    Ok(section)
}

/// Two curves for each history, held-out and training.
fn lines(histories: &[(String, History)], label: &str, place: impl Fn(usize, &Entry) -> f64) -> Lines {
    let mut curves = Vec::new();
    for (system, (name, history)) in histories.iter().enumerate() {
        let colour = Some(system);
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
    let mut table = Table::new(&["step", "held out %", "training %", "seconds", "memory, MB", "session"]);
    let error = |error: Option<f32>| number(error.map_or(f64::NAN, f64::from), 3);
    table.rows.extend(history.steps.iter().map(|entry| {
        vec![
            entry.step.clone(),
            error(entry.held_out),
            error(entry.training),
            number(entry.seconds, 1),
            number(entry.memory_mb.unwrap_or(f64::NAN), 0),
            entry.session.to_string(),
        ]
    }));
    table
}

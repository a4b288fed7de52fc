//! Tables for a paper, as Markdown and LaTeX: errors of every system with their intervals, and
//! paired tests.

use crate::evaluate::output::{Comparison, Evaluation, SystemResult};
use crate::evaluate::significance::Interval;
use crate::table::{Table, number};

/// A column: its heading, the number of a system, and its interval.
struct Column {
    heading: &'static str,
    number: fn(&SystemResult) -> f64,
    interval: Option<fn(&SystemResult) -> Interval>,
    decimals: usize,
    /// Whether the best number is the smallest.
    smallest: bool,
}

/// The first group is that of all faces.
const COLUMNS: [Column; 5] = [
    Column {
        heading: "NME (IO) %",
        number: |s| s.groups[0].row.inter_ocular.mean,
        interval: Some(|s| s.intervals.mean),
        decimals: 2,
        smallest: true,
    },
    Column {
        heading: "median %",
        number: |s| s.groups[0].row.inter_ocular.median,
        interval: Some(|s| s.intervals.median),
        decimals: 2,
        smallest: true,
    },
    Column {
        heading: "AUC@8",
        number: |s| s.groups[0].row.inter_ocular.auc8,
        interval: Some(|s| s.intervals.auc8),
        decimals: 3,
        smallest: false,
    },
    Column {
        heading: "failures@8 %",
        number: |s| 100.0 * s.groups[0].row.inter_ocular.failures8,
        interval: Some(|s| Interval {
            low: 100.0 * s.intervals.failures8.low,
            high: 100.0 * s.intervals.failures8.high,
        }),
        decimals: 2,
        smallest: true,
    },
    Column {
        heading: "NME (IP) %",
        number: |s| s.groups[0].row.inter_pupil.mean,
        interval: None,
        decimals: 2,
        smallest: true,
    },
];

/// Markup of a format.
struct Form {
    escape: fn(&str) -> String,
    best: fn(&str) -> String,
    interval: fn(&str, &str) -> String,
}

const MARKDOWN: Form = Form {
    escape: |text| text.replace('\\', "\\\\").replace('|', "\\|").replace('*', "\\*").replace('_', "\\_"),
    best: |text| format!("**{text}**"),
    interval: |low, high| format!("[{low}, {high}]"),
};

const LATEX: Form = Form {
    escape: latex_text,
    best: |text| format!("\\textbf{{{text}}}"),
    interval: |low, high| format!("{{\\scriptsize [{low}, {high}]}}"),
};

/// Returns the tables as Markdown, with captions.
pub fn markdown(evaluation: &Evaluation) -> String {
    let (systems, tests) = (system_table(evaluation, &MARKDOWN), test_table(evaluation, &MARKDOWN));
    let mut text = format!("{}\n{}\n", markdown_table(&systems), caption(evaluation));
    if !tests.rows.is_empty() {
        text.push_str(&format!("\n{}\n{TESTS}\n", markdown_table(&tests)));
    }
    text
}

/// Returns the tables as LaTeX, for the package booktabs.
pub fn latex(evaluation: &Evaluation) -> String {
    let (systems, tests) = (system_table(evaluation, &LATEX), test_table(evaluation, &LATEX));
    let mut text = latex_table(&systems, &caption(evaluation));
    if !tests.rows.is_empty() {
        text.push('\n');
        text.push_str(&latex_table(&tests, TESTS));
    }
    text
}

const TESTS: &str = "Differences of the mean errors on the faces that both systems found, with 95 % bootstrap intervals \
                     over photographs; p of a paired permutation test over photographs, and with Holm's correction.";

fn caption(evaluation: &Evaluation) -> String {
    format!(
        "{} faces of {} photographs, boxes: {}. Normalised mean errors by the distance of the outer eye corners (IO) and of \
         the eye centres (IP), area under the cumulative IO error curve up to 8 %, and share of the faces beyond; 95 % \
         bootstrap intervals over photographs in brackets.",
        evaluation.faces, evaluation.photographs, evaluation.boxes
    )
}

/// One row per system; if there are several, the best number of each column is marked.
fn system_table(evaluation: &Evaluation, form: &Form) -> Table {
    let mut table = Table::new(&[""]);
    table.header.extend(COLUMNS.iter().map(|column| (form.escape)(column.heading)));
    let best = |column: &Column| {
        let numbers = evaluation.systems.iter().map(column.number).filter(|v| v.is_finite());
        numbers.reduce(if column.smallest { f64::min } else { f64::max })
    };
    for system in &evaluation.systems {
        let cell = |column: &Column| {
            let value = (column.number)(system);
            let mut cell = number(value, column.decimals);
            if evaluation.systems.len() > 1 && best(column) == Some(value) {
                cell = (form.best)(&cell);
            }
            if let Some(Interval { low, high }) = column.interval.map(|interval| interval(system)) {
                let ends = [low, high].map(|end| number(end, column.decimals));
                cell.push(' ');
                cell.push_str(&(form.interval)(&ends[0], &ends[1]));
            }
            cell
        };
        table.rows.push([vec![(form.escape)(&system.name)], COLUMNS.iter().map(cell).collect()].concat());
    }
    table
}

fn test_table(evaluation: &Evaluation, form: &Form) -> Table {
    let mut table = Table::new(&["", "faces", "difference %", "p", "p (Holm)"]);
    table.header.iter_mut().for_each(|heading| *heading = (form.escape)(heading));
    for Comparison { first, second, result, p_holm } in &evaluation.comparisons {
        let Some(result) = result else { continue };
        let ends = [result.interval.low, result.interval.high].map(|end| format!("{end:+.3}"));
        table.rows.push(vec![
            format!("{} − {}", (form.escape)(first), (form.escape)(second)),
            result.faces.to_string(),
            format!("{:+.3} {}", result.difference, (form.interval)(&ends[0], &ends[1])),
            format!("{:.4}", result.p),
            number(p_holm.unwrap_or(f64::NAN), 4),
        ]);
    }
    table
}

fn markdown_table(table: &Table) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let rule: Vec<String> =
        (0..table.header.len()).map(|i| if i == 0 { "---".into() } else { "---:".into() }).collect();
    [line(&table.header), line(&rule)].into_iter().chain(table.rows.iter().map(|row| line(row))).collect()
}

fn latex_table(table: &Table, caption: &str) -> String {
    let line = |cells: &[String]| format!("{} \\\\\n", cells.join(" & ").replace('−', "$-$").replace('–', "--"));
    let columns = format!("l{}", "r".repeat(table.header.len() - 1));
    let rows: String = table.rows.iter().map(|row| line(row)).collect();
    format!(
        "\\begin{{table}}\n\\centering\n\\caption{{{}}}\n\\begin{{tabular}}{{{columns}}}\n\\toprule\n{}\\midrule\n{rows}\
         \\bottomrule\n\\end{{tabular}}\n\\end{{table}}\n",
        latex_text(caption),
        line(&table.header)
    )
}

/// Escapes the special characters of LaTeX.
fn latex_text(text: &str) -> String {
    let escape = |c: char| match c {
        '\\' => "\\textbackslash{}".into(),
        '~' => "\\textasciitilde{}".into(),
        '^' => "\\textasciicircum{}".into(),
        '&' | '%' | '$' | '#' | '_' | '{' | '}' => format!("\\{c}"),
        c => c.to_string(),
    };
    text.chars().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use lineament::Shape;
    use lineament::geometry::{Point, Rect};
    use lineament::raw::Fit;
    use lineament::raw::ShapeExt;

    use super::*;
    use crate::dataset::{AnnotatedFace, AnnotatedImage, Dataset};
    use crate::evaluate::System;
    use crate::synthetic::face_shapes;

    fn evaluation(systems: &[(&str, f32)]) -> Evaluation {
        let shapes = face_shapes(5, 1);
        let face = |shape: &Shape| AnnotatedFace {
            bounds: Rect::new(0.0, 0.0, 9.0, 9.0),
            bounds_given: true,
            shape: shape.clone(),
            light: None,
        };
        let image = |(photograph, shape): (usize, &Shape)| AnnotatedImage {
            path: "a.png".into(),
            subset: "s".into(),
            photograph,
            faces: vec![face(shape)],
        };
        let dataset = Dataset { images: shapes.iter().enumerate().map(image).collect() };
        let all: Vec<usize> = (0..68).collect();
        let system = |&(name, off): &(&str, f32)| {
            let fit = |shape: &Shape| Some(Fit { shape: shape.map(|p| p + Point::new(off, 0.0)), confidence: None });
            System::new(name, &all, shapes.iter().map(fit).collect(), &dataset, &all)
        };
        Evaluation::new("dataset", &dataset, &systems.iter().map(system).collect::<Vec<_>>())
    }

    #[test]
    fn the_best_is_marked_and_names_are_escaped() {
        let evaluation = evaluation(&[("my_model", 2.0), ("a|b & 100 %", 4.0)]);
        let markdown = markdown(&evaluation);
        let row = markdown.lines().find(|line| line.starts_with("| my\\_model |")).unwrap();
        assert_eq!((row.matches("**").count(), row.matches(" [").count()), (10, 4), "{row}");
        assert!(markdown.contains("| a\\|b & 100 % |") && markdown.contains("| my\\_model − a\\|b & 100 % | 5 | -"));
        let latex = latex(&evaluation);
        assert!(latex.contains("my\\_model & \\textbf{") && latex.contains("a|b \\& 100 \\%"), "{latex}");
        assert_eq!((latex.matches("\\begin{tabular}").count(), latex.matches("\\toprule").count()), (2, 2));
        assert!(latex.contains("my\\_model $-$ a|b"));
    }

    #[test]
    fn one_system_has_no_test_and_nothing_to_be_best_of() {
        let evaluation = evaluation(&[("only", 2.0)]);
        assert_eq!(latex(&evaluation).matches("\\begin{tabular}").count(), 1);
        assert!(!markdown(&evaluation).contains("**"));
    }
}

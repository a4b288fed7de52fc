//! Charts as SVG. The page's style sheet names their colours, and replaces them for light and dark.

use std::ops::Range;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Colours of the lines, in order.
const COLOURS: [RGBColor; 5] = [
    RGBColor(31, 119, 180),
    RGBColor(214, 39, 40),
    RGBColor(44, 160, 44),
    RGBColor(148, 103, 189),
    RGBColor(255, 127, 14),
];

/// Width and height of a chart without the lines' names.
const SIZE: (u32, u32) = (400, 264);

/// Height of letters, and of the space for a name.
const LETTERS: (u32, u32) = (15, 22);

/// Points beyond this are not drawn: limits that mean "never" would flatten the rest.
const LARGEST: f32 = 1e6;

/// A chart's words.
#[derive(Clone, Copy, Debug)]
pub struct Labels<'a> {
    /// Below the chart.
    pub x: &'a str,
    /// Beside it.
    pub y: &'a str,
}

/// Points of a line: a number, such as a tree's or a step's, and a value.
pub type Points = Vec<(i32, f32)>;

/// Draws a line through each series of points, with names beside them if there are several. Points that are not finite or
/// beyond [`LARGEST`] are left out. Returns an empty text if nothing is left to draw.
pub fn lines(labels: Labels, series: &[(&str, Points)]) -> String {
    let drawable = |points: &Points| points.iter().copied().filter(|(_, y)| y.abs() < LARGEST).collect();
    let series: Vec<(&str, Points)> = series.iter().map(|(name, points)| (*name, drawable(points))).collect();
    let all = || series.iter().flat_map(|(_, points)| points);
    let (first, last) = (all().map(|p| p.0).min(), all().map(|p| p.0).max());
    let (low, high) = all().fold((f32::MAX, f32::MIN), |(low, high), p| (low.min(p.1), high.max(p.1)));
    match (first, last) {
        (Some(first), Some(last)) if first < last && low < high => {
            let mut svg = String::new();
            let room = 0.05 * (high - low);
            let drawn = draw(labels, &series, first..last, low - room..high + room, &mut svg);
            drawn.expect("writing to a string cannot fail");
            svg
        }
        _ => String::new(),
    }
}

/// The axes end with the data; the names are outside, so that they hide nothing.
fn draw(
    labels: Labels,
    series: &[(&str, Points)],
    xs: Range<i32>,
    ys: Range<f32>,
    svg: &mut String,
) -> Result<(), Box<dyn std::error::Error>> {
    let named = series.len() > 1;
    let longest = series.iter().map(|(name, _)| name.chars().count() as u32).max().unwrap_or(0);
    let room_for_names = if named { 40 + longest * LETTERS.0 * 3 / 5 } else { 0 };
    let area = SVGBackend::with_string(svg, (SIZE.0 + room_for_names, SIZE.1)).into_drawing_area();
    let (left, names) = area.split_horizontally(SIZE.0);
    let mut chart = ChartBuilder::on(&left)
        .margin(8)
        .margin_right(14)
        .x_label_area_size(44)
        .y_label_area_size(56)
        .build_cartesian_2d(xs, ys)?;
    chart
        .configure_mesh()
        .x_desc(labels.x)
        .y_desc(labels.y)
        .label_style(("sans-serif", LETTERS.0))
        .max_light_lines(0)
        .x_labels(8)
        .y_labels(6)
        .draw()?;
    for (i, (name, points)) in series.iter().enumerate() {
        let stroke = COLOURS[i % COLOURS.len()].stroke_width(2);
        chart.draw_series(LineSeries::new(points.iter().copied(), stroke))?;
        if named {
            let y = (8 + i as u32 * LETTERS.1 + LETTERS.1 / 2) as i32;
            names.draw(&PathElement::new([(4, y), (24, y)], stroke))?;
            let style = ("sans-serif", LETTERS.0).into_font().color(&BLACK).pos(Pos::new(HPos::Left, VPos::Center));
            names.draw(&Text::new((*name).to_owned(), (30, y), style))?;
        }
    }
    drop(chart);
    area.present()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: Labels = Labels { x: "tree", y: "sum" };

    #[test]
    fn a_line_for_each_series() {
        let svg = lines(LABELS, &[("a", vec![(0, 1.0), (1, 2.0)]), ("b", vec![(0, f32::MIN), (1, f32::NAN)])]);
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{svg}");
        assert!(svg.matches("<polyline").count() >= 2);
    }

    #[test]
    fn the_axis_ends_with_the_data() {
        let svg = lines(LABELS, &[("a", (1..=8).map(|x| (x, 0.5 * x as f32)).collect())]);
        let numbers: Vec<i32> = svg.lines().filter_map(|line| line.trim().parse().ok()).collect();
        assert!((1..=8).all(|x| numbers.contains(&x)) && numbers.iter().all(|x| *x <= 8), "{numbers:?} in {svg}");
    }

    #[test]
    fn nothing_gives_no_chart() {
        assert_eq!(lines(LABELS, &[]), "");
        assert_eq!(lines(LABELS, &[("a", vec![(0, 1.0)])]), "");
    }
}

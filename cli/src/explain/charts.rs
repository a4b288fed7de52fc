//! Charts as SVG. Their colours are named in the page's style sheet, which replaces them for light and dark.

use plotters::prelude::*;

/// The lines' colours, in order.
const COLOURS: [RGBColor; 5] = [
    RGBColor(31, 119, 180),
    RGBColor(214, 39, 40),
    RGBColor(44, 160, 44),
    RGBColor(148, 103, 189),
    RGBColor(255, 127, 14),
];

/// The room for the lines' names, as a share of the lines' width.
const NAMES: f32 = 0.7;

/// Numbers from here on, and those that are none, are not drawn: limits that stand for "never" would flatten the rest.
const LARGEST: f32 = 1e6;

/// A chart's words.
#[derive(Clone, Copy, Debug)]
pub struct Labels<'a> {
    /// Below the chart.
    pub x: &'a str,
    /// Beside it.
    pub y: &'a str,
}

/// Lines through points, each with its name where there are several; points beyond [`LARGEST`] are left out. An empty text where there is
/// nothing to draw.
pub fn lines(labels: Labels, series: &[(&str, Vec<(f32, f32)>)]) -> String {
    let mut svg = String::new();
    // Drawing into a text cannot fail; a chart of nothing has no ranges.
    let drawn = draw(labels, series, &mut svg);
    if drawn.is_ok() { svg } else { String::new() }
}

fn draw(
    labels: Labels,
    series: &[(&str, Vec<(f32, f32)>)],
    svg: &mut String,
) -> Result<(), Box<dyn std::error::Error>> {
    let drawable = |points: &Vec<(f32, f32)>| -> Vec<(f32, f32)> {
        points.iter().copied().filter(|(x, y)| x.abs() < LARGEST && y.abs() < LARGEST).collect()
    };
    let series: Vec<(&str, Vec<(f32, f32)>)> = series.iter().map(|(name, points)| (*name, drawable(points))).collect();
    let all = || series.iter().flat_map(|(_, points)| points);
    let range = |of: fn(&(f32, f32)) -> f32| {
        let (low, high) = all().map(of).fold((f32::MAX, f32::MIN), |(low, high), v| (low.min(v), high.max(v)));
        (low < high).then_some(low..high)
    };
    let (xs, ys) = (range(|p| p.0).ok_or("no width")?, range(|p| p.1).ok_or("no height")?);
    let room = 0.05 * (ys.end - ys.start);
    // The names stand to the right of the lines.
    let named = series.len() > 1;
    let (last, room_for_names) = (xs.end, if named { NAMES * (xs.end - xs.start) } else { 0.0 });
    let area = SVGBackend::with_string(svg, (400, 264)).into_drawing_area();
    let mut chart = ChartBuilder::on(&area)
        .margin(8)
        .x_label_area_size(44)
        .y_label_area_size(56)
        .build_cartesian_2d(xs.start..last + room_for_names, ys.start - room..ys.end + room)?;
    chart
        .configure_mesh()
        .x_desc(labels.x)
        .y_desc(labels.y)
        .label_style(("sans-serif", 15))
        .max_light_lines(0)
        .x_labels(6)
        .x_label_formatter(&|&x| if x.fract() == 0.0 && x <= last { format!("{x:.0}") } else { String::new() })
        .draw()?;
    for (i, (name, points)) in series.into_iter().enumerate() {
        let colour = COLOURS[i % COLOURS.len()];
        let line = chart.draw_series(LineSeries::new(points, colour.stroke_width(2)))?;
        line.label(name).legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
    }
    let legend = SeriesLabelPosition::UpperRight;
    if named {
        chart.configure_series_labels().position(legend).label_font(("sans-serif", 15)).draw()?;
    }
    area.present()?;
    drop(chart);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: Labels = Labels { x: "tree", y: "sum" };

    #[test]
    fn a_line_for_each_series() {
        let svg = lines(LABELS, &[("a", vec![(0.0, 1.0), (1.0, 2.0)]), ("b", vec![(0.0, f32::MIN), (1.0, f32::NAN)])]);
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{svg}");
        assert!(svg.matches("<polyline").count() >= 2);
    }

    #[test]
    fn nothing_gives_no_chart() {
        assert_eq!(lines(LABELS, &[]), "");
        assert_eq!(lines(LABELS, &[("a", vec![(0.0, 1.0)])]), "");
    }
}

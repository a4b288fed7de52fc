//! Recall of detectors against false positives.

use plotters::prelude::{
    ChartBuilder, Color, IntoLogRange, LineSeries, PathElement, SeriesLabelPosition, ShapeStyle, TRANSPARENT, WHITE,
};

use super::{FAINT, GRID, SIZE, TEXT, colour, plain, text};
use crate::evaluate::detector::Findings;
use crate::report::figure::{Area, Drawn, Figure};
use crate::report::folder::ReportError;

/// Draws recall against false positives per megapixel, one curve per detector.
///
/// # Errors
/// If it cannot be drawn.
pub fn recall(detectors: &[(String, Findings)]) -> Result<Figure, ReportError> {
    let caption = "Share of the faces that are found, over the false positives per megapixel.";
    Figure::draw("recall", "Recall and false positives", caption, SIZE, |area| draw(detectors, area))
}

fn draw(detectors: &[(String, Findings)], area: &Area) -> Drawn {
    let curves: Vec<Vec<(f64, f64)>> = detectors
        .iter()
        .map(|(_, findings)| {
            let points = findings.curve().into_iter().skip(1).map(|p| (p.per_megapixel, p.recall));
            points.filter(|p| p.0 > 0.0).collect()
        })
        .collect();
    let all = || curves.iter().flatten();
    let (least, most) = all().fold((1.0f64, 1.0f64), |(low, high), p| (low.min(p.0), high.max(p.0)));
    let lowest = all().fold(1.0f64, |low, p| low.min(p.1));
    let mut chart = ChartBuilder::on(area)
        .margin(28)
        .margin_right(48)
        .x_label_area_size(112)
        .y_label_area_size(148)
        .build_cartesian_2d((least * 0.9..most * 1.1).log_scale(), (lowest - 0.02).max(0.0)..1.0)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID.stroke_width(2))
        .axis_style(FAINT.stroke_width(2))
        .x_desc("false positives per megapixel")
        .y_desc("recall")
        .x_label_formatter(&plain)
        .y_label_formatter(&plain)
        .label_style(text(TEXT))
        .axis_desc_style(text(TEXT))
        .draw()?;
    for (i, ((name, _), curve)) in detectors.iter().zip(curves).enumerate() {
        let style: ShapeStyle = colour(i).stroke_width(5);
        let line = chart.draw_series(LineSeries::new(curve, style))?;
        line.label(name).legend(move |(x, y)| PathElement::new([(x, y), (x + 52, y)], style));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .background_style(WHITE.mix(0.85))
        .border_style(GRID)
        .label_font(text(TEXT))
        .legend_area_size(64)
        .draw()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_drawn_for_each_detector() {
        let findings = Findings { alarms: vec![3.0, 2.0, 1.0], images: 2, megapixels: 5.0, ..Findings::default() };
        let svg = recall(&[("a".into(), findings.clone()), ("b".into(), findings)]).unwrap().svg;
        assert!(svg.starts_with("<svg") && svg.matches("<polyline").count() >= 2);
        assert!(recall(&[("empty".into(), Findings::default())]).is_ok());
    }
}

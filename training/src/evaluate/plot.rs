//! Curves as SVG pictures.

use plotters::prelude::*;

use super::detector::Findings;

const COLOURS: [RGBColor; 6] = [
    RGBColor(31, 119, 180),
    RGBColor(214, 39, 40),
    RGBColor(44, 160, 44),
    RGBColor(148, 103, 189),
    RGBColor(255, 127, 14),
    RGBColor(23, 190, 207),
];

/// Recall against false alarms a megapixel, a curve for each named detector.
///
/// # Errors
/// If the picture cannot be drawn; the error is one clause.
pub fn recall(detectors: &[(String, Findings)]) -> Result<String, String> {
    let mut svg = String::new();
    draw(detectors, &mut svg).map_err(|error| error.to_string())?;
    Ok(svg)
}

fn draw(detectors: &[(String, Findings)], svg: &mut String) -> Result<(), Box<dyn std::error::Error>> {
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
    let area = SVGBackend::with_string(svg, (800, 560)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(56)
        .build_cartesian_2d((least * 0.9..most * 1.1).log_scale(), (lowest - 0.02).max(0.0)..1.0)?;
    chart.configure_mesh().x_desc("false alarms a megapixel").y_desc("recall").draw()?;
    for (i, ((name, _), curve)) in detectors.iter().zip(curves).enumerate() {
        let colour = COLOURS[i % COLOURS.len()];
        let line = chart.draw_series(LineSeries::new(curve, colour.stroke_width(2)))?;
        line.label(name).legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], colour.stroke_width(2)));
    }
    chart.configure_series_labels().position(SeriesLabelPosition::LowerRight).background_style(WHITE).draw()?;
    area.present()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_drawn_for_each_detector() {
        let findings = Findings { alarms: vec![3.0, 2.0, 1.0], pictures: 2, megapixels: 5.0, ..Findings::default() };
        let svg = recall(&[("a".into(), findings.clone()), ("b".into(), findings)]).unwrap();
        assert!(svg.starts_with("<svg") && svg.matches("<polyline").count() >= 2);
        assert!(recall(&[("empty".into(), Findings::default())]).is_ok());
    }
}

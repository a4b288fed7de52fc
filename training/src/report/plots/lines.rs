//! Curves.

use plotters::prelude::{Circle, Color, DashedLineSeries, LineSeries, PathElement, SeriesLabelPosition, ShapeStyle};

use super::{Axis, FAINT, SIZE, axes, colour, legend};
use crate::report::figure::Figure;
use crate::report::folder::ReportError;

/// Curves over common axes.
#[derive(Clone, Debug)]
pub struct Lines {
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
    /// Curves.
    pub curves: Vec<Curve>,
    /// Whether points have markers.
    pub marked: bool,
    /// Whether the curves rise, so that the legend has room below them.
    pub rising: bool,
}

/// A curve.
#[derive(Clone, Debug)]
pub struct Curve {
    /// Name in the legend; an empty name is left out.
    pub name: String,
    /// Index of its colour; systems have the same in all figures. None for a reference.
    pub colour: Option<usize>,
    /// Whether the line is dashed.
    pub dashed: bool,
    /// Points.
    pub points: Vec<(f64, f64)>,
}

impl Lines {
    /// Draws the figure.
    ///
    /// # Errors
    /// If it cannot be drawn.
    pub fn figure(&self, name: &str, title: &str, caption: &str) -> Result<Figure, ReportError> {
        Figure::draw(name, title, caption, SIZE, |area| {
            let mut chart = axes(area, &self.x, &self.y)?;
            for curve in &self.curves {
                let colour = curve.colour.map_or(FAINT, colour);
                let style: ShapeStyle = colour.stroke_width(5);
                let points = curve.points.iter().copied();
                let series = if curve.dashed {
                    chart.draw_series(DashedLineSeries::new(points, 14, 10, style))?
                } else {
                    chart.draw_series(LineSeries::new(points, style))?
                };
                let step = if curve.dashed { 24 } else { 52 };
                if !curve.name.is_empty() {
                    series.label(&curve.name).legend(move |(x, y)| PathElement::new([(x, y), (x + step, y)], style));
                }
                if self.marked && curve.colour.is_some() {
                    let dot = |&point: &(f64, f64)| Circle::new(point, 8, colour.filled());
                    chart.draw_series(curve.points.iter().map(dot))?;
                }
            }
            let position = if self.rising { SeriesLabelPosition::LowerRight } else { SeriesLabelPosition::UpperRight };
            legend(&mut chart, position)
        })
    }
}

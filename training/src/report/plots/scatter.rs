//! Scatter plots.

use plotters::prelude::{Circle, Color, SeriesLabelPosition};

use super::{Axis, SIZE, axes, colour, legend};
use crate::report::figure::Figure;
use crate::report::folder::ReportError;

/// Clouds of points over common axes.
#[derive(Clone, Debug)]
pub struct Scatter {
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
    /// Clouds.
    pub clouds: Vec<Cloud>,
}

/// A cloud of points.
#[derive(Clone, Debug)]
pub struct Cloud {
    /// Name in the legend.
    pub name: String,
    /// Index of its colour.
    pub colour: usize,
    /// Points; those beyond an axis are drawn at its end.
    pub points: Vec<(f64, f64)>,
}

impl Scatter {
    /// Draws the figure.
    ///
    /// # Errors
    /// If it cannot be drawn.
    pub fn figure(&self, name: &str, title: &str, caption: &str) -> Result<Figure, ReportError> {
        Figure::draw(name, title, caption, SIZE, |area| {
            let mut chart = axes(area, &self.x, &self.y)?;
            let within = |value: f64, axis: &Axis| value.clamp(axis.range.start, axis.range.end);
            for cloud in &self.clouds {
                let style = colour(cloud.colour).mix(0.45).filled();
                let finite = cloud.points.iter().filter(|(x, y)| x.is_finite() && y.is_finite());
                let dots = finite.map(|&(x, y)| Circle::new((within(x, &self.x), within(y, &self.y)), 7, style));
                let series = chart.draw_series(dots)?;
                if self.clouds.len() > 1 {
                    series.label(&cloud.name).legend(move |(x, y)| Circle::new((x + 26, y), 9, style));
                }
            }
            if self.clouds.len() > 1 {
                legend(&mut chart, SeriesLabelPosition::UpperRight)?;
            }
            Ok(())
        })
    }
}

//! Figures of the reports, one kind per file, in one style.
//!
//! Colours are those of Okabe & Ito, which colour-blind readers can distinguish. The style sheet of
//! the page replaces them on a dark background.

mod dots;
mod face_map;
mod histogram;
mod lines;
mod outlines;
mod recall;
mod scatter;

use std::ops::Range;

use plotters::chart::{ChartBuilder, ChartContext, LabelAreaPosition};
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::{
    Cartesian2d, Color, IntoFont, RGBColor, SVGBackend, SeriesLabelPosition, TRANSPARENT, TextStyle, WHITE,
};

pub use dots::{DotRow, DotValue, Dots};
pub use face_map::FaceMap;
pub use histogram::Histogram;
pub use lines::{Curve, Lines};
pub use outlines::Outlines;
pub use recall::recall;
pub use scatter::{Cloud, Scatter};

use super::figure::{Area, Drawn};

/// Size of a figure with axes.
pub const SIZE: (u32, u32) = (1200, 820);

/// Colour of text.
const INK: RGBColor = RGBColor(31, 41, 51);
/// Colour of axes and references.
const FAINT: RGBColor = RGBColor(154, 165, 177);
/// Colour of the grid.
const GRID: RGBColor = RGBColor(217, 222, 228);

const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
];

/// Colour with an index.
fn colour(i: usize) -> RGBColor {
    COLOURS[i % COLOURS.len()]
}

/// Style of text.
fn text(size: u32) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&INK)
}

const TEXT: u32 = 38;

type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// An axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Label, with the unit.
    pub label: String,
    /// Range; the start is below the end.
    pub range: Range<f64>,
}

impl Axis {
    /// Returns an axis.
    pub fn new(label: &str, range: Range<f64>) -> Self {
        Self { label: label.into(), range }
    }

    /// Returns an axis over all finite values, with some space around them; from 0 to 1 if there is
    /// none.
    pub fn over(label: &str, values: impl IntoIterator<Item = f64>) -> Self {
        let finite = values.into_iter().filter(|v| v.is_finite());
        let (low, high) = finite.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
        if low > high {
            return Self::new(label, 0.0..1.0);
        }
        let space = 0.05 * (high - low).max(1e-6 * high.abs()).max(1e-9);
        Self::new(label, low - space..high + space)
    }

    /// Starts the axis at 0.
    pub fn from_zero(self) -> Self {
        Self { range: 0.0..self.range.end.max(1e-9), ..self }
    }
}

/// Draws axes with a grid.
fn axes<'a, 'b>(area: &'a Area<'b>, x: &Axis, y: &Axis) -> Result<Chart<'a, 'b>, Box<dyn std::error::Error>> {
    let mut chart = ChartBuilder::on(area)
        .margin(28)
        .margin_right(48)
        .set_label_area_size(LabelAreaPosition::Bottom, 112)
        .set_label_area_size(LabelAreaPosition::Left, 148)
        .build_cartesian_2d(x.range.clone(), y.range.clone())?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID.stroke_width(2))
        .axis_style(FAINT.stroke_width(2))
        .x_labels(8)
        .y_labels(8)
        .x_desc(&x.label)
        .y_desc(&y.label)
        .x_label_formatter(&plain)
        .y_label_formatter(&plain)
        .label_style(text(TEXT))
        .axis_desc_style(text(TEXT))
        .draw()?;
    Ok(chart)
}

/// Formats a number as briefly as possible, to six decimals.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "as the plotting library calls it")]
fn plain(value: &f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    // Not "-0".
    format!("{}", rounded + 0.0)
}

/// Draws the legend.
fn legend<'a, 'b: 'a>(chart: &mut Chart<'a, 'b>, position: SeriesLabelPosition) -> Drawn {
    chart
        .configure_series_labels()
        .position(position)
        .background_style(WHITE.mix(0.85))
        .border_style(GRID)
        .label_font(text(TEXT))
        .legend_area_size(64)
        .margin(16)
        .draw()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_hold_what_there_is() {
        let axis = Axis::over("a", [3.0, f64::NAN, 1.0]);
        assert!(axis.range.start < 1.0 && axis.range.end > 3.0 && axis.range.end < 3.2);
        assert_eq!(Axis::over("a", []).range, 0.0..1.0);
        let one = Axis::over("a", [5.0]).range;
        assert!(one.start < 5.0 && one.end > 5.0);
        assert_eq!(axis.from_zero().range.start, 0.0);
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([plain(&0.30000000000000004), plain(&-0.0), plain(&25.0)], ["0.3", "0", "25"]);
    }
}

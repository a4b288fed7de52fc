//! Means with intervals, one row per group.

use plotters::chart::{ChartBuilder, LabelAreaPosition};
use plotters::prelude::{Circle, Color, PathElement, TRANSPARENT, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::{Axis, FAINT, GRID, SIZE, TEXT, colour, plain, text};
use crate::report::figure::{Area, Drawn, Figure};
use crate::report::folder::ReportError;

/// Rows of means and intervals.
#[derive(Clone, Debug)]
pub struct Dots {
    /// Label of the axis.
    pub label: String,
    /// Names of the systems.
    pub systems: Vec<String>,
    /// The rows from top to bottom.
    pub rows: Vec<DotRow>,
}

/// A row.
#[derive(Clone, Debug)]
pub struct DotRow {
    /// Label.
    pub label: String,
    /// Value of each system, if it has one.
    pub values: Vec<Option<DotValue>>,
}

/// A mean.
#[derive(Clone, Copy, Debug)]
pub struct DotValue {
    /// The mean.
    pub mean: f64,
    /// Ends of its interval, if it is drawn.
    pub interval: Option<[f64; 2]>,
}

impl Dots {
    /// Draws the figure.
    ///
    /// # Errors
    /// If it cannot be drawn.
    pub fn figure(&self, name: &str, title: &str, caption: &str) -> Result<Figure, ReportError> {
        let row = 44 + 36 * self.systems.len() as u32;
        let height = 150 + row * self.rows.len() as u32 + if self.systems.len() > 1 { 56 } else { 0 };
        Figure::draw(name, title, caption, (SIZE.0, height), |area| self.draw(area))
    }

    fn draw(&self, area: &Area) -> Drawn {
        let values = self.rows.iter().flat_map(|row| {
            row.values.iter().flatten().flat_map(|value| value.interval.into_iter().flatten().chain([value.mean]))
        });
        let x = Axis::over(&self.label, values);
        let longest = self.rows.iter().map(|row| row.label.chars().count()).max().unwrap_or(0);
        let labels = (40 + 18 * longest as i32).min(620);
        let (legend, below) = area.split_vertically(if self.systems.len() > 1 { 56 } else { 0 });
        let mut chart = ChartBuilder::on(&below)
            .margin(20)
            .margin_right(48)
            .set_label_area_size(LabelAreaPosition::Bottom, 112)
            .set_label_area_size(LabelAreaPosition::Left, labels)
            .build_cartesian_2d(x.range.clone(), self.rows.len() as f64..0.0)?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(GRID.stroke_width(2))
            .axis_style(FAINT.stroke_width(2))
            .disable_y_mesh()
            .y_labels(0)
            .x_labels(8)
            .x_desc(&x.label)
            .x_label_formatter(&plain)
            .label_style(text(TEXT))
            .axis_desc_style(text(TEXT))
            .draw()?;
        let right = text(TEXT).pos(Pos::new(HPos::Right, VPos::Center));
        for (i, row) in self.rows.iter().enumerate() {
            let (left, middle) = chart.backend_coord(&(x.range.start, i as f64 + 0.5));
            let top = legend.dim_in_pixel().1 as i32;
            below.draw(&Text::new(row.label.clone(), (left - 20, middle - top), right.clone()))?;
            for (system, value) in row.values.iter().enumerate() {
                let Some(DotValue { mean, interval }) = *value else { continue };
                let y = i as f64 + (system as f64 + 1.0) / (row.values.len() as f64 + 1.0);
                let line = colour(system).stroke_width(5);
                chart.draw_series(interval.map(|[low, high]| PathElement::new([(low, y), (high, y)], line)))?;
                chart.draw_series([Circle::new((mean, y), 11, colour(system).filled())])?;
            }
        }
        self.legend(&legend)
    }

    /// Names of the systems, in a line above.
    fn legend(&self, area: &Area) -> Drawn {
        let mut x = 40;
        for (system, name) in self.systems.iter().enumerate().filter(|_| self.systems.len() > 1) {
            area.draw(&Circle::new((x, 32), 11, colour(system).filled()))?;
            let left = text(TEXT).pos(Pos::new(HPos::Left, VPos::Center));
            area.draw(&Text::new(name.clone(), (x + 24, 32), left))?;
            x += 70 + 19 * name.chars().count() as i32;
        }
        Ok(())
    }
}

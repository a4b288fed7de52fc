//! A number for each landmark, drawn on a face.

use lineament::Shape;
use plotters::prelude::{Circle, Color, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::outlines::Canvas;
use super::{FAINT, INK, TEXT, colour, text};
use crate::report::figure::{Area, Drawn, Figure};
use crate::report::folder::ReportError;

/// Size of the figure.
const SIZE: (u32, u32) = (1000, 960);

/// Maximum radius of a disc: larger ones would cover the others.
const LARGEST: f64 = 40.0;

/// Errors at the landmarks of a face.
#[derive(Clone, Debug)]
pub struct FaceMap {
    /// The face; its outer eye corners have a distance of 100.
    pub face: Shape,
    /// Landmarks, and their errors in percent of the eye distance, which is the unit of the face.
    pub errors: Vec<(usize, f64)>,
    /// Index of the colour of the system.
    pub colour: usize,
}

impl FaceMap {
    /// Draws a disc around each landmark, whose radius is the error to scale, and labels the three
    /// largest.
    ///
    /// # Errors
    /// If it cannot be drawn.
    pub fn figure(&self, name: &str, title: &str, caption: &str) -> Result<Figure, ReportError> {
        Figure::draw(name, title, caption, SIZE, |area| self.draw(area))
    }

    fn draw(&self, area: &Area) -> Drawn {
        let canvas = Canvas::around(&self.face, SIZE, 190);
        canvas.outline(area, &self.face, FAINT)?;
        let mut worst: Vec<(usize, f64)> = self.errors.clone();
        worst.sort_by(|a, b| b.1.total_cmp(&a.1));
        let radius = |error: f64| canvas.length(error.min(LARGEST));
        for &(landmark, error) in worst.iter().filter(|(_, error)| error.is_finite()) {
            let place = canvas.pixel(self.face.points[landmark]);
            area.draw(&Circle::new(place, radius(error), colour(self.colour).mix(0.4).filled()))?;
            area.draw(&Circle::new(place, 4, INK.filled()))?;
        }
        for &(landmark, error) in worst.iter().filter(|(_, error)| error.is_finite()).take(3) {
            let (x, y) = canvas.pixel(self.face.points[landmark]);
            // Outwards, where there is most room.
            let (side, away) = if x < SIZE.0 as i32 / 2 { (HPos::Right, -1) } else { (HPos::Left, 1) };
            let style = text(TEXT - 6).pos(Pos::new(side, VPos::Center));
            let place = (x + away * (radius(error) + 10), y);
            area.draw(&Text::new(format!("{}: {error:.1} %", landmark + 1), place, style))?;
        }
        Ok(())
    }
}

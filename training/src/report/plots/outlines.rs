//! Outlines of faces: curves through their landmarks.

use lineament::Shape;
use lineament::geometry::{Point, Rect};
use lineament::scheme::CURVES;
use lineament::scheme::POINTS;
use plotters::prelude::{Color, PathElement, RGBColor, ShapeStyle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::{FAINT, TEXT, colour, text};
use crate::report::figure::{Area, Drawn, Figure};
use crate::report::folder::ReportError;

/// Size of the figure.
const SIZE: (u32, u32) = (900, 900);

/// Several shapes on top of each other.
#[derive(Clone, Debug)]
pub struct Outlines {
    /// Mean shape, in grey.
    pub mean: Shape,
    /// Other shapes, with names.
    pub others: Vec<(String, Shape)>,
}

impl Outlines {
    /// Draws the figure.
    ///
    /// # Errors
    /// If it cannot be drawn.
    pub fn figure(&self, name: &str, title: &str, caption: &str) -> Result<Figure, ReportError> {
        Figure::draw(name, title, caption, SIZE, |area| {
            let all: Vec<Point> = self
                .others
                .iter()
                .chain([&(String::new(), self.mean.clone())])
                .flat_map(|(_, s)| s.points.clone())
                .collect();
            let canvas = Canvas::around(&Shape::new(all), SIZE, 80);
            canvas.outline(area, &self.mean, FAINT)?;
            for (i, (name, shape)) in self.others.iter().enumerate() {
                let colour = colour(i);
                let style = text(TEXT).color(&colour).pos(Pos::new(HPos::Left, VPos::Bottom));
                canvas.outline(area, shape, colour)?;
                // In the corner below, where the chin leaves room.
                let line = SIZE.1 as i32 - 20 - 44 * (self.others.len() - 1 - i) as i32;
                area.draw(&Text::new(name.clone(), (24, line), style))?;
            }
            Ok(())
        })
    }
}

/// Maps coordinates of a shape to pixels.
pub(super) struct Canvas {
    scale: f32,
    middle: Point,
    size: (u32, u32),
}

impl Canvas {
    /// Fits the shape into the image, with a margin.
    pub(super) fn around(shape: &Shape, size: (u32, u32), margin: u32) -> Self {
        let bounds: Rect = shape.bounds();
        let inner = |side: u32| (side - 2 * margin) as f32;
        let scale = (inner(size.0) / bounds.width.max(1e-6)).min(inner(size.1) / bounds.height.max(1e-6));
        Self { scale, middle: bounds.centre(), size }
    }

    /// Pixel of a point.
    pub(super) fn pixel(&self, p: Point) -> (i32, i32) {
        let place = (p - self.middle) * self.scale + Point::new(self.size.0 as f32, self.size.1 as f32) * 0.5;
        (place.x.round() as i32, place.y.round() as i32)
    }

    /// Length in pixels.
    pub(super) fn length(&self, length: f64) -> i32 {
        (f64::from(self.scale) * length).round() as i32
    }

    /// Draws the curves of the 68-point scheme.
    pub(super) fn outline(&self, area: &Area, shape: &Shape, colour: RGBColor) -> Drawn {
        if shape.len() != POINTS {
            return Ok(());
        }
        let style: ShapeStyle = colour.stroke_width(4);
        for (first, last, closed) in CURVES {
            let mut path: Vec<(i32, i32)> = shape.points[first..=last].iter().map(|&p| self.pixel(p)).collect();
            path.extend(closed.then(|| path[0]));
            area.draw(&PathElement::new(path, style))?;
        }
        Ok(())
    }
}

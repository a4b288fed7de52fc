//! Figures, as SVG and PNG.

use std::sync::{Arc, LazyLock};

use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, IntoDrawingArea, SVGBackend, WHITE};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use serde::Serialize;

use super::folder::{ReportError, ReportFolder};

/// The area of a figure. Its coordinates are integers, so figures are drawn at twice their usual
/// size.
pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Result of drawing.
pub type Drawn = Result<(), Box<dyn std::error::Error>>;

/// A figure.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// Name of the files, without extension.
    pub name: String,
    /// Heading.
    pub title: String,
    /// Caption; also the description for readers who cannot see the figure.
    pub caption: String,
    /// The figure as SVG.
    pub svg: String,
}

impl Figure {
    /// Draws a figure of this size in pixels; `draw` draws on a white area.
    ///
    /// # Errors
    /// If it cannot be drawn.
    pub fn draw(
        name: &str,
        title: &str,
        caption: &str,
        size: (u32, u32),
        draw: impl FnOnce(&Area) -> Drawn,
    ) -> Result<Self, ReportError> {
        let mut svg = String::new();
        {
            let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
            let drawn = area.fill(&WHITE).map_err(Into::into).and_then(|()| draw(&area));
            let drawn = drawn.and_then(|()| area.present().map_err(Into::into));
            drawn.map_err(|error| ReportError::content(name, error))?;
        }
        Ok(Self { name: name.into(), title: title.into(), caption: caption.into(), svg })
    }

    /// Writes the figure as `figures/NAME.svg` and `figures/NAME.png`.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write(&self, folder: &ReportFolder) -> Result<(), ReportError> {
        folder.write(&format!("figures/{}.svg", self.name), self.svg.as_bytes())?;
        folder.write(&format!("figures/{}.png", self.name), &self.png()?)
    }

    /// Returns the figure as PNG, one pixel per unit of the SVG. The font is built in, so that the
    /// result is the same on every machine.
    ///
    /// # Errors
    /// If the SVG cannot be rasterised.
    pub fn png(&self) -> Result<Vec<u8>, ReportError> {
        let failed = |what: &dyn ToString| ReportError::content(&self.name, what.to_string());
        let options = Options { fontdb: FONTS.clone(), ..Options::default() };
        let tree = Tree::from_str(&self.svg, &options).map_err(|error| failed(&error))?;
        let size = tree.size().to_int_size();
        let mut pixels = Pixmap::new(size.width(), size.height()).ok_or_else(|| failed(&"it has no size"))?;
        resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
        pixels.encode_png().map_err(|error| failed(&error))
    }
}

/// The built-in font.
static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(dejavu::sans::regular().to_vec());
    fonts.set_sans_serif_family("DejaVu Sans");
    Arc::new(fonts)
});

#[cfg(test)]
mod tests {
    use plotters::prelude::{BLACK, IntoFont, Text};

    use super::*;

    #[test]
    fn text_is_in_the_png_on_any_machine() {
        let figure = |text: &'static str| {
            Figure::draw("a", "a", "a", (200, 60), |area| {
                Ok(area.draw(&Text::new(text, (10, 10), ("sans-serif", 40).into_font().color(&BLACK)))?)
            })
        };
        let dark = |text: &'static str| {
            let png = figure(text).unwrap().png().unwrap();
            let pixels = image::load_from_memory(&png).unwrap().to_luma8();
            assert_eq!(pixels.dimensions(), (200, 60));
            pixels.pixels().filter(|p| p[0] < 128).count()
        };
        assert_eq!(dark(""), 0);
        assert!(dark("lineament") > 200);
    }

    #[test]
    fn a_failure_to_draw_is_an_error() {
        let error = Figure::draw("curve", "", "", (10, 10), |_| Err("no points".into())).unwrap_err();
        assert_eq!(error.to_string(), "the report's curve cannot be made: no points");
    }
}

//! Figures as HTML: panels beside each other, each with its own line below, and a caption below all.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use lineament::image::GrayImage;
use lineament_train::report::Figure;

use super::Made;

/// A piece of a figure: its HTML and the line below it.
pub struct Panel {
    html: String,
    text: String,
}

impl Panel {
    /// A picture.
    pub fn picture(picture: &RgbImage, text: impl Into<String>) -> Made<Self> {
        let text = text.into();
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, 70).encode_image(picture)?;
        let (data, [width, height]) = (STANDARD.encode(&bytes), [picture.width(), picture.height()]);
        let html =
            format!("<img width=\"{width}\" height=\"{height}\" alt=\"{text}\" src=\"data:image/jpeg;base64,{data}\">");
        Ok(Self { html, text })
    }

    /// A plot; its title stands below it.
    pub fn plot(plot: &Figure) -> Self {
        let (lines, text) = (plot.svg.lines().filter(|line| !line.trim().is_empty()), plot.title.clone());
        let svg: String = lines.map(|line| format!("{line}\n")).collect();
        // Its size is the page's business.
        let svg = svg.replacen("<svg width=", &format!("<svg role=\"img\" aria-label=\"{text}\" data-width="), 1);
        Self { html: svg.replacen(" height=", " data-height=", 1).trim_end().to_owned(), text }
    }
}

/// The figure of these panels.
pub fn figure(caption: &str, panels: &[Panel]) -> String {
    let panel = |Panel { html, text }: &Panel| format!("<figure>{html}<figcaption>{text}</figcaption></figure>\n");
    let panels: String = panels.iter().map(panel).collect();
    format!("<figure class=\"guide-figure\"><div>\n{panels}</div><figcaption>{caption}</figcaption></figure>\n")
}

/// The same grey levels as a picture that can be drawn on in colours, each pixel as a square of `zoom × zoom`.
pub fn coloured(grey: &GrayImage, zoom: u32) -> RgbImage {
    RgbImage::from_fn(grey.width() * zoom, grey.height() * zoom, |x, y| {
        let v = grey.get_pixel(x / zoom, y / zoom).0[0];
        Rgb([v, v, v])
    })
}

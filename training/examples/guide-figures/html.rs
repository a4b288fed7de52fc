//! Figures as HTML: panels beside each other, each with its own line below, and a caption below
//! all.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::GrayImage;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Rgb, RgbImage};
use lineament_train::report::Figure;

use super::Made;

/// A piece of a figure: its HTML and the line below it.
pub struct Panel {
    html: String,
    text: String,
}

impl Panel {
    /// An image.
    pub fn image(image: &RgbImage, text: impl Into<String>) -> Made<Self> {
        let text = text.into();
        let mut bytes = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut bytes, 70);
        if image.pixels().all(|&Rgb([r, g, b])| r == g && g == b) {
            DynamicImage::from(image.clone()).into_luma8().write_with_encoder(encoder)?;
        } else {
            image.write_with_encoder(encoder)?;
        }
        let (data, [width, height]) = (STANDARD.encode(&bytes), [image.width(), image.height()]);
        let html =
            format!("<img width=\"{width}\" height=\"{height}\" alt=\"{text}\" src=\"data:image/jpeg;base64,{data}\">");
        Ok(Self { html, text })
    }

    /// A plot; its title stands below it.
    pub fn plot(plot: &Figure) -> Self {
        let (lines, text) = (plot.svg.lines().filter(|line| !line.trim().is_empty()), plot.title.clone());
        let svg = slim(lines.map(|line| format!("{line}\n")).collect());
        // Its size is the page's business.
        let svg = svg.replacen("<svg width=", &format!("<svg role=\"img\" aria-label=\"{text}\" data-width="), 1);
        Self { html: svg.replacen(" height=", " data-height=", 1).trim_end().to_owned(), text }
    }
}

/// The same drawing with fewer bytes: without what SVG assumes anyway.
fn slim(svg: String) -> String {
    let superfluous = [
        (" opacity=\"1\"", ""),
        (" stroke=\"none\" stroke-width=\"1\"", ""),
        (" \"/>", "\"/>"),
        ("\n</text>", "</text>"),
        (">\n<", "><"),
    ];
    let slim = superfluous.iter().fold(svg, |svg, (long, short)| svg.replace(long, short));
    // Every text begins on a line of its own; the other lines are elements.
    slim.replace(">\n", ">").replace("><text", ">\n<text")
}

/// The figure of these panels.
pub fn figure(caption: &str, panels: &[Panel]) -> String {
    let panel = |Panel { html, text }: &Panel| format!("<figure>{html}<figcaption>{text}</figcaption></figure>\n");
    let panels: String = panels.iter().map(panel).collect();
    format!("<figure class=\"guide-figure\"><div>\n{panels}</div><figcaption>{caption}</figcaption></figure>\n")
}

/// The same grey levels as an image that can be drawn on in colours, each pixel as a square of
/// `zoom × zoom`.
pub fn coloured(grey: &GrayImage, zoom: u32) -> RgbImage {
    RgbImage::from_fn(grey.width() * zoom, grey.height() * zoom, |x, y| {
        let v = grey.get_pixel(x / zoom, y / zoom).0[0];
        Rgb([v, v, v])
    })
}

//! Figures as HTML: panels side by side, each with a line of text below it, and a caption below all of them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Rgb, RgbImage};
use lineament::raw::GreyImage;
use lineament_train::report::Figure;

use super::Made;

/// A part of a figure: its HTML and the line below it.
pub struct Panel {
    html: String,
    text: String,
}

impl Panel {
    /// Embeds an image.
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

    /// Embeds a plot, with its title below it.
    pub fn plot(plot: &Figure) -> Self {
        let (lines, text) = (plot.svg.lines().filter(|line| !line.trim().is_empty()), plot.title.clone());
        let svg = slim(lines.map(|line| format!("{line}\n")).collect());
        // The page's style sets the size.
        let svg = svg.replacen("<svg width=", &format!("<svg role=\"img\" aria-label=\"{text}\" data-width="), 1);
        Self { html: svg.replacen(" height=", " data-height=", 1).trim_end().to_owned(), text }
    }
}

/// Removes what SVG assumes anyway.
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

/// Puts panels and a caption together.
pub fn figure(caption: &str, panels: &[Panel]) -> String {
    let panel = |Panel { html, text }: &Panel| format!("<figure>{html}<figcaption>{text}</figcaption></figure>\n");
    let panels: String = panels.iter().map(panel).collect();
    format!("<figure class=\"guide-figure\"><div>\n{panels}</div><figcaption>{caption}</figcaption></figure>\n")
}

/// Copies grey levels to an image that can be drawn on in colour; each pixel becomes a square of `zoom × zoom`.
pub fn coloured(grey: &GreyImage, zoom: u32) -> RgbImage {
    RgbImage::from_fn(grey.width() * zoom, grey.height() * zoom, |x, y| Rgb([grey.pixel(x / zoom, y / zoom); 3]))
}

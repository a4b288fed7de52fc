//! Writing: images one after the other, in whole pixels.
//!
//! `orientation` is this project's own attribute, which dlib's programs ignore: the pixels that coordinates refer to, if the
//! image's EXIF data says that it must be turned.

use std::fmt::Write;

use crate::annotations::Pixels;
use crate::geometry::Rect;
use crate::landmarks::Shape;

/// The text before the first image.
pub const HEADER: &str = "<?xml version='1.0' encoding='UTF-8'?>\n<dataset>\n<images>\n";
/// The text after the last image.
pub const FOOTER: &str = "</images>\n</dataset>\n";

/// An image.
#[derive(Clone, Copy, Debug)]
pub struct ImageFile<'a> {
    /// Its file.
    pub file: &'a str,
    /// Its width and height in the pixels that coordinates refer to, if they are known.
    pub size: Option<(u32, u32)>,
    /// The pixels that coordinates refer to.
    pub pixels: Pixels,
}

/// A box with its points.
#[derive(Clone, Copy, Debug)]
pub struct LabelledBox<'a> {
    /// The box in pixels.
    pub bounds: Rect,
    /// The points in pixels.
    pub shape: &'a Shape,
    /// The points' names: their numbers in the 68-point scheme.
    pub landmarks: &'a [u16],
    /// The text that imglab shows beside the box.
    pub label: Option<&'a str>,
}

/// The element of an image and its boxes.
pub fn image<'a>(image: &ImageFile, boxes: impl IntoIterator<Item = LabelledBox<'a>>) -> String {
    let size = image.size.map(|(width, height)| format!(" width='{width}' height='{height}'")).unwrap_or_default();
    let mut xml = format!("  <image file='{}'{size} orientation='{}'>\n", escaped(image.file), image.pixels);
    for LabelledBox { bounds, shape, landmarks, label } in boxes {
        let [left, top, width, height] = [bounds.x, bounds.y, bounds.width, bounds.height].map(whole);
        // Writing to a string cannot fail.
        let _ = writeln!(xml, "    <box top='{top}' left='{left}' width='{width}' height='{height}'>");
        if let Some(label) = label {
            let _ = writeln!(xml, "      <label>{}</label>", escaped(label));
        }
        for (landmark, p) in landmarks.iter().zip(&shape.points) {
            let _ = writeln!(xml, "      <part name='{landmark:02}' x='{}' y='{}'/>", whole(p.x), whole(p.y));
        }
        xml += "    </box>\n";
    }
    xml + "  </image>\n"
}

/// The nearest whole number, without a sign where that is zero.
fn whole(value: f32) -> f32 {
    value.round() + 0.0
}

/// A text as the value of an XML attribute. XML knows no control characters but tab and line end.
fn escaped(text: &str) -> String {
    let escape = |c: char| match c {
        '&' => "&amp;".into(),
        '<' => "&lt;".into(),
        '>' => "&gt;".into(),
        '\'' => "&apos;".into(),
        '"' => "&quot;".into(),
        '\t' | '\n' | '\r' => format!("&#{};", u32::from(c)),
        c if c.is_control() => '\u{fffd}'.into(),
        c => c.to_string(),
    };
    text.chars().map(escape).collect()
}

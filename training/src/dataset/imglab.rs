//! imglab XML, the format of dlib's tools and of its copy of 300-W.
//!
//! ```xml
//! <dataset><images>
//!   <image file='afw/134212_1.jpg'>
//!     <box top='209' left='316' width='201' height='201'>
//!       <part name='00' x='314.75' y='247.32'/> …
//! ```
//!
//! Pixels are counted from 0. Boxes with `ignore='1'` mark regions that are neither for training
//! nor for evaluation; they are left out. The reader pulls one element after the other, so that
//! each fault can name its line. Document types and entities other than the five of XML are
//! refused: no file needs them, and attacks on XML readers use them.

use std::path::{Path, PathBuf};

use lineament::Shape;
use lineament::geometry::{Point, Rect};
use lineament::raw::files::{excerpt, shortened};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::Fault;
use super::orientation::Hints;

/// An imglab file that cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ImglabError {
    /// The text is not XML, or lacks an attribute.
    #[error("line {line}: {what}")]
    Line {
        /// Line, counted from 1.
        line: usize,
        /// What is wrong there.
        what: ElementError,
    },
    /// There is no `image` element.
    #[error("the file has no images")]
    NoImages,
}

/// An element that cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ElementError {
    /// Not XML.
    #[error("not well-formed XML ({0})")]
    NotXml(String),
    /// A document type.
    #[error("document types are not accepted")]
    DocumentType,
    /// A reference to an entity.
    #[error("entities are not accepted")]
    Entity,
    /// An attribute that cannot be read.
    #[error("{0}")]
    Attribute(String),
    /// An attribute is missing.
    #[error("the attribute `{0}` is missing")]
    Missing(String),
    /// An attribute is not a coordinate.
    #[error("`{name}` is `{text}`, not a coordinate")]
    NotACoordinate {
        /// Name of the attribute.
        name: String,
        /// Its text.
        text: String,
    },
    /// A part has a name that is not a number.
    #[error("the part's name `{0}` is not a number")]
    PartName(String),
    /// A part occurs twice.
    #[error("part {0} occurs twice")]
    PartTwice(usize),
    /// A part is missing.
    #[error("part {0} is missing")]
    PartMissing(usize),
    /// A box has no area.
    #[error("it has no area")]
    NoArea,
}

/// An `image` element.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageEntry {
    /// Its file, relative to the folder of the XML.
    pub file: PathBuf,
    /// The pixels that its coordinates refer to.
    pub hints: Hints,
    /// Its boxes.
    pub boxes: Vec<LabelledBox>,
}

/// A `box` element with its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelledBox {
    /// Box in pixels.
    pub bounds: Rect,
    /// Parts, ordered by the numbers that are their names.
    pub shape: Shape,
}

/// Reads the images of an imglab file. Boxes that cannot be read are left out and reported as
/// faults of `file`.
///
/// # Errors
/// If the text is not well-formed XML, has a document type, or has no `image` element.
pub fn parse(text: &str, file: &Path) -> Result<(Vec<ImageEntry>, Vec<Fault>), ImglabError> {
    let mut reader = Reader::from_str(text);
    let mut lines = LineCounter { text, offset: 0, line: 1 };
    let (mut images, mut faults) = (Vec::<ImageEntry>::new(), Vec::new());
    let mut open: Option<OpenBox> = None;
    loop {
        let event = reader.read_event();
        let line = lines.at(reader.buffer_position());
        let at = |what: ElementError| ImglabError::Line { line, what };
        let event = event.map_err(|error| at(ElementError::NotXml(shortened(&error.to_string(), 200))))?;
        match &event {
            Event::Eof => break,
            Event::DocType(_) => return Err(at(ElementError::DocumentType)),
            Event::GeneralRef(_) => return Err(at(ElementError::Entity)),
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "image" => {
                    let name = attribute(element, "file").map_err(at)?;
                    images.push(ImageEntry { file: name.into(), hints: hints(element), boxes: Vec::new() });
                }
                "box" => open = Some(OpenBox::new(element, line)),
                "part" => {
                    if let Some(open) = &mut open {
                        open.add(element);
                    }
                }
                _ => {}
            },
            _ => {}
        }
        let closed = match &event {
            Event::Empty(element) => element.local_name().as_ref() == "box",
            Event::End(element) => element.local_name().as_ref() == "box",
            _ => false,
        };
        if closed && let Some(open) = open.take() {
            match (open.finish(), images.last_mut()) {
                (Ok(Some(labelled)), Some(image)) => image.boxes.push(labelled),
                (Ok(_), _) => {}
                (Err((line, what)), _) => faults.push(Fault::new(file, format_args!("the box in line {line}: {what}"))),
            }
        }
    }
    if images.is_empty() { Err(ImglabError::NoImages) } else { Ok((images, faults)) }
}

/// A box element whose end has not been read yet.
struct OpenBox {
    line: usize,
    ignored: bool,
    bounds: Result<Rect, ElementError>,
    parts: Result<Vec<(usize, Point)>, ElementError>,
}

impl OpenBox {
    fn new(element: &BytesStart, line: usize) -> Self {
        let side = |name: &str| number(element, name);
        let bounds = side("left").and_then(|x| Ok(Rect::new(x, side("top")?, side("width")?, side("height")?)));
        let ignored = attribute(element, "ignore").is_ok_and(|value| value == "1");
        Self { line, ignored, bounds, parts: Ok(Vec::new()) }
    }

    fn add(&mut self, element: &BytesStart) {
        let part = || {
            let name = attribute(element, "name")?;
            let name = name.parse().map_err(|_| ElementError::PartName(excerpt(&name)))?;
            Ok((name, Point::new(number(element, "x")?, number(element, "y")?)))
        };
        if let Ok(parts) = &mut self.parts {
            match part() {
                Ok(part) => parts.push(part),
                Err(what) => self.parts = Err(what),
            }
        }
    }

    /// The box, or none if it must be ignored. Errors come with the line of the box.
    fn finish(self) -> Result<Option<LabelledBox>, (usize, ElementError)> {
        if self.ignored {
            return Ok(None);
        }
        let at = |what: ElementError| (self.line, what);
        let bounds = self.bounds.map_err(at)?;
        let mut parts = self.parts.map_err(at)?;
        if !bounds.is_valid() {
            return Err(at(ElementError::NoArea));
        }
        parts.sort_by_key(|(name, _)| *name);
        if let Some(twice) = parts.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(at(ElementError::PartTwice(twice[0].0)));
        }
        // Names may start at 0 or 1, but after a gap the parts would be other landmarks.
        let first = parts.first().map_or(0, |(name, _)| *name);
        if let Some((index, _)) =
            parts.iter().enumerate().find(|(index, (name, _))| *name != first.saturating_add(*index))
        {
            return Err(at(ElementError::PartMissing(first + index)));
        }
        let shape = Shape::new(parts.into_iter().map(|(_, point)| point).collect());
        Ok(Some(LabelledBox { bounds, shape }))
    }
}

fn attribute(element: &BytesStart, name: &str) -> Result<String, ElementError> {
    let unreadable = |error: &dyn ToString| ElementError::Attribute(shortened(&error.to_string(), 200));
    let found = element.try_get_attribute(name).map_err(|error| unreadable(&error))?;
    let found = found.ok_or_else(|| ElementError::Missing(name.into()))?;
    let value = found.normalized_value(XmlVersion::Implicit1_0).map_err(|error| unreadable(&error))?;
    Ok(value.into_owned())
}

/// What an `image` element says about its pixels; what cannot be read says nothing.
fn hints(element: &BytesStart) -> Hints {
    let side = |name: &str| attribute(element, name).ok().and_then(|value| value.trim().parse().ok());
    Hints {
        pixels: attribute(element, "orientation").ok().and_then(|word| word.parse().ok()),
        size: side("width").zip(side("height")),
    }
}

fn number(element: &BytesStart, name: &str) -> Result<f32, ElementError> {
    let text = attribute(element, name)?;
    match text.trim().parse::<f32>() {
        Ok(value) if value.abs() < 1e6 => Ok(value),
        _ => Err(ElementError::NotACoordinate { name: name.into(), text: excerpt(&text) }),
    }
}

/// Converts increasing offsets to line numbers.
struct LineCounter<'a> {
    text: &'a str,
    offset: usize,
    line: usize,
}

impl LineCounter<'_> {
    fn at(&mut self, offset: u64) -> usize {
        let offset = (offset as usize).clamp(self.offset, self.text.len());
        self.line += self.text.as_bytes()[self.offset..offset].iter().filter(|&&byte| byte == b'\n').count();
        self.offset = offset;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<(Vec<ImageEntry>, Vec<Fault>), ImglabError> {
        parse(&format!("<?xml version='1.0'?>\n<dataset><images>\n{body}\n</images></dataset>"), Path::new("a.xml"))
    }

    #[test]
    fn images_boxes_and_parts_are_read_in_order() {
        let (images, faults) = read(
            "<image file='a &amp; b.jpg' width='9' height='9'><box top='2' left='1.5' width='3' height='4'>\n\
             <part name='01' x='5' y='6'/><part name='00' x='-1.25' y='0'></part></box></image>\n\
             <image file=\"c.jpg\"/>\n<image file='d.jpg'><box top='0' left='0' width='1' height='1'/></image>",
        )
        .unwrap();
        assert!(faults.is_empty());
        assert_eq!(images.len(), 3);
        assert_eq!(images[0].file, Path::new("a & b.jpg"));
        assert_eq!(images[0].boxes[0].bounds, Rect::new(1.5, 2.0, 3.0, 4.0));
        assert_eq!(images[0].boxes[0].shape.points, [Point::new(-1.25, 0.0), Point::new(5.0, 6.0)]);
        assert!(images[1].boxes.is_empty());
        assert!(images[2].boxes[0].shape.is_empty());
    }

    #[test]
    fn faulty_boxes_are_left_out_and_name_their_line() {
        let fault = |body: &str| {
            let (images, faults) = read(&format!("<image file='a.jpg'>\n{body}</image>")).unwrap();
            assert!(images[0].boxes.is_empty());
            faults[0].to_string()
        };
        let start = "<box top='0' left='0' width='1' height='1'>";
        let gap = format!("{start}<part name='0' x='1' y='1'/><part name='2' x='1' y='1'/></box>");
        assert_eq!(fault(&gap), "a.xml: the box in line 4: part 1 is missing");
        let twice = format!("{start}<part name='0' x='1' y='1'/><part name='0' x='1' y='1'/></box>");
        assert_eq!(fault(&twice), "a.xml: the box in line 4: part 0 occurs twice");
        let nan = format!("{start}<part name='0' x='nan' y='1'/></box>");
        assert_eq!(fault(&nan), "a.xml: the box in line 4: `x` is `nan`, not a coordinate");
        assert_eq!(
            fault("<box top='0' left='0' width='1'/>"),
            "a.xml: the box in line 4: the attribute `height` is missing"
        );
        assert_eq!(fault("\n<box top='0' left='0' width='0' height='1'/>"), "a.xml: the box in line 5: it has no area");
    }

    #[test]
    fn ignored_boxes_are_no_fault() {
        let (images, faults) =
            read("<image file='a.jpg'><box ignore='1' top='0' left='0' width='0' height='1'/></image>").unwrap();
        assert!(images[0].boxes.is_empty() && faults.is_empty());
    }

    #[test]
    fn other_files_are_refused() {
        let message = |text: &str| parse(text, Path::new("a.xml")).unwrap_err().to_string();
        assert_eq!(message(""), "the file has no images");
        assert_eq!(message("<html></html>"), "the file has no images");
        assert!(message("<dataset>\n<images>\n<image file='a'></images>").starts_with("line 3: not well-formed"));
        let bomb = "<!DOCTYPE d [<!ENTITY a 'aaaa'>]><d><image file='a'>&a;</image></d>";
        assert_eq!(message(bomb), "line 1: document types are not accepted");
        assert_eq!(message("<d><image file='a'>&a;</image></d>"), "line 1: entities are not accepted");
        // Billion laughs: no entity is expanded, and no file is opened.
        let entity = |i: usize| format!("<!ENTITY l{} '{}'>", i + 1, format!("&l{i};").repeat(10));
        let laughs = format!("<!DOCTYPE d [<!ENTITY l0 'ha'>{}]>", (0..9).map(entity).collect::<String>());
        assert_eq!(
            message(&format!("{laughs}<d><image file='&l9;'>&l9;</image></d>")),
            "line 1: document types are not accepted"
        );
        for external in ["SYSTEM 'file:///etc/passwd'", "PUBLIC '-//x' 'http://localhost/x'"] {
            let whole = message(&format!("<?xml version='1.0'?>\n<!DOCTYPE d {external}><d><image file='a'/></d>"));
            assert_eq!(whole, "line 2: document types are not accepted");
            let entity = message(&format!("<!DOCTYPE d [<!ENTITY % x {external}> %x;]><d><image file='a'/></d>"));
            assert_eq!(entity, "line 1: document types are not accepted");
        }
        assert!(message("<d><image file='&a;'></image></d>").contains("line 1"));
    }
}

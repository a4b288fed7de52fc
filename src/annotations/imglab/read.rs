//! Reading, one element after the other, so that each fault can name its line.
//!
//! Boxes with `ignore='1'` mark regions that are neither for training nor for evaluation; they are left out. Document
//! types, and entities other than the five of XML, are refused: no file needs them, and attacks on XML readers use them.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::annotations::{Pixels, text};
use crate::files::{excerpt, shortened};
use crate::geometry::{Point, Rect};
use crate::landmarks::Shape;
use crate::rect_ext::RectExt;

/// The most characters of a message of the XML reader, which may quote the file.
const LONGEST: usize = 200;

/// Bytes at the beginning of a file that are searched for the name of its encoding.
const DECLARATION: usize = 200;

/// An imglab file that cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ImglabError {
    /// The text is in an unknown encoding.
    #[error("the encoding `{0}` is not supported: save the file as UTF-8")]
    Encoding(String),
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
#[non_exhaustive]
pub enum ElementError {
    /// Not XML.
    #[error("not well-formed XML ({0})")]
    NotXml(String),
    /// A document type.
    #[error("document types are not accepted")]
    DocumentType,
    /// A reference to an entity that XML does not define.
    #[error("the entity `{0}` is not one of the five that XML defines")]
    Entity(String),
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

/// The content of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Images {
    /// The `image` elements.
    pub images: Vec<ImageEntry>,
    /// The boxes that cannot be used, which are left out of the images.
    pub faults: Vec<BoxFault>,
}

/// An `image` element.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageEntry {
    /// Name of the image's file as it is written: absolute or relative, on Windows with backslashes.
    pub file: String,
    /// Pixels that coordinates refer to, if the file says it.
    pub pixels: Option<Pixels>,
    /// Width and height that the file states, in pixels.
    pub size: Option<(u32, u32)>,
    /// Its boxes.
    pub boxes: Vec<BoxEntry>,
}

/// A `box` element with its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct BoxEntry {
    /// Box in pixels.
    pub bounds: Rect,
    /// Parts, ordered by the numbers that are their names.
    pub shape: Shape,
}

/// A `box` element that cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the box in line {line}: {what}")]
pub struct BoxFault {
    /// Line of the element, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: ElementError,
}

/// Reads the bytes of a file: XML in UTF-8, UTF-16, ISO-8859-1 or Windows-1252.
///
/// # Errors
/// If the encoding is another one, or the text is not well-formed XML, has a document type, or has no `image` element.
pub fn parse(bytes: &[u8]) -> Result<Images, ImglabError> {
    let text = text::decode(bytes, declared_encoding(bytes).as_deref())
        .map_err(|encoding| ImglabError::Encoding(excerpt(&encoding)))?;
    let mut reader = Reader::from_str(&text);
    let mut lines = LineCounter { text: &text, offset: 0, line: 1 };
    let mut read = Images::default();
    let mut open: Option<OpenBox> = None;
    loop {
        let event = reader.read_event();
        let line = lines.at(reader.buffer_position());
        let at = |what: ElementError| ImglabError::Line { line, what };
        let event = event.map_err(|error| at(not_xml(&error)))?;
        match &event {
            Event::Eof => break,
            Event::DocType(_) => return Err(at(ElementError::DocumentType)),
            Event::GeneralRef(reference) => check_reference(reference).map_err(at)?,
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "image" => {
                    let file = attribute(element, "file").map_err(at)?;
                    let pixels = attribute(element, "orientation").ok().and_then(|word| word.parse().ok());
                    read.images.push(ImageEntry { file, pixels, size: size(element), boxes: Vec::new() });
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
            match (open.finish(), read.images.last_mut()) {
                (Ok(Some(entry)), Some(image)) => image.boxes.push(entry),
                (Ok(_), _) => {}
                (Err(fault), _) => read.faults.push(fault),
            }
        }
    }
    if read.images.is_empty() { Err(ImglabError::NoImages) } else { Ok(read) }
}

/// The encoding that the XML declaration names, in a file whose bytes are not UTF-16.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION)]);
    let (declaration, _) = start.split_once("?>")?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| ['\'', '"'].contains(c))?;
    value[1..].split(quote).next().map(str::to_owned)
}

/// A reference within text that is not used: known entities and characters are skipped.
fn check_reference(reference: &BytesRef) -> Result<(), ElementError> {
    match reference.resolve_char_ref() {
        Ok(Some(_)) => Ok(()),
        Ok(None) if ["amp", "lt", "gt", "apos", "quot"].contains(&&**reference) => Ok(()),
        Ok(None) => Err(ElementError::Entity(format!("&{};", excerpt(reference)))),
        Err(error) => Err(not_xml(&error)),
    }
}

fn not_xml(error: &quick_xml::Error) -> ElementError {
    ElementError::NotXml(shortened(&error.to_string(), LONGEST))
}

/// The size that an `image` element states.
fn size(element: &BytesStart) -> Option<(u32, u32)> {
    let side = |name: &str| attribute(element, name).ok()?.trim().parse::<u32>().ok().filter(|&side| side > 0);
    Some((side("width")?, side("height")?))
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
            let name = name.trim().parse().map_err(|_| ElementError::PartName(excerpt(&name)))?;
            Ok((name, Point::new(number(element, "x")?, number(element, "y")?)))
        };
        if let Ok(parts) = &mut self.parts {
            match part() {
                Ok(part) => parts.push(part),
                Err(what) => self.parts = Err(what),
            }
        }
    }

    /// The box, or none if it must be ignored.
    fn finish(self) -> Result<Option<BoxEntry>, BoxFault> {
        if self.ignored {
            return Ok(None);
        }
        let line = self.line;
        let at = |what: ElementError| BoxFault { line, what };
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
        Ok(Some(BoxEntry { bounds, shape }))
    }
}

fn attribute(element: &BytesStart, name: &str) -> Result<String, ElementError> {
    let unreadable = |error: &dyn ToString| ElementError::Attribute(shortened(&error.to_string(), LONGEST));
    let found = element.try_get_attribute(name).map_err(|error| unreadable(&error))?;
    let found = found.ok_or_else(|| ElementError::Missing(name.into()))?;
    let value = found.normalized_value(XmlVersion::Implicit1_0).map_err(|error| unreadable(&error))?;
    Ok(value.into_owned())
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

    fn read(body: &str) -> Images {
        let text = format!("<?xml version='1.0'?>\n<dataset><images>\n{body}\n</images></dataset>");
        parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn images_boxes_and_parts_are_read_in_order() {
        let Images { images, faults } = read(
            "<image file='a &amp; b&#x41;.jpg' width='9' height='8'><box top='2' left='1.5' width='3' height='4'>\n\
             <part name='01' x='5' y='6'/><part name='00' x='-1.25' y='0'></part></box></image>\n\
             <image file=\"c.jpg\"/>\n<image file='d.jpg'><box top='0' left='0' width='1' height='1'/></image>",
        );
        assert!(faults.is_empty());
        assert_eq!(images.len(), 3);
        assert_eq!((images[0].file.as_str(), images[0].size), ("a & bA.jpg", Some((9, 8))));
        assert_eq!(images[0].boxes[0].bounds, Rect::new(1.5, 2.0, 3.0, 4.0));
        assert_eq!(images[0].boxes[0].shape.points, [Point::new(-1.25, 0.0), Point::new(5.0, 6.0)]);
        assert!(images[1].boxes.is_empty() && images[1].size.is_none());
        assert!(images[2].boxes[0].shape.is_empty());
    }

    #[test]
    fn references_in_text_are_read() {
        let box_of = |label: &str| {
            format!(
                "<comment>A &amp; B</comment><image file='a.jpg'>\
                 <box top='0' left='0' width='1' height='1'><label>{label}</label></box></image>"
            )
        };
        for label in ["&lt;18 &gt; &quot;a&apos; &#233;&#xE9;", "<![CDATA[a & b]]>", "<!-- &x; -->"] {
            assert_eq!(read(&box_of(label)).images[0].boxes.len(), 1, "{label}");
        }
    }

    #[test]
    fn declared_encodings_are_read() {
        let text = |encoding: &str| {
            format!("<?xml version=\"1.0\" encoding = \"{encoding}\"?>\n<d><image file='café.jpg'/></d>")
        };
        let one_byte = |text: String| text.chars().map(|c| c as u8).collect::<Vec<u8>>();
        let utf_16 = |text: String| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        for bytes in [
            one_byte(text("ISO-8859-1")),
            one_byte(text("windows-1252")),
            text("ISO-8859-1").into_bytes(),
            text("UTF-16").into_bytes(),
            utf_16(text("UTF-16")),
        ] {
            assert_eq!(parse(&bytes).unwrap().images[0].file, "café.jpg");
        }
        let message = parse(&one_byte(text("KOI8-R"))).unwrap_err().to_string();
        assert_eq!(message, "the encoding `KOI8-R` is not supported: save the file as UTF-8");
    }

    #[test]
    fn faulty_boxes_are_left_out_and_name_their_line() {
        let fault = |body: &str| {
            let Images { images, faults } = read(&format!("<image file='a.jpg'>\n{body}</image>"));
            assert!(images[0].boxes.is_empty());
            faults[0].to_string()
        };
        let start = "<box top='0' left='0' width='1' height='1'>";
        let gap = format!("{start}<part name='0' x='1' y='1'/><part name='2' x='1' y='1'/></box>");
        assert_eq!(fault(&gap), "the box in line 4: part 1 is missing");
        let twice = format!("{start}<part name='0' x='1' y='1'/><part name='0' x='1' y='1'/></box>");
        assert_eq!(fault(&twice), "the box in line 4: part 0 occurs twice");
        let nan = format!("{start}<part name='0' x='nan' y='1'/></box>");
        assert_eq!(fault(&nan), "the box in line 4: `x` is `nan`, not a coordinate");
        let named = format!("{start}<part name='leye' x='1' y='1'/></box>");
        assert_eq!(fault(&named), "the box in line 4: the part's name `leye` is not a number");
        assert_eq!(fault("<box top='0' left='0' width='1'/>"), "the box in line 4: the attribute `height` is missing");
        assert_eq!(fault("\n<box top='0' left='0' width='0' height='1'/>"), "the box in line 5: it has no area");
    }

    #[test]
    fn ignored_boxes_are_no_fault() {
        let read = read("<image file='a.jpg'><box ignore='1' top='0' left='0' width='0' height='1'/></image>");
        assert!(read.images[0].boxes.is_empty() && read.faults.is_empty());
    }

    #[test]
    fn other_files_are_refused() {
        let message = |text: &str| parse(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(message(""), "the file has no images");
        assert_eq!(message("<html></html>"), "the file has no images");
        assert!(message("<dataset>\n<images>\n<image file='a'></images>").starts_with("line 3: not well-formed"));
        let bomb = "<!DOCTYPE d [<!ENTITY a 'aaaa'>]><d><image file='a'>&a;</image></d>";
        assert_eq!(message(bomb), "line 1: document types are not accepted");
        let unknown = "line 1: the entity `&a;` is not one of the five that XML defines";
        assert_eq!(message("<d><image file='a'>&a;</image></d>"), unknown);
        assert!(message("<d><image file='a'>&#0;</image></d>").starts_with("line 1: not well-formed"));
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

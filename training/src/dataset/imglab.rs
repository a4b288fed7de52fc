//! imglab XML, as dlib's tools and its copy of 300-W use it.
//!
//! ```xml
//! <dataset><images>
//!   <image file='afw/134212_1.jpg'>
//!     <box top='209' left='316' width='201' height='201'>
//!       <part name='00' x='314.75' y='247.32'/> …
//! ```
//!
//! Pixels are counted from 0. Boxes with `ignore='1'` mark regions that nobody should learn from or be judged by; they are
//! left out. The reader pulls one element after the other, so that each fault can name its line. Document types and entities
//! other than XML's five are refused: no file needs them, and they are how XML attacks its readers.

use std::path::{Path, PathBuf};

use lineament::Shape;
use lineament::files::{excerpt, shortened};
use lineament::geometry::{Point, Rect};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::Fault;

/// An image element.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// The file as the XML names it, relative to the XML's folder.
    pub file: PathBuf,
    /// Its boxes.
    pub boxes: Vec<LabelledBox>,
}

/// A box element with its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelledBox {
    /// The box in pixels.
    pub bounds: Rect,
    /// The parts, in the order of their names' numbers.
    pub shape: Shape,
}

/// The images of an imglab file.
///
/// Boxes that cannot be understood are faults and left out. `file` names the XML in them.
///
/// # Errors
/// If the text is not well-formed XML, has a document type, or holds no `image` element.
pub fn parse(text: &str, file: &Path) -> Result<(Vec<Image>, Vec<Fault>), String> {
    let mut reader = Reader::from_str(text);
    let mut lines = LineCounter { text, offset: 0, line: 1 };
    let (mut images, mut faults) = (Vec::<Image>::new(), Vec::new());
    let mut open: Option<OpenBox> = None;
    loop {
        let event = reader.read_event();
        let line = lines.at(reader.buffer_position());
        let at = |what: String| format!("line {line}: {what}");
        let event =
            event.map_err(|error| at(format!("it is not well-formed XML ({})", shortened(&error.to_string(), 200))))?;
        match &event {
            Event::Eof => break,
            Event::DocType(_) => return Err(at("document types are not accepted".into())),
            Event::GeneralRef(_) => return Err(at("entities are not accepted".into())),
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "image" => {
                    let name = attribute(element, "file").map_err(at)?;
                    images.push(Image { file: name.into(), boxes: Vec::new() });
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
                (Err(what), _) => faults.push(Fault::new(file, what)),
            }
        }
    }
    if images.is_empty() { Err("it names no images".into()) } else { Ok((images, faults)) }
}

/// A box element whose end has not been read yet.
struct OpenBox {
    line: usize,
    ignored: bool,
    bounds: Result<Rect, String>,
    parts: Result<Vec<(usize, Point)>, String>,
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
            let name = name.parse().map_err(|_| format!("the part's name `{}` is not a number", excerpt(&name)))?;
            Ok((name, Point::new(number(element, "x")?, number(element, "y")?)))
        };
        if let Ok(parts) = &mut self.parts {
            match part() {
                Ok(part) => parts.push(part),
                Err(what) => self.parts = Err(what),
            }
        }
    }

    /// The box; none if it is to be ignored.
    fn finish(self) -> Result<Option<LabelledBox>, String> {
        if self.ignored {
            return Ok(None);
        }
        let at = |what: String| format!("the box in line {}: {what}", self.line);
        let bounds = self.bounds.map_err(at)?;
        let mut parts = self.parts.map_err(at)?;
        if !bounds.is_valid() {
            return Err(at("it has no area".into()));
        }
        parts.sort_by_key(|(name, _)| *name);
        if let Some(twice) = parts.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(at(format!("part {} stands twice", twice[0].0)));
        }
        // Names may count from 0 or from 1, but a gap means that the parts behind it are other landmarks.
        let first = parts.first().map_or(0, |(name, _)| *name);
        if let Some((index, _)) =
            parts.iter().enumerate().find(|(index, (name, _))| *name != first.saturating_add(*index))
        {
            return Err(at(format!("part {} is missing", first + index)));
        }
        let shape = Shape::new(parts.into_iter().map(|(_, point)| point).collect());
        Ok(Some(LabelledBox { bounds, shape }))
    }
}

fn attribute(element: &BytesStart, name: &str) -> Result<String, String> {
    let found = element.try_get_attribute(name).map_err(|error| shortened(&error.to_string(), 200))?;
    let found = found.ok_or_else(|| format!("the attribute `{name}` is missing"))?;
    let value = found.normalized_value(XmlVersion::Implicit1_0).map_err(|error| shortened(&error.to_string(), 200))?;
    Ok(value.into_owned())
}

fn number(element: &BytesStart, name: &str) -> Result<f32, String> {
    let text = attribute(element, name)?;
    match text.trim().parse::<f32>() {
        Ok(value) if value.abs() < 1e6 => Ok(value),
        _ => Err(format!("`{name}` is `{}`, not a coordinate", excerpt(&text))),
    }
}

/// Turns growing offsets into line numbers.
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

    fn read(body: &str) -> Result<(Vec<Image>, Vec<Fault>), String> {
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
        assert_eq!(fault(&twice), "a.xml: the box in line 4: part 0 stands twice");
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
    fn what_is_no_imglab_file_is_refused() {
        let message = |text: &str| parse(text, Path::new("a.xml")).unwrap_err();
        assert_eq!(message(""), "it names no images");
        assert_eq!(message("<html></html>"), "it names no images");
        assert!(message("<dataset>\n<images>\n<image file='a'></images>").starts_with("line 3: it is not well-formed"));
        let bomb = "<!DOCTYPE d [<!ENTITY a 'aaaa'>]><d><image file='a'>&a;</image></d>";
        assert_eq!(message(bomb), "line 1: document types are not accepted");
        assert_eq!(message("<d><image file='a'>&a;</image></d>"), "line 1: entities are not accepted");
        // Of a billion laughs not one is laughed, and no file is opened.
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

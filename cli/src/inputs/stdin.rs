//! Stdin, which contains a list of names or an image.

use std::collections::VecDeque;
use std::io::{BufRead, Read};
use std::path::PathBuf;

use lineament::raw::files::{MOST_BYTES, os_string, plain_text, reason};

/// Longest name in a list, in bytes. More without an end is no list.
const LONGEST_NAME: u64 = 1 << 16;

/// The beginnings of image files that no text has.
const IMAGES: [&[u8]; 8] =
    [b"\xFF\xD8\xFF", b"\x89PNG", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"\0\0\0\x0CJXL ", b"\0\0\0\x0CjP  "];

/// The beginnings of image files that a name could have too: what follows them is not text.
const IMAGES_OR_NAMES: [&[u8]; 8] = [b"GIF8", b"RIFF", b"BM", b"P1", b"P4", b"P5", b"P6", b"P7"];

/// What stdin contains.
#[derive(Debug)]
pub enum Stdin {
    /// An image.
    Image,
    /// Names of images.
    List(List),
}

impl Stdin {
    /// Looks at the first bytes, and waits until they are there. `separator` is the one of the names.
    pub fn open(separator: u8) -> Self {
        let mut stdin = std::io::stdin().lock();
        let start = stdin.fill_buf().unwrap_or_default();
        if is_image(start, separator) { Self::Image } else { Self::List(List::new(start, separator)) }
    }
}

/// Whether a file with this beginning is an image instead of a list of names.
fn is_image(start: &[u8], separator: u8) -> bool {
    let has = |beginning: &&[u8]| start.starts_with(beginning);
    IMAGES.iter().any(has)
        || start.get(4..8) == Some(b"ftyp")
        || IMAGES_OR_NAMES.iter().any(has) && !is_text(start, separator)
}

fn is_text(start: &[u8], separator: u8) -> bool {
    start.iter().all(|&byte| byte >= b' ' || matches!(byte, b'\t' | b'\r' | b'\n') || byte == separator)
}

/// An encoding that a list begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    /// UTF-8, or whatever the system has.
    Bytes,
    /// Either order of bytes.
    Utf16,
}

/// A list of names.
#[derive(Debug)]
pub struct List {
    separator: u8,
    encoding: Encoding,
    /// The names that were read together.
    read: VecDeque<PathBuf>,
    started: bool,
    ended: bool,
}

/// Something that is wrong with the list: a clause.
pub type ListError = String;

impl List {
    fn new(start: &[u8], separator: u8) -> Self {
        let encoding = match start {
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Encoding::Utf16,
            _ => Encoding::Bytes,
        };
        Self { separator, encoding, read: VecDeque::new(), started: false, ended: false }
    }

    /// The next name; empty lines do not count.
    fn next_name(&mut self) -> Result<Option<PathBuf>, ListError> {
        if self.encoding != Encoding::Bytes && !self.started {
            self.started = true;
            self.read = self.utf16()?;
        }
        if self.encoding != Encoding::Bytes {
            return Ok(self.read.pop_front());
        }
        loop {
            let mut name = Vec::new();
            let mut stdin = std::io::stdin().lock().take(LONGEST_NAME);
            let length = stdin.read_until(self.separator, &mut name).map_err(|error| reason(&error))?;
            if length == 0 {
                return Ok(None);
            }
            if name.pop_if(|last| *last == self.separator).is_none() && length as u64 == LONGEST_NAME {
                return Err("stdin contains neither an image nor a list of names".into());
            }
            if !std::mem::replace(&mut self.started, true) && name.starts_with(b"\xEF\xBB\xBF") {
                name.drain(..3);
            }
            if self.separator == b'\n' {
                name.pop_if(|last| *last == b'\r');
                if name.contains(&0) {
                    return Err("the list on stdin contains zero bytes: if they end its names, use --null".into());
                }
            }
            if !name.is_empty() {
                return Ok(Some(PathBuf::from(os_string(name))));
            }
        }
    }

    /// All names of a list in UTF-16.
    fn utf16(&self) -> Result<VecDeque<PathBuf>, ListError> {
        let mut bytes = Vec::new();
        std::io::stdin().lock().take(MOST_BYTES).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
        let text = String::from_utf8(plain_text(bytes)).expect("a byte order mark of UTF-16");
        let names = text.split(['\r', '\n', '\0']);
        Ok(names.filter(|name| !name.is_empty()).map(PathBuf::from).collect())
    }
}

impl Iterator for List {
    type Item = Result<PathBuf, ListError>;

    /// The list ends with its first error.
    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.next_name().transpose();
        self.ended = matches!(next, None | Some(Err(_)));
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_told_from_lists() {
        for image in
            [&b"\xFF\xD8\xFF\xE0"[..], b"\x89PNG\r\n\x1a\n", b"GIF89a\x28\0", b"P6\n2 2\n255\n\x01\x02", b"BM\x36\0"]
        {
            assert!(is_image(image, b'\n'), "{image:?}");
        }
        for list in [&b"GIF89a.gif\na.jpg\n"[..], b"BMW.jpg\r\n", b"P6\n", b"\xEF\xBB\xBFa.jpg\n", b"\xFF\xFEa\0", b""]
        {
            assert!(!is_image(list, b'\n'), "{list:?}");
        }
        assert!(!is_image(b"BM.jpg\0a.jpg\0", 0));
    }
}

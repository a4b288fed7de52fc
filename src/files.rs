//! Reading files from strangers: how much of them, and what of them may stand in a message.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;

/// The most bytes of a file that is no picture: a model, an annotation, a list, a configuration.
pub const MOST_BYTES: u64 = 512 << 20;

/// The most characters of a file's content in a message.
const EXCERPT: usize = 40;

/// The content of a file of at most `most` bytes. Devices and pipes are read too, as far as that.
///
/// # Errors
/// If the file cannot be read, or is larger ([`ErrorKind::FileTooLarge`]).
pub fn read_at_most(path: &Path, most: u64) -> Result<Vec<u8>> {
    let file = File::open(path)?;
    let expected = file.metadata()?.len().min(most);
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(usize::try_from(expected).unwrap_or(usize::MAX)).map_err(|_| ErrorKind::OutOfMemory)?;
    // A byte more than is allowed tells that there is more; the file may have grown meanwhile.
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(Error::new(ErrorKind::FileTooLarge, format!("it has more than {most} bytes")));
    }
    Ok(bytes)
}

/// The beginning of a word or a line, short enough for a message and without characters that control a terminal.
pub fn excerpt(text: &str) -> String {
    shortened(text, EXCERPT)
}

/// The beginning of a text that may quote a file: at most so many characters, none that controls a terminal.
pub fn shortened(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, [7; 100]).unwrap();
        assert_eq!(read_at_most(&path, 100).unwrap(), [7; 100]);
        assert_eq!(read_at_most(&path, 99).unwrap_err().kind(), ErrorKind::FileTooLarge);
        assert_eq!(read_at_most(&folder.path().join("b"), 9).unwrap_err().kind(), ErrorKind::NotFound);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_endless_file_ends_at_the_limit() {
        let error = read_at_most(Path::new("/dev/zero"), 1 << 20).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FileTooLarge);
    }

    #[test]
    fn an_excerpt_is_short_and_harmless() {
        assert_eq!(excerpt("a\x1b[2Jb\nc"), "a[2Jbc");
        assert_eq!(excerpt(&"é".repeat(1000)).chars().count(), EXCERPT);
    }
}

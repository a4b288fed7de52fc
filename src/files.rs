//! Files: how much of a stranger's file is read, and what of it a message may quote; atomic writing; and why a file cannot be
//! read or written.

use std::fs::File;
#[cfg(feature = "write")]
use std::io::Write;
use std::io::{Error, ErrorKind, Read, Result};
use std::path::{Path, PathBuf};

/// Maximum number of bytes of a file other than an image: a model, an annotation, a list, a configuration.
pub const MOST_BYTES: u64 = 512 << 20;

/// Maximum memory that decoding a model may claim, in bytes.
pub const DECODE_LIMIT: usize = 256 << 20;

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

/// Why a file or a folder cannot be read or written: a clause, without the system's number for it.
pub fn reason(error: &Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder".into(),
        ErrorKind::PermissionDenied => "permission is denied".into(),
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => "a file stands where a folder is needed".into(),
        ErrorKind::IsADirectory => "a folder stands where a file is needed".into(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or_default().to_lowercase()
        }
    }
}

/// Says that a file cannot be read, and why: a sentence.
pub fn reason_unread(error: &Error) -> String {
    format!("the file cannot be read: {}", reason(error))
}

/// Why a file cannot be written at `path`: as [`reason`], and where something is not there, what.
pub fn reason_unwritten(path: &Path, error: &Error) -> String {
    match (error.kind(), path.parent()) {
        (ErrorKind::NotFound, Some(folder)) if folder.is_dir() || folder.as_os_str().is_empty() => {
            "files cannot be made in its folder".into()
        }
        (ErrorKind::NotFound, _) => "its folder does not exist".into(),
        _ => reason(error),
    }
}

/// Writes `bytes` to `path` by way of a temporary file in the same folder, so that at every moment `path` is the old file
/// or the new one. A device or a pipe is written to directly; of a link, the target is replaced.
///
/// # Errors
/// If the folder or the file cannot be written; the temporary file is then removed.
#[cfg(feature = "write")]
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    if std::fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        return File::options().write(true).open(path)?.write_all(bytes);
    }
    let mut file = AtomicFile::create(path)?;
    file.write_all(bytes)?;
    file.commit()
}

/// A file that is written piece by piece and replaces the old one at the end: see [`AtomicFile::commit`]. Without that,
/// nothing is left of it.
#[cfg(feature = "write")]
#[derive(Debug)]
pub struct AtomicFile {
    file: tempfile::NamedTempFile,
    path: PathBuf,
}

#[cfg(feature = "write")]
impl AtomicFile {
    /// Creates a temporary file in the folder of `path`. Its name is new and it is opened exclusively; it has the
    /// permissions of the file that it will replace, or those of any new file.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn create(path: &Path) -> Result<Self> {
        let target = path.canonicalize();
        let path = target.as_deref().unwrap_or(path);
        path.file_name().ok_or(ErrorKind::InvalidFilename)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        // The process's number tells whose file was left over, if a process is killed while it writes.
        let prefix = format!(".lineament-{}-", std::process::id());
        builder.prefix(&prefix).suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let replaced = std::fs::metadata(path).map(|there| there.permissions());
            builder.permissions(replaced.unwrap_or_else(|_| PermissionsExt::from_mode(0o666)));
        }
        Ok(Self { file: builder.tempfile_in(folder)?, path: path.to_owned() })
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// If that fails; the temporary file is then removed.
    pub fn commit(self) -> Result<()> {
        self.file.as_file().sync_all()?;
        self.file.persist(self.path).map_err(|error| error.error)?;
        Ok(())
    }
}

#[cfg(feature = "write")]
impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> Result<()> {
        self.file.flush()
    }
}

/// The path of a file in a canonical folder, so that two spellings of it compare equal. A link keeps its own name.
///
/// # Errors
/// If its folder does not exist, or it has no name.
pub fn spelled(path: &Path) -> Result<PathBuf> {
    let name = path.file_name().ok_or(ErrorKind::InvalidInput)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(folder.canonicalize()?.join(name))
}

/// The text of a file as other systems write it, in UTF-8: without a byte order mark, and converted if that says UTF-16.
/// Other bytes stay as they are.
pub fn plain_text(mut bytes: Vec<u8>) -> Vec<u8> {
    let unit: fn([u8; 2]) -> u16 = match bytes[..] {
        [0xEF, 0xBB, 0xBF, ..] => {
            bytes.drain(..3);
            return bytes;
        }
        [0xFF, 0xFE, ..] => u16::from_le_bytes,
        [0xFE, 0xFF, ..] => u16::from_be_bytes,
        _ => return bytes,
    };
    utf_16(&bytes[2..], unit).into_bytes()
}

/// The text of bytes in UTF-16, whose pairs become numbers by `unit`. What is none becomes a replacement character.
pub fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.as_chunks().0.iter().map(|&pair| unit(pair));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// A file name of these bytes: as they are where the system allows any, else as UTF-8.
#[cfg(unix)]
pub fn os_string(bytes: Vec<u8>) -> std::ffi::OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

/// A file name of these bytes: as they are where the system allows any, else as UTF-8.
#[cfg(not(unix))]
pub fn os_string(bytes: Vec<u8>) -> std::ffi::OsString {
    String::from_utf8_lossy(&bytes).into_owned().into()
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
    fn reasons_name_what_stands_in_the_way() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        std::fs::write(place("file"), "").unwrap();
        let told = |path: &Path| reason_unwritten(path, &File::create(path).unwrap_err());
        assert_eq!(told(&place("no/file")), "its folder does not exist");
        assert_eq!(told(folder.path()), "a folder stands where a file is needed");
        assert_eq!(told(&place("file/below")), "a file stands where a folder is needed");
        let absent = File::open(place("none")).unwrap_err();
        assert_eq!(reason(&absent), "there is no such file or folder");
        assert_eq!(reason_unwritten(&place("none"), &absent), "files cannot be made in its folder");
    }

    #[test]
    fn text_of_other_systems_becomes_utf_8() {
        let utf_16 = |unit: fn(u16) -> [u8; 2]| "\u{feff}é,🙂".encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        for bytes in [utf_16(u16::to_le_bytes), utf_16(u16::to_be_bytes), "\u{feff}é,🙂".into(), "é,🙂".into()] {
            assert_eq!(plain_text(bytes), "é,🙂".as_bytes());
        }
        assert_eq!(plain_text(b"caf\xe9\0".to_vec()), b"caf\xe9\0");
        assert_eq!(plain_text(b"\xff\xfe\0\xd8a".to_vec()), "\u{fffd}".as_bytes());
    }

    #[test]
    fn an_excerpt_is_short_and_harmless() {
        assert_eq!(excerpt("a\x1b[2Jb\nc"), "a[2Jbc");
        assert_eq!(excerpt(&"é".repeat(1000)).chars().count(), EXCERPT);
    }
}

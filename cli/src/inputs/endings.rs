//! What the ending of a file's name says about its content.

use std::path::Path;

/// Endings of the files that are searched in folders. A file that is named itself may have any.
///
/// Those after the blank line belong to formats that cannot be read: such an image gives an error instead of being skipped
/// unnoticed.
const SEARCHED: &[&str] = &[
    "jpg", "jpeg", "jpe", "jfif", "jif", "pjpeg", "pjp", "png", "apng", "gif", "webp", "bmp", "dib", "tif", "tiff",
    "pgm", "ppm", "pbm", "pnm", "pam", //
    "heic", "heif", "hif", "avif", "jxl", "jp2", "j2k", "j2c", "jpc", "jpx", "jpf",
];

/// Endings of cameras' raw files.
const RAW: &[&str] = &[
    "3fr", "arw", "cr2", "cr3", "crw", "dcr", "dng", "erf", "fff", "iiq", "kdc", "mef", "mos", "mrw", "nef", "nrw",
    "orf", "pef", "raf", "raw", "rw2", "rwl", "sr2", "srf", "srw", "x3f",
];

/// Endings of other files that show something, which are not searched.
const OTHER_IMAGES: &[&str] = &[
    "dcm", "dds", "eps", "exr", "fits", "hdr", "icns", "ico", "pcx", "pdf", "psb", "psd", "qoi", "svg", "svgz", "tga",
    "wmf", "xcf",
];

/// Endings of films.
const VIDEOS: &[&str] = &["3gp", "avi", "m2ts", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "mts", "webm", "wmv"];

/// What is done with a file in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It is searched for faces.
    Image,
    /// A camera's raw file.
    Raw,
    /// An image of a kind that is not searched.
    OtherImage,
    /// A film.
    Video,
    /// What a system keeps beside a file.
    Companion,
    /// Anything else.
    Other,
}

/// The kind of a file in a folder, and its ending in small letters.
pub fn kind(path: &Path) -> (Kind, String) {
    if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"._")) {
        return (Kind::Companion, "_*".into());
    }
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let known = [(SEARCHED, Kind::Image), (RAW, Kind::Raw), (OTHER_IMAGES, Kind::OtherImage), (VIDEOS, Kind::Video)];
    let kind = known.into_iter().find(|(endings, _)| endings.contains(&ending.as_str())).map(|(_, kind)| kind);
    (kind.unwrap_or(Kind::Other), ending)
}

/// Whether a folder belongs to a system, which keeps thumbnails or attributes of the images beside it there.
pub fn is_companion_folder(name: &std::ffi::OsStr) -> bool {
    ["__MACOSX", "@eaDir"].iter().any(|known| name == *known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_in_any_letters_tell_kinds() {
        let kind = |name: &str| kind(Path::new(name)).0;
        assert!(["a.JPG", "a.jfif", "a.Jpe", "b/a.jp2", "a.b.heic"].iter().all(|name| kind(name) == Kind::Image));
        assert_eq!((kind("a.NEF"), kind("a.psd"), kind("a.mov")), (Kind::Raw, Kind::OtherImage, Kind::Video));
        assert_eq!((kind("in/._a.jpg"), kind("a.txt"), kind("jpg")), (Kind::Companion, Kind::Other, Kind::Other));
    }
}

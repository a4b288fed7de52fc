//! The text of a file, whatever wrote it: UTF-8, UTF-16, or Windows-1252 with its part ISO-8859-1.
//!
//! dlib declares ISO-8859-1 in all of its XML and writes file names as the system has them, mostly in UTF-8. Text in
//! another encoding is almost never valid UTF-8 by accident. So valid UTF-8 is taken as such, whatever is declared.

use std::borrow::Cow;

use crate::files::utf_16;

/// The characters of bytes 0x80 to 0x9f in Windows-1252. Those of all other bytes have the byte's number.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Names of encodings whose text [`WINDOWS_1252`] decodes, and of those that a file declares wrongly if it is not valid
/// UTF-8.
const ONE_BYTE: [&str; 11] = [
    "utf-8",
    "utf8",
    "us-ascii",
    "ascii",
    "iso-8859-1",
    "iso8859-1",
    "iso_8859-1",
    "latin1",
    "latin-1",
    "windows-1252",
    "cp1252",
];

/// Decodes the bytes of a file; `declared` is the name of the encoding that it states.
///
/// # Errors
/// The declared name, if the bytes are in an encoding other than those above.
pub(crate) fn decode<'a>(bytes: &'a [u8], declared: Option<&str>) -> Result<Cow<'a, str>, String> {
    match bytes {
        [0xff, 0xfe, text @ ..] => return Ok(utf_16(text, u16::from_le_bytes).into()),
        [0xfe, 0xff, text @ ..] => return Ok(utf_16(text, u16::from_be_bytes).into()),
        // The first character of XML, without a byte order mark.
        [b'<', 0, ..] => return Ok(utf_16(bytes, u16::from_le_bytes).into()),
        [0, b'<', ..] => return Ok(utf_16(bytes, u16::from_be_bytes).into()),
        _ => {}
    }
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    match (std::str::from_utf8(text), declared) {
        (Ok(text), _) => Ok(text.into()),
        (Err(_), Some(name)) if !ONE_BYTE.iter().any(|known| name.eq_ignore_ascii_case(known)) => Err(name.into()),
        (Err(_), _) => Ok(text.iter().map(|&byte| windows_1252(byte)).collect::<String>().into()),
    }
}

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => byte.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn each_encoding_gives_the_same_text() {
        let text = "<a>café – ж</a>";
        for bytes in [
            text.as_bytes().to_vec(),
            format!("\u{feff}{text}").into_bytes(),
            in_utf_16(text, u16::to_le_bytes),
            in_utf_16(text, u16::to_be_bytes),
            in_utf_16(&format!("\u{feff}{text}"), u16::to_le_bytes),
            in_utf_16(&format!("\u{feff}{text}"), u16::to_be_bytes),
        ] {
            assert_eq!(decode(&bytes, Some("ISO-8859-1")).unwrap(), text);
        }
        for declared in [None, Some("UTF-8"), Some("ISO-8859-1"), Some("windows-1252")] {
            assert_eq!(decode(b"caf\xe9 \x96 \x80", declared).unwrap(), "café – €");
        }
    }

    #[test]
    fn other_encodings_are_named_unless_the_text_is_valid_without_them() {
        assert_eq!(decode(b"caf\xe9", Some("Shift_JIS")).unwrap_err(), "Shift_JIS");
        assert_eq!(decode(b"cafe", Some("Shift_JIS")).unwrap(), "cafe");
    }
}

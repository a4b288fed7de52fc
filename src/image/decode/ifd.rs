//! Directories of TIFF files (TIFF 6.0, section 2; BigTIFF has wider numbers), which EXIF records consist of too.

/// A TIFF structure: its byte order and the width of its numbers.
#[derive(Clone, Copy)]
pub(super) struct Tiff<'a> {
    bytes: &'a [u8],
    is_little: bool,
    is_big_tiff: bool,
}

/// An entry of a directory: a tag with values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) tag: u64,
    kind: u64,
    pub(super) count: u64,
    /// Where its values are; beyond the end if the place cannot be right.
    at: usize,
    /// Where the entry itself is.
    pub(super) entry_at: usize,
}

impl<'a> Tiff<'a> {
    /// The structure that the bytes begin with, if they do.
    pub(super) fn open(bytes: &'a [u8]) -> Option<Self> {
        let (is_little, is_big_tiff) = match *bytes {
            [b'I', b'I', version @ (42 | 43), 0, ..] => (true, version == 43),
            [b'M', b'M', 0, version @ (42 | 43), ..] => (false, version == 43),
            _ => return None,
        };
        Some(Self { bytes, is_little, is_big_tiff })
    }

    /// A number of so many bytes; beyond the end all are zero.
    fn number(&self, at: usize, width: usize) -> u64 {
        let digits = self.bytes.get(at..at.saturating_add(width)).unwrap_or_default();
        let append = |value: u64, &digit: &u8| value << 8 | u64::from(digit);
        if self.is_little { digits.iter().rev().fold(0, append) } else { digits.iter().fold(0, append) }
    }

    fn place(&self, at: usize, width: usize) -> usize {
        usize::try_from(self.number(at, width)).unwrap_or(usize::MAX)
    }

    /// The width of offsets, of the number of entries, and of an entry.
    fn widths(&self) -> (usize, usize, usize) {
        if self.is_big_tiff { (8, 8, 20) } else { (4, 2, 12) }
    }

    /// Where the number that leads to the first directory is.
    pub(super) fn first_offset_at(&self) -> usize {
        if self.is_big_tiff { 8 } else { 4 }
    }

    /// The file with another first directory.
    #[cfg(feature = "tiff")]
    pub(super) fn with_first(&self, directory: usize) -> Vec<u8> {
        let mut bytes = self.bytes.to_vec();
        let (wide, ..) = self.widths();
        let at = self.first_offset_at();
        let number = (directory as u64).to_le_bytes();
        if let Some(place) = bytes.get_mut(at..at + wide) {
            place.copy_from_slice(&number[..wide]);
            if !self.is_little {
                place.reverse();
            }
        }
        bytes
    }

    /// Where the first directories are, up to so many. A chain that returns ends.
    pub(super) fn directories(&self, most: usize) -> Vec<usize> {
        let (wide, head, size) = self.widths();
        let mut found: Vec<usize> = Vec::new();
        let mut at = self.place(self.first_offset_at(), wide);
        while found.len() < most && at >= 8 && at < self.bytes.len() && !found.contains(&at) {
            found.push(at);
            let entries = self.place(at, head).min(self.bytes.len() / size);
            at = self.place(at.saturating_add(head + entries * size), wide);
        }
        found
    }

    /// The entries of a directory.
    pub(super) fn entries(&self, directory: usize) -> impl Iterator<Item = Entry> + use<'a> {
        let tiff = *self;
        let (wide, head, size) = tiff.widths();
        let count = tiff.place(directory, head).min(tiff.bytes.len() / size);
        (0..count).map(move |i| {
            let entry = directory.saturating_add(head + i * size);
            let (kind, count) = (tiff.number(entry.saturating_add(2), 2), tiff.number(entry.saturating_add(4), wide));
            let inside = entry.saturating_add(4 + wide);
            // Values that fit stand in the entry itself.
            let fits = count.saturating_mul(width(kind) as u64) <= wide as u64;
            let at = if fits { inside } else { tiff.place(inside, wide) };
            Entry { tag: tiff.number(entry, 2), kind, count, at, entry_at: entry }
        })
    }

    /// An integer value of an entry, of whatever integer type.
    pub(super) fn integer(&self, entry: &Entry, index: usize) -> Option<u64> {
        let width = width(entry.kind);
        let is_integer = matches!(entry.kind, 1 | 3 | 4 | 6 | 8 | 9 | 16 | 17);
        (is_integer && (index as u64) < entry.count)
            .then(|| self.number(entry.at.saturating_add(index.saturating_mul(width)), width))
    }

    /// The bytes of an entry's values.
    pub(super) fn content(&self, entry: &Entry) -> &'a [u8] {
        let length = usize::try_from(entry.count).unwrap_or(usize::MAX).saturating_mul(width(entry.kind));
        self.bytes.get(entry.at..entry.at.saturating_add(length)).unwrap_or_default()
    }

    /// The file with the first value of an entry, a short, set to another.
    #[cfg(feature = "tiff")]
    pub(super) fn with_short(bytes: &mut [u8], tiff: (bool, usize), value: u16) {
        let (is_little, at) = tiff;
        if let Some(place) = bytes.get_mut(at..at + 2) {
            place.copy_from_slice(&if is_little { value.to_le_bytes() } else { value.to_be_bytes() });
        }
    }

    /// The byte order and the place of an entry's first value.
    #[cfg(feature = "tiff")]
    pub(super) fn place_of(&self, entry: &Entry) -> (bool, usize) {
        (self.is_little, entry.at)
    }
}

/// Bytes per value of a type.
fn width(kind: u64) -> usize {
    match kind {
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16..=18 => 8,
        _ => 1,
    }
}

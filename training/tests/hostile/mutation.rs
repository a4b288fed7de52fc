//! Changes to files that look like damage, or like an attack.

use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};

/// Maximum number of bytes of a changed file.
const LARGEST: usize = 1 << 16;

/// Numbers that often break programs, as texts.
const TEXTS: [&str; 16] = [
    "0",
    "-1",
    "-0",
    "1e39",
    "-1e-46",
    "nan",
    "inf",
    "65536",
    "2147483648",
    "4294967295",
    "18446744073709551616",
    "0x10",
    "1.",
    "",
    "99999999999999999999999999999999",
    "0.1e308",
];

/// Returns the file with one to four changes; pieces come from `others`.
pub fn mutate(file: &[u8], others: &[Vec<u8>], rng: &mut impl Rng) -> Vec<u8> {
    let mut bytes = file.to_vec();
    for _ in 0..rng.random_range(1..=4) {
        if bytes.is_empty() {
            break;
        }
        match rng.random_range(0..9) {
            0 => {
                let at = place(&bytes, rng);
                bytes[at] ^= 1 << rng.random_range(0..8);
            }
            1 => {
                let at = place(&bytes, rng);
                bytes[at] = rng.random();
            }
            2 => bytes.truncate(bytes.len() - rng.random_range(1..=bytes.len().div_ceil(2))),
            3 | 4 => forge_length(&mut bytes, rng),
            5 => splice(&mut bytes, others, rng),
            6 => repeat(&mut bytes, rng),
            7 => {
                let piece = piece(&bytes, rng);
                bytes.drain(piece);
            }
            _ => replace_number(&mut bytes, rng),
        }
    }
    bytes.truncate(LARGEST);
    bytes
}

/// Returns any place; one time in three near the beginning, where files contain lengths.
fn place(bytes: &[u8], rng: &mut impl Rng) -> usize {
    let limit = if rng.random_range(0..3) == 0 { bytes.len().min(64) } else { bytes.len() };
    rng.random_range(0..limit)
}

/// Returns a short range of the bytes.
fn piece(bytes: &[u8], rng: &mut impl Rng) -> std::ops::Range<usize> {
    let start = place(bytes, rng);
    let most = (bytes.len() - start).min(if rng.random_range(0..4) == 0 { LARGEST } else { 16 });
    start..start + rng.random_range(1..=most)
}

/// Writes a whole number over some bytes: an extreme one, or one near the number of bytes that follow.
fn forge_length(bytes: &mut [u8], rng: &mut impl Rng) {
    let at = place(bytes, rng);
    let left = (bytes.len() - at) as u64;
    let near = left.wrapping_add(rng.random_range(0..9)).wrapping_sub(4);
    let extremes =
        [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 60_000, 0x7fff_ffff, 0xffff_ffff, 1 << 40, u64::MAX >> 1, u64::MAX];
    let value = if rng.random_range(0..3) == 0 { near } else { *extremes.choose(rng).expect("some") };
    let width = (*[1, 2, 4, 8].choose(rng).expect("some")).min(bytes.len() - at);
    if rng.random() {
        bytes[at..at + width].copy_from_slice(&value.to_le_bytes()[..width]);
    } else {
        bytes[at..at + width].copy_from_slice(&value.to_be_bytes()[8 - width..]);
    }
}

/// Puts a piece of another file in, over the content or between.
fn splice(bytes: &mut Vec<u8>, others: &[Vec<u8>], rng: &mut impl Rng) {
    let Some(other) = others.choose(rng).filter(|other| !other.is_empty()) else { return };
    let stolen = other[piece(other, rng)].to_vec();
    let at = place(bytes, rng);
    let end = if rng.random() { at } else { (at + stolen.len()).min(bytes.len()) };
    bytes.splice(at..end, stolen);
}

/// Repeats a piece, sometimes many times.
fn repeat(bytes: &mut Vec<u8>, rng: &mut impl Rng) {
    let piece = piece(bytes, rng);
    let times = if rng.random_range(0..8) == 0 { 500 } else { 1 };
    let copies = bytes[piece.clone()].repeat(times.min(1 + LARGEST / piece.len()));
    bytes.splice(piece.end..piece.end, copies);
}

/// Replaces a number in a text.
fn replace_number(bytes: &mut Vec<u8>, rng: &mut impl Rng) {
    let from = place(bytes, rng);
    let Some(start) = bytes[from..].iter().position(u8::is_ascii_digit).map(|offset| from + offset) else { return };
    let digits = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    let text = *TEXTS.choose(rng).expect("some");
    bytes.splice(start..start + digits, text.bytes());
}

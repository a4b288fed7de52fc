//! Small files whose headers claim very large images: refused before memory is taken for the pixels.
//!
//! The allocator counts for the whole process, so that this test has a process of its own.

use lineament::raw::decode::{ReadError, ReadOptions, decode};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Memory in bytes that a decoder may take before its file is refused: its own tables.
const MOST_MEMORY: usize = 256 << 10;

/// Files of at most a hundred bytes whose headers claim 60000×60000 pixels.
fn giants() -> Vec<(&'static str, Vec<u8>)> {
    let crc = |mut chunk: Vec<u8>| {
        let sum = crc32fast::hash(&chunk[4..]);
        chunk.extend(sum.to_be_bytes());
        chunk
    };
    let side = 60_000u32;
    let (le, be, short) = (side.to_le_bytes(), side.to_be_bytes(), &side.to_le_bytes()[..2]);
    let header = crc([b"\0\0\0\x0dIHDR", &be[..], &be, &[8, 2, 0, 0, 0]].concat());
    let pixels = crc(b"\0\0\0\0IDAT".to_vec());
    let entry = |tag: u8, value: [u8; 4]| [&[tag, 1, 4, 0, 1, 0, 0, 0], &value[..]].concat();
    let one = [1, 0, 0, 0];
    let tiff = [
        b"II\x2a\0\x08\0\0\0\x07\0",
        &entry(0, le)[..],
        &entry(1, le),
        &entry(2, [8, 0, 0, 0]),
        &entry(3, one),
        &entry(6, one),
        &entry(17, [8, 0, 0, 0]),
        &entry(23, one),
        &[0; 4],
    ];
    let frame =
        [b"\xFF\xD8\xFF\xC0\0\x0b\x08", &be[2..], &be[2..], b"\x01\x01\x11\0\xFF\xDA\0\x08\x01\x01\0\0\x3f\0\xFF\xD9"];
    let canvas = [&(side - 1).to_le_bytes()[..3], &(side - 1).to_le_bytes()[..3]].concat();
    let webp = [b"RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0", &canvas[..], b"VP8L\x05\0\0\0\x2f\0\0\0\0\0"];
    let bmp = [b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", &le[..], &le, &[1, 0, 24, 0], &[0; 40]];
    vec![
        ("png", [b"\x89PNG\r\n\x1a\n", &header[..], &pixels].concat()),
        ("jpeg", frame.concat()),
        ("gif", [b"GIF89a", short, short, &[0, 0, 0, 0x2c, 0, 0, 0, 0], short, short, &[0, 2, 1, 0, 0, 0x3b]].concat()),
        ("webp", webp.concat()),
        ("bmp", bmp.concat()),
        ("tiff", tiff.concat()),
        ("ppm", b"P6 60000 60000 255\n0123456789".to_vec()),
        ("pam", b"P7\nWIDTH 60000\nHEIGHT 60000\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n".to_vec()),
    ]
}

#[test]
fn a_hundred_bytes_that_claim_60000_times_60000_pixels_take_no_memory() {
    for (format, bytes) in giants() {
        assert!(bytes.len() <= 100, "{format}: {} bytes", bytes.len());
        MEMORY.reset_peak_usage();
        let before = MEMORY.current_usage();
        let error = decode(&bytes, &ReadOptions::default()).unwrap_err();
        let taken = MEMORY.peak_usage() - before;
        println!("{format}: {error}, {taken} bytes of memory");
        assert!(matches!(error, ReadError::TooLarge { width: 60_000, height: 60_000, .. }), "{format}: {error}");
        assert!(taken <= MOST_MEMORY, "{format}: {taken} bytes of memory");
    }
}

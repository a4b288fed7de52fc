//! What a reader of an image should know about how it was read.

use std::fmt;

/// Something about an image that was read, and that the user should know. Each is a clause that follows the file's name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// The mark at the file's end is missing; no pixel is.
    NoEnd,
    /// Part of the image could not be decoded and is grey, and other parts may be wrong.
    Damaged {
        /// The share that is missing, in percent.
        percent: u8,
    },
    /// Fine detail could not be decoded: the image is blurred or blocky.
    LacksDetail,
    /// The file contains several images, and this one was read.
    Page {
        /// Its number, from 1.
        page: usize,
        /// The number of images.
        pages: usize,
    },
    /// The levels are so few of those that the file has room for that they were stretched.
    Stretched {
        /// The bits that are used.
        bits: u8,
    },
    /// The levels have no fixed scale: black and white are the least and the greatest of them.
    Scaled {
        /// The level that became black.
        black: String,
        /// The level that became white.
        white: String,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEnd => write!(f, "the file ends without an end marker; the image is complete"),
            Self::Damaged { percent: 0 } => write!(f, "the image is damaged: some of it may be wrong"),
            Self::Damaged { percent } => {
                write!(
                    f,
                    "the image is damaged: {percent} % of it cannot be decoded and is grey, and more may be wrong"
                )
            }
            Self::LacksDetail => write!(f, "the image is damaged: fine detail cannot be decoded"),
            Self::Page { page, pages } => {
                write!(f, "the file contains {pages} images; this is number {page}, the largest")
            }
            Self::Scaled { black, white } => {
                write!(f, "the levels have no fixed scale: black is {black}, white {white}")
            }
            Self::Stretched { bits } => {
                write!(f, "the levels use {bits} of 16 bits; they were stretched to the full range")
            }
        }
    }
}

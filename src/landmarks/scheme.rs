//! iBUG's 68-point scheme: what each landmark is, its mirror partner, and the regions of the face.
//!
//! ```text
//!            17 18 19 20 21      22 23 24 25 26        eyebrows
//!      0                    27                   16
//!             37 38         28        43 44
//!          36       39      29     42       45         eyes
//!             41 40         30        47 46
//!      2                31..33..35               14    nose
//!                    48 49 50..52 53 54
//!       4              60..63..64                12    mouth
//!                    59 58 57 56 55
//!          6 7                            9 10
//!                           8                          jaw line
//! ```
//!
//! Indices count from 0; iBUG's own pictures count from 1. Left and right are the viewer's.

use std::ops::Range;

use super::shape::Shape;

/// The number of landmarks in the scheme.
pub const POINTS: usize = 68;

/// A part of the face, for errors by region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    /// From ear to ear along the chin.
    Jaw,
    /// Both eyebrows.
    Brows,
    /// Bridge and nostrils.
    Nose,
    /// Both eyes.
    Eyes,
    /// Outer and inner lips.
    Mouth,
}

impl Region {
    /// All regions, in the order of their indices.
    pub const ALL: [Self; 5] = [Self::Jaw, Self::Brows, Self::Nose, Self::Eyes, Self::Mouth];

    /// The region's name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jaw => "jaw",
            Self::Brows => "brows",
            Self::Nose => "nose",
            Self::Eyes => "eyes",
            Self::Mouth => "mouth",
        }
    }

    /// The region's landmarks.
    pub fn indices(self) -> Range<usize> {
        match self {
            Self::Jaw => 0..17,
            Self::Brows => 17..27,
            Self::Nose => 27..36,
            Self::Eyes => 36..48,
            Self::Mouth => 48..68,
        }
    }
}

/// The outer corners of the two eyes, whose distance is the inter-ocular (IO) distance.
pub const OUTER_EYE_CORNERS: (usize, usize) = (36, 45);

/// The tip of the nose.
pub const NOSE_TIP: usize = 30;

/// The viewer's left and right corner of the mouth.
pub const MOUTH_CORNERS: (usize, usize) = (48, 54);

/// The middle of the jaw line.
pub const CHIN: usize = 8;

/// The landmarks of the viewer's left and right eye, whose means' distance is the inter-pupil (IP) distance.
pub const EYES: (Range<usize>, Range<usize>) = (36..42, 42..48);

/// The curves of the 68-point scheme: first and last landmark, and whether the curve is closed.
pub const CURVES: [(usize, usize, bool); 9] = [
    (0, 16, false),
    (17, 21, false),
    (22, 26, false),
    (27, 30, false),
    (31, 35, false),
    (36, 41, true),
    (42, 47, true),
    (48, 59, true),
    (60, 67, true),
];

/// `MIRROR[i]` is the landmark that stands at `i`'s place in the mirror image. It is its own inverse.
pub const MIRROR: [usize; POINTS] = [
    16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 27, 28, 29, 30,
    35, 34, 33, 32, 31, 45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40, 54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55,
    64, 63, 62, 61, 60, 67, 66, 65,
];

/// The inter-ocular distance of a 68-point shape, in the shape's units.
///
/// # Panics
/// If the shape has fewer than 46 points.
pub fn inter_ocular(shape: &Shape) -> f32 {
    shape.points[OUTER_EYE_CORNERS.0].distance(shape.points[OUTER_EYE_CORNERS.1])
}

/// The inter-pupil distance of a 68-point shape, in the shape's units.
///
/// # Panics
/// If the shape has fewer than 48 points.
pub fn inter_pupil(shape: &Shape) -> f32 {
    let centre = |eye: Range<usize>| super::shape::centroid(&shape.points[eye]);
    centre(EYES.0).distance(centre(EYES.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mirror_is_an_involution_within_regions() {
        for i in 0..POINTS {
            assert_eq!(MIRROR[MIRROR[i]], i);
            let region = |i| Region::ALL.into_iter().find(|r| r.indices().contains(&i));
            assert_eq!(region(i), region(MIRROR[i]));
        }
    }

    #[test]
    fn regions_partition_the_points() {
        let all: Vec<usize> = Region::ALL.into_iter().flat_map(Region::indices).collect();
        assert_eq!(all, (0..POINTS).collect::<Vec<_>>());
    }
}

//! Parts of the face by which errors are reported.

use std::ops::Range;

use lineament::scheme::Region;

/// A part of the face.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Name in tables.
    pub name: &'static str,
    /// Its landmarks in the 68-point scheme.
    pub indices: Range<usize>,
}

/// Returns the regions of the scheme, with the mouth divided into its outer and inner outline.
pub fn parts() -> Vec<Part> {
    let mut parts: Vec<Part> =
        Region::ALL.into_iter().map(|region| Part { name: region.name(), indices: region.indices() }).collect();
    parts.pop_if(|part| part.indices == Region::Mouth.indices());
    parts.push(Part { name: "mouth, outer", indices: 48..60 });
    parts.push(Part { name: "mouth, inner", indices: 60..68 });
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_cover_every_landmark_once() {
        let all: Vec<usize> = parts().into_iter().flat_map(|part| part.indices).collect();
        assert_eq!(all, (0..68).collect::<Vec<_>>());
    }
}

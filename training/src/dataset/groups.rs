//! Groups of faces: by subset of the data, opening of eyes and mouth, pose of the head, size and
//! light.

use lineament::scheme::inter_ocular;

use crate::dataset::traits::{eye_opening, mouth_opening, pose};
use crate::dataset::{AnnotatedFace, Dataset};

/// Some faces of a data set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Criterion, such as `eyes`.
    pub family: &'static str,
    /// Name within the family, such as `closed`.
    pub name: String,
    /// Indices of its faces in [`Dataset::faces`].
    pub members: Vec<usize>,
}

/// Three consecutive ranges of a number.
struct Bins {
    family: &'static str,
    /// None if the number is not known.
    measure: fn(&AnnotatedFace) -> Option<f32>,
    names: [&'static str; 3],
    ends: [f32; 2],
}

/// The limits of the eye opening are those of [`eye_opening`]. Those of the light separate, in the
/// training faces of 300-W, the darkest and the brightest tenth, the tenths of lowest and highest
/// contrast, and the tenth with most light from one side. The others divide these faces into parts
/// that are large enough for an average.
const BINS: [Bins; 9] = [
    Bins {
        family: "eyes",
        measure: |face| Some(eye_opening(&face.shape)),
        names: ["closed", "half open", "open"],
        ends: [0.15, 0.25],
    },
    Bins {
        family: "mouth",
        measure: |face| Some(mouth_opening(&face.shape)),
        names: ["closed", "parted", "open"],
        ends: [0.05, 0.25],
    },
    Bins {
        family: "turn",
        measure: |face| Some(pose(&face.shape).yaw.abs()),
        names: ["below 15°", "15° to 30°", "above 30°"],
        ends: [15.0, 30.0],
    },
    Bins {
        family: "nod",
        measure: |face| Some(pose(&face.shape).pitch),
        names: ["raised above 10°", "level", "lowered above 10°"],
        ends: [-10.0, 10.0],
    },
    Bins {
        family: "tilt",
        measure: |face| Some(pose(&face.shape).roll.abs()),
        names: ["below 5°", "5° to 15°", "above 15°"],
        ends: [5.0, 15.0],
    },
    Bins {
        family: "eye distance",
        measure: |face| Some(inter_ocular(&face.shape)),
        names: ["below 64 px", "64 to 96 px", "above 96 px"],
        ends: [64.0, 96.0],
    },
    Bins {
        family: "brightness",
        measure: |face| face.light.map(|light| light.brightness),
        names: ["below 80", "80 to 170", "above 170"],
        ends: [80.0, 170.0],
    },
    Bins {
        family: "contrast",
        measure: |face| face.light.map(|light| light.contrast),
        names: ["below 25", "25 to 60", "above 60"],
        ends: [25.0, 60.0],
    },
    Bins {
        family: "side light",
        measure: |face| face.light.map(|light| light.side),
        names: ["below 0.1", "0.1 to 0.3", "above 0.3"],
        ends: [0.1, 0.3],
    },
];

impl Bins {
    /// Index of the range that a face belongs to.
    fn place(&self, face: &AnnotatedFace) -> Option<usize> {
        let value = (self.measure)(face)?;
        Some(self.ends.iter().filter(|&&end| value >= end).count())
    }
}

/// Returns family and name of each range that a face of 68 points belongs to, in the order of
/// [`ranges`].
pub fn traits_of(face: &AnnotatedFace) -> Vec<(&'static str, &'static str)> {
    BINS.iter().filter_map(|bins| Some((bins.family, bins.names[bins.place(face)?]))).collect()
}

/// Returns families and names of all ranges.
pub fn ranges() -> impl Iterator<Item = (&'static str, &'static str)> {
    BINS.iter().flat_map(|bins| bins.names.iter().map(|&name| (bins.family, name)))
}

/// Family of the parts of 300-W's protocol.
pub const PROTOCOL: &str = "300-W";

/// The parts of 300-W's protocol, and the subsets that each consists of.
const PARTS: [(&str, &[&str]); 3] = [
    ("common", &["lfpw/testset", "helen/testset"]),
    ("challenging", &["ibug"]),
    ("full", &["lfpw/testset", "helen/testset", "ibug"]),
];

/// The parts of 300-W's protocol of which all subsets are in the data.
fn protocol(dataset: &Dataset) -> Vec<Group> {
    let is = |subset: &str, wanted: &str| {
        subset.strip_suffix(wanted).is_some_and(|before| before.is_empty() || before.ends_with('/'))
    };
    let part = |(name, subsets): &(&str, &[&str])| {
        let there = |wanted: &&str| dataset.faces().any(|(image, _)| is(&image.subset, wanted));
        subsets.iter().all(there).then(|| {
            let faces = dataset.faces().enumerate();
            let own = faces.filter(|(_, (image, _))| subsets.iter().any(|wanted| is(&image.subset, wanted)));
            Group { family: PROTOCOL, name: (*name).into(), members: own.map(|(i, _)| i).collect() }
        })
    };
    PARTS.iter().filter_map(part).collect()
}

/// Returns all groups of a data set that have a member: all faces; the parts of 300-W's protocol;
/// the subsets in order of appearance; the ranges of eye opening, mouth opening, turn, nod, tilt
/// and size; and those of the light if images were decoded. All faces must have 68 points.
pub fn groups(dataset: &Dataset) -> Vec<Group> {
    let mut groups = vec![Group { family: "all", name: "all".into(), members: (0..dataset.face_count()).collect() }];
    groups.extend(protocol(dataset));
    for (i, (image, _)) in dataset.faces().enumerate() {
        match groups.iter_mut().find(|group| group.family == "subset" && group.name == image.subset) {
            Some(group) => group.members.push(i),
            None => groups.push(Group { family: "subset", name: image.subset.clone(), members: vec![i] }),
        }
    }
    groups.extend(ranges().map(|(family, name)| Group { family, name: name.into(), members: Vec::new() }));
    for (i, (_, face)) in dataset.faces().enumerate() {
        for (family, name) in traits_of(face) {
            let own = groups.iter_mut().find(|group| group.family == family && group.name == name);
            own.into_iter().for_each(|group| group.members.push(i));
        }
    }
    groups.retain(|group| !group.members.is_empty());
    groups
}

#[cfg(test)]
mod tests {
    use lineament::Shape;
    use lineament::geometry::{Point, Rect};

    use super::*;
    use crate::dataset::AnnotatedImage;
    use crate::dataset::light::Light;

    fn image(subset: &str, lids: f32, brightness: f32) -> AnnotatedImage {
        let mut shape = Shape::new(vec![Point::default(); 68]);
        for start in [36, 42] {
            let x = (start - 36) as f32 * 10.0;
            let eye = [(0.0, 0.0), (6.0, -lids), (14.0, -lids), (20.0, 0.0), (14.0, lids), (6.0, lids)];
            for (i, (dx, dy)) in eye.into_iter().enumerate() {
                shape.points[start + i] = Point::new(x + dx, dy);
            }
        }
        let bounds = Rect::new(0.0, 0.0, 1.0, 1.0);
        let face = AnnotatedFace {
            bounds,
            bounds_given: true,
            shape,
            light: Some(Light { brightness, contrast: 40.0, side: 0.5 }),
        };
        AnnotatedImage { path: "a.png".into(), subset: subset.into(), photograph: 0, faces: vec![face] }
    }

    #[test]
    fn every_face_is_in_one_group_of_each_family() {
        let dataset = Dataset { images: vec![image("b", 1.0, 20.0), image("a", 2.0, 90.0), image("b", 4.0, 60.0)] };
        let groups = groups(&dataset);
        let members = |family: &str, name: &str| {
            groups.iter().find(|g| g.family == family && g.name == name).map(|g| g.members.clone())
        };
        assert_eq!(members("subset", "b"), Some(vec![0, 2]));
        assert_eq!(members("subset", "a"), Some(vec![1]));
        assert_eq!(members("eyes", "closed"), Some(vec![0]));
        assert_eq!(members("eyes", "half open"), Some(vec![1]));
        assert_eq!(members("eyes", "open"), Some(vec![2]));
        assert_eq!(members("mouth", "open"), None);
        assert_eq!(members("brightness", "below 80"), Some(vec![0, 2]));
        assert_eq!(members("side light", "above 0.3"), Some(vec![0, 1, 2]));
        assert_eq!(members(PROTOCOL, "full"), None);
        let unseen = AnnotatedFace { light: None, ..dataset.images[0].faces[0].clone() };
        assert!(!traits_of(&unseen).iter().any(|(family, _)| *family == "brightness"));
        for family in ["all", "subset", "eyes", "mouth", "turn", "nod", "tilt", "eye distance"] {
            assert_eq!(groups.iter().filter(|g| g.family == family).map(|g| g.members.len()).sum::<usize>(), 3);
        }
    }

    #[test]
    fn the_protocol_has_the_parts_that_are_complete() {
        let of = |subsets: &[&str]| {
            let images = subsets.iter().map(|subset| image(subset, 1.0, 20.0)).collect();
            let groups = groups(&Dataset { images }).into_iter().filter(|group| group.family == PROTOCOL);
            groups.map(|group| (group.name, group.members)).collect::<Vec<_>>()
        };
        assert_eq!(of(&["lfpw/testset", "ibug"]), [("challenging".to_owned(), vec![1])]);
        let all = of(&["300w/helen/testset", "300w/ibug", "300w/lfpw/testset", "afw", "not-ibug"]);
        let wanted = [("common", vec![0, 2]), ("challenging", vec![1]), ("full", vec![0, 1, 2])];
        assert_eq!(all, wanted.map(|(name, members)| (name.to_owned(), members)));
    }
}

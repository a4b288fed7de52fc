//! Files of the same photograph.
//!
//! AFW stores a photograph with several faces as several files: `134212_1.jpg`, `134212_2.jpg`.
//! Files belong to one photograph if their grey pixels are equal; or if they are in the same folder
//! and their names consist of the number of a photograph and the number of a face with one or two
//! digits, as in AFW and HELEN (unlike `image_0001` of LFPW).

use std::collections::HashMap;
use std::hash::Hasher;
use std::path::{Path, PathBuf};

use lineament::raw::GreyImage;
use siphasher::sip128::{Hasher128, SipHasher13};

/// Returns a number that is equal for equal images. With its 128 bits, different images do not
/// collide in practice.
pub fn pixel_hash(image: &GreyImage) -> u128 {
    let mut hasher = SipHasher13::new();
    hasher.write(&image.width().to_le_bytes());
    hasher.write(&image.height().to_le_bytes());
    hasher.write(image.as_raw());
    hasher.finish128().as_u128()
}

/// Returns the number of the photograph for every file, in order of first appearance. Files without
/// a hash are compared by name only.
pub fn group(files: &[(&Path, Option<u128>)]) -> Vec<usize> {
    // Union-find: every file points to the first of its photograph.
    let mut parent: Vec<usize> = (0..files.len()).collect();
    fn root(parent: &[usize], mut file: usize) -> usize {
        while parent[file] != file {
            file = parent[file];
        }
        file
    }
    let mut first_with = HashMap::<Key, usize>::new();
    for (file, (path, hash)) in files.iter().enumerate() {
        for key in hash.map(Key::Pixels).into_iter().chain(photograph_name(path).map(Key::Name)) {
            let (a, b) = (root(&parent, file), root(&parent, *first_with.entry(key).or_insert(file)));
            parent[a.max(b)] = a.min(b);
        }
    }
    let mut numbers = HashMap::new();
    (0..files.len())
        .map(|file| {
            let next = numbers.len();
            *numbers.entry(root(&parent, file)).or_insert(next)
        })
        .collect()
}

#[derive(PartialEq, Eq, Hash)]
enum Key {
    Pixels(u128),
    Name(PathBuf),
}

/// Path without the number of the face, for files named as in AFW.
fn photograph_name(path: &Path) -> Option<PathBuf> {
    let (photograph, face) = path.file_stem()?.to_str()?.rsplit_once('_')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(photograph) && digits(face) && face.len() <= 2).then(|| path.with_file_name(photograph))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_pixels_or_numbered_names_are_one_photograph() {
        let files = [
            ("afw/12_1.jpg", Some(1)),
            ("lfpw/image_0001.jpg", Some(2)),
            ("lfpw/image_0002.jpg", Some(3)),
            ("afw/12_2.jpg", Some(4)),
            ("helen/12_1.jpg", Some(5)),
            ("other/copy.png", Some(4)),
            ("afw/13_1.jpg", None),
        ];
        let files = files.map(|(name, hash)| (Path::new(name), hash));
        assert_eq!(group(&files), [0, 1, 2, 0, 3, 0, 4]);
    }

    #[test]
    fn two_groups_that_turn_out_to_be_one_are_joined() {
        let files = [("a/1_1.png", Some(1)), ("b/2_1.png", Some(2)), ("a/1_2.png", Some(2))];
        assert_eq!(group(&files.map(|(name, hash)| (Path::new(name), hash))), [0, 0, 0]);
    }
}

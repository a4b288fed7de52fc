//! Folders in iBUG's layout: `name.jpg` or `name.png` beside `name.pts`, with or without
//! subfolders.
//!
//! An image with several faces has files `name_1.pts`, `name_2.pts` and so on, as `lineament detect`
//! writes them. Where another image has the same name, `detect` names the image in full:
//! `name.jpg.pts`, `name.jpg_1.pts`. In AFW, `name_1.pts` belongs to an image `name_1.jpg` of its own, which comes first.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// File name extensions of images, in the order in which they are tried beside a `.pts` file.
pub const IMAGE_EXTENSIONS: [&str; 15] =
    ["jpg", "jpeg", "png", "bmp", "gif", "webp", "tif", "tiff", "pgm", "ppm", "jpe", "jfif", "pbm", "pnm", "pam"];

/// The `.pts` files of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotated {
    /// The annotations, one for each face, in the order of their numbers; at least one.
    pub pts: Vec<PathBuf>,
    /// The image; none for a `.pts` file that belongs to no image.
    pub image: Option<PathBuf>,
}

/// Lists the images under `root` that have `.pts` files, and the `.pts` files without an image,
/// sorted by the path of the first `.pts` file.
///
/// # Errors
/// If a folder cannot be listed.
pub fn annotated(root: &Path) -> std::io::Result<Vec<Annotated>> {
    let files = files(root)?;
    let points: Vec<&PathBuf> = files.iter().filter(|file| has_extension(file, &["pts"])).collect();
    let named: HashSet<&PathBuf> = points.iter().filter_map(|pts| named_in_full(&files, pts)).collect();
    let images = by_stem(files.iter().filter(|file| !named.contains(file)));
    let mut all = Vec::<Annotated>::new();
    let mut place_of = HashMap::<&Path, usize>::new();
    for pts in points {
        let stem = pts.with_extension("");
        let by_stem = || images.get(&stem).or_else(|| images.get(&numbered(&stem)?.0)).copied();
        let image = named_in_full(&files, pts).or_else(by_stem);
        match image.and_then(|image| place_of.get(image.as_path())) {
            Some(&place) => all[place].pts.push(pts.clone()),
            None => {
                place_of.extend(image.map(|image| (image.as_path(), all.len())));
                all.push(Annotated { pts: vec![pts.clone()], image: image.cloned() });
            }
        }
    }
    // By name, `name_10.pts` comes before `name_2.pts`.
    let number = |pts: &PathBuf| numbered(&pts.with_extension("")).map(|(_, number)| number);
    all.iter_mut().filter(|image| image.pts.len() > 1).for_each(|image| image.pts.sort_by_key(number));
    Ok(all)
}

/// The image of each path without extension; if there are several, the one whose extension comes
/// first in [`IMAGE_EXTENSIONS`].
fn by_stem<'a>(files: impl Iterator<Item = &'a PathBuf>) -> HashMap<PathBuf, &'a PathBuf> {
    let rank = |file: &Path| file.extension().and_then(rank);
    let mut images = HashMap::<PathBuf, &PathBuf>::new();
    for file in files.filter(|file| rank(file).is_some()) {
        let first = images.entry(file.with_extension("")).or_insert(file);
        if rank(file) < rank(first) {
            *first = file;
        }
    }
    images
}

/// The image that `name.jpg.pts` or `name.jpg_1.pts` names in full.
fn named_in_full<'a>(files: &'a [PathBuf], pts: &Path) -> Option<&'a PathBuf> {
    let image = |stem: &Path| {
        stem.extension().and_then(rank)?;
        files.binary_search_by(|file| file.as_path().cmp(stem)).ok().map(|place| &files[place])
    };
    let stem = pts.with_extension("");
    image(&stem).or_else(|| image(&numbered(&stem)?.0))
}

/// Splits a path such as `a/name_12` into `a/name` and 12.
fn numbered(stem: &Path) -> Option<(PathBuf, u32)> {
    let (name, number) = stem.file_name()?.to_str()?.rsplit_once('_')?;
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    Some((stem.with_file_name(name), number.parse().ok().filter(|_| digits && !name.is_empty())?))
}

/// Lists files under `root` that have the extension of an image, sorted by path.
///
/// # Errors
/// If a folder cannot be listed.
pub fn images(root: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = files(root)?;
    files.retain(|file| has_extension(file, &IMAGE_EXTENSIONS));
    Ok(files)
}

/// Lists all files under `root`, sorted by path. Does not follow links to folders, which may form a
/// circle, and leaves out the files that macOS puts beside others on foreign disks (`._name`).
fn files(root: &Path) -> std::io::Result<Vec<PathBuf>> {
    let (mut files, mut folders) = (Vec::new(), vec![root.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if !entry.file_name().as_encoded_bytes().starts_with(b"._") {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

fn has_extension(file: &Path, extensions: &[&str]) -> bool {
    file.extension().is_some_and(|found| extensions.iter().any(|wanted| found.eq_ignore_ascii_case(wanted)))
}

/// Place of an extension in [`IMAGE_EXTENSIONS`], in capitals or not.
fn rank(extension: &OsStr) -> Option<usize> {
    IMAGE_EXTENSIONS.iter().position(|known| extension.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(names: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for name in names {
            let path = root.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        root
    }

    #[track_caller]
    fn finds(names: &[&str], wanted: &[(&[&str], Option<&str>)]) {
        let root = folder(names);
        let path = |name: &str| root.path().join(name);
        let wanted = wanted
            .iter()
            .map(|(pts, image)| Annotated { pts: pts.iter().copied().map(path).collect(), image: image.map(path) });
        assert_eq!(annotated(root.path()).unwrap(), wanted.collect::<Vec<_>>());
    }

    #[test]
    fn an_image_that_is_named_in_full_has_no_other_annotation() {
        finds(
            &["a.bmp", "a.jpg", "a.pts", "a.jpg.pts", "g.jpg", "g.jpg_1.pts", "g.jpg_2.pts", "g_1.png", "g_1.pts"],
            &[
                (&["a.jpg.pts"], Some("a.jpg")),
                (&["a.pts"], Some("a.bmp")),
                (&["g.jpg_1.pts", "g.jpg_2.pts"], Some("g.jpg")),
                (&["g_1.pts"], Some("g_1.png")),
            ],
        );
    }

    #[test]
    fn pairs_are_found_in_subfolders_in_order() {
        let names = ["z.pts", "z.PNG", "b/x.pts", "b/x.jpg", "b/alone.pts", "b/unannotated.jpg", "notes.txt"];
        finds(&names, &[(&["b/alone.pts"], None), (&["b/x.pts"], Some("b/x.jpg")), (&["z.pts"], Some("z.PNG"))]);
        let root = folder(&names);
        let path = |name: &str| root.path().join(name);
        assert_eq!(images(root.path()).unwrap(), [path("b/unannotated.jpg"), path("b/x.jpg"), path("z.PNG")]);
    }

    #[test]
    fn several_faces_belong_to_one_image() {
        finds(
            &["group.jpg", "group_1.pts", "group_2.pts", "group_10.pts", "group_a.pts"],
            &[(&["group_1.pts", "group_2.pts", "group_10.pts"], Some("group.jpg")), (&["group_a.pts"], None)],
        );
        // In AFW, each face has an image.
        finds(
            &["12.jpg", "12_1.jpg", "12_1.pts", "12_2.pts"],
            &[(&["12_1.pts"], Some("12_1.jpg")), (&["12_2.pts"], Some("12.jpg"))],
        );
        finds(&["a.jpg", "a.pts", "a_2.pts"], &[(&["a.pts", "a_2.pts"], Some("a.jpg"))]);
    }

    #[test]
    fn extensions_are_known_in_any_case_and_companions_left_out() {
        finds(&["o.Jpg", "o.pts", "._o.pts", "._o.jpg"], &[(&["o.pts"], Some("o.Jpg"))]);
        finds(&["a.png", "a.JPG", "a.Pts"], &[(&["a.Pts"], Some("a.JPG"))]);
        assert!(images(folder(&["._a.jpg"]).path()).unwrap().is_empty());
    }
}

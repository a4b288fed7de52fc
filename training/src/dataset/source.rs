//! Reads a data set from folders and XML files.

use std::path::{Path, PathBuf};

use lineament::annotations::{Pixels, pts};
use lineament::geometry::Rect;
use lineament::raw::decode;
use lineament::raw::decode::{Decoded, ReadError, ReadOptions};
use lineament::raw::files::{MOST_BYTES, read_at_most};
use lineament::raw::orientation::Turn;
use lineament::scheme::POINTS;
use lineament::{Image, Shape};
use rayon::prelude::*;

use super::boxes::box_from_shape;
use super::orientation::{self, Face, Hints};
use super::{AnnotatedFace, AnnotatedImage, Dataset, DatasetError, Fault, folder, imglab, photographs};

/// Requirements on a data set.
#[derive(Clone, Copy, Debug)]
pub struct DatasetOptions {
    /// Number of landmarks of every face; none accepts any number.
    pub points: Option<usize>,
    /// Whether images are decoded to find files of the same photograph. Otherwise only their
    /// headers are read, and their names decide.
    pub compare_pixels: bool,
    /// Pixels that coordinates refer to; none finds it out for each image that must be turned.
    pub pixels: Option<Pixels>,
}

impl Default for DatasetOptions {
    fn default() -> Self {
        Self { points: Some(POINTS), compare_pixels: true, pixels: None }
    }
}

/// An image whose file has not been read yet.
struct Entry {
    path: PathBuf,
    subset: String,
    /// File with its annotation, for messages.
    annotation: PathBuf,
    /// What it says about the pixels that it refers to.
    hints: Hints,
    faces: Vec<Face>,
}

impl Dataset {
    /// Reads folders in iBUG's layout and imglab XML files, and returns their faults.
    ///
    /// Images without a usable face are left out. Decoding runs in parallel. Images are ordered by
    /// source, and within a folder by path.
    ///
    /// # Errors
    /// If a source cannot be read, or there is no usable face.
    pub fn read(sources: &[PathBuf], options: &DatasetOptions) -> Result<(Self, Vec<Fault>), DatasetError> {
        let (mut entries, mut faults) = (Vec::new(), Vec::new());
        for source in sources {
            if source.is_dir() {
                let pairs = folder::pairs(source).map_err(|error| DatasetError::unreadable(source, &error))?;
                entries.extend(pairs.into_iter().filter_map(|pair| match from_pair(source, pair) {
                    Ok(entry) => Some(entry),
                    Err(fault) => {
                        faults.push(fault);
                        None
                    }
                }));
            } else {
                let (images, wrong) = read_xml(source)?;
                entries.extend(images.into_iter().map(|image| from_image(source, image)));
                faults.extend(wrong);
            }
        }
        let looked_at: Vec<_> = entries.into_par_iter().map(|entry| look_at(entry, options)).collect();
        let (mut images, mut hashes) = (Vec::new(), Vec::new());
        for (image, hash, wrong) in looked_at {
            faults.extend(wrong);
            if !image.faces.is_empty() {
                images.push(image);
                hashes.push(hash);
            }
        }
        if images.is_empty() {
            return Err(DatasetError::NoUsableFace { paths: sources.to_vec(), faults });
        }
        let files: Vec<_> = images.iter().zip(hashes).map(|(image, hash)| (image.path.as_path(), hash)).collect();
        for (image, photograph) in photographs::group(&files).into_iter().enumerate() {
            images[image].photograph = photograph;
        }
        Ok((Self { images }, faults))
    }
}

/// Checks the file and the faces of an image; also returns the hash of its pixels, if asked for.
fn look_at(entry: Entry, options: &DatasetOptions) -> (AnnotatedImage, Option<u128>, Vec<Fault>) {
    let Entry { path, subset, annotation, hints, mut faces } = entry;
    let mut image = AnnotatedImage { path, subset, photograph: 0, faces: Vec::new() };
    let mut faults = Vec::new();
    let looked_at = turn_and_hash(&image.path, options).and_then(|(turn, hash)| {
        let known = options.pixels.or_else(|| hints.pixels(&turn));
        let is_open = known.is_none() && !turn.is_none() && !faces.is_empty();
        let pixels = if is_open { orientation::pixels_of(&faces, &image.path, &turn)? } else { known };
        Ok((turn, hash, pixels, is_open && pixels.is_none()))
    });
    let (size, hash) = match looked_at {
        Ok((turn, hash, pixels, unclear)) => {
            if pixels == Some(Pixels::Stored) {
                faces = orientation::upright(&faces, &turn);
            }
            faults.extend(unclear.then(|| Fault::new(&annotation, orientation::UNCLEAR)));
            (turn.upright_size(), hash)
        }
        Err(error) => {
            // A missing image is a fault of the file that names it.
            faults.push(match error {
                ReadError::Missing => Fault::new(&annotation, format!("its image {} is missing", image.path.display())),
                error => Fault::unreadable_image(&image.path, &error),
            });
            return (image, None, faults);
        }
    };
    for (given, shape) in faces {
        let bounds = given.unwrap_or_else(|| box_from_shape(&shape));
        match wrong(&bounds, &shape, size, options) {
            Some(what) => faults.push(Fault::new(&annotation, format!("a face of {}: {what}", image.path.display()))),
            None => image.faces.push(AnnotatedFace { bounds, bounds_given: given.is_some(), shape, light: None }),
        }
    }
    (image, hash, faults)
}

/// The reason why a face cannot be used, if there is one.
fn wrong(bounds: &Rect, shape: &Shape, size: (u32, u32), options: &DatasetOptions) -> Option<String> {
    let image = Rect::new(0.0, 0.0, size.0 as f32, size.1 as f32);
    match options.points {
        Some(wanted) if shape.len() != wanted => Some(format!("it has {} points, not {wanted}", shape.len())),
        _ if !bounds.is_valid() => Some("its box has no area".into()),
        _ if bounds.intersection(&image) <= 0.0 => Some("its box is outside the image".into()),
        _ => None,
    }
}

fn turn_and_hash(path: &Path, options: &DatasetOptions) -> Result<(Turn, Option<u128>), ReadError> {
    let reading = ReadOptions::dataset();
    let bytes = decode::read_bytes(path, &reading)?;
    if options.compare_pixels {
        let Decoded { image, turn, .. } = decode::decode_with_notes(&bytes, &reading)?;
        Ok((turn, Some(photographs::pixel_hash(&Image::from(image).luma()))))
    } else {
        Ok((decode::decode_turn(&bytes, &reading)?, None))
    }
}

fn read_xml(source: &Path) -> Result<(Vec<imglab::ImageEntry>, Vec<Fault>), DatasetError> {
    let bytes = read_at_most(source, MOST_BYTES).map_err(|error| DatasetError::unreadable(source, &error))?;
    let parsed = imglab::parse(&String::from_utf8_lossy(&bytes), source);
    parsed.map_err(|error| DatasetError::Imglab { path: source.into(), error })
}

fn from_image(source: &Path, image: imglab::ImageEntry) -> Entry {
    let root = source.parent().unwrap_or(Path::new(""));
    let path = root.join(&image.file);
    let faces = image.boxes.into_iter().map(|labelled| (Some(labelled.bounds), labelled.shape)).collect();
    Entry { subset: subset(root, &path), path, annotation: source.into(), hints: image.hints, faces }
}

fn from_pair(source: &Path, pair: folder::Pair) -> Result<Entry, Fault> {
    let shape = pts::read(&pair.pts).map_err(|error| Fault::unreadable_points(&pair.pts, &error))?;
    let path = pair.image.ok_or_else(|| Fault::new(&pair.pts, "there is no image of the same name"))?;
    let (hints, faces) = (Hints::default(), vec![(None, shape)]);
    Ok(Entry { subset: subset(source, &path), path, annotation: pair.pts, hints, faces })
}

/// Folder of `path` relative to `root`; for images in the root itself, the name of the root.
fn subset(root: &Path, path: &Path) -> String {
    let folder = path.parent().unwrap_or(root);
    let relative = folder.strip_prefix(root).unwrap_or(folder);
    if relative.as_os_str().is_empty() {
        let named = std::path::absolute(root).ok().and_then(|root| root.file_name().map(|name| name.to_owned()));
        named.unwrap_or_default().to_string_lossy().into_owned()
    } else {
        relative.to_string_lossy().into_owned()
    }
}

#[cfg(test)]
mod tests {
    use image::GrayImage;
    use lineament::geometry::Point;

    use super::*;

    fn shape(points: usize) -> Shape {
        Shape::new((0..points).map(|i| Point::new(10.0 + i as f32, 12.0 + (i % 7) as f32)).collect())
    }

    fn save(path: &Path, level: u8) {
        GrayImage::from_pixel(100, 60, [level].into()).save(path).unwrap();
    }

    #[test]
    fn a_folder_is_read_and_its_faults_listed() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        std::fs::create_dir(at("sub")).unwrap();
        for (name, level) in [("a.png", 1), ("sub/b.png", 2), ("c.png", 1), ("short.png", 3)] {
            save(&at(name), level);
            pts::write(at(name).with_extension("pts"), &shape(if name == "short.png" { 67 } else { 68 })).unwrap();
        }
        std::fs::write(at("broken.png"), "no image").unwrap();
        pts::write(at("broken.pts"), &shape(68)).unwrap();
        pts::write(at("lonely.pts"), &shape(68)).unwrap();
        std::fs::write(at("text.pts"), "hello").unwrap();

        let sources = [root.path().to_path_buf()];
        let (dataset, faults) = Dataset::read(&sources, &DatasetOptions::default()).unwrap();
        let files: Vec<_> = dataset.images.iter().map(|p| p.path.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(files, ["a.png", "c.png", "b.png"]);
        assert_eq!(dataset.images[2].subset, "sub");
        assert_eq!(dataset.images[0].subset, root.path().file_name().unwrap().to_str().unwrap());
        assert_eq!(dataset.images.iter().map(|p| p.photograph).collect::<Vec<_>>(), [0, 0, 1]);
        assert!(!dataset.images[0].faces[0].bounds_given);
        assert_eq!(dataset.face_count(), 3);

        let faults: Vec<_> = faults.iter().map(|f| f.to_string().replace(root.path().to_str().unwrap(), "R")).collect();
        assert_eq!(
            faults,
            [
                "R/lonely.pts: there is no image of the same name",
                "R/text.pts: line 1: `hello` is not two coordinates",
                "R/broken.png: not an image, or an image of an unknown format",
                "R/short.pts: a face of R/short.png: it has 67 points, not 68",
            ]
        );
        let names = DatasetOptions { compare_pixels: false, ..DatasetOptions::default() };
        let (dataset, _) = Dataset::read(&sources, &names).unwrap();
        assert_eq!(dataset.images.iter().map(|p| p.photograph).collect::<Vec<_>>(), [0, 1, 2]);
    }

    #[test]
    fn an_xml_file_is_read_relative_to_its_folder() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("helen/trainset")).unwrap();
        save(&root.path().join("helen/trainset/a.png"), 1);
        let xml = root.path().join("labels.xml");
        let text = "<dataset><images><image file='helen/trainset/a.png'>\
            <box top='1' left='2' width='30' height='31'><part name='0' x='1' y='2'/></box>\
            <box top='1' left='200' width='30' height='31'><part name='0' x='1' y='2'/></box></image>\
            <image file='gone.png'><box top='1' left='2' width='3' height='3'/></image></images></dataset>";
        std::fs::write(&xml, text).unwrap();
        let any = DatasetOptions { points: None, ..DatasetOptions::default() };
        let (dataset, faults) = Dataset::read(std::slice::from_ref(&xml), &any).unwrap();
        assert_eq!(dataset.images.len(), 1);
        assert_eq!(dataset.images[0].subset, "helen/trainset");
        assert_eq!(dataset.images[0].faces[0].bounds, Rect::new(2.0, 1.0, 30.0, 31.0));
        assert!(faults[0].what.ends_with("its box is outside the image"), "{}", faults[0]);
        assert!(faults[1].what.ends_with("gone.png is missing"), "{}", faults[1]);

        let error = Dataset::read(&[xml], &DatasetOptions::default()).unwrap_err();
        assert!(matches!(&error, DatasetError::NoUsableFace { faults, .. } if faults.len() == 3), "{error}");
    }

    #[test]
    fn sources_that_do_not_exist_are_errors() {
        let error = Dataset::read(&["/nowhere/a.xml".into()], &DatasetOptions::default()).unwrap_err();
        assert_eq!(error.to_string(), "/nowhere/a.xml: cannot be read: there is no such file or folder");
    }
}

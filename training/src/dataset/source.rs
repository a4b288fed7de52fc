//! Reads a data set from folders and XML files.

use std::path::{Path, PathBuf};

use lineament::geometry::{Point, Rect};
use lineament::raw::annotations::imglab::{self, BoxEntry, BoxFault, ElementError, ImageEntry};
use lineament::raw::annotations::{Pixels, pts};
use lineament::raw::decode;
use lineament::raw::decode::{Decoded, ReadError, ReadOptions};
use lineament::raw::files::{MOST_BYTES, read_at_most};
use lineament::raw::orientation::Turn;
use lineament::raw::{GreyImage, RectExt};
use lineament::scheme::POINTS;
use lineament::{Image, Shape};
use rayon::prelude::*;

use super::boxes::box_from_shape;
use super::folder::Annotated;
use super::invalid::invalid;
use super::locate::Locator;
use super::orientation::{self, Face, Hints};
use super::schemes::{self, OtherScheme, Points};
use super::{AnnotatedFace, AnnotatedImage, Dataset, DatasetError, Fault, folder, photographs};

/// Requirements on a data set.
#[derive(Clone, Copy, Debug)]
pub struct DatasetOptions {
    /// Number of landmarks of every face. None accepts any number, and takes the corners of the box
    /// for a face without landmarks.
    pub points: Option<usize>,
    /// Whether images are decoded to find files of the same photograph. Otherwise only their
    /// headers are read, and their names decide.
    pub compare_pixels: bool,
    /// Whether faces with [`invalid`] landmarks are used.
    pub keep_invalid: bool,
    /// Pixels that coordinates refer to; none finds it out for each image that must be turned.
    pub pixels: Option<Pixels>,
}

impl Default for DatasetOptions {
    fn default() -> Self {
        Self { points: Some(POINTS), compare_pixels: true, keep_invalid: false, pixels: None }
    }
}

/// An image whose file has not been read yet.
struct Entry {
    /// Folder or XML file that it comes from.
    source: PathBuf,
    path: PathBuf,
    subset: String,
    /// What the annotation says about the pixels that it refers to.
    hints: Hints,
    faces: Vec<FaceEntry>,
}

/// A face whose annotation has not been checked yet.
struct FaceEntry {
    /// File with its annotation, for messages.
    annotation: PathBuf,
    bounds: Option<Rect>,
    shape: Shape,
}

/// Parts of a data set that cannot be used.
#[derive(Default)]
struct Unusable {
    faults: Vec<Fault>,
    /// Faces of other schemes, which become faults when all are counted.
    others: Vec<OtherScheme>,
}

impl Unusable {
    fn append(&mut self, other: Self) {
        self.faults.extend(other.faults);
        self.others.extend(other.others);
    }

    fn into_faults(mut self) -> Vec<Fault> {
        self.faults.extend(schemes::faults(&self.others));
        self.faults
    }
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
        let (mut entries, mut unusable) = (Vec::new(), Unusable::default());
        for source in sources {
            entries.extend(if source.is_dir() {
                read_folder(source, &mut unusable)?
            } else {
                read_xml(source, &mut unusable)?
            });
        }
        let looked_at: Vec<_> = entries.into_par_iter().map(|entry| look_at(entry, options)).collect();
        let (mut images, mut hashes) = (Vec::new(), Vec::new());
        for (image, hash, wrong) in looked_at {
            unusable.append(wrong);
            if !image.faces.is_empty() {
                images.push(image);
                hashes.push(hash);
            }
        }
        let faults = unusable.into_faults();
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
fn look_at(entry: Entry, options: &DatasetOptions) -> (AnnotatedImage, Option<u128>, Unusable) {
    let Entry { source, path, subset, hints, mut faces } = entry;
    let mut image = AnnotatedImage { path, subset, photograph: 0, faces: Vec::new() };
    let mut unusable = Unusable::default();
    let (size, hash) = match upright(&mut faces, &image.path, hints, options) {
        Ok(Looked { size, hash, unclear }) => {
            let annotation = faces.first().map_or(&source, |face| &face.annotation);
            unusable.faults.extend(unclear.then(|| Fault::new(annotation, orientation::UNCLEAR)));
            (size, hash)
        }
        Err(error) => {
            // A missing image is a fault of the file that names it.
            let annotation = faces.first().map_or(&source, |face| &face.annotation);
            unusable.faults.push(match error {
                ReadError::Missing => Fault::new(annotation, format!("its image {} is missing", image.path.display())),
                error => Fault::unreadable_image(&image.path, &error),
            });
            return (image, None, unusable);
        }
    };
    for FaceEntry { annotation, bounds: given, shape } in faces {
        let face = schemes::face_of(&image.path);
        if options.points.is_some_and(|wanted| shape.len() != wanted) {
            let points = Points::Count(shape.len());
            unusable.others.push(OtherScheme { source: source.clone(), annotation, face, points });
            continue;
        }
        if let Some(what) = invalid(&shape).filter(|_| !options.keep_invalid) {
            unusable.faults.push(Fault::invalid_landmarks(&annotation, format_args!("{face}: {what}")));
            continue;
        }
        let bounds = given.unwrap_or_else(|| box_from_shape(&shape));
        match wrong(&bounds, size) {
            Some(what) => unusable.faults.push(Fault::new(&annotation, format_args!("{face}: {what}"))),
            None => {
                let shape = if shape.is_empty() { corners(&bounds) } else { shape };
                image.faces.push(AnnotatedFace { bounds, bounds_given: given.is_some(), shape, light: None });
            }
        }
    }
    (image, hash, unusable)
}

/// What was found in an image file.
struct Looked {
    /// Width and height of the upright image.
    size: (u32, u32),
    /// The hash of its pixels, if asked for.
    hash: Option<u128>,
    /// Whether its coordinates may refer to upright or to stored pixels.
    unclear: bool,
}

/// Looks at an image file, and turns its faces upright if they refer to stored pixels.
fn upright(faces: &mut [FaceEntry], path: &Path, hints: Hints, options: &DatasetOptions) -> Result<Looked, ReadError> {
    let (turn, hash) = turn_and_hash(path, options)?;
    let known = options.pixels.or_else(|| hints.pixels(&turn));
    let is_open = known.is_none() && !turn.is_none() && !faces.is_empty();
    let described: Vec<Face> = faces.iter().map(|face| (face.bounds, face.shape.clone())).collect();
    let pixels = if is_open { orientation::pixels_of(&described, path, &turn)? } else { known };
    if pixels == Some(Pixels::Stored) {
        for (face, (bounds, shape)) in faces.iter_mut().zip(orientation::upright(&described, &turn)) {
            (face.bounds, face.shape) = (bounds, shape);
        }
    }
    Ok(Looked { size: turn.upright_size(), hash, unclear: is_open && pixels.is_none() })
}

fn corners(bounds: &Rect) -> Shape {
    Shape::new(vec![Point::new(bounds.x, bounds.y), Point::new(bounds.x + bounds.width, bounds.y + bounds.height)])
}

/// The reason why a box cannot be used in an image of this size, if there is one.
fn wrong(bounds: &Rect, size: (u32, u32)) -> Option<&'static str> {
    let image = Rect::new(0.0, 0.0, size.0 as f32, size.1 as f32);
    if !bounds.is_valid() {
        Some("its box has no area")
    } else {
        (bounds.intersection(&image) <= 0.0).then_some("its box is outside the image")
    }
}

fn turn_and_hash(path: &Path, options: &DatasetOptions) -> Result<(Turn, Option<u128>), ReadError> {
    let reading = ReadOptions::dataset();
    let bytes = decode::read_bytes(path, &reading)?;
    if options.compare_pixels {
        let Decoded { image, turn, .. } = decode::decode_with_notes(&bytes, &reading)?;
        Ok((turn, Some(photographs::pixel_hash(&GreyImage::from(&Image::from(image))))))
    } else {
        Ok((decode::decode_turn(&bytes, &reading)?, None))
    }
}

fn read_folder(source: &Path, unusable: &mut Unusable) -> Result<Vec<Entry>, DatasetError> {
    let annotated = folder::annotated(source).map_err(|error| DatasetError::unreadable(source, &error))?;
    Ok(annotated.into_iter().filter_map(|annotated| from_annotated(source, annotated, unusable)).collect())
}

fn from_annotated(source: &Path, annotated: Annotated, unusable: &mut Unusable) -> Option<Entry> {
    let mut faces = Vec::new();
    for pts in annotated.pts {
        match pts::read(&pts) {
            Ok(_) if annotated.image.is_none() => {
                unusable.faults.push(Fault::new(&pts, "there is no image of the same name"));
            }
            Ok(shape) => faces.push(FaceEntry { annotation: pts, bounds: None, shape }),
            Err(error) => unusable.faults.push(Fault::unreadable_points(&pts, &error)),
        }
    }
    let path = annotated.image.filter(|_| !faces.is_empty())?;
    Some(Entry { source: source.into(), subset: subset(source, &path), path, hints: Hints::default(), faces })
}

fn read_xml(source: &Path, unusable: &mut Unusable) -> Result<Vec<Entry>, DatasetError> {
    let bytes = read_at_most(source, MOST_BYTES).map_err(|error| DatasetError::unreadable(source, &error))?;
    let read = imglab::parse(&bytes).map_err(|error| DatasetError::Imglab { path: source.into(), error })?;
    for fault in read.faults {
        match fault {
            BoxFault { line, what: ElementError::PartName(name) } => unusable.others.push(OtherScheme {
                source: source.into(),
                annotation: source.into(),
                face: format!("the box in line {line}"),
                points: Points::Named(name),
            }),
            fault => unusable.faults.push(Fault::new(source, fault)),
        }
    }
    let mut locator = Locator::default();
    Ok(read.images.into_iter().map(|image| from_image(source, image, &mut locator)).collect())
}

fn from_image(source: &Path, image: ImageEntry, locator: &mut Locator) -> Entry {
    let root = source.parent().unwrap_or(Path::new(""));
    let path = locator.find(root, &image.file);
    let face = |BoxEntry { bounds, shape }| FaceEntry { annotation: source.into(), bounds: Some(bounds), shape };
    Entry {
        source: source.into(),
        subset: subset(root, &path),
        path,
        hints: Hints { pixels: image.pixels, size: image.size },
        faces: image.boxes.into_iter().map(face).collect(),
    }
}

/// Folder of `path` relative to `root`; for images in the root itself, the name of the root.
fn subset(root: &Path, path: &Path) -> String {
    let folder = path.parent().unwrap_or(root);
    let relative = folder.strip_prefix(root).unwrap_or(folder);
    if relative.as_os_str().is_empty() {
        // A file that is named without a folder is in the working folder.
        let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
        let named = std::path::absolute(root).ok().and_then(|root| root.file_name().map(|name| name.to_owned()));
        named.unwrap_or_default().to_string_lossy().into_owned()
    } else {
        relative.to_string_lossy().into_owned()
    }
}

#[cfg(test)]
mod tests {
    use image::GrayImage;

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
                "R/short.pts: a face of R/short.png has 67 points; only iBUG's 68 points are supported, as parts 0 to 67 \
                 or 1 to 68",
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
        // The missing image, and the two faces of one point.
        assert!(matches!(&error, DatasetError::NoUsableFace { faults, .. } if faults.len() == 2), "{error}");
    }

    #[test]
    fn sources_that_do_not_exist_are_errors() {
        let error = Dataset::read(&["/nowhere/a.xml".into()], &DatasetOptions::default()).unwrap_err();
        assert_eq!(error.to_string(), "/nowhere/a.xml: cannot be read: there is no such file or folder");
    }
}

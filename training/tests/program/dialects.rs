//! Data sets as other programs write them: XML with references, encodings and names of other
//! systems, several faces per image, other schemes, and landmarks that stand for missing points.

use std::path::Path;

use crate::common::{Folder, refuses, run};
use lineament::geometry::Point;
use lineament::raw::annotations::pts;

/// The sentence part on schemes.
const ACCEPTED: &str = "only iBUG's 68 points are supported, as parts 0 to 67 or 1 to 68";

/// Parts of the face `data/face_000`.
fn parts(folder: &Folder) -> Vec<String> {
    let shape = pts::read(folder.path("data/face_000.pts")).unwrap();
    let part = |(i, p): (usize, &Point)| format!("<part name='{i:02}' x='{}' y='{}'/>", p.x, p.y);
    shape.points.iter().enumerate().map(part).collect()
}

/// The XML of an image with a face of these parts.
fn xml(head: &str, image: &str, label: &str, parts: &[String]) -> String {
    format!(
        "<?xml version='1.0' encoding='ISO-8859-1'?>\n<dataset>\n{head}<images>\n<image file='{image}'>\n\
         <box top='60' left='60' width='200' height='200'>{label}{}</box>\n</image>\n</images>\n</dataset>\n",
        parts.concat()
    )
}

#[track_caller]
fn has_one_face(folder: &Folder, data: &str) {
    let (status, out, err) = run(folder, &["inspect", "--data", data]);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    let counts = out.lines().nth(1).unwrap().split_whitespace().collect::<Vec<_>>();
    assert_eq!(counts[1..4], ["1", "1", "1"], "{out}");
}

#[test]
fn references_are_read_everywhere() {
    let folder = Folder::with_faces(1);
    let parts = parts(&folder);
    let comment = "<comment>Faces of A &amp; B</comment>\n";
    folder.write("comment.xml", &xml(comment, "data/face_000.png", "", &parts));
    has_one_face(&folder, "comment.xml");
    folder.write("label.xml", &xml("", "data/face_000.png", "<label>&lt;18 &#121;ears</label>", &parts));
    has_one_face(&folder, "label.xml");
}

#[test]
fn encodings_and_names_of_other_systems_are_read() {
    let folder = Folder::with_faces(1);
    let parts = parts(&folder);
    let named = |name: &str| xml("", name, "", &parts);
    std::fs::create_dir_all(folder.path("other/xml")).unwrap();
    std::fs::copy(folder.path("data/face_000.png"), folder.path("data/café.PNG")).unwrap();
    let one_byte: Vec<u8> = named("data/café.PNG").chars().map(|c| c as u8).collect();
    std::fs::write(folder.path("latin1.xml"), one_byte).unwrap();
    folder.write("utf8.xml", &named("data/café.PNG"));
    let utf_16 = "\u{feff}".encode_utf16().chain(named("data/café.PNG").encode_utf16().collect::<Vec<_>>());
    std::fs::write(folder.path("utf16.xml"), utf_16.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()).unwrap();
    folder.write("windows.xml", &named("data\\café.png"));
    folder.write("other/xml/relative.xml", &named("../../data/face_000.png"));
    folder.write("other/xml/working.xml", &named("data/face_000.png"));
    let whole = folder.path("data/face_000.png");
    folder.write("other/xml/absolute.xml", &named(whole.to_str().unwrap()));
    for data in [
        "latin1.xml",
        "utf8.xml",
        "utf16.xml",
        "windows.xml",
        "other/xml/relative.xml",
        "other/xml/working.xml",
        "other/xml/absolute.xml",
    ] {
        has_one_face(&folder, data);
    }
}

#[test]
fn other_schemes_give_one_sentence() {
    let folder = Folder::with_faces(1);
    let parts = parts(&folder);
    let faces = |parts: &[String]| xml("", "data/face_000.png", "", parts);
    let refused = |content: &str, what: &str| {
        folder.write("a.xml", content);
        let sentence = format!("a.xml: no usable face (a.xml: {what}; {ACCEPTED})");
        refuses(&folder, &["inspect", "--data", "a.xml"], &sentence);
    };
    refused(&faces(&parts[36..48]), "a face of data/face_000.png has 12 points");
    refused(&faces(&[]), "a face of data/face_000.png has no points");
    let named = |name: &str| format!("<part name='{name}' x='70' y='80'/>");
    refused(&faces(&[named("leye"), named("reye")]), "the box in line 5 has parts with names such as `leye`");
    // A data set of three such faces gives one sentence, too.
    let three = faces(&parts[..5]);
    let (start, end) = (three.find("<image ").unwrap(), three.find("</images>").unwrap());
    let three = [&three[..start], &three[start..end].repeat(3), &three[end..]].concat();
    refused(&three, "3 faces have 5 points, the first of them a face of data/face_000.png");
}

#[test]
fn several_faces_of_an_image_come_back_from_their_files() {
    let folder = Folder::with_faces(2);
    std::fs::rename(folder.path("data/face_000.png"), folder.path("data/group.Png")).unwrap();
    std::fs::rename(folder.path("data/face_000.pts"), folder.path("data/group_1.pts")).unwrap();
    std::fs::copy(folder.path("data/face_001.pts"), folder.path("data/group_2.pts")).unwrap();
    for companion in ["._group.png", "._group_1.pts"] {
        std::fs::write(folder.path("data").join(companion), b"\0\x05\x16\x07\0\x02\0\0Mac OS X").unwrap();
    }
    let (status, out, err) = run(&folder, &["inspect", "--data", "data"]);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    assert!(out.lines().nth(1).unwrap().split_whitespace().eq(["all", "2", "2", "3", "0"]), "{out}");
}

#[test]
fn landmarks_that_stand_for_missing_points_are_left_out() {
    let folder = Folder::with_faces(3);
    let text = std::fs::read_to_string(folder.path("data/face_001.pts")).unwrap();
    let line = |(i, line): (usize, &str)| if (3..13).contains(&i) { "0 0\n".into() } else { format!("{line}\n") };
    folder.write("data/face_001.pts", &text.lines().enumerate().map(line).collect::<String>());
    let what = "10 landmarks, the first of them 1, are at 0 0 or -1 -1, which stand for missing points";
    let model = folder.model("a.model");
    let evaluate = ["evaluate", "--data", "data", "--landmarks", model.to_str().unwrap()];
    let (status, out, err) = run(&folder, &evaluate);
    let said = format!(
        "lineament-train: data/face_001.pts: a face of data/face_001.png: {what}\n\
         1 face with invalid landmarks left out; --keep-invalid keeps them\n"
    );
    assert_eq!((status, err), (1, said));
    assert!(out.starts_with("2 faces of 2 photographs"), "{out}");
    let (status, out, err) = run(&folder, &[&evaluate[..], &["--keep-invalid"]].concat());
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(out.starts_with("3 faces of 3 photographs"), "{out}");
    // A fit says so before it begins.
    let (status, _, err) = run(&folder, &["landmarks", "--data", "data", "--output", "o.model"]);
    assert_eq!(status, 2);
    assert!(err.lines().next().unwrap().ends_with(what) && err.contains("1 fault left out"), "{err}");
    let (status, out, _) = run(&folder, &["inspect", "--data", "data"]);
    assert_eq!(status, 0);
    assert!(out.contains(&format!("suspicious annotations: 1\n  data/face_001.png: face 1: {what}\n")), "{out}");
}

#[test]
fn a_model_of_other_points_is_not_measured() {
    let folder = Folder::with_faces(1);
    let five = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/five_points.dat");
    std::fs::copy(five, folder.path("five.dat")).unwrap();
    let what = "a model of 5 points that are not known to be among iBUG's 68, so it cannot be measured on them";
    refuses(&folder, &["evaluate", "--data", "data", "--landmarks", "five.dat"], &format!("five.dat: {what}"));
}

#[test]
fn the_built_in_models_are_measured_as_they_detect() {
    let folder = Folder::new();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data");
    std::fs::create_dir(folder.path("faces")).unwrap();
    for name in ["obama.jpg", "obama.pts"] {
        std::fs::copy(data.join(name), folder.path("faces").join(name)).unwrap();
    }
    let (status, out, err) = run(&folder, &["evaluate", "--data", "faces", "--predictions", "found"]);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    assert!(out.starts_with("1 faces of 1 photographs, boxes: detector\n") && out.contains("built-in"), "{out}");
    let image = lineament::Image::open(folder.path("faces/obama.jpg")).unwrap();
    let faces = lineament::Pipeline::default().find(&image).unwrap();
    let measured = std::fs::read_to_string(folder.path("found/built-in/faces/obama.pts")).unwrap();
    assert_eq!(measured, pts::format(&faces[0].shape));
    // The detector alone is the built-in one, too.
    let model = folder.model("a.model");
    let boxes = ["evaluate", "--data", "faces", "--landmarks", model.to_str().unwrap(), "--boxes", "detector"];
    let (status, out, err) = run(&folder, &boxes);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    // No face scores as high as that.
    let missed = ["evaluate", "--data", "faces", "--threshold", "50", "--json", "missed.json"];
    assert_eq!(run(&folder, &missed).0, 0);
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.path("missed.json")).unwrap()).unwrap();
    assert_eq!(json["systems"][0]["groups"][0]["missed"], 1);
}

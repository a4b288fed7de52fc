//! Every lesson has all of its parts, and links to its neighbours.

use std::path::Path;

fn lessons() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = files.map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), path));
    let mut lessons: Vec<(String, String)> = named
        .filter(|(name, _)| name.starts_with("lesson_"))
        .map(|(name, path)| (name, std::fs::read_to_string(path).unwrap()))
        .collect();
    lessons.sort();
    lessons
}

#[test]
fn every_lesson_has_its_parts() {
    let lessons = lessons();
    assert_eq!(lessons.len(), 6);
    for (name, text) in &lessons {
        assert!(text.starts_with("//! # Lesson "), "{name}");
        assert!(text.contains("<math display=\"block\">") && text.contains("figures/"), "{name}");
        for heading in ["# A program", "# In the source", "# Exercises"] {
            assert_eq!(text.matches(&format!("//! {heading}\n")).count(), 1, "{name}: {heading}");
        }
        assert_eq!(text.matches("```should_panic\n").count(), 3, "{name}");
        for part in ["Hint", "Solution"] {
            assert_eq!(text.matches(&format!("<details><summary>{part}</summary>")).count(), 3, "{name}: {part}");
        }
    }
}

#[test]
fn every_lesson_links_to_its_neighbours_at_both_ends() {
    let lessons = lessons();
    for (i, (name, text)) in lessons.iter().enumerate() {
        let linked = |other: &str| text.matches(&format!("(crate::{other})")).count();
        let neighbours = [i.checked_sub(1), Some(i + 1)].into_iter().flatten().filter_map(|i| lessons.get(i));
        for (other, _) in neighbours {
            assert_eq!(linked(other), 2, "{name} to {other}");
        }
        assert_eq!(text.matches("[Contents](crate)").count(), 2, "{name}");
    }
}

/// Lines that a reader of the source has to wrap: all but those of tables, formulas and links.
#[test]
fn prose_is_wrapped() {
    for (name, text) in lessons() {
        let prose = text.lines().filter(|line| !line.starts_with("//! |") && !line.contains("<math"));
        for line in prose.filter(|line| !line.contains("](")) {
            assert!(line.chars().count() <= 100, "{name}: {line}");
        }
    }
}

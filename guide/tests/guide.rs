//! The names in the guide that the compiler does not check.

use std::path::Path;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn lessons() -> Vec<(String, String)> {
    let files = std::fs::read_dir(repository().join("src/guide")).unwrap().map(|entry| entry.unwrap().path());
    let named = files.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path));
    let mut lessons: Vec<(String, String)> = named
        .filter(|(name, _)| name.starts_with("lesson_"))
        .map(|(name, path)| (name, std::fs::read_to_string(path).unwrap()))
        .collect();
    lessons.sort();
    lessons
}

/// The parts of a line in backticks.
fn code(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

#[test]
fn items_of_the_trainer_are_where_the_lessons_say() {
    let mut checked = 0;
    for (name, text) in lessons() {
        for line in text.lines().filter(|line| line.starts_with("//! | ") && line.contains("`training/")) {
            let (files, items): (Vec<&str>, Vec<&str>) = code(line).partition(|code| code.starts_with("training/"));
            let [file] = files[..] else { panic!("{name}: {line}") };
            let source = std::fs::read_to_string(repository().join(file)).unwrap_or_else(|_| panic!("{name}: {file}"));
            assert!(!items.is_empty(), "{name}: {line}");
            for item in items {
                let last = item.rsplit("::").next().unwrap();
                let defined = |kind: &&str| {
                    let starts = [" ", "\n"].map(|before| format!("{before}{kind} {last}"));
                    starts.iter().any(|start| source.contains(start.as_str()))
                };
                assert!(["fn", "struct", "enum", "trait"].iter().any(defined), "{name}: no {item} in {file}");
                // The path is the file's.
                let module = file.trim_start_matches("training/src/").trim_end_matches(".rs").replace('/', "::");
                let outer = module.rsplit_once("::").map_or("", |(outer, _)| outer);
                let path = item.strip_prefix("lineament_train::");
                assert!(path.is_none_or(|path| path.starts_with(outer)), "{name}: {item} in {file}");
                checked += 1;
            }
        }
    }
    assert!(checked >= 20, "{checked}");
}

#[test]
fn every_lesson_has_its_parts() {
    let lessons = lessons();
    assert_eq!(lessons.len(), 6);
    for (name, text) in lessons {
        assert!(text.contains("<math display=\"block\">") && text.contains("figures/"), "{name}");
        for heading in ["# A program", "# Where it stands in the source", "# Exercises"] {
            assert_eq!(text.matches(&format!("//! {heading}\n")).count(), 1, "{name}: {heading}");
        }
        assert_eq!(text.matches("```should_panic\n").count(), 3, "{name}");
        assert_eq!(text.matches("<details><summary>Solution</summary>").count(), 3, "{name}");
    }
}

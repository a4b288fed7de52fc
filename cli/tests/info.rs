//! `lineament info`: all that is known of a model, and what is refused, in one sentence.

mod common;

use std::path::{Path, PathBuf};

use common::Bench;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/models").join(name)
}

#[test]
fn info_shows_where_a_model_comes_from() {
    let bench = Bench::new();
    for (name, version, wanted) in [
        ("detector-1.lineament", 1, &["program", "data", "seed", "configuration", "score"][..]),
        ("detector-2.lineament", 2, &["program", "data", "seed", "configuration", "scores"]),
        (
            "landmarks-2.lineament",
            2,
            &["program", "data", "seed", "configuration", "held-out inter-ocular error in percent"],
        ),
    ] {
        let run = bench.run(&["info".as_ref(), "--format".as_ref(), "json".as_ref(), path(name).as_os_str()]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{name}");
        let card = &run.records()[0];
                assert_eq!(card["format_version"], version);
        for entry in wanted {
            assert!(card["provenance"][entry].as_str().is_some_and(|text| !text.is_empty()), "{name}: {entry}");
        }
    }
    let mut newer = std::fs::read(path("detector-3.lineament")).unwrap();
    newer[8] = 4;
    bench.file("newer.model", &newer);
    let run = bench.run(&["info", "newer.model"]);
    let sentence =
        "lineament: newer.model: it has format version 4 of detector models, newer than what this program reads, 3\n";
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (2, "", sentence));
}

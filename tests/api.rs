//! The library's public interface, written down in `tests/data/api.rs`: a change shows in that file's difference and never
//! goes unnoticed. After an intended change:
//!
//! ```sh
//! UPDATE=1 cargo test --test api
//! ```
//!
//! The file has a module for each public module, with what can be reached there: the items, and the public functions of
//! their types, without bodies and documentation. Names are resolved through `use`, so that types of one name are not mixed
//! up. Of the unstable module `raw` the file has the names alone.

mod interface;

use std::path::Path;

use interface::Crate;

#[test]
fn the_interface_is_the_one_that_is_written_down() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let now = Crate::read(&root.join("src")).interface();
    let written = root.join("tests/data/api.rs");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&written, &now).unwrap();
    }
    let before = std::fs::read_to_string(&written).unwrap();
    let differs = before.lines().zip(now.lines()).position(|(before, now)| before != now);
    let line = differs.unwrap_or_else(|| before.lines().count().min(now.lines().count()));
    assert!(
        before == now,
        "the interface has changed, in line {} of tests/data/api.rs: it was\n  {}\nand is\n  {}\nIf that is meant: UPDATE=1 \
         cargo test --test api",
        line + 1,
        before.lines().nth(line).unwrap_or("(nothing)"),
        now.lines().nth(line).unwrap_or("(nothing)"),
    );
}

//! Draws the figures of `lineament::guide`, with the library's and the trainer's own code, from the
//! photographs in `data/` and from points of chance:
//!
//! ```sh
//! cargo run --release -p lineament-train --example guide-figures
//! ```
//!
//! Each figure is a piece of HTML that the page includes: images as data, plots as SVG. A test
//! holds the committed files against what this program makes.

mod boosting;
mod cascade;
mod glyphs;
mod gradients;
mod histograms;
mod html;
mod margin;
mod windows;

use std::error::Error;
use std::path::{Path, PathBuf};

use image::GrayImage;
use lineament::decode::{ReadOptions, read_grey};
use lineament::files::write_atomically;
use lineament::raw::model::{Model, read};

/// What drawing gives.
type Made<T> = Result<T, Box<dyn Error>>;

/// Draws a figure.
type Draw = fn() -> Made<String>;

/// Every figure: its file's name, and what draws it.
const FIGURES: [(&str, Draw); 6] = [
    ("gradients", gradients::drawn),
    ("histograms", histograms::drawn),
    ("margin", margin::drawn),
    ("windows", windows::drawn),
    ("cascade", cascade::drawn),
    ("boosting", boosting::drawn),
];

fn main() -> Made<()> {
    for (name, draw) in FIGURES {
        let (path, html) = (file(name), draw()?);
        println!("{}: {} bytes", path.display(), html.len());
        write_atomically(&path, html.as_bytes())?;
    }
    Ok(())
}

/// The repository's folder.
fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

fn file(name: &str) -> PathBuf {
    repository().join(format!("src/guide/figures/{name}.html"))
}

/// A photograph of `data/`.
fn photograph(name: &str) -> Made<GrayImage> {
    Ok(read_grey(&repository().join("data").join(name), &ReadOptions::dataset())?)
}

/// A shipped model.
fn model<M: Model>(name: &str) -> Made<M> {
    Ok(read(&repository().join(format!("models/{name}.lineament")))?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_figures_are_those_that_the_code_draws() {
        let mut bytes = 0;
        for (name, draw) in FIGURES {
            let committed = std::fs::read_to_string(file(name)).unwrap();
            bytes += committed.len();
            let again = "draw it again: cargo run --release -p lineament-train --example guide-figures";
            assert!(committed == draw().unwrap(), "the figure {name} is not up to date; {again}");
        }
        assert!(bytes < 350_000, "{bytes} bytes of figures in the documentation");
    }
}

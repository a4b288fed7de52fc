//! Draws the figures of the course, with the code of the library and of the trainer, from the images in `data/`, the
//! shipped models and random points:
//!
//! ```sh
//! cargo run --release -p lineament-guide --example guide-figures
//! ```
//!
//! Each figure is a piece of HTML that a lesson includes: images as data, plots as SVG. A test compares the committed
//! files with what this program draws.

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

use lineament::raw::GreyImage;
use lineament::raw::decode::{ReadOptions, read_grey};
use lineament::raw::files::write_atomically;
use lineament::raw::model::{Model, read};

type Made<T> = Result<T, Box<dyn Error>>;

/// Draws a figure and returns its HTML.
type Draw = fn() -> Made<String>;

/// Every figure: the name of its file, and the function that draws it.
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

/// Folder of the repository.
fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in a folder of the repository")
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/figures/{name}.html"))
}

/// An image of `data/`, in grey.
fn photograph(name: &str) -> Made<GreyImage<'static>> {
    Ok(read_grey(repository().join("data").join(name), &ReadOptions::dataset())?)
}

/// A shipped model.
fn model<M: Model>(name: &str) -> Made<M> {
    Ok(read(repository().join(format!("models/{name}.lineament")))?.0)
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
            let again = "draw it again: cargo run --release -p lineament-guide --example guide-figures";
            assert!(committed == draw().unwrap(), "the figure {name} is not up to date; {again}");
        }
        assert!(bytes < 400_000, "{bytes} bytes of figures in the documentation");
    }
}

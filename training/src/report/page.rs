//! The page: a template filled with sections of text, figures, tables and images.

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, context};
use rayon::prelude::*;
use serde::Serialize;

use super::figure::Figure;
use super::folder::{MADE_BY, ReportError, ReportFolder};
use crate::table::Table;

/// A page.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Page {
    /// Heading.
    pub title: String,
    /// Summary, in a sentence or two.
    pub lead: String,
    /// Sections in order.
    pub sections: Vec<Section>,
    /// Files beside the page: name and content.
    pub files: Vec<(String, String)>,
}

/// A section.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Section {
    /// Anchor in the address of the page.
    pub id: String,
    /// Heading.
    pub title: String,
    /// Paragraphs.
    pub text: Vec<String>,
    /// Figures.
    pub figures: Vec<Figure>,
    /// Tables with their captions.
    pub tables: Vec<(String, Table)>,
    /// Images.
    pub galleries: Vec<Gallery>,
    /// Text to copy, with its title.
    pub listings: Vec<(String, String)>,
}

/// A group of images.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Gallery {
    /// Heading.
    pub title: String,
    /// Legend: a class of the style sheet, and what is drawn in its colour.
    pub legend: Vec<(String, String)>,
    /// Images.
    pub images: Vec<GalleryImage>,
}

/// An image, or a pair of them.
#[derive(Clone, Debug, Default, Serialize)]
pub struct GalleryImage {
    /// Files beside the page, shown next to each other.
    pub files: Vec<String>,
    /// Description for readers who cannot see it.
    pub alt: String,
    /// Text below the image.
    pub caption: String,
}

impl Section {
    /// An empty section.
    pub fn new(id: &str, title: &str) -> Self {
        Self { id: id.into(), title: title.into(), ..Self::default() }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        let Self { text, figures, tables, galleries, listings, .. } = self;
        text.is_empty() && figures.is_empty() && tables.is_empty() && galleries.is_empty() && listings.is_empty()
    }
}

impl Page {
    /// Writes the files of the figures, then the page as `index.html`. Leaves out empty sections
    /// and galleries.
    ///
    /// # Errors
    /// If a figure cannot be rasterised, or a file cannot be written.
    pub fn write(mut self, folder: &ReportFolder) -> Result<(), ReportError> {
        self.sections.iter_mut().for_each(|section| section.galleries.retain(|gallery| !gallery.images.is_empty()));
        self.sections.retain(|section| !section.is_empty());
        self.sections.par_iter().flat_map(|section| &section.figures).try_for_each(|figure| figure.write(folder))?;
        let html = self.html().map_err(|error| ReportError::content("page", error))?;
        folder.write_page(&html)
    }

    fn html(&self) -> Result<String, minijinja::Error> {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.add_template("page", include_str!("templates/page.html"))?;
        let (made_by, version) = (MADE_BY, env!("CARGO_PKG_VERSION"));
        let style = include_str!("templates/style.css");
        environment.get_template("page")?.render(context! { page => Serde(self), style, made_by, version })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_and_empty_sections_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let mut section = Section::new("a", "Faces of <b>");
        section.tables.push(("1 < 2".into(), Table { header: vec!["x".into()], rows: vec![vec!["a & b".into()]] }));
        section.galleries.push(Gallery { title: "no image".into(), ..Gallery::default() });
        let sections = vec![section, Section::new("empty", "Nothing")];
        let page = Page { title: "T".into(), lead: "L".into(), sections, files: vec![] };
        page.write(&ReportFolder::create(folder.path()).unwrap()).unwrap();
        let html = std::fs::read_to_string(folder.path().join("index.html")).unwrap();
        assert!(html.contains("Faces of &lt;b&gt;") && html.contains("1 &lt; 2") && html.contains("a &amp; b"));
        assert!(!html.contains("Nothing") && !html.contains("no image"));
    }
}

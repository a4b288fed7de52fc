//! The page: sections of text, figures, tables and pictures, put into a template.

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, context};
use rayon::prelude::*;
use serde::Serialize;

use super::figure::Figure;
use super::folder::{ReportError, ReportFolder};
use crate::evaluate::table::Table;

/// A page.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Page {
    /// Its heading.
    pub title: String,
    /// What was looked at, in a sentence or two.
    pub lead: String,
    /// Its sections in order.
    pub sections: Vec<Section>,
    /// Files beside the page: name and what is in it.
    pub files: Vec<(String, String)>,
}

/// A section.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Section {
    /// Its place in the page's address.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Paragraphs.
    pub text: Vec<String>,
    /// Figures.
    pub figures: Vec<Figure>,
    /// Tables with their captions.
    pub tables: Vec<(String, Table)>,
    /// Pictures.
    pub galleries: Vec<Gallery>,
    /// Text to be copied, with what it is.
    pub listings: Vec<(String, String)>,
}

/// Pictures that belong together.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Gallery {
    /// The heading.
    pub title: String,
    /// The meaning of colours: a class of the style sheet, and what is drawn so.
    pub legend: Vec<(String, String)>,
    /// The pictures.
    pub pictures: Vec<Picture>,
}

/// A picture.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Picture {
    /// Its files beside the page, shown next to each other.
    pub files: Vec<String>,
    /// What it shows, for those who do not see it.
    pub alt: String,
    /// The text below.
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
    /// Writes the figures' files, then the page as `index.html`. Empty sections and galleries are left out.
    ///
    /// # Errors
    /// If a figure cannot be rasterised, or a file not be written.
    pub fn write(mut self, folder: &ReportFolder) -> Result<(), ReportError> {
        self.sections.iter_mut().for_each(|section| section.galleries.retain(|gallery| !gallery.pictures.is_empty()));
        self.sections.retain(|section| !section.is_empty());
        self.sections.par_iter().flat_map(|section| &section.figures).try_for_each(|figure| figure.write(folder))?;
        let html = self.html().map_err(|error| ReportError::content("page", error))?;
        folder.write("index.html", html.as_bytes())
    }

    fn html(&self) -> Result<String, minijinja::Error> {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.add_template("page", include_str!("templates/page.html"))?;
        let program = concat!("lineament-train ", env!("CARGO_PKG_VERSION"));
        let style = include_str!("templates/style.css");
        environment.get_template("page")?.render(context! { page => Serde(self), style, program })
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
        section.galleries.push(Gallery { title: "no picture".into(), ..Gallery::default() });
        let sections = vec![section, Section::new("empty", "Nothing")];
        let page = Page { title: "T".into(), lead: "L".into(), sections, files: vec![] };
        page.write(&ReportFolder::create(folder.path()).unwrap()).unwrap();
        let html = std::fs::read_to_string(folder.path().join("index.html")).unwrap();
        assert!(html.contains("Faces of &lt;b&gt;") && html.contains("1 &lt; 2") && html.contains("a &amp; b"));
        assert!(!html.contains("Nothing") && !html.contains("no picture"));
    }
}

//! The files of the pages, and how they are put together.

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, context};
use serde::Serialize;

/// The templates: the frame, a step in it, and the content of each page.
const TEMPLATES: [(&str, &str); 4] = [
    ("frame.html", include_str!("page/frame.html")),
    ("step.html", include_str!("page/step.html")),
    ("photo.html", include_str!("page/photo.html")),
    ("model.html", include_str!("page/model.html")),
];

const STYLE: &str = include_str!("page/explain.css");

/// The scripts of both pages, in the order in which they build on each other.
const SHARED: [&str; 4] = [
    include_str!("page/ui.js"),
    include_str!("page/hog.js"),
    include_str!("page/shape.js"),
    include_str!("page/trees.js"),
];

/// The scripts of an image's page, a file for each group of steps.
const PHOTO: [&str; 9] = [
    include_str!("page/photo/state.js"),
    include_str!("page/photo/result.js"),
    include_str!("page/photo/window.js"),
    include_str!("page/photo/levels.js"),
    include_str!("page/photo/boosted_trees.js"),
    include_str!("page/photo/steps.js"),
    include_str!("page/photo/tree.js"),
    include_str!("page/photo/confidence.js"),
    include_str!("page/photo/choose.js"),
];

/// The scripts of the models' page.
const MODEL: [&str; 4] = [
    include_str!("page/model/state.js"),
    include_str!("page/model/filters.js"),
    include_str!("page/model/stages.js"),
    include_str!("page/model/components.js"),
];

/// Kind of page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Steps of the pipeline on an image.
    Photo,
    /// Content of the models.
    Model,
}

impl Kind {
    fn template(self) -> &'static str {
        match self {
            Self::Photo => "photo.html",
            Self::Model => "model.html",
        }
    }

    fn scripts(self) -> &'static [&'static str] {
        match self {
            Self::Photo => &PHOTO,
            Self::Model => &MODEL,
        }
    }
}

/// Renders a page: the template contains `words`, and the scripts draw `data`.
///
/// # Panics
/// If a template and its words do not fit together, which the tests rule out.
pub fn render(kind: Kind, words: impl Serialize, data: &impl Serialize) -> String {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    for (name, template) in TEMPLATES {
        environment.add_template(name, template).expect("the templates are valid");
    }
    let script = [&SHARED[..], kind.scripts()].concat().concat();
    let data = serde_json::to_string(data).expect("all keys are strings, and no value fails to serialise");
    // Within a script element, only this character could end it.
    let data = data.replace('<', "\\u003c");
    let template = environment.get_template(kind.template()).expect("every kind has a template");
    let page = template.render(context! { words => Serde(words), data, style => STYLE, script });
    page.expect("the templates use the words that there are")
}

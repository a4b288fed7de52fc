//! The pages of `lineament explain` in a real browser.
//!
//! They need Chromium, so they run on request only: `cargo test --release -p lineament-cli --test browser -- --ignored`.
//! If the variable `SCREENSHOTS` names a folder, screenshots of the pages are written there.

#[path = "../program/common/mod.rs"]
mod common;

mod chromium;

use std::path::{Path, PathBuf};

use chromium::{Browser, Screen};
use common::Bench;
use lineament::raw::Stage;
use serde_json::Value;

const DESKTOP: Screen = Screen { width: 1280, height: 900, dark: false };
const PHONE: Screen = Screen { width: 390, height: 844, dark: true };

fn data(name: &str) -> PathBuf {
    common::root().join("data").join(name)
}

/// The page of an image in `data/`.
fn photo(bench: &Bench, name: &str, options: &[&str]) -> PathBuf {
    let (photo, page) = (data(name), bench.path("page.html"));
    let mut arguments = vec!["explain", photo.to_str().unwrap(), "--output", page.to_str().unwrap()];
    arguments.extend(options);
    let run = bench.run(&arguments);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    page
}

fn model(bench: &Bench) -> PathBuf {
    let run = bench.run(&["explain", "--model", "--output", "model.html"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    bench.path("model.html")
}

fn keep(browser: &mut Browser, name: &str) {
    let picture = browser.screenshot();
    if let Some(folder) = std::env::var_os("SCREENSHOTS") {
        std::fs::write(Path::new(&folder).join(name), &picture).unwrap();
    }
    let picture = image::load_from_memory(&picture).unwrap().into_rgb8();
    let colours: std::collections::HashSet<[u8; 3]> = picture.pixels().map(|p| p.0).collect();
    assert!(colours.len() > 200, "{name} shows {} colours", colours.len());
}

/// The places of the landmarks in a figure of the page.
fn points(browser: &mut Browser, picture: &str) -> Vec<[f64; 2]> {
    let circles = format!(
        "[...document.querySelectorAll('{picture} circle[data-point]')].map(c => [Number(c.getAttribute('cx')), Number(c.getAttribute('cy'))])"
    );
    serde_json::from_value(browser.value(&circles)).unwrap()
}

fn furthest(a: &[[f64; 2]], b: &[[f64; 2]]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(p, q)| (p[0] - q[0]).hypot(p[1] - q[1])).fold(0.0, f64::max)
}

fn info(browser: &mut Browser) -> String {
    browser.value("document.querySelector('#info').innerText").as_str().unwrap().to_owned()
}

#[test]
#[ignore = "needs Chromium"]
fn pages_load_without_errors_or_requests_on_every_screen() {
    let bench = Bench::new();
    let mut browser = Browser::open();
    let astronaut = photo(&bench, "astronaut.png", &[]);
    let pages = [("photo", astronaut), ("model", model(&bench))];
    for (name, page) in pages {
        for (screen, form) in [(DESKTOP, "desktop"), (PHONE, "phone"), (Screen { dark: true, ..DESKTOP }, "dark")] {
            browser.load(&page, screen);
            let wide = browser.value("document.documentElement.scrollWidth - innerWidth").as_f64().unwrap();
            assert!(wide <= 0.0, "{name} is {wide} pixels too wide for a {form}");
            keep(&mut browser, &format!("{name}-{form}.png"));
            assert_eq!(browser.complaints(), Vec::<String>::new(), "{name} on {form}");
        }
    }
}

#[test]
#[ignore = "needs Chromium"]
fn the_slider_moves_the_shape_to_where_the_library_puts_it() {
    let bench = Bench::new();
    let page = photo(&bench, "astronaut.png", &[]);
    let record = &bench.run(&["detect", "--format", "jsonl", data("astronaut.png").to_str().unwrap()]).records()[0];
    let face: Vec<[f64; 2]> = serde_json::from_value(record["faces"][0]["landmarks"].clone()).unwrap();
    let mut browser = Browser::open();
    browser.load(&page, DESKTOP);
    let start = points(&mut browser, "#stage-picture");
    assert!(furthest(&start, &face) > 3.0, "the mean shape is not the result");
    let mean = points(&mut browser, "#mean-picture");
    assert_eq!(start, mean);
    browser.value("document.querySelector('#step').focus()");
    browser.press("ArrowRight");
    let first = points(&mut browser, "#stage-picture");
    assert!(furthest(&start, &first) > 1.0);
    browser.press("End");
    let last = points(&mut browser, "#stage-picture");
    assert!(furthest(&last, &face) < 0.01, "{last:?}");
    browser.press("Home");
    assert_eq!(points(&mut browser, "#stage-picture"), start);
    let confident = points(&mut browser, "#confidence-picture");
    assert!(furthest(&confident, &face) < 0.01);
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
#[ignore = "needs Chromium"]
fn the_displacements_of_all_trees_of_a_stage_add_up_to_its_movement() {
    let bench = Bench::new();
    let page = photo(&bench, "astronaut.png", &[]);
    let mut browser = Browser::open();
    browser.load(&page, DESKTOP);
    // For each stage of trees the largest movement, and the largest difference to the sum of its trees.
    let sums = browser.value(
        "treeSteps(subject().fit).map(number => {
           const fit = subject().fit, before = stepShape(fit, number - 1), after = stepShape(fit, number);
           const sum = before.map(() => [0, 0]);
           const trees = cascade.stages[fit.steps[number - 1].stage].trees;
           for (let tree = 0; tree < trees; tree++) {
             const { moves, tests } = treeOf(fit, number, tree);
             moves.forEach(([x, y], i) => { sum[i][0] += x; sum[i][1] += y; });
             if (tests.some(({ a, b, threshold, right }) => right !== (a.grey - b.grey > threshold))) throw Error('a branch against its test');
           }
           const distance = (p, q) => Math.hypot(p[0] - q[0], p[1] - q[1]);
           return [Math.max(...before.map((p, i) => distance(p, after[i]))),
                   Math.max(...before.map((p, i) => distance([p[0] + sum[i][0], p[1] + sum[i][1]], after[i])))];
         })",
    );
    let sums: Vec<[f64; 2]> = serde_json::from_value(sums).unwrap();
    assert_eq!(sums.len(), 2);
    for [movement, difference] in sums {
        assert!(movement > 0.2 && difference < 0.01, "{difference} of {movement} pixels");
    }
}

#[test]
#[ignore = "needs Chromium"]
fn the_keyboard_alone_reaches_everything() {
    let bench = Bench::new();
    let page = photo(&bench, "astronaut.png", &["--threshold", "-0.8"]);
    let mut browser = Browser::open();
    browser.load(&page, DESKTOP);
    let mut reached = Vec::new();
    for _ in 0..80 {
        browser.press("Tab");
        let element = "(({id, name, hash, tagName}) => id || name || hash || tagName)(document.activeElement)";
        let element = browser.value(element).as_str().unwrap().to_owned();
        if element != "BODY" && !reached.contains(&element) {
            let outline = browser
                .value("(e => getComputedStyle(e.closest('.choice label') ?? e).outlineStyle)(document.activeElement)");
            assert_eq!(outline, "solid", "{element} shows no focus");
            reached.push(element);
        }
    }
    let wanted = [
        "#gradients",
        "window-grey",
        "window-gradients",
        "cells-view",
        "window-cells",
        "level",
        "level-view",
        "level-picture",
        "score-level",
        "component",
        "score-picture",
        "score-map",
        "windows-view",
        "windows-picture",
        "mean-picture",
        "play",
        "step",
        "stage-picture",
        "tree-stage",
        "tree",
        "tree-picture",
        "confidence-picture",
    ];
    for wanted in wanted {
        assert!(reached.iter().any(|element| element == wanted), "{wanted} is not among {reached:?}");
    }
    // Arrow keys go through the parts of a figure, and the line at the foot describes each and names its source file.
    let tells = [
        ("#window-gradients", "gradient of length", "src/hog/gradient.rs"),
        ("#window-cells", "votes for 0°", "src/hog/histogram.rs"),
        ("#level-picture", "in the image", "src/detector/pyramid.rs"),
        ("#score-map", "window at cell", "src/detector/filter.rs"),
        ("#windows-picture", "score of", "src/detector/nms.rs"),
        ("#stage-picture", "landmark", "src/landmarks/"),
        ("#confidence-picture", "likely correct", "src/landmarks/confidence.rs"),
    ];
    for (picture, what, place) in tells {
        browser.value(&format!("document.querySelector('{picture}').focus()"));
        browser.press("ArrowRight");
        let first = info(&mut browser);
        assert!(first.contains(what) && first.contains(place), "{picture}: {first}");
        browser.press("ArrowRight");
        assert_ne!(info(&mut browser), first, "{picture}");
    }
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
#[ignore = "needs Chromium"]
fn faces_can_be_chosen_and_stages_played() {
    let bench = Bench::new();
    // Two copies of the astronaut beside each other.
    let one = image::open(data("astronaut.png")).unwrap().into_rgb8();
    let mut two = image::RgbImage::new(2 * one.width(), one.height());
    image::imageops::replace(&mut two, &one, 0, 0);
    image::imageops::replace(&mut two, &one, i64::from(one.width()), 0);
    two.save(bench.path("two.png")).unwrap();
    let run = bench.run(&["explain", "two.png", "--output", "two.html"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    let mut browser = Browser::open();
    browser.load(&bench.path("two.html"), DESKTOP);
    let first = points(&mut browser, "#stage-picture");
    browser.value("document.querySelector('#subjects input').focus()");
    browser.press("ArrowRight");
    assert_eq!(browser.value("state.subject"), 1);
    let second = points(&mut browser, "#stage-picture");
    assert!((second[0][0] - first[0][0]).abs() > 400.0, "the other face is in the other half");
    let before = browser.value("document.querySelector('#step').value");
    browser.value("document.querySelector('#play').focus()");
    browser.press("Enter");
    assert_eq!(browser.value("document.querySelector('#play').getAttribute('aria-pressed')"), "true");
    browser
        .value("new Promise(done => document.querySelector('#step').addEventListener('input', done)).then(() => true)");
    assert_ne!(browser.value("document.querySelector('#step').value"), before);
    browser.press("Enter");
    assert_eq!(browser.value("document.querySelector('#play').textContent"), "Play");
    browser.point_at("#stage-picture circle[data-point='30']");
    assert!(info(&mut browser).contains("landmark 30 (nose)"), "{}", info(&mut browser));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
#[ignore = "needs Chromium"]
fn an_image_without_a_face_shows_how_near_the_best_window_came() {
    let bench = Bench::new();
    let mut browser = Browser::open();
    // With a threshold that keeps the best window from the landmarks.
    let page = photo(&bench, "coffee.png", &["--threshold", "1"]);
    browser.load(&page, DESKTOP);
    let verdict = browser.value("document.querySelector('#verdict').textContent");
    assert!(verdict.as_str().unwrap().starts_with("No face was found. The best window, framed here,"), "{verdict}");
    assert_eq!(browser.value("document.querySelectorAll('#result-picture rect.chosen').length"), 1);
    assert_eq!(browser.value("getComputedStyle(document.querySelector('#stage-picture')).display"), "none");
    keep(&mut browser, "nearest.png");
    // An image without a single window, and a grey one in which every window is rejected.
    for (name, side, verdict) in
        [("tiny", 20, "smaller than the window"), ("flat", 200, "No window passed prefilter and linear filters")]
    {
        image::GrayImage::from_pixel(side, side, image::Luma([90])).save(bench.path(format!("{name}.png"))).unwrap();
        let (picture, page) = (format!("{name}.png"), format!("{name}.html"));
        assert_eq!(bench.run(&["explain", &picture, "--output", &page]).status, 0);
        browser.load(&bench.path(page), PHONE);
        let shown = browser.value("document.querySelector('#verdict').textContent");
        assert!(shown.as_str().unwrap().contains(verdict), "{name}: {shown}");
        assert_eq!(browser.complaints(), Vec::<String>::new(), "{name}");
    }
}

#[test]
#[ignore = "needs Chromium"]
fn the_models_page_moves_its_shape_and_its_stages() {
    let bench = Bench::new();
    let page = model(&bench);
    let mut browser = Browser::open();
    browser.load(&page, DESKTOP);
    let points_of_model = common::shipped().1.stages.iter().find_map(|stage| match stage {
        Stage::Trees(stage) => Some(stage.points.len()),
        Stage::Linear(_) => None,
    });
    let points_of_model = points_of_model.expect("a stage of trees");
    let shown: Value = browser.value("document.querySelector('#stage-text').textContent");
    browser.value("document.querySelector('#stage').focus()");
    browser.press("ArrowRight");
    assert_ne!(browser.value("document.querySelector('#stage-text').textContent"), shown);
    assert_eq!(browser.value("document.querySelectorAll('#stage-picture circle.feature').length"), points_of_model);
    let mean = points(&mut browser, "#stage-picture");
    let changed = points(&mut browser, "#shape-picture");
    assert!(furthest(&mean, &changed) > 1.0);
    browser.value("document.querySelector('#component').focus()");
    browser.press("ArrowRight");
    assert!(furthest(&changed, &points(&mut browser, "#shape-picture")) > 1.0);
    browser.value("document.querySelector('#positive').focus()");
    browser.press("ArrowDown");
    assert!(info(&mut browser).contains("weights for 0°"), "{}", info(&mut browser));
    // A model without stages says so.
    let run = bench.run(&["explain", "--model", "--landmarks", "landmarks.model", "--output", "bare.html"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    browser.load(&bench.path("bare.html"), PHONE);
    let shown = browser.value("document.querySelector('#basis-missing').textContent");
    assert!(shown.as_str().unwrap().starts_with("No stage of this model"), "{shown}");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

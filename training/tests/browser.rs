//! The reports of `evaluate` and `inspect` in a real browser.
//!
//! They need Chromium, so they run on request only: `cargo test --release -p lineament-train --test
//! browser -- --ignored`. Set the variable `SCREENSHOTS` to a folder to get images of the pages.

#[allow(dead_code, reason = "the tests of the other pages need more of it")]
#[path = "../../cli/tests/browser/chromium.rs"]
mod chromium;

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use chromium::{Browser, Screen};
use lineament_train::synthetic::write_faces;
use tempfile::TempDir;

const DESKTOP: Screen = Screen { width: 1280, height: 900, dark: false };
const PHONE: Screen = Screen { width: 390, height: 844, dark: true };

/// A folder with synthetic faces, and both reports.
fn reports() -> (TempDir, [(&'static str, PathBuf); 2]) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    write_faces(&data, 12, 1).unwrap();
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/landmarks.lineament");
    let made = |arguments: &[&str], name: &str| {
        let mut command = Command::cargo_bin("lineament-train").unwrap();
        command.current_dir(folder.path()).args(arguments).args(["--data", "data", "--report", name]);
        command.assert().success();
        folder.path().join(name).join("index.html")
    };
    let evaluation = made(&["evaluate", "--landmarks", model.to_str().unwrap()], "evaluation");
    let inspection = made(&["inspect"], "inspection");
    (folder, [("evaluation", evaluation), ("inspection", inspection)])
}

#[test]
#[ignore = "needs Chromium"]
fn reports_load_without_errors_or_requests_on_every_screen() {
    let (_folder, pages) = reports();
    let mut browser = Browser::open();
    for (name, page) in &pages {
        for (screen, form) in [(DESKTOP, "desktop"), (PHONE, "phone")] {
            browser.load(page, screen);
            let wide = browser.value("document.documentElement.scrollWidth - innerWidth").as_f64().unwrap();
            assert!(wide <= 0.0, "{name} is {wide} pixels too wide for a {form}");
            assert!(browser.value("document.querySelectorAll('.plot svg').length").as_u64().unwrap() > 0, "{name}");
            // Browsers load these images only near the screen.
            let missing = browser.value(
                "Promise.all([...document.images].map(i => (i.loading = 'eager', i.decode().then(() => 0, () => 1))))
                    .then(failed => failed.reduce((a, b) => a + b, 0))",
            );
            assert_eq!(missing, 0, "{name} on {form}");
            if let Some(folder) = std::env::var_os("SCREENSHOTS") {
                std::fs::write(Path::new(&folder).join(format!("{name}-{form}.png")), browser.screenshot()).unwrap();
            }
            assert_eq!(browser.complaints(), Vec::<String>::new(), "{name} on {form}");
        }
    }
}

#[test]
#[ignore = "needs Chromium"]
fn reports_are_read_with_the_keyboard_alone() {
    let (_folder, pages) = reports();
    let mut browser = Browser::open();
    for (name, page) in &pages {
        browser.load(page, DESKTOP);
        let focused = "document.activeElement";
        // The first link leads past the others; after it come the sections, in order.
        browser.press("Tab");
        assert_eq!(browser.value(&format!("{focused}.className")), "skip", "{name}");
        let seen = browser.value(&format!("{focused}.getBoundingClientRect().left >= 0"));
        assert_eq!(seen, true, "{name}: the skip link is out of sight");
        browser.press("Tab");
        let section = browser.value(&format!("{focused}.getAttribute('href')"));
        assert_eq!(section, browser.value("'#' + document.querySelector('section').id"), "{name}");
        browser.press("Enter");
        assert_eq!(browser.value("location.hash"), section, "{name}");
        // Every table that scrolls, every listing and every folded table can be reached.
        let wanted = browser.value("document.querySelectorAll('.scroll, pre[tabindex], summary').length");
        let reachable = browser.value(
            "[...document.querySelectorAll('.scroll, pre[tabindex], summary')].filter(e => e.tabIndex == 0).length",
        );
        assert_eq!(wanted, reachable, "{name}");
        if browser.value("document.querySelector('summary') !== null") == true {
            browser.value("document.querySelector('summary').focus()");
            browser.press("Enter");
            assert_eq!(browser.value("document.querySelector('details').open"), true, "{name}");
        }
        assert_eq!(browser.complaints(), Vec::<String>::new(), "{name}");
    }
}

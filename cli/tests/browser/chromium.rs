//! A headless Chromium, driven by the DevTools protocol: JSON messages that end in a zero byte, through two pipes.
//!
//! ```text
//!   test ──► {"id":1,"method":"Page.navigate",…}␀ ──► file descriptor 3 ┐
//!                                                                       Chromium --remote-debugging-pipe
//!   test ◄── {"id":1,"result":…}␀  {"method":"Log.…",…}␀ ◄── descriptor 4 ┘
//! ```
//!
//! A crate for this brings sixty others and minutes of building for the few calls that are needed here.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Where the browser is looked for after the variable `CHROMIUM`.
const NAMES: [&str; 5] = ["chromium", "chromium-headless-shell", "chromium-browser", "google-chrome", "chrome"];

/// Nothing but what the page itself asks for goes out.
const QUIET: [&str; 10] = [
    "--headless",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

/// A promise that is kept when all that was changed has been drawn.
const DRAWN: &str = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))";

/// A browser with one page.
pub struct Browser {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    session: String,
    calls: u64,
    /// The browser's events: requests, exceptions, log entries.
    pub events: Vec<Value>,
    _profile: TempDir,
}

/// A screen.
#[derive(Clone, Copy)]
pub struct Screen {
    pub width: u32,
    pub height: u32,
    pub dark: bool,
}

fn program() -> PathBuf {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let installed = || {
        let places = std::env::split_paths(&path).flat_map(|folder| NAMES.map(|name| folder.join(name)));
        places.into_iter().find(|place| place.is_file())
    };
    named.or_else(installed).expect("no browser found: install Chromium, or name it in the variable CHROMIUM")
}

impl Browser {
    pub fn open() -> Self {
        let profile = tempfile::tempdir().unwrap();
        // The shell gives the browser its pipes as descriptors 3 and 4.
        let mut process = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null", "sh"])
            .arg(program())
            .args(QUIET)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (process.stdin.take().unwrap(), BufReader::new(process.stdout.take().unwrap()));
        let session = String::new();
        let mut browser = Self { process, input, output, session, calls: 0, events: Vec::new(), _profile: profile };
        let target = browser.call("Target.createTarget", json!({"url": "about:blank"}));
        let attached = browser.call("Target.attachToTarget", json!({"targetId": target["targetId"], "flatten": true}));
        browser.session = attached["sessionId"].as_str().unwrap().to_owned();
        for domain in ["Page", "Runtime", "Network", "Log"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    /// Calls a method and returns its result; what comes in between is kept in `events`.
    pub fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.calls += 1;
        let mut message = json!({"id": self.calls, "method": method, "params": parameters});
        if !self.session.is_empty() {
            message["sessionId"] = self.session.clone().into();
        }
        self.input.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let answer = self.next();
            if answer["id"] == self.calls {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
            self.events.push(answer);
        }
    }

    fn next(&mut self) -> Value {
        let mut message = Vec::new();
        self.output.read_until(0, &mut message).unwrap();
        assert_eq!(message.pop(), Some(0), "the browser has ended");
        serde_json::from_slice(&message).unwrap()
    }

    /// Opens a file on a screen, and waits until it is loaded and drawn.
    pub fn load(&mut self, page: &Path, screen: Screen) {
        let Screen { width, height, dark } = screen;
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        self.call("Emulation.setDeviceMetricsOverride", metrics);
        let scheme = json!([{"name": "prefers-color-scheme", "value": if dark { "dark" } else { "light" }}]);
        self.call("Emulation.setEmulatedMedia", json!({"features": scheme}));
        self.events.clear();
        self.call("Page.navigate", json!({"url": format!("file://{}", page.display())}));
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let event = self.next();
            self.events.push(event);
        }
        // Pages with scripts decode their images.
        self.value("Promise.all(typeof images == 'undefined' ? [] : [...images.values()]).then(() => true)");
        self.value(DRAWN);
    }

    /// The value of an expression in the page; promises are waited for.
    pub fn value(&mut self, expression: &str) -> Value {
        let question = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.call("Runtime.evaluate", question);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Presses a key, named as in the page's keyboard events.
    pub fn press(&mut self, key: &str) {
        let code = match key {
            "Tab" => 9,
            "Enter" => 13,
            " " => 32,
            "End" => 35,
            "Home" => 36,
            "ArrowLeft" => 37,
            "ArrowUp" => 38,
            "ArrowRight" => 39,
            "ArrowDown" => 40,
            other => panic!("the key {other}"),
        };
        let text = match key {
            "Enter" => "\r",
            " " => " ",
            _ => "",
        };
        let down = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        for (kind, text) in [(down, text), ("keyUp", "")] {
            let event = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text});
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// Points at the middle of the first element that a selector names, after scrolling there.
    pub fn point_at(&mut self, selector: &str) {
        let element = format!("document.querySelector({selector:?})");
        self.value(&format!("{element}.scrollIntoView({{block: 'center', behavior: 'instant'}})"));
        self.value(DRAWN);
        let place =
            self.value(&format!("(b => [b.x + b.width / 2, b.y + b.height / 2])({element}.getBoundingClientRect())"));
        self.call("Input.dispatchMouseEvent", json!({"type": "mouseMoved", "x": place[0], "y": place[1]}));
    }

    /// The page as a PNG, from top to bottom.
    pub fn screenshot(&mut self) -> Vec<u8> {
        use base64::Engine;
        let answer = self.call("Page.captureScreenshot", json!({"format": "png", "captureBeyondViewport": true}));
        base64::engine::general_purpose::STANDARD.decode(answer["data"].as_str().unwrap()).unwrap()
    }

    /// What went wrong in the page, and what it asked others for.
    pub fn complaints(&self) -> Vec<String> {
        let complaint = |event: &Value| match event["method"].as_str()? {
            "Runtime.exceptionThrown" | "Log.entryAdded" | "Runtime.consoleAPICalled" => Some(event.to_string()),
            "Network.requestWillBeSent" => {
                let url = event["params"]["request"]["url"].as_str()?;
                (!url.starts_with("file://") && !url.starts_with("data:")).then(|| format!("it asks for {url}"))
            }
            _ => None,
        };
        self.events.iter().filter_map(complaint).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

//! One run over many pictures: output in input order, complaints, progress, a summary, and how it ended.

use std::io::{self, IsTerminal, Write};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use lineament::files::reason;

use super::error::{Error, Status, shown};
use super::inputs::Input;
use super::interrupt::Interrupt;
use super::ordered;
use super::plan::Plan;
use super::progress::Progress;

/// What one picture adds to the output.
#[derive(Debug, Default)]
pub struct Output {
    /// Lines for standard output.
    pub lines: Vec<u8>,
    /// Lines for the list beside the results.
    pub listed: Vec<u8>,
    /// Faces that were found.
    pub faces: usize,
    /// What the user should know of the picture: a clause that follows its name on standard error.
    pub note: Option<&'static str>,
    /// Whether the work failed, which is found out by the run.
    pub failed: bool,
}

/// What a run over many pictures came to.
#[derive(Clone, Copy, Debug)]
pub struct Totals {
    /// Pictures that were worked on.
    pub pictures: usize,
    /// Those of them that failed.
    pub failures: usize,
    /// Faces in the others.
    pub faces: usize,
    /// How long it took.
    pub seconds: f64,
}

impl Totals {
    /// A line for people.
    pub fn summary(&self) -> String {
        let count = |number, noun| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
        let failed = if self.failures > 0 { format!(", {} of them failed", self.failures) } else { String::new() };
        let (faces, pictures) = (count(self.faces, "face"), count(self.pictures, "picture"));
        format!("{faces} in {pictures}{failed}, {:.2} s\n", self.seconds)
    }
}

/// Runs `work` on every picture of the search; its error is one clause that follows the file's name, and `failed` turns
/// it into lines for standard output.
///
/// `header` comes first on standard output, `footer` last; what is listed goes to `list`.
///
/// # Errors
/// If the results cannot be written. A reader that has seen enough (a closed pipe) is no error.
pub fn run(
    plan: &Plan,
    header: &[u8],
    footer: impl FnOnce(&Totals) -> String,
    mut list: Option<&mut dyn Write>,
    work: impl Fn(&Input) -> Result<Output, String> + Send + Sync + 'static,
    failed: impl Fn(&Input, &str) -> Vec<u8> + Send + Sync + 'static,
) -> Result<Status, Error> {
    let start = Instant::now();
    let mut inputs = plan.inputs();
    let total = inputs.gather();
    let threads = plan.threads;
    let workers = total.and_then(NonZeroUsize::new).map_or(threads, |total| total.min(threads));
    let threads_each = NonZeroUsize::new(threads.get() / workers).unwrap_or(NonZeroUsize::MIN);
    let (interrupt, progress) = (Interrupt::listen(), Progress::new(total));
    let mut stdout = io::stdout().lock();
    let screen = stdout.is_terminal();
    let (mut written, mut list_written) = (stdout.write_all(header), Ok(()));
    let (mut pictures, mut faces, mut failures) = (0, 0, 0);
    keep_panics();
    let guarded = move |input: Input| guarded(&input, &work, &failed);
    ordered::run(inputs, workers, threads_each, &interrupt, guarded, |(output, remark)| {
        pictures += 1;
        faces += output.faces;
        failures += usize::from(output.failed);
        if let Some(remark) = &remark {
            progress.aside(|| eprintln!("lineament: {remark}"));
        }
        if written.is_ok() && !output.lines.is_empty() {
            // Each picture's lines go out at once: someone may be waiting for them.
            let mut write = || stdout.write_all(&output.lines).and_then(|()| stdout.flush());
            written = if screen { progress.aside(write) } else { write() };
        }
        if let Some(list) = &mut list
            && list_written.is_ok()
        {
            list_written = list.write_all(&output.listed);
        }
        progress.step();
        if written.is_ok() && list_written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    drop(progress);
    if written.is_ok() {
        let totals = Totals { pictures, failures, faces, seconds: start.elapsed().as_secs_f64() };
        written = stdout.write_all(footer(&totals).as_bytes());
    }
    list_written.map_err(|error| Error::Output { name: "the list of results".into(), reason: reason(&error) })?;
    match written.and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::Output { name: "standard output".into(), reason: reason(&error) })
        }
        _ if interrupt.raised() => Ok(Status::Interrupted),
        _ if failures > 0 => Ok(Status::SomeFailed),
        _ => Ok(Status::Success),
    }
}

/// Works on one picture; beside the output what is to be said about it. Whatever happens in it, the others go on: an error in
/// the program becomes a complaint about the picture.
fn guarded(
    input: &Input,
    work: impl Fn(&Input) -> Result<Output, String>,
    failed: impl Fn(&Input, &str) -> Vec<u8>,
) -> (Output, Option<String>) {
    let result = catch_unwind(AssertUnwindSafe(|| work(input))).unwrap_or_else(|_| {
        let what = PANIC.lock().unwrap_or_else(PoisonError::into_inner);
        Err(format!("an error in the program stopped the work on it, please report it ({what})"))
    });
    let remark = |clause: &str| format!("{}: {clause}", shown(&input.path));
    match result {
        Ok(output) => {
            let note = output.note.map(remark);
            (output, note)
        }
        Err(clause) => {
            let output = Output { lines: failed(input, &clause), failed: true, ..Output::default() };
            (output, Some(remark(&clause)))
        }
    }
}

/// The last panic of a thread that works on pictures: message and place, on one line.
static PANIC: Mutex<String> = Mutex::new(String::new());

/// Keeps panics of the threads that work on pictures for [`guarded`]; those of the main thread are shown as usual.
fn keep_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().name() == Some("main") {
            usual(info);
        } else {
            *PANIC.lock().unwrap_or_else(PoisonError::into_inner) = info.to_string().replace('\n', " ");
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_in_the_program_is_a_complaint_about_the_picture() {
        let input = Input::file("a.png".into());
        let (output, complaint) = guarded(&input, |_| panic!("too bad"), |_, clause| clause.into());
        let complaint = complaint.unwrap();
        assert!(complaint.starts_with("a.png: an error in the program stopped the work on it"), "{complaint}");
        assert_eq!(format!("a.png: {}", String::from_utf8(output.lines).unwrap()), complaint);
    }
}

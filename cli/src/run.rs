//! Processes many images: output in input order, errors, progress, a summary, and the exit status.

use std::any::Any;
use std::cell::RefCell;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::PoisonError;
use std::time::Instant;

use lineament::raw::files::reason;

use crate::chip_list::ChipList;
use crate::error::{Error, Status, shown};
use crate::inputs::Input;
use crate::interrupt::Interrupt;
use crate::ordered;
use crate::plan::{Images, Plan};
use crate::progress::Progress;
use crate::results::Results;
use crate::totals::{Totals, count};

/// The work of a subcommand on each image.
pub trait Job: Send + Sync + 'static {
    /// Processes an image; the error is a clause that follows the file's name.
    fn work(&self, input: &Input) -> Result<Output, String>;

    /// Lines of results about an image that failed. Stderr has the error in any case.
    fn failed(&self, _input: &Input, _clause: &str) -> Vec<u8> {
        Vec::new()
    }

    /// Text of results before the first image.
    fn header(&self) -> Vec<u8> {
        Vec::new()
    }

    /// Text of results after the last image.
    fn footer(&self, totals: &Totals) -> String {
        totals.summary()
    }
}

/// The output for one image.
#[derive(Debug, Default)]
pub struct Output {
    /// Lines of results.
    pub lines: Vec<u8>,
    /// The chips, and their lines for the list.
    pub chips: Vec<(PathBuf, Vec<u8>)>,
    /// Number of faces found.
    pub faces: usize,
    /// A note for the user: a clause that follows the image's name on stderr.
    pub note: Option<String>,
    /// Whether part of what was asked for was left out, as the note says.
    pub incomplete: bool,
}

/// Where the output of a run goes, besides the files of each image.
#[derive(Debug)]
pub struct Sinks {
    /// The lines.
    pub results: Results,
    /// The list of chips.
    pub chips: Option<ChipList>,
}

impl Sinks {
    fn take(&mut self, output: &Output, progress: &Progress) -> Result<(), Error> {
        self.results.write(&output.lines, progress)?;
        let Some(chips) = &mut self.chips else { return Ok(()) };
        output.chips.iter().try_for_each(|(chip, line)| chips.add(chip, line))
    }
}

/// Runs the job on every image of the plan.
///
/// # Errors
/// If the results cannot be written, or no thread can be started.
pub fn run(plan: &Plan, images: Images, job: impl Job, mut sinks: Sinks) -> Result<Status, Error> {
    let start = Instant::now();
    let (total, passed_over) = (images.inputs.total(), images.inputs.passed_over());
    let threads = plan.threads;
    let workers = total.and_then(NonZeroUsize::new).map_or(threads, |total| total.min(threads));
    let threads_each = NonZeroUsize::new(threads.get() / workers).unwrap_or(NonZeroUsize::MIN);
    let (interrupt, progress) = (Interrupt::listen(), Progress::new(total));
    let mut written = sinks.results.write(&job.header(), &progress);
    let (mut totals, mut complete) = (Totals::default(), true);
    keep_panics();
    let job = std::sync::Arc::new(job);
    let worker = job.clone();
    let work = move |input: Input| guarded(&input, &*worker);
    let started = ordered::run(images, workers, threads_each, &interrupt, work, |Done { output, failed, remark }| {
        totals.images += 1;
        totals.faces += output.faces;
        totals.failures += usize::from(failed);
        complete &= !output.incomplete;
        if let Some(remark) = &remark {
            progress.aside(|| eprintln!("lineament: {remark}"));
        }
        if written.is_ok() {
            written = sinks.take(&output, &progress);
        }
        progress.step();
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    started.map_err(|error| Error::Usage(format!("no thread can be started: {}", reason(&error))))?;
    if let Some(boxes) = plan.finder.boxes.as_ref().filter(|_| !interrupt.raised()) {
        complete &= boxes.report_rest(&progress);
    }
    totals.seconds = start.elapsed().as_secs_f64();
    let footer = job.footer(&totals);
    written = written.and_then(|()| sinks.results.write(footer.as_bytes(), &progress));
    drop(progress);
    // Keep what was done before an error or an interrupt, too.
    let ended = [sinks.chips.map_or(Ok(()), ChipList::finish), sinks.results.finish()];
    if let Some(summary) = passed_over.lock().unwrap_or_else(PoisonError::into_inner).summary() {
        eprintln!("lineament: not searched: {summary}");
    }
    if interrupt.raised() {
        let images = match total {
            Some(total) => format!("{} of {}", totals.images, count(total, "image")),
            None => count(totals.images, "image"),
        };
        eprintln!("lineament: interrupted after {images}");
    }
    ended.into_iter().fold(written, Result::and)?;
    Ok(match totals.failures {
        _ if interrupt.raised() => Status::Interrupted,
        0 if complete => Status::Success,
        _ => Status::SomeFailed,
    })
}

/// What came of one image.
#[derive(Debug)]
struct Done {
    output: Output,
    failed: bool,
    /// A line for stderr.
    remark: Option<String>,
}

/// Processes one image. A panic becomes an error of this image, so that the others are still processed.
fn guarded(input: &Input, job: &impl Job) -> Done {
    let result = catch_unwind(AssertUnwindSafe(|| job.work(input))).unwrap_or_else(|payload| {
        Err(format!("an error in the program stopped the work on it, please report it ({})", panic_message(&*payload)))
    });
    let remark = |clause: &str| format!("{}: {clause}", shown(&input.path));
    match result {
        Ok(output) => Done { remark: output.note.as_deref().map(remark), failed: false, output },
        Err(clause) => {
            let output = Output { lines: job.failed(input, &clause), ..Output::default() };
            Done { output, failed: true, remark: Some(remark(&clause)) }
        }
    }
}

thread_local! {
    /// Message and place of this thread's last panic, on one line.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps the messages of panics in worker threads for [`guarded`]; those of the main thread are printed as usual.
fn keep_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().name() == Some("main") {
            usual(info);
        } else {
            PANIC.set(Some(info.to_string().replace('\n', " ")));
        }
    }));
}

/// The message of a panic that was caught on this thread. If it came from another thread, by way of a parallel loop, the
/// place in the code is unknown.
fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = || payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let message = PANIC.take().or_else(text).or_else(|| payload.downcast_ref::<String>().cloned());
    message.unwrap_or_else(|| "no message".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Panics with the image's name.
    struct Panics;

    impl Job for Panics {
        fn work(&self, input: &Input) -> Result<Output, String> {
            panic!("too bad, {}", input.path.display())
        }

        fn failed(&self, _: &Input, clause: &str) -> Vec<u8> {
            clause.into()
        }
    }

    #[test]
    fn a_panic_is_an_error_of_its_image() {
        let done = guarded(&Input::file("a.png".into()), &Panics);
        let remark = done.remark.unwrap();
        assert!(remark.starts_with("a.png: an error in the program stopped the work on it"), "{remark}");
        assert!(done.failed && remark.contains("too bad, a.png"), "{remark}");
        assert_eq!(format!("a.png: {}", String::from_utf8(done.output.lines).unwrap()), remark);
    }

    #[test]
    fn panics_at_the_same_time_keep_their_messages() {
        keep_panics();
        let panics = |thread: usize| {
            for i in 0..200 {
                let name = format!("{thread}-{i}.png");
                let remark = guarded(&Input::file(name.clone().into()), &Panics).remark.unwrap();
                assert!(remark.contains(&format!("too bad, {name}")) && remark.contains("run.rs"), "{remark}");
            }
        };
        std::thread::scope(|scope| (0..4).for_each(|thread| _ = scope.spawn(move || panics(thread))));
    }
}

//! Processes many items at once; results come in the items' order, and memory is bounded.
//!
//! ```text
//!   items ──► worker ─┐
//!         ──► worker ─┼─► waiting room ──► emit, in order
//!         ──► worker ─┘   (window)
//! ```
//!
//! Each worker takes the next item when it is free, so that reading, computing and writing of different items overlap. A
//! worker that is a window's length ahead of the slowest item waits: at most that many results are kept.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::interrupt::Interrupt;

/// Results per worker that may wait for their turn.
const WINDOW_PER_WORKER: usize = 8;

/// Interval at which an idle emitter checks for an interrupt.
const PATIENCE: Duration = Duration::from_millis(100);

struct Shared<I> {
    items: Mutex<I>,
    taken: AtomicUsize,
    emitted: Mutex<usize>,
    room: Condvar,
    stop: AtomicBool,
}

/// Applies `work` to every item on `workers` threads of `threads_each` threads, and `emit` to the results in the items'
/// order on the calling thread. Ends early if `emit` breaks or the user interrupts; after an interrupt, items in progress
/// are still finished and emitted.
///
/// # Errors
/// If no thread can be started. With fewer than `workers`, the work goes on.
pub fn run<T, R>(
    items: impl Iterator<Item = T> + Send + 'static,
    workers: NonZeroUsize,
    threads_each: NonZeroUsize,
    interrupt: &Interrupt,
    work: impl Fn(T) -> R + Send + Sync + 'static,
    mut emit: impl FnMut(R) -> ControlFlow<()>,
) -> io::Result<()>
where
    T: 'static,
    R: Send + 'static,
{
    let shared = Arc::new(Shared {
        items: Mutex::new(items),
        taken: AtomicUsize::new(0),
        emitted: Mutex::new(0),
        room: Condvar::new(),
        stop: AtomicBool::new(false),
    });
    let work = Arc::new(work);
    let window = WINDOW_PER_WORKER * workers.get();
    let (sender, results) = mpsc::channel();
    // The threads are not joined: one may be blocked in a read of stdin that no interrupt ends.
    for number in 0..workers.get() {
        let (shared, work, interrupt, sender) = (shared.clone(), work.clone(), interrupt.clone(), sender.clone());
        let started = std::thread::Builder::new().spawn(move || {
            // Parallel loops inside `work` stay on this worker's own threads, or on this one if there are no more.
            let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).use_current_thread().build();
            let _pool = pool(threads_each.get()).or_else(|_| pool(1));
            while let Some((index, item)) = next(&shared, window, &interrupt) {
                if sender.send((index, work(item))).is_err() {
                    break;
                }
            }
        });
        match started {
            Err(error) if number == 0 => return Err(error),
            Err(_) => break,
            Ok(_) => {}
        }
    }
    drop(sender);
    let (mut waiting, mut turn) = (BTreeMap::new(), 0);
    loop {
        match results.recv_timeout(PATIENCE) {
            Ok((index, result)) => {
                waiting.insert(index, result);
            }
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        while let Some(result) = waiting.remove(&turn) {
            turn += 1;
            *lock(&shared.emitted) = turn;
            shared.room.notify_all();
            if emit(result).is_break() {
                shared.stop.store(true, Ordering::SeqCst);
                return Ok(());
            }
        }
        if interrupt.raised() && turn == shared.taken.load(Ordering::SeqCst) {
            return Ok(());
        }
    }
}

/// Waits until there is room for a result, and returns the next item with its place in the order.
fn next<T>(shared: &Shared<impl Iterator<Item = T>>, window: usize, interrupt: &Interrupt) -> Option<(usize, T)> {
    let stopped = || interrupt.raised() || shared.stop.load(Ordering::SeqCst);
    let (index, item) = {
        let mut items = lock(&shared.items);
        let item = if stopped() { None } else { items.next() }?;
        if stopped() {
            return None;
        }
        (shared.taken.fetch_add(1, Ordering::SeqCst), item)
    };
    let mut emitted = lock(&shared.emitted);
    while index >= *emitted + window {
        if shared.stop.load(Ordering::SeqCst) {
            return None;
        }
        emitted = shared.room.wait_timeout(emitted, PATIENCE).unwrap_or_else(PoisonError::into_inner).0;
    }
    Some((index, item))
}

/// A worker's panic leaves the data behind these locks consistent.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(n: usize) -> NonZeroUsize {
        NonZeroUsize::new(n).unwrap()
    }

    #[test]
    fn results_come_in_order_and_few_wait() {
        let started = Arc::new(AtomicUsize::new(0));
        let (counter, mut seen, mut ahead) = (started.clone(), Vec::new(), 0);
        let work = move |n: usize| {
            counter.fetch_add(1, Ordering::SeqCst);
            // The first is the slowest.
            std::thread::sleep(Duration::from_millis(if n == 0 { 100 } else { 0 }));
            n
        };
        run(0..1000, number(4), number(1), &Interrupt::default(), work, |n| {
            ahead = ahead.max(started.load(Ordering::SeqCst) - n);
            seen.push(n);
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(seen, (0..1000).collect::<Vec<_>>());
        assert!(ahead <= 4 * WINDOW_PER_WORKER + 4, "{ahead} results ahead");
    }

    #[test]
    fn a_break_ends_an_endless_batch() {
        let mut seen = 0;
        run(
            0..,
            number(2),
            number(1),
            &Interrupt::default(),
            |n: usize| n,
            |n| {
                seen = n;
                if n == 50 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        )
        .unwrap();
        assert_eq!(seen, 50);
    }
}

//! The memory that all images of a run share.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use lineament::raw::decode::ReadError;

/// An amount of memory, of which each image takes what it needs, and waits until it is there.
///
/// An image asks twice: for the file, before its header is known, and then for the rest. Images that ask for the second time
/// go first, and one of them always gets what it needs. So no two images wait for each other forever.
#[derive(Debug)]
pub struct Budget {
    most: u64,
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Bytes that images have.
    held: u64,
    /// Images that have something.
    holders: usize,
    /// Those of them that have all that they need.
    settled: usize,
    /// Those of them that wait for the rest.
    waiting: usize,
}

impl Budget {
    /// So many bytes.
    pub fn new(most: u64) -> Self {
        Self { most, state: Mutex::default(), returned: Condvar::new() }
    }

    /// Waits until an image may be read for which this is a guess.
    pub fn begin(&self, guess: u64) -> Permit<'_> {
        let held = guess.min(self.most);
        let mut state = self.wait_until(|state| {
            state.holders == 0 || state.waiting == 0 && state.held.saturating_add(held) <= self.most
        });
        state.held += held;
        state.holders += 1;
        Permit { budget: self, held, is_settled: false }
    }

    fn wait_until(&self, is_ready: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        let state = self.lock();
        self.returned.wait_while(state, |state| !is_ready(state)).unwrap_or_else(PoisonError::into_inner)
    }

    /// A panic elsewhere leaves the numbers consistent.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The share of an image, which is returned when this is dropped.
#[derive(Debug)]
pub struct Permit<'a> {
    budget: &'a Budget,
    held: u64,
    is_settled: bool,
}

impl Permit<'_> {
    /// Waits until there is all that the image needs.
    ///
    /// # Errors
    /// If that is more than all images may have together.
    pub fn settle(&mut self, needed: u64) -> Result<(), ReadError> {
        let Budget { most, .. } = *self.budget;
        if needed > most {
            return Err(ReadError::NoMemory { needed });
        }
        let (held, was_settled) = (self.held, std::mem::replace(&mut self.is_settled, true));
        self.budget.lock().waiting += 1;
        let mut state = self
            .budget
            .wait_until(|state| state.settled == usize::from(was_settled) || state.held - held <= most - needed);
        state.waiting -= 1;
        state.settled += usize::from(!was_settled);
        state.held = state.held - held + needed;
        self.held = needed;
        drop(state);
        // It may have asked for more than it needs.
        self.budget.returned.notify_all();
        Ok(())
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut state = self.budget.lock();
        state.held -= self.held;
        state.holders -= 1;
        state.settled -= usize::from(self.is_settled);
        drop(state);
        self.budget.returned.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn images_wait_for_each_other_and_all_end() {
        let budget = Budget::new(100);
        let (now, most, done) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
        let image = |needed: u64| {
            let mut permit = budget.begin(10);
            permit.settle(needed).unwrap();
            most.fetch_max(now.fetch_add(needed, Ordering::SeqCst) + needed, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(1));
            now.fetch_sub(needed, Ordering::SeqCst);
            done.fetch_add(1, Ordering::SeqCst);
        };
        std::thread::scope(|scope| {
            for thread in 0..8 {
                scope.spawn(move || (0..50).for_each(|i| image([5, 20, 60, 100][(thread + i) % 4])));
            }
        });
        assert_eq!(done.into_inner(), 8 * 50);
        assert!(most.into_inner() <= 100);
        let state = budget.lock();
        assert_eq!((state.held, state.holders, state.settled, state.waiting), (0, 0, 0, 0));
    }

    #[test]
    fn an_image_that_needs_more_than_there_is_is_refused() {
        let budget = Budget::new(100 << 20);
        let error = budget.begin(u64::MAX).settle(101 << 20).unwrap_err();
        assert_eq!(error.to_string(), "the image needs about 101 MB of memory, more than is available");
        budget.begin(0).settle(100 << 20).unwrap();
    }
}

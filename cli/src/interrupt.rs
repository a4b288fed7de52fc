//! The user's interrupt (Ctrl-C, SIGINT): the first requests a clean stop, the second stops immediately.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag that the first interrupt sets.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Starts to listen. If the system does not allow that, the flag is never set and an interrupt ends the program.
    pub fn listen() -> Self {
        let interrupt = Self::default();
        let flag = interrupt.0.clone();
        let _ = ctrlc::set_handler(move || {
            if flag.swap(true, Ordering::SeqCst) {
                std::process::exit(130);
            }
        });
        interrupt
    }

    /// Whether the user has asked to stop.
    pub fn raised(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

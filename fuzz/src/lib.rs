//! The functions that are fuzzed: those of the test `training/tests/hostile`.

#[path = "../../training/tests/hostile/targets.rs"]
pub mod targets;
#[cfg(feature = "training")]
#[path = "../../training/tests/hostile/trainer_targets.rs"]
pub mod trainer_targets;

/// Runs a target as the program runs its work on a picture: with parallel loops on this thread.
pub fn run(target: targets::Target, bytes: &[u8]) {
    thread_local! {
        static POOL: Option<rayon::ThreadPool> =
            rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build().ok();
    }
    POOL.with(|_| target(bytes));
}

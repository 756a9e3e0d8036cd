//! Sees by the clocks that the computer slept, whoever did not tell.
//!
//! It must never tell a sleep that logind told already: a person may have unlocked the vault again
//! in the seconds until the next look.

use std::{
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant, SystemTime},
};

use super::{Away, On};

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(5);
/// Clocks that are set by the network jump less.
const JUMP: Duration = Duration::from_secs(30);

/// What the clocks showed at the last look.
pub(super) struct Clocks(Mutex<Look>);

impl Clocks {
    pub(super) fn read() -> Self {
        Self(Mutex::new(Look::now()))
    }

    /// What happened until now does not count.
    pub(super) fn start_over(&self) {
        self.look();
    }

    pub(super) fn watch(&self, on: &On) {
        loop {
            thread::sleep(PAUSE);
            if self.look() {
                on(Away::Sleep);
            }
        }
    }

    /// Whether the computer slept since the last look.
    fn look(&self) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *last, Look::now());
        before.slept_until(*last)
    }
}

#[derive(Clone, Copy)]
struct Look {
    wall: SystemTime,
    steady: Instant,
}

impl Look {
    #[allow(clippy::disallowed_methods, reason = "both clocks are what is watched here")]
    fn now() -> Self {
        Self { wall: SystemTime::now(), steady: Instant::now() }
    }

    /// On Linux and macOS the steady clock stands still in sleep; on Windows, and when a whole
    /// virtual machine is paused, it may run on, and then the look comes late.
    fn slept_until(self, later: Self) -> bool {
        let wall = later.wall.duration_since(self.wall).unwrap_or_default();
        let steady = later.steady.saturating_duration_since(self.steady);
        wall.saturating_sub(steady) > JUMP || steady.saturating_sub(PAUSE) > JUMP
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slept(wall: u64, steady: u64) -> bool {
        let before = Look::now();
        let seconds = Duration::from_secs;
        before.slept_until(Look {
            wall: before.wall + seconds(wall),
            steady: before.steady + seconds(steady),
        })
    }

    #[test]
    fn a_wall_clock_that_ran_ahead_means_sleep() {
        assert!(slept(36, 5));
        assert!(slept(8 * 3600, 5));
    }

    #[test]
    fn a_look_that_comes_far_too_late_means_sleep() {
        assert!(slept(8 * 3600, 8 * 3600));
        assert!(slept(36, 36));
    }

    #[test]
    fn small_corrections_and_a_busy_computer_are_no_sleep() {
        assert!(!slept(5, 5));
        assert!(!slept(35, 5));
        assert!(!slept(20, 20));
    }

    #[test]
    fn a_wall_clock_that_is_set_back_is_no_sleep() {
        let before = Look::now();
        let later = Look {
            wall: before.wall - Duration::from_secs(3600),
            steady: before.steady + Duration::from_secs(5),
        };
        assert!(!before.slept_until(later));
    }

    #[test]
    fn what_was_told_already_does_not_count() {
        let clocks = Clocks::read();
        clocks.0.lock().expect("unshared").wall -= Duration::from_secs(3600);
        clocks.start_over();
        assert!(!clocks.look());
        clocks.0.lock().expect("unshared").wall -= Duration::from_secs(3600);
        assert!(clocks.look());
    }
}

//! Notices that the person goes away: the computer goes to sleep, or its screen is locked.
//!
//! On Linux logind and the screen savers tell it. On every system a look at the clocks shows
//! afterwards that the computer slept; macOS and Windows have only that so far. It is told and
//! nothing else: what to do about it is not decided here, and whatever cannot be watched is logged
//! and does no harm. The same absence may be told more than once.

mod clock;
#[cfg(target_os = "linux")]
mod logind;
#[cfg(target_os = "linux")]
mod screen_saver;

use std::{sync::Arc, thread};

use clock::Clocks;

/// How a person goes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Away {
    /// The computer goes to sleep, or has just slept.
    Sleep,
    /// The screen is locked or blanked.
    ScreenLocked,
}

type On = Arc<dyn Fn(Away) + Send + Sync>;

/// Calls `on` for each absence, from threads of its own, until the program ends. Where logind can
/// be asked, the computer goes to sleep only after `on` returned, or after the few seconds that
/// logind waits.
pub(crate) fn watch(on: impl Fn(Away) + Send + Sync + 'static) {
    let on: On = Arc::new(on);
    let clocks = Arc::new(Clocks::read());
    #[cfg(target_os = "linux")]
    {
        logind::watch(&on, &clocks);
        screen_saver::watch(&on);
    }
    start("clocks", move || clocks.watch(&on));
}

/// Starts a thread that does one thing until the program ends.
fn start(name: &str, work: impl FnOnce() + Send + 'static) {
    if thread::Builder::new().name(name.into()).spawn(work).is_err() {
        tracing::warn!("a thread that watches for absence could not start");
    }
}

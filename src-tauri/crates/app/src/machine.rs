//! The one place where time, randomness and facts of this computer are taken from the system.

use std::{sync::Arc, time::Instant};

use keyturn_model::{Clock, Entropy, Timestamp};
use keyturn_vault::Surroundings;

/// The system's clock.
struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the system's clock")]
    fn now(&self) -> Timestamp {
        Timestamp(chrono::Utc::now().timestamp_millis())
    }
}

/// The operating system's generator.
struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[allow(clippy::disallowed_methods, reason = "this is the system's generator")]
    fn fill(&self, bytes: &mut [u8]) {
        if getrandom::fill(bytes).is_err() {
            // Keys that are not random are worse than no program.
            tracing::error!("the system gives no randomness");
            std::process::abort();
        }
    }
}

/// What the vault needs of this computer.
#[must_use]
pub fn surroundings() -> Surroundings {
    Surroundings {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        process: std::process::id(),
        computer: gethostname::gethostname().to_string_lossy().into_owned(),
    }
}

/// How many milliseconds `work` takes.
#[allow(clippy::disallowed_methods, reason = "a duration is measured, no moment is kept")]
pub(crate) fn milliseconds(work: impl FnOnce()) -> u64 {
    let start = Instant::now();
    work();
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// The memory that can be had without taking it from others, in KiB; a modest guess where the
/// system does not tell.
pub(crate) fn free_memory_kib() -> u64 {
    const MODEST: u64 = 2 * 1024 * 1024;
    let told = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
        line.trim().strip_suffix("kB")?.trim().parse().ok()
    });
    told.unwrap_or(MODEST)
}

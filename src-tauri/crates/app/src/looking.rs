//! When to look at something anew: at a moment, when something changed, or when the clock was turned back.

use std::sync::atomic::{AtomicI64, Ordering};

use keyturn_model::Timestamp;

pub(crate) struct Looking {
    /// When to look again.
    next: AtomicI64,
    /// When it was looked last; a clock that is behind it was turned back.
    looked: AtomicI64,
}

impl Default for Looking {
    fn default() -> Self {
        Self { next: AtomicI64::new(i64::MIN), looked: AtomicI64::new(i64::MIN) }
    }
}

impl Looking {
    /// Something changed: it is looked at the next moment.
    pub(crate) fn again(&self) {
        self.next.store(i64::MIN, Ordering::SeqCst);
    }

    /// Whether to look now; then it counts as looked.
    pub(crate) fn begin(&self, now: Timestamp) -> bool {
        let back = now.0 < self.looked.swap(now.0, Ordering::SeqCst);
        let due = self.next.load(Ordering::SeqCst) <= now.0;
        if back || due {
            self.next.store(i64::MAX, Ordering::SeqCst);
        }
        back || due
    }

    pub(crate) fn end(&self, next: Option<Timestamp>) {
        self.next.fetch_min(next.map_or(i64::MAX, |next| next.0), Ordering::SeqCst);
    }
}

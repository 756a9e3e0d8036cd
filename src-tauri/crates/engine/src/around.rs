//! What the engine is given of the world.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use keyturn_model::{
    Clock, Entropy, RunId,
    rotation::{Journal, Outside},
};

use crate::accounts::Accounts;

/// What the engine is given of the world, and what it remembers while the process lives. Nothing that a
/// run needs after a restart is here.
pub struct Around {
    /// The durable store.
    pub journal: Arc<dyn Journal>,
    /// Issuers, consumers and waiting.
    pub outside: Arc<dyn Outside>,
    /// Where moments come from.
    pub clock: Arc<dyn Clock>,
    /// Where randomness comes from.
    pub entropy: Arc<dyn Entropy>,
    pub(crate) accounts: Accounts,
    driven: Driven,
}

/// Which runs are driven now. One for all that drive in a process: a call of a vault that was locked goes on
/// for a while, and its run must not be driven by another meanwhile.
#[derive(Debug, Clone, Default)]
pub struct Driven(Arc<Mutex<BTreeSet<RunId>>>);

impl Around {
    /// With nothing remembered.
    #[must_use]
    pub fn new(
        journal: Arc<dyn Journal>,
        outside: Arc<dyn Outside>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        driven: Driven,
    ) -> Self {
        Self { journal, outside, clock, entropy, accounts: Accounts::default(), driven }
    }

    /// The right to drive a run, until it is dropped; nothing while somebody else has it.
    pub(crate) fn alone(&self, run: RunId) -> Option<Alone<'_>> {
        let mut driven = self.driven.0.lock().unwrap_or_else(PoisonError::into_inner);
        driven.insert(run).then(|| Alone { around: self, run })
    }
}

pub(crate) struct Alone<'a> {
    around: &'a Around,
    run: RunId,
}

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        let mut driven = self.around.driven.0.lock().unwrap_or_else(PoisonError::into_inner);
        driven.remove(&self.run);
    }
}

//! What a state is given to decide what comes next, and the transitions that it can answer with.

use keyturn_model::{
    Timestamp,
    rotation::{
        Change, Entry, Fault, Held, Issuer, JournalFault, Orphan, Run, Side, State, Trouble, Value,
    },
};
use std::sync::Arc;

use crate::{
    around::Around,
    pauses::{RETRIES, pause},
};

/// What comes next: kept as one transaction, before anything else is done.
#[derive(Debug)]
pub(crate) struct Transition {
    pub(crate) run: Run,
    pub(crate) changes: Vec<Change>,
    pub(crate) entry: Entry,
}

impl Transition {
    pub(crate) fn with(mut self, change: Change) -> Self {
        self.changes.push(change);
        self
    }

    pub(crate) fn and(mut self, alter: impl FnOnce(&mut Run)) -> Self {
        alter(&mut self.run);
        self
    }
}

/// Whether a value is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Live {
    Yes,
    No,
    CannotTell,
}

/// A run at one of its states.
pub(crate) struct Here<'a> {
    pub(crate) around: &'a Around,
    pub(crate) run: &'a Run,
    pub(crate) issuer: Arc<dyn Issuer>,
    pub(crate) now: Timestamp,
}

impl Here<'_> {
    /// To another state.
    pub(crate) fn go(&self, state: State, action: &'static str) -> Transition {
        let mut run = self.run.clone();
        run.state = state;
        run.attempt = 0;
        run.not_before = self.now;
        run.doubt = None;
        run.repeats = false;
        run.moved = self.now;
        Transition { run, changes: Vec::new(), entry: entry(action, "") }
    }

    /// The same again later, without counting it as a failure.
    pub(crate) fn wait_until(&self, moment: Timestamp, why: &'static str) -> Transition {
        let mut run = self.run.clone();
        run.repeats = false;
        run.not_before = moment.max(self.now.plus_seconds(1));
        Transition { run, changes: Vec::new(), entry: entry("rotation.waiting", why) }
    }

    /// The same once more although it is in doubt, as twice does no harm. That is kept first.
    pub(crate) fn repeat(&self) -> Transition {
        let mut run = self.run.clone();
        run.doubt = Some(self.now);
        run.repeats = true;
        Transition { run, changes: Vec::new(), entry: entry("rotation.repeating", "") }
    }

    /// The same again after a pause, unless it was tried often enough or cannot help.
    pub(crate) fn again(&self, fault: &Fault) -> Option<Transition> {
        if !fault.may_pass() || self.run.attempt >= RETRIES {
            return None;
        }
        let seconds = pause(self.run.attempt, Some(fault), &*self.around.entropy);
        let mut run = self.run.clone();
        run.attempt = run.attempt.saturating_add(1);
        run.repeats = false;
        run.not_before = self.now.plus_seconds(seconds);
        if run.state.acts() && fault.may_be_done() {
            run.doubt = Some(self.now);
        }
        run.trouble = Some(Trouble::Issuer { why: fault.why() });
        Some(Transition {
            run,
            changes: Vec::new(),
            entry: entry("rotation.retried", &said(fault)),
        })
    }

    /// The same again after a pause, or a person has to look.
    pub(crate) fn again_or_ask(&self, fault: &Fault) -> Transition {
        self.again(fault).unwrap_or_else(|| {
            let doubt = self.run.state.acts() && fault.may_be_done();
            self.ask(Trouble::Issuer { why: fault.why() }).and(|run| {
                run.doubt = if doubt { Some(self.now) } else { run.doubt };
            })
        })
    }

    /// A person has to look. A key that may have been made is entered as an orphan with it.
    pub(crate) fn ask(&self, trouble: Trouble) -> Transition {
        let mut run = self.run.clone();
        run.repeats = false;
        let at = Box::new(run.state.clone());
        run.state = State::NeedsAttention { at };
        run.trouble = Some(trouble);
        let mut asking =
            Transition { run, changes: Vec::new(), entry: entry("rotation.needs_attention", "") };
        if self.run.strays {
            asking.changes.extend(self.suspects());
        }
        asking
    }

    /// The marks of this run whose keys may live without being of use.
    pub(crate) fn suspects(&self) -> Vec<Change> {
        let orphan = |mark: &str| Orphan {
            account: self.run.account,
            mark: mark.to_owned(),
            key: None,
            run: self.run.id,
            since: self.now,
        };
        self.run.marks.iter().map(|mark| Change::Orphan(orphan(&mark.text))).collect()
    }

    /// A value of the run, with its name at the issuer.
    pub(crate) async fn held(&self, side: Side) -> Result<Held, JournalFault> {
        Ok(Held::of(self.run, side, self.value(side).await?))
    }

    pub(crate) async fn value(&self, side: Side) -> Result<Value, JournalFault> {
        self.around.journal.value(self.run.id, side).await
    }

    /// Remembers how the account answered.
    pub(crate) fn heard<T>(&self, answer: Result<T, Fault>) -> Result<T, Fault> {
        let now = self.around.clock.now();
        self.around.accounts.heard(self.run.account, answer.as_ref().err(), now);
        answer
    }

    /// Whether a value is accepted: by trying it, or else by the list.
    pub(crate) async fn probe(&self, held: &Held) -> Result<Live, Fault> {
        if self.run.abilities.verify {
            let accepted = self.heard(self.issuer.accepts(held).await)?;
            return Ok(if accepted { Live::Yes } else { Live::No });
        }
        if self.can_tell(&held.key) {
            let keys = self.heard(self.issuer.list().await)?;
            let found = keys.iter().any(|listed| listed.key == held.key && listed.active);
            return Ok(if found { Live::Yes } else { Live::No });
        }
        Ok(Live::CannotTell)
    }

    /// Whether anything can tell if the value of a key is accepted.
    pub(crate) fn can_tell(&self, key: &str) -> bool {
        let able = self.run.abilities;
        // Where one takes the place of the other, both may go by the same name.
        let told_apart = able.making.overlaps() && !key.is_empty();
        able.verify || (able.list && told_apart)
    }

    /// When whatever happened up to `since` is in force and in lists everywhere.
    pub(crate) fn spread(&self, since: Timestamp) -> Timestamp {
        since.plus_seconds(i64::from(self.run.abilities.propagation_s))
    }

    /// Whether there is still time for something to spread.
    pub(crate) fn is_spreading(&self) -> bool {
        self.now < self.spread(self.run.moved)
    }
}

pub(crate) fn entry(action: &'static str, note: &str) -> Entry {
    Entry { action, note: note.to_owned() }
}

fn said(fault: &Fault) -> String {
    fault.to_string()
}

//! The journal of the world: transactions that are killed, refused, or durable without anybody hearing of it.

use keyturn_model::{
    AccountId, RunId,
    rotation::{
        Answer, Asked, Change, Entry, InInbox, Journal, JournalFault, Minted, Orphan, Run, Side,
        State, Stored, Value,
    },
};
use secrecy::SecretSlice;

use crate::{
    store::{Item, Staged, Version, text, value},
    world::{Gate, Inner, World},
};

/// Which of the states it is.
fn place_of(state: &State) -> u32 {
    match state {
        State::Preflight => 0,
        State::Create => 1,
        State::Discard { deleted: false, .. } => 2,
        State::Discard { deleted: true, .. } => 3,
        State::Verify => 4,
        State::Deliver => 5,
        State::Cutover => 6,
        State::Grace { .. } => 7,
        State::Deactivate => 8,
        State::Revoke => 9,
        State::Confirm => 10,
        State::Sweep => 11,
        State::Done => 12,
        State::Reinstate => 13,
        State::ProveOld => 14,
        State::Restore => 15,
        State::StepBack => 16,
        State::Remove => 17,
        State::ConfirmRemoved => 18,
        State::Aborted => 19,
        State::NeedsAttention { .. } => 20,
        State::Revoked => 21,
    }
}

/// How many states there are.
pub(crate) const STATES: u32 = 22;

/// How a transaction goes wrong.
enum Wrong {
    Not(JournalFault),
    /// It is durable, and that is not heard of.
    Silently,
}

fn wrong(inner: &mut Inner, gate: &Gate) -> Option<Wrong> {
    if !inner.quiet && inner.calls < inner.locked_until_call {
        return Some(Wrong::Not(JournalFault::Locked));
    }
    if !gate.fault {
        return None;
    }
    Some(match inner.dice.below(4) {
        0 => {
            inner.locked_until_call = inner.calls + inner.dice.below(8);
            Wrong::Not(JournalFault::Locked)
        }
        1 => Wrong::Silently,
        _ => Wrong::Not(JournalFault::Storage),
    })
}

impl World {
    /// One transaction: killed, refused or durable as a whole.
    async fn transaction<T>(
        &self,
        what: &str,
        faults: u64,
        work: impl FnOnce(&mut Inner) -> Result<T, JournalFault> + Send,
    ) -> Result<T, JournalFault> {
        let gate = self.enter(what, faults).await;
        let done = {
            let mut inner = self.inner();
            match wrong(&mut inner, &gate) {
                Some(Wrong::Not(fault)) => Err(fault),
                silently => {
                    let done = work(&mut inner);
                    if silently.is_some() { Err(JournalFault::Storage) } else { done }
                }
            }
        };
        self.leave(&gate).await;
        done
    }

    /// The inbox cannot fail.
    async fn laid_into_inbox(&self, item: Item) -> Result<(), JournalFault> {
        let gate = self.enter("inbox", 0).await;
        {
            let mut inner = self.inner();
            inner.received = inner.received.take().filter(|got| item.value.as_ref() != Some(got));
            inner.store.inbox.push(item);
        }
        self.leave(&gate).await;
        Ok(())
    }
}

const OFTEN: u64 = 25;

impl Journal for World {
    fn begin<'a>(&'a self, run: &'a Run, entry: Entry) -> Answer<'a, Result<(), JournalFault>> {
        Box::pin(self.transaction("begin", OFTEN, move |inner| {
            inner.looked(6);
            if inner.store.open().is_some() {
                return Err(JournalFault::Changed);
            }
            inner.store.log.push(entry.action);
            inner.store.runs.insert(run.id, run.clone());
            Ok(())
        }))
    }

    fn save<'a>(
        &'a self,
        run: &'a Run,
        changes: Vec<Change>,
        entry: Entry,
        heard: bool,
    ) -> Answer<'a, Result<Option<Asked>, JournalFault>> {
        let what = format!("save {:?} {}", run.state, entry.action);
        Box::pin(async move {
            let work = move |inner: &mut Inner| {
                let store = &mut inner.store;
                let kept = store.runs.get(&run.id).ok_or(JournalFault::NoSuchRun)?;
                if kept.revision + 1 != run.revision {
                    return Err(JournalFault::Changed);
                }
                let ended = kept.state.is_end() && !run.state.is_end();
                for change in changes {
                    if matches!(change, Change::Promote) {
                        inner.cutover = Some(inner.now);
                    }
                    store.change(run, change);
                }
                store.runs.insert(run.id, run.clone());
                store.log.push(entry.action);
                inner.counts.reached |= 1 << place_of(&run.state);
                let store = &mut inner.store;
                if heard {
                    store.wish = None;
                }
                let wish = store.wish.clone();
                if ended {
                    inner.violated(8, "a run that had ended goes on");
                }
                Ok(wish)
            };
            self.transaction(&what, OFTEN, work).await
        })
    }

    fn load(&self, run: RunId) -> Answer<'_, Result<Stored, JournalFault>> {
        Box::pin(self.transaction("load", OFTEN, move |inner| {
            let run = inner.store.runs.get(&run).ok_or(JournalFault::NoSuchRun)?.clone();
            Ok(Stored { run, asked: inner.store.wish.clone() })
        }))
    }

    fn open_runs(&self) -> Answer<'_, Result<Vec<RunId>, JournalFault>> {
        Box::pin(self.transaction("open runs", OFTEN, |inner| {
            let open = inner.store.runs.values().filter(|run| !run.state.is_end());
            Ok(open.map(|run| run.id).collect())
        }))
    }

    fn ask(&self, _: RunId, asked: Asked, entry: Entry) -> Answer<'_, Result<(), JournalFault>> {
        Box::pin(self.transaction("ask", OFTEN, move |inner| {
            inner.store.wish = Some(asked);
            inner.store.log.push(entry.action);
            Ok(())
        }))
    }

    fn value(&self, run: RunId, side: Side) -> Answer<'_, Result<Value, JournalFault>> {
        Box::pin(self.transaction("value", 10, move |inner| {
            let store = &inner.store;
            let found = match side {
                Side::New => store.versions.iter().rev().find(|it| it.run == Some(run)),
                Side::Old => store
                    .versions
                    .iter()
                    .rev()
                    .find(|it| it.run != Some(run) && it.stage != Staged::Retired)
                    .or_else(|| store.versions.first()),
            };
            found.map(|it| value(&it.value)).ok_or(JournalFault::Storage)
        }))
    }

    fn put_in_inbox<'a>(
        &'a self,
        run: RunId,
        mark: &'a str,
        minted: &'a Minted,
    ) -> Answer<'a, Result<(), JournalFault>> {
        Box::pin(self.laid_into_inbox(Item {
            run,
            mark: mark.to_owned(),
            key: minted.key.clone(),
            value: Some(text(&minted.value)),
        }))
    }

    fn put_unreadable<'a>(
        &'a self,
        run: RunId,
        mark: &'a str,
        _: &'a SecretSlice<u8>,
    ) -> Answer<'a, Result<(), JournalFault>> {
        let item = Item { run, mark: mark.to_owned(), key: String::new(), value: None };
        Box::pin(self.laid_into_inbox(item))
    }

    fn inbox(&self, run: RunId) -> Answer<'_, Result<Option<InInbox>, JournalFault>> {
        Box::pin(self.transaction("read inbox", 10, move |inner| {
            let mut items: Vec<_> = inner.store.inbox.iter().filter(|it| it.run == run).collect();
            items.sort_by_key(|it| it.value.is_none());
            let last = items.iter().rev().find(|it| it.value.is_none());
            Ok(match items.first() {
                Some(item) if item.value.is_some() => {
                    Some(InInbox::Key { mark: item.mark.clone(), key: item.key.clone() })
                }
                _ => last.map(|item| InInbox::Unreadable { mark: item.mark.clone() }),
            })
        }))
    }

    fn run_of_mark<'a>(&'a self, mark: &'a str) -> Answer<'a, Result<Option<RunId>, JournalFault>> {
        Box::pin(self.transaction("mark", 10, move |inner| {
            let gave = |run: &&Run| run.marks.iter().any(|given| given.text == mark);
            Ok(inner.store.runs.values().find(gave).map(|run| run.id))
        }))
    }

    fn has_key<'a>(&'a self, _: AccountId, key: &'a str) -> Answer<'a, Result<bool, JournalFault>> {
        Box::pin(self.transaction("has key", 10, move |inner| {
            let store = &inner.store;
            let live = |it: &&Version| it.stage != Staged::Retired;
            Ok(store.versions.iter().filter(live).any(|it| it.key == key)
                || store.inbox.iter().any(|it| it.key == key))
        }))
    }

    fn orphans(&self, _: AccountId) -> Answer<'_, Result<Vec<Orphan>, JournalFault>> {
        Box::pin(self.transaction("orphans", 10, |inner| Ok(inner.store.orphans.clone())))
    }

    fn set_orphan<'a>(
        &'a self,
        orphan: &'a Orphan,
        there: bool,
        entry: Entry,
    ) -> Answer<'a, Result<(), JournalFault>> {
        Box::pin(self.transaction("set orphan", 10, move |inner| {
            inner.store.log.push(entry.action);
            inner.store.orphans.retain(|it| it.mark != orphan.mark);
            if there {
                inner.store.orphans.push(orphan.clone());
            }
            Ok(())
        }))
    }
}

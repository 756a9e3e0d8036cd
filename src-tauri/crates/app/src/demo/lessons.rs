//! What there is to try in a demo, and whether it was done: told by what happened, and kept in memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use keyturn_model::{RunId, rotation::State};
use keyturn_vault::{Vault, WhichRuns};

use super::{Demo, Past};
use crate::{
    App, UserError,
    app::Happening,
    session::Open,
    views::{Lesson, LessonView},
};

/// So far back it is looked.
const MOST: u32 = 500;
/// The credential that is rotated without anything in the way.
const EASY: &str = "search-index";
/// The one whose consumers take a value up in several ways.
const HARD: &str = "payment-gateway";

const ALL: [Lesson; 6] = [
    Lesson::Copy,
    Lesson::DryRun,
    Lesson::Rotate,
    Lesson::FailAndUndo,
    Lesson::Mend,
    Lesson::Orphans,
];

/// What was done so far.
#[derive(Default)]
pub(super) struct Lessons {
    done: Mutex<BTreeSet<Lesson>>,
    /// Runs that nobody began: they have ended or stopped before the demo began.
    before: Mutex<BTreeMap<RunId, Past>>,
}

impl Lessons {
    fn done(&self) -> MutexGuard<'_, BTreeSet<Lesson>> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn before(&self) -> MutexGuard<'_, BTreeMap<RunId, Past>> {
        self.before.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn remember(&self, past: Past, run: RunId) {
        self.before().insert(run, past);
    }

    fn stopped(&self) -> Option<RunId> {
        let before = self.before();
        before.iter().find(|(_, past)| **past == Past::Stopped).map(|(run, _)| *run)
    }

    /// What a run teaches, as it is now.
    fn by(&self, run: &keyturn_model::rotation::Run) -> Option<Lesson> {
        match (self.before().get(&run.id), &run.state) {
            (Some(Past::Stopped), state) => state.is_end().then_some(Lesson::Mend),
            (Some(Past::Undone), _) => None,
            (_, State::Done) => Some(Lesson::Rotate),
            (_, State::Aborted) => run.new_key.as_ref().map(|_| Lesson::FailAndUndo),
            _ => None,
        }
    }
}

impl Demo {
    /// What there is to try.
    pub(super) fn lessons(&self, vault: &Vault) -> Result<Vec<LessonView>, UserError> {
        let runs = vault.runs(None, WhichRuns::All, MOST)?;
        let log = vault.log(None, MOST)?;
        let entered = log.iter().filter_map(|entry| match entry.action.as_str() {
            "credential.copied" => Some(Lesson::Copy),
            "orphan.deleted" => Some(Lesson::Orphans),
            _ => None,
        });
        let mut done = self.lessons.done();
        done.extend(runs.iter().filter_map(|kept| self.lessons.by(&kept.run)).chain(entered));
        let view = |lesson: Lesson| LessonView {
            lesson,
            done: done.contains(&lesson),
            credential: match lesson {
                Lesson::Copy | Lesson::DryRun | Lesson::Rotate => self.made.get(EASY).copied(),
                Lesson::FailAndUndo => self.made.get(HARD).copied(),
                Lesson::Mend | Lesson::Orphans => None,
            },
            run: self.lessons.stopped().filter(|_| lesson == Lesson::Mend),
        };
        Ok(ALL.map(view).into())
    }
}

impl App {
    /// Something was done that leaves no other trace; in a demo that is remembered.
    pub(crate) fn learn(&self, open: &Open, lesson: Lesson) {
        let Some(demo) = &open.demo else { return };
        if demo.lessons.done().insert(lesson) {
            self.tell(Happening::Runs);
        }
    }
}

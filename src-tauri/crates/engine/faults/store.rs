//! What is kept: whatever is here outlives a kill.

use std::collections::BTreeMap;

use keyturn_model::{
    RunId,
    rotation::{Asked, Change, Orphan, Run, Side, Value},
};
use secrecy::{ExposeSecret, SecretString};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Staged {
    Pending,
    Current,
    Previous,
    Retired,
}

#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub(crate) value: String,
    pub(crate) key: String,
    pub(crate) stage: Staged,
    pub(crate) run: Option<RunId>,
}

#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) run: RunId,
    pub(crate) mark: String,
    pub(crate) key: String,
    pub(crate) value: Option<String>,
}

#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(crate) runs: BTreeMap<RunId, Run>,
    pub(crate) versions: Vec<Version>,
    pub(crate) inbox: Vec<Item>,
    pub(crate) orphans: Vec<Orphan>,
    pub(crate) wish: Option<Asked>,
    pub(crate) log: Vec<&'static str>,
}

pub(crate) fn value(text: &str) -> Value {
    let secrets = vec![("value".to_owned(), SecretString::from(text))];
    Value { fields: BTreeMap::new(), secrets, expires: None }
}

pub(crate) fn text(value: &Value) -> String {
    value.secrets.first().map(|(_, it)| it.expose_secret().to_owned()).unwrap_or_default()
}

impl Store {
    pub(crate) fn staged(&self, stage: Staged) -> Option<&Version> {
        self.versions.iter().find(|version| version.stage == stage)
    }

    pub(crate) fn current(&self) -> String {
        self.staged(Staged::Current).map(|it| it.value.clone()).unwrap_or_default()
    }

    /// The one that was current when the first run began.
    pub(crate) fn old_value(&self) -> String {
        self.versions.first().map(|it| it.value.clone()).unwrap_or_default()
    }

    pub(crate) fn open(&self) -> Option<&Run> {
        self.runs.values().find(|run| !run.state.is_end())
    }

    /// Whether a value could be had from what is kept.
    pub(crate) fn has(&self, value: &str) -> bool {
        self.versions.iter().any(|it| it.value == value)
            || self.inbox.iter().any(|it| it.value.as_deref() == Some(value))
    }

    pub(crate) fn change(&mut self, run: &Run, change: Change) {
        let ours = |it: &Version| it.run == Some(run.id);
        match change {
            Change::KeepPending(kept) => {
                let key = run.new_key.clone().unwrap_or_default();
                self.retire_pending();
                self.add(text(&kept), key, run.id);
            }
            Change::TakeFromInbox => {
                let at = self.inbox.iter().position(|it| it.run == run.id && it.value.is_some());
                if let Some(at) = at {
                    let item = self.inbox.remove(at);
                    self.retire_pending();
                    self.add(item.value.unwrap_or_default(), item.key, run.id);
                }
            }
            Change::Promote => {
                for version in &mut self.versions {
                    version.stage = match version.stage {
                        Staged::Pending if ours(version) => Staged::Current,
                        Staged::Current => Staged::Previous,
                        stage => stage,
                    };
                }
            }
            Change::StepBack => {
                for version in &mut self.versions {
                    version.stage = match version.stage {
                        Staged::Current if ours(version) => Staged::Pending,
                        Staged::Previous => Staged::Current,
                        stage => stage,
                    };
                }
            }
            Change::Retire(side) => {
                for version in &mut self.versions {
                    let which = match side {
                        Side::Old => version.stage == Staged::Previous,
                        Side::New => ours(version) && version.stage != Staged::Current,
                    };
                    if which {
                        version.stage = Staged::Retired;
                    }
                }
            }
            Change::Used(_) => {}
            Change::Orphan(orphan) => {
                if !self.orphans.iter().any(|it| it.mark == orphan.mark) {
                    self.orphans.push(orphan);
                }
            }
            Change::OrphansGone => self.orphans.retain(|it| it.run != run.id),
        }
    }

    fn retire_pending(&mut self) {
        for version in &mut self.versions {
            if version.stage == Staged::Pending {
                version.stage = Staged::Retired;
            }
        }
    }

    fn add(&mut self, value: String, key: String, run: RunId) {
        self.versions.push(Version { value, key, stage: Staged::Pending, run: Some(run) });
    }
}

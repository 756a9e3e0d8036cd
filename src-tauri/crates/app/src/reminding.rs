//! When something is due, it is told: what is unlocked tells of itself, what is locked by its index outside.
//!
//! What is told is durable before it is shown, under a number; after a crash between the two it is shown again under
//! the same number, which takes the place of the first. Nothing secret is ever told, and no name but where
//! the settings allow it and the vault is unlocked.

mod index;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use keyturn_engine::reminders::{Counts, count};
use keyturn_model::{
    CredentialId, Timestamp, Window,
    reminder::{Deadline, Severity, Stage},
};
use keyturn_vault::{Folder, KeptNotice, KeptReminder, Key, Telling as ToKeep, Vault};
use sha2::{Digest, Sha256};

use crate::{
    App, UserError,
    app::Happening,
    looking::Looking,
    session::Open,
    vaults::{is_same, private_folder},
};
use index::{Index, Last, Telling};

/// Something to tell a person who is not looking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// One with the same number takes its place, and is no other one.
    pub number: u32,
    /// That of the most urgent.
    pub severity: Severity,
    /// One for each credential, the most urgent first.
    pub of: Vec<Due>,
}

/// A credential in a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Which, to lead there; nothing while the vault is locked.
    pub credential: Option<CredentialId>,
    /// What it is called, where that may be told.
    pub name: Option<String>,
    /// What is due.
    pub deadline: Deadline,
    /// How soon, or since when.
    pub stage: Stage,
}

impl Notice {
    /// Of how many credentials a date is over.
    #[must_use]
    pub fn over(&self) -> usize {
        self.of.iter().filter(|due| due.stage >= Stage(0)).count()
    }
}

/// When it is looked, and what is needed for it.
pub(crate) struct Reminding {
    pub(crate) looking: Looking,
    /// One look at a time.
    kept: Mutex<Kept>,
    /// How many were due at the last look.
    counts: Mutex<Counts>,
    /// Whether the desktop shows notices, as far as is known.
    on_desktop: AtomicBool,
}

#[derive(Default)]
struct Kept {
    /// What seals the files of this computer.
    key: Option<Key>,
    /// What was written there last.
    written: BTreeMap<PathBuf, [u8; 32]>,
}

impl Default for Reminding {
    fn default() -> Self {
        let (kept, counts, on_desktop) = (Mutex::default(), Mutex::default(), true.into());
        Self { looking: Looking::default(), kept, counts, on_desktop }
    }
}

impl App {
    /// Tells what is due, where anything is. Asked every second.
    pub(crate) fn remind_when_due(&self) {
        if self.0.reminding.looking.begin(self.clock().now()) {
            let app = self.clone();
            self.beside("reminders", move || app.remind());
        }
    }

    fn remind(&self) {
        let mut kept = lock(&self.0.reminding.kept);
        let known = self.0.known.read().unwrap_or_default();
        // A key ring may ask its owner for a passphrase: it is asked only where there is something to keep or to read.
        let lies_outside =
            |folder: &Path| index::place(&self.0.places.data_folder, folder).exists();
        let keeps = self.0.session.running().is_some_and(|open| open.demo.is_none());
        if kept.key.is_none() && (keeps || known.iter().any(|one| lies_outside(&one.folder))) {
            kept.key = index::key(&*self.0.key_ring, self.entropy());
        }
        let settings = self.read_settings().settings;
        let quiet = settings.quiet.as_ref();
        let running = self.0.session.running();
        let folder = running.as_ref().map(|open| open.vault.folder().clone());
        let (mut next, mut all) = (Vec::new(), Counts::default());
        if let Some(open) = running {
            match self.remind_of_vault(&mut kept, &open, quiet, settings.names_in_notices) {
                Ok((again, counts)) => {
                    next.push(again);
                    all = counts;
                }
                Err(error) => {
                    tracing::warn!(code = error.code, "nobody was reminded");
                    // As soon as the disk or the database allows it.
                    next.push(Some(self.clock().now().plus_seconds(60)));
                }
            }
        }
        for one in known {
            let open = |open: &Folder| is_same(open, &Folder::at(one.folder.clone()));
            if !folder.as_ref().is_some_and(open)
                && let Some((again, counts)) = self.remind_of_index(&mut kept, &one.folder, quiet)
            {
                next.push(again);
                // Those of other vaults are not asked for while one is open.
                if folder.is_none() {
                    all.over += counts.over;
                    all.soon += counts.soon;
                }
            }
        }
        self.0.reminding.looking.end(next.into_iter().flatten().min());
        let before = std::mem::replace(&mut *lock(&self.0.reminding.counts), all);
        if before != all {
            self.tell(Happening::Notices);
        }
    }

    /// How many were due at the last look, in the vault that is open, or in all of them.
    pub(crate) fn due_counts(&self) -> Counts {
        *lock(&self.0.reminding.counts)
    }

    /// The desktop shows notices, or does not: whoever shows them there says so.
    pub fn desktop_shows(&self, shows: bool) {
        if self.0.reminding.on_desktop.swap(shows, Ordering::SeqCst) != shows {
            self.tell(Happening::Notices);
        }
    }

    /// Whether the desktop shows notices, as far as is known.
    pub(crate) fn is_shown_on_desktop(&self) -> bool {
        self.0.reminding.on_desktop.load(Ordering::SeqCst)
    }

    /// Tells what is due in the vault that is open.
    fn remind_of_vault(
        &self,
        kept: &mut Kept,
        open: &Arc<Open>,
        quiet: Option<&Window>,
        names: bool,
    ) -> Result<(Option<Timestamp>, Counts), UserError> {
        let vault = &open.vault;
        if vault.is_read_only() {
            return Ok((None, Counts::default()));
        }
        if open.demo.is_none() && !open.reminded.load(Ordering::SeqCst) {
            self.take_in(kept, vault)?;
            open.reminded.store(true, Ordering::SeqCst);
        }
        let all = vault.reminders()?;
        let mut index = indexed(&all);
        let now = self.clock().now();
        let (tellings, next) = index.tell(quiet, now, self.entropy());
        let counts = count(&index.reminders, now);
        // Before the vault: what is only there is known from then on, and taken in at the next unlocking.
        self.put_out(kept, open, &index);
        if tellings.is_empty() {
            return Ok((next, counts));
        }
        vault.keep_told(&to_keep(&index))?;
        // Names only while somebody who unlocked is there.
        let names = names && self.0.session.open().is_some_and(|now| Arc::ptr_eq(&now, open));
        for telling in &tellings {
            let due = |(place, stage): &(usize, Stage)| {
                let one = all.get(*place)?;
                Some(Due {
                    credential: Some(one.reminder.whose),
                    name: names.then(|| one.name.clone()),
                    deadline: one.reminder.deadline,
                    stage: *stage,
                })
            };
            // What is made up stays in the window.
            if open.demo.is_none() {
                self.show(telling, telling.of.iter().filter_map(due).collect());
            }
        }
        vault.note_shown()?;
        index.note_shown();
        self.put_out(kept, open, &index);
        self.tell(Happening::Notices);
        Ok((next, counts))
    }

    /// Tells what is due in a vault that is locked.
    fn remind_of_index(
        &self,
        kept: &mut Kept,
        folder: &Path,
        quiet: Option<&Window>,
    ) -> Option<(Option<Timestamp>, Counts)> {
        let place = index::place(&self.0.places.data_folder, folder);
        let mut index = index::read(&place, kept.key.as_ref()?)?;
        let now = self.clock().now();
        let (tellings, next) = index.tell(quiet, now, self.entropy());
        let counts = count(&index.reminders, now);
        if tellings.is_empty() {
            return Some((next, counts));
        }
        if !self.write(kept, &place, &index) {
            // What is not durable is not shown.
            return Some((Some(now.plus_seconds(60)), counts));
        }
        for telling in &tellings {
            let due = |(place, stage): &(usize, Stage)| {
                let deadline = index.reminders.get(*place)?.deadline;
                Some(Due { credential: None, name: None, deadline, stage: *stage })
            };
            self.show(telling, telling.of.iter().filter_map(due).collect());
        }
        index.note_shown();
        self.write(kept, &place, &index);
        Some((next, counts))
    }

    fn show(&self, telling: &Telling, of: Vec<Due>) {
        let (number, severity) = (telling.number, telling.severity);
        self.tell(Happening::Notice(Notice { number, severity, of }));
    }

    /// What was told while the vault was locked was told.
    fn take_in(&self, kept: &Kept, vault: &Vault) -> Result<(), UserError> {
        let place = index::place(&self.0.places.data_folder, vault.folder().path());
        let Some(key) = &kept.key else { return Ok(()) };
        let Some(outside) = index::read(&place, key) else { return Ok(()) };
        let told: BTreeMap<_, _> = outside
            .reminders
            .into_iter()
            .zip(outside.last)
            .filter_map(|(one, last)| {
                Some(((one.whose, one.deadline, one.at), (one.told, one.moment?, last?)))
            })
            .collect();
        if told.is_empty() {
            return Ok(());
        }
        let mut news = Vec::new();
        for KeptReminder { mut reminder, notice, .. } in vault.reminders()? {
            let name = (index::alias(key, reminder.whose), reminder.deadline, reminder.at);
            let Some((told, moment, last)) = told.get(&name) else { continue };
            let mine = notice.filter(|notice| notice.at == reminder.at);
            let shown_there =
                mine.is_some_and(|mine| mine.number == last.number && !mine.shown && last.shown);
            // Also what was snoozed, and is told again there.
            let told_there = Some(*moment) > reminder.moment;
            if reminder.told.join(told) || shown_there || told_there {
                news.push(ToKeep {
                    credential: reminder.whose,
                    deadline: reminder.deadline,
                    told: reminder.told,
                    notice: KeptNotice {
                        at: reminder.at,
                        moment: *moment.max(&reminder.moment.unwrap_or_default()),
                        number: last.number,
                        shown: last.shown,
                        done: None,
                    },
                });
            }
        }
        if !news.is_empty() {
            vault.keep_told(&news)?;
            self.tell(Happening::Notices);
        }
        Ok(())
    }

    /// Writes the index as the vault is left: from here on nobody reaches it. The key ring is not asked for it, so
    /// that locking waits for nobody.
    pub(crate) fn leave_reminders(&self, open: &Open) {
        self.0.reminding.looking.again();
        // Whoever looks just now writes it as well.
        let Ok(mut kept) = self.0.reminding.kept.try_lock() else { return };
        if open.vault.is_read_only() || !open.reminded.load(Ordering::SeqCst) {
            return;
        }
        if let Ok(all) = open.vault.reminders() {
            self.put_out(&mut kept, open, &indexed(&all));
        }
    }

    /// Forgets the index of a vault that is taken off the list.
    pub(crate) fn forget_reminders(&self, folder: &Path) {
        let place = index::place(&self.0.places.data_folder, folder);
        if fs::remove_file(&place).is_ok() {
            tracing::info!("a vault reminds no more while it is locked");
        }
    }

    /// Whether reminders come while the vault is locked.
    pub(crate) fn reminds_behind_lock(&self) -> bool {
        let kept = self.0.reminding.kept.try_lock();
        // Whoever looks just now has a key ring, or will know.
        kept.map_or(true, |kept| kept.key.is_some())
    }

    fn put_out(&self, kept: &mut Kept, open: &Open, index: &Index<CredentialId>) {
        let Some(key) = kept.key.as_ref().filter(|_| open.demo.is_none()) else { return };
        let place = index::place(&self.0.places.data_folder, open.vault.folder().path());
        let nameless = index.nameless(key);
        self.write(kept, &place, &nameless);
    }

    /// Whether it lies there now.
    fn write(&self, kept: &mut Kept, place: &Path, index: &Index<u64>) -> bool {
        let Some(key) = &kept.key else { return false };
        let plain = index::plain(index);
        let sum: [u8; 32] = Sha256::digest(&plain).into();
        if kept.written.get(place) == Some(&sum) {
            return true;
        }
        let folder = place.parent().unwrap_or(Path::new("."));
        let written =
            private_folder(folder).and_then(|()| index::write(place, key, &plain, self.entropy()));
        if written.is_err() {
            tracing::warn!("what is due was not written outside of the vault");
            return false;
        }
        kept.written.insert(place.to_owned(), sum);
        true
    }
}

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

fn indexed(all: &[KeptReminder]) -> Index<CredentialId> {
    let last = |one: &KeptReminder| {
        let of_this = one.notice.filter(|notice| notice.at == one.reminder.at);
        of_this.map(|KeptNotice { number, shown, .. }| Last { number, shown })
    };
    Index {
        reminders: all.iter().map(|one| one.reminder.clone()).collect(),
        last: all.iter().map(last).collect(),
    }
}

/// What is not known to have been shown.
fn to_keep(index: &Index<CredentialId>) -> Vec<ToKeep> {
    let all = index.reminders.iter().zip(&index.last);
    all.filter_map(|(one, last)| {
        let Last { number, shown } = last.filter(|last| !last.shown)?;
        let moment = one.moment?;
        Some(ToKeep {
            credential: one.whose,
            deadline: one.deadline,
            told: one.told.clone(),
            notice: KeptNotice { at: one.at, moment, number, shown, done: None },
        })
    })
    .collect()
}

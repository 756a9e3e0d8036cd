//! Files that come in: looked at, read for a preview, brought in as one transaction, taken back.
//!
//! What a file may ask of the machine is checked before it is read, and nothing changes before
//! somebody saw what it would bring. What was read lives in the open vault and goes with it.

mod reading;

use std::{
    cell::Cell,
    collections::HashSet,
    fs,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use keyturn_exchange::{Batch, Format, Given, Limits, ReadError, Target, columns, needs_password};
use keyturn_model::Timestamp;
use keyturn_vault::{Addition, Brought, Renewal};
use serde_json::{Value, json};

use crate::{
    App, MessageKey, UserError,
    app::Happening,
    counterparts::Counterparts,
    losses::{gathered, loss_view, page},
    records::{self, Arriving},
    session::Open,
    views::{
        FilePlace, ImportChoice, ImportColumn, ImportEntry, ImportFile, ImportPage, ImportPreview,
        ImportRequest, ImportState, Imported, LossView, Progress, Step,
    },
};

pub use reading::rehearse_import;
use reading::{SeenFile, format_of, mapping, read_as, read_file};

/// Our own encrypted export, which crate `vault` reads.
pub(crate) const KEYTURN: &str = "keyturn";
/// How long an import can be taken back.
const UNDO_S: i64 = 10 * 60;
/// The most entries of one answer.
const PAGE: usize = 200;

/// What was looked at, and what came in last.
#[derive(Default)]
pub(crate) struct Importing {
    stop: AtomicBool,
    looked_at: Mutex<Option<LookedAt>>,
    came_in: Mutex<Option<CameIn>>,
}

struct LookedAt {
    file: SeenFile,
    /// What would come in, each with its place in the file.
    changes: Vec<(u32, Bringing)>,
    /// All entries, with those that are here already.
    entries: Vec<ImportEntry>,
}

enum Bringing {
    Fresh(Box<Addition>),
    Changed(Box<Renewal>),
}

struct CameIn {
    brought: Brought,
    until: Timestamp,
    file: SeenFile,
}

impl Importing {
    fn looked_at(&self) -> MutexGuard<'_, Option<LookedAt>> {
        self.looked_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn came_in(&self) -> MutexGuard<'_, Option<CameIn>> {
        self.came_in.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    pub(crate) fn look_at_import(&self, input: &FilePlace) -> Result<ImportFile, UserError> {
        let place = self.place(&input.file);
        let (bytes, seen) = read_file(&place)?;
        let format = format_of(&bytes, &place)?;
        let table = match format {
            Some(Format::Csv) => Some(columns(&bytes).map_err(UserError::of_import(&place))?),
            _ => None,
        };
        let program = table.as_ref().and_then(|table| table.program);
        let columns = table.map(|table| {
            let mut examples = table.examples.into_iter();
            let all = table.headers.into_iter().zip(table.mapping.columns);
            let column = |(name, target): (String, Target)| ImportColumn {
                name,
                example: examples.next().and_then(|e| e.into_iter().next()).unwrap_or_default(),
                target: word(json!(target)),
            };
            all.map(column).collect()
        });
        Ok(ImportFile {
            format: format.map_or(KEYTURN, Format::as_str).to_owned(),
            needs_password: format.is_none() || needs_password(&bytes),
            size: seen.size,
            columns: columns.unwrap_or_default(),
            program: program.map(|program| word(json!(program))),
        })
    }

    pub(crate) fn preview_import(
        &self,
        open: &Open,
        input: &ImportRequest,
    ) -> Result<ImportPreview, UserError> {
        let importing = &open.importing;
        *importing.looked_at() = None;
        importing.stop.store(false, Ordering::SeqCst);
        let place = self.place(&input.file);
        let (batch, file) = self.read_batch(open, input, &place)?;
        let now = self.clock().now();
        let go_on = || match self.goes_on(open) {
            true => Ok(()),
            false => Err(UserError::from(ReadError::Cancelled)),
        };
        let mut counterparts = Counterparts::of(open, now);
        let (mut lost, mut sights) = (batch.lost, Vec::new());
        for (at, record) in (0..).zip(&batch.records) {
            go_on()?;
            match records::arriving(record, now) {
                Err(loss) => lost.push(loss),
                Ok(arriving) => {
                    let same = counterparts.same(record, &arriving)?;
                    sights.push((at, record, arriving, same));
                }
            }
        }
        let lost: Vec<LossView> = lost.into_iter().map(loss_view).collect();
        let mut preview = ImportPreview {
            origin: batch.origin,
            fresh: 0,
            same: 0,
            changed: 0,
            entries: Vec::new(),
            lost: Vec::new(),
        };
        let mut looked_at = LookedAt { file, changes: Vec::new(), entries: Vec::new() };
        for (at, record, arriving, same) in sights {
            go_on()?;
            let changed = if same { None } else { counterparts.changed(record, &arriving)? };
            let Arriving { addition, mut lost } = arriving;
            let mut versions = number(addition.older.len());
            let metadata = addition.metadata.clone();
            let (state, fields) = match changed {
                _ if same => {
                    versions = 0;
                    preview.same += 1;
                    (ImportState::Same, Vec::new())
                }
                None => {
                    preview.fresh += 1;
                    looked_at.changes.push((at, Bringing::Fresh(Box::new(addition))));
                    (ImportState::Fresh, Vec::new())
                }
                Some(changed) => {
                    versions = 0;
                    preview.changed += 1;
                    lost.extend(changed.lost);
                    looked_at.changes.push((at, Bringing::Changed(Box::new(changed.renewal))));
                    (ImportState::Changed, changed.fields)
                }
            };
            looked_at.entries.push(ImportEntry {
                at,
                name: metadata.name,
                kind: metadata.kind,
                environment: metadata.environment,
                state,
                fields,
                versions,
                lost: lost.into_iter().map(loss_view).collect(),
            });
        }
        let of_entries = looked_at.entries.iter().flat_map(|entry| &entry.lost);
        preview.lost = open.report(gathered(lost.iter().chain(of_entries)));
        preview.entries = page(&looked_at.entries, 0, PAGE);
        *importing.looked_at() = Some(looked_at);
        Ok(preview)
    }

    /// More entries of the file that was read.
    pub(crate) fn read_import(
        &self,
        open: &Open,
        input: &ImportPage,
    ) -> Result<Vec<ImportEntry>, UserError> {
        let held = open.importing.looked_at();
        Ok(page(&held.as_ref().ok_or_else(gone)?.entries, input.from, PAGE))
    }

    /// Stops what is being read or brought in; it then ends as stopped, and nothing came in.
    pub(crate) fn cancel_import(&self, open: &Open) {
        open.importing.stop.store(true, Ordering::SeqCst);
    }

    pub(crate) fn run_import(
        &self,
        open: &Open,
        input: &ImportChoice,
    ) -> Result<Imported, UserError> {
        let importing = &open.importing;
        // Held to the end: it is brought in once.
        let mut held = importing.looked_at();
        importing.stop.store(false, Ordering::SeqCst);
        let looked_at = held.as_ref().ok_or_else(gone)?;
        let without: HashSet<u32> = input.without.iter().copied().collect();
        let (mut additions, mut renewals) = (Vec::new(), Vec::new());
        for (at, bringing) in &looked_at.changes {
            match bringing {
                _ if without.contains(at) => {}
                Bringing::Fresh(addition) => additions.push(&**addition),
                Bringing::Changed(renewal) if input.changed => renewals.push(&**renewal),
                Bringing::Changed(_) => {}
            }
        }
        let (all, far) = (additions.len() + renewals.len(), self.far());
        let go_on = |done| {
            far(Step::Importing, done as u64, Some(all as u64));
            self.goes_on(open)
        };
        let brought = open.vault.import(&additions, &renewals, &go_on)?;
        let until = self.clock().now().plus_seconds(UNDO_S);
        let imported = Imported {
            added: number(additions.len()),
            changed: number(renewals.len()),
            skipped: number(looked_at.entries.len() - additions.len() - renewals.len()),
            undo_until: until,
        };
        let file = looked_at.file.clone();
        *held = None;
        *importing.came_in() = Some(CameIn { brought, until, file });
        drop(held);
        self.tell(Happening::Inventory);
        Ok(imported)
    }

    pub(crate) fn undo_import(&self, open: &Open) -> Result<Imported, UserError> {
        let mut held = open.importing.came_in();
        let now = self.clock().now();
        let came_in = held.as_ref().filter(|came_in| now <= came_in.until);
        let over = || UserError::new("KT-IMPORT-UNDO-OVER", MessageKey::ImportUndoOver);
        let taken = open.vault.take_back(&came_in.ok_or_else(over)?.brought)?;
        *held = None;
        drop(held);
        self.tell(Happening::Inventory);
        Ok(Imported {
            added: number(taken.added),
            changed: number(taken.renewed),
            skipped: number(taken.stayed),
            undo_until: now,
        })
    }

    /// Deletes the file that came in, unless it is another one by now, or what it brought was taken
    /// back: then it is all there is.
    pub(crate) fn delete_import_file(&self, open: &Open) -> Result<(), UserError> {
        let held = open.importing.came_in();
        let file = &held.as_ref().ok_or_else(gone)?.file;
        let there = fs::symlink_metadata(&file.place).map_err(|_| gone())?;
        if !there.is_file() || SeenFile::of(&file.place, &there) != *file {
            return Err(gone());
        }
        fs::remove_file(&file.place).map_err(UserError::of_new_file(&file.place))
    }

    /// Whether to go on: nobody said stop, and the vault was not locked meanwhile.
    fn goes_on(&self, open: &Open) -> bool {
        self.is_open(open) && !open.importing.stop.load(Ordering::SeqCst)
    }

    /// Whether it is still the vault that is open.
    pub(crate) fn is_open(&self, open: &Open) -> bool {
        self.0.session.open().is_some_and(|here| std::ptr::eq(Arc::as_ptr(&here), open))
    }

    /// Tells how far it is, once for each hundredth.
    fn far(&self) -> impl Fn(Step, u64, Option<u64>) + '_ {
        let told = Cell::new(None);
        move |step, done, of| {
            let part = of.filter(|of| *of > 0).map(|of| (done.min(of) * 100 / of).min(100));
            let progress = Progress { step, part: part.and_then(|part| u8::try_from(part).ok()) };
            if told.replace(Some(progress)) != Some(progress) {
                self.tell(Happening::Work(progress));
            }
        }
    }

    fn read_batch(
        &self,
        open: &Open,
        input: &ImportRequest,
        place: &Path,
    ) -> Result<(Batch, SeenFile), UserError> {
        let (bytes, file) = read_file(place)?;
        let password = input.password.as_ref().map(|typed| &typed.0);
        let mapping = input.columns.as_ref().map(|columns| mapping(columns)).transpose()?;
        let far = self.far();
        let go_on = |progress: keyturn_exchange::Progress| {
            let step = match progress.step {
                keyturn_exchange::Step::Unlocking => Step::Deriving,
                keyturn_exchange::Step::Reading => Step::Reading,
            };
            far(step, progress.done, progress.of);
            self.goes_on(open)
        };
        let given = Given { password, mapping: mapping.as_ref(), limits: Limits::USUAL };
        let format = format_of(&bytes, place)?;
        if format.is_none() {
            self.hear_work()(keyturn_vault::Step::Deriving);
        }
        Ok((read_as(format, &bytes, place, &given, &go_on)?, file))
    }
}

/// A value that serde writes as one word.
pub(crate) fn word(value: Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn gone() -> UserError {
    UserError::new("KT-IMPORT-GONE", MessageKey::ImportGone)
}

//! Files that come in: looked at, read for a preview, brought in as one transaction, taken back.
//!
//! What a file may ask of the machine is checked before it is read, and nothing changes before
//! somebody saw what it would bring. What was read lives in the open vault and goes with it.

use std::{
    cell::Cell,
    collections::{HashMap, HashSet, VecDeque},
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::SystemTime,
};

use keyturn_exchange::{
    Batch, Compared, Existing, Format, Given, Limits, Loss, Mapping, ReadError, Record, Size,
    Target, columns, compare, detect, needs_password, read,
};
use keyturn_model::{CredentialId, Metadata, Risk, Timestamp};
use keyturn_vault::{Addition, Brought, Renewal, is_sealed_file, open_sealed_file};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::{
    App, MessageKey, UserError,
    app::Happening,
    credentials::{weigh, written},
    exports::loss_view,
    records::{self, Arriving, Secrets},
    session::Open,
    views::{
        FilePlace, ImportChoice, ImportColumn, ImportEntry, ImportFile, ImportPreview,
        ImportRequest, ImportState, Imported, Progress, Step,
    },
};

/// Our own encrypted export, which crate `vault` reads.
pub(crate) const KEYTURN: &str = "keyturn";
/// How long an import can be taken back.
const UNDO_S: i64 = 10 * 60;
/// The most entries and losses of one answer.
const MOST_SHOWN: usize = 1000;
/// The most credentials of one name that an entry is compared with.
const MOST_NAMESAKES: usize = 50;

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
    /// How many entries there are, with those that are here already.
    entries: usize,
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

/// A file as it was when it was read.
#[derive(Clone, PartialEq, Eq)]
struct SeenFile {
    place: PathBuf,
    size: u64,
    written: Option<SystemTime>,
}

/// A credential that an entry is compared with.
struct Here {
    id: CredentialId,
    version: i64,
    rotated: Timestamp,
    metadata: Metadata,
    secrets: Secrets,
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
        let mut seen = Seen { open, now, namesakes: HashMap::new() };
        let (mut lost, mut sights) = (batch.lost, Vec::new());
        for (at, record) in (0..).zip(&batch.records) {
            go_on()?;
            match records::arriving(record, now) {
                Err(loss) => lost.push(loss),
                Ok(arriving) => {
                    let same = seen.same(record, &arriving)?;
                    sights.push((at, record, arriving, same));
                }
            }
        }
        let mut preview = ImportPreview {
            origin: batch.origin,
            fresh: 0,
            same: 0,
            changed: 0,
            entries: Vec::new(),
            losses: number(lost.len()),
            lost: lost.into_iter().take(MOST_SHOWN).map(loss_view).collect(),
        };
        let mut looked_at = LookedAt { file, changes: Vec::new(), entries: sights.len() };
        for (at, record, arriving, same) in sights {
            go_on()?;
            let changed = if same { None } else { seen.changed(record, &arriving)? };
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
            preview.losses = preview.losses.saturating_add(number(lost.len()));
            if preview.entries.len() < MOST_SHOWN {
                preview.entries.push(ImportEntry {
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
        }
        *importing.looked_at() = Some(looked_at);
        Ok(preview)
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
        self.tell(Happening::Work(Progress { step: Step::Importing }));
        let go_on = |_| self.goes_on(open);
        let brought = open.vault.import(&additions, &renewals, &go_on)?;
        let until = self.clock().now().plus_seconds(UNDO_S);
        let imported = Imported {
            added: number(additions.len()),
            changed: number(renewals.len()),
            skipped: number(looked_at.entries - additions.len() - renewals.len()),
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

    fn read_batch(
        &self,
        open: &Open,
        input: &ImportRequest,
        place: &Path,
    ) -> Result<(Batch, SeenFile), UserError> {
        let (bytes, file) = read_file(place)?;
        let refused = UserError::of_import(place);
        let password = input.password.as_ref().map(|typed| &typed.0);
        let mapping = input.columns.as_ref().map(|columns| mapping(columns)).transpose()?;
        let told = Cell::new(None);
        let go_on = |progress: keyturn_exchange::Progress| {
            let step = match progress.step {
                keyturn_exchange::Step::Unlocking => Step::Deriving,
                keyturn_exchange::Step::Reading => Step::Reading,
            };
            if told.replace(Some(step)) != Some(step) {
                self.tell(Happening::Work(Progress { step }));
            }
            self.goes_on(open)
        };
        let given = Given { password, mapping: mapping.as_ref(), limits: Limits::USUAL };
        let batch = match format_of(&bytes, place)? {
            Some(format) => read(&bytes, format, &given, &go_on),
            None => {
                let password = password.ok_or_else(|| refused(ReadError::PasswordNeeded))?;
                self.hear_work()(keyturn_vault::Step::Deriving);
                let plain =
                    open_sealed_file(&bytes, password, place).map_err(UserError::of_sealed_file)?;
                read(&plain, Format::Json, &given, &go_on)
            }
        };
        Ok((batch.map_err(refused)?, file))
    }
}

/// How an entry differs from what is here.
struct Changed {
    renewal: Renewal,
    fields: Vec<String>,
    lost: Vec<Loss>,
}

/// Finds for each entry the credential that it is, each once: several may have one name.
struct Seen<'a> {
    open: &'a Open,
    now: Timestamp,
    namesakes: HashMap<(String, String), VecDeque<CredentialId>>,
}

impl Seen<'_> {
    fn namesakes(&mut self, metadata: &Metadata) -> Result<&mut VecDeque<CredentialId>, UserError> {
        let Metadata { name, environment, .. } = metadata;
        let key = (name.to_ascii_lowercase(), environment.to_ascii_lowercase());
        Ok(match self.namesakes.entry(key) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(unknown) => {
                unknown.insert(self.open.vault.credentials_named(name, environment)?.into())
            }
        })
    }

    /// Whether the same is here; that one is then spoken for.
    fn same(&mut self, record: &Record, arriving: &Arriving) -> Result<bool, UserError> {
        let (open, now) = (self.open, self.now);
        let namesakes = self.namesakes(&arriving.addition.metadata)?;
        for at in 0..namesakes.len().min(MOST_NAMESAKES) {
            let Some(id) = namesakes.get(at) else { break };
            let here = Here::read(open, *id)?;
            let fields = as_here(record, &here, now).map(|(_, fields)| fields);
            if fields.is_some_and(|fields| fields.is_empty()) {
                namesakes.remove(at);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What becomes of the one that is here, if it can become that: of the same user before others.
    fn changed(&mut self, record: &Record, new: &Arriving) -> Result<Option<Changed>, UserError> {
        let (open, now) = (self.open, self.now);
        let namesakes = self.namesakes(&new.addition.metadata)?;
        let user = |metadata: &Metadata| records::content(metadata, &[]).user;
        let mut best: Option<(usize, Here)> = None;
        for at in 0..namesakes.len().min(MOST_NAMESAKES) {
            let Some(id) = namesakes.get(at) else { break };
            let here = Here::read(open, *id)?;
            let alike = user(&here.metadata) == user(&new.addition.metadata);
            if alike || best.is_none() {
                best = Some((at, here));
            }
            if alike {
                break;
            }
        }
        let Some((at, here)) = best else { return Ok(None) };
        let as_here = as_here(record, &here, now);
        let found = as_here.and_then(|(new, fields)| Some((renewal(&here, &new)?, new, fields)));
        let Some((renewal, new, fields)) = found else { return Ok(None) };
        namesakes.remove(at);
        // What is here becomes the version before; those in the file would have to come before it.
        let older =
            |older: &keyturn_vault::OlderValue| !records::same(&older.secrets, &here.secrets);
        let lost = new
            .addition
            .older
            .iter()
            .any(older)
            .then(|| Loss { field: "history".to_owned(), why: keyturn_exchange::Why::NoPlace });
        Ok(Some(Changed { renewal, fields, lost: lost.into_iter().collect() }))
    }
}

impl Here {
    fn read(open: &Open, id: CredentialId) -> Result<Self, UserError> {
        let (credential, _) = open.vault.credential(id)?;
        Ok(Self {
            id,
            version: credential.row.version,
            rotated: credential.row.rotated,
            metadata: credential.metadata,
            secrets: open.vault.open_values(id)?,
        })
    }
}

/// An entry as the kind of what is here, and in which fields it differs from it.
fn as_here(record: &Record, here: &Here, now: Timestamp) -> Option<(Arriving, Vec<String>)> {
    let (new, _) = records::formed(record, here.metadata.kind, now)?;
    let there = records::record(&here.metadata, &here.secrets);
    let notes = there.content.notes.as_ref();
    let mut open: Vec<(&str, &str)> = Vec::new();
    for (name, text) in [
        ("user", there.content.user.as_deref()),
        ("address", there.content.address.as_deref()),
        ("owner", there.owner.as_deref()),
        // To compare them.
        ("notes", notes.map(ExposeSecret::expose_secret)),
    ] {
        open.extend(text.map(|text| (name, text)));
    }
    let fields = &there.content.fields;
    let seen = fields.iter().filter(|field| !field.text.is_secret());
    open.extend(seen.map(|field| (field.name.as_str(), field.text.expose())));
    let sealed = fields.iter().filter(|field| field.text.is_secret());
    let secret: Vec<&str> = sealed.map(|field| field.name.as_str()).collect();
    let value = |name: &str| -> Option<SecretString> {
        let field = fields.iter().find(|field| field.name == name && field.text.is_secret())?;
        // To compare it.
        Some(SecretString::from(field.text.expose()))
    };
    let existing = Existing { open: &open, secret: &secret, value: &value };
    let said = records::record(&new.addition.metadata, &new.addition.secrets);
    match compare(&said, Some(&existing)) {
        Compared::Changed { fields } => Some((new, fields)),
        Compared::Same | Compared::New => Some((new, Vec::new())),
    }
}

/// What is here with what came in over it; nothing when the two make no sound credential.
fn renewal(here: &Here, new: &Arriving) -> Option<Renewal> {
    let (mut metadata, new) = (here.metadata.clone(), &new.addition);
    let mut secrets = here.secrets.clone();
    let mut sealed: Vec<&str> = Vec::new();
    for (name, text) in &new.metadata.fields {
        // What is sealed here stays sealed.
        match secrets.iter_mut().find(|(there, _)| there == name) {
            Some((_, value)) => {
                *value = SecretString::from(text.as_str());
                sealed.push(name);
            }
            None => drop(metadata.fields.insert(name.clone(), text.clone())),
        }
    }
    for (name, value) in &new.secrets {
        metadata.fields.remove(name);
        secrets.retain(|(there, _)| there != name);
        secrets.push((name.clone(), value.clone()));
        sealed.push(name);
    }
    for (there, said) in [
        (&mut metadata.owner, &new.metadata.owner),
        (&mut metadata.issuer, &new.metadata.issuer),
        (&mut metadata.description, &new.metadata.description),
        (&mut metadata.notes, &new.metadata.notes),
    ] {
        if !said.is_empty() {
            there.clone_from(said);
        }
    }
    if new.metadata.risk == Risk::High {
        metadata.risk = Risk::High;
    }
    metadata.tags.extend(new.metadata.tags.iter().cloned());
    let mut metadata = metadata.tidied();
    let (faults, facts) = weigh(metadata.kind, &metadata.fields, &secrets);
    if !faults.is_empty() || !metadata.faults().is_empty() {
        return None;
    }
    metadata.expires = facts.expires.or(new.metadata.expires).or(metadata.expires);
    let anew = !records::same(&secrets, &here.secrets);
    secrets.retain(|(name, _)| anew && sealed.contains(&name.as_str()));
    Some(Renewal {
        id: here.id,
        version: here.version,
        key_id: facts.key_id.clone().unwrap_or_default(),
        facts: written(&facts),
        metadata,
        secrets,
        rotated: new.rotated.filter(|at| *at > here.rotated),
    })
}

impl SeenFile {
    fn of(place: &Path, there: &fs::Metadata) -> Self {
        Self { place: place.to_owned(), size: there.len(), written: there.modified().ok() }
    }
}

/// The bytes of a file that is not too large: how long it is was asked before it is read.
fn read_file(place: &Path) -> Result<(Zeroizing<Vec<u8>>, SeenFile), UserError> {
    let unreadable = |error: std::io::Error| {
        UserError::new("KT-FILE-UNREADABLE", MessageKey::FileUnreadable)
            .with("file", place.display())
            .with("reason", error.kind())
            .retryable()
    };
    let most = Limits::USUAL.file;
    let too_large = || UserError::of_import(place)(ReadError::TooLarge { what: Size::File, most });
    // Where it really is: to delete a link would leave the file.
    let real = fs::canonicalize(place).map_err(unreadable)?;
    let there = fs::metadata(&real).map_err(unreadable)?;
    if !there.is_file() {
        return Err(UserError::of_import(place)(ReadError::NotThisFormat));
    }
    if there.len() > most {
        return Err(too_large());
    }
    let file = File::open(&real).map_err(unreadable)?;
    let mut bytes =
        Zeroizing::new(Vec::with_capacity(usize::try_from(there.len() + 1).unwrap_or(0)));
    file.take(most + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > most {
        return Err(too_large());
    }
    Ok((bytes, SeenFile::of(&real, &there)))
}

/// The format that crate `exchange` reads; none is our own encrypted export.
fn format_of(bytes: &[u8], place: &Path) -> Result<Option<Format>, UserError> {
    if is_sealed_file(bytes) {
        return Ok(None);
    }
    let refused = UserError::of_import(place);
    if bytes.is_empty() {
        return Err(refused(ReadError::Empty));
    }
    let name = place.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    detect(bytes, &name).map(Some).ok_or_else(|| refused(ReadError::NotThisFormat))
}

fn mapping(columns: &[String]) -> Result<Mapping, UserError> {
    let target = |name: &String| serde_json::from_value(json!(name));
    let columns = columns.iter().map(target).collect::<Result<_, _>>();
    columns.map(|columns| Mapping { columns }).map_err(|_| UserError::input_refused())
}

fn word(value: Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn gone() -> UserError {
    UserError::new("KT-IMPORT-GONE", MessageKey::ImportGone)
}

//! Writes KDBX 4 that KeePassXC opens.
//!
//! The library draws its own randomness from the operating system, for seeds, and for the ids of
//! entries and groups: it cannot be handed in.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use keepass::{
    Database, DatabaseKey,
    config::{CompressionConfig, DatabaseConfig, InnerCipherConfig, KdfConfig, OuterCipherConfig},
    db::{Entry, GroupId, History, Times, Value},
};
use keyturn_model::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::{KIND, OWNER};
use crate::{
    WriteError, Written,
    record::{Content, Loss, PASSWORD, Record, TOTP, VALUE, Why},
};

/// What opening the written database costs: Argon2id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Bytes of memory.
    pub memory: u64,
    /// Passes over it.
    pub passes: u64,
    /// Lanes.
    pub lanes: u32,
}

impl Cost {
    /// About a second on a desktop machine, and within what phones can open.
    pub const USUAL: Self = Self { memory: 64 * 1024 * 1024, passes: 12, lanes: 2 };
}

impl Default for Cost {
    fn default() -> Self {
        Self::USUAL
    }
}

/// The records as a database that `password` opens; groups by environment, then as they were.
/// What could not be written is told: attachments, whose content was never here, and characters
/// that the format cannot hold.
///
/// # Errors
/// When the library that writes it, or the system's randomness, refuses.
pub fn write_kdbx(
    records: &[Record],
    password: &SecretString,
    cost: Cost,
) -> Result<Written, WriteError> {
    let mut pen = Pen::default();
    let mut config = DatabaseConfig::default();
    config.outer_cipher_config = OuterCipherConfig::AES256;
    config.inner_cipher_config = InnerCipherConfig::ChaCha20;
    config.compression_config = CompressionConfig::GZip;
    let version = match config.kdf_config {
        KdfConfig::Argon2 { version, .. } | KdfConfig::Argon2id { version, .. } => version,
        _ => return Err(WriteError::Kdbx),
    };
    config.kdf_config = KdfConfig::Argon2id {
        iterations: cost.passes,
        memory: cost.memory,
        parallelism: cost.lanes,
        version,
    };
    let mut database = Database::with_config(config);
    database.meta.generator = Some("Keyturn".into());
    database.meta.database_name = Some("Keyturn".into());
    // Without these, KeePassXC would cut histories at its next save.
    database.meta.history_max_items = Some(-1);
    database.meta.history_max_size = Some(-1);
    database.root_mut().name = "Root".into();

    let mut groups: BTreeMap<Vec<&str>, GroupId> = BTreeMap::new();
    for record in records {
        pen.entry.clone_from(&record.content.name);
        let id =
            pen.group_of(&mut database, &mut groups, &place(record)).ok_or(WriteError::Kdbx)?;
        let mut group = database.group_mut(id).ok_or(WriteError::Kdbx)?;
        let mut entry = group.add_entry();
        pen.fill(&mut entry, &record.content);
        if let Some(owner) = &record.owner {
            entry.set_unprotected(OWNER, pen.seen(OWNER, owner));
        }
        if let Some(kind) = record.kind {
            entry.set_unprotected(KIND, kind.as_str());
        }
        for attachment in &record.attachments {
            pen.lose(&attachment.name, Why::Attachment);
        }
        entry.times = times(&record.content, record.created, record.changed);
        let history = std::mem::take(&mut entry.history).unwrap_or_default();
        entry.history = Some(pen.past(history, record, &entry));
    }
    let mut bytes = Vec::new();
    // The database is encrypted with it.
    let key = DatabaseKey::new().with_password(password.expose_secret());
    database.save(&mut bytes, key).map_err(|_| WriteError::Kdbx)?;
    Ok(Written { bytes, lost: pen.lost })
}

/// The groups that a record goes in: its environment first, unless they say it already.
fn place(record: &Record) -> Vec<&str> {
    let environment = record.environment.as_deref().filter(|e| record.group.iter().all(|g| g != e));
    environment.into_iter().chain(record.group.iter().map(String::as_str)).collect()
}

fn times(content: &Content, created: Option<Timestamp>, changed: Option<Timestamp>) -> Times {
    let moment = |at: Timestamp| -> NaiveDateTime { at.utc().naive_utc() };
    let mut times = Times::default();
    let created = created.or(changed).map(moment);
    times.creation = created;
    times.last_modification = changed.map(moment).or(created);
    times.last_access = times.last_modification;
    times.location_changed = created;
    times.expires = Some(content.expires.is_some());
    if let Some(at) = content.expires {
        times.expiry = moment(at);
    }
    times
}

/// What writes, and remembers what it could not.
#[derive(Default)]
struct Pen {
    entry: String,
    lost: Vec<Loss>,
}

impl Pen {
    fn lose(&mut self, field: &str, why: Why) {
        self.lost.push(Loss::new(format!("{}: {field}", self.entry), why));
    }

    /// Without the characters that XML has no way to say: with them, nothing could open the database.
    fn seen(&mut self, field: &str, text: &str) -> String {
        let sayable = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
        let kept: String = text.chars().filter(sayable).collect();
        if kept.len() < text.len() {
            self.lose(field, Why::NotText);
        }
        kept
    }

    fn group_of<'a>(
        &mut self,
        database: &mut Database,
        known: &mut BTreeMap<Vec<&'a str>, GroupId>,
        path: &[&'a str],
    ) -> Option<GroupId> {
        if let Some(id) = known.get(path) {
            return Some(*id);
        }
        let mut id = database.root().id();
        for depth in 1..=path.len() {
            let here = &path[..depth];
            id = match known.get(here) {
                Some(id) => *id,
                None => {
                    let mut above = database.group_mut(id)?;
                    let mut group = above.add_group();
                    group.name = self.seen("group", here.last()?);
                    let id = group.id();
                    known.insert(here.to_vec(), id);
                    id
                }
            };
        }
        Some(id)
    }

    fn fill(&mut self, entry: &mut Entry, content: &Content) {
        entry.set_unprotected("Title", self.seen("name", &content.name));
        let user = content.user.as_deref().unwrap_or_default();
        entry.set_unprotected("UserName", self.seen("user", user));
        let address = content.address.as_deref().unwrap_or_default();
        entry.set_unprotected("URL", self.seen("address", address));
        // Whoever opens the database may read the notes.
        let notes = content.notes.as_ref().map_or("", |notes| notes.expose_secret());
        entry.set_unprotected("Notes", self.seen("notes", notes));
        entry.set_protected("Password", "");
        for tag in content.tags.iter().filter(|tag| tag.contains([';', ','])) {
            self.lose(&format!("tag: {tag}"), Why::OtherForm);
        }
        entry.tags = content
            .tags
            .iter()
            .map(|tag| self.seen("tags", tag).replace([';', ','], " "))
            .collect();
        let mut taken: Vec<String> =
            ["Title", "UserName", "URL", "Notes", OWNER, KIND].map(str::to_owned).into();
        for field in &content.fields {
            let name = match field.name.as_str() {
                PASSWORD => "Password",
                VALUE if content.field(PASSWORD).is_none() => "Password",
                TOTP if field.text.expose().starts_with("otpauth://") => "otp",
                name => name,
            };
            // It must not push out another, nor what KeePass means by the name.
            let plain = self.seen("field", name);
            let mut free = plain.clone();
            for n in 2.. {
                if !taken.contains(&free) {
                    break;
                }
                free = format!("{plain} ({n})");
            }
            if free != plain {
                self.lose(name, Why::OtherForm);
            }
            taken.push(free.clone());
            let text = field.text.expose();
            let value = match field.text.is_secret() {
                true => Value::protected(text),
                false => Value::unprotected(self.seen(&field.name, text)),
            };
            entry.set(free, value);
        }
    }

    /// `History::add_entry` puts each before those that are there, and the oldest has to be the first.
    fn past(&mut self, mut history: History, record: &Record, now: &Entry) -> History {
        for older in record.history.iter().rev() {
            let mut entry = now.clone();
            entry.fields.clear();
            entry.history = None;
            self.fill(&mut entry, &older.content);
            entry.times = times(&older.content, record.created, older.at);
            history.add_entry(entry);
        }
        history
    }
}

//! The audit log: what happened, in a chain that shows every change made to it afterwards.

use hmac::Mac;
use keyturn_model::{Entropy, Id, MemberId, Timestamp, VaultId};
use minicbor::bytes::ByteSlice;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    VaultError,
    error::Result,
    header::{Header, mac},
    keys::{MemberSeed, PublicKeys, VaultKeys, is_signed},
    seal,
    secret::Key,
};

/// Entries between two signed heads.
const CHECKPOINT_EVERY: u64 = 100;

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The member.
    pub id: MemberId,
    /// What the member was called then.
    pub name: String,
}

/// What is about to be entered: what happened, about whom or what.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub(crate) action: String,
    pub(crate) about: Option<[u8; 16]>,
    pub(crate) about_name: String,
    pub(crate) detail: String,
}

impl Draft {
    /// Something happened; `action` reads like `backup.made`.
    #[must_use]
    pub fn of(action: &str) -> Self {
        Self { action: action.to_owned(), ..Self::default() }
    }

    /// To something with an id and a name.
    #[must_use]
    pub fn about<T>(self, id: Id<T>, name: &str) -> Self {
        Self { about: Some(*id.bytes()), about_name: name.to_owned(), ..self }
    }

    /// With a detail; never a secret.
    #[must_use]
    pub fn with(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }
}

/// The end of the chain: how many entries, and the mac of the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Head {
    /// How many entries.
    pub seq: u64,
    /// The mac of the last one.
    pub mac: [u8; 32],
}

/// An entry as it is read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from 1.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub action: String,
    /// About which id.
    pub about: Option<[u8; 16]>,
    /// About what, by name.
    pub about_name: String,
    /// More.
    pub detail: String,
}

fn sealed_entry(key: &Key, before: &[u8; 32], entry: &Entry) -> [u8; 32] {
    let mut bytes = Vec::with_capacity(256);
    let about = entry.about.as_ref().map(|id| <&ByteSlice>::from(id.as_slice()));
    let parts = (
        entry.seq,
        entry.at.0,
        <&ByteSlice>::from(entry.actor.id.bytes().as_slice()),
        &entry.actor.name,
        &entry.action,
        about,
        &entry.about_name,
        &entry.detail,
    );
    // Encoding into memory cannot fail.
    let _ = minicbor::encode(parts, &mut bytes);
    mac(key, before).chain_update(&bytes).finalize().into_bytes().into()
}

/// Appends an entry; `head` moves on.
pub(crate) fn append(
    connection: &Connection,
    key: &Key,
    head: &mut Head,
    at: Timestamp,
    actor: &Actor,
    draft: Draft,
) -> rusqlite::Result<()> {
    let Draft { action, about, about_name, detail } = draft;
    let seq = head.seq + 1;
    let entry = Entry { seq, at, actor: actor.clone(), action, about, about_name, detail };
    let mac = sealed_entry(key, &head.mac, &entry);
    let mut insert = connection.prepare_cached(
        "INSERT INTO entry (seq, at, actor, actor_name, action, about, about_name, detail, mac)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    insert.execute(params![
        i64::try_from(seq).unwrap_or(i64::MAX),
        at.0,
        actor.id.bytes(),
        actor.name,
        entry.action,
        entry.about,
        entry.about_name,
        entry.detail,
        mac
    ])?;
    *head = Head { seq, mac };
    Ok(())
}

/// Whether the head is due to be signed.
pub(crate) fn is_checkpoint_due(head: Head) -> bool {
    head.seq.is_multiple_of(CHECKPOINT_EVERY)
}

/// Signs the head with the member's own key.
pub(crate) fn checkpoint(
    connection: &Connection,
    head: Head,
    vault: VaultId,
    member: MemberId,
    seed: &MemberSeed,
) -> rusqlite::Result<()> {
    let signature = seed.sign(&signed_message(vault, head));
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO checkpoint (seq, mac, member, public_key, signature)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            i64::try_from(head.seq).unwrap_or(i64::MAX),
            head.mac,
            member.bytes(),
            seed.public().signing,
            signature
        ])?;
    Ok(())
}

fn signed_message(vault: VaultId, head: Head) -> Vec<u8> {
    [b"keyturn 1 audit head".as_slice(), vault.bytes(), &head.seq.to_be_bytes(), &head.mac].concat()
}

/// Keeps the audit key from the next entry on, so that the chain outlives its generation.
pub(crate) fn begin_key(
    connection: &Connection,
    keys: &VaultKeys,
    vault: VaultId,
    generation: u64,
    head: Head,
    entropy: &dyn Entropy,
) -> rusqlite::Result<()> {
    let first = head.seq + 1;
    let place = key_place(vault, generation, first);
    let sealed = seal::seal(&keys.record, &place, keys.audit.expose(), entropy);
    connection.execute(
        "INSERT OR REPLACE INTO audit_key (first_seq, sealed) VALUES (?1, ?2)",
        params![i64::try_from(first).unwrap_or(i64::MAX), sealed],
    )?;
    Ok(())
}

/// Where the sealed audit key from entry `first` on belongs.
pub(crate) fn key_place(vault: VaultId, generation: u64, first: u64) -> Vec<u8> {
    [
        b"keyturn 1 audit key".as_slice(),
        vault.bytes(),
        &generation.to_be_bytes(),
        &first.to_be_bytes(),
    ]
    .concat()
}

/// Who may have signed a head: the members of the header, and those who are named in the log.
pub(crate) struct Chain<'a> {
    pub(crate) vault: VaultId,
    pub(crate) generation: u64,
    pub(crate) record: &'a Key,
    pub(crate) members: Vec<(MemberId, PublicKeys)>,
}

impl<'a> Chain<'a> {
    pub(crate) fn of(header: &Header, keys: &'a VaultKeys) -> Self {
        let members = header.members.iter().map(|member| (member.id(), member.public()));
        Self {
            vault: header.vault(),
            generation: header.generation,
            record: &keys.record,
            members: members.collect(),
        }
    }

    /// Walks the whole chain up to `head`.
    ///
    /// # Errors
    /// [`VaultError::AuditBroken`] with the first entry that is not what was written.
    pub(crate) fn verify(&self, connection: &Connection, head: Head) -> Result<()> {
        let keys = self.keys(connection)?;
        let mut checkpoints = self.checkpoints(connection)?.into_iter().peekable();
        let mut list = connection.prepare("SELECT * FROM entry ORDER BY seq").map_err(of_log)?;
        let mut rows = list.query([]).map_err(of_log)?;
        let mut reached = Head::default();
        while let Some(row) = rows.next().map_err(of_log)? {
            let broken = VaultError::AuditBroken { number: reached.seq + 1 };
            let Ok((entry, mac)) = read(row) else { return Err(broken) };
            let key = keys.iter().rev().find(|(first, _)| *first <= entry.seq);
            let Some((_, key)) = key else { return Err(broken) };
            if entry.seq != reached.seq + 1 || sealed_entry(key, &reached.mac, &entry) != mac {
                return Err(broken);
            }
            reached = Head { seq: entry.seq, mac };
            if checkpoints.next_if(|point| point.head.seq == entry.seq).is_some_and(|point| {
                point.head.mac != mac || !self.is_signature_of_a_member(&point)
            }) {
                return Err(broken);
            }
        }
        if reached != head || checkpoints.next().is_some() {
            return Err(VaultError::AuditBroken { number: reached.seq.min(head.seq) + 1 });
        }
        Ok(())
    }

    fn is_signature_of_a_member(&self, point: &Checkpoint) -> bool {
        let known = self.members.iter().find(|(id, _)| *id == point.member);
        // The key of a member who was removed is the one that stands in the checkpoint.
        known.is_none_or(|(_, public)| public.signing == point.public_key)
            && is_signed(
                &point.public_key,
                &signed_message(self.vault, point.head),
                &point.signature,
            )
    }

    /// The audit keys, each with the first entry that it seals.
    fn keys(&self, connection: &Connection) -> Result<Vec<(u64, Key)>> {
        let mut list = connection
            .prepare("SELECT first_seq, sealed FROM audit_key ORDER BY first_seq")
            .map_err(of_log)?;
        let rows: Vec<(i64, Vec<u8>)> = list
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .and_then(Iterator::collect)
            .map_err(of_log)?;
        rows.into_iter()
            .map(|(first, sealed)| {
                let first = u64::try_from(first).unwrap_or_default();
                let place = key_place(self.vault, self.generation, first);
                let key = seal::open(self.record, &place, &sealed);
                let key = key.and_then(|bytes| Key::copied(&bytes));
                key.map(|key| (first, key)).ok_or(VaultError::AuditBroken { number: first })
            })
            .collect()
    }

    fn checkpoints(&self, connection: &Connection) -> Result<Vec<Checkpoint>> {
        let mut list = connection
            .prepare("SELECT seq, mac, member, public_key, signature FROM checkpoint ORDER BY seq")
            .map_err(of_log)?;
        list.query_map([], |row| {
            let seq: i64 = row.get(0)?;
            Ok(Checkpoint {
                head: Head { seq: u64::try_from(seq).unwrap_or_default(), mac: row.get(1)? },
                member: MemberId::from_bytes(row.get(2)?),
                public_key: row.get(3)?,
                signature: row.get(4)?,
            })
        })
        .and_then(Iterator::collect)
        .map_err(of_log)
    }
}

struct Checkpoint {
    head: Head,
    member: MemberId,
    public_key: [u8; 32],
    signature: [u8; 64],
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<(Entry, [u8; 32])> {
    let seq: i64 = row.get("seq")?;
    let entry = Entry {
        seq: u64::try_from(seq).unwrap_or_default(),
        at: Timestamp(row.get("at")?),
        actor: Actor { id: MemberId::from_bytes(row.get("actor")?), name: row.get("actor_name")? },
        action: row.get("action")?,
        about: row.get("about")?,
        about_name: row.get("about_name")?,
        detail: row.get("detail")?,
    };
    Ok((entry, row.get("mac")?))
}

/// The newest entries before `before`, the newest first.
pub(crate) fn newest(
    connection: &Connection,
    before: Option<u64>,
    most: u32,
) -> rusqlite::Result<Vec<Entry>> {
    let before = before.and_then(|b| i64::try_from(b).ok()).unwrap_or(i64::MAX);
    connection
        .prepare_cached("SELECT * FROM entry WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2")?
        .query_map(params![before, most], |row| read(row).map(|(entry, _)| entry))?
        .collect()
}

/// The newest entries about something before `before`, the newest first.
pub(crate) fn about(
    connection: &Connection,
    id: &[u8; 16],
    before: Option<u64>,
    most: u32,
) -> rusqlite::Result<Vec<Entry>> {
    let before = before.and_then(|b| i64::try_from(b).ok()).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "SELECT * FROM entry WHERE about = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3",
        )?
        .query_map(params![id, before, most], |row| read(row).map(|(entry, _)| entry))?
        .collect()
}

/// The newest entry about something that is one of two actions.
pub(crate) fn last_of(
    connection: &Connection,
    id: &[u8; 16],
    [one, other]: [&str; 2],
) -> rusqlite::Result<Option<Entry>> {
    connection
        .prepare_cached(
            "SELECT * FROM entry WHERE about = ?1 AND action IN (?2, ?3) ORDER BY seq DESC LIMIT 1",
        )?
        .query_row(params![id, one, other], |row| read(row).map(|(entry, _)| entry))
        .optional()
}

/// The mac of entry `seq`, when it is there.
pub(crate) fn mac_of(connection: &Connection, seq: u64) -> rusqlite::Result<Option<[u8; 32]>> {
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    connection.query_row("SELECT mac FROM entry WHERE seq = ?1", [seq], |row| row.get(0)).optional()
}

fn of_log(error: rusqlite::Error) -> VaultError {
    crate::error::of_database(std::path::Path::new("the audit log"))(error)
}

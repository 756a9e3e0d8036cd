//! Channels, and what is told there: durable before it is sent, and of each event once for each channel.
//!
//! A message is kept until it was sent, or a person lets it go. Its text holds no secret; the secrets of a channel are
//! sealed like those of an account.

use keyturn_model::{ChannelId, Name, Timestamp, channel::Channel, rotation::Why};
use rusqlite::{Connection, OptionalExtension, params};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::{
    VaultError,
    audit::Draft,
    error::Result,
    inventory::{of_word, word},
    rotation::secrets,
    vault::Vault,
};

const CHANNEL: &[&str] = &["channel", "message", "setup_secret"];
const MESSAGE: &[&str] = &["message"];
/// The most messages of one channel that were not sent.
const MOST_UNSENT: u32 = 500;
/// For so long it is known that something was told: longer than anybody looks back.
const REMEMBERED_S: i64 = 60 * 24 * 3600;

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptChannel {
    /// Which.
    pub id: ChannelId,
    /// Its version, compared when it is changed.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// How it is set up.
    pub channel: Channel,
    /// The names of the secrets that are there.
    pub secrets: Vec<String>,
    /// What happened before is not told.
    pub since: Timestamp,
}

/// Something to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToTell {
    /// Where.
    pub channel: ChannelId,
    /// Of what: the same for the same event.
    pub event: String,
    /// The first line.
    pub subject: String,
    /// The rest.
    pub text: String,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MessageState {
    /// It is to be sent.
    Waiting,
    /// It was given up, and a person should know.
    Failed,
    /// It was sent, or a person let it go.
    Settled,
}

/// A message that was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptMessage {
    /// Its number.
    pub id: i64,
    /// Where it is told.
    pub channel: ChannelId,
    /// Of what.
    pub event: String,
    /// When it was written.
    pub at: Timestamp,
    /// The first line.
    pub subject: String,
    /// The rest.
    pub text: String,
    /// Whether it was given up.
    pub failed: bool,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried again.
    pub next: Timestamp,
    /// Why it was not sent last.
    pub fault: Option<Why>,
}

impl Vault {
    /// The channels, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn channels(&self) -> Result<Vec<KeptChannel>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            let read = || -> rusqlite::Result<Vec<KeptChannel>> {
                let mut list = connection.prepare_cached(
                    "SELECT id, version, name, content, since FROM channel ORDER BY name",
                )?;
                let mut rows = list.query([])?;
                let mut all = Vec::new();
                while let Some(row) = rows.next()? {
                    let id: [u8; 16] = row.get(0)?;
                    let Ok(channel) = serde_json::from_str(row.get_ref(3)?.as_str()?) else {
                        continue;
                    };
                    all.push(KeptChannel {
                        id: ChannelId::from_bytes(id),
                        version: row.get(1)?,
                        name: row.get(2)?,
                        channel,
                        secrets: secrets::names(connection, &id)?,
                        since: Timestamp(row.get(4)?),
                    });
                }
                Ok(all)
            };
            read().map_err(opened.store.failed())
        })
    }

    /// Keeps a channel: a new one, or another setup for one that is there. Secrets that are not named stay, an empty
    /// one goes. One that is off forgets what waits.
    ///
    /// # Errors
    /// [`VaultError::Changed`] when `version` is not the one in force, [`VaultError::NameTaken`].
    pub fn save_channel(
        &self,
        id: Option<ChannelId>,
        version: i64,
        name: &Name,
        channel: &Channel,
        secrets: &[(String, SecretString)],
    ) -> Result<ChannelId> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let failed = opened.store.failed();
        let now = self.around.clock.now();
        let fresh = id.is_none();
        let id = id.unwrap_or_else(|| ChannelId::new(now, &*self.around.entropy));
        let action = if fresh { "channel.added" } else { "channel.changed" };
        let content = serde_json::to_string(channel).unwrap_or_default();
        let draft = |(): &()| Draft::of(action).about(id, name.as_str());
        opened.store.write(&opened.header, &author, CHANNEL, draft, |transaction| {
            let taken = "SELECT EXISTS (SELECT 1 FROM channel WHERE name = ?1 AND id != ?2)";
            let taken: bool = transaction
                .query_row(taken, params![name.as_str(), id.bytes()], |row| row.get(0))
                .map_err(&failed)?;
            if taken {
                return Err(VaultError::NameTaken);
            }
            let written = if fresh {
                transaction.execute(
                    "INSERT INTO channel (id, version, name, content, since)
                     VALUES (?1, 1, ?2, ?3, ?4)",
                    params![id.bytes(), name.as_str(), content, now.0],
                )
            } else {
                // What happened while it was off is not told.
                transaction.execute(
                    "UPDATE channel SET version = version + 1, name = ?2, content = ?3,
                         since = iif(content ->> '$.on' = 0 AND ?6, ?4, since)
                     WHERE id = ?1 AND version = ?5",
                    params![id.bytes(), name.as_str(), content, now.0, version, channel.on],
                )
            };
            if written.map_err(&failed)? == 0 {
                return Err(VaultError::Changed);
            }
            if !channel.on {
                transaction
                    .execute(
                        "UPDATE message SET state = ?2, text = '' WHERE channel = ?1",
                        params![id.bytes(), word(&MessageState::Settled)],
                    )
                    .map_err(&failed)?;
            }
            self.keep_secrets(&opened, transaction, id.bytes(), secrets).map_err(&failed)
        })?;
        Ok(id)
    }

    /// Deletes a channel, with what waits there.
    ///
    /// # Errors
    /// [`VaultError::Changed`] when it is gone.
    pub fn delete_channel(&self, id: ChannelId) -> Result<()> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let draft = |name: &String| Draft::of("channel.deleted").about(id, name);
        let deleted = opened.store.write(&opened.header, &author, CHANNEL, draft, |transaction| {
            let delete = "DELETE FROM channel WHERE id = ?1 RETURNING name";
            transaction
                .query_row(delete, [id.bytes()], |row| row.get(0))
                .optional()
                .map_err(opened.store.failed())?
                .ok_or(VaultError::Changed)
        });
        deleted.map(drop)
    }

    /// Keeps what is to be told; what is known already is not kept again. Where too much waits there is no room: gives
    /// whether there was for all.
    ///
    /// # Errors
    /// When it could not be made durable: then nothing is sent.
    pub fn keep_messages(&self, all: &[ToTell]) -> Result<bool> {
        let now = self.around.clock.now();
        self.write_messages(|transaction| {
            transaction
                .prepare_cached("DELETE FROM message WHERE state = ?1 AND at < ?2")?
                .execute(params![
                    word(&MessageState::Settled),
                    now.plus_seconds(-REMEMBERED_S).0
                ])?;
            let mut room = true;
            for one in all {
                let unsent: u32 = transaction
                    .prepare_cached(
                        "SELECT count(*) FROM message WHERE channel = ?1 AND state != ?2",
                    )?
                    .query_row(
                        params![one.channel.bytes(), word(&MessageState::Settled)],
                        |row| row.get(0),
                    )?;
                if unsent >= MOST_UNSENT {
                    room = false;
                    continue;
                }
                transaction
                    .prepare_cached(
                        "INSERT INTO message (channel, event, at, subject, text, state, tries, next)
                         SELECT ?1, ?2, ?3, ?4, ?5, ?6, 0, ?3
                         WHERE EXISTS (SELECT 1 FROM channel WHERE id = ?1)
                         ON CONFLICT (channel, event) DO NOTHING",
                    )?
                    .execute(params![
                        one.channel.bytes(),
                        one.event,
                        now.0,
                        one.subject,
                        one.text,
                        word(&MessageState::Waiting),
                    ])?;
            }
            Ok(room)
        })
    }

    /// Whether something was kept to be told there, and is not forgotten yet.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn is_told(&self, channel: ChannelId, event: &str) -> Result<bool> {
        let opened = self.opened();
        opened.store.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM message WHERE channel = ?1 AND event = ?2)",
                )
                .and_then(|mut one| {
                    one.query_row(params![channel.bytes(), event], |row| row.get(0))
                })
                .map_err(opened.store.failed())
        })
    }

    /// What was not sent, what was tried least first, then the oldest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn unsent(&self) -> Result<Vec<KeptMessage>> {
        let opened = self.opened();
        opened.store.read(|connection| unsent(connection).map_err(opened.store.failed()))
    }

    /// A message was sent. That is no act of a member, so the log has no entry.
    ///
    /// # Errors
    /// When it could not be made durable: then it is sent once more.
    pub fn message_sent(&self, id: i64) -> Result<()> {
        self.write_messages(|transaction| {
            transaction
                .execute(
                    "UPDATE message SET state = ?2, text = '', fault = NULL WHERE id = ?1",
                    params![id, word(&MessageState::Settled)],
                )
                .map(drop)
        })
    }

    /// A message was not sent. It is tried again then, as everything that waits for the same channel, or given up.
    ///
    /// # Errors
    /// When it could not be made durable.
    pub fn message_failed(&self, id: i64, why: Why, next: Option<Timestamp>) -> Result<()> {
        let state = next.map_or(MessageState::Failed, |_| MessageState::Waiting);
        self.write_messages(|transaction| {
            transaction.execute(
                "UPDATE message SET tries = tries + 1, fault = ?2, state = ?3 WHERE id = ?1",
                params![id, word(&why), word(&state)],
            )?;
            let Some(next) = next else { return Ok(()) };
            transaction
                .execute(
                    "UPDATE message SET next = max(next, ?2)
                     WHERE channel = (SELECT channel FROM message WHERE id = ?1)",
                    params![id, next.0],
                )
                .map(drop)
        })
    }

    /// A person has messages sent again that were given up, or lets them go.
    ///
    /// # Errors
    /// When it could not be made durable.
    pub fn settle_messages(&self, ids: &[i64], again: bool) -> Result<()> {
        let now = self.around.clock.now();
        let (action, state) = match again {
            true => ("messages.retried", MessageState::Waiting),
            false => ("messages.dismissed", MessageState::Settled),
        };
        let draft = Draft::of(action).with(ids.len().to_string());
        self.write(draft, MESSAGE, |transaction| {
            for id in ids {
                transaction
                    .execute(
                        "UPDATE message SET state = ?2, tries = 0, next = ?3
                         WHERE id = ?1 AND state = ?4",
                        params![id, word(&state), now.0, word(&MessageState::Failed)],
                    )
                    .map_err(|error| self.opened().store.failed()(error))?;
            }
            Ok(())
        })
    }

    fn write_messages<T>(
        &self,
        change: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let nothing = |_: &T| Vec::new();
        opened.store.write_all(&opened.header, &author, MESSAGE, nothing, |transaction| {
            change(transaction).map_err(opened.store.failed())
        })
    }
}

fn unsent(connection: &Connection) -> rusqlite::Result<Vec<KeptMessage>> {
    connection
        .prepare_cached(
            "SELECT id, channel, event, at, subject, text, state, tries, next, fault FROM message
             WHERE state != ?1 ORDER BY tries, id",
        )?
        .query_map([word(&MessageState::Settled)], |row| {
            Ok(KeptMessage {
                id: row.get(0)?,
                channel: ChannelId::from_bytes(row.get(1)?),
                event: row.get(2)?,
                at: Timestamp(row.get(3)?),
                subject: row.get(4)?,
                text: row.get(5)?,
                failed: of_word(row.get_ref(6)?.as_str()?) == Some(MessageState::Failed),
                tries: row.get(7)?,
                next: Timestamp(row.get(8)?),
                fault: row.get_ref(9)?.as_str_or_null()?.and_then(of_word),
            })
        })?
        .collect()
}

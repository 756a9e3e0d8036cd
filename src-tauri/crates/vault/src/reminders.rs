//! What was told of the dates of credentials, what is snoozed, and what is muted. What is to be told is decided by
//! who asks; that it was told is durable before anybody sees it.

use keyturn_model::{
    CredentialId, Kind, MuteId, Risk, Timestamp,
    reminder::{Deadline, Mute, Reminder, Severity, Subject, Told},
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{
    VaultError,
    audit::Draft,
    error::Result,
    inventory::{of_word, word},
    rotation::IS_OPEN,
    vault::Vault,
};

const REMINDER: &[&str] = &["reminder"];
const MUTE: &[&str] = &["mute"];

/// A date of a credential, with what was told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptReminder {
    /// The date, and what of it was told.
    pub reminder: Reminder<CredentialId>,
    /// What people call the credential.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Where it is used.
    pub environment: String,
    /// Who answers for it.
    pub owner: String,
    /// What its loss would mean.
    pub risk: Risk,
    /// What was told last, of this date or of an earlier one.
    pub notice: Option<KeptNotice>,
}

/// The last notice of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptNotice {
    /// The date that it was about.
    pub at: Timestamp,
    /// When it was told.
    pub moment: Timestamp,
    /// Under which number; several dates may have one notice.
    pub number: u32,
    /// Whether it is known to have been shown.
    pub shown: bool,
    /// When somebody said that it is done.
    pub done: Option<Timestamp>,
}

/// That something is told.
#[derive(Debug, Clone)]
pub struct Telling {
    /// Of which credential.
    pub credential: CredentialId,
    /// Of which of its dates.
    pub deadline: Deadline,
    /// All that was told of the date, with this.
    pub told: Told,
    /// The notice. Whatever it is, it is not done.
    pub notice: KeptNotice,
}

/// A mute, with who set it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptMute {
    /// Which.
    pub id: MuteId,
    /// What is not told, and why.
    pub mute: Mute,
    /// Who set it.
    pub by: String,
    /// When.
    pub since: Timestamp,
}

impl Vault {
    /// The dates of all credentials that are not put away, each with what was told of it. While a credential is
    /// being replaced, its planned rotation is none.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn reminders(&self) -> Result<Vec<KeptReminder>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            let read = || -> rusqlite::Result<_> {
                let mutes = mutes(connection)?;
                let mut all = Vec::new();
                for (deadline, dated) in [
                    (Deadline::Expiry, "expires IS NOT NULL".to_owned()),
                    (Deadline::Rotation, format!("rotates IS NOT NULL AND NOT {IS_OPEN}")),
                ] {
                    let column = match deadline {
                        Deadline::Expiry => "expires",
                        Deadline::Rotation => "rotates",
                    };
                    let mut list = connection.prepare_cached(&format!(
                        "SELECT id, {column}, name, kind, environment, owner, risk, r.at, told, moment,
                                notice, shown, snoozed, r.done
                         FROM credential
                         LEFT JOIN reminder r ON r.credential = id AND r.deadline = ?1
                         WHERE archived IS NULL AND {dated}"
                    ))?;
                    let mut rows = list.query([word(&deadline)])?;
                    while let Some(row) = rows.next()? {
                        all.push(kept(row, deadline, &mutes)?);
                    }
                }
                Ok(all)
            };
            read().map_err(opened.store.failed())
        })
    }

    /// Keeps what is told, before it is shown.
    ///
    /// # Errors
    /// When it could not be made durable: then it must not be shown.
    pub fn keep_told(&self, all: &[Telling]) -> Result<()> {
        let draft = Draft::of("reminders.told").with(all.len().to_string());
        self.write(draft, REMINDER, |transaction| {
            let write = || -> rusqlite::Result<()> {
                let mut keep = transaction.prepare_cached(
                    "INSERT INTO reminder (credential, deadline, at, told, moment, notice, shown)
                     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
                     WHERE EXISTS (SELECT 1 FROM credential WHERE id = ?1)
                     ON CONFLICT (credential, deadline) DO UPDATE SET at = excluded.at,
                         told = excluded.told, moment = excluded.moment, notice = excluded.notice,
                         shown = excluded.shown, snoozed = NULL, done = NULL",
                )?;
                for one in all {
                    keep.execute(params![
                        one.credential.bytes(),
                        word(&one.deadline),
                        one.notice.at.0,
                        serde_json::to_string(&one.told).unwrap_or_default(),
                        one.notice.moment.0,
                        one.notice.number,
                        one.notice.shown,
                    ])?;
                }
                Ok(())
            };
            write().map_err(|error| self.opened().store.failed()(error))
        })
    }

    /// Everything that was told is known to have been shown. That is no act of a member, so the log has no entry.
    ///
    /// # Errors
    /// When it could not be made durable: then it is shown again, under the same number.
    pub fn note_shown(&self) -> Result<()> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let nothing = |(): &()| Vec::new();
        opened.store.write_all(&opened.header, &author, REMINDER, nothing, |transaction| {
            transaction
                .execute("UPDATE reminder SET shown = 1 WHERE shown = 0", [])
                .map(drop)
                .map_err(opened.store.failed())
        })
    }

    /// Tells nothing of a date before a moment, or says that it is done.
    ///
    /// # Errors
    /// [`VaultError::Changed`] when nothing was told of it.
    pub fn settle_reminder(
        &self,
        credential: CredentialId,
        deadline: Deadline,
        snoozed: Option<Timestamp>,
    ) -> Result<()> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let failed = opened.store.failed();
        let now = self.around.clock.now();
        let draft = |name: &String| match snoozed {
            Some(until) => {
                Draft::of("reminder.snoozed").about(credential, name).with(format!("until {until}"))
            }
            None => Draft::of("reminder.done").about(credential, name),
        };
        let settled = opened.store.write(&opened.header, &author, REMINDER, draft, |transaction| {
            let settle = || -> rusqlite::Result<Option<String>> {
                let settled = transaction.execute(
                    "UPDATE reminder SET snoozed = ?3, done = ?4
                     WHERE credential = ?1 AND deadline = ?2",
                    params![
                        credential.bytes(),
                        word(&deadline),
                        snoozed.map(|at| at.0),
                        snoozed.is_none().then_some(now.0),
                    ],
                )?;
                if settled == 0 {
                    return Ok(None);
                }
                transaction
                    .query_row(
                        "SELECT name FROM credential WHERE id = ?1",
                        [credential.bytes()],
                        |row| row.get(0),
                    )
                    .optional()
            };
            settle().map_err(&failed)?.ok_or(VaultError::Changed)
        });
        settled.map(drop)
    }

    /// What is muted, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn mutes(&self) -> Result<Vec<KeptMute>> {
        let opened = self.opened();
        opened.store.read(|connection| mutes(connection).map_err(opened.store.failed()))
    }

    /// Mutes something.
    ///
    /// # Errors
    /// When it could not be made durable.
    pub fn mute(&self, mute: &Mute) -> Result<()> {
        let now = self.around.clock.now();
        let id = MuteId::new(now, &*self.around.entropy);
        let by = self.my_name()?;
        let content = serde_json::to_string(mute).unwrap_or_default();
        let draft = Draft::of("reminders.muted").with(mute.reason.clone());
        self.write(draft, MUTE, |transaction| {
            transaction
                .execute(
                    "INSERT INTO mute (id, content, by_name, since) VALUES (?1, ?2, ?3, ?4)",
                    params![id.bytes(), content, by, now.0],
                )
                .map(drop)
                .map_err(|error| self.opened().store.failed()(error))
        })
    }

    /// Mutes it no more.
    ///
    /// # Errors
    /// When it could not be made durable.
    pub fn unmute(&self, id: MuteId) -> Result<()> {
        self.write(Draft::of("reminders.unmuted"), MUTE, |transaction| {
            transaction
                .execute("DELETE FROM mute WHERE id = ?1", [id.bytes()])
                .map(drop)
                .map_err(|error| self.opened().store.failed()(error))
        })
    }
}

fn kept(row: &Row<'_>, deadline: Deadline, mutes: &[KeptMute]) -> rusqlite::Result<KeptReminder> {
    let moment = |at| -> rusqlite::Result<_> { Ok(row.get::<_, Option<i64>>(at)?.map(Timestamp)) };
    let subject = Subject {
        id: CredentialId::from_bytes(row.get(0)?),
        kind: Kind::named(row.get_ref(3)?.as_str()?).unwrap_or(Kind::Secret),
        environment: row.get_ref(4)?.as_str()?,
        owner: row.get_ref(5)?.as_str()?,
        risk: of_word(row.get_ref(6)?.as_str()?).unwrap_or(Risk::High),
    };
    let at = Timestamp(row.get(1)?);
    let notice = match moment(7)? {
        None => None,
        Some(at) => Some(KeptNotice {
            at,
            moment: Timestamp(row.get(9)?),
            number: row.get(10)?,
            shown: row.get(11)?,
            done: moment(13)?,
        }),
    };
    let is_of_this = notice.is_some_and(|notice| notice.at == at);
    let told = row.get_ref(8)?.as_str_or_null()?.filter(|_| is_of_this);
    let muted: Option<Severity> = mutes
        .iter()
        .filter(|kept| kept.mute.holds_for(&subject))
        .map(|kept| kept.mute.severity)
        .max();
    Ok(KeptReminder {
        reminder: Reminder {
            whose: subject.id,
            deadline,
            at,
            // What another version of this program wrote says nothing.
            told: told.and_then(|told| serde_json::from_str(told).ok()).unwrap_or_default(),
            moment: notice.filter(|_| is_of_this).map(|notice| notice.moment),
            snoozed: moment(12)?.filter(|_| is_of_this),
            muted,
        },
        name: row.get(2)?,
        kind: subject.kind,
        environment: subject.environment.to_owned(),
        owner: subject.owner.to_owned(),
        risk: subject.risk,
        notice,
    })
}

/// What is muted; what cannot be read mutes nothing.
fn mutes(connection: &Connection) -> rusqlite::Result<Vec<KeptMute>> {
    let mut list =
        connection.prepare_cached("SELECT id, content, by_name, since FROM mute ORDER BY id")?;
    let mut rows = list.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let Ok(mute) = serde_json::from_str(row.get_ref(1)?.as_str()?) else { continue };
        all.push(KeptMute {
            id: MuteId::from_bytes(row.get(0)?),
            mute,
            by: row.get(2)?,
            since: Timestamp(row.get(3)?),
        });
    }
    Ok(all)
}

//! Emergencies as they are kept: each is one row, compared by its version when it is changed.

use keyturn_model::{CredentialId, IncidentId, MemberId, Timestamp, incident::Incident};
use rusqlite::{OptionalExtension, Row, params};

use crate::{
    VaultError,
    audit::{Draft, Entry},
    error::Result,
    inventory::Taken,
    vault::Vault,
};

const INCIDENT: &[&str] = &["incident"];
const STARTED: &[&str] = &["incident", "credential"];

/// An emergency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptIncident {
    /// Which.
    pub id: IncidentId,
    /// Its version, compared when it is changed.
    pub version: i64,
    /// What people call it: `INC-2026-007`.
    pub reference: String,
    /// What is known of it.
    pub incident: Incident,
}

/// That somebody took a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// Of which credential.
    pub credential: CredentialId,
    /// What they did.
    pub taken: Taken,
    /// When last.
    pub at: Timestamp,
}

impl Vault {
    /// The emergencies, the newest first; of those that cannot be read here none is given.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn incidents(&self, open_only: bool) -> Result<Vec<KeptIncident>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            let read = || -> rusqlite::Result<Vec<KeptIncident>> {
                let mut list = connection.prepare_cached(
                    "SELECT id, version, reference, content FROM incident
                     WHERE open OR NOT ?1 ORDER BY opened DESC, reference DESC",
                )?;
                let all =
                    list.query_map([open_only], kept)?.collect::<rusqlite::Result<Vec<_>>>()?;
                Ok(all.into_iter().flatten().collect())
            };
            read().map_err(opened.store.failed())
        })
    }

    /// An emergency.
    ///
    /// # Errors
    /// [`VaultError::IncidentGone`], and when the database cannot be read.
    pub fn incident(&self, id: IncidentId) -> Result<KeptIncident> {
        let opened = self.opened();
        opened.store.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT id, version, reference, content FROM incident WHERE id = ?1",
                )
                .and_then(|mut one| one.query_row([id.bytes()], kept).optional())
                .map_err(opened.store.failed())?
                .flatten()
                .ok_or(VaultError::IncidentGone)
        })
    }

    /// Enters an emergency under the next number of its year.
    ///
    /// # Errors
    /// When it could not be made durable.
    pub fn open_incident(&self, incident: &Incident) -> Result<IncidentId> {
        let id = IncidentId::new(self.around.clock.now(), &*self.around.entropy);
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let year = incident.opened.utc().format("%Y").to_string();
        let letters = if incident.drill { "DRILL" } else { "INC" };
        let draft = |reference: &String| {
            Draft::of("incident.opened").about(id, reference).with(incident.title.clone())
        };
        let entered = opened.store.write(&opened.header, &author, INCIDENT, draft, |transaction| {
            let enter = || -> rusqlite::Result<String> {
                let begins = format!("{letters}-{year}-");
                let last: Option<u32> = transaction.query_row(
                    "SELECT max(CAST(substr(reference, length(?1) + 1) AS INTEGER)) FROM incident
                     WHERE substr(reference, 1, length(?1)) = ?1",
                    [&begins],
                    |row| row.get(0),
                )?;
                let number = last.unwrap_or(0).saturating_add(1);
                let reference = format!("{begins}{number:03}");
                transaction.execute(
                    "INSERT INTO incident (id, version, reference, opened, open, content)
                     VALUES (?1, 1, ?2, ?3, 1, ?4)",
                    params![id.bytes(), reference, incident.opened.0, written(incident)],
                )?;
                Ok(reference)
            };
            enter().map_err(opened.store.failed())
        });
        entered.map(|_| id)
    }

    /// Keeps what changed of an emergency; `draft` says what.
    ///
    /// # Errors
    /// [`VaultError::Changed`] when somebody changed it meanwhile, [`VaultError::IncidentGone`].
    pub fn save_incident(&self, kept: &KeptIncident, action: &str, detail: &str) -> Result<()> {
        let draft = Draft::of(action).about(kept.id, &kept.reference).with(detail);
        self.write(draft, INCIDENT, |transaction| self.keep_incident(transaction, kept))
    }

    /// The same when its rotations are begun: its credentials count as compromised until they have a new value, as those
    /// have that are being rotated and have it already.
    ///
    /// # Errors
    /// Those of [`Self::save_incident`].
    pub fn start_incident(&self, kept: &KeptIncident) -> Result<()> {
        let draft = Draft::of("incident.started")
            .about(kept.id, &kept.reference)
            .with(kept.incident.taken().count().to_string());
        let now = self.around.clock.now();
        self.write(draft, STARTED, |transaction| {
            self.keep_incident(transaction, kept)?;
            for item in kept.incident.taken() {
                transaction
                    .execute(
                        "UPDATE credential SET compromised = 1, version = version + 1, changed = ?2
                         WHERE id = ?1 AND compromised = 0 AND NOT EXISTS (
                             SELECT 1 FROM run WHERE credential = ?1 AND open = 1
                                 AND content ->> '$.promoted')",
                        params![item.credential.bytes(), now.0],
                    )
                    .map_err(self.opened().store.failed())?;
            }
            Ok(())
        })
    }

    fn keep_incident(
        &self,
        transaction: &rusqlite::Transaction<'_>,
        kept: &KeptIncident,
    ) -> Result<()> {
        let open = kept.incident.closed.is_none();
        let changed = transaction
            .execute(
                "UPDATE incident SET version = version + 1, open = ?3, content = ?4
                 WHERE id = ?1 AND version = ?2",
                params![kept.id.bytes(), kept.version, open, written(&kept.incident)],
            )
            .map_err(self.opened().store.failed())?;
        if changed == 0 { Err(VaultError::Changed) } else { Ok(()) }
    }

    /// What happened in an emergency, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn incident_log(&self, id: IncidentId) -> Result<Vec<Entry>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            let mut all = crate::audit::about(connection, id.bytes(), None, u32::MAX)
                .map_err(opened.store.failed())?;
            all.reverse();
            Ok(all)
        })
    }

    /// The values that a member saw or copied, by what the audit log says.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn touched_by(&self, member: MemberId) -> Result<Vec<Touched>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            let read = || -> rusqlite::Result<Vec<Touched>> {
                connection
                    .prepare_cached(
                        "SELECT about, action, max(at) FROM entry
                         WHERE actor = ?1 AND about IS NOT NULL
                             AND action IN ('credential.revealed', 'credential.copied')
                         GROUP BY about, action",
                    )?
                    .query_map([member.bytes()], |row| {
                        let copied = row.get_ref(1)?.as_str()? == "credential.copied";
                        Ok(Touched {
                            credential: CredentialId::from_bytes(row.get(0)?),
                            taken: if copied { Taken::Copied } else { Taken::Revealed },
                            at: Timestamp(row.get(2)?),
                        })
                    })?
                    .collect()
            };
            read().map_err(opened.store.failed())
        })
    }

    /// What a member was called who was removed; nothing where the audit log knows of none.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn removed_member(&self, member: MemberId) -> Result<Option<String>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT about_name FROM entry
                     WHERE about = ?1 AND action = 'member.removed' ORDER BY seq DESC LIMIT 1",
                )
                .and_then(|mut one| one.query_row([member.bytes()], |row| row.get(0)).optional())
                .map_err(opened.store.failed())
        })
    }
}

fn written(incident: &Incident) -> String {
    // Plain data: it can always be written.
    serde_json::to_string(incident).unwrap_or_default()
}

fn kept(row: &Row<'_>) -> rusqlite::Result<Option<KeptIncident>> {
    let Ok(incident) = serde_json::from_str(row.get_ref(3)?.as_str()?) else { return Ok(None) };
    Ok(Some(KeptIncident {
        id: IncidentId::from_bytes(row.get(0)?),
        version: row.get(1)?,
        reference: row.get(2)?,
        incident,
    }))
}

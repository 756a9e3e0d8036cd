//! All credentials at once, for the map and the timeline, and the moving of what is planned. No value is opened.

use keyturn_model::{AccountId, CredentialId, Row, Timestamp};
use rusqlite::params;

use super::{CREDENTIAL, add, read};
use crate::{VaultError, audit::Draft, error::Result, rotation::is_rotating, vault::Vault};

/// What the map and the timeline know of a credential.
#[derive(Debug, Clone)]
pub struct Overview {
    /// What a list shows of it; who uses it is not counted, the links tell that.
    pub row: Row,
    /// When it is to be replaced by its policy, or as somebody moved it.
    pub rotates: Option<Timestamp>,
    /// For which time of its calendar it was replaced already.
    pub done: Option<Timestamp>,
    /// By which account it is rotated.
    pub account: Option<AccountId>,
    /// For how long both values work after a rotation, in seconds, where that is set up.
    pub grace_s: Option<i64>,
    /// Who logs in where with it, where it is a login of a database.
    pub login: Option<Login>,
}

/// Who logs in where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The name or number of the server; empty where nobody wrote it down.
    pub host: String,
    /// Who logs in.
    pub user: String,
}

impl Vault {
    /// All credentials, by their number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn overview(&self) -> Result<Vec<Overview>> {
        let now = self.around.clock.now();
        let opened = self.opened();
        opened.store.read(|connection| {
            let read = || -> rusqlite::Result<Vec<Overview>> {
                // What another version of this program may have written says nothing; it is no fault.
                let mut list = connection.prepare_cached(&format!(
                    "SELECT {}, done, by_account,
                            CASE WHEN json_valid(rotation) THEN rotation ->> '$.graceS' END,
                            CASE WHEN kind = 'databaseLogin' AND json_valid(fields)
                                 THEN fields ->> '$.host' END,
                            CASE WHEN kind = 'databaseLogin' AND json_valid(fields)
                                 THEN fields ->> '$.user' END
                     FROM credential
                     LEFT JOIN (SELECT credential AS whose, account AS by_account, setup AS rotation
                                FROM rotation_setup) ON whose = credential.id
                     ORDER BY credential.row",
                    read::own_columns()
                ))?;
                let after = list.column_count() - 4;
                let mut rows = list.query([])?;
                let mut all = Vec::new();
                while let Some(row) = rows.next()? {
                    let text = |at| -> rusqlite::Result<Option<String>> {
                        Ok(row.get_ref(at)?.as_str_or_null().ok().flatten().map(str::to_owned))
                    };
                    let host = text(after + 2)?.unwrap_or_default();
                    let user = text(after + 3)?.filter(|user| !user.is_empty());
                    all.push(Overview {
                        rotates: read::moment(row, "rotates")?,
                        done: read::moment(row, "done")?,
                        account: row.get::<_, Option<[u8; 16]>>(after)?.map(AccountId::from_bytes),
                        grace_s: row.get_ref(after + 1)?.as_i64_or_null().ok().flatten(),
                        login: user.map(|user| Login { host, user }),
                        row: read::alone(row, now)?,
                    });
                }
                Ok(all)
            };
            read().map_err(opened.store.failed())
        })
    }

    /// Moves the next rotation of a credential, or, with nothing, puts it back to when the policy says. Whether
    /// the policy allows it is decided by whoever asks; one that it does not allow has no effect.
    ///
    /// # Errors
    /// [`VaultError::Changed`] when `version` is not the one in force, [`VaultError::Rotating`] while a run is open
    /// for it.
    pub fn move_planned(
        &self,
        id: CredentialId,
        version: i64,
        to: Option<Timestamp>,
    ) -> Result<()> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        let failed = opened.store.failed();
        let now = self.around.clock.now();
        let draft = |name: &String| {
            let to = to.map_or_else(|| "as the policy says".to_owned(), |to| to.to_string());
            Draft::of("rotation.moved").about(id, name).with(to)
        };
        opened.store.write(&opened.header, &author, CREDENTIAL, draft, |transaction| {
            let (row, there) =
                read::metadata(transaction, id).map_err(&failed)?.ok_or(VaultError::Changed)?;
            if there.version != version {
                return Err(VaultError::Changed);
            }
            if is_rotating(transaction, id).map_err(&failed)? {
                return Err(VaultError::Rotating);
            }
            let change = || -> rusqlite::Result<()> {
                transaction
                    .prepare_cached("UPDATE credential SET moved = ?2 WHERE row = ?1")?
                    .execute(params![row, to.map(|at| at.0)])?;
                let metadata = &there.metadata;
                let plan = add::schedule(transaction, Some(row), metadata, there.rotated, now)?;
                transaction
                    .prepare_cached(
                        "UPDATE credential SET version = version + 1, changed = ?2, rotates = ?3,
                             due = ?4, soon = ?5 WHERE row = ?1",
                    )?
                    .execute(params![
                        row,
                        now.0,
                        plan.rotates.map(|at| at.0),
                        plan.due.map(|at| at.0),
                        plan.soon.map(|at| at.0),
                    ])
                    .map(drop)
            };
            change().map_err(&failed)?;
            Ok(there.metadata.name)
        })?;
        self.lately.forget();
        Ok(())
    }
}

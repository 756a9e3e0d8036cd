//! All bindings at once, for the map: who uses what, and how it is taken up.

use keyturn_model::{ConsumerId, CredentialId, Timestamp, setup::BindingSetup};

use crate::{error::Result, vault::Vault};

/// One consumer of one credential, as the map shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The credential.
    pub credential: CredentialId,
    /// The consumer.
    pub consumer: ConsumerId,
    /// How the value reaches it; nothing where another version of this program wrote that.
    pub setup: Option<BindingSetup>,
    /// When it was last seen to be well.
    pub verified: Option<Timestamp>,
    /// When it was last changed.
    pub changed: Timestamp,
}

impl Vault {
    /// Who uses what.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn links(&self) -> Result<Vec<Link>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            let read = || -> rusqlite::Result<Vec<Link>> {
                let mut list = connection.prepare_cached(
                    "SELECT credential, consumer, setup, verified, changed FROM binding",
                )?;
                let mut rows = list.query([])?;
                let mut all = Vec::new();
                while let Some(row) = rows.next()? {
                    all.push(Link {
                        credential: CredentialId::from_bytes(row.get(0)?),
                        consumer: ConsumerId::from_bytes(row.get(1)?),
                        setup: serde_json::from_str(row.get_ref(2)?.as_str()?).ok(),
                        verified: row.get::<_, Option<i64>>(3)?.map(Timestamp),
                        changed: Timestamp(row.get(4)?),
                    });
                }
                Ok(all)
            };
            read().map_err(opened.store.failed())
        })
    }
}

//! Questions to the inventory that somebody kept.

use keyturn_model::{Column, Name, Ordering, SavedView, SavedViewId};
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use crate::{VaultError, audit::Draft, error::Result, vault::Vault};

const TABLES: &[&str] = &["saved_view"];

/// What a row of the table holds.
#[derive(Serialize, Deserialize)]
struct Content {
    query: String,
    ordering: Ordering,
    /// Views of before have none.
    #[serde(default)]
    hidden: Option<Vec<Column>>,
}

/// The kept questions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeptViews {
    /// Those that can be read, by name.
    pub saved: Vec<SavedView>,
    /// The names of those that cannot; they stay as they are.
    pub unread: Vec<String>,
}

impl Vault {
    /// The kept questions, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn views(&self) -> Result<KeptViews> {
        let opened = self.opened();
        opened.store.read(|connection| {
            let read = || -> rusqlite::Result<KeptViews> {
                let mut list = connection
                    .prepare_cached("SELECT id, name, content FROM saved_view ORDER BY name")?;
                let mut rows = list.query([])?;
                let mut views = KeptViews::default();
                while let Some(row) = rows.next()? {
                    let (name, content): (_, String) = (row.get(1)?, row.get(2)?);
                    let Ok(Content { query, ordering, hidden }) = serde_json::from_str(&content)
                    else {
                        views.unread.push(name);
                        continue;
                    };
                    let id = SavedViewId::from_bytes(row.get(0)?);
                    views.saved.push(SavedView { id, name, query, ordering, hidden });
                }
                Ok(views)
            };
            read().map_err(opened.store.failed())
        })
    }

    /// Keeps a question under a name.
    ///
    /// # Errors
    /// [`VaultError::NameTaken`] when there is another of that name.
    pub fn save_view(
        &self,
        id: Option<SavedViewId>,
        name: &Name,
        query: &str,
        ordering: Ordering,
        hidden: Option<Vec<Column>>,
    ) -> Result<SavedViewId> {
        let now = self.around.clock.now();
        let id = id.unwrap_or_else(|| SavedViewId::new(now, &*self.around.entropy));
        let content = Content { query: query.to_owned(), ordering, hidden };
        let content = serde_json::to_string(&content).unwrap_or_default();
        let failed = |error| self.opened().store.failed()(error);
        let draft = Draft::of("view.saved").about(id, name.as_str());
        self.write(draft, TABLES, |transaction| {
            let taken: Option<[u8; 16]> = transaction
                .query_row(
                    "SELECT id FROM saved_view WHERE name = ?1 AND id != ?2",
                    params![name.as_str(), id.bytes()],
                    |row| row.get(0),
                )
                .optional()
                .map_err(failed)?;
            if taken.is_some() {
                return Err(VaultError::NameTaken);
            }
            transaction
                .execute(
                    "INSERT INTO saved_view (id, name, content) VALUES (?1, ?2, ?3)
                     ON CONFLICT (id) DO UPDATE SET name = excluded.name, content = excluded.content",
                    params![id.bytes(), name.as_str(), content],
                )
                .map(drop)
                .map_err(failed)
        })?;
        Ok(id)
    }

    /// Deletes a kept question.
    ///
    /// # Errors
    /// When it could not be made durable.
    pub fn delete_view(&self, id: SavedViewId) -> Result<()> {
        let name = self.views()?.saved.into_iter().find(|view| view.id == id).map(|view| view.name);
        let draft = Draft::of("view.deleted").about(id, &name.unwrap_or_default());
        self.write(draft, TABLES, |transaction| {
            transaction
                .execute("DELETE FROM saved_view WHERE id = ?1", [id.bytes()])
                .map(drop)
                .map_err(|error| self.opened().store.failed()(error))
        })
    }
}

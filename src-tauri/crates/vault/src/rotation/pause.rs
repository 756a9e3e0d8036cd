//! Whether automatic rotation of the whole vault is paused. The audit log itself keeps it: what it says last
//! about it counts, with who said it and when.

use crate::{
    audit::{self, Draft, Entry},
    error::Result,
    vault::Vault,
};

const PAUSED: &str = "automatic_rotation.paused";
const RESUMED: &str = "automatic_rotation.resumed";

impl Vault {
    /// The entry with which automatic rotation was paused; nothing while it is not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn automatic_pause(&self) -> Result<Option<Entry>> {
        let opened = self.opened();
        let id = opened.header.vault();
        let last = opened.store.read(|connection| {
            audit::last_of(connection, id.bytes(), [PAUSED, RESUMED]).map_err(opened.store.failed())
        })?;
        Ok(last.filter(|entry| entry.action == PAUSED))
    }

    /// Pauses automatic rotation, or lets it go on; what is so already is not entered again.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn pause_automatic(&self, paused: bool) -> Result<()> {
        if self.automatic_pause()?.is_some() == paused {
            return Ok(());
        }
        let action = if paused { PAUSED } else { RESUMED };
        self.write(Draft::of(action).about(self.id(), &self.name()), &[], |_| Ok(()))
    }
}

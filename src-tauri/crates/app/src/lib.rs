//! What a user can do, one function an action.
//!
//! This crate knows no window and no Tauri: the shell and, later, the command line call the same
//! functions. It is the one place where inner errors become coded user errors. Places on disk are
//! handed in; nothing here asks the environment for them.

mod about;
mod accounts;
mod app;
mod backups;
pub mod bridge;
mod channels;
mod clipboard;
mod consumers;
mod counterparts;
mod credentials;
mod demo;
mod discovery;
mod emergencies;
mod envelope;
mod error;
mod exports;
mod glance;
mod imports;
mod key_ring;
mod known;
mod limited;
mod locking;
mod looking;
mod losses;
mod machine;
mod members;
mod notices;
mod outside;
mod own;
mod own_logins;
mod passphrase;
mod pasted;
mod pictures;
mod policies;
mod records;
mod reminding;
mod rotating;
mod rotations;
mod run_views;
mod schedule;
mod session;
mod settings;
mod taking;
mod telling;
mod vaults;
pub mod views;

pub use about::About;
pub use app::{App, Happening, Hear, Places};
pub use bridge::Access;
pub use clipboard::{Clipboard, ClipboardError};
pub use error::{MessageKey, UserError};
pub use glance::{Burning, Glance, Going, Named, Unlocked};
pub use imports::rehearse_import;
pub use key_ring::{KeyRing, KeyRingError};
pub use keyturn_engine::reminders::Counts;
pub use keyturn_model::{
    CredentialId,
    incident::Cause,
    reminder::{Deadline, Severity, Stage},
};
pub use machine::surroundings;
pub use reminding::{Due, Notice};
pub use session::Open;
pub use settings::{Settings, SettingsError, SettingsFile, SettingsView, Theme};

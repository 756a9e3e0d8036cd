//! What a user can do, one function an action.
//!
//! This crate knows no window and no Tauri: the shell and, later, the command line call the same
//! functions. It is the one place where inner errors become coded user errors. Places on disk are
//! handed in; nothing here asks the environment for them.

mod about;
mod app;
pub mod bridge;
mod error;
mod settings;

pub use about::About;
pub use app::{App, Places};
pub use error::{MessageKey, UserError};
pub use settings::{Settings, SettingsError, SettingsFile, SettingsView, Theme};

//! What depends on the system underneath: one file a subject, with an answer for each system.

pub(crate) mod clipboard;
pub(crate) mod display;
pub(crate) mod key_ring;
pub(crate) mod login;
pub(crate) mod notices;
pub(crate) mod places_dialog;
pub(crate) mod presence;
pub(crate) mod process;
pub(crate) mod quitting;
pub(crate) mod tray;
mod tray_host;

//! The names of the commands, shared with the build script; a test holds them against the contract
//! and the capabilities.

/// Every command a window may be allowed to call.
pub(crate) const COMMANDS: &[&str] =
    &["read_about", "read_settings", "save_settings", "reset_settings", "quit"];

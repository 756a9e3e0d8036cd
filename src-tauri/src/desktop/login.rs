//! Whether the program starts when its person logs in, by Tauri's autostart. It then starts without a window.

use keyturn_app::{MessageKey, UserError};
use tauri::AppHandle;
use tauri_plugin_autostart::ManagerExt;

/// Tells a start that nobody waits for a window.
pub(crate) const HIDDEN: &str = "--hidden";

/// Has it start so, or no longer.
///
/// # Errors
/// When the system refuses.
pub(crate) fn start_at_login(handle: &AppHandle, wanted: bool) -> Result<(), UserError> {
    let starting = handle.autolaunch();
    let is = starting.is_enabled().unwrap_or(false);
    let done = match wanted {
        true if !is => starting.enable(),
        false if is => starting.disable(),
        _ => Ok(()),
    };
    done.map_err(|_| {
        tracing::warn!("whether the program starts at login could not be changed");
        UserError::new("KT-LOGIN-REFUSED", MessageKey::LoginRefused).retryable()
    })
}

/// Whether this start was one of those.
pub(crate) fn is_hidden_start() -> bool {
    std::env::args().any(|argument| argument == HIDDEN)
}

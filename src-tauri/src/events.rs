//! The way from the backend to the window, typed by the contract.

use keyturn_app::bridge::Event;
use tauri::{AppHandle, Emitter};

/// Tells every window. A window that is gone hears nothing, and nothing is lost by it.
pub(crate) fn tell<E: Event>(handle: &AppHandle, payload: E::Payload) {
    if handle.emit(E::NAME, payload).is_err() {
        tracing::warn!(event = E::NAME, "an event reached no window");
    }
}

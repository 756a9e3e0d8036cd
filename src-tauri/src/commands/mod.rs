//! Adapters between the window and crate `app`, a few lines each: they take the call off the
//! window's thread, ask `app`, and pass the answer on. No rule of the domain lives here.

pub(crate) mod actions;
pub(crate) mod program;

use keyturn_app::UserError;

/// Runs work that may wait for the disk where it holds up neither window nor events.
async fn off_the_window<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, UserError> {
    tauri::async_runtime::spawn_blocking(work).await.map_err(|_| UserError::internal())
}

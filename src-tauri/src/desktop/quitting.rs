//! The end of the program, from the tray as from the window.

use keyturn_app::App;
use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons};

/// Ends the program; while rotations are under way, only when somebody says so again. A demo goes with it, so nothing of
/// it is asked about.
pub(crate) fn quit(handle: &AppHandle, app: &App) {
    let open = app.glance().open_runs;
    if open == 0 || app.read_session().vault.is_some_and(|vault| vault.demo) {
        return handle.exit(0);
    }
    let what = if open == 1 { "A rotation is".into() } else { format!("{open} rotations are") };
    let ending = handle.clone();
    handle
        .dialog()
        .message(format!(
            "{what} under way. Nothing is lost: what is open goes on when Keyturn is started \
             again and the vault is unlocked."
        ))
        .title("Quit Keyturn?")
        .buttons(MessageDialogButtons::OkCancelCustom("Quit".into(), "Keep running".into()))
        .show(move |yes| {
            if yes {
                ending.exit(0);
            }
        });
}

//! The program itself: what it is, and its end.

use keyturn_app::{
    App,
    bridge::{Answer, Quit, ReadAbout},
};
use tauri::{AppHandle, State};

#[tauri::command]
pub(crate) async fn read_about(app: State<'_, App>) -> Answer<ReadAbout> {
    Ok(app.about())
}

#[tauri::command]
pub(crate) async fn quit(handle: AppHandle) -> Answer<Quit> {
    handle.exit(0);
    Ok(())
}

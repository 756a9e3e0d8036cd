//! What only the shell can do: end the program, and ask by the system's own dialogs.

use keyturn_app::bridge::{Answer, AskForPlace, Command, Quit};
use tauri::AppHandle;

use crate::desktop::places_dialog;

#[tauri::command]
pub(crate) async fn quit(handle: AppHandle) -> Answer<Quit> {
    handle.exit(0);
    Ok(())
}

#[tauri::command]
pub(crate) async fn ask_for_place(
    handle: AppHandle,
    input: <AskForPlace as Command>::Input,
) -> Answer<AskForPlace> {
    Ok(places_dialog::ask(&handle, input).await)
}

//! What only the shell can do: end the program, ask by the system's own dialogs, tell unasked.

use keyturn_app::bridge::{Answer, AskForPlace, Command, Hear, Quit, TakeDestination};
use tauri::{AppHandle, State};

use crate::{desktop::places_dialog, events::Telling, windows};

#[tauri::command]
pub(crate) async fn quit(handle: AppHandle) -> Answer<Quit> {
    handle.exit(0);
    Ok(())
}

#[tauri::command]
pub(crate) async fn take_destination(handle: AppHandle) -> Answer<TakeDestination> {
    Ok(windows::take_destination(&handle))
}

#[tauri::command]
pub(crate) async fn ask_for_place(
    handle: AppHandle,
    input: <AskForPlace as Command>::Input,
) -> Answer<AskForPlace> {
    Ok(places_dialog::ask(&handle, input).await)
}

#[tauri::command]
pub(crate) async fn hear(
    telling: State<'_, Telling>,
    input: <Hear as Command>::Input,
) -> Answer<Hear> {
    Ok(telling.after(input.number).await)
}

//! What only the shell can do: end the program, ask by the system's own dialogs, tell unasked.

use keyturn_app::{
    App,
    bridge::{Answer, AskForPlace, Command, Hear, Quit, SaveSettings, TakeDestination},
};
use tauri::{AppHandle, State};

use super::off_the_window;
use crate::{
    desktop::{login, places_dialog, quitting},
    events::Telling,
    windows,
};

#[tauri::command]
pub(crate) async fn quit(handle: AppHandle, app: State<'_, App>) -> Answer<Quit> {
    quitting::quit(&handle, &app);
    Ok(())
}

/// What the desktop refuses is not kept as a setting.
#[tauri::command]
pub(crate) async fn save_settings(
    handle: AppHandle,
    app: State<'_, App>,
    input: <SaveSettings as Command>::Input,
) -> Answer<SaveSettings> {
    let app = app.inner().clone();
    off_the_window(move || {
        login::start_at_login(&handle, input.start_at_login)?;
        SaveSettings::run(&app, input).inspect_err(|_| {
            let kept = app.read_settings().settings.start_at_login;
            let _ = login::start_at_login(&handle, kept);
        })
    })
    .await?
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

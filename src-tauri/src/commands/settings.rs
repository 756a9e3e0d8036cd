//! The settings, as the window reads and changes them.

use keyturn_app::{
    App, SettingsView, UserError,
    bridge::{Answer, Command, ReadSettings, ResetSettings, SaveSettings, SettingsChanged},
};
use tauri::{AppHandle, State};

use super::off_the_window;
use crate::{events::tell, windows};

#[tauri::command]
pub(crate) async fn read_settings(app: State<'_, App>) -> Answer<ReadSettings> {
    let app = app.inner().clone();
    off_the_window(move || app.read_settings()).await
}

#[tauri::command]
pub(crate) async fn save_settings(
    handle: AppHandle,
    app: State<'_, App>,
    input: <SaveSettings as Command>::Input,
) -> Answer<SaveSettings> {
    let app = app.inner().clone();
    in_force(&handle, off_the_window(move || app.save_settings(input)).await?)
}

#[tauri::command]
pub(crate) async fn reset_settings(
    handle: AppHandle,
    app: State<'_, App>,
) -> Answer<ResetSettings> {
    let app = app.inner().clone();
    in_force(&handle, off_the_window(move || app.reset_settings()).await?)
}

/// New settings take effect in the frame of the window, and every view hears of them.
fn in_force(
    handle: &AppHandle,
    changed: Result<SettingsView, UserError>,
) -> Result<SettingsView, UserError> {
    let view = changed?;
    windows::colour(handle, view.settings.theme);
    tell::<SettingsChanged>(handle, view.clone());
    Ok(view)
}

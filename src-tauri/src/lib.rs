//! The shell: ties Tauri to crate `app`. No rule of the domain lives here.

mod commands;
mod desktop;
mod events;
mod logging;
mod windows;

use std::process::ExitCode;

use keyturn_app::{App, Places};
use tauri::{AppHandle, Manager};
use tauri_plugin_window_state::StateFlags;

/// Runs the program until its window is closed.
#[must_use]
pub fn run() -> ExitCode {
    if let Err(sentence) = desktop::display::prepare() {
        eprintln!("{sentence}");
        return ExitCode::FAILURE;
    }
    let started = tauri::Builder::default()
        // First, so that a second start ends before it touches anything.
        .plugin(tauri_plugin_single_instance::init(|handle, _, _| windows::bring_forward(handle)))
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
                .with_filename("window.json")
                .build(),
        )
        .invoke_handler(tauri::generate_handler![
            commands::program::read_about,
            commands::program::quit,
            commands::settings::read_settings,
            commands::settings::save_settings,
            commands::settings::reset_settings,
        ])
        .setup(|app| {
            // An error that left here would end in a panic, which tells a person nothing.
            if let Err(error) = open(app) {
                say_why_not_started(&error);
                std::process::exit(1);
            }
            Ok(())
        })
        .run(tauri::generate_context!());
    match started {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say_why_not_started(&error);
            ExitCode::FAILURE
        }
    }
}

fn open(app: &tauri::App) -> tauri::Result<()> {
    let program = App::new(places(app.handle())?);
    let theme = program.read_settings().settings.theme;
    app.manage(program);
    windows::open(app, theme)
}

fn say_why_not_started(error: &tauri::Error) {
    tracing::error!("the program could not start");
    eprintln!(
        "Keyturn could not start: {error}. Nothing was changed. Start it again; if it happens \
         again, report this sentence."
    );
}

/// Finds the program's own places and starts the log there.
fn places(handle: &AppHandle) -> tauri::Result<Places> {
    let paths = handle.path();
    let log_folder = paths.app_log_dir()?;
    let level = logging::level_asked_for();
    let log_works = logging::start(&log_folder, level);
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "started");
    Ok(Places {
        settings_file: paths.app_config_dir()?.join("settings.json"),
        log_folder,
        log_level: level.to_string(),
        log_works,
    })
}

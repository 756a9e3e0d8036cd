//! The shell: ties Tauri to crate `app`. No rule of the domain lives here.

mod commands;
mod desktop;
mod events;
mod logging;
mod windows;

use std::{alloc::System, process::ExitCode, sync::Arc, thread, time::Duration};

use keyturn_app::{
    App, Happening, Places,
    bridge::{
        ClipboardChanged, InventoryChanged, LockingSoon, NoticesChanged, RunsChanged, SecondStart,
        SessionChanged, SettingsChanged, WorkProgress,
    },
    views::LockCause,
};
use tauri::{AppHandle, Manager, RunEvent};
use tauri_plugin_window_state::StateFlags;
use zeroizing_alloc::ZeroAlloc;

use crate::{
    desktop::{
        clipboard::SystemClipboard, key_ring::SystemKeyRing, login, notices, presence, process,
        tray,
    },
    events::{Telling, tell},
};

/// What is freed is wiped, so that no secret stays behind in memory that nobody owns.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

/// Daily work is looked at this often; it does nothing when it is not due.
const DAILY_WORK_EVERY_S: u64 = 60;

/// Runs the program until somebody ends it.
#[must_use]
pub fn run() -> ExitCode {
    let not_hardened = process::harden();
    if let Err(sentence) = desktop::display::prepare() {
        eprintln!("{sentence}");
        return ExitCode::FAILURE;
    }
    let started = tauri::Builder::default()
        // First, so that a second start ends before it touches anything.
        .plugin(tauri_plugin_single_instance::init(|handle, _, _| {
            windows::bring_forward(handle);
            tell::<SecondStart>(handle, ());
        }))
        .plugin(tauri_plugin_autostart::Builder::new().arg(login::HIDDEN).build())
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
                .with_filename("window.json")
                .build(),
        )
        .invoke_handler(tauri::generate_handler![
            commands::actions::begin_envelope,
            commands::actions::read_about,
            commands::actions::read_settings,
            commands::program::save_settings,
            commands::actions::reset_settings,
            commands::actions::read_session,
            commands::actions::look_at_vault,
            commands::actions::forget_vault,
            commands::actions::suggest_place,
            commands::actions::weigh_passphrase,
            commands::actions::suggest_passphrase,
            commands::actions::create_vault,
            commands::actions::make_demo,
            commands::actions::unlock_vault,
            commands::actions::accept_invitation,
            commands::actions::look_at_backup,
            commands::actions::restore_backup,
            commands::actions::lock_vault,
            commands::actions::stay_unlocked,
            commands::actions::change_passphrase,
            commands::actions::make_recovery_key,
            commands::actions::prove_recovery_key,
            commands::actions::save_recovery_sheet,
            commands::actions::prove_recovery_sheet,
            commands::actions::read_key_ring,
            commands::actions::turn_on_key_ring,
            commands::actions::turn_off_key_ring,
            commands::actions::list_members,
            commands::actions::invite_member,
            commands::actions::change_member,
            commands::actions::remove_member,
            commands::actions::list_credentials,
            commands::actions::read_credential,
            commands::actions::read_activity,
            commands::actions::read_words,
            commands::actions::recognise_paste,
            commands::actions::weigh_credential,
            commands::actions::generate_value,
            commands::actions::add_credentials,
            commands::actions::change_credential,
            commands::actions::replace_value,
            commands::actions::duplicate_credential,
            commands::actions::change_many,
            commands::actions::delete_credentials,
            commands::actions::reveal_value,
            commands::actions::copy_value,
            commands::actions::clear_clipboard,
            commands::actions::list_policies,
            commands::actions::try_policy,
            commands::actions::save_policy,
            commands::actions::delete_policy,
            commands::actions::list_views,
            commands::actions::save_view,
            commands::actions::delete_view,
            commands::actions::look_at_import,
            commands::actions::preview_import,
            commands::actions::cancel_import,
            commands::actions::read_import,
            commands::actions::read_losses,
            commands::actions::run_import,
            commands::actions::undo_import,
            commands::actions::delete_import_file,
            commands::actions::export_credentials,
            commands::actions::list_accounts,
            commands::actions::save_account,
            commands::actions::delete_account,
            commands::actions::look_for_uses,
            commands::actions::stop_looking,
            commands::actions::read_finds,
            commands::actions::accept_finds,
            commands::actions::try_account,
            commands::actions::list_consumers,
            commands::actions::save_consumer,
            commands::actions::delete_consumer,
            commands::actions::save_binding,
            commands::actions::delete_binding,
            commands::actions::try_binding,
            commands::actions::read_rotation,
            commands::actions::set_up_rotation,
            commands::actions::plan_rotation,
            commands::actions::begin_rotation,
            commands::actions::list_runs,
            commands::actions::pause_automatic,
            commands::actions::read_run,
            commands::actions::ask_run,
            commands::actions::paste_value,
            commands::actions::reveal_answer,
            commands::actions::copy_answer,
            commands::actions::find_orphans,
            commands::actions::remove_orphan,
            commands::actions::read_map,
            commands::actions::read_radius,
            commands::actions::read_timeline,
            commands::actions::move_planned,
            commands::actions::export_picture,
            commands::actions::read_notices,
            commands::actions::snooze_notice,
            commands::actions::finish_notices,
            commands::actions::mute_reminders,
            commands::actions::unmute_reminders,
            commands::actions::list_channels,
            commands::actions::save_channel,
            commands::actions::delete_channel,
            commands::actions::test_channel,
            commands::actions::settle_undelivered,
            commands::actions::list_incidents,
            commands::actions::read_incident,
            commands::actions::open_incident,
            commands::actions::add_to_incident,
            commands::actions::change_incident,
            commands::actions::start_incident,
            commands::actions::try_incident,
            commands::actions::save_report,
            commands::actions::read_sandbox,
            commands::actions::set_sandbox,
            commands::actions::list_backups,
            commands::actions::make_backup,
            commands::actions::make_backup_at,
            commands::actions::test_backup,
            commands::actions::check_vault,
            commands::program::quit,
            commands::program::take_destination,
            commands::program::ask_for_place,
            commands::program::hear,
        ])
        .plugin(tauri_plugin_dialog::init())
        .setup(move |app| {
            // An error that left here would end in a panic, which tells a person nothing.
            if let Err(error) = open(app, &not_hardened) {
                say_why_not_started(&error);
                std::process::exit(1);
            }
            Ok(())
        })
        .build(tauri::generate_context!());
    match started {
        Ok(program) => {
            program.run(|handle, event| match event {
                // The last window was closed, nobody asked for the end, and the tray leads back.
                RunEvent::ExitRequested { code: None, api, .. } if tray::is_there(handle) => {
                    api.prevent_exit();
                }
                RunEvent::Exit => {
                    if let Some(app) = handle.try_state::<App>() {
                        app.close();
                        app.settle();
                    }
                }
                _ => {}
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            say_why_not_started(&error);
            ExitCode::FAILURE
        }
    }
}

fn open(program: &tauri::App, not_hardened: &[&'static str]) -> tauri::Result<()> {
    let handle = program.handle();
    let places = places(handle)?;
    for sentence in not_hardened {
        tracing::warn!(reason = sentence, "the process is less shut than it could be");
    }
    program.manage(Telling::new());
    program.manage(windows::Leading::default());
    let hearing = handle.clone();
    let app = App::new(
        places,
        keyturn_app::surroundings(),
        Arc::new(SystemKeyRing::new()),
        Arc::new(SystemClipboard::default()),
        Arc::new(move |happening| show(&hearing, happening)),
    );
    program.manage(app.clone());
    if !login::is_hidden_start() {
        windows::open(handle)?;
    } else if !tray::finds_a_host() {
        windows::open_minimised(handle);
    }
    tray::begin(handle);
    notices::look_for_a_daemon(&app);
    let ending = handle.clone();
    process::when_asked_to_end(move || ending.exit(0));
    watch(&app);
    Ok(())
}

/// What happened in the program, shown in the window, on the desktop and in the tray.
fn show(handle: &AppHandle, happening: Happening) {
    match happening {
        Happening::Settings(view) => {
            windows::colour(handle, view.settings.theme);
            // What was reset; what was chosen is done before it is kept.
            let _ = login::start_at_login(handle, view.settings.start_at_login);
            tell::<SettingsChanged>(handle, view);
        }
        Happening::Session(view) => {
            tell::<SessionChanged>(handle, *view);
            tray::look(handle);
        }
        Happening::Locked => {
            events::forget(handle);
            windows::take_destination(handle);
            windows::start_afresh(handle);
            process::give_memory_back();
            tray::look(handle);
        }
        Happening::LockingSoon(countdown) => tell::<LockingSoon>(handle, countdown),
        Happening::Work(progress) => tell::<WorkProgress>(handle, progress),
        Happening::Inventory => {
            tell::<InventoryChanged>(handle, ());
            tray::look(handle);
        }
        Happening::Runs => {
            tell::<RunsChanged>(handle, ());
            tray::look(handle);
        }
        Happening::Notice(notice) => notices::show(handle, &notice),
        Happening::Notices => {
            tell::<NoticesChanged>(handle, ());
            tray::look(handle);
        }
        Happening::Clipboard(copied) => tell::<ClipboardChanged>(handle, copied),
    }
}

/// Watches whether anybody is there.
fn watch(app: &App) {
    let leaving = app.clone();
    presence::watch(move |away| {
        leaving.away(match away {
            presence::Away::Sleep => LockCause::Sleep,
            presence::Away::ScreenLocked => LockCause::Screen,
        });
    });
    let idle = app.clone();
    let ticking = thread::Builder::new().name("every second".into()).spawn(move || {
        for second in 1.. {
            thread::sleep(Duration::from_secs(1));
            idle.tick();
            if second % DAILY_WORK_EVERY_S == 0 {
                idle.back_up_daily();
                idle.begin_due();
            }
        }
    });
    if ticking.is_err() {
        tracing::error!("nobody watches whether somebody is there");
    }
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
        data_folder: paths.app_local_data_dir()?,
        vaults_folder: paths.home_dir()?.join("Vaults"),
        programs: std::env::var_os("PATH").unwrap_or_default(),
        log_folder,
        log_level: level.to_string(),
        log_works,
    })
}

//! The icon in the tray and its menu, where the desktop has a tray.
//!
//! Both say what `App::glance` says, and are made anew only when that changed. What is chosen goes the way that it
//! goes from the window, with the same checks and the same entries in the audit log.

mod menu;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, SyncSender},
    },
    thread,
};

use keyturn_app::{
    App, Glance,
    bridge::{CopyValue, LockVault},
    views::{Destination, ValueOf},
};
use tauri::{
    AppHandle, Manager, async_runtime, image::Image, include_image, tray::TrayIconBuilder,
};

use super::{quitting, tray_host};
use crate::windows;
use menu::{Choice, menu, title};

const ID: &str = "keyturn";

/// The tray, as the rest of the shell knows it.
struct Tray {
    there: AtomicBool,
    look: SyncSender<()>,
}

/// Whether anything shows the icon at this moment, asked anew.
pub(crate) fn finds_a_host() -> bool {
    tray_host::is_there()
}

/// Whether the icon is there.
pub(crate) fn is_there(handle: &AppHandle) -> bool {
    handle.try_state::<Tray>().is_some_and(|tray| tray.there.load(Ordering::SeqCst))
}

/// Something may have changed.
pub(crate) fn look(handle: &AppHandle) {
    if let Some(tray) = handle.try_state::<Tray>() {
        // One that is waiting will see this as well.
        let _ = tray.look.try_send(());
    }
}

/// Shows the icon wherever there is a place for it, until the program ends.
pub(crate) fn begin(handle: &AppHandle) {
    let (look, looking) = mpsc::sync_channel(1);
    handle.manage(Tray { there: AtomicBool::new(false), look });
    let following = handle.clone();
    let thread = thread::Builder::new().name("tray".into());
    if thread.spawn(move || follow(&following, &looking)).is_err() {
        tracing::warn!("there is no tray icon");
        return;
    }
    let watching = handle.clone();
    tray_host::watch(move |there| {
        let on_main = watching.clone();
        let changed = watching.run_on_main_thread(move || set_there(&on_main, there));
        if changed.is_err() {
            tracing::warn!("the tray icon stays as it is");
        }
    });
}

/// A tray came, or went. The icon is made once: the system's library shows it to every later one by itself.
fn set_there(handle: &AppHandle, there: bool) {
    let there = there && (handle.tray_by_id(ID).is_some() || make(handle));
    handle.state::<Tray>().there.store(there, Ordering::SeqCst);
    if there {
        look(handle);
    } else {
        windows::open_minimised(handle);
    }
}

fn make(handle: &AppHandle) -> bool {
    let made = || {
        TrayIconBuilder::with_id(ID)
            .icon(picture(&Glance::default()))
            .on_menu_event(|handle, event| chosen(handle, event.id().as_ref()))
            .build(handle)
    };
    // The crate panics where the system's library for it is missing.
    match catch_unwind(AssertUnwindSafe(made)) {
        Ok(Ok(_)) => true,
        _ => {
            tracing::warn!("there is no tray icon");
            false
        }
    }
}

/// Shows what changed, until the program ends.
fn follow(handle: &AppHandle, looking: &Receiver<()>) {
    let mut shown = None;
    while looking.recv().is_ok() {
        let (Some(app), Some(tray)) = (handle.try_state::<App>(), handle.try_state::<Tray>())
        else {
            continue;
        };
        let now = tray.there.load(Ordering::SeqCst).then(|| app.glance());
        if let Some(glance) = now.clone().filter(|_| now != shown) {
            let on_main = handle.clone();
            let _ = handle.run_on_main_thread(move || {
                if show(&on_main, &glance).is_err() {
                    tracing::warn!("the tray icon stays as it is");
                }
            });
        }
        shown = now;
    }
}

fn show(handle: &AppHandle, glance: &Glance) -> tauri::Result<()> {
    let Some(tray) = handle.tray_by_id(ID) else { return Ok(()) };
    tray.set_menu(Some(menu(handle, glance)?))?;
    tray.set_icon(Some(picture(glance)))?;
    tray.set_title(title(glance))
}

/// The shape tells the state, so that it is seen in one colour too.
fn picture(glance: &Glance) -> Image<'static> {
    let is_late = glance.due.over > 0 || glance.need_you > 0;
    match &glance.unlocked {
        None => include_image!("icons/tray/locked.png"),
        Some(_) if is_late => include_image!("icons/tray/late.png"),
        Some(_) if glance.open_runs > 0 => include_image!("icons/tray/running.png"),
        Some(_) if glance.due.soon > 0 => include_image!("icons/tray/due.png"),
        Some(_) => include_image!("icons/tray/fine.png"),
    }
}

fn chosen(handle: &AppHandle, id: &str) {
    let Some(app) = handle.try_state::<App>().map(|app| app.inner().clone()) else { return };
    let handle = handle.clone();
    match Choice::read(id) {
        Some(Choice::Go(to)) => windows::lead(&handle, Some(to)),
        Some(Choice::Open) => windows::bring_forward(&handle),
        Some(Choice::Quit) => quitting::quit(&handle, &app),
        Some(Choice::Lock) => {
            // Another entry may have locked it.
            async_runtime::spawn_blocking(move || drop(LockVault::run(&app, ())));
        }
        Some(Choice::Copy(id)) => {
            async_runtime::spawn_blocking(move || {
                let of = ValueOf { id, number: None, field: None, passphrase: None };
                if CopyValue::run(&app, of).is_err() {
                    // There it says why, or asks for the passphrase.
                    windows::lead(&handle, Some(Destination::Credential { id }));
                }
            });
        }
        None => {}
    }
}

//! The window: where it comes from, where it may go, what colour it starts with. Where there is a tray a closed window
//! is gone with its processes, and a new one is opened when somebody wants it.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use keyturn_app::{
    App, Theme,
    bridge::{DestinationChanged, FileDropped},
    views::{Destination, FilePlace},
};
use tauri::{
    AppHandle, DragDropEvent, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    WindowEvent, utils::config::Color, webview::PlatformWebview,
};

use crate::{
    desktop::{process, tray},
    events::tell,
};

/// The one window; capabilities name it too.
const MAIN: &str = "main";
/// The window's own page.
const HOME: &str = if cfg!(dev) {
    "http://localhost:1420/"
} else if cfg!(windows) {
    "http://tauri.localhost/"
} else {
    "tauri://localhost/"
};
/// The tokens `canvas` of the interface, so that the window never flashes another colour.
const CANVAS_LIGHT: Color = Color(0xF5, 0xF6, 0xF8, 0xFF);
const CANVAS_DARK: Color = Color(0x0E, 0x11, 0x16, 0xFF);

/// Where somebody is led to, until the page asks for it.
#[derive(Default)]
pub(crate) struct Leading(Mutex<Option<Destination>>);

/// Opens the window in the colours of the settings.
pub(crate) fn open(handle: &AppHandle) -> tauri::Result<WebviewWindow> {
    let theme = handle.state::<App>().read_settings().settings.theme;
    let window = WebviewWindowBuilder::new(handle, MAIN, WebviewUrl::default())
        .title("Keyturn")
        .inner_size(1280.0, 800.0)
        .min_inner_size(900.0, 600.0)
        .theme(native(theme))
        .initialization_script(colour_the_page(theme))
        .data_directory(web_folder(handle)?)
        .zoom_hotkeys_enabled(true)
        .on_navigation(is_our_page)
        .build()?;
    let hearing = handle.clone();
    window.on_window_event(move |event| {
        minimise_without_a_tray(&hearing, event);
        if let WindowEvent::Destroyed = event {
            process::end_what_the_web_view_left();
            process::give_memory_back();
            process::let_go_of_code();
        }
        tell_dropped(&hearing, event);
    });
    let dark = matches!(window.theme(), Ok(tauri::Theme::Dark));
    window.set_background_color(Some(if dark { CANVAS_DARK } else { CANVAS_LIGHT }))?;
    Ok(window)
}

/// Opens the window where a person finds it without a tray: it went, or there was none at a start without a window.
pub(crate) fn open_minimised(handle: &AppHandle) {
    if handle.get_webview_window(MAIN).is_none()
        && open(handle).and_then(|window| window.minimize()).is_err()
    {
        tracing::error!("the window could not be opened");
    }
}

/// A window that is closed where no tray leads back to it is minimised instead.
fn minimise_without_a_tray(handle: &AppHandle, event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event
        && !tray::is_there(handle)
    {
        api.prevent_close();
        let window = handle.get_webview_window(MAIN);
        if window.is_some_and(|window| window.minimize().is_err()) {
            tracing::warn!("the window could not be minimised");
        }
    }
}

/// A file that was dropped is told by its place; the page never gets its content.
fn tell_dropped(handle: &AppHandle, event: &WindowEvent) {
    if let WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) = event
        && let Some(file) = paths.first().and_then(|path| path.to_str())
    {
        tell::<FileDropped>(handle, FilePlace { file: file.to_owned() });
    }
}

/// Before the page's own script, so that the first picture has the right colours.
fn colour_the_page(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "",
        Theme::Light => "document.documentElement.dataset.theme = 'light'",
        Theme::Dark => "document.documentElement.dataset.theme = 'dark'",
    }
}

/// The web view wants a folder, though the page keeps nothing there. Where the home folder cannot
/// be written a temporary one will do, so that a window can say what is wrong.
fn web_folder(handle: &AppHandle) -> tauri::Result<PathBuf> {
    let folder = handle.path().app_local_data_dir()?;
    match std::fs::create_dir_all(&folder) {
        Ok(()) => Ok(folder),
        Err(_) => Ok(tempfile::Builder::new().prefix("keyturn-").tempdir()?.keep()),
    }
}

/// Colours the frame of the window; the page inside follows the settings by itself.
pub(crate) fn colour(handle: &AppHandle, theme: Theme) {
    if let Some(window) = handle.get_webview_window(MAIN)
        && window.set_theme(native(theme)).is_err()
    {
        tracing::warn!("the frame of the window keeps its colour");
    }
}

/// Gives the window a fresh page in a fresh process, so that nothing of an open vault stays in it.
pub(crate) fn start_afresh(handle: &AppHandle) {
    let Some(window) = handle.get_webview_window(MAIN) else { return };
    let Ok(home) = Url::parse(HOME) else { return };
    if window.with_webview(|page| end_process(&page)).is_err() || window.navigate(home).is_err() {
        tracing::error!("the window keeps its page after locking");
    }
}

/// The next page then starts a process of its own. A test that drives the window would take this
/// for a crash and be cut off; such a window keeps its process, and says so to no one else.
#[cfg(target_os = "linux")]
fn end_process(page: &PlatformWebview) {
    use webkit2gtk::WebViewExt;
    let view = page.inner();
    if !view.is_controlled_by_automation() {
        view.terminate_web_process();
    }
}

/// A new page is all that the web views of these systems offer.
#[cfg(not(target_os = "linux"))]
fn end_process(_: &PlatformWebview) {}

/// Brings the window forward, or opens it anew where it was closed.
pub(crate) fn bring_forward(handle: &AppHandle) {
    let window = handle.get_webview_window(MAIN).map_or_else(|| open(handle), Ok);
    let forward = window.and_then(|window| {
        window.unminimize()?;
        window.show()?;
        window.set_focus()
    });
    if forward.is_err() {
        tracing::warn!("the window could not be brought forward");
    }
}

/// Brings the window forward, and leads to a place in it. A page that is not there yet asks for it when it is.
pub(crate) fn lead(handle: &AppHandle, to: Option<Destination>) {
    set_destination(handle, to);
    bring_forward(handle);
    tell::<DestinationChanged>(handle, ());
}

/// Where somebody was led to, once.
pub(crate) fn take_destination(handle: &AppHandle) -> Option<Destination> {
    set_destination(handle, None)
}

fn set_destination(handle: &AppHandle, to: Option<Destination>) -> Option<Destination> {
    let leading = handle.state::<Leading>();
    let mut place = leading.0.lock().unwrap_or_else(PoisonError::into_inner);
    std::mem::replace(&mut *place, to)
}

fn native(theme: Theme) -> Option<tauri::Theme> {
    match theme {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    }
}

/// The window shows the pages that were built into the program, and nothing else ever.
fn is_our_page(url: &Url) -> bool {
    let built_in = url.scheme() == "tauri"
        || (matches!(url.scheme(), "http" | "https") && url.host_str() == Some("tauri.localhost"));
    built_in || (cfg!(dev) && url.host_str() == Some("localhost") && url.port() == Some(1420))
}

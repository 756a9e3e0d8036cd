//! Whether a window can be shown at all, and how it is drawn. Called before anything else, while
//! the program has one thread.

/// What to tell a person when there is no screen to show a window on.
#[cfg(target_os = "linux")]
const NO_DISPLAY: &str = "Keyturn can't open its window: this session has no screen that it can \
reach (DISPLAY and WAYLAND_DISPLAY lead nowhere). Nothing was changed. Start it from a desktop \
session, or run `npm start`, which brings a virtual display.";

/// Readies the display.
///
/// # Errors
/// A sentence for the person who started the program, when no window can be shown.
#[cfg(target_os = "linux")]
pub(crate) fn prepare() -> Result<(), &'static str> {
    draw_without_gpu();
    gtk::init().map_err(|_| NO_DISPLAY)
}

/// Other systems always have a screen where a person can start a program.
#[cfg(not(target_os = "linux"))]
pub(crate) fn prepare() -> Result<(), &'static str> {
    Ok(())
}

/// Without a GPU WebKitGTK draws two to eighty times faster when it does not try to share buffers
/// with one, and GTK starts 40 ms earlier when it does not look for OpenGL first. Whoever sets a
/// variable is obeyed.
#[cfg(target_os = "linux")]
#[allow(unsafe_code)]
fn draw_without_gpu() {
    const RENDERER: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    const OPENGL: &str = "GDK_GL";
    if std::path::Path::new("/dev/dri").is_dir() {
        return;
    }
    if std::env::var_os(RENDERER).is_none() {
        // SAFETY: no other thread exists yet that could read the environment.
        unsafe { std::env::set_var(RENDERER, "1") };
    }
    if std::env::var_os(OPENGL).is_none() {
        let (mut count, mut words) = (0, std::ptr::null_mut());
        // SAFETY: no other thread exists yet, and there are no words to read. GDK reads the variable
        // here; it is not passed on, as the web view's own processes draw slower with it.
        unsafe {
            std::env::set_var(OPENGL, "disable");
            gtk::gdk::ffi::gdk_parse_args(&raw mut count, &raw mut words);
            std::env::remove_var(OPENGL);
        }
    }
}

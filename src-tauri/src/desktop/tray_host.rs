//! Whether anything on this desktop shows tray icons. On Linux it is who owns a name on the session's bus, and may come
//! and go; other systems always have one.

#[cfg(target_os = "linux")]
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// Whether there is one at this moment.
#[cfg(target_os = "linux")]
pub(super) fn is_there() -> bool {
    use zbus::blocking::{Connection, fdo::DBusProxy};

    let ask = || -> zbus::Result<bool> {
        Ok(DBusProxy::new(&Connection::session()?)?.name_has_owner(WATCHER.try_into()?)?)
    };
    ask().unwrap_or(false)
}

/// Tells each time that one comes or goes, from a thread of its own, until the program ends.
#[cfg(target_os = "linux")]
pub(super) fn watch(on: impl Fn(bool) + Send + 'static) {
    let watching = std::thread::Builder::new().name("tray host".into()).spawn(move || {
        if follow(&on).is_err() {
            tracing::info!("there is no session bus: there is no tray");
        }
    });
    if watching.is_err() {
        tracing::warn!("nobody watches for a tray");
    }
}

#[cfg(target_os = "linux")]
fn follow(on: &impl Fn(bool)) -> zbus::Result<()> {
    use zbus::blocking::{Connection, fdo::DBusProxy};

    let bus = Connection::session()?;
    let broker = DBusProxy::new(&bus)?;
    // Before it is asked who is there now, so that nobody slips in between.
    let changes = broker.receive_name_owner_changed_with_args(&[(0, WATCHER)])?;
    on(broker.name_has_owner(WATCHER.try_into()?)?);
    for change in changes {
        on(change.args()?.new_owner.is_some());
    }
    Ok(())
}

/// See above.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_there() -> bool {
    true
}

/// See above.
#[cfg(not(target_os = "linux"))]
pub(super) fn watch(on: impl Fn(bool) + Send + 'static) {
    on(true);
}

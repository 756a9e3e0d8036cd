//! What logind tells on the system's bus: the computer is about to sleep, the session is locked.
//!
//! Only logind itself is believed: on that bus anybody may send a signal with its words.

use std::sync::Arc;

use zbus::{
    blocking::{Connection, Proxy},
    zvariant::{OwnedFd, OwnedObjectPath},
};

use super::{Away, On, clock::Clocks, start};

const LOGIND: &str = "org.freedesktop.login1";
const PATH: &str = "/org/freedesktop/login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";

pub(super) fn watch(on: &On, clocks: &Arc<Clocks>) {
    let (on, clocks) = (on.clone(), clocks.clone());
    start("logind", move || {
        let Ok(bus) = Connection::system() else {
            tracing::info!("there is no system bus: sleep is seen by the clocks alone");
            return;
        };
        let (session_bus, session_on) = (bus.clone(), on.clone());
        start("session", move || {
            if follow_session(&session_bus, &session_on).is_err() {
                tracing::info!("logind does not tell when this session is locked");
            }
        });
        if follow_sleep(&bus, &on, &clocks).is_err() {
            tracing::info!("logind does not tell of sleep: it is seen by the clocks alone");
        }
    });
}

fn follow_sleep(bus: &Connection, on: &On, clocks: &Clocks) -> zbus::Result<()> {
    let manager = Proxy::new(bus, LOGIND, PATH, MANAGER)?;
    let signals = manager.receive_signal("PrepareForSleep")?;
    let mut delay = delay_sleep(&manager);
    for signal in signals {
        match signal.body().deserialize() {
            Ok(true) => {
                on(Away::Sleep);
                delay = None;
            }
            Ok(false) => {
                clocks.start_over();
                delay = delay_sleep(&manager);
            }
            Err(_) => {}
        }
    }
    drop(delay);
    Ok(())
}

/// Sleep waits a few seconds as long as this is kept.
fn delay_sleep(manager: &Proxy<'_>) -> Option<OwnedFd> {
    let delay = manager.call("Inhibit", &("sleep", "Keyturn", "Locks the vault", "delay"));
    if delay.is_err() {
        tracing::info!("sleep can't be delayed: the vault may be locked only after it");
    }
    delay.ok()
}

fn follow_session(bus: &Connection, on: &On) -> zbus::Result<()> {
    let manager = Proxy::new(bus, LOGIND, PATH, MANAGER)?;
    let session = Proxy::new(bus, LOGIND, own_session(&manager)?, SESSION)?;
    for _ in session.receive_signal("Lock")? {
        on(Away::ScreenLocked);
    }
    Ok(())
}

/// A program that the user's own systemd started belongs to no session; then `auto` is the one on
/// the screen.
fn own_session(manager: &Proxy<'_>) -> zbus::Result<OwnedObjectPath> {
    manager.call("GetSession", &("auto",)).or_else(|error| {
        let id = std::env::var("XDG_SESSION_ID").map_err(|_| error)?;
        manager.call("GetSession", &(id,))
    })
}

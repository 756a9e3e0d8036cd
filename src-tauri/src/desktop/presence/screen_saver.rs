//! What the screen savers tell on the session's bus. Each desktop has its own name for the same
//! signal, and some send it from more than one path; nobody but the person's own programs can.

use zbus::{
    MatchRule, Message,
    blocking::{Connection, MessageIterator, fdo::DBusProxy},
    message::Type,
};

use super::{Away, On, start};

const SCREEN_SAVERS: &[&str] = &[
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
];
const ACTIVE_CHANGED: &str = "ActiveChanged";

pub(super) fn watch(on: &On) {
    let on = on.clone();
    start("screen saver", move || {
        if follow(&on).is_err() {
            tracing::info!("there is no session bus: nobody tells when the screen is locked");
        }
    });
}

fn follow(on: &On) -> zbus::Result<()> {
    let bus = Connection::session()?;
    let messages = MessageIterator::from(&bus);
    let broker = DBusProxy::new(&bus)?;
    for interface in SCREEN_SAVERS {
        let rule = MatchRule::builder()
            .msg_type(Type::Signal)
            .interface(*interface)?
            .member(ACTIVE_CHANGED)?
            .build();
        broker.add_match_rule(rule)?;
    }
    for message in messages {
        if tells_of_a_lock(&message?) {
            on(Away::ScreenLocked);
        }
    }
    Ok(())
}

fn tells_of_a_lock(message: &Message) -> bool {
    let header = message.header();
    message.message_type() == Type::Signal
        && header.member().is_some_and(|member| member == ACTIVE_CHANGED)
        && header.interface().is_some_and(|name| SCREEN_SAVERS.contains(&name.as_str()))
        && message.body().deserialize().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use zbus::{export::serde::Serialize, zvariant::DynamicType};

    use super::*;

    fn told(interface: &str, member: &str, body: &(impl Serialize + DynamicType)) -> bool {
        let message = Message::signal("/any/path", interface, member)
            .and_then(|message| message.build(body))
            .expect("a message");
        tells_of_a_lock(&message)
    }

    #[test]
    fn every_desktops_screen_saver_is_understood() {
        for interface in SCREEN_SAVERS {
            assert!(told(interface, ACTIVE_CHANGED, &true), "{interface}");
            assert!(!told(interface, ACTIVE_CHANGED, &false), "{interface}");
        }
    }

    #[test]
    fn anything_else_is_no_lock() {
        assert!(!told("org.example.ScreenSaver", ACTIVE_CHANGED, &true));
        assert!(!told("org.gnome.ScreenSaver", "WakeUpScreen", &true));
        assert!(!told("org.gnome.ScreenSaver", ACTIVE_CHANGED, &"true"));
        assert!(!told("org.gnome.ScreenSaver", ACTIVE_CHANGED, &()));
    }
}

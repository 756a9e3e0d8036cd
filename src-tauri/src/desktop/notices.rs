//! Notices of the desktop, by the crate `notify-rust`.
//!
//! The daemon that shows them may be missing, slow or stuck, so each is asked on a thread of its own and given up
//! after a while; whether any are shown is told to crate `app`, whose centre of notices has them all. No value is
//! ever in one, and a name only where crate `app` gave it.

use std::{
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use keyturn_app::{App, Deadline, Due, Notice, views::Destination};
use notify_rust::Notification;
use tauri::{AppHandle, Manager};

use crate::windows;

/// So long the daemon may take to say that it has one.
const LIMIT: Duration = Duration::from_secs(2);
/// So many wait for somebody to answer them, or for the daemon; others are shown without a way back.
const MOST_WAITING: usize = 16;
/// The most names in one.
const MOST_NAMES: usize = 3;
/// What a press on the notice itself is called, and what its button is.
const PRESSED: [&str; 2] = ["default", "show"];

static WAITING: AtomicUsize = AtomicUsize::new(0);

/// Asks at the start whether there is anybody who shows notices.
#[cfg(all(unix, not(target_os = "macos")))]
pub(crate) fn look_for_a_daemon(app: &App) {
    let app = app.clone();
    on_a_thread(move || app.desktop_shows(notify_rust::get_server_information().is_ok()));
}

/// See above: these systems show them by themselves.
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub(crate) fn look_for_a_daemon(_: &App) {}

/// Shows a notice; returns when it is shown, or after a moment.
pub(crate) fn show(handle: &AppHandle, notice: &Notice) {
    let shown = worded(notice);
    let leads_to = match notice.of.as_slice() {
        [Due { credential: Some(id), .. }] => Some(Destination::Credential { id: *id }),
        [_, ..] if notice.of.iter().all(|due| due.credential.is_some()) => {
            Some(Destination::Attention)
        }
        _ => None,
    };
    let (answer, answered) = mpsc::sync_channel(1);
    let leading = handle.clone();
    on_a_thread(move || {
        wait_for_an_answer(shown.show(), &answer, || windows::lead(&leading, leads_to));
    });
    let shown = matches!(answered.recv_timeout(LIMIT), Ok(true));
    if !shown {
        tracing::warn!("the desktop did not show a notice");
    }
    if let Some(app) = handle.try_state::<App>() {
        app.desktop_shows(shown);
    }
}

/// Says whether it is shown, and stays for the press on it: the daemon tells it to who asked, as long as he is there.
#[cfg(all(unix, not(target_os = "macos")))]
fn wait_for_an_answer(
    shown: notify_rust::error::Result<notify_rust::NotificationHandle>,
    answer: &mpsc::SyncSender<bool>,
    pressed: impl FnOnce(),
) {
    let _ = answer.send(shown.is_ok());
    let Ok(shown) = shown else { return };
    if WAITING.load(Ordering::SeqCst) > MOST_WAITING {
        return;
    }
    let mut was_pressed = false;
    shown.wait_for_action(|action| was_pressed = PRESSED.contains(&action));
    if was_pressed {
        pressed();
    }
}

/// These systems tell nobody of a press.
#[cfg(not(all(unix, not(target_os = "macos"))))]
fn wait_for_an_answer<T>(
    shown: notify_rust::error::Result<T>,
    answer: &mpsc::SyncSender<bool>,
    _: impl FnOnce(),
) {
    let _ = answer.send(shown.is_ok());
}

fn on_a_thread(work: impl FnOnce() + Send + 'static) {
    WAITING.fetch_add(1, Ordering::SeqCst);
    let working = thread::Builder::new().name("notice".into()).spawn(move || {
        work();
        WAITING.fetch_sub(1, Ordering::SeqCst);
    });
    if working.is_err() {
        WAITING.fetch_sub(1, Ordering::SeqCst);
    }
}

fn worded(notice: &Notice) -> Notification {
    let mut shown = Notification::new();
    shown.appname("Keyturn").summary(&summary(notice)).body(&body(notice)).id(notice.number);
    #[cfg(not(target_os = "macos"))]
    shown.urgency(match notice.severity {
        keyturn_app::Severity::Critical => notify_rust::Urgency::Critical,
        keyturn_app::Severity::Warning => notify_rust::Urgency::Normal,
    });
    #[cfg(all(unix, not(target_os = "macos")))]
    {
        shown.icon("keyturn").hint(notify_rust::Hint::DesktopEntry("Keyturn".into()));
        for key in PRESSED {
            shown.action(key, "Show");
        }
    }
    shown
}

fn summary(notice: &Notice) -> String {
    if let [due] = notice.of.as_slice() {
        let whose = due.name.as_deref().unwrap_or("A credential");
        let is = match due.deadline {
            Deadline::Expiry => ["expires within 7 days", "expires within a day", "has expired"],
            Deadline::Rotation => [
                "is due for rotation within 7 days",
                "is due for rotation within a day",
                "is due for rotation",
            ],
        };
        let [week, day, over] = is;
        return match due.stage.0 {
            ..-1 => format!("{whose} {week}"),
            -1 => format!("{whose} {day}"),
            0 => format!("{whose} {over}"),
            1 => format!("{whose} is overdue by a day"),
            days => format!("{whose} is overdue by {days} days"),
        };
    }
    let (all, over) = (notice.of.len(), notice.over());
    match over {
        0 => format!("{all} credentials are due within 7 days"),
        1 => "1 credential is overdue".into(),
        _ => format!("{over} credentials are overdue"),
    }
}

fn body(notice: &Notice) -> String {
    let (all, over) = (notice.of.len(), notice.over());
    let names: Vec<&str> = notice.of.iter().filter_map(|due| due.name.as_deref()).collect();
    if all > 1 && names.len() == all {
        let first = names.iter().take(MOST_NAMES).copied().collect::<Vec<_>>().join(", ");
        return match all.saturating_sub(MOST_NAMES) {
            0 => first,
            more => format!("{first} and {more} more"),
        };
    }
    match (over, all.saturating_sub(over)) {
        (0, _) | (_, 0) => "Open Keyturn to act.".into(),
        (_, 1) => "1 more is due within 7 days. Open Keyturn to act.".into(),
        (_, more) => format!("{more} more are due within 7 days. Open Keyturn to act."),
    }
}

#[cfg(test)]
mod tests {
    use keyturn_app::Stage;

    use super::*;

    fn notice(of: &[(Option<&str>, i32)]) -> Notice {
        let due = |(name, stage): &(Option<&str>, i32)| Due {
            credential: None,
            name: name.map(str::to_owned),
            deadline: Deadline::Expiry,
            stage: Stage(*stage),
        };
        let of: Vec<_> = of.iter().map(due).collect();
        Notice { number: 7, severity: of[0].stage.severity(), of }
    }

    fn said(of: &[(Option<&str>, i32)]) -> (String, String) {
        (summary(&notice(of)), body(&notice(of)))
    }

    #[test]
    fn one_is_told_by_its_date_and_many_by_their_number() {
        let act = "Open Keyturn to act.";
        assert_eq!(said(&[(None, -7)]), ("A credential expires within 7 days".into(), act.into()));
        assert_eq!(said(&[(Some("pay"), -1)]).0, "pay expires within a day");
        assert_eq!(said(&[(Some("pay"), 0)]).0, "pay has expired");
        assert_eq!(said(&[(Some("pay"), 4)]).0, "pay is overdue by 4 days");
        let (summary, body) = said(&[(None, 4), (None, 0), (None, -1), (None, -7)]);
        assert_eq!(summary, "2 credentials are overdue");
        assert_eq!(body, format!("2 more are due within 7 days. {act}"));
        let named = [(Some("a"), -1), (Some("b"), -1), (Some("c"), -7), (Some("d"), -7)];
        let due = "4 credentials are due within 7 days";
        assert_eq!(said(&named), (due.into(), "a, b, c and 1 more".into()));
    }

    #[test]
    fn it_takes_the_place_of_the_one_with_its_number_and_is_as_urgent_as_what_is_due() {
        let (critical, warning) = (worded(&notice(&[(None, 0)])), worded(&notice(&[(None, -7)])));
        assert!(format!("{critical:?}").contains("Urgency(Critical)"));
        assert!(format!("{warning:?}").contains("Urgency(Normal)"));
        assert!(format!("{critical:?}").contains("id: Some(7)"));
    }
}

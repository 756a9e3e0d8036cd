//! The words of all messages. What a message is made of has names, dates and nothing else.

use keyturn_model::{
    Timestamp,
    reminder::{Deadline, Stage},
};

/// The most lines of one message.
const MOST_LINES: usize = 20;

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// That the channel works.
    Test,
    /// Dates come near, or are over; the most urgent first.
    Due(Vec<Due>),
    /// A rotation went well.
    Rotated {
        /// What the credential is called.
        name: String,
    },
    /// A rotation failed, and was undone.
    Failed {
        /// What the credential is called.
        name: String,
    },
    /// A value was revoked in an emergency, and nothing took its place.
    Revoked {
        /// What the credential is called.
        name: String,
    },
    /// A rotation waits for a person.
    NeedsAttention {
        /// What the credential is called.
        name: String,
    },
    /// A planned rotation will restart consumers.
    Restarts {
        /// What the credential is called.
        name: String,
        /// When it is planned.
        at: Timestamp,
        /// What the consumers are called.
        consumers: Vec<String>,
    },
}

/// A date of a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// What the credential is called.
    pub name: String,
    /// What the date is.
    pub deadline: Deadline,
    /// How soon, or since when.
    pub stage: Stage,
    /// The date.
    pub at: Timestamp,
}

/// The first line of a message, and the rest.
#[must_use]
pub fn words(told: &Told) -> (String, String) {
    let (first, rest) = match told {
        Told::Test => (
            "Keyturn: a test".to_owned(),
            vec!["This channel works. Messages from Keyturn will come here.".to_owned()],
        ),
        Told::Due(all) => due(all),
        Told::Rotated { name } => (
            format!("Rotated: {}", one_line(name)),
            vec!["The new value is in force everywhere, and the old one is refused.".to_owned()],
        ),
        Told::Failed { name } => (
            format!("Urgent: the rotation of {} failed", one_line(name)),
            vec![
                "It was undone, and the old value is in force. Open the run in Keyturn to see why."
                    .to_owned(),
            ],
        ),
        Told::Revoked { name } => (
            format!("Urgent: {} is revoked, and nothing took its place", one_line(name)),
            vec!["Whoever uses it stands without. Store a new value in Keyturn.".to_owned()],
        ),
        Told::NeedsAttention { name } => (
            format!("The rotation of {} needs you", one_line(name)),
            vec!["It waits for a person. Open the run in Keyturn to see what to do.".to_owned()],
        ),
        Told::Restarts { name, at, consumers } => (
            format!("The rotation of {} will restart what uses it", one_line(name)),
            std::iter::once(format!("Planned for {at}. Restarted:"))
                .chain(listed(consumers.iter().map(|name| one_line(name)).collect()))
                .collect(),
        ),
    };
    (first, rest.join("\n"))
}

fn due(all: &[Due]) -> (String, Vec<String>) {
    let first = match all {
        [one] => said(one),
        all => {
            let over = all.iter().filter(|one| one.stage >= Stage(0)).count();
            match over {
                0 => format!("{} credentials are due soon", all.len()),
                over if over == all.len() => format!("{over} credentials are overdue"),
                over => format!("{} credentials are due, {over} of them overdue", all.len()),
            }
        }
    };
    let line = |one: &Due| format!("{} ({})", said(one), one.at);
    (first, listed(all.iter().map(line).collect()))
}

fn said(Due { name, deadline, stage, .. }: &Due) -> String {
    let name = one_line(name);
    match (deadline, stage.0) {
        (Deadline::Expiry, ..-1) => format!("{name} expires within 7 days"),
        (Deadline::Expiry, -1) => format!("{name} expires within a day"),
        (Deadline::Expiry, 0) => format!("{name} has expired"),
        (Deadline::Expiry, days) => format!("{name} expired {} ago", days_of(days)),
        (Deadline::Rotation, ..-1) => format!("{name} is to be rotated within 7 days"),
        (Deadline::Rotation, -1) => format!("{name} is to be rotated within a day"),
        (Deadline::Rotation, 0) => format!("{name} is to be rotated now"),
        (Deadline::Rotation, days) => format!("{name} is overdue by {}", days_of(days)),
    }
}

fn days_of(days: i32) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

fn listed(mut lines: Vec<String>) -> Vec<String> {
    let more = lines.len().saturating_sub(MOST_LINES);
    if more > 0 {
        lines.truncate(MOST_LINES);
        lines.push(format!("and {more} more"));
    }
    lines
}

/// A name as it can stand in a line.
fn one_line(name: &str) -> String {
    name.chars().map(|each| if each.is_control() { ' ' } else { each }).collect()
}

//! The menu of the tray: its entries in words, and what each leads to.

use keyturn_app::{Cause, CredentialId, Glance, Named, views::Destination};
use tauri::{
    AppHandle, Wry,
    menu::{Menu, MenuBuilder, SubmenuBuilder},
};

/// What a person chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    Open,
    Lock,
    Quit,
    Go(Destination),
    Copy(CredentialId),
}

/// What may have happened, in the words of the menu.
const CAUSES: [(Cause, &str); 5] = [
    (Cause::Leaked, "A value leaked…"),
    (Cause::Left, "Someone left…"),
    (Cause::MachineLost, "A machine is lost…"),
    (Cause::IssuerBreached, "An issuer was breached…"),
    (Cause::Chosen, "Something else…"),
];

fn word(cause: Cause) -> &'static str {
    match cause {
        Cause::Leaked => "leaked",
        Cause::Left => "left",
        Cause::MachineLost => "machine",
        Cause::IssuerBreached => "issuer",
        Cause::Chosen => "chosen",
    }
}

/// An entry as it is shown.
#[derive(Debug, PartialEq, Eq)]
enum Entry {
    Line,
    One(String, Choice),
    Many(&'static str, Vec<(String, Choice)>),
}

impl Choice {
    /// As a text: that is what a menu gives back.
    fn text(self) -> String {
        match self {
            Self::Open => "open".into(),
            Self::Lock => "lock".into(),
            Self::Quit => "quit".into(),
            Self::Go(Destination::Attention) => "attention".into(),
            Self::Go(Destination::Timeline) => "timeline".into(),
            Self::Go(Destination::Credential { id }) => format!("credential {id}"),
            Self::Go(Destination::Run { id }) => format!("run {id}"),
            Self::Go(Destination::Incident { id }) => format!("incident {id}"),
            Self::Go(Destination::Emergency { cause }) => {
                format!("emergency {}", cause.map_or("", word))
            }
            Self::Copy(id) => format!("copy {id}"),
        }
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        let (what, id) = text.split_once(' ').unwrap_or((text, ""));
        Some(match what {
            "open" => Self::Open,
            "lock" => Self::Lock,
            "quit" => Self::Quit,
            "attention" => Self::Go(Destination::Attention),
            "timeline" => Self::Go(Destination::Timeline),
            "credential" => Self::Go(Destination::Credential { id: id.parse().ok()? }),
            "run" => Self::Go(Destination::Run { id: id.parse().ok()? }),
            "incident" => Self::Go(Destination::Incident { id: id.parse().ok()? }),
            "emergency" if id.is_empty() => Self::Go(Destination::Emergency { cause: None }),
            "emergency" => {
                let cause = CAUSES.into_iter().find(|(cause, _)| word(*cause) == id)?.0;
                Self::Go(Destination::Emergency { cause: Some(cause) })
            }
            "copy" => Self::Copy(id.parse().ok()?),
            _ => return None,
        })
    }
}

/// The menu, to be made on the main thread.
pub(super) fn menu(handle: &AppHandle, glance: &Glance) -> tauri::Result<Menu<Wry>> {
    let mut menu = MenuBuilder::new(handle);
    for entry in entries(glance) {
        menu = match entry {
            Entry::Line => menu.separator(),
            Entry::One(words, choice) => menu.text(choice.text(), plain(&words)),
            Entry::Many(words, inside) => {
                let mut submenu = SubmenuBuilder::new(handle, words);
                for (words, choice) in inside {
                    submenu = submenu.text(choice.text(), plain(&words));
                }
                menu.item(&submenu.build()?)
            }
        };
    }
    menu.build()
}

/// Beside the icon, where the desktop shows it: how many are due.
pub(super) fn title(glance: &Glance) -> Option<String> {
    let all = glance.due.over + glance.due.soon;
    (all > 0).then(|| all.to_string())
}

/// No letter of a name is a key of the menu.
fn plain(words: &str) -> String {
    words.replace('&', "&&")
}

fn entries(glance: &Glance) -> Vec<Entry> {
    let go = |words: String, to| Entry::One(words, Choice::Go(to));
    let mut entries = vec![go(summary(glance), Destination::Timeline)];
    let Some(unlocked) = &glance.unlocked else {
        if glance.open_runs > 0 {
            entries.push(Entry::One(format!("Rotations: {}", glance.open_runs), Choice::Open));
        }
        entries.push(Entry::Line);
        entries.push(go("Emergency…".into(), Destination::Emergency { cause: None }));
        entries.push(Entry::One("Open Keyturn".into(), Choice::Open));
        entries.push(Entry::One("Quit".into(), Choice::Quit));
        return entries;
    };
    let to = |one: &Named| (one.name.clone(), Choice::Go(Destination::Credential { id: one.id }));
    let copy = |one: &Named| (one.name.clone(), Choice::Copy(one.id));
    entries.push(Entry::Line);
    if !unlocked.taken.is_empty() {
        entries.push(Entry::Many("Quick copy", unlocked.taken.iter().map(copy).collect()));
    }
    if unlocked.all_attention > 0 {
        let all = format!("Show all {}", unlocked.all_attention);
        let mut some = vec![(all, Choice::Go(Destination::Attention))];
        some.extend(unlocked.attention.iter().map(to));
        entries.push(Entry::Many("Needs attention", some));
    }
    if let Some(run) = &unlocked.run {
        let words = format!("Rotating {}: step {} of {}", run.name, run.step, run.steps);
        entries.push(go(words, Destination::Run { id: run.id }));
    }
    if *entries.last().unwrap_or(&Entry::Line) != Entry::Line {
        entries.push(Entry::Line);
    }
    if let Some(burns) = &unlocked.incident {
        let words = format!("{}: {} of {} refused", burns.reference, burns.refused, burns.taken);
        entries.push(go(words, Destination::Incident { id: burns.id }));
    }
    let begin = |(cause, words): (Cause, &str)| {
        (words.to_owned(), Choice::Go(Destination::Emergency { cause: Some(cause) }))
    };
    entries.push(Entry::Many("Emergency", CAUSES.map(begin).into()));
    entries.push(Entry::Line);
    entries.push(Entry::One("Lock".into(), Choice::Lock));
    entries.push(Entry::One("Open Keyturn".into(), Choice::Open));
    entries.push(Entry::One("Quit".into(), Choice::Quit));
    entries
}

fn summary(glance: &Glance) -> String {
    match (glance.due.over, glance.due.soon) {
        (0, 0) => "Nothing is due this week".into(),
        (0, soon) => format!("{soon} due this week"),
        (over, 0) => format!("{over} overdue"),
        (over, soon) => format!("{over} overdue, {soon} due this week"),
    }
}

#[cfg(test)]
mod tests {
    use keyturn_app::{Burning, Counts, Going, Unlocked};

    use super::*;

    const ID: &str = "019a0000-0000-7000-8000-000000000001";

    fn id<T: std::str::FromStr>() -> T
    where
        T::Err: std::fmt::Debug,
    {
        ID.parse().expect("an id")
    }

    fn words(glance: &Glance) -> Vec<String> {
        let said = |entry: &Entry| match entry {
            Entry::Line => "-".to_owned(),
            Entry::One(words, _) => words.clone(),
            Entry::Many(words, inside) => {
                let inside: Vec<_> = inside.iter().map(|(words, _)| words.as_str()).collect();
                format!("{words}: {}", inside.join(", "))
            }
        };
        entries(glance).iter().map(said).collect()
    }

    #[test]
    fn an_unlocked_vault_is_told_by_name() {
        let named = |name: &str| Named { id: id(), name: name.into() };
        let unlocked = Unlocked {
            taken: vec![named("pay & go")],
            attention: vec![named("orders")],
            all_attention: 11,
            run: Some(Going { id: id(), name: "mail".into(), step: 4, steps: 9 }),
            incident: Some(Burning {
                id: id(),
                reference: "INC-2026-007".into(),
                refused: 3,
                taken: 14,
            }),
        };
        let due = Counts { over: 2, soon: 3 };
        let glance = Glance { due, open_runs: 1, need_you: 0, unlocked: Some(unlocked) };
        assert_eq!(
            words(&glance),
            [
                "2 overdue, 3 due this week",
                "-",
                "Quick copy: pay & go",
                "Needs attention: Show all 11, orders",
                "Rotating mail: step 4 of 9",
                "-",
                "INC-2026-007: 3 of 14 refused",
                "Emergency: A value leaked…, Someone left…, A machine is lost…, \
                 An issuer was breached…, Something else…",
                "-",
                "Lock",
                "Open Keyturn",
                "Quit",
            ]
        );
        assert_eq!(title(&glance).as_deref(), Some("5"));
        assert_eq!(plain("pay & go"), "pay && go");
    }

    #[test]
    fn a_locked_one_is_told_by_numbers_alone() {
        let due = Counts { over: 0, soon: 1 };
        let glance = Glance { due, open_runs: 2, ..Glance::default() };
        let told = ["1 due this week", "Rotations: 2", "-", "Emergency…", "Open Keyturn", "Quit"];
        assert_eq!(words(&glance), told);
        assert_eq!(words(&Glance::default())[0], "Nothing is due this week");
    }

    #[test]
    fn every_choice_is_known_again_by_its_text() {
        let all = [
            Choice::Open,
            Choice::Lock,
            Choice::Quit,
            Choice::Copy(id()),
            Choice::Go(Destination::Attention),
            Choice::Go(Destination::Timeline),
            Choice::Go(Destination::Credential { id: id() }),
            Choice::Go(Destination::Run { id: id() }),
            Choice::Go(Destination::Incident { id: id() }),
            Choice::Go(Destination::Emergency { cause: None }),
            Choice::Go(Destination::Emergency { cause: Some(Cause::MachineLost) }),
        ];
        for choice in all {
            assert_eq!(Choice::read(&choice.text()), Some(choice));
        }
        assert_eq!(Choice::read("copy nothing"), None);
    }
}

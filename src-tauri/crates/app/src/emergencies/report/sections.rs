//! The sections of a report that are tables: each credential, what broke, what is left, and what happened when.

use std::collections::BTreeSet;

use keyturn_model::{Timestamp, rotation::Outcome};

use super::{
    Report,
    fate::{Fate, status},
    paper::{
        Cell, Part, Table,
        Tone::{Alarm, Faint, Plain, Strong},
    },
    words::{self, count, lasted, moment, some},
};
use crate::views::{IncidentItem, IncidentLine, RunStatus};

/// The most lines of the timeline that people are given to read.
const MOST_LINES: usize = 2_000;
/// The most places named for one credential.
const MOST_TRACES: usize = 12;

impl Report<'_> {
    pub(super) fn credentials(&self) -> Part {
        let why = |item: &IncidentItem| {
            let mut lines = found(item);
            let own = item.order.filter(|order| *order != self.view.order);
            lines.extend(own.map(|order| Plain.says(words::order(order))));
            lines
        };
        let rows = self
            .taken()
            .map(|fate| vec![named(fate.item), why(fate.item), old_value(fate), new_value(fate)]);
        Part::Table(Table {
            columns: vec![
                ("Credential", 0.22),
                ("Why it is in it", 0.22),
                ("Old value, in UTC", 0.28),
                ("New value, in UTC, and consumers", 0.28),
            ],
            rows: rows.collect(),
        })
    }

    pub(super) fn others(&self) -> Part {
        let why = |item: &IncidentItem| match item.reason.as_str() {
            "" => vec![Faint.says("No reason was given")],
            reason => vec![Plain.says(reason)],
        };
        let rows =
            self.left_out().map(|fate| vec![named(fate.item), found(fate.item), why(fate.item)]);
        Part::Table(Table {
            columns: vec![
                ("Credential", 0.3),
                ("Why it was found", 0.4),
                ("Why it was left out", 0.3),
            ],
            rows: rows.collect(),
        })
    }

    pub(super) fn broken_in_short(&self) -> String {
        let names = each_once(self.taken().flat_map(Fate::went_without));
        let still = each_once(self.taken().flat_map(Fate::still_without));
        let gaps = self.taken().filter_map(|fate| fate.without.as_ref());
        let ends = gaps.map(|gap| (gap.from, gap.until.unwrap_or(self.at)));
        let Some((from, to)) = ends.max_by_key(|(from, to)| to.0.saturating_sub(from.0)) else {
            return "No consumer is known to have been without a value that works.".to_owned();
        };
        let (many, were) = (count(names.len(), "consumer"), was(names.len()));
        let (who, long) = (some(&names), lasted(from, to));
        let lasts = match still.len() {
            0 => String::new(),
            many => format!(" Still {} when this was written: {}.", was(many), some(&still)),
        };
        format!("{many} {were} without a value that works, for {long} at most: {who}.{lasts}")
    }

    pub(super) fn broken(&self) -> Vec<Part> {
        let gaps = self.taken().filter_map(|fate| Some((fate, fate.without.as_ref()?)));
        let rows: Vec<Vec<Cell>> = gaps
            .map(|(fate, gap)| {
                let until = match gap.until {
                    Some(at) => Plain.says(moment(at)),
                    None => {
                        Alarm.says(format!("Still without: {}", fate.still_without().join(", ")))
                    }
                };
                let long = lasted(gap.from, gap.until.unwrap_or(self.at));
                vec![
                    vec![Strong.says(&fate.item.name)],
                    vec![Plain.says(fate.went_without().join(", "))],
                    vec![Plain.says(moment(gap.from))],
                    vec![until],
                    vec![Plain.says(long)],
                ]
            })
            .collect();
        let mut parts = Vec::new();
        if rows.is_empty() {
            parts.push(Part::Text(self.broken_in_short()));
        } else {
            let says = "Consumers without a value that works: from when the issuer took the old value back \
                        until all of them had the new one. The log does not tell when each got it, so one may \
                        have had it sooner.";
            let columns = vec![
                ("Credential", 0.24),
                ("Consumers", 0.26),
                ("From, UTC", 0.19),
                ("Until, UTC", 0.19),
                ("For at most", 0.12),
            ];
            parts.extend([Part::Text(says.to_owned()), Part::Table(Table { columns, rows })]);
        }
        let by_hand = self.taken().filter(|fate| fate.item.run.is_none()).count();
        if by_hand > 0 && self.view.row.started.is_some() {
            parts.push(Part::Text(format!(
                "{} {} not rotated by Keyturn: the log does not tell whether anything broke there.",
                count(by_hand, "credential"),
                was(by_hand)
            )));
        }
        parts
    }

    pub(super) fn left(&self) -> Vec<Part> {
        let mut rows: Vec<Vec<Cell>> = self
            .open()
            .map(|fate| {
                let open = match fate.item.outcome {
                    Outcome::Failed => Alarm,
                    _ => Plain,
                };
                let mut lines: Cell = vec![open.says(what_is_open(fate))];
                lines.extend(fate.trouble.as_ref().map(|it| Plain.says(it)));
                vec![vec![Strong.says(&fate.item.name)], lines]
            })
            .collect();
        rows.extend(self.view.tasks.iter().map(|task| {
            let state =
                if task.done { Faint.says("Task, done") } else { Strong.says("Task, to do") };
            vec![vec![state], vec![Plain.says(&task.text)]]
        }));
        let mut parts = Vec::new();
        if self.open().next().is_none() && self.view.tasks.iter().all(|task| task.done) {
            parts.push(Part::Text("Nothing.".to_owned()));
        }
        if !rows.is_empty() {
            let columns = vec![("Credential or task", 0.28), ("What is left", 0.72)];
            parts.push(Part::Table(Table { columns, rows }));
        }
        parts
    }

    /// What is said of the incident itself is always there; of the rotations the first and the last.
    pub(super) fn timeline(&self) -> Vec<Part> {
        let log = &self.view.log;
        let (first, last) = (MOST_LINES / 2, log.len().saturating_sub(MOST_LINES / 2));
        let shown = |(at, line): &(usize, &IncidentLine)| {
            line.about.is_empty() || *at < first || *at >= last
        };
        let rows: Vec<Vec<Cell>> =
            log.iter().enumerate().filter(shown).map(|it| row(it.1)).collect();
        let mut parts = Vec::new();
        if rows.len() < log.len() {
            parts.push(Part::Text(format!(
                "{} of {} lines: all about the incident itself, and of the rotations the first and the last. \
                 The report as JSON has every line.",
                rows.len(),
                log.len()
            )));
        }
        let columns = vec![("When", 0.19), ("About", 0.26), ("What happened", 0.55)];
        parts.push(Part::Table(Table { columns, rows }));
        parts
    }
}

fn row(line: &IncidentLine) -> Vec<Cell> {
    let about = match (line.about.as_str(), line.by.as_str()) {
        ("", "") => Faint.says("Incident"),
        ("", by) => Faint.says(format!("Incident, by {by}")),
        (about, _) => Strong.says(about),
    };
    vec![vec![Plain.says(moment(line.at))], vec![about], vec![Plain.says(words::happened(line))]]
}

fn each_once<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

fn was(many: usize) -> &'static str {
    if many == 1 { "was" } else { "were" }
}

fn named(item: &IncidentItem) -> Cell {
    let risk = match item.environment.as_str() {
        "" => words::risk(item.risk).to_owned(),
        environment => format!("{}, {environment}", words::risk(item.risk)),
    };
    vec![Strong.says(&item.name), Faint.says(words::kind(item.kind)), Faint.says(risk)]
}

/// Why it was found.
fn found(item: &IncidentItem) -> Cell {
    let mut lines: Cell =
        item.found.iter().take(MOST_TRACES).map(|it| Plain.says(words::trace(it))).collect();
    let more = item.found.len().saturating_sub(MOST_TRACES);
    if more > 0 {
        lines.push(Faint.says(format!("and {more} more, in the report as JSON")));
    }
    if lines.is_empty() {
        lines.push(Plain.says("Chosen"));
    }
    if item.taken && !item.reason.is_empty() {
        lines.push(Plain.says(format!("Taken in, as: {}", item.reason)));
    }
    lines
}

fn old_value(fate: &Fate<'_>) -> Cell {
    let item = fate.item;
    let at = |what: &str, at: Option<Timestamp>| {
        at.map(|at| Plain.says(format!("{what} {}", moment(at))))
    };
    let revoked = at("Revoked", fate.revoked);
    let (what, seen, how) = match (item.outcome, &item.said) {
        (Outcome::RevokedVerified, _) => {
            (Strong.says("Proven to be refused"), at("Refused", item.refused), fate.proof)
        }
        (_, Some(said)) => {
            let who = Strong.says(format!("Refused, as {} said", said.by));
            (who, at("Said", Some(said.at)), Some("Nothing else can tell"))
        }
        (Outcome::Failed, None) => (Alarm.says("Still accepted"), None, None),
        (Outcome::Unknown, None) => {
            (Alarm.says("Revoked, not proven"), None, Some("Nothing has shown that it is refused"))
        }
        (Outcome::Open, None) => (Alarm.says("Not revoked"), None, None),
    };
    let how = how.map(|how| Faint.says(how));
    [Some(what), revoked, seen, how].into_iter().flatten().collect()
}

fn new_value(fate: &Fate<'_>) -> Cell {
    let since = fate.replaced.map(|at| Plain.says(format!("Since {}", moment(at))));
    let (what, since) = match status(fate.item) {
        None if fate.item.renewed => (Strong.says("Stored by hand"), None),
        None => (Strong.says("To be stored by hand"), None),
        Some(RunStatus::Done) => (Strong.says("In force"), since),
        Some(RunStatus::Revoked) => (Strong.says("None: revoked only"), None),
        Some(RunStatus::Undone) => (Alarm.says("None: undone"), None),
        Some(_) if since.is_some() => (Strong.says("In force, not finished"), since),
        Some(_) => (Alarm.says("Not in force yet"), None),
    };
    let mut lines: Cell = [Some(what), since].into_iter().flatten().collect();
    let groups =
        [("Delivered to", Some(true)), ("Not delivered to", Some(false)), ("Used by", None)];
    for (word, has_new) in groups {
        let those = fate.consumers.iter().filter(|it| it.has_new == has_new);
        let names: Vec<&str> = those.map(|it| it.name.as_str()).collect();
        if !names.is_empty() {
            lines.push(Plain.says(format!("{word}: {}", names.join(", "))));
        }
    }
    if fate.consumers.is_empty() {
        lines.push(Faint.says("No consumer is known"));
    }
    lines
}

fn what_is_open(fate: &Fate<'_>) -> &'static str {
    if fate.is_settled() {
        return "The old value is refused; the rotation to the new one has not ended.";
    }
    match (fate.item.outcome, status(fate.item)) {
        (Outcome::Failed, _) => "The old value is still accepted.",
        (Outcome::Unknown, _) => "The old value was revoked; nothing has shown that it is refused.",
        (_, Some(RunStatus::Undone)) => "The rotation was undone; the old value is not revoked.",
        (_, Some(_)) => "The old value is not revoked.",
        (_, None) if fate.item.renewed => {
            "A new value is stored; the old one has to be revoked by hand."
        }
        (_, None) => "Has to be replaced and revoked by hand.",
    }
}

#[cfg(test)]
mod tests {
    use keyturn_model::{IncidentId, incident::Cause, rotation::Order};
    use keyturn_vault::Head;

    use super::*;
    use crate::views::{IncidentRow, IncidentView};

    fn line(at: i64, action: &str, about: &str) -> IncidentLine {
        let text = |it: &str| it.to_owned();
        IncidentLine {
            at: Timestamp(at),
            by: String::new(),
            action: text(action),
            about: text(about),
            detail: at.to_string(),
        }
    }

    fn view(log: Vec<IncidentLine>) -> IncidentView {
        let row = IncidentRow {
            id: IncidentId::from_bytes([1; 16]),
            reference: "INC-2026-001".to_owned(),
            cause: Cause::Leaked,
            title: "Leaked".to_owned(),
            drill: false,
            opened: Timestamp(0),
            started: None,
            closed: None,
            taken: 0,
            refused: 0,
            all_refused: None,
            restored: None,
        };
        IncidentView {
            row,
            version: 1,
            by: "Ana".to_owned(),
            earliest: None,
            order: Order::RevokeFirst,
            items: Vec::new(),
            tasks: Vec::new(),
            consumers: Vec::new(),
            restarts: Vec::new(),
            owners: Vec::new(),
            down_s: 0,
            asks_reference: false,
            deadlines: Vec::new(),
            log,
        }
    }

    #[test]
    fn a_long_timeline_has_its_ends_and_all_about_the_incident_and_says_what_is_left_out() {
        let mut log: Vec<_> =
            (0..5_000).map(|at| line(at, "rotation.revoked", "gateway")).collect();
        log.insert(2_500, line(2_500, "incident.closed", ""));
        let view = view(log);
        let report = Report {
            vault: "Acme".to_owned(),
            by: "Ana".to_owned(),
            at: Timestamp(0),
            head: Head::default(),
            view: &view,
            fates: Vec::new(),
        };
        let [Part::Text(says), Part::Table(table)] = &report.timeline()[..] else {
            panic!("a sentence and a table")
        };
        assert!(says.starts_with("2001 of 5001 lines"), "{says}");
        let told: Vec<&str> =
            table.rows.iter().map(|row| row.last().expect("a cell")[0].text.as_str()).collect();
        assert_eq!(told[0], "Old value revoked: 0");
        assert_eq!(told[1_000], "Incident closed: 2500");
        assert_eq!(told[2_000], "Old value revoked: 4999");
    }
}

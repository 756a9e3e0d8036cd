//! The report of an emergency: for somebody who was not there. It has names, moments and outcomes in it, and never a
//! value; the head of the audit log says what it rests on. What it says is said once, here, for every format that
//! people read.

mod fate;
mod json;
mod markdown;
mod paper;
mod pdf;
mod sections;
mod words;

use std::collections::BTreeSet;

use keyturn_model::Timestamp;
use keyturn_vault::{Head, KeptIncident};

use crate::{App, UserError, session::Open, views::IncidentView};
use fate::Fate;
use paper::{
    Line, Paper, Part, Section,
    Tone::{Alarm, Plain},
};
use words::{count, lasted, some, utc};

impl App {
    pub(super) fn report(
        &self,
        open: &Open,
        kept: &KeptIncident,
        format: &str,
    ) -> Result<Vec<u8>, UserError> {
        let view = self.incident_view(open, kept)?;
        let fates = view.items.iter().map(|item| Fate::of(&open.vault, item));
        let about = Report {
            vault: open.vault.name(),
            by: open.vault.my_name()?,
            at: self.clock().now(),
            head: open.vault.head()?,
            fates: fates.collect::<Result<_, _>>()?,
            view: &view,
        };
        match format {
            "markdown" => Ok(markdown::written(&about.paper()).into_bytes()),
            "pdf" => pdf::written(&about.paper()).ok_or_else(UserError::internal),
            "json" => {
                serde_json::to_vec_pretty(&json::written(&about)).map_err(|_| UserError::internal())
            }
            _ => Err(UserError::input_refused().with("what", "format")),
        }
    }
}

/// What a report is made of.
struct Report<'a> {
    vault: String,
    by: String,
    at: Timestamp,
    /// Where the audit log ended.
    head: Head,
    view: &'a IncidentView,
    fates: Vec<Fate<'a>>,
}

impl<'a> Report<'a> {
    fn taken(&self) -> impl Iterator<Item = &Fate<'a>> {
        self.fates.iter().filter(|fate| fate.item.taken)
    }

    fn left_out(&self) -> impl Iterator<Item = &Fate<'a>> {
        self.fates.iter().filter(|fate| !fate.item.taken)
    }

    fn open(&self) -> impl Iterator<Item = &Fate<'a>> {
        self.fates.iter().filter(|fate| fate.is_open())
    }

    /// Those who use what is dealt with, by name.
    fn consumers(&self) -> BTreeSet<&str> {
        self.taken().flat_map(|fate| &fate.consumers).map(|it| it.name.as_str()).collect()
    }

    fn paper(&self) -> Paper {
        let row = &self.view.row;
        let what = if row.drill { "Practice report" } else { "Incident report" };
        let section = |title, parts| Section { title, parts };
        let mut sections = vec![
            section("In short", vec![Part::Answers(self.summary())]),
            section("Facts", vec![Part::Facts(self.facts())]),
            section("How long it took", vec![Part::Facts(self.durations())]),
            section("Credentials", vec![self.credentials()]),
        ];
        if self.left_out().next().is_some() {
            sections.push(section("Found and left out", vec![self.others()]));
        }
        sections.extend([
            section("What broke", self.broken()),
            section("What is left to do", self.left()),
            section("What happened, in UTC", self.timeline()),
            section("What this report rests on", self.grounds()),
        ]);
        Paper {
            about: format!("{what} {}, vault {}", row.reference, self.vault),
            reference: row.reference.clone(),
            title: row.title.clone(),
            written: self.at,
            sections,
        }
    }

    /// The four things that somebody asks who was not there.
    fn summary(&self) -> Vec<(&'static str, Line)> {
        vec![
            ("What happened", Plain.says(self.happened_in_short())),
            ("Was it stopped", self.stopped_in_short()),
            ("What broke", Plain.says(self.broken_in_short())),
            ("What is left", Plain.says(self.left_in_short())),
        ]
    }

    fn happened_in_short(&self) -> String {
        let row = &self.view.row;
        let names: Vec<&str> = self.taken().map(|fate| fate.item.name.as_str()).collect();
        let practice = if row.drill { "This was a practice. " } else { "" };
        let cause = words::cause(row.cause);
        let many = count(names.len(), "credential");
        let out = match self.left_out().count() {
            0 => String::new(),
            1 => " 1 other was found and left out.".to_owned(),
            out => format!(" {out} others were found and left out."),
        };
        let taken = match names.len() {
            0 => "No credential is in it.".to_owned(),
            1 => format!("{many} is in it: {}.", some(&names)),
            _ => format!("{many} are in it: {}.", some(&names)),
        };
        format!("{practice}{cause} {taken}{out}")
    }

    fn stopped_in_short(&self) -> Line {
        let row = &self.view.row;
        let Some(began) = row.started else { return Alarm.says("No: nothing was begun yet.") };
        let (Some(revoked), Some(proven)) = (self.all_revoked(), row.all_refused) else {
            let (refused, taken) = (row.refused, count(self.taken().count(), "old value"));
            let are = if refused == 1 { "is" } else { "are" };
            return Alarm.says(format!("Not yet: {refused} of {taken} {are} known to be refused."));
        };
        Plain.says(format!(
            "Yes: every old value is refused. The last was revoked {}, {} after the start, and the last was \
             known to be refused {}.",
            utc(revoked),
            lasted(began, revoked),
            utc(proven)
        ))
    }

    fn left_in_short(&self) -> String {
        let open: Vec<&str> = self.open().map(|fate| fate.item.name.as_str()).collect();
        let tasks = self.view.tasks.iter().filter(|task| !task.done).count();
        let credentials = format!("{}: {}", count(open.len(), "credential"), some(&open));
        match (open.len(), tasks) {
            (0, 0) => "Nothing.".to_owned(),
            (0, tasks) => {
                format!("{}. Every credential is settled.", count(tasks, "follow-up task"))
            }
            (_, 0) => format!("{credentials}."),
            (_, tasks) => format!("{credentials}. {} besides.", count(tasks, "follow-up task")),
        }
    }

    /// When the last old value was revoked, or somebody said so; nothing while one is not known to be refused.
    fn all_revoked(&self) -> Option<Timestamp> {
        self.view.row.all_refused?;
        let each = self.taken().map(|fate| {
            let said = fate.item.said.as_ref().map(|said| said.at);
            fate.revoked.or(said).or(fate.item.refused)
        });
        each.max().flatten()
    }

    fn facts(&self) -> Vec<(&'static str, Line)> {
        let row = &self.view.row;
        let or = |at: Option<Timestamp>, not: &str| at.map_or_else(|| not.to_owned(), utc);
        let closed = match &row.closed {
            None => "Not closed".to_owned(),
            Some(it) if it.reason.is_empty() => format!("{}, by {}", utc(it.at), it.by),
            Some(it) => {
                format!("{}, by {}, with something open, as: {}", utc(it.at), it.by, it.reason)
            }
        };
        let starts = self.view.log.iter().find(|line| line.action == "incident.started");
        let started = match (row.started, starts) {
            (Some(at), Some(line)) => format!("{}, by {}", utc(at), line.by),
            (at, _) => or(at, "Not started"),
        };
        let consumers: Vec<&str> = self.consumers().into_iter().collect();
        let owners: Vec<&str> = self.view.owners.iter().map(String::as_str).collect();
        let named = |names: &[&str]| match names {
            [] => "None known".to_owned(),
            names => format!("{}: {}", names.len(), some(names)),
        };
        let facts = [
            ("Vault", self.vault.clone()),
            ("Cause", words::cause_name(row.cause).to_owned()),
            ("Earliest possible misuse", or(self.view.earliest, "Not known")),
            ("Opened", format!("{}, by {}", utc(row.opened), self.view.by)),
            ("Order", words::order(self.view.order).to_owned()),
            ("Started", started),
            ("All revoked", or(self.all_revoked(), "Not yet")),
            ("All known to be refused", or(row.all_refused, "Not yet")),
            ("All restored", or(row.restored, "Not yet")),
            ("Closed", closed),
            ("Consumers", named(&consumers)),
            ("Owners", named(&owners)),
        ];
        facts.map(|(name, fact)| (name, Plain.says(fact))).into()
    }

    fn durations(&self) -> Vec<(&'static str, Line)> {
        let row = &self.view.row;
        let since = |from: Option<Timestamp>, to: Option<Timestamp>, not: &str| {
            from.zip(to).map_or_else(|| not.to_owned(), |(from, to)| lasted(from, to))
        };
        let durations = [
            ("Earliest misuse to known", since(self.view.earliest, Some(row.opened), "Not known")),
            ("Known to started", since(Some(row.opened), row.started, "Not yet")),
            ("Started to all revoked", since(row.started, self.all_revoked(), "Not yet")),
            ("Started to all restored", since(row.started, row.restored, "Not yet")),
        ];
        durations.map(|(name, lasted)| (name, Plain.says(lasted))).into()
    }

    fn grounds(&self) -> Vec<Part> {
        let facts = [
            ("Written", format!("{}, by {}", utc(self.at), self.by)),
            ("Last entry of the audit log", self.head.seq.to_string()),
            ("Its seal", hex(&self.head.mac)),
        ];
        vec![
            Part::Facts(facts.map(|(name, fact)| (name, Plain.says(fact))).into()),
            Part::Text(
                "Each entry of the audit log is sealed together with the one before it, so this seal stands \
                 for everything up to then. No value of a credential is in this report."
                    .to_owned(),
            ),
        ]
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

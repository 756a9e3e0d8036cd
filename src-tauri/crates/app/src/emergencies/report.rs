//! The report of an emergency: for somebody who was not there. It has names, moments and outcomes in it, and never a
//! value; the head of the audit log says what it rests on.

use std::fmt::Write as _;

use chrono::SecondsFormat;
use keyturn_model::{
    Timestamp,
    incident::{Cause, Trace},
    rotation::Outcome,
};
use keyturn_vault::KeptIncident;
use serde_json::{Value, json};

use crate::{
    App, UserError,
    session::Open,
    views::{IncidentItem, IncidentLine, IncidentView},
};

impl App {
    pub(super) fn report(
        &self,
        open: &Open,
        kept: &KeptIncident,
        format: &str,
    ) -> Result<Vec<u8>, UserError> {
        let view = self.incident_view(open, kept)?;
        let head = open.vault.head()?;
        let about = Report {
            vault: open.vault.name(),
            by: open.vault.my_name()?,
            at: self.clock().now(),
            head: format!("entry {}, {}", head.seq, hex(&head.mac)),
            view: &view,
        };
        match format {
            "markdown" => Ok(about.markdown().into_bytes()),
            "json" => serde_json::to_vec_pretty(&about.json()).map_err(|_| UserError::internal()),
            _ => Err(UserError::input_refused().with("what", "format")),
        }
    }
}

/// What a report says.
struct Report<'a> {
    vault: String,
    by: String,
    at: Timestamp,
    /// Where the audit log ended.
    head: String,
    view: &'a IncidentView,
}

impl Report<'_> {
    fn taken(&self) -> impl Iterator<Item = &IncidentItem> {
        self.view.items.iter().filter(|item| item.taken)
    }

    fn open(&self) -> impl Iterator<Item = &IncidentItem> {
        self.taken().filter(|item| !is_settled(item))
    }

    /// What happened, in three sentences.
    fn summary(&self) -> String {
        let row = &self.view.row;
        let what = match row.cause {
            Cause::Leaked => "Values of credentials were found where they must not be.",
            Cause::Left => "Somebody who knew values of credentials left.",
            Cause::MachineLost => "A computer with values of credentials on it was lost.",
            Cause::IssuerBreached => "An issuer of credentials was broken into.",
            Cause::Chosen => "Credentials were chosen to be replaced in haste.",
        };
        let (taken, refused) = (row.taken, row.refused);
        let proven = match row.all_refused.zip(row.started) {
            Some((at, began)) => format!(
                "All {taken} old values are refused since {}, {} after the start.",
                utc(at),
                lasted(began, at)
            ),
            None => format!("{refused} of {taken} old values are refused."),
        };
        let left = match self.open().count() {
            0 => "Nothing is open.".to_owned(),
            1 => "1 credential is open.".to_owned(),
            many => format!("{many} credentials are open."),
        };
        let practice = if row.drill { "This was a practice. " } else { "" };
        format!("{practice}{what} {proven} {left}")
    }

    fn durations(&self) -> Vec<(&'static str, String)> {
        let row = &self.view.row;
        let since = |from: Option<Timestamp>, to: Option<Timestamp>| {
            from.zip(to).map_or_else(|| "not yet".to_owned(), |(from, to)| lasted(from, to))
        };
        let known = self.view.earliest.map_or_else(
            || "not known".to_owned(),
            |at| format!("{}, {} before it was known", utc(at), lasted(at, row.opened)),
        );
        vec![
            ("Earliest misuse possible", known),
            ("From known to started", since(Some(row.opened), row.started)),
            ("From started to all revoked", since(row.started, row.all_refused)),
            ("From started to all restored", since(row.started, row.restored)),
        ]
    }

    fn markdown(&self) -> String {
        let row = &self.view.row;
        let mut text = String::new();
        // Writing into a string cannot fail.
        let _ = self.write_markdown(&mut text, row.reference.as_str());
        text
    }

    fn write_markdown(&self, text: &mut String, reference: &str) -> std::fmt::Result {
        let row = &self.view.row;
        writeln!(text, "# {reference}: {}\n", cell(&row.title))?;
        writeln!(text, "{}\n", self.summary())?;
        writeln!(text, "- Vault: {}", cell(&self.vault))?;
        writeln!(text, "- Opened {} by {}", utc(row.opened), cell(&self.view.by))?;
        if let Some(started) = row.started {
            writeln!(text, "- Started {}", utc(started))?;
        }
        match &row.closed {
            Some(closed) => {
                writeln!(text, "- Closed {} by {}", utc(closed.at), cell(&closed.by))?;
                if !closed.reason.is_empty() {
                    writeln!(text, "- Closed with something open, as: {}", cell(&closed.reason))?;
                }
            }
            None => writeln!(text, "- Not closed")?,
        }
        writeln!(text, "- Written {} by {}", utc(self.at), cell(&self.by))?;
        writeln!(text, "- Audit log: {}\n", self.head)?;
        writeln!(text, "## How long it took\n")?;
        for (what, took) in self.durations() {
            writeln!(text, "- {what}: {took}")?;
        }
        writeln!(text, "\n## Credentials\n")?;
        writeln!(text, "| Credential | Found by | What was done | Old value | Refused since |")?;
        writeln!(text, "| --- | --- | --- | --- | --- |")?;
        for item in &self.view.items {
            writeln!(
                text,
                "| {} | {} | {} | {} | {} |",
                cell(&item.name),
                cell(&found(item)),
                cell(&done(item)),
                outcome(item),
                item.refused.map(utc).unwrap_or_default()
            )?;
        }
        writeln!(text, "\n## Open\n")?;
        let open: Vec<_> = self.open().collect();
        if open.is_empty() && self.view.tasks.iter().all(|task| task.done) {
            writeln!(text, "Nothing.")?;
        }
        for item in open {
            writeln!(text, "- {}: {}", cell(&item.name), outcome(item))?;
        }
        for task in &self.view.tasks {
            writeln!(text, "- [{}] {}", if task.done { 'x' } else { ' ' }, cell(&task.text))?;
        }
        writeln!(text, "\n## What happened, in UTC\n")?;
        for line in &self.view.log {
            writeln!(text, "- {} {}", utc(line.at), cell(&told(line)))?;
        }
        Ok(())
    }

    fn json(&self) -> Value {
        let row = &self.view.row;
        let moment = |at: Option<Timestamp>| at.map(utc);
        json!({
            "reference": row.reference,
            "title": row.title,
            "summary": self.summary(),
            "drill": row.drill,
            "vault": self.vault,
            "opened": { "at": utc(row.opened), "by": self.view.by },
            "started": moment(row.started),
            "closed": row.closed.as_ref().map(|it| json!({
                "at": utc(it.at), "by": it.by, "reason": it.reason,
            })),
            "earliestMisuse": moment(self.view.earliest),
            "allRevoked": moment(row.all_refused),
            "allRestored": moment(row.restored),
            "credentials": self.view.items.iter().map(|item| json!({
                "name": item.name,
                "kind": item.kind,
                "environment": item.environment,
                "risk": item.risk,
                "dealtWith": item.taken,
                "reason": item.reason,
                "found": item.found,
                "done": done(item),
                "oldValue": outcome(item),
                "refused": moment(item.refused),
                "saidBy": item.said.as_ref().map(|said| &said.by),
            })).collect::<Vec<_>>(),
            "consumers": self.view.consumers,
            "tasks": self.view.tasks,
            "timeline": self.view.log.iter().map(|line| json!({
                "at": utc(line.at),
                "by": line.by,
                "action": line.action,
                "about": line.about,
                "detail": line.detail,
            })).collect::<Vec<_>>(),
            "written": { "at": utc(self.at), "by": self.by },
            "auditHead": self.head,
        })
    }
}

fn is_settled(item: &IncidentItem) -> bool {
    item.said.is_some() || item.outcome == Outcome::RevokedVerified
}

/// Why it was found, in words.
fn found(item: &IncidentItem) -> String {
    let each = item.found.iter().map(|evidence| match evidence {
        Trace::Found { place, works: true } => format!("found in {place}"),
        Trace::Found { place, works: false } => format!("an old version found in {place}"),
        Trace::Revealed { by, at } => format!("seen by {by} {}", utc(*at)),
        Trace::Copied { by, at } => format!("copied by {by} {}", utc(*at)),
        Trace::Owned => "theirs".to_owned(),
        Trace::CouldRead => "could be read".to_owned(),
        Trace::Issued { account } => format!("made by {account}"),
        Trace::Used { at } => format!("last used {}", utc(*at)),
    });
    let all: Vec<_> = each.collect();
    if all.is_empty() { "chosen".to_owned() } else { all.join("; ") }
}

/// What was done about it.
fn done(item: &IncidentItem) -> String {
    let reason = if item.reason.is_empty() { String::new() } else { format!(": {}", item.reason) };
    if !item.taken {
        return format!("left out{reason}");
    }
    let what = match &item.run {
        Some(run) if run.row.status == crate::views::RunStatus::Done => {
            format!("replaced; {} of {} consumers have the new value", run.delivered, run.consumers)
        }
        Some(run) if run.row.status == crate::views::RunStatus::Revoked => "revoked".to_owned(),
        Some(_) => "rotation is open".to_owned(),
        None if item.renewed => "replaced by hand".to_owned(),
        None => "to be done by hand".to_owned(),
    };
    format!("{what}{reason}")
}

fn outcome(item: &IncidentItem) -> String {
    match (&item.said, item.outcome) {
        _ if !item.taken => "not touched".to_owned(),
        (_, Outcome::RevokedVerified) => "proven to be refused".to_owned(),
        (Some(said), _) => format!("refused, as {} said {}", said.by, utc(said.at)),
        (None, Outcome::Failed) => "STILL ACCEPTED".to_owned(),
        (None, Outcome::Unknown) => "revoked, not proven".to_owned(),
        (None, Outcome::Open) => "NOT REVOKED".to_owned(),
    }
}

fn told(line: &IncidentLine) -> String {
    let about = if line.about.is_empty() { String::new() } else { format!("{}: ", line.about) };
    let by = if line.by.is_empty() { String::new() } else { format!(" by {}", line.by) };
    let detail = if line.detail.is_empty() { String::new() } else { format!(" ({})", line.detail) };
    let action = line.action.replace(['.', '_'], " ");
    format!("{about}{action}{by}{detail}")
}

/// What somebody called something, where it breaks no table and becomes no link.
fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars().filter(|letter| !letter.is_control()) {
        if matches!(letter, '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#') {
            safe.push('\\');
        }
        safe.push(letter);
    }
    safe
}

fn utc(at: Timestamp) -> String {
    at.utc().to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// "2 h 5 min", "40 s"
fn lasted(from: Timestamp, to: Timestamp) -> String {
    let seconds = to.0.saturating_sub(from.0).max(0) / 1000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min {} s", seconds % 60),
        (0, _, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

//! Units of systemd: variables, files of variables and credentials.

use keyturn_model::setup::Deployment;

use super::{Intake, seen};
use crate::{Refused, Source, tree};

pub(super) fn read(bytes: &[u8], intake: &mut Intake<'_>) -> Result<(), Refused> {
    let text = tree::text(bytes, &intake.given.limits)?;
    let settings = settings(text)?;
    let runs_once = settings.iter().any(|(key, value)| *key == "Type" && value == "oneshot");
    let deployment = if runs_once { Deployment::Job } else { Deployment::Service };
    let (file, folder) = (intake.file_name(), intake.folder_name());
    let unit = folder.strip_suffix(".d").unwrap_or(&file);
    let consumer = seen(unit.strip_suffix(".service").unwrap_or(unit), "", deployment);
    for (key, value) in settings.iter().map(|(key, value)| (*key, value.as_str())) {
        match key {
            "Environment" => {
                for pair in words(value) {
                    let (name, value) = pair.split_once('=').unwrap_or_default();
                    intake.says(&consumer, name, value);
                }
            }
            "EnvironmentFile" if !value.is_empty() => {
                let path = value.strip_prefix('-').unwrap_or(value).to_owned();
                intake.lies(&consumer, Source::File { path }, "");
            }
            "LoadCredential" | "LoadCredentialEncrypted" if !value.is_empty() => {
                let (name, path) = value.split_once(':').unwrap_or((value, value));
                intake.lies(&consumer, Source::File { path: path.to_owned() }, name);
            }
            "SetCredential" => {
                let (name, text) = value.split_once(':').unwrap_or_default();
                intake.says(&consumer, name, text);
            }
            "PassEnvironment" => {
                for name in value.split_whitespace() {
                    intake.lies(&consumer, Source::Variable { name: name.to_owned() }, name);
                }
            }
            _ if key.starts_with("Exec") => intake.says(&consumer, key, value),
            _ => {}
        }
    }
    Ok(())
}

/// What is set in the section of the service; a line that ends in a backslash goes on.
fn settings(text: &str) -> Result<Vec<(&str, String)>, Refused> {
    let (mut settings, mut in_service, mut any) = (Vec::new(), false, false);
    let mut lines = (1_u64..).zip(text.lines());
    while let Some((line, text)) = lines.next() {
        let text = text.trim();
        if text.is_empty() || text.starts_with(['#', ';']) {
            continue;
        }
        if let Some(section) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            (in_service, any) = (section == "Service", true);
            continue;
        }
        let (key, value) = text.split_once('=').ok_or(Refused::Damaged { line })?;
        let mut whole = value.trim().to_owned();
        while whole.ends_with('\\') {
            whole.pop();
            let is_remark = |text: &str| text.trim_start().starts_with(['#', ';']);
            let Some((_, more)) = lines.find(|(_, text)| !is_remark(text)) else { break };
            whole.push(' ');
            whole.push_str(more.trim());
        }
        if in_service {
            settings.push((key.trim(), whole));
        }
    }
    if any { Ok(settings) } else { Err(Refused::NotThisFormat) }
}

/// Words as systemd takes them apart: blanks between them, quotation marks around some.
fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut escaped) = (Vec::new(), String::new(), None, false);
    for c in text.chars() {
        match c {
            _ if escaped => {
                escaped = false;
                word.push(c);
            }
            '\\' => escaped = true,
            _ if quote == Some(c) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(c),
            _ if c.is_whitespace() && quote.is_none() => words.push(std::mem::take(&mut word)),
            _ => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

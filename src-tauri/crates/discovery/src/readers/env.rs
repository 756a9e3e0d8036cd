//! Variables of a program, as `.env` files hold them: their names, where the value is one of the vault.

use keyturn_model::setup::Deployment;
use zeroize::Zeroizing;

use super::{Intake, seen};
use crate::{Refused, tree};

const BLANK: [char; 2] = [' ', '\t'];

pub(super) fn read(bytes: &[u8], intake: &mut Intake<'_>) -> Result<(), Refused> {
    let text = tree::text(bytes, &intake.given.limits)?;
    let folder = intake.folder_name();
    let consumer = seen(&folder, "", Deployment::Service);
    let (mut rest, mut line) = (text, 1_u64);
    while !rest.is_empty() {
        let (entry, next) = rest.split_at(end(rest));
        let trimmed = entry.trim();
        if !trimmed.is_empty() && !trimmed.starts_with('#') {
            let (name, value) = trimmed.split_once('=').ok_or(Refused::Damaged { line })?;
            let name = name.trim_end_matches(BLANK);
            let name = name.strip_prefix("export").filter(|n| n.starts_with(BLANK)).unwrap_or(name);
            let name = name.trim_matches(BLANK);
            let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
            if name.is_empty() || !name.chars().all(is_name) {
                return Err(Refused::Damaged { line });
            }
            // As it is written, and as it is meant where that differs.
            intake.says(&consumer, name, value);
            let meant = unescaped(value);
            if *meant != *value {
                intake.says(&consumer, name, &meant);
            }
        }
        line = line.saturating_add(entry.matches('\n').count() as u64);
        rest = next;
    }
    Ok(())
}

/// Where the first entry ends: a text in quotation marks may have several lines.
fn end(text: &str) -> usize {
    let line = text.find('\n').map_or(text.len(), |at| at.saturating_add(1));
    let first = text.get(..line).unwrap_or(text);
    let Some((name, value)) = first.split_once('=') else { return line };
    let value = value.trim_start_matches(BLANK);
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
    let Some(quote) = quote.filter(|_| !name.trim_start().starts_with('#')) else { return line };
    let from = first.len().saturating_sub(value.len()).saturating_add(1);
    let mut escaped = false;
    for (at, c) in text.get(from..).unwrap_or_default().char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' && quote == '"' {
            escaped = true;
        } else if c == quote {
            let behind = from.saturating_add(at);
            let rest = text.get(behind..).unwrap_or_default();
            return rest.find('\n').map_or(text.len(), |at| behind.saturating_add(at) + 1);
        }
    }
    line
}

fn unescaped(value: &str) -> Zeroizing<String> {
    let mut meant = Zeroizing::new(String::with_capacity(value.len()));
    let mut escaped = false;
    for c in value.chars() {
        match c {
            '\\' if !escaped => escaped = true,
            _ => {
                let c = if escaped && c == 'n' { '\n' } else { c };
                escaped = false;
                meant.push(c);
            }
        }
    }
    meant
}

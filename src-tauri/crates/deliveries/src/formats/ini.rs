//! `name = value` under `[section]`. A key is the section and the name with a dot between.
//!
//! Readers differ in comments behind a value, quotation marks and lines that go on, so a text that would not
//! mean the same to all of them is refused.

use std::ops::Range;

use keyturn_model::rotation::Fault;
use zeroize::Zeroizing;

use super::{
    Secret, Spot, Written, joined,
    lines::{BLANK, before_comment, beginning, ending, inserted, is_unfit, lines},
};

const COMMENT: [char; 2] = [';', '#'];
const QUOTES: [char; 2] = ['"', '\''];

pub(super) fn find(text: &str, key: &str) -> Result<Option<Spot>, Fault> {
    let mut found: Option<Range<usize>> = None;
    let mut section = "";
    // How far the entry before is indented, until a blank line or a section ends it.
    let mut before: Option<usize> = None;
    let mut just_found = false;
    for line in lines(text) {
        let (start, content) = line.content();
        if content.is_empty() || content.starts_with(COMMENT) {
            continue;
        }
        // A line that is further in goes on with the one before, to some readers.
        let goes_on = before.is_some_and(|indent| line.indent() > indent);
        if goes_on && just_found {
            return Err(Fault::Refused);
        }
        just_found = false;
        if let Some(name) = section_of(content) {
            (section, before) = (name, None);
            continue;
        }
        let Some((name, value)) = content.split_once(['=', ':']) else { continue };
        if !goes_on {
            before = Some(line.indent());
        }
        if !is_key(key, section, name.trim_end_matches(BLANK)) {
            continue;
        }
        let behind = start.saturating_add(content.len().saturating_sub(value.len()));
        if found.is_some() || goes_on {
            return Err(Fault::Refused);
        }
        found = Some(at(value, behind)?);
        just_found = true;
    }
    let Some(at) = found else { return Ok(None) };
    let written = text.get(at.clone()).ok_or(Fault::Refused)?;
    let says = match quote(written) {
        Some(_) => written.get(1..written.len().saturating_sub(1)).unwrap_or_default(),
        None => written,
    };
    Ok(Some(Spot { says: Zeroizing::new(says.to_owned()), at }))
}

fn section_of(content: &str) -> Option<&str> {
    let content = before_comment(content, &COMMENT);
    Some(content.strip_prefix('[')?.strip_suffix(']')?.trim_matches(BLANK))
}

fn is_key(key: &str, section: &str, name: &str) -> bool {
    match key.strip_prefix(section) {
        Some(rest) if section.is_empty() => rest == name,
        Some(rest) => rest.strip_prefix('.') == Some(name),
        None => false,
    }
}

/// Where the value behind the sign is written.
fn at(value: &str, behind: usize) -> Result<Range<usize>, Fault> {
    let trimmed = value.trim_start_matches(BLANK);
    let from = behind.saturating_add(value.len().saturating_sub(trimmed.len()));
    if trimmed.starts_with(COMMENT) && trimmed.len() == value.len() {
        return Err(Fault::Refused);
    }
    let mut length = before_comment(trimmed, &COMMENT).len();
    if let Some(quote) = trimmed.chars().next().filter(|c| QUOTES.contains(c)) {
        let inner = trimmed.get(1..).unwrap_or_default();
        if let Some(end) = inner.find(quote) {
            let rest = inner.get(end.saturating_add(1)..).unwrap_or_default();
            if !before_comment(rest, &COMMENT).is_empty() {
                return Err(Fault::Refused);
            }
            length = end.saturating_add(2);
        }
    }
    if length == 0 {
        return Ok(behind..behind);
    }
    let written = trimmed.get(..length).unwrap_or_default();
    if written.ends_with('\\') || quote(written).is_some() && written.contains('\\') {
        return Err(Fault::Refused);
    }
    Ok(from..from.saturating_add(length))
}

/// The mark that it stands in.
fn quote(written: &str) -> Option<char> {
    let first = written.chars().next().filter(|c| QUOTES.contains(c))?;
    (written.len() > 1 && written.ends_with(first)).then_some(first)
}

/// Written in the place of `old`.
pub(super) fn written(old: &str, new: &str) -> Result<Secret, Fault> {
    if is_unfit(new) {
        return Err(Fault::Refused);
    }
    if let Some(quote) = quote(old) {
        let mark = quote.encode_utf8(&mut [0; 4]).to_owned();
        let unfit = new.contains(quote) || new.contains('\\');
        return if unfit { Err(Fault::Refused) } else { Ok(joined(&[&mark, new, &mark])) };
    }
    let unfit = new.starts_with(QUOTES)
        || new.ends_with('\\')
        || new.trim_matches(BLANK).len() != new.len()
        || COMMENT.into_iter().any(|mark| new.contains(mark) && !old.contains(mark));
    if unfit { Err(Fault::Refused) } else { Ok(Zeroizing::new(new.to_owned())) }
}

/// A line more, behind the last of its section; a section more at the end, if there is none.
pub(super) fn added(text: &str, key: &str, said: &str) -> Result<Written, Fault> {
    let (section, name) = key.rsplit_once('.').unwrap_or(("", key));
    let unfit = |c: char| c.is_control() || matches!(c, '[' | ']' | '=' | ':' | ';' | '#');
    if name.trim().is_empty() || name.trim() != name || key.contains(unfit) {
        return Err(Fault::Refused);
    }
    let sign = if text.contains('=') && !text.contains(" = ") { "=" } else { " = " };
    let line = joined(&[name, sign, &written("", said)?]);
    let mut here = "";
    let mut end = section.is_empty().then_some(beginning(text));
    for line in lines(text) {
        let (_, content) = line.content();
        if let Some(name) = section_of(content) {
            here = name;
        }
        let is_entry = !content.is_empty() && !content.starts_with(COMMENT);
        if here == section && is_entry {
            end = Some(line.next);
        }
    }
    match end {
        Some(at) => Ok(inserted(text, at, &line)),
        None => {
            let header = joined(&["[", section, "]", ending(text), &line]);
            Ok(inserted(text, text.len(), &header))
        }
    }
}

//! `NAME=value`, a line each, as shells and the many readers of `.env` files take it.
//!
//! They differ in what a text means without quotation marks, and in what a backslash or a dollar does in
//! double ones. So a text without such characters keeps the style that is there; any other goes into single
//! quotation marks, where all agree; and into double ones only if it cannot be otherwise.

use keyturn_model::rotation::Fault;
use zeroize::Zeroizing;

use super::{
    Secret, Spot, Written, joined,
    lines::{BLANK, Line, before_comment, beginning, inserted, is_unfit},
};

/// What begins and ends a text. Only in the first a backslash means something.
const QUOTES: [char; 3] = ['"', '\'', '`'];

/// An entry, and where the line after it begins.
struct Entry<'t> {
    name: &'t str,
    /// Where its value is written; `None` where readers differ about it.
    value: Option<std::ops::Range<usize>>,
    next: usize,
}

pub(super) fn find(text: &str, key: &str) -> Result<Option<Spot>, Fault> {
    let mut found = None;
    let mut start = beginning(text);
    while let Some(line) = Line::at(text, start) {
        start = line.next;
        let Some(entry) = entry(text, line)? else { continue };
        start = entry.next;
        if entry.name == key {
            let at = entry.value.filter(|_| found.is_none()).ok_or(Fault::Refused)?;
            let says = said(text.get(at.clone()).ok_or(Fault::Refused)?);
            found = Some(Spot { at, says });
        }
    }
    Ok(found)
}

fn entry<'t>(text: &'t str, line: Line<'t>) -> Result<Option<Entry<'t>>, Fault> {
    let (start, content) = line.content();
    if content.starts_with('#') {
        return Ok(None);
    }
    let Some((name, value)) = content.split_once('=') else { return Ok(None) };
    let exported = name.strip_prefix("export").filter(|rest| rest.starts_with(BLANK));
    let name = exported.unwrap_or(name).trim_matches(BLANK);
    let behind = start.saturating_add(content.len().saturating_sub(value.len()));
    let trimmed = value.trim_start_matches(BLANK);
    let from = behind.saturating_add(value.len().saturating_sub(trimmed.len()));
    let known = |value, next| Ok(Some(Entry { name, value, next }));
    if let Some(quote) = trimmed.chars().next().filter(|c| QUOTES.contains(c)) {
        let Some(end) = closed(text, from, quote) else { return known(None, line.next) };
        let last = Line::at(text, end);
        let rest = last.map_or("", |rest| rest.text).trim_start_matches(BLANK);
        let next = last.map_or(end, |rest| rest.next);
        if rest.is_empty() || rest.starts_with('#') {
            return known(Some(from..end), next);
        }
        // Where it ends depends on who reads it.
        return if end > line.next { Err(Fault::Refused) } else { known(None, line.next) };
    }
    let bare = before_comment(trimmed, &['#']);
    if trimmed.starts_with('#') && trimmed.len() == value.len() {
        return known(None, line.next);
    }
    let from = if bare.is_empty() { behind } else { from };
    known(Some(from..from.saturating_add(bare.len())), line.next)
}

/// Behind the quotation mark that ends what begins here.
fn closed(text: &str, from: usize, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.get(from..)?.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' && quote == '"' {
            escaped = true;
        } else if c == quote {
            return from.checked_add(at)?.checked_add(1);
        }
    }
    None
}

fn style(written: &str) -> Option<char> {
    written.chars().next().filter(|c| QUOTES.contains(c))
}

fn said(written: &str) -> Secret {
    let inner = || written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
    match style(written) {
        None => Zeroizing::new(written.to_owned()),
        Some('"') => unescaped(inner()),
        Some(_) => Zeroizing::new(inner().to_owned()),
    }
}

fn unescaped(inner: &str) -> Secret {
    let mut said = Zeroizing::new(String::with_capacity(inner.len()));
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        match (c, if c == '\\' { rest.next() } else { None }) {
            ('\\', Some('n')) => said.push('\n'),
            ('\\', Some('r')) => said.push('\r'),
            ('\\', Some('t')) => said.push('\t'),
            ('\\', Some(c @ ('"' | '\\' | '$' | '`'))) => said.push(c),
            ('\\', Some(c)) => said.extend(['\\', c]),
            (c, _) => said.push(c),
        }
    }
    said
}

/// Written in the place of `old`.
pub(super) fn written(old: &str, new: &str) -> Result<Secret, Fault> {
    let lines = new.contains(['\n', '\r']);
    if new.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
        return Err(Fault::Refused);
    }
    // Several lines stay several lines where they were.
    let fits = !lines || old.contains('\n');
    let tricky = new.contains(['"', '\\', '$', '`']);
    match style(old) {
        None if is_bare(old, new) => return Ok(Zeroizing::new(new.to_owned())),
        Some('"') if fits && !tricky => return Ok(joined(&["\"", new, "\""])),
        Some('`') if fits && !new.contains(['`', '\\']) => return Ok(joined(&["`", new, "`"])),
        Some('\'') if fits && !new.contains(['\'', '\\']) => return Ok(joined(&["'", new, "'"])),
        _ => {}
    }
    if !lines && !new.contains(['\'', '\\']) {
        return Ok(joined(&["'", new, "'"]));
    }
    Ok(escaped(new))
}

/// Whether it can stand without quotation marks: every reader takes its characters for what they are, or
/// they stood there before.
fn is_bare(old: &str, new: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./:@%+,=-".contains(c);
    let stood = |c: char| !"\"'`\\$#".contains(c) && !c.is_whitespace() && old.contains(c);
    new.chars().all(|c| plain(c) || stood(c))
}

fn escaped(new: &str) -> Secret {
    let longest = new.len().saturating_mul(2).saturating_add(2);
    let mut whole = Zeroizing::new(String::with_capacity(longest));
    whole.push('"');
    for c in new.chars() {
        match c {
            '\n' => whole.push_str("\\n"),
            '\r' => whole.push_str("\\r"),
            '"' | '\\' | '$' | '`' => whole.extend(['\\', c]),
            c => whole.push(c),
        }
    }
    whole.push('"');
    whole
}

/// A line more, at the end.
pub(super) fn added(text: &str, key: &str, said: &str) -> Result<Written, Fault> {
    if key.is_empty()
        || key.starts_with('#')
        || key.contains(['=', ' ', '"', '\''])
        || is_unfit(key)
    {
        return Err(Fault::Refused);
    }
    let line = joined(&[key, "=", &written("", said)?]);
    Ok(inserted(text, text.len(), &line))
}

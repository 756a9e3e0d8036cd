//! YAML: a key leads down through block mappings by dots. A place is a text of one line.
//!
//! Lines are read here, as every reader loses comments and style; a whole reader then has to say the same,
//! or nothing is changed. Lists, braces, anchors, tags and texts of several lines are refused where the key
//! leads through them, and left as they are everywhere else.

mod reader;

use std::ops::Range;

use keyturn_model::rotation::Fault;
use zeroize::Zeroizing;

use super::{
    Secret, Spot, Written, joined,
    lines::{BLANK, Line, before_comment, inserted, lines},
};
use crate::template::{quoted, same};

/// A mapping: its lines, and how far they are indented.
type Block<'l, 't> = &'l [Line<'t>];

/// An entry that was found: where its value begins, and the lines below that are further in.
struct Entry<'l, 't> {
    value: Range<usize>,
    below: Block<'l, 't>,
}

pub(super) fn find(text: &str, key: &str) -> Result<Option<Spot>, Fault> {
    let found = match led(&content(text)?, key)? {
        Led::To { value } => Some(spot(text, value)?),
        Led::NoSuch { .. } => None,
    };
    let read = reader::says(text, key)?;
    match (&found, &read) {
        (None, None) => Ok(None),
        (Some(spot), Some(read)) if same(&spot.says, read) => Ok(found),
        _ => Err(Fault::Refused),
    }
}

/// The lines that are neither blank nor comments, of the one document that there is.
fn content(text: &str) -> Result<Vec<Line<'_>>, Fault> {
    let mut found = Vec::new();
    for line in lines(text) {
        let (_, content) = line.content();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if line.text.starts_with("---") && found.is_empty() && content == "---" {
            continue;
        }
        if ["---", "...", "%"].into_iter().any(|mark| line.text.starts_with(mark)) {
            return Err(Fault::Refused);
        }
        found.push(line);
    }
    Ok(found)
}

enum Led {
    /// Its value stands here.
    To { value: Range<usize> },
    /// It is missing: how far in a line for it would be, where, and how much is left of the key.
    NoSuch { indent: usize, at: usize, left: usize },
}

fn led(all: Block<'_, '_>, key: &str) -> Result<Led, Fault> {
    let (mut block, mut rest) = (all, key);
    loop {
        let (name, deeper) = rest.split_once('.').unwrap_or((rest, ""));
        let Some(found) = entry(block, name)? else {
            let indent = block.first().map_or(0, Line::indent);
            let at = gap(block);
            return Ok(Led::NoSuch { indent, at, left: rest.len() });
        };
        if deeper.is_empty() {
            // What is further in belongs to it: it is no text of one line.
            let single = found.below.is_empty();
            return if single { Ok(Led::To { value: found.value }) } else { Err(Fault::Refused) };
        }
        if !found.value.is_empty() || found.below.is_empty() {
            return Err(Fault::Refused);
        }
        (block, rest) = (found.below, deeper);
    }
}

/// Where a line fits into a mapping: behind the last entry, or before the first if the last has several lines.
/// Blank lines and comments below may be part of those.
fn gap(block: Block<'_, '_>) -> usize {
    let Some((first, last)) = block.first().zip(block.last()) else { return usize::MAX };
    let is_short = split(last.content().1).is_some_and(|(_, value)| !value.contains(['|', '>']));
    if is_short && last.indent() == first.indent() { last.next } else { first.start }
}

/// The entry of a mapping with this name.
fn entry<'l, 't>(block: Block<'l, 't>, name: &str) -> Result<Option<Entry<'l, 't>>, Fault> {
    let Some(indent) = block.first().map(Line::indent) else { return Ok(None) };
    let mut found: Option<Entry<'l, 't>> = None;
    let mut at = 0;
    while let Some(line) = block.get(at) {
        let below = block.get(at.saturating_add(1)..).unwrap_or_default();
        let listed = |it: &&Line<'_>| it.indent() == indent && is_listed(it.content().1);
        let belongs = |it: &&Line<'_>| it.indent() > indent || listed(it);
        let below = below.get(..below.iter().take_while(belongs).count()).unwrap_or_default();
        at = at.saturating_add(1).saturating_add(below.len());
        let (start, content) = line.content();
        let (key, value) = split(content).ok_or(Fault::Refused)?;
        let tabbed = line.text.get(..indent).is_none_or(|blank| blank.contains('\t'));
        if line.indent() != indent || tabbed {
            return Err(Fault::Refused);
        }
        if key != name {
            continue;
        }
        if found.is_some() {
            return Err(Fault::Refused);
        }
        let behind = start.saturating_add(content.len().saturating_sub(value.len()));
        let bare = value.trim_start_matches(BLANK);
        let from = behind.saturating_add(value.len().saturating_sub(bare.len()));
        let value = match bare.is_empty() || bare.starts_with('#') {
            true => behind..behind,
            false => from..start.saturating_add(content.len()),
        };
        found = Some(Entry { value, below });
    }
    Ok(found)
}

fn is_listed(content: &str) -> bool {
    content == "-" || content.starts_with("- ")
}

/// The key of a line, and what stands behind the colon.
fn split(content: &str) -> Option<(&str, &str)> {
    let (key, rest) = match content.chars().next()? {
        quote @ ('"' | '\'') => {
            let inner = content.get(1..)?;
            let (key, rest) = inner.split_once(quote)?;
            if key.contains('\\') || rest.starts_with(quote) {
                return None;
            }
            (key, rest.trim_start_matches(BLANK).strip_prefix(':')?)
        }
        '{' | '[' | '&' | '*' | '!' | '|' | '>' | '%' | '@' | '`' | '?' | '#' | ',' => return None,
        _ if is_listed(content) => return None,
        _ => {
            let colon = content.match_indices(':').map(|(at, _)| at);
            let ends = |at: &usize| {
                let rest = content.get(at.saturating_add(1)..).unwrap_or_default();
                rest.is_empty() || rest.starts_with(BLANK)
            };
            let (key, rest) = content.split_at_checked(colon.into_iter().find(ends)?)?;
            (key.trim_end_matches(BLANK), rest.strip_prefix(':')?)
        }
    };
    (rest.is_empty() || rest.starts_with(BLANK)).then_some((key, rest))
}

/// The text of one line that is written here, without a comment behind it.
fn spot(text: &str, value: Range<usize>) -> Result<Spot, Fault> {
    let from = value.start;
    let whole = text.get(value).ok_or(Fault::Refused)?;
    let (length, says) = match whole.chars().next() {
        None => (0, Zeroizing::new(String::new())),
        Some(quote @ ('"' | '\'')) => {
            let length = closed(whole, quote).ok_or(Fault::Refused)?;
            let rest = whole.get(length..).unwrap_or_default();
            if !before_comment(rest, &['#']).is_empty() {
                return Err(Fault::Refused);
            }
            let written = whole.get(..length).unwrap_or_default();
            (length, reader::text(written)?)
        }
        Some('{' | '[' | '&' | '*' | '!' | '|' | '>' | '%' | '@' | '`' | '#' | ',') => {
            return Err(Fault::Refused);
        }
        Some(_) => {
            let plain = before_comment(whole, &['#']);
            let nothing = matches!(plain, "~" | "null" | "Null" | "NULL");
            (plain.len(), Zeroizing::new(if nothing { "" } else { plain }.to_owned()))
        }
    };
    Ok(Spot { at: from..from.saturating_add(length), says })
}

/// How long a text in quotation marks is.
fn closed(whole: &str, quote: char) -> Option<usize> {
    let mut rest = whole.char_indices().skip(1).peekable();
    while let Some((at, c)) = rest.next() {
        let escaped = match c {
            '\\' => quote == '"',
            c if c == quote => quote == '\'' && rest.peek().is_some_and(|(_, next)| *next == quote),
            _ => continue,
        };
        if escaped {
            rest.next();
        } else if c == quote {
            return at.checked_add(1);
        }
    }
    None
}

/// Written in the place of `old`: without marks only what no reader could take for anything but a text.
pub(super) fn written(old: &str, new: &str) -> Result<Secret, Fault> {
    let number = |text: &str| text.parse::<u32>().is_ok_and(|number| number.to_string() == text);
    let plain = Zeroizing::new(new.to_owned());
    match old.chars().next() {
        Some('"') => Ok(quoted(new)),
        Some('\'') if !new.contains(char::is_control) => Ok(single(new)),
        Some('\'') => Ok(quoted(new)),
        None if is_plain(new) => Ok(joined(&[" ", new])),
        None => Ok(joined(&[" ", &quoted(new)])),
        Some(_) if number(old) && number(new) || is_plain(new) => Ok(plain),
        Some(_) => Ok(quoted(new)),
    }
}

fn single(text: &str) -> Secret {
    let longest = text.len().saturating_mul(2).saturating_add(2);
    let mut whole = Zeroizing::new(String::with_capacity(longest));
    whole.push('\'');
    for c in text.chars() {
        whole.push_str(if c == '\'' { "'" } else { "" });
        whole.push(c);
    }
    whole.push('\'');
    whole
}

fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 10] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan"];
    let fits = |c: char| c.is_ascii_alphanumeric() || "_-./+=@:%~".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(fits)
        && !text.ends_with(':')
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// A line more, in the mapping that the key leads to.
pub(super) fn added(text: &str, key: &str, said: &str) -> Result<Written, Fault> {
    let bare = |name: &str| is_plain(name) && !name.contains(':');
    let Led::NoSuch { indent, at, left } = led(&content(text)?, key)? else {
        return Err(Fault::Refused);
    };
    let name = key.get(key.len().saturating_sub(left)..).unwrap_or(key);
    if !bare(name) || name.contains('.') {
        return Err(Fault::Refused);
    }
    let line = joined(&[&" ".repeat(indent), name, ":", &written("", said)?]);
    Ok(inserted(text, at.min(text.len()), &line))
}

//! TOML: a key leads down through tables by dots. The reader tells where each value stands.

use std::ops::Range;

use keyturn_model::rotation::Fault;
use toml_edit::{Document, Item, TableLike, Value};
use zeroize::Zeroizing;

use super::{
    Secret, Spot, Written, joined,
    lines::{Line, beginning, ending, inserted},
};
use crate::template::quoted;

const TRIPLE: &str = "\"\"\"";

fn read(text: &str) -> Result<Document<&str>, Fault> {
    Document::parse(text).map_err(|_| Fault::Refused)
}

/// What a key leads to from this table.
fn led<'d>(mut table: &'d dyn TableLike, key: &str) -> Result<Option<&'d Item>, Fault> {
    let mut rest = key;
    loop {
        let (name, deeper) = rest.split_once('.').unwrap_or((rest, ""));
        match table.get(name) {
            None => return Ok(None),
            Some(item) if deeper.is_empty() => return Ok(Some(item)),
            Some(item) => table = item.as_table_like().ok_or(Fault::Refused)?,
        }
        rest = deeper;
    }
}

/// A byte order mark is not counted by the reader's offsets.
fn shifted(text: &str, span: Range<usize>) -> Range<usize> {
    let by = beginning(text);
    span.start.saturating_add(by)..span.end.saturating_add(by)
}

fn unmarked(text: &str) -> &str {
    text.get(beginning(text)..).unwrap_or(text)
}

pub(super) fn find(text: &str, key: &str) -> Result<Option<Spot>, Fault> {
    let document = read(unmarked(text))?;
    let Some(item) = led(document.as_table(), key)? else { return Ok(None) };
    let value = item.as_value().ok_or(Fault::Refused)?;
    let at = shifted(text, value.span().ok_or(Fault::Refused)?);
    let says = match value {
        Value::String(said) => said.value().as_str(),
        Value::Array(_) | Value::InlineTable(_) => return Err(Fault::Refused),
        _ => text.get(at.clone()).ok_or(Fault::Refused)?,
    };
    Ok(Some(Spot { says: Zeroizing::new(says.to_owned()), at }))
}

/// Written in the place of `old`: a number stays a number, if it is one.
#[expect(clippy::unnecessary_wraps, reason = "as the other formats have it")]
pub(super) fn written(old: &str, new: &str) -> Result<Secret, Fault> {
    let is_number = |text: &str| text.parse::<i64>().is_ok_and(|it| it.to_string() == text);
    let fits = |mark: &str, unfit: &[char]| {
        let breaks = |c: char| c.is_control() && (c != '\n' || mark.len() == 1);
        old.starts_with(mark) && !new.contains(unfit) && !new.contains(breaks)
    };
    let lines = new.contains('\n');
    Ok(match () {
        () if is_number(old) && is_number(new) => Zeroizing::new(new.to_owned()),
        () if lines && fits("'''", &['\'']) => joined(&["'''\n", new, "'''"]),
        () if lines && fits(TRIPLE, &['"', '\\']) => joined(&[TRIPLE, "\n", new, TRIPLE]),
        () if fits("'", &['\'']) => joined(&["'", new, "'"]),
        () => quoted(new),
    })
}

/// A line more: at the head of its table, or a table more at the end.
pub(super) fn added(text: &str, key: &str, said: &str) -> Result<Written, Fault> {
    let document = read(unmarked(text))?;
    let (path, name) = key.rsplit_once('.').unwrap_or(("", key));
    let bare = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
    };
    if !key.split('.').all(bare) {
        return Err(Fault::Refused);
    }
    let line = joined(&[name, " = ", &quoted(said)]);
    if path.is_empty() {
        return Ok(inserted(text, beginning(text), &line));
    }
    match led(document.as_table(), path)? {
        None => {
            let gap = if text.len() > beginning(text) { ending(text) } else { "" };
            let table = joined(&[gap, "[", path, "]", ending(text), &line]);
            Ok(inserted(text, text.len(), &table))
        }
        Some(Item::Table(table)) if !table.is_implicit() && !table.is_dotted() => {
            let header = shifted(text, table.span().ok_or(Fault::Refused)?);
            let rest = Line::at(text, header.end);
            Ok(inserted(text, rest.map_or(text.len(), |rest| rest.next), &line))
        }
        Some(_) => Err(Fault::Refused),
    }
}

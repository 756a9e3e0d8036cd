//! A table for people and spreadsheets: no cell of it is taken for a formula.

use chrono::SecondsFormat;
use keyturn_model::{Kind, Timestamp};
use secrecy::ExposeSecret;
use serde_json::{Map, Value};

use crate::{
    WriteError, Written,
    record::{Content, Field, Loss, Record, TOTP, Why},
};

/// The first one says that the table is ours, so that reading takes the apostrophes off again.
const HEADERS: [&str; 15] = [
    "keyturn name",
    "environment",
    "group",
    "kind",
    "owner",
    "user",
    "address",
    "value",
    "totp",
    "notes",
    "tags",
    "expires",
    "created",
    "changed",
    "fields",
];

/// The records as a table (RFC 4180). History and attachments have no place in it. A cell that a
/// spreadsheet would calculate, or that begins with an apostrophe, gets an apostrophe in front.
///
/// # Errors
/// When the records cannot be written down.
pub fn write_csv(records: &[Record]) -> Result<Written, WriteError> {
    let mut rows = Vec::with_capacity(records.len());
    let mut lost = Vec::new();
    for record in records {
        let content = &record.content;
        let parts = record.attachments.iter().map(|a| a.name.as_str());
        for part in parts.chain((!record.history.is_empty()).then_some("history")) {
            lost.push(Loss::new(format!("{}: {part}", content.name), Why::NoPlace));
        }
        let value = content.value();
        let totp = content.fields.iter().find(|field| field.name == TOTP);
        // The table is made to hold the secrets.
        let exposed =
            |field: Option<&Field>| field.map(|it| it.text.expose().to_owned()).unwrap_or_default();
        let rest = rest(content, &[value, totp], &mut lost);
        let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
        let cells = [
            content.name.clone(),
            or_empty(&record.environment),
            record.group.join("/"),
            record.kind.map(Kind::as_str).unwrap_or_default().to_owned(),
            or_empty(&record.owner),
            or_empty(&content.user),
            or_empty(&content.address),
            exposed(value),
            exposed(totp),
            content
                .notes
                .as_ref()
                .map(|notes| notes.expose_secret().to_owned())
                .unwrap_or_default(),
            content.tags.join(";"),
            moment(content.expires),
            moment(record.created),
            moment(record.changed),
            if rest.is_empty() { String::new() } else { Value::Object(rest).to_string() },
        ];
        rows.push(cells);
    }
    Ok(Written { bytes: write_table(HEADERS, rows)?, lost })
}

/// The fields that have no column, each under a name of its own.
fn rest(content: &Content, columns: &[Option<&Field>], lost: &mut Vec<Loss>) -> Map<String, Value> {
    let columns = || columns.iter().copied().flatten();
    let mut rest = Map::new();
    for field in &content.fields {
        if columns().any(|column| std::ptr::eq(column, field)) {
            continue;
        }
        let taken =
            |name: &String| rest.contains_key(name) || columns().any(|column| column.name == *name);
        let mut free = field.name.clone();
        for n in 2.. {
            if !taken(&free) {
                break;
            }
            free = format!("{} ({n})", field.name);
        }
        if free != field.name {
            lost.push(Loss::new(format!("{}: {}", content.name, field.name), Why::OtherForm));
        }
        // The table is made to hold the secrets.
        rest.insert(free, field.text.expose().into());
    }
    rest
}

/// A table (RFC 4180) of which no cell is taken for a formula.
///
/// # Errors
/// When it cannot be written down.
pub fn write_table<const N: usize>(
    headers: [&str; N],
    rows: Vec<[String; N]>,
) -> Result<Vec<u8>, WriteError> {
    let failed = |_| WriteError::Records;
    let mut out = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    out.write_record(headers).map_err(failed)?;
    for cells in rows {
        out.write_record(cells.map(safe)).map_err(failed)?;
    }
    out.into_inner().map_err(|_| WriteError::Records)
}

/// A moment as a cell says it; empty where there is none.
#[must_use]
pub fn moment(at: Option<Timestamp>) -> String {
    at.map(|at| at.utc().to_rfc3339_opts(SecondsFormat::AutoSi, true)).unwrap_or_default()
}

fn safe(mut cell: String) -> String {
    if cell.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\'', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}',
    ]) {
        cell.insert(0, '\'');
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, Given, VALUE, read};

    #[test]
    fn no_cell_is_a_formula_and_every_cell_comes_back_as_it_was() {
        let cells = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'=x", "a\"b,c\r\nd"];
        let records: Vec<Record> = cells
            .iter()
            .map(|cell| {
                let mut content = Content {
                    name: (*cell).into(),
                    user: Some((*cell).into()),
                    ..Content::default()
                };
                content.secret(VALUE, *cell);
                content.secret("second", *cell);
                Record { content, ..Record::default() }
            })
            .collect();
        let bytes = write_csv(&records).unwrap().bytes;
        let mut cells_out = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(bytes.as_slice())
            .into_records();
        for cell in cells_out
            .by_ref()
            .flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
        {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
        }
        let back = read(&bytes, Format::Csv, &Given::default(), &|_| true).unwrap();
        for (cell, record) in cells.iter().zip(&back.records) {
            let content = &record.content;
            assert_eq!(content.name, *cell);
            assert_eq!(content.user.as_deref(), Some(*cell));
            assert_eq!(content.value().unwrap().text.expose(), *cell);
            assert_eq!(content.field("second").unwrap().expose(), *cell);
        }
    }
}

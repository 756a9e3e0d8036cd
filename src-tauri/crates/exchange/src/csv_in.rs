//! Tables: as spreadsheets and password managers write them.

use keyturn_model::{Kind, Timestamp};
use secrecy::ExposeSecret;

use crate::{
    ReadError,
    decode::{self, Encoding},
    error::Place,
    intake::Intake,
    mapping::{Mapping, Program, Target},
    record::{Content, Loss, PASSWORD, Record, TOTP, VALUE, Why},
};

/// What is known of a table before it is read.
#[derive(Debug, Clone)]
pub struct Columns {
    /// What the first line says.
    pub headers: Vec<String>,
    /// A few cells of each column, masked: the first letters of what may be seen, dots for all else.
    pub examples: Vec<Vec<String>>,
    /// Lines after the first.
    pub rows: usize,
    /// What stands between the cells.
    pub delimiter: char,
    /// How it is written down.
    pub encoding: Encoding,
    /// What seems to have written it.
    pub program: Option<Program>,
    /// What the columns seem to mean.
    pub mapping: Mapping,
}

const EXAMPLES: usize = 3;
const MOST_COLUMNS: usize = 200;
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Looks at a table without reading it in.
///
/// # Errors
/// When it is no text, has no line, or more columns than a table may have.
pub fn columns(bytes: &[u8]) -> Result<Columns, ReadError> {
    let most = crate::Limits::USUAL.file;
    if bytes.len() as u64 > most {
        return Err(ReadError::TooLarge { what: crate::Size::File, most });
    }
    let (text, encoding) = decode::text(bytes)?;
    let delimiter = delimiter(&text);
    let mut rows = rows(&text, delimiter);
    let headers = headers(&mut rows)?;
    let (mapping, program) = Mapping::proposed(&headers);
    let mut examples: Vec<Vec<String>> = headers.iter().map(|_| Vec::new()).collect();
    let mut count = 0;
    for row in rows {
        let row = row.map_err(|e| damaged(&e))?;
        count += 1;
        for ((cell, shown), target) in row.iter().zip(&mut examples).zip(&mapping.columns) {
            if shown.len() < EXAMPLES && !cell.is_empty() {
                shown.push(masked(cell, *target));
            }
        }
    }
    Ok(Columns {
        headers,
        examples,
        rows: count,
        delimiter: delimiter as char,
        encoding,
        program,
        mapping,
    })
}

fn masked(cell: &str, target: Target) -> String {
    let seen = if target.may_be_seen() && cell.chars().count() > 3 { 3 } else { 0 };
    cell.chars().take(seen).filter(|c| !c.is_control()).chain("••••".chars()).collect()
}

/// Whether the first line has cells, at least one of which has a name that is known.
pub(crate) fn looks_like_one(text: &str) -> bool {
    let Ok(headers) = headers(&mut rows(text, delimiter(text))) else { return false };
    let (mapping, _) = Mapping::proposed(&headers);
    headers.len() > 1
        && mapping.columns.iter().any(|target| matches!(target, Target::Name | Target::Value))
}

pub(crate) fn read(
    bytes: &[u8],
    mapping: Option<&Mapping>,
    intake: &mut Intake<'_>,
) -> Result<(), ReadError> {
    let (text, _) = decode::text(bytes)?;
    let mut rows = rows(&text, delimiter(&text));
    let headers = headers(&mut rows)?;
    let (proposed, program) = Mapping::proposed(&headers);
    intake.origin(program.map_or("CSV".to_owned(), |program| format!("CSV {program:?}")));
    let mapping = mapping.unwrap_or(&proposed);
    let table = Table { headers: &headers, mapping, ours: program == Some(Program::Keyturn) };
    let mut ignored = vec![false; headers.len()];
    for row in rows {
        let row = row.map_err(|e| damaged(&e))?;
        if row.iter().all(str::is_empty) {
            continue;
        }
        if row.len() > MOST_COLUMNS {
            return Err(ReadError::TooMany { most: MOST_COLUMNS });
        }
        for (at, cell) in row.iter().enumerate() {
            if table.target(at) == Target::Ignore && at < ignored.len() && !cell.is_empty() {
                ignored[at] = true;
            }
        }
        intake.add(table.record(&row))?;
    }
    for (header, _) in headers.iter().zip(ignored).filter(|(_, ignored)| *ignored) {
        intake.lose(header.clone(), Why::NoPlace);
    }
    Ok(())
}

fn rows(text: &str, delimiter: u8) -> csv::StringRecordsIntoIter<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
        .into_records()
}

fn headers(rows: &mut csv::StringRecordsIntoIter<&[u8]>) -> Result<Vec<String>, ReadError> {
    let first = rows.next().ok_or(ReadError::Empty)?.map_err(|e| damaged(&e))?;
    if first.len() > MOST_COLUMNS {
        return Err(ReadError::TooMany { most: MOST_COLUMNS });
    }
    Ok(first.iter().map(str::to_owned).collect())
}

fn damaged(error: &csv::Error) -> ReadError {
    ReadError::Damaged { at: error.position().map_or(Place::Body, |at| Place::Line(at.line())) }
}

/// What the first line has most of, outside of quotes.
fn delimiter(text: &str) -> u8 {
    let (mut counts, mut quoted) = ([0_usize; 3], false);
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => {
                if let Some(at) = DELIMITERS.iter().position(|d| *d == byte) {
                    counts[at] += 1;
                }
            }
        }
    }
    let most = (0..3).rev().max_by_key(|at| counts[*at]).unwrap_or_default();
    DELIMITERS[most]
}

struct Table<'a> {
    headers: &'a [String],
    mapping: &'a Mapping,
    /// Our own: an apostrophe in front keeps spreadsheets from calculating.
    ours: bool,
}

impl Table<'_> {
    fn target(&self, column: usize) -> Target {
        self.mapping.columns.get(column).copied().unwrap_or(Target::Ignore)
    }

    fn record(&self, row: &csv::StringRecord) -> Record {
        let mut record = Record::default();
        let (mut value, mut totp) = (String::new(), String::new());
        for (at, cell) in row.iter().enumerate() {
            let cell = if self.ours { cell.strip_prefix('\'').unwrap_or(cell) } else { cell };
            if cell.is_empty() {
                continue;
            }
            let Some(header) = self.headers.get(at) else {
                record.lost.push(Loss::new(format!("column {}", at + 1), Why::NoPlace));
                continue;
            };
            let content = &mut record.content;
            let kept = match self.target(at) {
                Target::Name => once(&mut content.name, cell),
                Target::Value => once(&mut value, cell),
                Target::User => once(content.user.get_or_insert_default(), cell),
                Target::Address => once(content.address.get_or_insert_default(), cell),
                Target::Notes => {
                    // To see whether it is the same.
                    content.notes.get_or_insert_with(|| cell.into()).expose_secret() == cell
                }
                Target::Tags => more(&mut content.tags, cell, &[',', ';']),
                Target::Group => more(&mut record.group, cell, &['/', '\\']),
                Target::Environment => once(record.environment.get_or_insert_default(), cell),
                Target::Owner => once(record.owner.get_or_insert_default(), cell),
                Target::Kind => match Kind::named(cell) {
                    Some(kind) => *record.kind.get_or_insert(kind) == kind,
                    None => named(&mut record.lost, header, Why::NoPlace),
                },
                Target::Expires => moment(cell, &mut content.expires, header, &mut record.lost),
                Target::Created => moment(cell, &mut record.created, header, &mut record.lost),
                Target::Changed => moment(cell, &mut record.changed, header, &mut record.lost),
                Target::Totp => once(&mut totp, cell),
                Target::OpenField => {
                    content.open(header, cell);
                    true
                }
                Target::Fields => {
                    fields(cell, content);
                    true
                }
                Target::SecretField => false,
                Target::Ignore => true,
            };
            if !kept {
                content.secret(header, cell);
            }
        }
        let content = &mut record.content;
        let mut rest = std::mem::take(&mut content.fields);
        content.secret(if content.user.is_some() { PASSWORD } else { VALUE }, value);
        content.secret(TOTP, totp);
        content.fields.append(&mut rest);
        if content.name.is_empty() {
            content.name = host(content.address.as_deref().unwrap_or_default()).to_owned();
        }
        record
    }
}

/// Takes what comes first, and says whether that is the cell: another one needs another place.
fn once(place: &mut String, cell: &str) -> bool {
    if place.is_empty() {
        cell.clone_into(place);
    }
    place == cell
}

fn more(list: &mut Vec<String>, cell: &str, between: &[char]) -> bool {
    let parts = cell.split(between).map(str::trim).filter(|part| !part.is_empty());
    list.extend(parts.map(str::to_owned));
    true
}

fn moment(cell: &str, at: &mut Option<Timestamp>, header: &str, lost: &mut Vec<Loss>) -> bool {
    // Firefox writes milliseconds.
    let number = cell.parse::<i64>().ok().filter(|_| cell.len() >= 12).map(Timestamp);
    match number.or_else(|| decode::moment(cell)) {
        Some(moment) => *at.get_or_insert(moment) == moment,
        None => named(lost, header, Why::NotText),
    }
}

/// It is named, and needs no other place.
fn named(lost: &mut Vec<Loss>, header: &str, why: Why) -> bool {
    lost.push(Loss::new(header, why));
    true
}

/// Our own cell is JSON; Bitwarden's has a line for each field.
fn fields(cell: &str, content: &mut Content) {
    if let Ok(serde_json::Value::Object(map)) = serde_json::from_str(cell) {
        for (name, value) in &map {
            content.secret(name, decode::plain(value));
        }
        return;
    }
    for line in cell.lines() {
        match line.split_once(": ") {
            Some((name, value)) => content.secret(name, value),
            None => content.secret("fields", line),
        }
    }
}

/// The host of an address, to call an entry by that has no name.
pub(crate) fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#']).next().unwrap_or_default();
    rest.rsplit_once('@').map_or(rest, |(_, host)| host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, Given, read};

    fn table(text: &str) -> Vec<Record> {
        read(text.as_bytes(), Format::Csv, &Given::default(), &|_| true).unwrap().records
    }

    #[test]
    fn a_table_is_read_with_each_delimiter_and_quotes() {
        for d in [',', ';', '\t'] {
            let text = format!(
                "name{d}user{d}password{d}notes\r\n\"a {d} \"\"b\"\"\"{d}ana{d}fixture{d}\"two\nlines\"\r\n"
            );
            let records = table(&text);
            let content = &records[0].content;
            assert_eq!(content.name, format!("a {d} \"b\""));
            assert_eq!(content.field(PASSWORD).map(|t| t.expose()), Some("fixture"));
            assert_eq!(
                secrecy::ExposeSecret::expose_secret(content.notes.as_ref().unwrap()),
                "two\nlines"
            );
            assert_eq!(columns(text.as_bytes()).unwrap().delimiter, d);
        }
    }

    #[test]
    fn what_is_shown_before_the_import_holds_no_secret() {
        let seen =
            columns(b"name,user,password,PIN\nmailserver,ana.diaz,fixture-secret,fixture-pin\n")
                .unwrap();
        assert_eq!(seen.examples, [["mai••••"], ["ana••••"], ["••••"], ["••••"]]);
        assert_eq!((seen.rows, seen.program), (1, None));
    }

    #[test]
    fn a_mapping_decides_and_what_it_ignores_is_named() {
        let mapping = Mapping { columns: vec![Target::Ignore, Target::Value, Target::Name] };
        let given = Given { mapping: Some(&mapping), ..Given::default() };
        let batch =
            read(b"name,a,b,c\nx,fixture,called,more\n", Format::Csv, &given, &|_| true).unwrap();
        assert_eq!(batch.records[0].content.name, "called");
        assert_eq!(batch.lost, [Loss::new("name", Why::NoPlace), Loss::new("c", Why::NoPlace)]);
    }

    #[test]
    fn a_second_column_for_one_place_is_kept_beside_the_first() {
        let headers = "name,name,password,user,folder,collections,tags,labels,env,stage,owner,team,totp,otp,expires,expiry,kind";
        let cells =
            "a,b,fixture,ana,f,c,t,l,prod,live,eve,ops,one,two,2027-01-01,2028-01-01,nosuch";
        let records = table(&format!("{headers}\n{cells}\n"));
        let Record { content, group, environment, owner, lost, .. } = &records[0];
        assert_eq!((content.name.as_str(), environment.as_deref()), ("a", Some("prod")));
        assert_eq!(owner.as_deref(), Some("eve"));
        assert_eq!((group.join(" "), content.tags.join(" ")), ("f c".into(), "t l".into()));
        let fields: Vec<_> = content.fields.iter().map(|f| (&*f.name, f.text.expose())).collect();
        assert_eq!(
            fields,
            [
                (PASSWORD, "fixture"),
                (TOTP, "one"),
                ("name", "b"),
                ("stage", "live"),
                ("team", "ops"),
                ("otp", "two"),
                ("expiry", "2028-01-01")
            ]
        );
        assert!(content.fields.iter().all(|field| field.text.is_secret()));
        assert_eq!(*lost, [Loss::new("kind", Why::NoPlace)]);
        let same = table("name,password,env,stage\na,fixture,prod,prod\n");
        assert_eq!(same[0].content.fields.len(), 1);
    }

    #[test]
    fn an_entry_without_a_name_is_called_by_its_host() {
        let records = table(
            "url,username,password,httpRealm,formActionOrigin,guid,timeCreated\nhttps://u@git.example.org/x,ana,fixture,,,,1700000000000\n",
        );
        assert_eq!(records[0].content.name, "git.example.org");
        assert_eq!(records[0].created, Some(Timestamp(1_700_000_000_000)));
    }
}

//! Finding by words: every word begins a word of the row, and one with a typing error finds what
//! was probably meant.

use std::sync::Arc;

use keyturn_model::Metadata;
use rusqlite::{
    Connection,
    functions::{Aggregate, Context, FunctionFlags},
    params,
};
use zeroize::Zeroizing;

/// Words shorter than this have to be typed right.
const SHORTEST_MENDED: usize = 4;
/// Words of the vault that are looked at for one with a typing error.
const MOST_LOOKED_AT: i64 = 500_000;
/// Words that are tried instead of one.
const MOST_INSTEAD: usize = 5;

/// Enters the words of a credential.
pub(super) fn enter(
    connection: &Connection,
    row: i64,
    metadata: &Metadata,
    key_id: &str,
) -> rusqlite::Result<()> {
    let tags = format!("{} {}", metadata.environment, metadata.tags.join(" "));
    let notes = format!("{}\n{}", metadata.description, metadata.notes);
    connection
        .prepare_cached(
            "INSERT INTO finder (rowid, name, tags, owner, issuer, key_id, notes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![row, metadata.name, tags, metadata.owner, metadata.issuer, key_id, notes])
        .map(drop)
}

/// Takes the words of a credential out.
pub(super) fn leave(connection: &Connection, row: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM finder WHERE rowid = ?1")?.execute([row]).map(drop)
}

/// What was found.
pub(super) struct Hits {
    /// The rows, each once.
    pub(super) rows: Vec<u32>,
    /// What was looked for instead of words that nothing has.
    pub(super) instead: Vec<String>,
}

/// The rows that have all `words`, each as the beginning of a word; in which columns is given as
/// the index knows it, or empty for all.
pub(super) fn rows(
    connection: &Connection,
    words: &[String],
    columns: &str,
) -> rusqlite::Result<Vec<u32>> {
    let all: Vec<String> = words.iter().map(|word| format!("\"{word}\"*")).collect();
    let question = match columns {
        "" => all.join(" AND "),
        columns => format!("{{{columns}}} : ({})", all.join(" AND ")),
    };
    matching(connection, &question)
}

fn matching(connection: &Connection, question: &str) -> rusqlite::Result<Vec<u32>> {
    connection
        .prepare_cached("SELECT gathered(rowid) FROM finder WHERE finder MATCH ?1")?
        .query_row([question], |row| {
            let (rows, _) = row.get_ref(0)?.as_blob()?.as_chunks::<4>();
            Ok(rows.iter().map(|row| u32::from_le_bytes(*row)).collect())
        })
}

/// Row numbers as one value: handing over each by itself takes longer than finding it.
struct Gathered;

impl Aggregate<Vec<u8>, Vec<u8>> for Gathered {
    fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<Vec<u8>> {
        Ok(Vec::new())
    }

    fn step(&self, context: &mut Context<'_>, rows: &mut Vec<u8>) -> rusqlite::Result<()> {
        rows.extend(context.get::<u32>(0)?.to_le_bytes());
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, rows: Option<Vec<u8>>) -> rusqlite::Result<Vec<u8>> {
        Ok(rows.unwrap_or_default())
    }
}

/// What finding asks of a connection.
pub(crate) fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_aggregate_function("gathered", 1, flags, Gathered)
}

/// The same, and where nothing is found, with words of the vault that are nearly those.
pub(super) fn nearly(
    connection: &Connection,
    words: &[String],
    known: impl Fn() -> rusqlite::Result<Arc<Words>>,
) -> rusqlite::Result<Hits> {
    let found = rows(connection, words, "")?;
    if !found.is_empty() {
        return Ok(Hits { rows: found, instead: Vec::new() });
    }
    let (mut parts, mut instead) = (Vec::new(), Vec::new());
    for word in words {
        if has(connection, word)? {
            parts.push(format!("\"{word}\"*"));
            continue;
        }
        let meant = if word.chars().count() < SHORTEST_MENDED {
            Vec::new()
        } else {
            known()?.meant_by(word)
        };
        if meant.is_empty() {
            return Ok(Hits { rows: Vec::new(), instead: Vec::new() });
        }
        let quoted: Vec<String> = meant.iter().map(|word| format!("\"{word}\"*")).collect();
        parts.push(format!("({})", quoted.join(" OR ")));
        instead.extend(meant);
    }
    if instead.is_empty() {
        return Ok(Hits { rows: Vec::new(), instead });
    }
    Ok(Hits { rows: matching(connection, &parts.join(" AND "))?, instead })
}

fn has(connection: &Connection, word: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM finder WHERE finder MATCH ?1 LIMIT 1")?
        .exists([format!("\"{word}\"*")])
}

/// The words of the vault, each with how many credentials have it. To read them takes a while; to go through
/// them does not.
pub(crate) struct Words {
    text: Zeroizing<String>,
    /// Where each ends.
    ends: Vec<(usize, i64)>,
}

impl Words {
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let size = "SELECT coalesce(sum(length(CAST(term AS BLOB))), 0) FROM finder_word";
        let size: i64 = connection.query_row(size, [], |row| row.get(0))?;
        // It never grows, which would leave a part of it behind in memory.
        let text = String::with_capacity(usize::try_from(size).unwrap_or_default());
        let (mut text, mut ends) = (Zeroizing::new(text), Vec::new());
        let mut list = connection.prepare("SELECT term, doc FROM finder_word LIMIT ?1")?;
        let mut terms = list.query([MOST_LOOKED_AT])?;
        while let Some(row) = terms.next()? {
            text.push_str(row.get_ref(0)?.as_str()?);
            ends.push((text.len(), row.get(1)?));
        }
        Ok(Self { text, ends })
    }

    fn each(&self) -> impl Iterator<Item = (&str, i64)> {
        let begins = [0].into_iter().chain(self.ends.iter().map(|(end, _)| *end));
        let each = begins.zip(&self.ends);
        each.filter_map(|(begin, (end, often))| Some((self.text.get(begin..*end)?, *often)))
    }

    /// Those that somebody may have meant, the nearest and most frequent first.
    fn meant_by(&self, word: &str) -> Vec<String> {
        let length = word.chars().count();
        let most: u32 = if length < 8 { 1 } else { 2 };
        let wanted = marks(word, length);
        let mut near: Vec<(usize, i64, &str)> = Vec::new();
        for (term, often) in self.each() {
            // Each error loses one letter at most: few words need a closer look.
            if (wanted & !marks(term, length + 1)).count_ones() > most {
                continue;
            }
            let distance = from_beginning(word, length, term);
            if distance <= most as usize {
                near.push((distance, -often, term));
            }
        }
        near.sort_unstable();
        let nearest = near.first().map_or(0, |(distance, ..)| *distance);
        near.retain(|(distance, ..)| *distance == nearest);
        // What begins with another of them is found with it.
        let begins = |term: &str, other: &str| term != other && term.starts_with(other);
        let alone =
            near.iter().filter(|(.., term)| !near.iter().any(|(.., other)| begins(term, other)));
        alone.take(MOST_INSTEAD).map(|(.., term)| (*term).to_owned()).collect()
    }
}

/// Which letters are among the first `length`: a mark for each, though some share theirs.
fn marks(text: &str, length: usize) -> u64 {
    text.chars().take(length).fold(0, |marks, letter| marks | 1 << (u32::from(letter) % 64))
}

/// How many typing errors lie between `word` and the beginning of `term`.
fn from_beginning(word: &str, length: usize, term: &str) -> usize {
    let ends = term.char_indices().map(|(at, _)| at).chain([term.len()]);
    let ends = ends.enumerate().filter(|(chars, _)| chars.abs_diff(length) <= 1);
    let beginnings = ends.filter_map(|(_, end)| term.get(..end));
    beginnings.map(|part| strsim::osa_distance(word, part)).min().unwrap_or(usize::MAX)
}

/// The migration that made the index.
const SINCE: u32 = 2;

/// Whether the index is what the rows say: it is made anew in memory and compared.
pub(crate) fn check(connection: &Connection) -> rusqlite::Result<bool> {
    let version: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    // A database of an older version is checked before it is brought up to date.
    if version < SINCE {
        return Ok(true);
    }
    let anew = Connection::open_in_memory()?;
    let mut made = connection.prepare(
        "SELECT sql FROM sqlite_schema WHERE name IN ('finder', 'finder_place') ORDER BY rowid",
    )?;
    let sentences: Vec<String> = made.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    anew.execute_batch(&sentences.join(";"))?;
    let entering = anew.unchecked_transaction()?;
    let mut rows = connection.prepare("SELECT * FROM credential")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let ((metadata, _), key_id) = (super::read::edited(row)?, row.get::<_, String>("key_id")?);
        enter(&entering, row.get("row")?, &metadata, &key_id)?;
    }
    entering.commit()?;
    let same = |question: &str| -> rusqlite::Result<bool> {
        let (mut one, mut other) = (connection.prepare(question)?, anew.prepare(question)?);
        let (mut one, mut other) = (one.query([])?, other.query([])?);
        loop {
            match (one.next()?, other.next()?) {
                (None, None) => return Ok(true),
                (Some(one), Some(other)) => {
                    for at in 0..3 {
                        if one.get_ref(at)? != other.get_ref(at)? {
                            return Ok(false);
                        }
                    }
                }
                _ => return Ok(false),
            }
        }
    };
    Ok(same("SELECT term, doc, col FROM finder_place")?
        && same("SELECT id, sz, 0 FROM finder_docsize ORDER BY id")?)
}

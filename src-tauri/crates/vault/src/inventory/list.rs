//! Lists: which rows answer a question, in which order. What was found is kept as row numbers, so
//! that scrolling and typing on do not look for it again.

use std::sync::Arc;

use keyturn_model::{Ordering, Query, Row, Status, Timestamp};
use rusqlite::Connection;

use super::{
    find,
    question::{DAY_MS, Marked, Ordered, depends_on_time, has_status, ordered, unread},
    read,
};
use crate::{error::Result, rotation::IS_OPEN, vault::Vault};

/// Answers that are kept.
const KEPT: usize = 4;
/// Answers to a single letter that are kept beside: they have the most rows, and come again with
/// every other word that is typed.
const KEPT_LETTERS: usize = 12;
/// The beginning of the usual list is read straight from its index.
const STRAIGHT: u32 = 200;
/// Names beginning with what was typed that are put in front.
const IN_FRONT: u32 = 200;
/// So many hits are put in order by themselves.
const FEW: usize = 1_000;
/// With more hits than this nothing is put in front for having a word in its name.
const WEIGHED: usize = 5_000;

/// A part of a list.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// The rows that were asked for.
    pub rows: Vec<Row>,
    /// How many rows the whole list has.
    pub total: u32,
    /// How many credentials there are that are not put away.
    pub all: u32,
    /// What the rows are gathered by, each with how many there are.
    pub groups: Vec<(String, u32)>,
    /// Words that were looked for instead of those with a typing error.
    pub instead: Vec<String>,
}

/// How many credentials there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// That are not put away.
    pub all: u32,
    /// That somebody has to look after now.
    pub attention: u32,
    /// That are due within 7 days, or past.
    pub due_soon: u32,
    /// Whose loss would be a disaster.
    pub high_risk: u32,
    /// Whose old value works beside the new one.
    pub in_grace: u32,
    /// Of which something cannot be read.
    pub unread: u32,
}

/// The rows that answer a question.
pub(crate) struct Found {
    query: Query,
    ordering: Ordering,
    changes: u64,
    minute: i64,
    ordered: Ordered,
    instead: Vec<String>,
}

impl Found {
    fn is_of_a_letter(&self) -> bool {
        self.query.filters.is_empty()
            && matches!(self.query.words.as_slice(), [word] if word.chars().count() == 1)
    }
}

impl Vault {
    /// A part of the list that answers `query`, in `ordering`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list(&self, query: &Query, ordering: Ordering, from: u32, most: u32) -> Result<List> {
        let now = self.around.clock.now();
        let opened = self.opened();
        opened.store.read(|connection| {
            let answer = || -> rusqlite::Result<List> {
                let beginning = from.saturating_add(most) <= STRAIGHT
                    && query.words.is_empty()
                    && query.filters.is_empty();
                if beginning
                    && self.found(query, ordering, now).is_none()
                    && let Some(rows) = read::first(connection, ordering, from, most, now)?
                {
                    let all = self.count_all(connection)?;
                    return Ok(List { rows, total: all, all, ..List::default() });
                }
                let found = self.find(connection, query, ordering, now)?;
                let rows = found.ordered.rows.iter().skip(from as usize).take(most as usize);
                let rows: Vec<u32> = rows.copied().collect();
                Ok(List {
                    rows: read::rows(connection, &rows, now)?,
                    total: u32::try_from(found.ordered.rows.len()).unwrap_or(u32::MAX),
                    all: self.count_all(connection)?,
                    groups: found.ordered.groups.clone(),
                    instead: found.instead.clone(),
                })
            };
            answer().map_err(opened.store.failed())
        })
    }

    /// All that answer `query`, by name: for an export.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn ids(&self, query: &Query) -> Result<Vec<keyturn_model::CredentialId>> {
        let now = self.around.clock.now();
        let opened = self.opened();
        opened.store.read(|connection| {
            let answer = || -> rusqlite::Result<_> {
                let found = self.find(connection, query, Ordering::default(), now)?;
                read::ids(connection, &found.ordered.rows)
            };
            answer().map_err(opened.store.failed())
        })
    }

    /// How many credentials there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn counts(&self) -> Result<Counts> {
        let now = self.around.clock.now();
        let opened = self.opened();
        opened.store.read(|connection| {
            let counts = || -> rusqlite::Result<Counts> {
                let due = |until: i64| format!("archived IS NULL AND due <= {until}");
                let tomorrow = now.0 + DAY_MS;
                let attention = has_status(&Status::ATTENTION, now);
                let in_grace = has_status(&[Status::InGrace], now);
                // The dates stand in an index. What else makes somebody look is told by each row, or by the
                // few runs that are open.
                let beyond = format!("ifnull(sum({attention} - ifnull(due <= {tomorrow}, 0))");
                let (high_risk, marked): (u32, i64) = connection.query_row(
                    &format!(
                        "SELECT count(*) FILTER (WHERE risk = 'high'),
                             {beyond} FILTER (WHERE compromised OR failures > 0), 0)
                         FROM credential WHERE archived IS NULL"
                    ),
                    [],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )?;
                let (in_grace, rotating): (u32, i64) = connection.query_row(
                    &format!(
                        "SELECT count(*) FILTER (WHERE {in_grace}),
                             {beyond} FILTER (WHERE NOT compromised AND failures = 0), 0)
                         FROM credential WHERE {IS_OPEN} AND archived IS NULL"
                    ),
                    [],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )?;
                let dated = i64::from(count(connection, &due(tomorrow))?);
                Ok(Counts {
                    all: count(connection, "archived IS NULL")?,
                    attention: u32::try_from(dated + marked + rotating).unwrap_or_default(),
                    due_soon: count(connection, &due(now.0 + 7 * DAY_MS))?,
                    high_risk,
                    in_grace,
                    unread: self.count_unread(connection)?,
                })
            };
            counts().map_err(opened.store.failed())
        })
    }

    /// Words that are in use, the most used first: environments, owners, issuers, tags.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn words_in_use(&self) -> Result<[Vec<String>; 4]> {
        let opened = self.opened();
        let used = |connection: &Connection, table: &str, column: &str| {
            connection
                .prepare_cached(&format!(
                    "SELECT {column} FROM {table} WHERE {column} != ''
                     GROUP BY {column} COLLATE NOCASE ORDER BY count(*) DESC, {column} LIMIT 200"
                ))
                .and_then(|mut list| {
                    list.query_map([], |row| row.get(0)).and_then(Iterator::collect)
                })
        };
        opened.store.read(|connection| {
            let words = || -> rusqlite::Result<_> {
                Ok([
                    used(connection, "credential", "environment")?,
                    used(connection, "credential", "owner")?,
                    used(connection, "credential", "issuer")?,
                    used(connection, "tag", "name")?,
                ])
            };
            words().map_err(opened.store.failed())
        })
    }

    /// How many there are that are not put away, counted once for each change.
    fn count_all(&self, connection: &Connection) -> rusqlite::Result<u32> {
        let changes = self.lately.changes();
        let counted = *self.lately.all();
        if let Some((before, all)) = counted
            && before == changes
            && !self.is_read_only()
        {
            return Ok(all);
        }
        let all = count(connection, "archived IS NULL")?;
        *self.lately.all() = Some((changes, all));
        Ok(all)
    }

    /// How many there are of which something cannot be read. This program writes none: where there was
    /// none, nobody looks again.
    fn count_unread(&self, connection: &Connection) -> rusqlite::Result<u32> {
        if self.lately.all_read() {
            return Ok(0);
        }
        let (all, unread): (u32, u32) = connection.query_row(
            &format!(
                "SELECT count(*), count(*) FILTER (WHERE archived IS NULL) FROM credential WHERE {}",
                unread()
            ),
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        self.lately.saw(all);
        Ok(unread)
    }

    /// What was found for the same question, if it still holds.
    fn found(&self, query: &Query, ordering: Ordering, now: Timestamp) -> Option<Arc<Found>> {
        let minute = self.minute(query, ordering, now);
        let changes = self.lately.changes();
        let mut lately = self.lately.found();
        lately.retain(|found| found.changes == changes);
        let at = lately.iter().position(|found| {
            found.query == *query && found.ordering == ordering && found.minute == minute
        })?;
        let found = lately.remove(at);
        lately.insert(0, Arc::clone(&found));
        Some(found)
    }

    /// Until when an answer holds: what another program changes is seen the next second.
    fn minute(&self, query: &Query, ordering: Ordering, now: Timestamp) -> i64 {
        if self.is_read_only() {
            now.0 / 1000
        } else if depends_on_time(query, ordering) {
            now.0 / 60_000
        } else {
            0
        }
    }

    fn find(
        &self,
        connection: &Connection,
        query: &Query,
        ordering: Ordering,
        now: Timestamp,
    ) -> rusqlite::Result<Arc<Found>> {
        if let Some(found) = self.found(query, ordering, now) {
            return Ok(found);
        }
        let changes = self.lately.changes();
        let minute = self.minute(query, ordering, now);
        let me = self.my_name().unwrap_or_default();
        let within =
            |only: Option<&[u32]>| ordered(connection, &query.filters, ordering, now, &me, only);
        let (ordered, instead) = if query.words.is_empty() {
            (within(None)?, Vec::new())
        } else {
            let known = || self.lately.words(|| find::Words::read(connection));
            let hits = find::nearly(connection, &query.words, known)?;
            let whole = Query { words: Vec::new(), unknown: Vec::new(), ..query.clone() };
            // The whole list is put in order only where many rows of it are asked for.
            let few = hits.rows.len() <= FEW && self.found(&whole, ordering, now).is_none();
            let found = if few {
                within(Some(&hits.rows))?
            } else {
                among(&self.find(connection, &whole, ordering, now)?.ordered, &hits)
            };
            (in_front(connection, found, &hits, query, ordering)?, hits.instead)
        };
        let found =
            Arc::new(Found { query: query.clone(), ordering, changes, minute, ordered, instead });
        let mut lately = self.lately.found();
        lately.insert(0, Arc::clone(&found));
        let (mut letters, mut others) = (0, 0);
        lately.retain(|found| {
            let (kept, most) = match found.is_of_a_letter() {
                true => (&mut letters, KEPT_LETTERS),
                false => (&mut others, KEPT),
            };
            *kept += 1;
            *kept <= most
        });
        Ok(found)
    }
}

/// The hits in the order of the whole list.
fn among(whole: &Ordered, hits: &find::Hits) -> Ordered {
    let marked = Marked::of(&hits.rows);
    let hit = |row: &u32| marked.has(*row);
    let mut found = Ordered::default();
    if whole.groups.is_empty() {
        found.rows.extend(whole.rows.iter().copied().filter(hit));
        return found;
    }
    let mut rest = whole.rows.as_slice();
    for (value, count) in &whole.groups {
        let (group, after) = rest.split_at_checked(*count as usize).unwrap_or((rest, &[]));
        let before = found.rows.len();
        found.rows.extend(group.iter().copied().filter(hit));
        let count = u32::try_from(found.rows.len() - before).unwrap_or(u32::MAX);
        found.groups.extend((count > 0).then(|| (value.clone(), count)));
        rest = after;
    }
    found
}

/// In the usual order the best come first: names that begin with what was typed, then names that
/// have it.
fn in_front(
    connection: &Connection,
    found: Ordered,
    hits: &find::Hits,
    query: &Query,
    ordering: Ordering,
) -> rusqlite::Result<Ordered> {
    if ordering != Ordering::default() || !hits.instead.is_empty() {
        return Ok(found);
    }
    let there = Marked::of(&found.rows);
    let mut front = match query.words.first() {
        Some(first) => named(connection, first)?,
        None => Vec::new(),
    };
    front.retain(|row| there.has(*row));
    if found.rows.len() <= WEIGHED {
        let in_name = Marked::of(&find::rows(connection, &query.words, "name")?);
        let already = Marked::of(&front);
        let named = found.rows.iter().filter(|row| in_name.has(**row) && !already.has(**row));
        front.extend(named);
    }
    let already = Marked::of(&front);
    front.extend(found.rows.into_iter().filter(|row| !already.has(*row)));
    Ok(Ordered { rows: front, groups: found.groups })
}

/// The first rows whose name begins with `word`.
fn named(connection: &Connection, word: &str) -> rusqlite::Result<Vec<u32>> {
    connection
        .prepare_cached(
            "SELECT row FROM credential WHERE archived IS NULL AND name >= ?1 AND name < ?2
             ORDER BY name, row LIMIT ?3",
        )?
        .query_map(rusqlite::params![word, format!("{word}\u{10FFFF}"), IN_FRONT], |row| {
            row.get(0)
        })?
        .collect()
}

fn count(connection: &Connection, condition: &str) -> rusqlite::Result<u32> {
    let question = format!("SELECT count(*) FROM credential WHERE {condition}");
    connection.query_row(&question, [], |row| row.get(0))
}

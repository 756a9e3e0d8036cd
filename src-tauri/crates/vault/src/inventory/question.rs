//! A question as SQL: which rows fit, and in which order.

use keyturn_model::{
    Filter, GroupBy, Kind, Ordering, PolicyIs, Query, SortBy, Status, Timestamp, What,
};
use rusqlite::{Connection, ToSql, params_from_iter};

use super::word;
use crate::rotation::{HAS_STATUS, STATUS};

pub(super) const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The rows that fit, in order.
#[derive(Debug, Default)]
pub(super) struct Ordered {
    /// Their numbers.
    pub(super) rows: Vec<u32>,
    /// What they are gathered by, each with how many there are; empty when they are not.
    pub(super) groups: Vec<(String, u32)>,
}

/// A condition with what fills it.
struct Sql {
    text: String,
    fill: Vec<Box<dyn ToSql>>,
}

impl Sql {
    fn value(&mut self, value: impl ToSql + 'static) -> String {
        self.fill.push(Box::new(value));
        format!("?{}", self.fill.len())
    }

    fn any_of<T: ToSql + Clone + 'static>(&mut self, column: &str, values: &[T]) -> String {
        let places: Vec<String> = values.iter().map(|value| self.value(value.clone())).collect();
        format!("{column} IN ({})", places.join(", "))
    }
}

/// The place of a row's status among [`Status::ALL`], as SQL. A test holds it against [`Status::of`].
fn status_sql(now: Timestamp) -> String {
    let (now, tomorrow) = (now.0, now.0 + DAY_MS);
    let rotation = format!("CASE WHEN {HAS_STATUS} THEN {STATUS} END");
    format!(
        "CASE WHEN archived IS NOT NULL THEN 11 WHEN compromised THEN 0 WHEN expires <= {now} THEN 1
              ELSE CASE {rotation} WHEN 'failed' THEN 2 WHEN 'rotating' THEN 5 WHEN 'inGrace' THEN 6
              ELSE CASE
              WHEN rotates <= {now} THEN 3 WHEN expires <= {tomorrow} OR rotates <= {tomorrow} THEN 4
              WHEN paused THEN 7 WHEN soon <= {now} THEN 8 WHEN policy = 'none' THEN 9 ELSE 10 END
         END END"
    )
}

/// Whether a row has one of those statuses, as SQL.
pub(super) fn has_status(any: &[Status], now: Timestamp) -> String {
    let places: Vec<String> = any.iter().map(|status| place(*status).to_string()).collect();
    format!("(({}) IN ({}))", status_sql(now), places.join(", "))
}

/// Whether something of a row cannot be read, as SQL: another version of this program may have written
/// it. It holds only words that stand in this program.
pub(super) fn unread() -> String {
    let kinds: Vec<String> = Kind::ALL.iter().map(|kind| format!("'{}'", kind.as_str())).collect();
    let id = [8, 4, 4, 4, 12].map(|digits| "[0-9a-f]".repeat(digits)).join("-");
    format!(
        "(kind NOT IN ({}) OR risk NOT IN ('standard', 'high') OR NOT json_valid(fields)
          OR (policy NOT IN ('none', 'usual') AND policy NOT GLOB '{id}'))",
        kinds.join(", ")
    )
}

fn place(status: Status) -> i64 {
    Status::ALL.iter().position(|s| *s == status).and_then(|p| p.try_into().ok()).unwrap_or(10)
}

fn condition(filter: &Filter, sql: &mut Sql, now: Timestamp, me: &str) -> String {
    let days = |days: u32| i64::from(days) * DAY_MS;
    let text = match &filter.what {
        What::Environment(values) => sql.any_of("environment COLLATE NOCASE", values),
        What::Kind(kinds) => {
            let kinds: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
            sql.any_of("kind", &kinds)
        }
        What::Status(any) => has_status(any, now),
        What::Risk(risk) => {
            let risk = sql.value(word(risk));
            format!("risk = {risk}")
        }
        What::Owner(values) => {
            let named = |v: &String| if v == "me" { me.to_owned() } else { v.clone() };
            let values: Vec<String> = values.iter().map(named).collect();
            sql.any_of("owner COLLATE NOCASE", &values)
        }
        What::Issuer(values) => sql.any_of("issuer COLLATE NOCASE", values),
        What::Tag(values) => {
            let any = sql.any_of("name", values);
            format!("row IN (SELECT credential FROM tag WHERE {any})")
        }
        What::Policy(PolicyIs::None) => "policy = 'none'".into(),
        What::Policy(PolicyIs::Usual) => "policy = 'usual'".into(),
        What::Policy(PolicyIs::Own) => "policy NOT IN ('none', 'usual')".into(),
        What::Used(any) => {
            format!("id {} (SELECT credential FROM binding)", if *any { "IN" } else { "NOT IN" })
        }
        What::DueWithin(most) => {
            let until = sql.value(now.0.saturating_add(days(*most)));
            format!("(due IS NOT NULL AND due <= {until})")
        }
        What::RotatedBefore(least) => {
            let until = sql.value(now.0.saturating_sub(days(*least)));
            format!("rotated < {until}")
        }
        What::Archived => "archived IS NOT NULL".into(),
        What::Paused => "paused".into(),
        What::Unread => unread(),
    };
    if filter.negated { format!("NOT ({text})") } else { text }
}

fn sorted_by(by: SortBy, now: Timestamp) -> String {
    match by {
        SortBy::Name => "name".into(),
        SortBy::Kind => "kind".into(),
        SortBy::Environment => "environment COLLATE NOCASE".into(),
        SortBy::Risk => "risk".into(),
        SortBy::Status => status_sql(now),
        SortBy::Due => "due".into(),
        SortBy::Rotated => "rotated".into(),
        SortBy::Owner => "owner COLLATE NOCASE".into(),
        SortBy::Changed => "changed".into(),
    }
}

fn gathered_by(by: GroupBy, now: Timestamp) -> String {
    match by {
        GroupBy::Kind => "kind".into(),
        GroupBy::Environment => "environment COLLATE NOCASE".into(),
        GroupBy::Owner => "owner COLLATE NOCASE".into(),
        GroupBy::Risk => "risk".into(),
        GroupBy::Status => status_sql(now),
    }
}

/// The word of a group of statuses stands for its place.
fn group_word(by: GroupBy, value: rusqlite::types::ValueRef<'_>) -> rusqlite::Result<String> {
    match by {
        GroupBy::Status => {
            let at = usize::try_from(value.as_i64()?).unwrap_or_default();
            Ok(Status::ALL.get(at).map(word).unwrap_or_default())
        }
        _ => Ok(value.as_str()?.to_owned()),
    }
}

/// Whether the answer depends on what time it is.
pub(super) fn depends_on_time(query: &Query, ordering: Ordering) -> bool {
    let timed = |filter: &Filter| {
        matches!(filter.what, What::Status(_) | What::DueWithin(_) | What::RotatedBefore(_))
    };
    query.filters.iter().any(timed)
        || ordering.by == SortBy::Status
        || ordering.group == Some(GroupBy::Status)
}

/// Rows and groups of a question without words; with `only`, among those rows.
pub(super) fn ordered(
    connection: &Connection,
    filters: &[Filter],
    ordering: Ordering,
    now: Timestamp,
    me: &str,
    only: Option<&[u32]>,
) -> rusqlite::Result<Ordered> {
    if filters.is_empty()
        && only.is_none()
        && ordering.group.is_none()
        && ordering.by == SortBy::Due
    {
        return all_by_due(connection, ordering.descending);
    }
    let mut sql = Sql { text: String::new(), fill: Vec::new() };
    let mut all: Vec<String> =
        filters.iter().map(|filter| condition(filter, &mut sql, now, me)).collect();
    let asks_archived =
        filters.iter().any(|filter| filter.what == What::Archived && !filter.negated);
    if !asks_archived {
        all.push("archived IS NULL".into());
    }
    let direction = if ordering.descending { "DESC" } else { "" };
    let sort = sorted_by(ordering.by, now);
    // What has no date, or no word, comes last; where all have one, the index has them in order.
    let dated = |filter: &Filter| !filter.negated && matches!(filter.what, What::DueWithin(_));
    let empty_last = match ordering.by {
        SortBy::Due if filters.iter().any(dated) => "",
        SortBy::Due => "due IS NULL, ",
        SortBy::Owner => "owner = '', ",
        SortBy::Environment => "environment = '', ",
        _ => "",
    };
    let group = ordering.group.map(|by| gathered_by(by, now));
    let (column, before) = match (&group, ordering.group) {
        (Some(group), Some(GroupBy::Status)) => (format!(", {group}"), format!("{group}, ")),
        (Some(group), _) => (format!(", {group}"), format!("{group} = '', {group}, ")),
        (None, _) => (String::new(), String::new()),
    };
    // As an index has them, where there is one.
    let then = match ordering.by {
        SortBy::Name | SortBy::Due => "row",
        _ => "name, row",
    };
    // Few rows are fetched by their numbers, whatever index has all of them in order.
    let from = match only {
        Some(rows) => {
            let rows = sql.value(serde_json::to_string(rows).unwrap_or_default());
            format!("json_each({rows}) few CROSS JOIN credential ON credential.row = few.value")
        }
        None => "credential".to_owned(),
    };
    sql.text = format!(
        "SELECT row{column} FROM {from} WHERE {} \
         ORDER BY {before}{empty_last}{sort} {direction}, {then}",
        all.join(" AND ")
    );
    let mut list = connection.prepare(&sql.text)?;
    let mut found = list.query(params_from_iter(sql.fill.iter()))?;
    let (mut rows, mut groups) = (Vec::new(), Vec::<(String, u32)>::new());
    while let Some(row) = found.next()? {
        rows.push(row.get(0)?);
        if let Some(by) = ordering.group {
            let value = group_word(by, row.get_ref(1)?)?;
            match groups.last_mut() {
                Some((last, count)) if last.eq_ignore_ascii_case(&value) => *count += 1,
                _ => groups.push((value, 1)),
            }
        }
    }
    Ok(Ordered { rows, groups })
}

/// Everything in the usual order, out of the indexes alone: reading the rows takes ten times as long.
fn all_by_due(connection: &Connection, descending: bool) -> rusqlite::Result<Ordered> {
    let numbers = |question: &str| -> rusqlite::Result<Vec<u32>> {
        connection.prepare(question)?.query_map([], |row| row.get(0))?.collect()
    };
    let direction = if descending { "DESC" } else { "" };
    let mut rows = numbers(&format!(
        "SELECT row FROM credential WHERE archived IS NULL AND due IS NOT NULL
         ORDER BY due {direction}, row"
    ))?;
    // What has no date comes last.
    let dated = Marked::of(&rows);
    let mut rest =
        numbers("SELECT row FROM credential INDEXED BY credential_by_name WHERE archived IS NULL")?;
    rest.retain(|row| !dated.has(*row));
    rest.sort_unstable();
    rows.extend(rest);
    Ok(Ordered { rows, groups: Vec::new() })
}

/// A set of row numbers.
pub(super) struct Marked(Vec<u64>);

impl Marked {
    pub(super) fn of(rows: &[u32]) -> Self {
        let most = rows.iter().copied().max().unwrap_or_default();
        let mut marks = vec![0_u64; most as usize / 64 + 1];
        for row in rows {
            if let Some(part) = marks.get_mut(*row as usize / 64) {
                *part |= 1 << (row % 64);
            }
        }
        Self(marks)
    }

    pub(super) fn has(&self, row: u32) -> bool {
        self.0.get(row as usize / 64).is_some_and(|part| part & (1 << (row % 64)) != 0)
    }
}

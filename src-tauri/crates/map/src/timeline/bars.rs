//! From dates to lanes, rows, bars, strips and clashes.

use std::collections::{BTreeMap, BTreeSet};

use keyturn_model::{ConsumerId, CredentialId, Timestamp, Window};

use super::{Clash, Item, Lane, Look, Rows, SpanKind, Spans, Timeline};
use crate::By;

/// A lane with more rows becomes a strip.
const MOST_ROWS: usize = 60;
/// The most parts of a strip.
const MOST_PARTS: u32 = 2000;
/// Two restarts of a consumer are close together within this.
const CLOSE_S: i64 = 30 * 60;
const WEEK_S: i64 = 7 * 24 * 60 * 60;

impl Item {
    /// When its rotation is to be expected; what is overdue is done when its window opens.
    #[must_use]
    pub fn planned(&self, windows: &[Window], now: Timestamp) -> Option<Timestamp> {
        let at = self.rotates?;
        if at > now {
            return Some(at);
        }
        let window = windows.get(self.window? as usize)?;
        Some(window.next_open(now))
    }

    fn lane(&self, by: By) -> &str {
        match by {
            By::Kind => self.kind.as_str(),
            By::Owner => &self.owner,
            By::Environment => &self.environment,
        }
    }

    /// Whether it has this, in small letters, in one of its words.
    fn has(&self, find: &str) -> bool {
        let words = [&self.name, &self.owner, &self.environment];
        find.is_empty() || words.iter().any(|word| word.to_lowercase().contains(find))
    }

    fn due(&self) -> Option<Timestamp> {
        self.rotates.into_iter().chain(self.expires).min()
    }
}

/// The timeline of these credentials.
#[must_use]
pub fn timeline(items: &[Item], windows: &[Window], look: &Look, now: Timestamp) -> Timeline {
    let mut lanes: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
    let find = look.find.trim().to_lowercase();
    for item in items.iter().filter(|item| item.has(&find)) {
        lanes.entry(item.lane(look.lanes)).or_default().push(item);
    }
    let mut timeline = Timeline {
        now,
        from: look.from,
        until: look.until,
        lanes: Vec::new(),
        rows: Rows::default(),
        spans: Spans::default(),
        windows: windows.iter().map(|one| one.openings(look.from, look.until)).collect(),
        clashes: clashes(items, windows, now),
    };
    for (name, mut members) in lanes {
        let strip = members.len() > MOST_ROWS && !look.open.iter().any(|open| open == name);
        let soon = now.plus_seconds(WEEK_S);
        let until = |moment| {
            number(members.iter().filter(|item| item.due().is_some_and(|at| at <= moment)).count())
        };
        let (due, overdue) = (until(soon), until(now));
        let lane = number(timeline.lanes.len());
        timeline.lanes.push(Lane {
            name: name.to_owned(),
            count: number(members.len()),
            due,
            overdue,
            strip,
            heat: if strip { heat(&members, windows, look, now) } else { Vec::new() },
        });
        if strip {
            continue;
        }
        members.sort_by(|one, other| {
            let order = |item: &Item| (item.due().is_none(), item.due());
            order(one)
                .cmp(&order(other))
                .then_with(|| (&one.name, one.id).cmp(&(&other.name, other.id)))
        });
        for item in members {
            timeline.spans.of(item, number(timeline.rows.id.len()), look, now);
            timeline.rows.add(item, lane, item.planned(windows, now));
        }
    }
    timeline
}

/// Restarts of one consumer by different credentials that are at most half an hour apart, by time.
#[must_use]
pub fn clashes(items: &[Item], windows: &[Window], now: Timestamp) -> Vec<Clash> {
    type Times<'a> = BTreeSet<(Timestamp, CredentialId, &'a str)>;
    let mut restarts: BTreeMap<ConsumerId, (&str, Times<'_>)> = BTreeMap::new();
    for item in items {
        let Some(at) = item.planned(windows, now) else { continue };
        for consumer in &item.restarts {
            let (_, times) =
                restarts.entry(consumer.id).or_insert_with(|| (&consumer.name, BTreeSet::new()));
            times.insert((at, item.id, &item.name));
        }
    }
    let mut found = Vec::new();
    for (consumer, (name, times)) in restarts {
        for ((first_at, first, first_name), (second_at, second, second_name)) in
            times.iter().zip(times.iter().skip(1))
        {
            if second_at.seconds_since(*first_at) <= CLOSE_S {
                found.push(Clash {
                    consumer,
                    consumer_name: name.to_owned(),
                    first: *first,
                    first_name: (*first_name).to_owned(),
                    first_at: *first_at,
                    second: *second,
                    second_name: (*second_name).to_owned(),
                    second_at: *second_at,
                });
            }
        }
    }
    found.sort_by_key(|clash| (clash.first_at, clash.consumer, clash.first));
    found
}

fn heat(members: &[&Item], windows: &[Window], look: &Look, now: Timestamp) -> Vec<u32> {
    let parts = look.parts.clamp(1, MOST_PARTS);
    let mut heat = vec![0_u32; parts as usize];
    let length = i128::from(look.until.0) - i128::from(look.from.0);
    for item in members {
        for at in item.planned(windows, now).into_iter().chain(item.expires) {
            if length <= 0 || at < look.from || at >= look.until {
                continue;
            }
            let part = (i128::from(at.0) - i128::from(look.from.0)) * i128::from(parts) / length;
            if let Some(count) = usize::try_from(part).ok().and_then(|part| heat.get_mut(part)) {
                *count += 1;
            }
        }
    }
    heat
}

impl Rows {
    fn add(&mut self, item: &Item, lane: u32, planned: Option<Timestamp>) {
        self.id.push(item.id);
        self.version.push(item.version);
        self.name.push(item.name.clone());
        self.lane.push(lane);
        self.status.push(item.status);
        self.due.push(item.rotates);
        self.planned.push(planned);
        self.limit.push(item.limit);
        self.expires.push(item.expires);
        self.window.push(item.window);
        self.movable.push(item.movable && planned.is_some());
        self.restarts.push(number(item.restarts.len()));
        self.grace_s.push(item.grace_s);
    }
}

impl Spans {
    fn of(&mut self, item: &Item, row: u32, look: &Look, now: Timestamp) {
        let ends = item.expires.unwrap_or(look.until);
        let fresh = item.rotates.map_or(ends, |at| at.min(ends));
        self.add(row, SpanKind::Valid, item.rotated, fresh, look);
        if let Some((from, until)) = item.grace {
            self.add(row, SpanKind::Grace, from, until, look);
        }
        if let Some(at) = item.rotates {
            if at > now {
                let until = at.plus_seconds(item.grace_s).min(ends);
                self.add(row, SpanKind::Grace, at, until, look);
            } else {
                self.add(row, SpanKind::Overdue, at, now.min(ends), look);
            }
        }
        if let Some(expires) = item.expires {
            self.add(row, SpanKind::Expired, expires, now, look);
        }
    }

    /// A bar, as far as it lies in the range.
    fn add(&mut self, row: u32, kind: SpanKind, from: Timestamp, until: Timestamp, look: &Look) {
        let (from, until) = (from.max(look.from), until.min(look.until));
        if from < until {
            self.row.push(row);
            self.kind.push(kind);
            self.from.push(from);
            self.until.push(until);
        }
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

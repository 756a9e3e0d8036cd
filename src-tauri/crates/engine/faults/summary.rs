//! What was played, in figures.

use std::{collections::BTreeMap, fmt};

use crate::{
    journal::STATES,
    play::{End, Played},
    world::Counts,
};

const INVARIANTS: [&str; 8] = [
    "every key of ours that lives is kept, in the inbox or reported",
    "a value that works is kept at every moment",
    "nothing is revoked that a consumer uses",
    "no foreign key is touched",
    "recovery five times is recovery once",
    "one run a credential",
    "whatever is changed was intended first",
    "every run ends or asks for a person",
];

#[derive(Default)]
pub(crate) struct Summary {
    schedules: u64,
    ends: BTreeMap<End, u64>,
    helped: u64,
    counts: Counts,
    waiting: BTreeMap<String, u64>,
    violations: u64,
}

impl Summary {
    pub(crate) fn ended(&self, end: End) -> u64 {
        self.ends.get(&end).copied().unwrap_or_default()
    }

    /// How many states were reached.
    pub(crate) fn reached(&self) -> u32 {
        self.counts.reached.count_ones()
    }

    pub(crate) fn kills(&self) -> u64 {
        self.counts.kills
    }

    pub(crate) fn add(&mut self, played: &Played) {
        self.schedules += 1;
        *self.ends.entry(played.end).or_default() += 1;
        self.helped += u64::from(played.helped);
        self.violations += played.violations.len() as u64;
        if played.end == End::Attention {
            let what = played.last.split([' ', '{']).next().unwrap_or_default().to_owned();
            *self.waiting.entry(what).or_default() += 1;
        }
        let (sum, one) = (&mut self.counts, &played.counts);
        for (sum, one) in sum.invariants.iter_mut().zip(one.invariants) {
            *sum += one;
        }
        sum.values += one.values;
        sum.kills += one.kills;
        sum.faults += one.faults;
        sum.calls += one.calls;
        sum.meddled += one.meddled;
        sum.reached |= one.reached;
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ended = |end| self.ended(end);
        let counts = &self.counts;
        writeln!(
            f,
            "faults: {} schedules, {} kills, {} faults, {} calls; {} done, {} undone, {} only revoked, {} need a person, {} not begun; {} times a person helped",
            self.schedules,
            self.kills(),
            counts.faults,
            counts.calls,
            ended(End::Done),
            ended(End::Undone),
            ended(End::Revoked),
            ended(End::Attention),
            ended(End::Refused),
            self.helped,
        )?;
        for (number, (looked, what)) in counts.invariants.iter().zip(INVARIANTS).enumerate() {
            writeln!(f, "faults: I{} {what}: looked at {looked} times", number + 1)?;
        }
        for (what, times) in &self.waiting {
            writeln!(f, "faults: {times} wait for a person: {what}")?;
        }
        write!(
            f,
            "faults: {} of {STATES} states reached, {} ended runs compared with the ledger, {} violations {}",
            self.reached(),
            counts.values,
            self.violations,
            if self.violations == 0 { "ok" } else { "short" }
        )
    }
}

//! Whether a planned rotation may be moved to another moment, and to which one exactly.
//!
//! A plan moves, an expiry never does. The window of the policy is kept, and so is the last moment that it allows.

use keyturn_model::{Timestamp, Window};
use serde::Serialize;
use ts_rs::TS;

/// What is moved without a window comes to the quarter of an hour.
const QUARTER_MS: i64 = 15 * 60 * 1000;
/// So far around the wish it is looked for a window.
const AROUND_S: i64 = 8 * 24 * 60 * 60;

/// What limits a planned rotation.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// The last moment that the policy allows; none: nothing is planned.
    pub limit: Option<Timestamp>,
    /// When the value expires by itself.
    pub expires: Option<Timestamp>,
    /// The hours in which it may happen.
    pub window: Option<&'a Window>,
}

/// Why a planned rotation may not be moved there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "why")]
#[ts(rename = "MoveRefused")]
pub enum Refused {
    /// The policy plans nothing.
    NothingPlanned,
    /// It is rotated just now.
    Rotating,
    /// That is past.
    Past,
    /// The policy wants it done by then.
    BeyondLimit {
        /// The last moment.
        limit: Timestamp,
    },
    /// The value expires before.
    PastExpiry {
        /// When.
        expires: Timestamp,
    },
    /// No maintenance window opens in time.
    NoWindow,
}

/// To when it is moved for the wish `to`.
///
/// # Errors
/// Why it may not be moved.
pub fn may_move(plan: &Plan<'_>, to: Timestamp, now: Timestamp) -> Result<Timestamp, Refused> {
    let limit = plan.limit.ok_or(Refused::NothingPlanned)?;
    if let Some(expires) = plan.expires.filter(|expires| to > *expires) {
        return Err(Refused::PastExpiry { expires });
    }
    if to > limit {
        return Err(Refused::BeyondLimit { limit });
    }
    if to <= now {
        return Err(Refused::Past);
    }
    let last = plan.expires.map_or(limit, |expires| expires.min(limit));
    let fits = |at: &Timestamp| *at > now && *at <= last;
    let Some(window) = plan.window else {
        let near =
            Timestamp(to.0.saturating_add(QUARTER_MS / 2).div_euclid(QUARTER_MS) * QUARTER_MS);
        return Ok(if fits(&near) { near } else { to });
    };
    let around = window.openings(to.plus_seconds(-AROUND_S), to.plus_seconds(AROUND_S));
    if around.iter().any(|(opens, closes)| *opens <= to && to < *closes) {
        return Ok(to);
    }
    let starts = around.into_iter().map(|(opens, _)| opens).filter(fits);
    starts.min_by_key(|at| at.0.abs_diff(to.0)).ok_or(Refused::NoWindow)
}

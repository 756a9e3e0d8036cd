//! What an answer says about whether something was done.

use chrono::DateTime;
use keyturn_model::rotation::Fault;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// The fault that a status means which is no success, for a call that changes something.
///
/// A 5xx, also with `Retry-After`, may come from something in between that lost the answer, and many lead on
/// elsewhere only after they have done it: nobody can tell.
#[must_use]
pub fn fault_of(status: u16, retry_after_s: Option<u32>) -> Fault {
    match status {
        401 | 403 => Fault::Denied,
        404 | 410 => Fault::Gone,
        409 => Fault::Conflict,
        425 | 429 => Fault::Busy { wait_s: retry_after_s },
        400..=407 | 411..=499 => Fault::Refused,
        // 408 too: many send it when whoever they asked was too slow.
        _ => Fault::Unknown,
    }
}

/// For how many seconds an answer asks to be left alone. A date counts from the answer's own date, so
/// that a wrong clock here does no harm.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<u32> {
    let said = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if said.bytes().all(|each| each.is_ascii_digit()) && !said.is_empty() {
        return Some(said.parse().unwrap_or(u32::MAX));
    }
    let until = DateTime::parse_from_rfc2822(said).ok()?;
    let now = DateTime::parse_from_rfc2822(headers.get(DATE)?.to_str().ok()?.trim()).ok()?;
    u32::try_from(until.signed_duration_since(now).num_seconds().max(0)).ok()
}

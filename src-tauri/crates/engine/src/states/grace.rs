//! Both values work until the time is over, every consumer uses the new one, and nothing uses the old one.

use keyturn_model::{
    Timestamp,
    rotation::{Change, JournalFault, Side, State, Trouble},
};

use super::hand_over::{Round, hand_over};
use crate::{
    here::{Here, Transition, entry},
    pauses::{LATER_LOOKS, LATER_S, RETRIES},
};

pub(super) async fn step(here: &Here<'_>, until: Timestamp) -> Result<Transition, JournalFault> {
    match hand_over(here, Side::New).await? {
        Round::Next(transition) => return Ok(*transition),
        Round::Failed(trouble) | Round::ByHand(trouble) => return Ok(here.ask(trouble)),
        Round::Settled => {}
        Round::Later(binding) => {
            if here.now >= until && here.run.attempt >= LATER_LOOKS {
                return Ok(here.ask(Trouble::NotTakenUp { binding }));
            }
            let late = u32::from(here.now >= until);
            let next = here.now.plus_seconds(LATER_S);
            let next = if here.now < until { next.min(until) } else { next };
            return Ok(here
                .wait_until(next, "for a consumer to run")
                .and(|run| run.attempt = run.attempt.saturating_add(late)));
        }
    }
    let Some(quiet_since) = here.run.quiet_since else {
        let now = here.now;
        let quiet = here.wait_until(until, "for the grace period to end");
        return Ok(quiet.and(|run| {
            run.quiet_since = Some(now);
            run.attempt = 0;
            if !run.abilities.last_used {
                // When it is over already there is nothing more to wait for.
                run.not_before = until.max(now);
            }
        }));
    };
    if here.now < until {
        return Ok(here.wait_until(until, "for the grace period to end"));
    }
    if !here.run.abilities.making.overlaps() {
        return Ok(here.go(State::Confirm, "rotation.taken_up"));
    }
    let state = if here.run.abilities.deactivate { State::Deactivate } else { State::Revoke };
    let next = here.go(state, "rotation.revoking");
    if !here.run.abilities.last_used || here.run.go_ahead {
        return Ok(next);
    }
    Ok(match here.heard(here.issuer.last_used(&here.run.old_key).await) {
        Ok(Some(used)) => {
            let next = if used > quiet_since { still_used(here) } else { next };
            next.with(Change::Used(used))
        }
        Ok(None) => next,
        Err(fault) => here.again_or_ask(&fault),
    })
}

/// The grace period begins anew; after some times a person has to find who it is.
fn still_used(here: &Here<'_>) -> Transition {
    let asking = here.run.attempt >= RETRIES;
    let (now, attempt) = (here.now, here.run.attempt.saturating_add(1));
    let until = now.plus_seconds(here.run.grace_s.max(LATER_S));
    let mut next = if asking { here.ask(Trouble::StillUsed) } else { here.wait_until(until, "") };
    if !asking {
        next.run.state = State::Grace { until };
        next.run.attempt = attempt;
        next.entry = entry("rotation.old_value_still_used", "");
    }
    next.and(|run| run.quiet_since = Some(now))
}

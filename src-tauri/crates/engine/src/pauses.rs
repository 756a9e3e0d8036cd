//! How long to wait before something is tried again, and what is left of it when the clock was turned back.

use keyturn_model::{
    Entropy, Timestamp,
    rotation::{Fault, Run, State},
};

/// So often a step is tried again after it failed.
pub(crate) const RETRIES: u32 = 3;
/// So often it is looked whether every consumer is well before the old value goes.
pub(crate) const LOOKS: u32 = 6;
/// So often it is asked again, once an hour, when the time of that is not ours to decide.
pub(crate) const LATER_LOOKS: u32 = 24;
/// The pause between two of those.
pub(crate) const LATER_S: i64 = 60 * 60;
/// The pause between two looks at something that spreads.
pub(crate) const SPREADING_S: i64 = 60;
/// For so long at least a revoked value may still be accepted before that is a failure.
pub(crate) const LONGEST_SPREADING_S: i64 = 15 * 60;

const FIRST_S: i64 = 2;
const GROWS: i64 = 4;
const LONGEST_S: i64 = 5 * 60;
const LONGEST_ASKED_S: u32 = 24 * 60 * 60;
/// By so much clocks are set right every day.
const SET_RIGHT_S: i64 = 60;

/// The seconds before the try after `attempts` that failed: growing, never the same for two runs, and
/// never less than the other side asked for.
pub(crate) fn pause(attempts: u32, fault: Option<&Fault>, entropy: &dyn Entropy) -> i64 {
    let steady = FIRST_S.saturating_mul(GROWS.saturating_pow(attempts)).min(LONGEST_S);
    let mut random = [0];
    entropy.fill(&mut random);
    let [random] = random;
    let own = steady.saturating_add(steady.saturating_mul(i64::from(random)) / 512);
    match fault {
        Some(Fault::Busy { wait_s: Some(asked) }) => {
            own.max(i64::from(*asked.min(&LONGEST_ASKED_S)))
        }
        _ => own,
    }
}

/// The run with its moments set anew, if the clock was turned back since they were kept. What happened then has
/// happened by now, what is tried again is tried now, and the grace period begins anew: so it does not end
/// early, and nothing is waited for longer than it was meant to be.
pub(crate) fn turned_back(run: &Run, now: Timestamp) -> Option<Run> {
    let longest = now.plus_seconds(run.grace_s.max(LONGEST_ASKED_S.into()));
    let until = match run.state {
        State::Grace { until } => until.max(run.not_before),
        State::Done | State::Aborted | State::Revoked | State::NeedsAttention { .. } => {
            return None;
        }
        _ => run.not_before,
    };
    if run.moved <= now.plus_seconds(SET_RIGHT_S) && until <= longest {
        return None;
    }
    let mut turned = run.clone();
    if let State::Grace { until } = &mut turned.state {
        *until = now.plus_seconds(run.grace_s).min(*until);
    }
    turned.not_before = now;
    turned.moved = run.moved.min(now);
    turned.doubt = run.doubt.map(|since| since.min(now));
    turned.quiet_since = run.quiet_since.map(|since| since.min(now));
    for mark in &mut turned.marks {
        mark.given = mark.given.min(now);
    }
    Some(turned)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u8);
    impl Entropy for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn pauses_grow_with_jitter_and_keep_to_what_was_asked() {
        let pauses = |random| [0, 1, 2, 9].map(|tries| pause(tries, None, &Fixed(random)));
        assert_eq!(pauses(0), [2, 8, 32, 300]);
        assert_eq!(pauses(255), [2, 11, 47, 449]);
        let asked = |wait_s| pause(0, Some(&Fault::Busy { wait_s }), &Fixed(0));
        assert_eq!([asked(Some(90)), asked(Some(1)), asked(None)], [90, 2, 2]);
        assert_eq!(asked(Some(u32::MAX)), 24 * 60 * 60);
    }
}

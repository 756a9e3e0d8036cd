//! Consumers get one of the two values: the new one going forward, the old one going back.
//!
//! What is about to be delivered is kept first, then several are done at once, then what came of each is
//! kept. A delivery that nobody heard of is read back before it is done again, where that can be.

use futures_util::future::join_all;
use keyturn_model::{
    BindingId,
    rotation::{
        Binding, Consumer, Fault, Health, JournalFault, Place, Reload, Side, State, Trouble, Value,
        Why,
    },
};

use crate::{
    here::{Here, Transition},
    pauses::{LOOKS, RETRIES, pause},
};

/// What came of one round.
pub(super) enum Round {
    /// To be kept, and there is more to do.
    Next(Box<Transition>),
    /// All of them use the value, and are well.
    Settled,
    /// All but those whose time is not ours to decide.
    Later(BindingId),
    /// One cannot get the value.
    Failed(Trouble),
    /// A person has to bring it to one.
    ByHand(Trouble),
}

/// One binding after something was tried, and what went wrong.
type Tried = (Binding, Option<Setback>);

/// What went wrong, how long it asked to be left alone, and how long at most it is.
struct Setback {
    why: Why,
    wait_s: u32,
    most_s: u32,
}

impl Setback {
    fn of(why: Why) -> Self {
        Self { why, wait_s: 0, most_s: u32::MAX }
    }
}

pub(super) async fn hand_over(here: &Here<'_>, side: Side) -> Result<Round, JournalFault> {
    let bindings = &here.run.bindings;
    if let Some(failed) = bindings.iter().find(|each| each.place == Place::Failed(side)) {
        let known = here.run.trouble.filter(|it| matches!(it, Trouble::Consumer { .. }));
        let unknown = Trouble::Consumer { binding: failed.id, why: Why::Unknown };
        return Ok(Round::Failed(known.unwrap_or(unknown)));
    }
    if let Some(trouble @ Trouble::Consumer { binding, why: Why::ByHand }) = here.run.trouble
        && bindings.iter().any(|each| each.id == binding && each.place == Place::Sending(side))
    {
        return Ok(Round::ByHand(trouble));
    }
    let is = |place: Place| bindings.iter().any(|each| each.place == place);
    if is(Place::Sending(side)) {
        return send_all(here, side).await;
    }
    if bindings.iter().any(|each| waits(here, each, side)) {
        return Ok(intend(here, side));
    }
    if is(Place::Sent(side)) || is(Place::Looking) {
        return look_at_all(here, side).await;
    }
    Ok(Round::Settled)
}

/// Whether a consumer should have the value and nothing was done about it. While nobody was touched there is
/// nothing to go back from.
fn waits(here: &Here<'_>, binding: &Binding, side: Side) -> bool {
    let touched = |it: &Binding| it.place != Place::Untouched;
    match binding.place {
        Place::Untouched => side == Side::New || here.run.bindings.iter().any(touched),
        Place::Looking | Place::Unproven => side == Side::New,
        Place::Sending(there)
        | Place::Sent(there)
        | Place::Confirmed(there)
        | Place::Failed(there) => there != side,
    }
}

/// Whether nothing of ours lies at a consumer without doubt: going back it is looked at, and given nothing.
fn is_as_before(binding: &Binding) -> bool {
    match binding.place {
        Place::Untouched => true,
        Place::Failed(Side::New) => !binding.doubt,
        _ => false,
    }
}

/// Keeps which ones are next.
fn intend(here: &Here<'_>, side: Side) -> Round {
    let most = usize::try_from(here.run.at_once.max(1)).unwrap_or(1);
    let state = here.run.state.clone();
    let next = here.go(state, "rotation.delivering").and(|run| {
        for binding in run.bindings.iter_mut().filter(|each| waits(here, each, side)).take(most) {
            let as_before = is_as_before(binding);
            binding.doubt = !as_before;
            binding.place = match side {
                Side::Old if as_before => Place::Looking,
                _ => Place::Sending(side),
            };
            binding.attempts = 0;
            binding.said = false;
        }
    });
    Round::Next(Box::new(same_since(here, next)))
}

async fn send_all(here: &Here<'_>, side: Side) -> Result<Round, JournalFault> {
    let (old, new) = (here.value(Side::Old).await?, here.value(Side::New).await?);
    let (value, instead_of) = match side {
        Side::Old => (&old, &new),
        Side::New => (&new, &old),
    };
    let sent = here.run.bindings.iter().map(async |binding| {
        if binding.place != Place::Sending(side) {
            return (binding.clone(), None);
        }
        match send(here, binding, value, instead_of).await {
            Ok(()) => (settled(binding, Place::Sent(side)), None),
            Err(fault) => not_sent(binding, side, fault),
        }
    });
    Ok(Round::Next(Box::new(kept(here, join_all(sent).await, "rotation.sent"))))
}

/// Delivers and reloads.
async fn send(
    here: &Here<'_>,
    binding: &Binding,
    value: &Value,
    instead_of: &Value,
) -> Result<(), Option<Fault>> {
    let consumer = here.around.outside.consumer(binding.id).ok_or(None)?;
    let there = binding.doubt && binding.read_back && consumer.holds(value).await.map_err(Some)?;
    if !there {
        consumer.deliver(value, instead_of).await.map_err(Some)?;
    }
    if matches!(binding.reload, Reload::Live | Reload::Restart) {
        // It lies there from here on, whatever becomes of the reload.
        consumer.reload().await.map_err(|_| Some(Fault::Unknown))?;
    }
    Ok(())
}

fn not_sent(binding: &Binding, side: Side, fault: Option<Fault>) -> Tried {
    let mut tried = binding.clone();
    let why = fault.as_ref().map_or(Why::NotSetUp, Fault::why);
    if why == Why::ByHand {
        return (tried, Some(Setback::of(why)));
    }
    let nothing_done =
        matches!(why, Why::Refused | Why::Forbidden | Why::Denied | Why::Conflict | Why::Gone);
    tried.attempts = tried.attempts.saturating_add(1);
    if nothing_done && !binding.doubt && side == Side::New {
        tried.place = Place::Failed(side);
    } else if !fault.as_ref().is_some_and(Fault::may_pass) || tried.attempts > RETRIES {
        tried.place = Place::Failed(side);
        tried.doubt = true;
    } else {
        tried.doubt |= fault.as_ref().is_some_and(Fault::may_be_done);
    }
    let wait_s = match fault {
        Some(Fault::Busy { wait_s }) => wait_s.unwrap_or(0),
        _ => 0,
    };
    (tried, Some(Setback { wait_s, ..Setback::of(why) }))
}

/// How a consumer is, and whether a person's word was needed for it. Where nothing but a person can tell,
/// their word counts, as long as the value lies there.
async fn health(
    binding: &Binding,
    consumer: &dyn Consumer,
    value: &Value,
) -> Result<(Health, bool), Fault> {
    let health = consumer.check(value).await?;
    if health != Health::NotYet || !binding.said {
        return Ok((health, false));
    }
    let there = !binding.read_back || consumer.holds(value).await?;
    Ok((if there { Health::Well } else { Health::NotYet }, true))
}

/// Asks those that got it whether they use it, and going back those that have it still.
async fn look_at_all(here: &Here<'_>, side: Side) -> Result<Round, JournalFault> {
    let value = here.value(side).await?;
    let looks = here.run.bindings.iter().map(async |binding| {
        let untouched = binding.place == Place::Looking;
        if binding.place != Place::Sent(side) && !untouched {
            return (binding.clone(), None);
        }
        let health = match here.around.outside.consumer(binding.id) {
            Some(consumer) => health(binding, &*consumer, &value).await.map_err(|it| it.why()),
            None => Err(Why::NotSetUp),
        };
        match health {
            Ok((Health::Well, by_word)) => {
                // Where a check can tell, no word counts against it later.
                let settled = settled(binding, Place::Confirmed(side));
                (Binding { said: by_word, ..settled }, None)
            }
            // Going forward it has to be enough that the delivery was taken.
            Ok((Health::CannotTell, _)) if side == Side::New => {
                (settled(binding, Place::Confirmed(side)), None)
            }
            Ok((Health::CannotTell, _)) => (settled(binding, Place::Unproven), None),
            // There is nothing that it would take up.
            Ok((Health::NotYet, _)) if untouched && binding.reload.is_later() => {
                (settled(binding, Place::Unproven), None)
            }
            Ok((Health::NotYet, _)) if binding.reload.is_later() => (binding.clone(), None),
            Ok((Health::NotYet | Health::Ill, _)) => not_well(binding, side, Why::Refused),
            Err(why) => not_well(binding, side, why),
        }
    });
    let tried = join_all(looks).await;
    if tried.iter().map(|(binding, _)| binding).eq(&here.run.bindings) {
        let later = here.run.bindings.iter().find(|each| each.place == Place::Sent(side));
        return Ok(later.map_or(Round::Settled, |each| Round::Later(each.id)));
    }
    Ok(Round::Next(Box::new(kept(here, tried, "rotation.checked"))))
}

fn not_well(binding: &Binding, side: Side, why: Why) -> Tried {
    let mut tried = binding.clone();
    tried.attempts = tried.attempts.saturating_add(1);
    if tried.attempts > tried.looks.retries {
        if tried.place == Place::Looking {
            // The new value can go all the same: it never came here.
            tried.place = Place::Unproven;
        } else {
            tried.place = Place::Failed(side);
            tried.doubt = true;
        }
    }
    let most_s = tried.looks.interval_s;
    (tried, Some(Setback { most_s, ..Setback::of(why) }))
}

fn settled(binding: &Binding, place: Place) -> Binding {
    Binding { place, attempts: 0, doubt: false, ..binding.clone() }
}

fn kept(here: &Here<'_>, tried: Vec<Tried>, action: &'static str) -> Transition {
    let setbacks = || tried.iter().filter_map(|(it, setback)| Some((it, setback.as_ref()?)));
    let failed = setbacks().filter(|(_, setback)| setback.why != Why::ByHand);
    let attempts = failed.map(|(it, _)| it.attempts).max();
    let wait_s = setbacks().map(|(_, setback)| setback.wait_s).max();
    let most_s = setbacks().map(|(_, setback)| setback.most_s).max().unwrap_or(u32::MAX);
    let trouble = setbacks()
        .filter(|(it, _)| !matches!(it.place, Place::Looking | Place::Unproven))
        .max_by_key(|(it, _)| matches!(it.place, Place::Failed(_)))
        .map(|(it, setback)| Trouble::Consumer { binding: it.id, why: setback.why });
    let next = here.go(here.run.state.clone(), action).and(|run| {
        run.bindings = tried.into_iter().map(|(binding, _)| binding).collect();
        run.trouble = trouble.or(run.trouble);
        if let Some(attempts) = attempts {
            let busy = Fault::Busy { wait_s };
            let tries = attempts.saturating_sub(1);
            let seconds = pause(tries, Some(&busy), &*here.around.entropy);
            run.not_before = here.now.plus_seconds(seconds.min(most_s.into()));
        }
    });
    same_since(here, next)
}

/// It is the same state as before: since when, and how often, stays.
fn same_since(here: &Here<'_>, next: Transition) -> Transition {
    let same = matches!(here.run.state, State::Deliver | State::Restore | State::Grace { .. });
    next.and(|run| {
        if same {
            run.moved = here.run.moved;
            run.attempt = here.run.attempt;
        }
    })
}

/// Why the other value must not go yet: a consumer that was seen to be well with this one is not any more. It is
/// looked at several times before a person is asked.
pub(crate) async fn not_all_well(
    here: &Here<'_>,
    side: Side,
) -> Result<Option<Transition>, JournalFault> {
    let Err(trouble) = all_well(here, side).await? else { return Ok(None) };
    if here.run.attempt >= LOOKS {
        return Ok(Some(here.ask(trouble)));
    }
    let seconds = pause(here.run.attempt, None, &*here.around.entropy);
    let later = here.wait_until(here.now.plus_seconds(seconds), "for a consumer to be well");
    Ok(Some(later.and(|run| run.attempt = run.attempt.saturating_add(1))))
}

async fn all_well(here: &Here<'_>, side: Side) -> Result<Result<(), Trouble>, JournalFault> {
    let value = here.value(side).await?;
    let most = usize::try_from(here.run.at_once.max(1)).unwrap_or(1);
    let seen_well = |each: &&Binding| each.place == Place::Confirmed(side);
    let bindings: Vec<&Binding> = here.run.bindings.iter().filter(seen_well).collect();
    for some in bindings.chunks(most) {
        let looks = some.iter().map(async |binding| {
            let Some(consumer) = here.around.outside.consumer(binding.id) else {
                return Err(Trouble::Consumer { binding: binding.id, why: Why::NotSetUp });
            };
            match health(binding, &*consumer, &value).await {
                Ok((Health::Well | Health::CannotTell, _)) => Ok(()),
                Ok((Health::NotYet, _)) => Err(Trouble::NotTakenUp { binding: binding.id }),
                Ok((Health::Ill, _)) => {
                    Err(Trouble::Consumer { binding: binding.id, why: Why::Refused })
                }
                Err(fault) => Err(Trouble::Consumer { binding: binding.id, why: fault.why() }),
            }
        });
        if let Some(trouble) = join_all(looks).await.into_iter().find_map(Result::err) {
            return Ok(Err(trouble));
        }
    }
    Ok(Ok(()))
}

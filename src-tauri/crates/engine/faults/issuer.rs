//! An issuer of every kind, with every fault, and a ledger of what is true.

use keyturn_model::{
    Entropy, Timestamp,
    rotation::{Abilities, Answer, Fault, Held, Issuer, Listed, Making, Minted, Standing, State},
};
use secrecy::SecretSlice;

use crate::{
    consumer::with_fault,
    invariants,
    store::{text, value},
    world::{Inner, World},
};

const OFTEN: u64 = 100;

pub(crate) struct Issuing(pub(crate) World);

impl Issuing {
    async fn call<T>(
        &self,
        what: &str,
        work: impl FnOnce(&mut Inner) -> Result<T, Fault> + Send,
    ) -> Result<T, Fault> {
        let gate = self.0.enter(what, OFTEN).await;
        let answer = with_fault(&mut self.0.inner(), &gate, work);
        self.0.leave(&gate).await;
        answer
    }
}

/// When a change made now is seen everywhere.
fn shows(inner: &mut Inner) -> i64 {
    let most = u64::from(inner.schedule.abilities.propagation_s) * 1000;
    inner.now + i64::try_from(inner.dice.below(most + 1)).unwrap_or(0)
}

impl Issuer for Issuing {
    fn abilities(&self) -> Abilities {
        self.0.inner().schedule.abilities
    }

    fn propose(&self, entropy: &dyn Entropy) -> Held {
        let mut random = [0; 8];
        entropy.fill(&mut random);
        let text = format!("chosen {:016x}", u64::from_le_bytes(random));
        Held { key: format!("name of {text}"), value: value(&text) }
    }

    fn standing(&self) -> Answer<'_, Result<Standing, Fault>> {
        Box::pin(self.call("standing", |inner| {
            let keys = u32::try_from(inner.ledger.live().count()).ok();
            Ok(Standing { allowed: Some(true), keys })
        }))
    }

    fn list(&self) -> Answer<'_, Result<Vec<Listed>, Fault>> {
        Box::pin(self.call("list", |inner| {
            let marks = inner.schedule.abilities.marks;
            let listed = inner.ledger.listed(inner.now).map(|key| Listed {
                key: key.key.clone(),
                mark: key.mark.clone().filter(|_| marks),
                active: key.active,
            });
            Ok(listed.collect())
        }))
    }

    fn accepts<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<bool, Fault>> {
        Box::pin(
            self.call("accepts", |inner| Ok(inner.ledger.accepts(&text(&held.value), inner.now))),
        )
    }

    fn last_used<'a>(&'a self, key: &'a str) -> Answer<'a, Result<Option<Timestamp>, Fault>> {
        Box::pin(self.call("last used", |inner| {
            let _ = key;
            let used = inner.now.min(inner.schedule.used_until_s * 1000);
            Ok((used > 0).then_some(Timestamp(used)))
        }))
    }

    fn put<'a>(&'a self, mark: &'a str, held: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(self.call("put", move |inner| {
            let chosen = text(&held.value);
            invariants::put_was_intended(inner, &chosen);
            inner.effects += 1;
            let at = inner.ledger.live_value(&chosen);
            let shows = shows(inner);
            match inner.schedule.abilities.making {
                Making::Replaced if at.is_some() => {}
                Making::Replaced => {
                    for other in 0..inner.ledger.keys.len() {
                        if inner.ledger.keys[other].ours {
                            inner.ledger.kill(other, shows);
                        }
                    }
                    let mark = Some(mark.to_owned());
                    inner.ledger.make(chosen, held.key.clone(), mark, true, shows);
                }
                // As MySQL does with RETAIN: once more, and the one before is lost.
                _ if at.is_some() => {
                    for other in 0..inner.ledger.keys.len() {
                        if inner.ledger.keys[other].ours && Some(other) != at {
                            inner.ledger.kill(other, shows);
                        }
                    }
                    if !inner.store.open().is_some_and(|run| run.order.revokes_first()) {
                        inner.violated(2, "the same value was added twice");
                    }
                }
                _ => {
                    let mark = Some(mark.to_owned());
                    inner.ledger.make(chosen, held.key.clone(), mark, true, shows);
                }
            }
            invariants::one_that_works_is_kept(inner);
            Ok(())
        }))
    }

    fn mint<'a>(&'a self, mark: &'a str) -> Answer<'a, Result<Minted, Fault>> {
        Box::pin(async move {
            let gate = self.0.enter("mint", OFTEN).await;
            let answer = {
                let mut inner = self.0.inner();
                // Garbage with a good status: it was made, and nobody can read what.
                let garbage = gate.fault && inner.dice.percent(15);
                if garbage {
                    minted(&mut inner, mark)
                        .and(Err(Fault::Unreadable(SecretSlice::from(b"<html>".to_vec()))))
                } else {
                    with_fault(&mut inner, &gate, |inner| minted(inner, mark))
                }
            };
            self.0.leave(&gate).await;
            self.0.inner().received = answer.as_ref().ok().map(|held| text(&held.value));
            answer
        })
    }

    fn deactivate<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(self.call("deactivate", |inner| {
            invariants::revocation_was_intended(inner, &held.key, true);
            inner.effects += 1;
            let at = inner.ledger.live_named(&held.key).ok_or(Fault::Gone)?;
            let shows = shows(inner);
            inner.ledger.switch_off(at, shows);
            inner.switched_off.get_or_insert(inner.now);
            invariants::one_that_works_is_kept(inner);
            Ok(())
        }))
    }

    fn delete<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(self.call("delete", |inner| {
            invariants::revocation_was_intended(inner, &held.key, false);
            inner.effects += 1;
            let at = inner.ledger.live_named(&held.key).ok_or(Fault::Gone)?;
            let shows = shows(inner);
            inner.ledger.kill(at, shows);
            invariants::one_that_works_is_kept(inner);
            Ok(())
        }))
    }
}

fn minted(inner: &mut Inner, mark: &str) -> Result<Minted, Fault> {
    inner.looked(7);
    let run = inner.store.open().cloned();
    let intended = run.as_ref().is_some_and(|run| {
        run.state == State::Create && run.mark().is_some_and(|given| given.text == mark)
    });
    if !intended {
        inner.violated(7, "a key is made that nobody intended");
    }
    let abilities = inner.schedule.abilities;
    let given = run.and_then(|run| run.mark().map(|mark| mark.given.0)).unwrap_or_default();
    let repeats = inner.now < given + i64::from(abilities.same_answer_s) * 1000;
    let same = inner.ledger.live().find(|key| key.mark.as_deref() == Some(mark));
    if let Some(same) = same.filter(|_| repeats) {
        return Ok(Held { key: same.key.clone(), value: value(&same.value) });
    }
    let live = u32::try_from(inner.ledger.live().count()).unwrap_or(0);
    if abilities.most_live.is_some_and(|most| live >= most) {
        return Err(Fault::Refused);
    }
    inner.effects += 1;
    let shows = shows(inner);
    if abilities.making == Making::Regenerated {
        let urgent = inner.store.open().is_some_and(|run| run.order.is_urgent());
        if !inner.schedule.consent && !urgent {
            inner.violated(2, "the old value was killed without consent");
        }
        for other in 0..inner.ledger.keys.len() {
            if inner.ledger.keys[other].ours {
                inner.ledger.kill(other, shows);
            }
        }
    }
    let number = inner.ledger.number();
    let (key, text) = (format!("AK{number}"), format!("minted {number}"));
    inner.ledger.make(text.clone(), key.clone(), Some(mark.to_owned()), true, shows);
    invariants::one_that_works_is_kept(inner);
    Ok(Held { key, value: value(&text) })
}

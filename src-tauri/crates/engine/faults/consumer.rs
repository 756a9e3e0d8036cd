//! Applications that use the credential. What they really run with is what the invariants look at.

use keyturn_model::{
    rotation::{Answer, Consumer, Fault, Health, Place, Reload, Side, Uptake, Value},
    setup::Looks,
};

use crate::{
    store::text,
    world::{Gate, Inner, World},
};

/// What is true at one consumer.
#[derive(Debug, Clone)]
pub(crate) struct Consumed {
    pub(crate) reload: Reload,
    pub(crate) read_back: bool,
    /// What lies there.
    pub(crate) there: String,
    /// What it runs with.
    pub(crate) runs_with: String,
    /// How often what lies there was changed by us.
    pub(crate) changed: u64,
    pub(crate) runs_at: i64,
    /// Whatever it runs with, it is not well.
    pub(crate) ill: bool,
}

impl Consumed {
    /// Those that take a value up when their time comes.
    pub(crate) fn time_goes_on(&mut self, now: i64) {
        if self.reload.is_later() && now >= self.runs_at {
            self.runs_with.clone_from(&self.there);
            self.runs_at = now + 5 * 3_600_000;
        }
    }
}

pub(crate) struct Application {
    pub(crate) world: World,
    pub(crate) number: u8,
}

const OFTEN: u64 = 50;

impl Application {
    async fn call<T>(
        &self,
        what: &str,
        work: impl FnOnce(&mut Inner) -> Result<T, Fault> + Send,
    ) -> Result<T, Fault> {
        let gate = self.world.enter(&format!("consumer {} {what}", self.number), OFTEN).await;
        let answer = with_fault(&mut self.world.inner(), &gate, work);
        self.world.leave(&gate).await;
        answer
    }

    fn it<'a>(&self, inner: &'a mut Inner) -> Result<&'a mut Consumed, Fault> {
        inner.consumers.get_mut(&self.number).ok_or(Fault::Gone)
    }

    /// Every change of a consumer has been written down before it is made.
    fn intended(&self, inner: &mut Inner, value: Option<&str>) {
        inner.looked(7);
        inner.effects += 1;
        let Some(run) = inner.store.open() else {
            return inner.violated(7, "a consumer is changed without a run");
        };
        let number = self.number;
        let place = run.bindings.iter().find(|it| it.id.bytes()[0] == number).map(|it| it.place);
        let Some(Place::Sending(side)) = place else {
            return inner.violated(7, format!("consumer {number} is changed at {place:?}"));
        };
        let Some(value) = value else { return };
        let new = inner.store.versions.iter().rev().find(|it| it.run == Some(run.id));
        let is_new = new.is_some_and(|it| it.value == value);
        if is_new != (side == Side::New) {
            inner.violated(7, format!("consumer {number} gets {value} at {side:?}"));
        }
    }
}

/// Done, not done, or nobody knows.
pub(crate) fn with_fault<T>(
    inner: &mut Inner,
    gate: &Gate,
    work: impl FnOnce(&mut Inner) -> Result<T, Fault>,
) -> Result<T, Fault> {
    if !gate.fault {
        return work(inner);
    }
    match inner.dice.below(12) {
        0 => Err(Fault::Refused),
        1 | 2 => Err(Fault::Denied),
        3 => Err(Fault::Conflict),
        4 => Err(Fault::Busy { wait_s: None }),
        5 => Err(Fault::Busy { wait_s: Some(120) }),
        // An error inside, or no answer, or a redirect: nothing was done.
        6..=8 => Err(Fault::Unknown),
        // The same, and it was done.
        _ => {
            work(inner)?;
            Err(Fault::Unknown)
        }
    }
}

impl Consumer for Application {
    fn uptake(&self) -> Uptake {
        let inner = self.world.inner();
        let it = inner.consumers.get(&self.number);
        Uptake {
            reload: it.map_or(Reload::Live, |it| it.reload),
            read_back: it.is_some_and(|it| it.read_back),
            tells: true,
            looks: Looks::default(),
            takes_s: 5,
            away_s: 1,
        }
    }

    fn ready(&self) -> Answer<'_, Result<(), Fault>> {
        Box::pin(self.call("ready", |inner| self.it(inner).map(drop)))
    }

    fn holds<'a>(&'a self, value: &'a Value) -> Answer<'a, Result<bool, Fault>> {
        Box::pin(self.call("holds", |inner| Ok(self.it(inner)?.there == text(value))))
    }

    fn vacant(&self) -> Answer<'_, Result<bool, Fault>> {
        Box::pin(self.call("vacant", |inner| Ok(self.it(inner)?.there.is_empty())))
    }

    fn deliver<'a>(
        &'a self,
        value: &'a Value,
        instead_of: &'a Value,
    ) -> Answer<'a, Result<(), Fault>> {
        Box::pin(self.call("deliver", |inner| {
            let (value, before) = (text(value), text(instead_of));
            self.intended(inner, Some(&value));
            let it = self.it(inner)?;
            if it.there != value {
                if it.read_back && !it.there.is_empty() && it.there != before {
                    return Err(Fault::Conflict);
                }
                it.there = value;
                it.changed += 1;
            }
            Ok(())
        }))
    }

    fn reload(&self) -> Answer<'_, Result<(), Fault>> {
        Box::pin(self.call("reload", |inner| {
            self.intended(inner, None);
            let it = self.it(inner)?;
            it.runs_with.clone_from(&it.there);
            Ok(())
        }))
    }

    fn check<'a>(&'a self, value: &'a Value) -> Answer<'a, Result<Health, Fault>> {
        Box::pin(self.call("check", |inner| {
            let value = text(value);
            let it = self.it(inner)?.clone();
            if it.ill {
                return Ok(Health::Ill);
            }
            if it.runs_with != value {
                return Ok(Health::NotYet);
            }
            let accepted = inner.ledger.accepts(&value, inner.now);
            Ok(if accepted { Health::Well } else { Health::Ill })
        }))
    }
}

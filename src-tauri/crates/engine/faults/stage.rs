//! What a play begins with: a world by its schedule, an engine in it, and what the engine is asked for.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use keyturn_engine::{Around, Asked, BindingAsked, Driven};
use keyturn_model::{
    AccountId, BindingId, CredentialId, Timestamp,
    rotation::{Answer, Consumer, Issuer, Outside, Run, Uptake},
    setup::Looks,
};

use crate::{
    consumer::{Application, Consumed},
    dice::{Dice, Random},
    issuer::Issuing,
    ledger::Ledger,
    schedule::Schedule,
    store::{Staged, Store, Version},
    world::{Counts, Inner, World},
};

impl Outside for World {
    fn issuer(&self, _: &Run) -> Option<Arc<dyn Issuer>> {
        Some(Arc::new(Issuing(self.clone())))
    }

    fn consumer(&self, binding: BindingId) -> Option<Arc<dyn Consumer>> {
        let [number, ..] = *binding.bytes();
        Some(Arc::new(Application { world: self.clone(), number }))
    }

    fn until(&self, _: Timestamp) -> Answer<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// Polls until it is ready; nothing when the process was killed meanwhile.
pub(crate) fn block<T>(world: &World, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..1_000_000 {
        if let Poll::Ready(value) = work.as_mut().poll(&mut context) {
            return Some(value);
        }
        if world.inner().dead {
            return None;
        }
    }
    world.violated(8, "the engine waits for nothing");
    None
}

pub(crate) fn world_of(schedule: &Schedule, tracing: bool) -> World {
    let mut ledger = Ledger::default();
    ledger.make("old value".into(), "AK0".into(), None, true, 0);
    for _ in 0..schedule.foreign {
        ledger.foreign(None, 0);
    }
    let consumed = |(reload, read_back): &(_, bool)| Consumed {
        reload: *reload,
        read_back: *read_back,
        there: "old value".into(),
        runs_with: "old value".into(),
        changed: 0,
        runs_at: 0,
        ill: false,
    };
    let current =
        Version { value: "old value".into(), key: "AK0".into(), stage: Staged::Current, run: None };
    World(Arc::new(Mutex::new(Inner {
        dice: Dice::new(schedule.seed ^ 0xd1ce),
        now: 1_000_000,
        calls: 0,
        dead: false,
        quiet: false,
        faults_left: schedule.most_faults,
        locked_until_call: 0,
        ledger,
        consumers: (0u8..).zip(schedule.reloads.iter().map(consumed)).collect(),
        store: Store { versions: vec![current], ..Store::default() },
        counts: Counts::default(),
        violations: Vec::new(),
        trace: Vec::new(),
        tracing,
        effects: 0,
        cutover: None,
        switched_off: None,
        received: None,
        put_back: None,
        meddled_at: 0,
        meddled: false,
        schedule: schedule.clone(),
    })))
}

pub(crate) fn engine(world: &World) -> Around {
    engine_beside(world, Driven::default())
}

/// One of several that drive in a process.
pub(crate) fn engine_beside(world: &World, driven: Driven) -> Around {
    let seed = world.inner().dice.next();
    Around::new(
        Arc::new(world.clone()),
        Arc::new(world.clone()),
        Arc::new(world.clone()),
        Arc::new(Random(Mutex::new(Dice::new(seed)))),
        driven,
    )
}

pub(crate) fn asked(schedule: &Schedule) -> Asked {
    let binding = |(number, (reload, read_back)): (u8, &(_, bool))| BindingAsked {
        id: BindingId::from_bytes([number; 16]),
        uptake: Uptake {
            reload: *reload,
            read_back: *read_back,
            tells: true,
            looks: Looks::default(),
            takes_s: 5,
            away_s: 1,
        },
        logs_in_with: Vec::new(),
    };
    Asked {
        credential: CredentialId::from_bytes([7; 16]),
        old_key: "AK0".into(),
        account: AccountId::from_bytes([8; 16]),
        logs_in_with: Some(CredentialId::from_bytes([9; 16])),
        abilities: schedule.abilities,
        bindings: (0u8..).zip(&schedule.reloads).map(binding).collect(),
        cuts_off: BTreeMap::new(),
        at_once: schedule.at_once,
        grace_s: schedule.grace_s,
        consent: schedule.consent,
        order: schedule.order,
    }
}

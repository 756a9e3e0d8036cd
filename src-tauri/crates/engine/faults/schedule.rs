//! What one play is like: issuer, consumers, kills, faults, people.

use keyturn_model::rotation::{Abilities, Making, Order, Reload, Wish};

use crate::{dice::Dice, world::WISHES};

const URGENT: [Order; 4] =
    [Order::RotateFirst, Order::RevokeFirst, Order::RevokeFirst, Order::RevokeOnly];

/// When in a call the process is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// Before anything is done.
    Before,
    /// After it is done and before anybody hears of it.
    After,
}

#[derive(Debug, Clone)]
pub(crate) struct Schedule {
    pub(crate) seed: u64,
    pub(crate) abilities: Abilities,
    pub(crate) reloads: Vec<(Reload, bool)>,
    pub(crate) at_once: u32,
    pub(crate) grace_s: i64,
    pub(crate) consent: bool,
    pub(crate) kills: Vec<(u64, When)>,
    pub(crate) fault_percent: u64,
    pub(crate) most_faults: u64,
    pub(crate) wishes: Vec<(u64, Wish)>,
    pub(crate) foreign: u64,
    pub(crate) foreign_at: Option<u64>,
    pub(crate) revoked_at: Option<u64>,
    /// A consumer is given the other value by somebody else.
    pub(crate) put_back_at: Option<u64>,
    pub(crate) used_until_s: i64,
    pub(crate) order: Order,
}

impl Schedule {
    pub(crate) fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let dice = &mut dice;
        let making = dice.one(&[
            Making::Added,
            Making::Replaced,
            Making::Minted,
            Making::Minted,
            Making::Regenerated,
        ]);
        let minted = making == Making::Minted;
        let foreign = dice.one(&[0, 0, 1, 2]);
        let room = u32::try_from(foreign).unwrap_or(0) + dice.one(&[1, 2, 2, 2, 2, 3, 3, 9]);
        let abilities = Abilities {
            making,
            verify: dice.percent(80),
            list: making.overlaps() && dice.percent(75),
            marks: dice.percent(70),
            last_used: making.overlaps() && dice.percent(40),
            deactivate: minted && dice.percent(40),
            lingers: minted && dice.percent(30),
            propagation_s: dice.one(&[0, 0, 10, 300]),
            most_live: making.overlaps().then_some(room),
            same_answer_s: if minted && dice.percent(25) { dice.one(&[60, 86_400]) } else { 0 },
        };
        let consumers = dice.below(5);
        let reload = |dice: &mut Dice| {
            dice.one(&[
                Reload::Live,
                Reload::Restart,
                Reload::Restart,
                Reload::NextRun,
                Reload::Manual,
            ])
        };
        let reloads = (0..consumers).map(|_| (reload(dice), dice.percent(75))).collect();
        let kills = (0..dice.one(&[0, 1, 1, 2, 2, 3, 5]))
            .map(|_| {
                (
                    1 + dice.one(&[20, 70, 70, 150]).min(150) * dice.below(1_000) / 1_000,
                    dice.one(&[When::Before, When::After]),
                )
            })
            .collect();
        let wishes = (0..dice.one(&[0, 0, 0, 1, 1, 2]))
            .map(|_| (1 + dice.below(60), dice.one(&WISHES)))
            .collect();
        let (foreign_at, revoked_at) = (dice.percent(15), dice.percent(3));
        let mut of = Self {
            seed,
            abilities,
            reloads,
            at_once: dice.one(&[1, 2, 4]),
            grace_s: dice.one(&[0, 3_600, 86_400, 172_800]),
            consent: making != Making::Regenerated || dice.percent(97),
            kills,
            fault_percent: dice.one(&[0, 0, 10, 25, 50, 90]),
            most_faults: dice.below(20),
            wishes,
            foreign,
            foreign_at: foreign_at.then(|| 1 + dice.below(40)),
            revoked_at: revoked_at.then(|| 1 + dice.below(60)),
            put_back_at: dice.percent(6).then(|| 20 + dice.below(60)),
            used_until_s: dice.one(&[0, 0, 0, 7_200, 400_000]),
            order: Order::Usual,
        };
        if dice.percent(25) {
            of.order = dice.one(&URGENT);
        } else if dice.percent(10) {
            let hasten = Wish::Hasten { order: dice.one(&URGENT) };
            of.wishes.push((1 + dice.below(60), hasten));
        }
        of
    }

    pub(crate) fn kill_at(&self, call: u64) -> Option<When> {
        self.kills.iter().find(|(at, _)| *at == call).map(|(_, when)| *when)
    }

    pub(crate) fn wish_at(&self, call: u64) -> Option<Wish> {
        self.wishes.iter().find(|(at, _)| *at == call).map(|(_, wish)| *wish)
    }
}

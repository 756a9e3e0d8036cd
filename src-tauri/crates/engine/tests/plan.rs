//! What a run will do, told before anything is asked of anybody.

use std::collections::BTreeMap;

use keyturn_engine::{Asked, BindingAsked, Cycle, PlanFault, Step, plan};
use keyturn_model::{
    AccountId, BindingId, CredentialId,
    rotation::{Abilities, Making, Order, Reload, Uptake},
    setup::Looks,
};

fn credential(number: u8) -> CredentialId {
    CredentialId::from_bytes([number; 16])
}

fn binding(number: u8, reload: Reload, takes_s: u32) -> BindingAsked {
    let away_s = if reload == Reload::Restart { takes_s / 2 } else { 0 };
    BindingAsked {
        id: BindingId::from_bytes([number; 16]),
        uptake: Uptake {
            reload,
            read_back: true,
            tells: true,
            looks: Looks::default(),
            takes_s,
            away_s,
        },
        logs_in_with: vec![credential(50)],
    }
}

fn asked(making: Making) -> Asked {
    Asked {
        credential: credential(1),
        old_key: "AK0".into(),
        account: AccountId::from_bytes([2; 16]),
        logs_in_with: Some(credential(9)),
        abilities: Abilities {
            making,
            verify: true,
            list: true,
            marks: true,
            last_used: true,
            deactivate: true,
            lingers: false,
            propagation_s: 10,
            most_live: Some(2),
            same_answer_s: 0,
        },
        bindings: vec![
            binding(1, Reload::Restart, 40),
            binding(2, Reload::Live, 5),
            binding(3, Reload::NextRun, 8),
        ],
        cuts_off: BTreeMap::new(),
        at_once: 2,
        grace_s: 86_400,
        consent: false,
        order: Order::Usual,
    }
}

#[test]
fn where_both_values_work_only_restarts_are_felt_and_revoking_is_the_point_of_no_return() {
    let ids = asked(Making::Minted).bindings.iter().map(|it| it.id).collect::<Vec<_>>();
    let plan = plan(&asked(Making::Minted)).expect("a plan");
    let deliveries = [Step::Deliver(ids[..2].to_vec()), Step::Deliver(ids[2..].to_vec())];
    let mut steps = vec![Step::Check, Step::Create, Step::Verify];
    steps.extend(deliveries);
    steps.extend([
        Step::Promote,
        Step::Grace(86_400),
        Step::Deactivate,
        Step::Revoke,
        Step::Confirm,
    ]);
    assert_eq!(plan.steps, steps);
    assert_eq!((plan.restarts, plan.waits_for), (vec![ids[0]], vec![ids[2]]));
    assert_eq!((plan.down_s, plan.no_way_back, plan.needs_consent), (20, Step::Deactivate, false));
}

#[test]
fn what_lingers_has_its_grace_period_after_it_was_switched_off() {
    let mut asked = asked(Making::Minted);
    asked.abilities.lingers = true;
    let plan = plan(&asked).expect("a plan");
    let last = [Step::Promote, Step::Deactivate, Step::Grace(86_400), Step::Revoke, Step::Confirm];
    assert!(plan.steps.ends_with(&last), "{:?}", plan.steps);
    assert_eq!(plan.no_way_back, Step::Deactivate);
}

#[test]
fn where_the_old_value_dies_first_everybody_waits_for_the_deliveries() {
    let replaced = plan(&asked(Making::Replaced)).expect("a plan");
    assert_eq!((replaced.down_s, replaced.no_way_back), (10 + 40 + 8, Step::Confirm));
    assert!(!replaced.needs_consent && !replaced.steps.contains(&Step::Revoke));
    let regenerated = plan(&asked(Making::Regenerated)).expect("a plan");
    assert_eq!((regenerated.no_way_back, regenerated.needs_consent), (Step::Create, true));
}

#[test]
fn a_run_that_cuts_off_a_login_that_it_needs_is_refused() {
    let own = Asked { logs_in_with: Some(credential(1)), ..asked(Making::Minted) };
    assert_eq!(plan(&own), Err(PlanFault::Cycle(Cycle(vec![credential(1)]))));
    // The login of a delivery was made with a token that was made with the credential.
    let cuts_off = BTreeMap::from([
        (credential(1), vec![credential(49)]),
        (credential(49), vec![credential(50)]),
    ]);
    let by_the_way = Asked { cuts_off, ..asked(Making::Minted) };
    let way = vec![credential(1), credential(49), credential(50)];
    assert_eq!(plan(&by_the_way), Err(PlanFault::Cycle(Cycle(way))));
}

#[test]
fn a_minted_key_that_could_not_be_revoked_is_refused() {
    let nameless = |making| plan(&Asked { old_key: String::new(), ..asked(making) });
    assert_eq!(nameless(Making::Minted), Err(PlanFault::OldKeyUnknown));
    assert!(nameless(Making::Added).is_ok());
}

#[test]
fn in_an_emergency_the_order_is_another_and_nobody_waits_for_another() {
    let ids = asked(Making::Minted).bindings.iter().map(|it| it.id).collect::<Vec<_>>();
    let planned = |making, order| plan(&Asked { order, ..asked(making) });
    let first = planned(Making::Minted, Order::RevokeFirst).expect("a plan");
    assert_eq!(
        first.steps,
        [
            Step::Create,
            Step::Deactivate,
            Step::Revoke,
            Step::Confirm,
            Step::Verify,
            Step::Deliver(ids.clone()),
            Step::Promote,
        ]
    );
    // From the revocation until the slowest has the new value.
    assert_eq!((first.down_s, first.needs_consent), (10 + 40, false));
    let last = planned(Making::Minted, Order::RotateFirst).expect("a plan");
    assert!(last.steps.ends_with(&[Step::Deactivate, Step::Revoke, Step::Confirm]));
    assert_eq!(last.down_s, 20);
    let only = planned(Making::Minted, Order::RevokeOnly).expect("a plan");
    assert_eq!(only.steps, [Step::Deactivate, Step::Revoke, Step::Confirm]);
    assert_eq!(planned(Making::Replaced, Order::RevokeOnly), Err(PlanFault::CannotRevoke));
    assert!(!planned(Making::Regenerated, Order::RevokeFirst).expect("a plan").needs_consent);
}

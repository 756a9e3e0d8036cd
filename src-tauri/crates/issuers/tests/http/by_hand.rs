//! What no program can do.

use keyturn_model::{
    rotation::{Fault, Making},
    setup::{IssuerSetup, SetupWhy},
};

use super::{held, rotation, set_up};

#[tokio::test]
async fn a_person_has_to_make_and_delete_values() {
    for (overlaps, making) in [(true, Making::Minted), (false, Making::Regenerated)] {
        let console = "https://console.example.com".to_owned();
        let setup = IssuerSetup::ByHand { console, steps: vec!["Open it".into()], overlaps };
        let issuer = set_up(&setup, &[], &rotation()).unwrap();
        assert_eq!(issuer.abilities().making, making);
        assert!(issuer.standing().await.unwrap().allowed);
        assert!(matches!(issuer.mint("mark").await, Err(Fault::ByHand)));
        assert!(matches!(issuer.delete(&held("a", "fixture")).await, Err(Fault::ByHand)));
        assert!(!Fault::ByHand.may_be_done() && !Fault::ByHand.may_pass());
    }
}

#[test]
fn a_console_is_an_address_and_steps_are_few() {
    let steps = vec!["step".to_owned(); 51];
    let setup = IssuerSetup::ByHand { console: "ftp://a".into(), steps, overlaps: true };
    let faults = set_up(&setup, &[], &rotation()).err().unwrap();
    let found: Vec<_> = faults.iter().map(|fault| (fault.field.as_str(), fault.why)).collect();
    assert_eq!(found, [("console", SetupWhy::Address), ("steps", SetupWhy::TooLong)]);
}

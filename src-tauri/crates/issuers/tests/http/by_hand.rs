//! What no program can do.

use keyturn_model::{
    rotation::{Fault, Making},
    setup::{IssuerSetup, SetupWhy, ValueCheck},
};

use super::{held, rotation, server::Server, set_up};

#[tokio::test]
async fn a_person_has_to_make_and_delete_values() {
    for (overlaps, making) in [(true, Making::Minted), (false, Making::Regenerated)] {
        let console = "https://console.example.com".to_owned();
        let steps = vec!["Open it".into()];
        let setup = IssuerSetup::ByHand { console, steps, overlaps, check: None };
        let issuer = set_up(&setup, &[], &rotation()).unwrap();
        assert_eq!(issuer.abilities().making, making);
        assert!(!issuer.abilities().verify, "nothing tries a value");
        assert_eq!(issuer.standing().await.unwrap().allowed, None, "nobody can be asked");
        assert!(matches!(issuer.mint("mark").await, Err(Fault::ByHand)));
        assert!(matches!(issuer.delete(&held("a", "fixture")).await, Err(Fault::ByHand)));
        assert!(!Fault::ByHand.may_be_done() && !Fault::ByHand.may_pass());
    }
}

#[test]
fn a_console_is_an_address_and_steps_are_few() {
    let steps = vec!["step".to_owned(); 51];
    let setup =
        IssuerSetup::ByHand { console: "ftp://a".into(), steps, overlaps: true, check: None };
    let faults = set_up(&setup, &[], &rotation()).err().unwrap();
    let found: Vec<_> = faults.iter().map(|fault| (fault.field.as_str(), fault.why)).collect();
    assert_eq!(found, [("console", SetupWhy::Address), ("steps", SetupWhy::TooLong)]);
}

fn checked_by(check: ValueCheck) -> IssuerSetup {
    let console = "https://console.example.com".to_owned();
    IssuerSetup::ByHand { console, steps: Vec::new(), overlaps: true, check: Some(check) }
}

fn check(address: &str) -> ValueCheck {
    ValueCheck {
        address: address.to_owned(),
        header: "Authorization".into(),
        says: "Bearer {value}".into(),
        status: 200,
        private: true,
    }
}

#[tokio::test]
async fn a_value_is_tried_at_the_address_that_tells_and_nothing_else_proves_it() {
    let server = Server::start().await;
    let setup = checked_by(check(&format!("{}/me", server.address)));
    let issuer = set_up(&setup, &[], &rotation()).unwrap();
    assert!(issuer.abilities().verify);
    for (status, found) in [(200, Some(true)), (401, Some(false)), (403, Some(false)), (204, None)]
        .into_iter()
        .chain([302, 404, 429, 500].map(|status| (status, None)))
    {
        server.will_answer(status, "{}");
        assert_eq!(issuer.accepts(&held("a", "fixture-new")).await.ok(), found, "{status}");
        let asked = server.asked_once();
        assert_eq!((asked.method.as_str(), asked.path.as_str()), ("GET", "/me"));
        assert_eq!(asked.header("authorization"), Some("Bearer fixture-new"));
    }
    drop(server);
    assert!(issuer.accepts(&held("a", "fixture-new")).await.is_err(), "nobody is there");
}

#[test]
fn what_is_wrong_with_a_check_is_told_field_by_field() {
    let bad = ValueCheck {
        address: "http://example.com/me".into(),
        header: "a b".into(),
        says: "Bearer {token}".into(),
        status: 404,
        private: false,
    };
    let faults = set_up(&checked_by(bad), &[], &rotation()).err().unwrap();
    let found: Vec<_> = faults.iter().map(|fault| (fault.field.as_str(), fault.why)).collect();
    let expected = [
        ("check.address", SetupWhy::Address),
        ("check.header", SetupWhy::Characters),
        ("check.says", SetupWhy::Place),
        ("check.status", SetupWhy::Number),
    ];
    assert_eq!(found, expected);
    assert!(set_up(&checked_by(check("https://api.example.com/me")), &[], &rotation()).is_ok());
}

//! A value by an address, a reload by one, and what an address or a port says about health.
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod world;

use keyturn_model::{
    rotation::{Fault, Health, Why},
    setup::{BindingSetup, HealthCheck, Reloading, Sending},
};
use tokio::net::TcpListener;
use world::{answer, by, server, setup, value};

fn http(address: &str, private: bool) -> BindingSetup {
    setup(Sending::Http {
        address: format!("{address}/in?x=1"),
        body: "{{\"value\":{value|json}}".into(),
        content_type: "application/json".into(),
        private,
    })
}

fn health(address: &str, pointer: &str) -> BindingSetup {
    let check = HealthCheck::Http {
        address: format!("{address}/health"),
        status: 200,
        pointer: pointer.into(),
        expected: "{value}".into(),
        private: true,
    };
    BindingSetup { check, ..http(address, true) }
}

/// An address of this computer where nobody listens.
async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[tokio::test]
async fn an_address_gets_the_value_in_its_body_and_nowhere_else() {
    let (address, mut asked) = server(vec![answer(204, "", "")]).await;
    let delivered = by(&http(&address, true)).deliver(&value("fix\"ture"), &value("old")).await;
    delivered.unwrap();
    let asked = asked.recv().await.unwrap();
    let (head, body) = asked.split_once("\r\n\r\n").unwrap();
    assert_eq!(body, "{\"value\":\"fix\\\"ture\"}");
    assert!(head.starts_with("POST /in?x=1 HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("authorization: Bearer fixture-delivery"), "{head}");
    assert!(head.contains("content-type: application/json"), "{head}");
    assert!(!head.contains("fix\"ture"));
}

#[tokio::test]
async fn what_was_not_done_and_what_may_have_been_are_told_apart() {
    for (status, more, is) in [
        (301, "Location: /else\r\n", Why::Unknown),
        (303, "", Why::Unknown),
        (400, "", Why::Refused),
        (401, "", Why::Denied),
        (403, "", Why::Denied),
        (404, "", Why::Gone),
        (409, "", Why::Conflict),
        (422, "", Why::Refused),
        (429, "Retry-After: 7\r\n", Why::Busy),
        (500, "", Why::Unknown),
        (503, "Retry-After: 7\r\n", Why::Unknown),
    ] {
        let (address, mut asked) =
            server(vec![answer(status, more, "fixture"), answer(200, "", "")]).await;
        let delivered = by(&http(&address, true)).deliver(&value("fixture"), &value("old")).await;
        let fault = delivered.unwrap_err();
        assert_eq!(fault.why(), is, "{status}");
        if let Fault::Busy { wait_s } = fault {
            assert_eq!(wait_s, Some(7));
        }
        asked.recv().await.unwrap();
        assert!(asked.try_recv().is_err(), "asked once");
    }
    let (address, _asked) = server(vec![String::new()]).await;
    let delivered = by(&http(&address, true)).deliver(&value("fixture"), &value("old")).await;
    assert!(matches!(delivered, Err(Fault::Unknown)), "half an answer");
    let delivered = by(&http(&nobody().await, true)).deliver(&value("x"), &value("old")).await;
    assert!(matches!(delivered, Err(Fault::Busy { wait_s: None })), "nobody there");
}

#[tokio::test]
async fn an_address_in_this_computer_is_called_only_if_that_was_said() {
    let (address, mut asked) = server(vec![answer(200, "", "")]).await;
    let delivered = by(&http(&address, false)).deliver(&value("fixture"), &value("old")).await;
    assert!(matches!(delivered, Err(Fault::Forbidden)));
    assert!(asked.try_recv().is_err());
}

#[tokio::test]
async fn an_address_has_it_restarted_with_a_secret_of_its_own() {
    let (address, mut asked) = server(vec![answer(200, "", ""), answer(500, "", "")]).await;
    let mut setup = http(&address, true);
    setup.reloading = Reloading::Http { address: format!("{address}/restart"), private: true };
    by(&setup).reload().await.unwrap();
    let asked = asked.recv().await.unwrap();
    assert!(asked.starts_with("POST /restart HTTP/1.1\r\n"), "{asked}");
    assert!(asked.contains("authorization: Bearer fixture-reload"), "{asked}");
    assert!(matches!(by(&setup).reload().await, Err(Fault::Unknown)));
}

#[tokio::test]
async fn an_address_says_whether_it_is_well_and_uses_the_value() {
    for (status, pointer, body, is) in [
        (200, "", "", Health::Well),
        (204, "", "", Health::Ill),
        (500, "", "", Health::Ill),
        (302, "", "", Health::Ill),
        (200, "/a/1/k~1ey", "{\"a\":[0,{\"k/ey\":\"new-fixture\"}]}", Health::Well),
        (200, "/key", "{\"key\":\"old-fixture\"}", Health::NotYet),
        (200, "/key", "{\"key\":{}}", Health::NotYet),
        (200, "/key/x", "{\"key\":\"new-fixture\"}", Health::NotYet),
        (200, "/other", "{\"key\":\"new-fixture\"}", Health::NotYet),
        (200, "/key", "{\"key\":\"new-fixture\"", Health::Ill),
        (500, "/key", "{\"key\":\"new-fixture\"}", Health::Ill),
    ] {
        let (address, mut asked) = server(vec![answer(status, "", body)]).await;
        let looked = by(&health(&address, pointer)).check(&value("new-fixture")).await.unwrap();
        assert_eq!(looked, is, "{status} {pointer} {body}");
        let asked = asked.recv().await.unwrap();
        assert!(asked.starts_with("GET /health HTTP/1.1\r\n"), "{asked}");
        assert!(asked.contains("authorization: Bearer fixture-check"), "{asked}");
        assert!(!asked.contains("new-fixture"));
    }
    let looked = by(&health(&nobody().await, "")).check(&value("new-fixture")).await;
    assert!(matches!(looked, Err(Fault::Unknown)), "it may still be starting");
}

#[tokio::test]
async fn a_check_that_names_the_value_can_tell_what_a_person_did() {
    let manual = |address: &str, pointer| {
        let reloading = Reloading::Manual;
        by(&BindingSetup { reloading, ..health(address, pointer) })
    };
    let body = "{\"key\":\"new-fixture\"}";
    let (address, _asked) = server(vec![answer(200, "", body), answer(200, "", body)]).await;
    let looked = manual(&address, "").check(&value("new-fixture")).await;
    assert_eq!(looked.unwrap(), Health::NotYet, "well, but with which value?");
    let looked = manual(&address, "/key").check(&value("new-fixture")).await;
    assert_eq!(looked.unwrap(), Health::Well);
}

#[tokio::test]
async fn before_a_run_it_is_looked_whether_it_is_well_with_whatever_it_has() {
    let body = "{\"key\":\"old-fixture\"}";
    let (address, _asked) = server(vec![answer(200, "", body), answer(500, "", body)]).await;
    let consumer = by(&health(&address, "/key"));
    consumer.ready().await.unwrap();
    assert!(matches!(consumer.ready().await, Err(Fault::Refused)));
}

#[tokio::test]
async fn where_there_is_no_check_and_nothing_to_read_nobody_can_tell() {
    let setup = BindingSetup { check: HealthCheck::None, ..http("https://example.com", false) };
    let consumer = by(&setup);
    consumer.ready().await.unwrap();
    assert_eq!(consumer.check(&value("fixture")).await.unwrap(), Health::CannotTell);
}

#[tokio::test]
async fn a_port_that_can_be_connected_to_is_well() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let check = HealthCheck::Tcp { host: "127.0.0.1".into(), port };
    let setup = BindingSetup { check, ..http("https://example.com", false) };
    assert_eq!(by(&setup).check(&value("fixture")).await.unwrap(), Health::Well);
    drop(listener);
    let looked = by(&setup).check(&value("fixture")).await;
    assert!(matches!(looked, Err(Fault::Unknown)), "it may still be starting");
}

#[tokio::test]
async fn a_port_of_this_computer_is_looked_at_only_where_that_was_typed() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    // The system takes these for numbers of this computer, and of a cloud.
    for host in ["0x7f.1", "2130706433", "0xa9fea9fe", "169.254.169.254"] {
        let check = HealthCheck::Tcp { host: host.into(), port };
        let setup = BindingSetup { check, ..http("https://example.com", false) };
        let looked = by(&setup).check(&value("fixture")).await;
        assert!(matches!(looked, Err(Fault::Forbidden)), "{host}: {looked:?}");
        assert!(matches!(by(&setup).ready().await, Err(Fault::Forbidden)), "{host}");
    }
    assert!(listener.accept().is_err(), "nobody came");
}

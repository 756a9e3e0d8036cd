//! Templates of the user's own: what they may say, and what becomes of answers.

use std::collections::BTreeMap;

use keyturn_issuers::template::parse;
use keyturn_model::{
    Timestamp,
    rotation::{Fault, Issuer, Making, Why},
    setup::{IssuerSetup, SetupFault, SetupWhy},
};
use secrecy::ExposeSecret;
use std::sync::Arc;

use super::{held, parts, rotation, server::Server, set_up};

/// What people write their own by.
const PAGE: &str = include_str!("../../../../../docs/templates.md");

const OWN: &str = r#"
name = "Own"
facts = "https://example.com/docs"
making = "minted"
secrets = ["token"]
optional = ["note"]

[blanks]
address = "address"
note = "text"

[headers]
authorization = "Bearer {token}"

[create]
request = "POST {address}/keys"
body = { name = "{mark}", note = "{note}", text = "a {mark} and {not a place}", n = 3, on = true, all = ["{mark}"] }
value = "/value"
key = "/id"

[list]
request = "GET {address}/keys?page={page}"
pages = { first = 1, size = 2 }
keys = "/keys"
key = "/id"
mark = "/name"
last_used = "/used"

[deactivate]
request = "POST {address}/keys/{key}/off"

[revoke]
request = "DELETE {address}/keys/{key}"
"#;

fn own(text: &str, address: &str, note: &str) -> Result<Arc<dyn Issuer>, Vec<SetupFault>> {
    let blanks = [("address", address), ("note", note)];
    let blanks = blanks.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let template = Some(text.to_owned());
    let setup =
        IssuerSetup::Http { preset: None, template, blanks: BTreeMap::from(blanks), private: true };
    set_up(&setup, &[("token", "fixture-token")], &rotation())
}

#[test]
fn every_example_of_the_page_about_templates_can_be_read() {
    let examples: Vec<&str> =
        PAGE.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() >= 2);
    for example in examples {
        assert_eq!(parse(example).err(), None, "{example}");
    }
}

#[tokio::test]
async fn a_body_is_json_whatever_is_filled_in() {
    let server = Server::start().await;
    let issuer = own(OWN, &format!("{}/", server.address), "\"quoted\": {mark}").unwrap();
    server.will_answer(200, r#"{"id":"k","value":"fixture-new"}"#);
    let minted = issuer.mint("m\"1").await.unwrap();
    assert_eq!(parts(&minted), ("fixture-new", Some("k")));
    let asked = server.asked_once();
    assert_eq!(asked.path, "/keys");
    let expected = serde_json::json!({
        "name": "m\"1",
        "note": "\"quoted\": {mark}",
        "text": "a m\"1 and {not a place}",
        "n": 3,
        "on": true,
        "all": ["m\"1"],
    });
    assert_eq!(asked.json(), expected);
    let issuer = own(OWN, &server.address, "").unwrap();
    server.will_answer(200, "{}");
    let _ = issuer.mint("m").await;
    assert_eq!(server.asked_once().json().get("note"), None);
}

#[test]
fn how_many_calls_at_once_a_service_gets_is_a_number_that_can_be() {
    let at_once = |line: &str| {
        let text = OWN.replace("making = \"minted\"", &format!("making = \"minted\"\n{line}"));
        parse(&text).map(|template| template.at_once).map_err(|fault| fault.why)
    };
    assert_eq!(["", "at_once = 1", "at_once = 64"].map(at_once), [Ok(4), Ok(1), Ok(64)]);
    assert_eq!(["at_once = 0", "at_once = 65"].map(at_once), [Err(SetupWhy::Number); 2]);
}

#[tokio::test]
async fn what_is_filled_into_an_address_cannot_lead_elsewhere() {
    let server = Server::start().await;
    let issuer = own(OWN, &server.address, "").unwrap();
    server.will_answer(204, "");
    issuer.delete(&held("../other?a=b#c d/é", "")).await.unwrap();
    assert_eq!(server.asked_once().path, "/keys/..%2Fother%3Fa%3Db%23c%20d%2F%C3%A9");
    for nothing in ["", ".", ".."] {
        assert!(matches!(issuer.delete(&held(nothing, "")).await, Err(Fault::Refused)));
    }
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn a_list_is_read_to_its_end_or_not_believed() {
    let server = Server::start().await;
    let issuer = own(OWN, &server.address, "").unwrap();
    let page = |from: u32, count: u32| {
        let key = |id: u32| serde_json::json!({ "id": id, "name": format!("m{id}") });
        let keys: Vec<_> = (from..from + count).map(key).collect();
        serde_json::json!({ "keys": keys }).to_string()
    };
    server.will_answer(200, &page(1, 2));
    server.will_answer(200, &page(3, 1));
    let keys: Vec<_> = issuer.list().await.unwrap().into_iter().map(|key| key.key).collect();
    assert_eq!(keys, ["1", "2", "3"]);
    let paths: Vec<_> = server.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(paths, ["/keys?page=1", "/keys?page=2"]);
    server.will_answer(200, &page(1, 2));
    server.will_answer(500, "");
    assert!(matches!(issuer.list().await, Err(Fault::Unknown)));
    for broken in ["{}", r#"{"keys":{}}"#, r#"{"keys":[{"name":"no id"}]}"#, "garbage"] {
        server.will_answer(200, broken);
        assert!(matches!(issuer.list().await, Err(Fault::Unknown)), "{broken}");
    }
    for _ in 0..60 {
        server.will_answer(200, &page(1, 2));
    }
    server.asked();
    assert!(matches!(issuer.list().await, Err(Fault::Unknown)), "it never ends");
    assert_eq!(server.asked().len(), 50);
    let most =
        OWN.replace("pages = { first = 1, size = 2 }", "most = 2").replace("?page={page}", "");
    let issuer = own(&most, &Server::start().await.address, "").unwrap();
    assert!(issuer.list().await.is_err());
    let other = Server::start().await;
    let issuer = own(&most, &other.address, "").unwrap();
    other.will_answer(200, &page(1, 2));
    assert!(matches!(issuer.list().await, Err(Fault::Unknown)), "it may not be all");
}

#[tokio::test]
async fn the_last_use_stands_in_the_list() {
    let server = Server::start().await;
    let issuer = own(OWN, &server.address, "").unwrap();
    for (used, expected) in [
        (serde_json::json!("2026-11-01T12:00:00.000Z"), Ok(Some(Timestamp(1_793_534_400_000)))),
        (serde_json::json!(null), Ok(None)),
        (serde_json::json!("lately"), Err(Why::Unknown)),
        (serde_json::json!(5), Err(Why::Unknown)),
    ] {
        let keys = serde_json::json!({ "keys": [{ "id": 1, "name": "m", "used": used }] });
        server.will_answer(200, &keys.to_string());
        assert_eq!(issuer.last_used("1").await.map_err(|fault| fault.why()), expected, "{used}");
    }
    server.will_answer(200, r#"{"keys":[]}"#);
    assert!(matches!(issuer.last_used("1").await, Err(Fault::Gone)));
}

#[tokio::test]
async fn an_answer_without_value_or_key_is_kept_and_never_taken_for_a_refusal() {
    let server = Server::start().await;
    let issuer = own(OWN, &server.address, "").unwrap();
    for answer in [
        "",
        "<html>",
        r#"{"id":"k"}"#,
        r#"{"value":"fixture-new"}"#,
        r#"{"id":"k","value":""}"#,
        r#"{"id":"k","value":{}}"#,
    ] {
        server.will_answer(201, answer);
        let Err(Fault::Unreadable(kept)) = issuer.mint("m").await else { panic!("{answer}") };
        assert_eq!(kept.expose_secret(), answer.as_bytes());
    }
    for (status, why) in [(400, Why::Refused), (403, Why::Denied), (503, Why::Unknown)] {
        server.will_answer(status, "");
        assert_eq!(issuer.mint("m").await.unwrap_err().why(), why);
    }
}

#[tokio::test]
async fn abilities_follow_from_what_the_template_says() {
    let server = Server::start().await;
    let able = own(OWN, &server.address, "").unwrap().abilities();
    assert_eq!(able.making, Making::Minted);
    assert!(able.list && able.marks && able.last_used && able.deactivate && !able.verify);
    let (head, _) = OWN.split_once("[list]").unwrap();
    let less = own(head, &server.address, "").unwrap();
    let able = less.abilities();
    assert!(!(able.list || able.marks || able.last_used || able.deactivate));
    assert!(matches!(less.delete(&held("k", "")).await, Err(Fault::ByHand)));
}

#[test]
fn a_template_that_cannot_be_is_refused_with_the_reason() {
    let swap = |from: &str, to: &str| {
        assert!(OWN.contains(from), "{from}");
        parse(&OWN.replacen(from, to, 1)).err().map(|fault| fault.why)
    };
    assert_eq!(parse(OWN).err(), None);
    for (from, to, why) in [
        ("making = \"minted\"", "making = \"added\"", SetupWhy::Template),
        ("making = \"minted\"", "making = \"regenerated\"", SetupWhy::Template),
        ("POST {address}/keys\"", "BREW {address}/keys\"", SetupWhy::Template),
        ("POST {address}/keys\"", "{address}/keys\"", SetupWhy::Template),
        ("POST {address}/keys\"", "POST ftp://a/keys\"", SetupWhy::Address),
        ("POST {address}/keys\"", "POST https://a/{address}\"", SetupWhy::Place),
        ("POST {address}/keys\"", "POST {note}/keys\"", SetupWhy::Place),
        ("POST {address}/keys\"", "POST {address}/{token}\"", SetupWhy::Place),
        ("POST {address}/keys\"", "POST {address}/{key}\"", SetupWhy::Place),
        ("DELETE {address}/keys/{key}", "DELETE {address}/keys/{value}", SetupWhy::Place),
        ("Bearer {token}", "Bearer {tokens}", SetupWhy::Place),
        ("n = 3", "n = { deep = [\"{unknown}\"] }", SetupWhy::Place),
        ("secrets = [\"token\"]", "secrets = [\"token\", \"note\"]", SetupWhy::Place),
        ("secrets = [\"token\"]", "secrets = [\"token\", \"mark\"]", SetupWhy::Place),
        ("optional = [\"note\"]", "optional = [\"other\"]", SetupWhy::Place),
        ("value = \"/value\"", "value = \"value\"", SetupWhy::Template),
        ("value = \"/value\"", "values = \"/value\"", SetupWhy::Template),
        ("key = \"/id\"\n\n[list]", "\n[list]", SetupWhy::Template),
        ("?page={page}", "", SetupWhy::Template),
        ("size = 2", "size = 0", SetupWhy::Template),
        ("[create]", "[create", SetupWhy::Template),
    ] {
        assert_eq!(swap(from, to), Some(why), "{from} -> {to}");
    }
    let long = format!("{OWN}\n# {}", "a".repeat(70_000));
    assert_eq!(parse(&long).unwrap_err(), SetupFault::new("template", SetupWhy::TooLong));
    let deep = format!("deep = {}1{}\n{OWN}", "[".repeat(20_000), "]".repeat(20_000));
    assert_eq!(parse(&deep).unwrap_err().why, SetupWhy::Template);
}

#[test]
fn blanks_and_secrets_are_looked_over() {
    let found = |address: &str, note: &str| -> Vec<(String, SetupWhy)> {
        let faults = own(OWN, address, note).err().unwrap();
        faults.into_iter().map(|fault| (fault.field, fault.why)).collect()
    };
    assert_eq!(found("", ""), [("address".to_owned(), SetupWhy::Missing)]);
    assert_eq!(found("http://example.com", ""), [("address".to_owned(), SetupWhy::Address)]);
    let here = "http://127.0.0.1:1";
    assert_eq!(found(here, "a\nb"), [("note".to_owned(), SetupWhy::Characters)]);
    assert_eq!(found(here, &"a".repeat(20_000)), [("note".to_owned(), SetupWhy::TooLong)]);
    let elsewhere = [
        ("DELETE {address}/keys/{key}", "DELETE http://example.com/{key}"),
        ("DELETE {address}/keys/{key}", "DELETE https://user:password@example.com/{key}"),
        ("GET {address}/keys?", "GET https://169.254.169.254/keys?"),
        ("POST {address}/keys\"", "POST https://a.{note}.example.com/keys\""),
    ];
    for (from, to) in elsewhere {
        assert!(OWN.contains(from), "{from}");
        let faults = own(&OWN.replacen(from, to, 1), here, "").err().unwrap();
        assert_eq!(faults, [SetupFault::new("template", SetupWhy::Address)], "{to}");
    }
    let preset = |name: Option<&str>| IssuerSetup::Http {
        preset: name.map(str::to_owned),
        template: None,
        blanks: BTreeMap::from([("policies".to_owned(), "[".to_owned())]),
        private: false,
    };
    let faults = set_up(&preset(Some("cloudflare")), &[], &rotation()).err().unwrap();
    let missing = SetupFault::new("apiToken", SetupWhy::Missing);
    assert_eq!(faults, [SetupFault::new("policies", SetupWhy::Template), missing]);
    for unknown in [None, Some("nobody")] {
        let faults = set_up(&preset(unknown), &[], &rotation()).err().unwrap();
        assert_eq!(faults, [SetupFault::new("preset", SetupWhy::Missing)]);
    }
}

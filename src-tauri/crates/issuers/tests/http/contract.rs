//! What a service documents, and whether a preset keeps to it.

use std::collections::BTreeMap;

use keyturn_issuers::template::preset;
use keyturn_model::{
    Timestamp,
    setup::{IssuerSetup, RotationSetup},
};
use serde_json::Value;

use super::{
    held, parts, rotation,
    server::{Asked, Server},
    set_up,
};

/// Names and what is told by them: headers, blanks, secrets.
pub(crate) type Shown = &'static [(&'static str, &'static str)];

/// What a service documents.
pub(crate) struct Contract {
    pub(crate) preset: &'static str,
    pub(crate) blanks: Shown,
    pub(crate) secrets: Shown,
    /// The headers of each request that is not about trying a value.
    pub(crate) shown: Shown,
    pub(crate) create: (&'static str, Body, Value),
    /// The request, the answer, and which marks are then known.
    pub(crate) list: (&'static str, Value, &'static [(&'static str, &'static str, bool)]),
    /// The request and its headers; who tells good from bad by which status.
    pub(crate) verify: Option<(&'static str, Shown, u16, u16)>,
    pub(crate) revoke: (&'static str, Option<Value>),
}

pub(crate) enum Body {
    Json(Value),
    Form(&'static str),
}

/// The template of a preset, with this server in the place of the service.
fn at(server: &Server, text: &str) -> String {
    let mut own = String::new();
    for line in text.lines() {
        let begins = line.find("https://").filter(|_| line.starts_with("request = "));
        match begins {
            Some(begin) => {
                let path = line[begin + 8..].find('/').unwrap() + begin + 8;
                own.push_str(&[&line[..begin], &server.address, &line[path..]].concat());
            }
            None => own.push_str(line),
        }
        own.push('\n');
    }
    own
}

fn check(asked: &Asked, request: &str, headers: &[(&str, &str)]) {
    assert_eq!(format!("{} {}", asked.method, asked.path), request);
    for (name, value) in headers {
        assert_eq!(asked.header(name), Some(*value), "{request}: {name}");
    }
}

pub(crate) async fn holds(contract: Contract) {
    let server = Server::start().await;
    let blanks = contract.blanks.iter().map(|(name, text)| {
        let text = if *text == "HERE" { server.address.as_str() } else { text };
        ((*name).to_owned(), text.to_owned())
    });
    let setup = IssuerSetup::Http {
        preset: None,
        template: Some(at(&server, preset(contract.preset).unwrap().text)),
        blanks: blanks.collect::<BTreeMap<_, _>>(),
        private: true,
    };
    let rotation = RotationSetup { valid_days: Some(90), ..rotation() };
    let issuer = set_up(&setup, contract.secrets, &rotation).unwrap();

    let (request, body, answer) = contract.create;
    server.will_answer(201, &answer.to_string());
    let minted = issuer.mint("keyturn-mark-1").await.unwrap();
    assert_eq!((minted.key.as_str(), parts(&minted).0), ("12", "fixture-new"));
    // Ninety days, as far as the service is told of them: until noon, or the day on which it is noon.
    let ends = [("{expiresDate}", 1_801_267_200_000), ("{expiresTime}", 1_801_310_400_000)];
    let ends = ends.into_iter().chain([("{validSeconds}", 1_801_310_400_000)]);
    let said = preset(contract.preset).unwrap().text;
    let ends =
        ends.into_iter().find(|(place, _)| said.contains(place)).map(|(_, at)| Timestamp(at));
    assert_eq!(minted.value.expires, ends);
    let asked = server.asked_once();
    check(&asked, request, contract.shown);
    match body {
        Body::Json(body) => {
            assert_eq!(asked.json(), body);
            assert_eq!(asked.header("content-type"), Some("application/json"));
        }
        Body::Form(body) => {
            assert_eq!(asked.body, body);
            let form = "application/x-www-form-urlencoded";
            assert_eq!(asked.header("content-type"), Some(form));
        }
    }
    let (request, answer, known) = contract.list;
    server.will_answer(200, &answer.to_string());
    let listed = issuer.list().await.unwrap();
    let listed: Vec<_> = listed
        .iter()
        .map(|key| (key.key.as_str(), key.mark.as_deref().unwrap(), key.active))
        .collect();
    assert_eq!(listed, known);
    check(&server.asked_once(), request, contract.shown);

    assert_eq!(issuer.abilities().verify, contract.verify.is_some());
    let value = held("12", "fixture-new");
    if let Some((request, headers, good, bad)) = contract.verify {
        for (status, accepted) in [(good, true), (bad, false)] {
            server.will_answer(status, "{}");
            assert_eq!(issuer.accepts(&value).await.unwrap(), accepted, "{status}");
            check(&server.asked_once(), request, headers);
        }
        server.will_answer(500, "{}");
        assert!(issuer.accepts(&value).await.is_err());
        server.asked();
    }
    let (request, body) = contract.revoke;
    server.will_answer(200, "{}");
    issuer.delete(&held("12", "")).await.unwrap();
    let asked = server.asked_once();
    check(&asked, request, contract.shown);
    match body {
        Some(body) => assert_eq!(asked.json(), body),
        None => assert_eq!(asked.body, ""),
    }
}

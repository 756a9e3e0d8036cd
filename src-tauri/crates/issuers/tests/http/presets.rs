//! Each preset asks what its service documents: contract-tested, as none of these services is here.

use keyturn_issuers::template::{PRESETS, parse};
use serde_json::{Value, json};

use super::contract::{Body, Contract, Shown, holds};

const BEARER: Shown = &[("authorization", "Bearer fixture-login")];
const VALUE: Shown = &[("authorization", "Bearer fixture-new")];

#[test]
fn every_preset_can_be_read_lists_with_marks_and_revokes() {
    assert!(PRESETS.len() >= 10);
    for preset in PRESETS {
        let template =
            parse(preset.text).unwrap_or_else(|fault| panic!("{}: {fault:?}", preset.id));
        assert!(template.facts.starts_with("https://"), "{}", preset.id);
        let list = template.list.unwrap_or_else(|| panic!("{} does not list", preset.id));
        assert!(list.mark.is_some() && template.revoke.is_some(), "{}", preset.id);
        assert!(preset.text.contains("{mark}"), "{}", preset.id);
    }
}

#[tokio::test]
async fn cloudflare() {
    let policies = r#"[{"effect":"allow","permission_groups":[{"id":"dns"}]}]"#;
    holds(Contract {
        preset: "cloudflare",
        blanks: &[("policies", r#"[{"effect":"allow","permission_groups":[{"id":"dns"}]}]"#)],
        secrets: &[("apiToken", "fixture-login")],
        shown: BEARER,
        create: (
            "POST /client/v4/user/tokens",
            Body::Json(json!({
                "name": "keyturn-mark-1",
                "policies": serde_json::from_str::<Value>(policies).unwrap(),
                "expires_on": "2027-01-30T12:00:00Z",
            })),
            json!({ "success": true, "result": { "id": "12", "value": "fixture-new" } }),
        ),
        list: (
            "GET /client/v4/user/tokens?per_page=50&page=1",
            json!({ "result": [
                { "id": "11", "name": "by hand", "status": "disabled" },
                { "id": "12", "name": "keyturn-mark-1", "status": "active" },
            ] }),
            &[("11", "by hand", false), ("12", "keyturn-mark-1", true)],
        ),
        verify: Some(("GET /client/v4/user/tokens/verify", VALUE, 200, 401)),
        revoke: ("DELETE /client/v4/user/tokens/12", None),
    })
    .await;
}

#[tokio::test]
async fn confluent() {
    holds(Contract {
        preset: "confluent",
        blanks: &[("cloudApiKey", "CLOUD"), ("owner", "sa-1"), ("resource", "lkc-1")],
        secrets: &[("cloudApiSecret", "fixture-login")],
        // CLOUD:fixture-login
        shown: &[("authorization", "Basic Q0xPVUQ6Zml4dHVyZS1sb2dpbg==")],
        create: (
            "POST /iam/v2/api-keys",
            Body::Json(json!({ "spec": {
                "display_name": "keyturn-mark-1",
                "owner": { "id": "sa-1" },
                "resource": { "id": "lkc-1" },
            } })),
            json!({ "id": "12", "spec": { "secret": "fixture-new" } }),
        ),
        list: (
            "GET /iam/v2/api-keys?spec.owner=sa-1&page_size=99",
            json!({ "data": [{ "id": "12", "spec": { "display_name": "keyturn-mark-1" } }] }),
            &[("12", "keyturn-mark-1", true)],
        ),
        verify: None,
        revoke: ("DELETE /iam/v2/api-keys/12", None),
    })
    .await;
}

#[tokio::test]
async fn datadog() {
    holds(Contract {
        preset: "datadog",
        blanks: &[("site", "datadoghq.eu")],
        secrets: &[("apiKey", "fixture-login"), ("applicationKey", "fixture-app")],
        shown: &[("dd-api-key", "fixture-login"), ("dd-application-key", "fixture-app")],
        create: (
            "POST /api/v2/api_keys",
            Body::Json(json!({ "data": {
                "type": "api_keys",
                "attributes": { "name": "keyturn-mark-1" },
            } })),
            json!({ "data": { "id": "12", "attributes": { "key": "fixture-new" } } }),
        ),
        list: (
            "GET /api/v2/api_keys?page[size]=100&page[number]=0",
            json!({ "data": [{ "id": "12", "attributes": { "name": "keyturn-mark-1" } }] }),
            &[("12", "keyturn-mark-1", true)],
        ),
        verify: Some(("GET /api/v1/validate", &[("dd-api-key", "fixture-new")], 200, 403)),
        revoke: ("DELETE /api/v2/api_keys/12", None),
    })
    .await;
}

#[tokio::test]
async fn digitalocean_spaces() {
    holds(Contract {
        preset: "digitalocean-spaces",
        blanks: &[("grants", r#"[{"bucket":"b","permission":"read"}]"#)],
        secrets: &[("apiToken", "fixture-login")],
        shown: BEARER,
        create: (
            "POST /v2/spaces/keys",
            Body::Json(json!({
                "name": "keyturn-mark-1",
                "grants": [{ "bucket": "b", "permission": "read" }],
            })),
            json!({ "key": { "access_key": "12", "secret_key": "fixture-new" } }),
        ),
        list: (
            "GET /v2/spaces/keys?per_page=100&page=1",
            json!({ "keys": [{ "access_key": "12", "name": "keyturn-mark-1" }] }),
            &[("12", "keyturn-mark-1", true)],
        ),
        verify: None,
        revoke: ("DELETE /v2/spaces/keys/12", None),
    })
    .await;
}

#[tokio::test]
async fn elasticsearch() {
    holds(Contract {
        preset: "elasticsearch",
        blanks: &[("address", "HERE"), ("user", "keys")],
        secrets: &[("password", "fixture-login")],
        // keys:fixture-login
        shown: &[("authorization", "Basic a2V5czpmaXh0dXJlLWxvZ2lu")],
        create: (
            "POST /_security/api_key",
            Body::Json(json!({ "name": "keyturn-mark-1" })),
            json!({ "id": "12", "api_key": "half", "encoded": "fixture-new" }),
        ),
        list: (
            "GET /_security/api_key?owner=true",
            json!({ "api_keys": [
                { "id": "11", "name": "gone", "invalidated": true },
                { "id": "12", "name": "keyturn-mark-1", "invalidated": false },
            ] }),
            &[("12", "keyturn-mark-1", true)],
        ),
        verify: Some((
            "GET /_security/_authenticate",
            &[("authorization", "ApiKey fixture-new")],
            200,
            401,
        )),
        revoke: ("DELETE /_security/api_key", Some(json!({ "ids": ["12"], "owner": true }))),
    })
    .await;
}

#[tokio::test]
async fn gitlab_project() {
    holds(Contract {
        preset: "gitlab-project",
        blanks: &[
            ("address", "HERE"),
            ("project", "group/project"),
            ("scopes", "read_api, read_repository"),
            ("accessLevel", "30"),
        ],
        secrets: &[("apiToken", "fixture-login")],
        shown: &[("private-token", "fixture-login")],
        create: (
            "POST /api/v4/projects/group%2Fproject/access_tokens",
            Body::Json(json!({
                "name": "keyturn-mark-1",
                "scopes": ["read_api", "read_repository"],
                "access_level": 30,
                "expires_at": "2027-01-30",
            })),
            json!({ "id": 12, "token": "fixture-new" }),
        ),
        list: (
            "GET /api/v4/projects/group%2Fproject/access_tokens?state=active&per_page=100&page=1",
            json!([{ "id": 12, "name": "keyturn-mark-1", "active": true }]),
            &[("12", "keyturn-mark-1", true)],
        ),
        verify: Some((
            "GET /api/v4/personal_access_tokens/self",
            &[("private-token", "fixture-new")],
            200,
            401,
        )),
        revoke: ("DELETE /api/v4/projects/group%2Fproject/access_tokens/12", None),
    })
    .await;
}

#[tokio::test]
async fn grafana() {
    holds(Contract {
        preset: "grafana",
        blanks: &[("address", "HERE"), ("account", "3")],
        secrets: &[("apiToken", "fixture-login")],
        shown: BEARER,
        create: (
            "POST /api/serviceaccounts/3/tokens",
            Body::Json(json!({ "name": "keyturn-mark-1", "secondsToLive": 7_776_000 })),
            json!({ "id": 12, "name": "keyturn-mark-1", "key": "fixture-new" }),
        ),
        list: (
            "GET /api/serviceaccounts/3/tokens",
            json!([{ "id": 12, "name": "keyturn-mark-1", "isRevoked": false }]),
            &[("12", "keyturn-mark-1", true)],
        ),
        verify: Some(("GET /api/access-control/user/permissions", VALUE, 200, 401)),
        revoke: ("DELETE /api/serviceaccounts/3/tokens/12", None),
    })
    .await;
}

#[tokio::test]
async fn launchdarkly() {
    holds(Contract {
        preset: "launchdarkly",
        blanks: &[("role", "reader")],
        secrets: &[("apiToken", "fixture-login")],
        shown: &[("authorization", "fixture-login")],
        create: (
            "POST /api/v2/tokens",
            Body::Json(json!({ "name": "keyturn-mark-1", "role": "reader", "serviceToken": true })),
            json!({ "_id": "12", "token": "fixture-new" }),
        ),
        list: (
            "GET /api/v2/tokens?showAll=true&limit=1000",
            json!({ "items": [{ "_id": "12", "name": "keyturn-mark-1", "token": "last" }] }),
            &[("12", "keyturn-mark-1", true)],
        ),
        verify: Some((
            "GET /api/v2/caller-identity",
            &[("authorization", "fixture-new")],
            200,
            401,
        )),
        revoke: ("DELETE /api/v2/tokens/12", None),
    })
    .await;
}

#[tokio::test]
async fn linode() {
    holds(Contract {
        preset: "linode",
        blanks: &[("scopes", "linodes:read_only")],
        secrets: &[("apiToken", "fixture-login")],
        shown: BEARER,
        create: (
            "POST /v4/profile/tokens",
            Body::Json(json!({
                "label": "keyturn-mark-1",
                "scopes": "linodes:read_only",
                "expiry": "2027-01-30T12:00:00Z",
            })),
            json!({ "id": 12, "token": "fixture-new" }),
        ),
        list: (
            "GET /v4/profile/tokens?page_size=100&page=1",
            json!({ "data": [{ "id": 12, "label": "keyturn-mark-1" }], "pages": 1 }),
            &[("12", "keyturn-mark-1", true)],
        ),
        verify: None,
        revoke: ("DELETE /v4/profile/tokens/12", None),
    })
    .await;
}

#[tokio::test]
async fn neon() {
    holds(Contract {
        preset: "neon",
        blanks: &[],
        secrets: &[("apiKey", "fixture-login")],
        shown: BEARER,
        create: (
            "POST /api/v2/api_keys",
            Body::Json(json!({ "key_name": "keyturn-mark-1" })),
            json!({ "id": 12, "key": "fixture-new", "name": "keyturn-mark-1" }),
        ),
        list: (
            "GET /api/v2/api_keys",
            json!([{ "id": 12, "name": "keyturn-mark-1" }]),
            &[("12", "keyturn-mark-1", true)],
        ),
        verify: Some(("GET /api/v2/api_keys", VALUE, 200, 401)),
        revoke: ("DELETE /api/v2/api_keys/12", None),
    })
    .await;
}

#[tokio::test]
async fn openai_service_account() {
    holds(Contract {
        preset: "openai-service-account",
        blanks: &[("project", "proj_1"), ("account", "svc_acct_1")],
        secrets: &[("adminKey", "fixture-login")],
        shown: BEARER,
        create: (
            "POST /v1/organization/projects/proj_1/service_accounts/svc_acct_1/api_keys",
            Body::Json(json!({ "name": "keyturn-mark-1", "expires_in_seconds": 7_776_000 })),
            json!({ "id": "12", "value": "fixture-new", "name": "keyturn-mark-1" }),
        ),
        list: (
            "GET /v1/organization/projects/proj_1/api_keys?limit=100",
            json!({ "data": [{ "id": "12", "name": "keyturn-mark-1" }], "has_more": false }),
            &[("12", "keyturn-mark-1", true)],
        ),
        verify: Some(("GET /v1/models", VALUE, 200, 401)),
        revoke: ("DELETE /v1/organization/projects/proj_1/api_keys/12", None),
    })
    .await;
}

#[tokio::test]
async fn resend() {
    holds(Contract {
        preset: "resend",
        blanks: &[("permission", "sending_access"), ("domain", "d-1")],
        secrets: &[("apiKey", "fixture-login")],
        shown: BEARER,
        create: (
            "POST /api-keys",
            Body::Json(json!({
                "name": "keyturn-mark-1",
                "permission": "sending_access",
                "domain_id": "d-1",
            })),
            json!({ "id": "12", "token": "fixture-new" }),
        ),
        list: (
            "GET /api-keys?limit=100",
            json!({ "data": [{ "id": "12", "name": "keyturn-mark-1" }] }),
            &[("12", "keyturn-mark-1", true)],
        ),
        verify: None,
        revoke: ("DELETE /api-keys/12", None),
    })
    .await;
}

#[tokio::test]
async fn sendgrid() {
    holds(Contract {
        preset: "sendgrid",
        blanks: &[("scopes", "mail.send stats.read")],
        secrets: &[("apiKey", "fixture-login")],
        shown: BEARER,
        create: (
            "POST /v3/api_keys",
            Body::Json(json!({ "name": "keyturn-mark-1", "scopes": ["mail.send", "stats.read"] })),
            json!({ "api_key": "fixture-new", "api_key_id": "12", "name": "keyturn-mark-1" }),
        ),
        list: (
            "GET /v3/api_keys",
            json!({ "result": [{ "api_key_id": "12", "name": "keyturn-mark-1" }] }),
            &[("12", "keyturn-mark-1", true)],
        ),
        verify: Some(("GET /v3/scopes", VALUE, 200, 401)),
        revoke: ("DELETE /v3/api_keys/12", None),
    })
    .await;
}

#[tokio::test]
async fn twilio() {
    holds(Contract {
        preset: "twilio",
        blanks: &[("account", "AC1"), ("user", "SK1")],
        secrets: &[("authToken", "fixture-login")],
        // SK1:fixture-login
        shown: &[("authorization", "Basic U0sxOmZpeHR1cmUtbG9naW4=")],
        create: (
            "POST /2010-04-01/Accounts/AC1/Keys.json",
            Body::Form("FriendlyName=keyturn-mark-1"),
            json!({ "sid": "12", "secret": "fixture-new" }),
        ),
        list: (
            "GET /2010-04-01/Accounts/AC1/Keys.json?PageSize=1000",
            json!({ "keys": [{ "sid": "12", "friendly_name": "keyturn-mark-1" }] }),
            &[("12", "keyturn-mark-1", true)],
        ),
        verify: Some((
            "GET /2010-04-01/Accounts/AC1/Messages.json?PageSize=1",
            // 12:fixture-new
            &[("authorization", "Basic MTI6Zml4dHVyZS1uZXc=")],
            200,
            401,
        )),
        revoke: ("DELETE /2010-04-01/Accounts/AC1/Keys/12.json", None),
    })
    .await;
}

//! Services that things run on keep to their documents: contract-tested, as none of them is here.

use serde_json::{Value, json};

use super::contract::{Body, Contract, Shown, holds};

const BEARER: Shown = &[("authorization", "Bearer fixture-login")];
const VALUE: Shown = &[("authorization", "Bearer fixture-new")];

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

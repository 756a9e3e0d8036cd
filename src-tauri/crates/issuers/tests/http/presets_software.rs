//! Services that software uses keep to their documents: contract-tested, as none of them is here.

use serde_json::json;

use super::contract::{Body, Contract, Shown, holds};

const BEARER: Shown = &[("authorization", "Bearer fixture-login")];
const VALUE: Shown = &[("authorization", "Bearer fixture-new")];

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
async fn mailgun() {
    holds(Contract {
        preset: "mailgun",
        blanks: &[
            ("host", "api.mailgun.net"),
            ("kind", "domain"),
            ("role", "sending"),
            ("domain", "mg.example.com"),
        ],
        secrets: &[("apiKey", "fixture-login")],
        // api:fixture-login
        shown: &[("authorization", "Basic YXBpOmZpeHR1cmUtbG9naW4=")],
        create: (
            "POST /v1/keys",
            Body::Form(
                "description=keyturn-mark-1&domain_name=mg.example.com&expiration=7776000&kind=domain&role=sending",
            ),
            json!({ "key": { "id": "12", "secret": "fixture-new" }, "message": "great success" }),
        ),
        list: (
            "GET /v1/keys?kind=domain",
            json!({ "items": [
                { "id": "11", "description": "by hand", "is_disabled": true },
                { "id": "12", "description": "keyturn-mark-1", "is_disabled": false },
            ], "total_count": 2 }),
            &[("11", "by hand", false), ("12", "keyturn-mark-1", true)],
        ),
        verify: None,
        revoke: ("DELETE /v1/keys/12", None),
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

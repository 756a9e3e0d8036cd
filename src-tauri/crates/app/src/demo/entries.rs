//! What is in a demo. Every name is made up; every value is made when the demo is.

use keyturn_model::Kind;

/// How a value is made.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fresh {
    /// Letters and digits, after a prefix.
    Key(&'static str),
    /// Hexadecimal digits.
    Hex,
    /// A key pair.
    Pair,
    /// A certificate that expires in so many days, and its key.
    Certificate { days: i64 },
}

/// One credential.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) environment: &'static str,
    pub(super) owner: &'static str,
    pub(super) issuer: &'static str,
    pub(super) tags: &'static str,
    pub(super) high: bool,
    pub(super) description: &'static str,
    /// Since how many days it has had its value.
    pub(super) age_d: i64,
    /// In how many hours it expires by itself.
    pub(super) expires_in_h: Option<i64>,
    pub(super) fields: &'static [(&'static str, &'static str)],
    pub(super) fresh: Fresh,
    /// The consumers that use it, by name; it is rotated at the sandbox.
    pub(super) consumers: &'static [&'static str],
    pub(super) past: Past,
}

/// What a rotation has come to before the demo begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Past {
    /// There was none.
    Nothing,
    /// The new key was not accepted. It was undone, and the new key is still at the sandbox.
    Undone,
    /// It stopped: the new key was not accepted, and could not be deleted.
    Stopped,
    /// Both values work.
    Grace,
}

const PLAIN: Entry = Entry {
    name: "",
    kind: Kind::Secret,
    environment: "prod",
    owner: "platform",
    issuer: "",
    tags: "",
    high: false,
    description: "",
    age_d: 20,
    expires_in_h: None,
    fields: &[],
    fresh: Fresh::Key(""),
    consumers: &[],
    past: Past::Nothing,
};

const fn entry(
    name: &'static str,
    kind: Kind,
    owner: &'static str,
    issuer: &'static str,
    age_d: i64,
) -> Entry {
    Entry { name, kind, owner, issuer, age_d, ..PLAIN }
}

const DATABASE: &[(&str, &str)] = &[
    ("engine", "postgresql"),
    ("host", "db.demo.example"),
    ("port", "5432"),
    ("database", "orders"),
    ("user", "orders_app"),
    ("tls", "verified"),
];
const REPLICA: &[(&str, &str)] =
    &[("engine", "mysql"), ("host", "replica.demo.example"), ("user", "reports_ro")];
const CACHE: &[(&str, &str)] =
    &[("engine", "redis"), ("host", "cache.demo.example"), ("user", "sessions")];

use Kind::{
    ApiKey, Certificate, CloudKey, DatabaseLogin, Login, OauthClient, Secret, ServiceToken,
    SigningKey, SshKey, WebhookSecret,
};

pub(super) const ENTRIES: &[Entry] = &[
    // Rotated at the sandbox, for real.
    Entry {
        tags: "pci tier-1",
        high: true,
        description: "Charges cards. Rotate it in the tab Rotation: the sandbox is its issuer.",
        fields: &[("keyId", "key_pay_01")],
        consumers: &["shop", "worker", "reports"],
        past: Past::Undone,
        ..entry("payment-gateway", ApiKey, "payments", "Sandbox", 34)
    },
    Entry {
        description: "A rotation of it is in its grace period: both values work.",
        fields: &[("keyId", "key_mail_01")],
        consumers: &["mailer"],
        past: Past::Grace,
        ..entry("mail-relay", ApiKey, "messaging", "Sandbox", 88)
    },
    Entry {
        environment: "staging",
        fields: &[("keyId", "key_search_01")],
        consumers: &["backup"],
        past: Past::Undone,
        ..entry("search-index", ApiKey, "platform", "Sandbox", 12)
    },
    // Overdue, and due soon.
    Entry { tags: "tier-1", ..entry("sms-gateway", ApiKey, "messaging", "Textline", 97) },
    Entry {
        high: true,
        fields: DATABASE,
        ..entry("orders-db", DatabaseLogin, "data", "PostgreSQL", 24)
    },
    Entry {
        expires_in_h: Some(20),
        ..entry("ci-deploy-token", ServiceToken, "platform", "GitLab", 60)
    },
    Entry { fields: REPLICA, ..entry("reports-db", DatabaseLogin, "data", "MySQL", 60) },
    Entry {
        description: "A rotation of it has stopped and needs somebody. A person brings the key to who uses it.",
        fields: &[("keyId", "key_maps_01")],
        consumers: &["partner"],
        past: Past::Stopped,
        ..entry("maps-api", ApiKey, "mobile", "Sandbox", 86)
    },
    Entry {
        expires_in_h: Some(6 * 24),
        fields: &[("clientId", "demo-crm")],
        ..entry("crm-sync", OauthClient, "sales", "CRM Cloud", 100)
    },
    // Everything else is well.
    Entry { fields: CACHE, ..entry("session-cache", DatabaseLogin, "platform", "Redis", 40) },
    Entry {
        fields: &[
            ("provider", "aws"),
            ("keyId", "AKIAFIXTUREDEMO00001"),
            ("region", "eu-central-1"),
        ],
        ..entry("object-storage", CloudKey, "platform", "AWS", 30)
    },
    Entry {
        fields: &[("provider", "aws"), ("keyId", "AKIAFIXTUREDEMO00002"), ("region", "eu-west-1")],
        environment: "staging",
        ..entry("object-storage-staging", CloudKey, "platform", "AWS", 45)
    },
    Entry {
        fields: &[("provider", "google"), ("keyId", "demo-fixture-key")],
        ..entry("analytics-export", CloudKey, "data", "Google Cloud", 52)
    },
    Entry {
        fresh: Fresh::Certificate { days: 61 },
        ..entry("www", Certificate, "platform", "Internal CA", 90)
    },
    Entry {
        fresh: Fresh::Certificate { days: 200 },
        ..entry("api-mtls", Certificate, "platform", "Internal CA", 90)
    },
    Entry { fresh: Fresh::Pair, ..entry("bastion", SshKey, "platform", "OpenSSH", 50) },
    Entry {
        fresh: Fresh::Pair,
        environment: "dev",
        ..entry("build-agent", SshKey, "platform", "", 15)
    },
    Entry {
        fields: &[("endpoint", "https://hooks.demo.example/payments")],
        high: true,
        ..entry("pay-webhook", WebhookSecret, "payments", "Stripe", 44)
    },
    Entry {
        fields: &[("endpoint", "https://hooks.demo.example/repo")],
        ..entry("repo-webhook", WebhookSecret, "platform", "GitHub", 120)
    },
    Entry {
        fields: &[("algorithm", "HS256"), ("keyId", "2026-09")],
        fresh: Fresh::Hex,
        high: true,
        ..entry("session-signing", SigningKey, "identity", "", 60)
    },
    Entry {
        fields: &[("algorithm", "HS512")],
        fresh: Fresh::Hex,
        environment: "staging",
        ..entry("invite-signing", SigningKey, "identity", "", 14)
    },
    Entry {
        fields: &[("user", "billing@demo.example"), ("address", "https://registrar.demo.example")],
        ..entry("registrar", Login, "platform", "Registrar", 70)
    },
    Entry {
        fields: &[("user", "ops"), ("address", "https://status.demo.example")],
        ..entry("status-page", Login, "support", "", 25)
    },
    Entry { fields: &[("clientId", "demo-sso")], ..entry("sso", OauthClient, "identity", "", 90) },
    Entry {
        fields: &[("clientId", "demo-calendar")],
        ..entry("calendar", OauthClient, "sales", "", 33)
    },
    Entry { ..entry("metrics-push", ServiceToken, "platform", "Metrics", 21) },
    Entry { environment: "dev", ..entry("package-registry", ServiceToken, "platform", "npm", 9) },
    Entry { ..entry("error-tracker", ApiKey, "support", "Errors", 55) },
    Entry { environment: "staging", ..entry("payment-gateway-test", ApiKey, "payments", "", 18) },
    Entry { ..entry("translation", ApiKey, "mobile", "", 66) },
    Entry { fresh: Fresh::Hex, ..entry("disk-encryption", Secret, "platform", "", 12) },
    Entry { high: true, ..entry("break-glass", Secret, "security", "", 5) },
];

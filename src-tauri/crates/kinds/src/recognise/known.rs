//! The shapes by which issuers let their values be known: a table, and no more.
//!
//! The first line that fits wins, so the narrower shape stands first.

use std::sync::LazyLock;

use keyturn_model::Kind;
use regex::RegexSet;

use super::Recognised;
use Kind::{ApiKey, OauthClient, Secret, ServiceToken, WebhookSecret};

/// One shape.
pub(super) struct Known {
    pub(super) issuer: &'static str,
    /// What it is called there.
    pub(super) what: &'static str,
    pub(super) kind: Kind,
    /// The whole value.
    pub(super) pattern: &'static str,
    /// The field that it goes to, when it is not the value.
    pub(super) field: Option<&'static str>,
    pub(super) environment: Option<&'static str>,
    /// Words that the name of the variable has to hold, for shapes that are nobody's own.
    pub(super) variable: &'static [&'static str],
}

impl Known {
    const fn within(self, environment: &'static str) -> Self {
        Self { environment: Some(environment), ..self }
    }

    const fn into_field(self, field: &'static str) -> Self {
        Self { field: Some(field), ..self }
    }

    const fn in_variable(self, variable: &'static [&'static str]) -> Self {
        Self { variable, ..self }
    }
}

const fn known(
    issuer: &'static str,
    what: &'static str,
    kind: Kind,
    pattern: &'static str,
) -> Known {
    Known { issuer, what, kind, pattern, field: None, environment: None, variable: &[] }
}

const UUID: &str = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";

/// All of them.
pub(super) static ALL: &[Known] = &[
    known("AWS", "access key", Kind::CloudKey, "(AKIA|ASIA)[A-Z2-7]{16}").into_field("keyId"),
    known("AWS", "Bedrock API key", ApiKey, "ABSK[A-Za-z0-9+/]{60,}={0,2}"),
    known("GitHub", "personal access token", ApiKey, "ghp_[A-Za-z0-9]{36,}"),
    known("GitHub", "fine-grained token", ApiKey, "github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{40,}"),
    known("GitHub", "OAuth token", ApiKey, "gho_[A-Za-z0-9]{36,}"),
    known("GitHub", "user token of an app", ApiKey, "ghu_[A-Za-z0-9]{36,}"),
    known("GitHub", "installation token", ServiceToken, "ghs_[A-Za-z0-9._-]{36,}"),
    known("GitHub", "refresh token", ApiKey, "ghr_[A-Za-z0-9]{36,}"),
    known("GitLab", "access token", ApiKey, "glpat-[A-Za-z0-9_.-]{20,}"),
    known("GitLab", "deploy token", ServiceToken, "gldt-[A-Za-z0-9_-]{20,}"),
    known("GitLab", "runner token", ServiceToken, "glrt-[A-Za-z0-9_.-]{20,}"),
    known("GitLab", "job token", ServiceToken, "glcbt-[A-Za-z0-9_.-]{20,}"),
    known("GitLab", "trigger token", ServiceToken, "glptt-[A-Za-z0-9_-]{20,}"),
    known("Slack", "bot token", ApiKey, "xoxb-[A-Za-z0-9-]{20,}"),
    known("Slack", "user token", ApiKey, "xox[pr]-[A-Za-z0-9-]{20,}"),
    known("Slack", "app token", ApiKey, "xapp-[A-Za-z0-9-]{20,}"),
    known(
        "Slack",
        "incoming webhook",
        Secret,
        "https://hooks[.]slack(-gov)?[.]com/(services|workflows|triggers)/[A-Za-z0-9/_-]{20,}",
    ),
    known("Stripe", "secret key", ApiKey, "sk_live_[A-Za-z0-9]{16,}").within("prod"),
    known("Stripe", "secret key", ApiKey, "sk_test_[A-Za-z0-9]{16,}").within("test"),
    known("Stripe", "restricted key", ApiKey, "rk_live_[A-Za-z0-9]{16,}").within("prod"),
    known("Stripe", "restricted key", ApiKey, "rk_test_[A-Za-z0-9]{16,}").within("test"),
    known("Stripe", "webhook secret", WebhookSecret, "whsec_[A-Za-z0-9+/=_-]{20,}"),
    known("OpenAI", "admin key", ApiKey, "sk-admin-[A-Za-z0-9_-]{20,}"),
    known("OpenAI", "project key", ApiKey, "sk-(proj|svcacct)-[A-Za-z0-9_-]{20,}"),
    known("Anthropic", "API key", ApiKey, "sk-ant-[A-Za-z0-9_-]{20,}"),
    known("OpenRouter", "API key", ApiKey, "sk-or-v1-[0-9a-f]{64}"),
    known("OpenAI", "API key", ApiKey, "sk-[A-Za-z0-9]{48}"),
    known("Google", "API key", ApiKey, "AIza[A-Za-z0-9_-]{35}"),
    known("Google", "OAuth client secret", OauthClient, "GOCSPX-[A-Za-z0-9_-]{28}"),
    known("Google", "access token", ApiKey, "ya29[.][A-Za-z0-9_-]{20,}"),
    known("SendGrid", "API key", ApiKey, "SG[.][A-Za-z0-9_-]{22}[.][A-Za-z0-9_-]{43}"),
    known("Twilio", "API key id", ApiKey, "SK[0-9a-f]{32}").into_field("keyId"),
    known("Twilio", "account id", ApiKey, "AC[0-9a-f]{32}").into_field("keyId"),
    known("npm", "access token", ApiKey, "npm_[A-Za-z0-9]{36}"),
    known("PyPI", "API token", ApiKey, "pypi-AgE[A-Za-z0-9_-]{50,}"),
    known("RubyGems", "API key", ApiKey, "rubygems_[0-9a-f]{48}"),
    known("crates.io", "API token", ApiKey, "cio[A-Za-z0-9]{32}"),
    known("DigitalOcean", "access token", ApiKey, "do[opr]_v1_[0-9a-f]{64}"),
    known("Cloudflare", "origin CA key", ApiKey, "v1[.]0-[0-9a-f]{24}-[0-9a-f]{146}"),
    known("Heroku", "API key", ApiKey, "HRKU-[A-Za-z0-9_-]{36,}"),
    known("Mailgun", "API key", ApiKey, "key-[0-9a-f]{32}"),
    known("Mailchimp", "API key", ApiKey, "[0-9a-f]{32}-us[0-9]{1,2}"),
    known("Brevo", "API key", ApiKey, "xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}"),
    known("Square", "access token", ApiKey, "EAAA[A-Za-z0-9_-]{60}"),
    known("Square", "access token", ApiKey, "sq0atp-[A-Za-z0-9_-]{22}"),
    known("Square", "application secret", OauthClient, "sq0csp-[A-Za-z0-9_-]{43}"),
    known("Shopify", "access token", ApiKey, "shp(at|ca|pa)_[0-9a-fA-F]{32}"),
    known("Shopify", "shared secret", WebhookSecret, "shpss_[0-9a-fA-F]{32}"),
    known("Telegram", "bot token", ApiKey, "[0-9]{8,10}:AA[A-Za-z0-9_-]{33}"),
    known(
        "Discord",
        "webhook",
        Secret,
        "https://(ptb[.]|canary[.])?discord(app)?[.]com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,}",
    ),
    known(
        "Discord",
        "bot token",
        ApiKey,
        "[MNO][A-Za-z0-9_-]{23,27}[.][A-Za-z0-9_-]{6}[.][A-Za-z0-9_-]{27,45}",
    ),
    known(
        "Microsoft Teams",
        "incoming webhook",
        Secret,
        "https://[a-z0-9-]+[.]webhook[.]office[.]com/webhookb2/[A-Za-z0-9@/_-]{40,}",
    ),
    known("Datadog", "application key", ApiKey, "ddapp_[A-Za-z0-9]{34,}"),
    known("New Relic", "user key", ApiKey, "NRAK-[A-Z0-9]{27}"),
    known("New Relic", "licence key", ApiKey, "[0-9a-f]{36}NRAL"),
    known("Sentry", "organisation token", ServiceToken, "sntrys_[A-Za-z0-9+/=_-]{40,}"),
    known("Sentry", "user token", ApiKey, "sntryu_[0-9a-f]{64}"),
    known("HashiCorp Vault", "service token", ServiceToken, "hvs[.][A-Za-z0-9_-]{20,}"),
    known("HashiCorp Vault", "batch token", ServiceToken, "hv[br][.][A-Za-z0-9_-]{20,}"),
    known("HashiCorp Vault", "service token", ServiceToken, "s[.][A-Za-z0-9]{24}"),
    known(
        "Terraform Cloud",
        "API token",
        ApiKey,
        "[A-Za-z0-9]{14}[.]atlasv1[.][A-Za-z0-9_=-]{60,}",
    ),
    known("Docker", "access token", ApiKey, "dckr_[po]at_[A-Za-z0-9_-]{20,}"),
    known("Hugging Face", "access token", ApiKey, "hf_[A-Za-z0-9]{30,}"),
    known("Replicate", "API token", ApiKey, "r8_[A-Za-z0-9]{37}"),
    known("Groq", "API key", ApiKey, "gsk_[A-Za-z0-9]{48,}"),
    known("Linear", "API key", ApiKey, "lin_api_[A-Za-z0-9]{32,}"),
    known("Notion", "integration token", ApiKey, "(secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{40,})"),
    known("Postman", "API key", ApiKey, "PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    known("Doppler", "token", ServiceToken, "dp[.](pt|st|ct|sa|scim|audit)[.][A-Za-z0-9_.-]{40,}"),
    known("Grafana", "service account token", ServiceToken, "glsa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}"),
    known("Grafana Cloud", "token", ServiceToken, "glc_[A-Za-z0-9+/=]{32,}"),
    known("Atlassian", "API token", ApiKey, "ATATT3[A-Za-z0-9_=-]{60,}"),
    known("Bitbucket", "app password", ApiKey, "ATBB[A-Za-z0-9]{32}"),
    known("Airtable", "access token", ApiKey, "pat[A-Za-z0-9]{14}[.][0-9a-f]{64}"),
    known("Asana", "access token", ApiKey, "[0-9]/[0-9]{16,}(/[0-9]{16,})?:[0-9a-f]{32}"),
    known("Figma", "access token", ApiKey, "figd_[A-Za-z0-9_-]{38,}"),
    known("Databricks", "access token", ApiKey, "dapi[0-9a-f]{32}(-[0-9])?"),
    known("Supabase", "access token", ApiKey, "sbp_[0-9a-f]{40}"),
    known("Supabase", "secret key", ApiKey, "sb_secret_[A-Za-z0-9_-]{20,}"),
    known("PlanetScale", "service token", ServiceToken, "pscale_tkn_[A-Za-z0-9_=.-]{32,}"),
    known("Pulumi", "access token", ApiKey, "pul-[0-9a-f]{40}"),
    known("Fly.io", "access token", ServiceToken, "fo1_[A-Za-z0-9_-]{43}"),
    known("Netlify", "access token", ApiKey, "nfp_[A-Za-z0-9]{36,}"),
    known("Tailscale", "key", ApiKey, "tskey-(api|auth|client)-[A-Za-z0-9]+-[A-Za-z0-9]{20,}"),
    known("Azure", "client secret", Secret, "[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}"),
    known("PagerDuty", "API key", ApiKey, "u[+][A-Za-z0-9_+-]{18}")
        .in_variable(&["PAGERDUTY", "PD_"]),
    known("AWS", "secret access key", Kind::CloudKey, "[A-Za-z0-9/+]{40}")
        .in_variable(&["AWS_SECRET"]),
    known("Cloudflare", "API token", ApiKey, "[A-Za-z0-9_-]{40,64}")
        .in_variable(&["CLOUDFLARE", "CF_API"]),
    known("Cloudflare", "global API key", ApiKey, "[0-9a-f]{37}")
        .in_variable(&["CLOUDFLARE", "CF_API"]),
    known("Datadog", "API key", ApiKey, "[0-9a-f]{32}").in_variable(&["DD_API", "DATADOG"]),
    known("Datadog", "application key", ApiKey, "[0-9a-f]{40}").in_variable(&["DD_APP", "DATADOG"]),
    known("Heroku", "API key", ApiKey, UUID).in_variable(&["HEROKU"]),
    known("Mailgun", "API key", ApiKey, "[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}")
        .in_variable(&["MAILGUN"]),
    known("Twilio", "auth token", ApiKey, "[0-9a-f]{32}").in_variable(&["TWILIO"]),
    known("Discord", "client secret", OauthClient, "[A-Za-z0-9_-]{32}").in_variable(&["DISCORD"]),
    known("Sentry", "auth token", ApiKey, "[0-9a-f]{64}").in_variable(&["SENTRY"]),
];

/// Compiled once. A test says that it can be.
pub(super) static PATTERNS: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
    RegexSet::new(ALL.iter().map(|known| format!("^(?:{})$", known.pattern))).ok()
});

/// The first shape that `value` has; `variable` is the name of the variable that it stood in.
pub(super) fn find(value: &str, variable: Option<&str>) -> Option<Recognised> {
    let upper = variable.map(str::to_ascii_uppercase);
    let named = |known: &&Known| {
        known.variable.is_empty()
            || upper.as_ref().is_some_and(|name| known.variable.iter().any(|w| name.contains(w)))
    };
    let found = PATTERNS.as_ref()?.matches(value);
    let known = found.iter().filter_map(|at| ALL.get(at)).find(named)?;
    let recognised = Recognised::new(known.kind)
        .named(&format!("{} {}", known.issuer, known.what))
        .issued_by(known.issuer)
        .within(known.environment);
    let provider = known.kind == Kind::CloudKey;
    let recognised = if provider { recognised.with("provider", "aws") } else { recognised };
    Some(recognised.with(known.field.unwrap_or(known.kind.value()), value))
}

//! The services that are known already.

/// A template that comes with the program.
#[derive(Debug, Clone, Copy)]
pub struct Preset {
    /// What a setup calls it.
    pub id: &'static str,
    /// The template.
    pub text: &'static str,
}

macro_rules! presets {
    ($($id:literal),* $(,)?) => {
        &[$(Preset { id: $id, text: include_str!(concat!("../../presets/", $id, ".toml")) }),*]
    };
}

/// All of them, by name.
pub const PRESETS: &[Preset] = presets![
    "cloudflare",
    "confluent",
    "datadog",
    "digitalocean-spaces",
    "elasticsearch",
    "gitlab-project",
    "grafana",
    "launchdarkly",
    "linode",
    "mailgun",
    "neon",
    "openai-service-account",
    "resend",
    "sendgrid",
    "twilio",
];

/// The one with this name.
#[must_use]
pub fn preset(id: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.id == id)
}

//! Which formats there are, and how a file is recognised by what is in it before its name is asked.

use std::path::Path;

use crate::{bitwarden, csv_in, decode, env, json, kdbx, kubernetes};

/// A format that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// KeePass and KeePassXC, versions 3.1 and 4.
    Kdbx,
    /// 1Password.
    OnePux,
    /// Bitwarden, plain or with a password.
    Bitwarden,
    /// A table.
    Csv,
    /// Variables of a program.
    Env,
    /// HashiCorp Vault and OpenBao, as JSON.
    VaultKv,
    /// AWS Secrets Manager, as its command line prints.
    AwsSecrets,
    /// Manifests of secrets, YAML or JSON.
    Kubernetes,
    /// Our own.
    Json,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Kdbx,
        Self::OnePux,
        Self::Bitwarden,
        Self::Csv,
        Self::Env,
        Self::VaultKv,
        Self::AwsSecrets,
        Self::Kubernetes,
        Self::Json,
    ];

    /// Its name, on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kdbx => "kdbx",
            Self::OnePux => "onePux",
            Self::Bitwarden => "bitwarden",
            Self::Csv => "csv",
            Self::Env => "env",
            Self::VaultKv => "vaultKv",
            Self::AwsSecrets => "awsSecrets",
            Self::Kubernetes => "kubernetes",
            Self::Json => "json",
        }
    }

    /// The format with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }
}

/// What the file seems to be. Its name decides only between plain texts.
#[must_use]
pub fn detect(bytes: &[u8], file_name: &str) -> Option<Format> {
    if kdbx::is_one(bytes) {
        return Some(Format::Kdbx);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Some(Format::OnePux);
    }
    if bytes.len() as u64 > crate::Limits::USUAL.file {
        return None;
    }
    let small = file_name.to_lowercase();
    let ending = Path::new(&small).extension().and_then(|e| e.to_str()).unwrap_or_default();
    let (text, _) = decode::text(bytes).ok()?;
    if text.trim_start().starts_with(['{', '[']) {
        return json::kind_of(&text);
    }
    if small.starts_with(".env") || ending == "env" {
        return Some(Format::Env);
    }
    match ending {
        "csv" | "tsv" => return Some(Format::Csv),
        "yaml" | "yml" => return Some(Format::Kubernetes),
        _ => {}
    }
    if kubernetes::looks_like_one(&text) {
        Some(Format::Kubernetes)
    } else if env::looks_like_one(&text) {
        Some(Format::Env)
    } else {
        csv_in::looks_like_one(&text).then_some(Format::Csv)
    }
}

/// Whether the file is encrypted, so that a password has to be asked for.
#[must_use]
pub fn needs_password(bytes: &[u8]) -> bool {
    kdbx::is_one(bytes) || bitwarden::is_encrypted(bytes)
}

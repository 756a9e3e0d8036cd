//! The kinds of credential, and what each is made of.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What sort of credential it is. It decides the fields, the checks and the usual policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// A key that a caller shows to an API.
    ApiKey,
    /// The id and secret of an OAuth2 client, with its tokens.
    OauthClient,
    /// A token of a service account.
    ServiceToken,
    /// A login to a database.
    DatabaseLogin,
    /// The pair of id and secret of a cloud (AWS, Google, Azure).
    CloudKey,
    /// An X.509 certificate with its private key.
    Certificate,
    /// An SSH key.
    SshKey,
    /// What signs the calls of a webhook.
    WebhookSecret,
    /// What signs tokens: a JWT or HMAC key.
    SigningKey,
    /// User name and password.
    Login,
    /// Anything else that is secret.
    Secret,
}

/// One field of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// Its name, in records and on the wire.
    pub name: &'static str,
    /// What can be in it.
    pub shape: Shape,
    /// Whether it is sealed, and shown by `reveal` only.
    pub secret: bool,
    /// Whether it has to be there.
    pub needed: bool,
}

/// What can be in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "is", content = "words")]
pub enum Shape {
    /// One line.
    Line,
    /// Several lines.
    Text,
    /// Words, with blanks or commas between them.
    Words,
    /// An address with its scheme.
    Address,
    /// The name or number of a computer.
    Host,
    /// A number from 1 to 65,535.
    Port,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// One or more certificates, as PEM.
    Certificates,
    /// A private key, as PEM or OpenSSH writes it.
    PrivateKey,
    /// The public half of an SSH key, in one line.
    SshPublicKey,
    /// The public half of any other key pair, as PEM.
    PublicKey,
}

use Shape::{
    Address, Certificates, Host, Line, OneOf, Port, PrivateKey, PublicKey, SshPublicKey, Text,
    Words,
};

const fn open(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, secret: false, needed: false }
}

const fn needed(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, secret: false, needed: true }
}

/// The one secret that the credential is about.
const fn value(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, secret: true, needed: true }
}

const fn secret(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, secret: true, needed: false }
}

impl Kind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 11] = [
        Self::ApiKey,
        Self::OauthClient,
        Self::ServiceToken,
        Self::DatabaseLogin,
        Self::CloudKey,
        Self::Certificate,
        Self::SshKey,
        Self::WebhookSecret,
        Self::SigningKey,
        Self::Login,
        Self::Secret,
    ];

    /// Its name, in records and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ApiKey => "apiKey",
            Self::OauthClient => "oauthClient",
            Self::ServiceToken => "serviceToken",
            Self::DatabaseLogin => "databaseLogin",
            Self::CloudKey => "cloudKey",
            Self::Certificate => "certificate",
            Self::SshKey => "sshKey",
            Self::WebhookSecret => "webhookSecret",
            Self::SigningKey => "signingKey",
            Self::Login => "login",
            Self::Secret => "secret",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// What it is made of, in the order of the form. The first secret field is its **value**: what
    /// is copied, and what a rotation replaces.
    #[must_use]
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::ApiKey => {
                const {
                    &[
                        value("secret", Line),
                        open("keyId", Line),
                        open("header", Line),
                        open("scopes", Words),
                    ]
                }
            }
            Self::OauthClient => {
                const {
                    &[
                        needed("clientId", Line),
                        value("clientSecret", Line),
                        open("tokenAddress", Address),
                        open("scopes", Words),
                        secret("refreshToken", Line),
                        secret("accessToken", Line),
                    ]
                }
            }
            Self::ServiceToken => {
                const {
                    &[
                        value("token", Text),
                        open("account", Line),
                        secret("refreshCredential", Text),
                    ]
                }
            }
            Self::DatabaseLogin => {
                const {
                    &[
                        needed(
                            "engine",
                            OneOf(&["postgresql", "mysql", "mariadb", "redis", "mongodb", "other"]),
                        ),
                        open("host", Host),
                        open("port", Port),
                        open("database", Line),
                        needed("user", Line),
                        value("password", Line),
                        open("tls", OneOf(&["off", "on", "verified"])),
                    ]
                }
            }
            Self::CloudKey => {
                const {
                    &[
                        needed("provider", OneOf(&["aws", "google", "azure", "other"])),
                        needed("keyId", Line),
                        value("secret", Text),
                        open("region", Line),
                        open("account", Line),
                    ]
                }
            }
            Self::Certificate => {
                const { &[needed("chain", Certificates), value("privateKey", PrivateKey)] }
            }
            Self::SshKey => {
                const {
                    &[
                        value("privateKey", PrivateKey),
                        open("publicKey", SshPublicKey),
                        secret("passphrase", Line),
                        open("user", Line),
                    ]
                }
            }
            Self::WebhookSecret => const { &[value("secret", Line), open("endpoint", Address)] },
            Self::SigningKey => {
                const {
                    &[
                        value("secret", Text),
                        open(
                            "algorithm",
                            OneOf(&["HS256", "HS384", "HS512", "RS256", "ES256", "EdDSA", "other"]),
                        ),
                        open("keyId", Line),
                        open("publicKey", PublicKey),
                    ]
                }
            }
            Self::Login => {
                const {
                    &[
                        needed("user", Line),
                        value("password", Line),
                        open("address", Address),
                        secret("totp", Line),
                    ]
                }
            }
            Self::Secret => const { &[value("value", Text)] },
        }
    }

    /// The open fields that belong to the value: a new one brings its own, or has none.
    #[must_use]
    pub const fn beside_value(self) -> &'static [&'static str] {
        match self {
            Self::Certificate => &["chain"],
            Self::SshKey | Self::SigningKey => &["publicKey"],
            _ => &[],
        }
    }

    /// The field with this name.
    #[must_use]
    pub fn field(self, name: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.name == name)
    }

    /// The name of the secret that the credential is about.
    #[must_use]
    pub fn value(self) -> &'static str {
        self.fields().iter().find(|field| field.secret).map_or("value", |field| field.name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own_and_one_value_that_must_be_there() {
        let names: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(names.len(), Kind::ALL.len());
        for kind in Kind::ALL {
            assert_eq!(Kind::named(kind.as_str()), Some(kind));
            let must: Vec<_> = kind.fields().iter().filter(|f| f.secret && f.needed).collect();
            assert_eq!(must.len(), 1, "{kind:?}");
            assert_eq!(must[0].name, kind.value());
            let fields: BTreeSet<_> = kind.fields().iter().map(|field| field.name).collect();
            assert_eq!(fields.len(), kind.fields().len(), "{kind:?} names a field twice");
        }
    }
}

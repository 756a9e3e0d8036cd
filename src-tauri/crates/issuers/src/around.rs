//! What an issuer is made of, beside its setup; and how a secret becomes a value of a kind.

use std::sync::Arc;

use keyturn_model::{
    Clock, Kind,
    rotation::{Held, Value},
    setup::{RotationSetup, Secrets, SetupFault, SetupWhy},
};
use keyturn_outbound::{Client, check};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
use secrecy::{ExposeSecret, SecretString};

/// What is written as it is in a part of an address.
pub(crate) const IN_ADDRESS: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What an issuer is made of, beside its setup.
pub struct Around<'a> {
    /// What asks.
    pub client: &'a Client,
    /// The secrets of the setup.
    pub secrets: &'a Secrets,
    /// How the credential is rotated.
    pub rotation: &'a RotationSetup,
    /// What sort of credential it is.
    pub kind: Kind,
    /// The value that is current. A webhook is told it when it is asked for a new one.
    pub value: Option<SecretString>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

impl Around<'_> {
    /// A secret of the setup that has to be there.
    pub(crate) fn secret(&self, name: &str, faults: &mut Vec<SetupFault>) -> SecretString {
        let found = self.secrets.get(name).filter(|it| !it.expose_secret().is_empty());
        found.cloned().unwrap_or_else(|| {
            faults.push(SetupFault::new(name, SetupWhy::Missing));
            SecretString::default()
        })
    }
}

pub(crate) fn check_address(
    field: &str,
    address: &str,
    private: bool,
    faults: &mut Vec<SetupFault>,
) {
    if let Err(why) = check(address, private) {
        faults.push(SetupFault::new(field, why));
    }
}

/// The value with this secret; its key id is a part of it where the kind has a place for one.
pub(crate) fn held(kind: Kind, key: String, secret: SecretString) -> Held {
    let mut value = Value::default();
    if kind.field("keyId").is_some() {
        value.fields.insert("keyId".to_owned(), key.clone());
    }
    value.secrets.push((kind.value().to_owned(), secret));
    Held { key, value }
}

/// The secret that a value is about. A key whose value was lost has none.
pub(crate) fn secret_of(kind: Kind, held: &Held) -> Option<&SecretString> {
    let named = held.value.secrets.iter().find(|(name, _)| name == kind.value());
    named.map(|(_, secret)| secret)
}

//! Whether a credential is itself what its run logs in with, at the issuer or at a consumer: then the run would cut
//! itself off. Secrets are compared here without telling by the time it takes how alike they are.

use base64::{Engine, prelude::BASE64_STANDARD};
use keyturn_model::{
    rotation::Value,
    setup::{BindingSetup, Secrets},
};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::outside::SetUp;

/// Whether the issuer account logs in with the credential that it is to rotate.
pub(crate) fn is_of_account(set_up: &SetUp) -> bool {
    let value = &set_up.current.value;
    let own = keyturn_issuers::own_login(&set_up.account);
    if own.is_some_and(|own| set_up.rotation.users.iter().any(|user| user == own)) {
        return true;
    }
    match (own, user(value)) {
        // Two that have a name each may have the same password.
        (Some(own), Some(user)) => own == user,
        _ => set_up.account_secrets.values().any(|secret| shows(secret, value)),
    }
}

/// Whether delivery, reload or health check of a consumer log in with the value that is to be replaced.
pub(crate) fn is_of_binding(setup: &BindingSetup, secrets: &Secrets, value: &Value) -> bool {
    let logins = keyturn_deliveries::own_login(setup, secrets);
    logins.into_iter().any(|secret| shows(secret, value))
}

fn user(value: &Value) -> Option<&str> {
    value.fields.get("user").map(String::as_str).filter(|user| !user.is_empty())
}

/// Whether a secret of a set-up shows a value: as it is, behind the scheme of an `Authorization`, or within a
/// `Basic` one.
fn shows(secret: &SecretString, value: &Value) -> bool {
    let whole = secret.expose_secret().trim();
    if is(whole, value) {
        return true;
    }
    let Some((scheme, shown)) = whole.split_once(' ') else { return false };
    let shown = shown.trim();
    if !scheme.eq_ignore_ascii_case("basic") {
        return is(shown, value);
    }
    // As long as it can get, so that no shorter copy is left behind.
    let mut plain = Zeroizing::new(Vec::with_capacity(shown.len()));
    let decoded = BASE64_STANDARD.decode_vec(shown, &mut plain).is_ok();
    let pair = std::str::from_utf8(&plain).ok().filter(|_| decoded);
    pair.and_then(|pair| pair.split_once(':')).is_some_and(|(name, password)| {
        let other = user(value).is_some_and(|user| user != name);
        // A key is often given as the name.
        is(name, value) || (!other && is(password, value))
    })
}

fn is(shown: &str, value: &Value) -> bool {
    let equal = |(_, secret): &(String, SecretString)| {
        let secret = secret.expose_secret().trim();
        !secret.is_empty() && bool::from(secret.as_bytes().ct_eq(shown.as_bytes()))
    };
    value.secrets.iter().any(equal)
}

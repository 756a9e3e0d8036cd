//! The keys and consumers of a sandbox.

use std::{collections::BTreeMap, fmt::Write};

use keyturn_model::{Entropy, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::SeedKey;

const MOST_KEYS: usize = 1000;

pub(super) struct Key {
    pub(super) id: String,
    name: String,
    pub(super) secret: SecretString,
    active: bool,
    used: Option<Timestamp>,
}

/// A key as it is told to others.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Told {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) active: bool,
    pub(super) last_used_at: Option<Timestamp>,
}

impl Key {
    pub(super) fn told(&self) -> Told {
        Told {
            id: self.id.clone(),
            name: self.name.clone(),
            active: self.active,
            last_used_at: self.used,
        }
    }
}

pub(super) struct State {
    keys: Vec<Key>,
    consumers: BTreeMap<String, SecretString>,
    /// The list as it was before the last change.
    before: Vec<Told>,
}

impl State {
    pub(super) fn of(keys: Vec<SeedKey>, consumers: Vec<(String, SecretString)>) -> Self {
        let key = |SeedKey { id, name, secret }| Key { id, name, secret, active: true, used: None };
        let mut state = Self {
            keys: keys.into_iter().map(key).collect(),
            consumers: consumers.into_iter().collect(),
            before: Vec::new(),
        };
        state.before = state.list();
        state
    }

    pub(super) fn list(&self) -> Vec<Told> {
        self.keys.iter().map(Key::told).collect()
    }

    pub(super) fn stale_list(&self) -> Vec<Told> {
        self.before.clone()
    }

    pub(super) fn create(&mut self, name: String, entropy: &dyn Entropy) -> Option<&Key> {
        if self.keys.len() >= MOST_KEYS {
            return None;
        }
        self.before = self.list();
        let id = random::<6>("key_", entropy);
        let secret = SecretString::from(random::<24>("sandbox_", entropy));
        self.keys.push(Key { id, name, secret, active: true, used: None });
        self.keys.last()
    }

    pub(super) fn find(&self, id: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// Whether there was such a key.
    pub(super) fn deactivate(&mut self, id: &str) -> bool {
        let before = self.list();
        let Some(key) = self.keys.iter_mut().find(|key| key.id == id) else { return false };
        key.active = false;
        self.before = before;
        true
    }

    /// Whether there was such a key.
    pub(super) fn delete(&mut self, id: &str) -> bool {
        let before = self.list();
        self.keys.retain(|key| key.id != id);
        let was_there = self.keys.len() < before.len();
        if was_there {
            self.before = before;
        }
        was_there
    }

    pub(super) fn accepts(&self, secret: &str) -> bool {
        self.keys.iter().any(|key| key.active && is_same(&key.secret, secret))
    }

    /// Whether there is such a consumer.
    pub(super) fn deliver(&mut self, consumer: &str, secret: SecretString) -> bool {
        let Some(held) = self.consumers.get_mut(consumer) else { return false };
        *held = secret;
        true
    }

    /// Whether there is such a consumer.
    pub(super) fn has_consumer(&self, consumer: &str) -> bool {
        self.consumers.contains_key(consumer)
    }

    /// The key that a consumer uses, if there is such a consumer and the key is accepted.
    pub(super) fn uses(&mut self, consumer: &str, now: Timestamp) -> Option<Option<String>> {
        let held = self.consumers.get(consumer)?.expose_secret();
        let key = self.keys.iter_mut().find(|key| key.active && is_same(&key.secret, held));
        Some(key.map(|key| {
            key.used = Some(now);
            key.id.clone()
        }))
    }
}

pub(super) fn is_same(secret: &SecretString, other: &str) -> bool {
    secret.expose_secret().as_bytes().ct_eq(other.as_bytes()).into()
}

fn random<const BYTES: usize>(prefix: &str, entropy: &dyn Entropy) -> String {
    let mut bytes = [0; BYTES];
    entropy.fill(&mut bytes);
    let mut text = String::with_capacity(prefix.len().saturating_add(BYTES.saturating_mul(2)));
    text.push_str(prefix);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

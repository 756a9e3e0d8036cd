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
    /// It was never accepted.
    rejected: bool,
    /// It is accepted until then, although it was revoked.
    lingers: Option<Timestamp>,
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
    fn new(id: String, name: String, secret: SecretString) -> Self {
        Self { id, name, secret, active: true, rejected: false, lingers: None, used: None }
    }

    fn works(&self, now: Timestamp) -> bool {
        !self.rejected && (self.active || self.lingers.is_some_and(|until| now < until))
    }

    pub(super) fn told(&self) -> Told {
        Told {
            id: self.id.clone(),
            name: self.name.clone(),
            active: self.active,
            last_used_at: self.used,
        }
    }
}

/// A consumer, and the values that it holds.
struct Consumer {
    held: SecretString,
    /// What it uses until it has taken up what it holds.
    before: Option<(SecretString, Timestamp)>,
    takes_up_after_s: u32,
}

impl Consumer {
    fn new(held: SecretString) -> Self {
        Self { held, before: None, takes_up_after_s: 0 }
    }

    fn used(&self, now: Timestamp) -> &SecretString {
        match &self.before {
            Some((before, until)) if now < *until => before,
            _ => &self.held,
        }
    }
}

pub(super) struct State {
    keys: Vec<Key>,
    /// Deleted ones that are still accepted.
    gone: Vec<Key>,
    consumers: BTreeMap<String, Consumer>,
    /// The list as it was before the last change.
    before: Vec<Told>,
}

impl State {
    pub(super) fn of(keys: Vec<SeedKey>, consumers: Vec<(String, SecretString)>) -> Self {
        let key = |SeedKey { id, name, secret }| Key::new(id, name, secret);
        let held = |(name, secret)| (name, Consumer::new(secret));
        let mut state = Self {
            keys: keys.into_iter().map(key).collect(),
            gone: Vec::new(),
            consumers: consumers.into_iter().map(held).collect(),
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

    pub(super) fn create(
        &mut self,
        name: String,
        rejected: bool,
        entropy: &dyn Entropy,
    ) -> Option<&Key> {
        if self.keys.len() >= MOST_KEYS {
            return None;
        }
        self.before = self.list();
        let id = random::<6>("key_", entropy);
        let secret = SecretString::from(random::<24>("sandbox_", entropy));
        self.keys.push(Key { rejected, ..Key::new(id, name, secret) });
        self.keys.last()
    }

    pub(super) fn find(&self, id: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// Whether there was such a key. It is accepted until `lingers`.
    pub(super) fn deactivate(&mut self, id: &str, lingers: Option<Timestamp>) -> bool {
        let before = self.list();
        let Some(key) = self.keys.iter_mut().find(|key| key.id == id) else { return false };
        key.active = false;
        key.lingers = lingers;
        self.before = before;
        true
    }

    /// Whether there was such a key. It is accepted until `lingers`.
    pub(super) fn delete(&mut self, id: &str, lingers: Option<Timestamp>, now: Timestamp) -> bool {
        let before = self.list();
        let Some(at) = self.keys.iter().position(|key| key.id == id) else { return false };
        let mut key = self.keys.remove(at);
        key.active = false;
        key.lingers = lingers.or(key.lingers);
        self.gone.push(key);
        self.gone.retain(|key| key.works(now));
        self.before = before;
        true
    }

    pub(super) fn accepts(&self, secret: &str, now: Timestamp) -> bool {
        let mut keys = self.keys.iter().chain(&self.gone);
        keys.any(|key| key.works(now) && is_same(&key.secret, secret))
    }

    /// Whether there is such a consumer.
    pub(super) fn deliver(&mut self, consumer: &str, secret: SecretString, now: Timestamp) -> bool {
        let Some(consumer) = self.consumers.get_mut(consumer) else { return false };
        if is_same(&consumer.held, secret.expose_secret()) {
            return true;
        }
        let until = now.plus_seconds(consumer.takes_up_after_s.into());
        let used = consumer.used(now).clone();
        // The one before is still at hand: it is in use again at once.
        let before = consumer.before.take();
        let again = before.is_some_and(|(before, _)| is_same(&before, secret.expose_secret()));
        consumer.before = (!again).then_some((used, until));
        consumer.held = secret;
        true
    }

    pub(super) fn take_up_after(&mut self, consumer: &str, seconds: u32) {
        if let Some(consumer) = self.consumers.get_mut(consumer) {
            consumer.takes_up_after_s = seconds;
        }
    }

    /// Whether there is such a consumer.
    pub(super) fn has_consumer(&self, consumer: &str) -> bool {
        self.consumers.contains_key(consumer)
    }

    /// The key that a consumer uses, if there is such a consumer and the key is accepted.
    pub(super) fn uses(&mut self, consumer: &str, now: Timestamp) -> Option<Option<String>> {
        let used = self.consumers.get(consumer)?.used(now).expose_secret();
        let mut keys = self.keys.iter_mut().chain(&mut self.gone);
        let key = keys.find(|key| key.works(now) && is_same(&key.secret, used));
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

//! What is true at the issuer. The engine never sees it; the invariants are held against it.

/// One key that was ever made there.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) mark: Option<String>,
    /// Made by the engine, or the one that is rotated.
    pub(crate) ours: bool,
    pub(crate) active: bool,
    pub(crate) dead: bool,
    /// What it was shows until then.
    pub(crate) shows_before_until: i64,
    pub(crate) was_accepted: bool,
    pub(crate) was_listed: bool,
}

#[derive(Debug, Default, Clone)]
pub(crate) struct Ledger {
    pub(crate) keys: Vec<Key>,
    made: u64,
}

impl Ledger {
    pub(crate) fn make(
        &mut self,
        value: String,
        key: String,
        mark: Option<String>,
        ours: bool,
        shows: i64,
    ) {
        let key = Key {
            key,
            value,
            mark,
            ours,
            active: true,
            dead: false,
            shows_before_until: shows,
            was_accepted: false,
            was_listed: false,
        };
        self.keys.push(key);
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    pub(crate) fn foreign(&mut self, mark: Option<String>, now: i64) {
        let number = self.number();
        self.make(format!("foreign value {number}"), format!("AK{number}"), mark, false, now);
    }

    pub(crate) fn kill(&mut self, at: usize, shows: i64) {
        let key = &mut self.keys[at];
        if !key.dead {
            (key.was_accepted, key.was_listed) = (key.active, true);
            key.shows_before_until = shows;
            key.dead = true;
        }
    }

    pub(crate) fn switch_off(&mut self, at: usize, shows: i64) {
        let key = &mut self.keys[at];
        if key.active {
            (key.was_accepted, key.was_listed) = (true, true);
            key.shows_before_until = shows;
            key.active = false;
        }
    }

    pub(crate) fn kill_value(&mut self, value: &str, now: i64) {
        if let Some(at) = self.keys.iter().position(|key| key.value == value) {
            self.kill(at, now);
        }
    }

    pub(crate) fn live_named(&self, name: &str) -> Option<usize> {
        self.keys.iter().position(|key| key.key == name && !key.dead)
    }

    pub(crate) fn live_value(&self, value: &str) -> Option<usize> {
        self.keys.iter().position(|key| key.value == value && !key.dead)
    }

    pub(crate) fn live(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter().filter(|key| !key.dead)
    }

    /// What the issuer answers, which may lag behind what is true.
    pub(crate) fn accepts(&self, value: &str, now: i64) -> bool {
        self.keys.iter().filter(|key| key.value == value).any(|key| {
            if now < key.shows_before_until { key.was_accepted } else { !key.dead && key.active }
        })
    }

    pub(crate) fn listed(&self, now: i64) -> impl Iterator<Item = &Key> {
        self.keys.iter().filter(move |key| {
            if now < key.shows_before_until { key.was_listed } else { !key.dead }
        })
    }
}

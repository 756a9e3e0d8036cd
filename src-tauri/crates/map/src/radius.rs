//! What an action reaches: who stops, who is restarted, whom to tell, and for how long something is away.

use std::collections::{BTreeMap, BTreeSet};

use keyturn_model::{CredentialId, Timestamp, rotation::Reload};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Binding, By, Credential, Records, graph};

/// What is about to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Threat {
    /// A new value takes the place of the old one.
    Rotate,
    /// The value works no more: it is revoked.
    End,
    /// Whoever uses the value keeps it, and gets no new one: it is paused, put away or deleted here.
    Leave,
}

/// What an action reaches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "BlastRadius")]
pub struct Radius {
    /// The keys of all nodes on the way, issuers and reloads too.
    pub keys: Vec<String>,
    /// How many credentials it is about.
    pub credentials: u32,
    /// The consumers, by name.
    pub consumers: Vec<Hit>,
    /// How many work no more from then on.
    pub stops: u32,
    /// How many restarts there are.
    pub restarts: u32,
    /// About how long consumers are away, one after another, in seconds; of what stops nobody can tell.
    #[ts(type = "number")]
    pub down_s: u64,
    /// The owners to tell.
    pub tell: Vec<String>,
    /// The names of issuer accounts that log in with it.
    pub cut_off: Vec<String>,
    /// The names of consumers of which nobody can read how the value reaches them.
    pub unread: Vec<String>,
}

/// A consumer that is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "BlastHit")]
pub struct Hit {
    /// Its key in the map.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// Whom to tell.
    pub owner: String,
    /// How it takes a new value up; the most disturbing one.
    pub reload: Reload,
    /// How often it is restarted.
    pub restarts: u32,
    /// About how long it is away in all, in seconds.
    pub away_s: u32,
    /// Whether it works no more from then on.
    pub stops: bool,
    /// When it was last seen to be well; of several times the longest ago.
    pub seen: Option<Timestamp>,
}

impl Records {
    /// The credentials that these nodes of the map stand for: issuers and groups for all of theirs. A consumer is
    /// reached and threatens nobody.
    #[must_use]
    pub fn selected(&self, keys: &[String], group: Option<By>) -> BTreeSet<CredentialId> {
        let keys: BTreeSet<&str> = keys.iter().map(String::as_str).collect();
        let has = |key: String| keys.contains(key.as_str());
        let is = |one: &&Credential| {
            let issuer = match one.account {
                Some(account) => graph::account_key(account),
                None => format!("issuer:{}", one.issuer),
            };
            let group = group.map(|by| format!("credentials:{}", one.word(by)));
            has(graph::credential_key(one.id)) || has(issuer) || group.is_some_and(has)
        };
        self.credentials.iter().filter(is).map(|one| one.id).collect()
    }
}

/// What it reaches when that is done to all these credentials.
#[must_use]
pub fn radius(records: &Records, selected: &BTreeSet<CredentialId>, threat: Threat) -> Radius {
    let about: Vec<_> =
        records.credentials.iter().filter(|one| selected.contains(&one.id)).collect();
    let live: BTreeSet<CredentialId> = about.iter().map(|one| one.id).collect();
    let consumers: BTreeMap<_, _> = records.consumers.iter().map(|one| (one.id, one)).collect();
    let mut bound: BTreeMap<_, Vec<&Binding>> = BTreeMap::new();
    for binding in records.bindings.iter().filter(|one| live.contains(&one.credential)) {
        bound.entry(binding.consumer).or_default().push(binding);
    }
    let ends = threat == Threat::End;
    let mut hits: Vec<Hit> = bound
        .iter()
        .filter_map(|(id, bindings)| {
            let consumer = consumers.get(id)?;
            let restarts = || {
                let restarted = bindings.iter().filter(|one| one.reload == Reload::Restart);
                restarted.filter(|_| threat == Threat::Rotate)
            };
            Some(Hit {
                key: graph::consumer_key(*id),
                name: consumer.name.clone(),
                owner: consumer.owner.clone(),
                reload: bindings
                    .iter()
                    .map(|one| one.reload)
                    .max_by_key(|reload| graph::disturbance(*reload))?,
                restarts: number(restarts().count()),
                away_s: restarts().fold(0, |sum: u32, one| sum.saturating_add(one.away_s)),
                stops: ends,
                seen: bindings.iter().map(|one| one.seen).min().flatten(),
            })
        })
        .collect();
    hits.sort_by(|one, other| (&one.name, &one.key).cmp(&(&other.name, &other.key)));
    let owners = hits.iter().map(|hit| &hit.owner).chain(about.iter().map(|one| &one.owner));
    let tell: BTreeSet<String> = owners.filter(|owner| !owner.is_empty()).cloned().collect();
    let logs_in = |it: &&crate::Account| it.logs_in_with.iter().any(|id| live.contains(id));
    let cut_off: BTreeSet<String> = match threat {
        Threat::Leave => BTreeSet::new(),
        _ => records.accounts.iter().filter(logs_in).map(|it| it.name.clone()).collect(),
    };
    let unread = records.unread.iter().filter(|one| live.contains(&one.credential));
    let unread: BTreeSet<String> = unread.map(|one| one.consumer.clone()).collect();
    let mut keys: BTreeSet<String> = live.iter().map(|id| graph::credential_key(*id)).collect();
    for one in &about {
        if let Some(account) = one.account {
            keys.insert(graph::account_key(account));
        } else if !one.issuer.is_empty() {
            keys.insert(format!("issuer:{}", one.issuer));
        }
    }
    keys.extend(hits.iter().flat_map(|hit| [hit.key.clone(), format!("reload:{}", hit.key)]));
    Radius {
        keys: keys.into_iter().collect(),
        credentials: number(about.len()),
        stops: number(hits.iter().filter(|hit| hit.stops).count()),
        restarts: hits.iter().map(|hit| hit.restarts).sum(),
        down_s: hits.iter().map(|hit| u64::from(hit.away_s)).sum(),
        tell: tell.into_iter().collect(),
        cut_off: cut_off.into_iter().collect(),
        unread: unread.into_iter().collect(),
        consumers: hits,
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

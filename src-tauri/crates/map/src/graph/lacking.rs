//! What is wrong in a map: circles, and what lacks its other end.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{Orphan, OrphanWhy, Records, account_key, consumer_key, credential_key};

/// What depends on itself: accounts and the credentials that they log in with and rotate.
pub(super) fn circles(records: &Records) -> Vec<Vec<String>> {
    let mut next: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut before: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut link = |from: String, to: String| {
        before.entry(to.clone()).or_default().insert(from.clone());
        next.entry(from).or_default().insert(to);
    };
    let there: HashSet<_> = records.credentials.iter().map(|one| one.id).collect();
    for account in &records.accounts {
        for login in account.logs_in_with.iter().filter(|id| there.contains(id)) {
            link(credential_key(*login), account_key(account.id));
        }
    }
    for one in &records.credentials {
        if let Some(account) = one.account {
            link(account_key(account), credential_key(one.id));
        }
    }
    let none = BTreeSet::new();
    let reached = |from: &String, links: &BTreeMap<String, BTreeSet<String>>| {
        let mut seen = BTreeSet::new();
        let mut left: Vec<String> = links.get(from).unwrap_or(&none).iter().cloned().collect();
        while let Some(key) = left.pop() {
            left.extend(links.get(&key).unwrap_or(&none).difference(&seen).cloned());
            seen.insert(key);
        }
        seen
    };
    // A circle goes through an account, and of those there are few.
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut found = Vec::new();
    for account in next.keys().filter(|key| key.starts_with("account:")) {
        if taken.contains(account) {
            continue;
        }
        let circle: BTreeSet<String> =
            reached(account, &next).intersection(&reached(account, &before)).cloned().collect();
        if !circle.is_empty() {
            found.push(circle.iter().cloned().collect());
            taken.extend(circle);
        }
    }
    found
}

/// What lacks its other end, also where a group stands for it.
pub(super) fn orphans(records: &Records) -> Vec<Orphan> {
    let live: HashSet<_> = records.credentials.iter().map(|one| one.id).collect();
    let issued: HashSet<_> = records.credentials.iter().filter_map(|one| one.account).collect();
    let bound = || records.bindings.iter().filter(|one| live.contains(&one.credential));
    let unread = records.unread.iter().map(|one| one.credential);
    let used: HashSet<_> = bound().map(|one| one.credential).chain(unread).collect();
    let using: HashSet<_> = bound().map(|one| one.consumer).collect();
    let logins: HashSet<_> = records.accounts.iter().flat_map(|it| &it.logs_in_with).collect();
    let mut found = Vec::new();
    let mut add = |key, name: &String, why| found.push(Orphan { key, name: name.clone(), why });
    for one in &records.credentials {
        if !used.contains(&one.id) && !logins.contains(&one.id) {
            add(credential_key(one.id), &one.name, OrphanWhy::NoConsumer);
        }
    }
    for one in records.consumers.iter().filter(|one| !using.contains(&one.id)) {
        add(consumer_key(one.id), &one.name, OrphanWhy::NoCredential);
    }
    for one in records.accounts.iter().filter(|one| !issued.contains(&one.id)) {
        add(account_key(one.id), &one.name, OrphanWhy::NoLiveCredential);
    }
    found.sort_by(|one, other| one.key.cmp(&other.key));
    found
}

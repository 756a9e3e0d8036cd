//! A map in the making: records become nodes and links, groups become one node each.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use keyturn_model::{AccountId, ConsumerId, CredentialId, Status, rotation::Reload};

use super::{
    By, Consumer, Credential, Edge, Evidence, Graph, Node, Records, Showing, account_key,
    consumer_key, credential_key, disturbance,
};

/// A map in the making: nodes in the order in which they came.
#[derive(Default)]
pub(super) struct Made {
    nodes: Vec<Node>,
    by_key: HashMap<String, u32>,
    edges: BTreeMap<(u32, u32), Edge>,
    back: BTreeSet<(u32, u32)>,
    accounts: HashMap<AccountId, u32>,
    credentials: HashMap<CredentialId, u32>,
    consumers: HashMap<ConsumerId, u32>,
    reloads: HashMap<u32, u32>,
}

impl Made {
    /// The node with this key; what is already there stands for one more.
    fn node(&mut self, key: String, name: &str, column: u8, status: Option<Status>) -> u32 {
        let next = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let at = *self.by_key.entry(key.clone()).or_insert(next);
        if at == next {
            let name = name.to_owned();
            self.nodes.push(Node {
                key,
                name,
                column,
                count: 0,
                kind: None,
                status: None,
                reload: None,
                restarts: 0,
                away_s: 0,
            });
        }
        if let Some(node) = self.nodes.get_mut(at as usize) {
            node.count += 1;
            node.status = node.status.into_iter().chain(status).min();
        }
        at
    }

    pub(super) fn issuers(&mut self, records: &Records) {
        for account in &records.accounts {
            let at = self.node(account_key(account.id), &account.name, 0, None);
            self.accounts.insert(account.id, at);
        }
    }

    pub(super) fn credentials(&mut self, records: &Records, showing: &Showing) {
        let group = |one: &Credential| Some(one.word(showing.group?).to_owned());
        let shown =
            || records.credentials.iter().filter(|one| !showing.hide.contains(&one.environment));
        let closed = closed(shown().filter_map(group), showing);
        let seen: HashMap<_, _> = records.accounts.iter().map(|it| (it.id, it.seen)).collect();
        for one in shown() {
            let at = match group(one).filter(|group| closed.contains(group)) {
                Some(group) => {
                    self.node(format!("credentials:{group}"), &group, 1, Some(one.status))
                }
                None => self.node(credential_key(one.id), &one.name, 1, Some(one.status)),
            };
            if let Some(node) = self.nodes.get_mut(at as usize) {
                node.kind = (node.count == 1 || node.kind == Some(one.kind)).then_some(one.kind);
            }
            self.credentials.insert(one.id, at);
            let by_account = one.account.and_then(|id| Some((*self.accounts.get(&id)?, id)));
            let (from, evidence, seen) = match by_account {
                Some((from, id)) => {
                    let seen = seen.get(&id).copied().flatten();
                    let evidence = if seen.is_some() { Evidence::Seen } else { Evidence::SetUp };
                    (from, evidence, seen)
                }
                None if one.issuer.is_empty() => continue,
                None => {
                    let key = format!("issuer:{}", one.issuer);
                    (self.node(key, &one.issuer, 0, None), Evidence::Said, None)
                }
            };
            let since = Some(one.changed);
            self.link(Edge { from, to: at, count: 1, evidence, seen, since, reload: None });
        }
    }

    pub(super) fn consumers(&mut self, records: &Records, showing: &Showing) {
        let group = |one: &Consumer| match showing.group? {
            By::Kind => None,
            By::Owner => Some(one.owner.clone()),
            By::Environment => Some(one.environment.clone()),
        };
        let shown =
            || records.consumers.iter().filter(|one| !showing.hide.contains(&one.environment));
        let closed = closed(shown().filter_map(group), showing);
        for one in shown() {
            let at = match group(one).filter(|group| closed.contains(group)) {
                Some(group) => self.node(format!("consumers:{group}"), &group, 2, None),
                None => self.node(consumer_key(one.id), &one.name, 2, None),
            };
            self.consumers.insert(one.id, at);
        }
    }

    pub(super) fn links(&mut self, records: &Records) {
        let mut reloads: BTreeMap<ConsumerId, (Reload, u32)> = BTreeMap::new();
        for one in &records.bindings {
            let ends = self.credentials.get(&one.credential).zip(self.consumers.get(&one.consumer));
            let Some((from, to)) = ends else { continue };
            let evidence = if one.seen.is_some() { Evidence::Seen } else { Evidence::SetUp };
            self.link(Edge {
                from: *from,
                to: *to,
                count: 1,
                evidence,
                seen: one.seen,
                since: Some(one.since),
                reload: Some(one.reload),
            });
            let most = reloads.entry(one.consumer).or_insert((one.reload, 0));
            most.0 = the_more_disturbing(most.0, one.reload);
            if one.reload == Reload::Restart {
                most.1 = most.1.max(one.away_s);
            }
        }
        for (consumer, (reload, away_s)) in reloads {
            let Some(user) = self.consumers.get(&consumer).copied() else { continue };
            self.reload(user, reload, away_s);
        }
        for account in &records.accounts {
            let Some(to) = self.accounts.get(&account.id) else { continue };
            let from = account.logs_in_with.iter().filter_map(|id| self.credentials.get(id));
            self.back.extend(from.map(|from| (*from, *to)));
        }
    }

    fn reload(&mut self, consumer: u32, reload: Reload, away_s: u32) {
        let Some(user) = self.nodes.get(consumer as usize) else { return };
        let (key, name) = (format!("reload:{}", user.key), user.name.clone());
        let at = self.node(key, &name, 3, None);
        self.reloads.insert(consumer, at);
        if let Some(node) = self.nodes.get_mut(at as usize) {
            let before = node.reload.unwrap_or(reload);
            node.reload = Some(the_more_disturbing(before, reload));
            node.restarts += u32::from(reload == Reload::Restart);
            node.away_s = node.away_s.saturating_add(away_s);
        }
    }

    fn link(&mut self, new: Edge) {
        let edge = self.edges.entry((new.from, new.to)).or_insert(Edge { count: 0, ..new });
        edge.count += 1;
        edge.evidence = edge.evidence.max(new.evidence);
        edge.seen = edge.seen.zip(new.seen).map(|(one, other)| one.min(other));
        edge.since = edge.since.max(new.since);
        edge.reload = match (edge.reload, new.reload) {
            (Some(one), Some(other)) => Some(the_more_disturbing(one, other)),
            (one, other) => one.or(other),
        };
    }

    /// The same in an order of its own, whatever it came in.
    pub(super) fn in_order(self) -> Graph {
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let lower: Vec<String> = self.nodes.iter().map(|node| node.name.to_lowercase()).collect();
        let mut order: Vec<usize> = (0..self.nodes.len()).collect();
        order.sort_by_key(|at| {
            self.nodes.get(*at).map(|node| (node.column, lower.get(*at), &node.key))
        });
        let mut place = vec![0_u32; order.len()];
        for (new, old) in order.iter().enumerate() {
            if let Some(place) = place.get_mut(*old) {
                *place = number(new);
            }
        }
        let at = |old: u32| place.get(old as usize).copied().unwrap_or_default();
        let nodes = order.iter().filter_map(|old| self.nodes.get(*old).cloned()).collect();
        let mut edges: Vec<Edge> = self
            .edges
            .into_values()
            .map(|edge| Edge { from: at(edge.from), to: at(edge.to), ..edge })
            .collect();
        edges.extend(self.reloads.iter().map(|(consumer, reload)| Edge {
            from: at(*consumer),
            to: at(*reload),
            count: 1,
            evidence: Evidence::SetUp,
            seen: None,
            since: None,
            reload: None,
        }));
        edges.sort_by_key(|edge| (edge.from, edge.to));
        let mut back: Vec<_> = self.back.iter().map(|(from, to)| (at(*from), at(*to))).collect();
        back.sort_unstable();
        Graph { nodes, edges, back, ..Graph::default() }
    }
}

fn the_more_disturbing(one: Reload, other: Reload) -> Reload {
    if disturbance(other) > disturbance(one) { other } else { one }
}

/// The groups that are shown as one node: of more than one, and not opened.
fn closed(all: impl Iterator<Item = String>, showing: &Showing) -> HashSet<String> {
    let mut counts: HashMap<String, u32> = HashMap::new();
    for group in all {
        *counts.entry(group).or_default() += 1;
    }
    counts.retain(|group, count| *count > 1 && !showing.open.contains(group));
    counts.into_keys().collect()
}

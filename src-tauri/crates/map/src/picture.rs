//! The map as a canvas draws it: one array a property, so that nothing has to be made per node.

use keyturn_model::{Kind, Status, Timestamp, rotation::Reload};
use serde::Serialize;
use ts_rs::TS;

use crate::{Evidence, Graph, Orphan, layout};

/// The map, laid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "MapPicture")]
pub struct Picture {
    /// The nodes.
    pub nodes: Nodes,
    /// The links from a column to the next.
    pub edges: Edges,
    /// The links back: a credential (its node), and the account that logs in with it.
    pub back: Vec<(u32, u32)>,
    /// The keys of accounts and credentials that depend on one another in a circle.
    pub circles: Vec<Vec<String>>,
    /// What lacks its other end.
    pub orphans: Vec<Orphan>,
    /// How many links are left out because they cannot be read.
    pub unread: u32,
}

/// The nodes, one array a property.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "MapNodes")]
pub struct Nodes {
    /// Names each for ever: `account:…`, `issuer:…`, `credential:…`, `consumer:…`, `credentials:…` and `consumers:…`
    /// (groups), `reload:` and the key of the consumer.
    pub key: Vec<String>,
    /// What people call it; of a group the word it is gathered by.
    pub name: Vec<String>,
    /// 0 issuer, 1 credential, 2 consumer, 3 reload.
    pub column: Vec<u8>,
    /// From the left.
    pub x: Vec<i32>,
    /// From the top.
    pub y: Vec<i32>,
    /// How many it stands for.
    pub count: Vec<u32>,
    /// What it is, where it is a credential.
    pub kind: Vec<Option<Kind>>,
    /// What needs doing, where it is a credential.
    pub status: Vec<Option<Status>>,
    /// How a new value is taken up, where it is a reload.
    pub reload: Vec<Option<Reload>>,
    /// How many are restarted, where it is a reload.
    pub restarts: Vec<u32>,
    /// About how long they are away, in seconds.
    pub away_s: Vec<u32>,
}

/// The links, one array a property.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "MapEdges")]
pub struct Edges {
    /// From which node.
    pub from: Vec<u32>,
    /// To which.
    pub to: Vec<u32>,
    /// How many links it stands for.
    pub count: Vec<u32>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// When it was last seen to work.
    pub seen: Vec<Option<Timestamp>>,
    /// Since when it is as it is.
    pub since: Vec<Option<Timestamp>>,
    /// How a new value is taken up, where a consumer uses a credential.
    pub reload: Vec<Option<Reload>>,
}

impl Picture {
    /// The map, laid out.
    #[must_use]
    pub fn of(graph: Graph) -> Self {
        let places = layout(&graph);
        let mut nodes = Nodes::default();
        for (node, place) in graph.nodes.into_iter().zip(places) {
            nodes.key.push(node.key);
            nodes.name.push(node.name);
            nodes.column.push(node.column);
            nodes.x.push(place.x);
            nodes.y.push(place.y);
            nodes.count.push(node.count);
            nodes.kind.push(node.kind);
            nodes.status.push(node.status);
            nodes.reload.push(node.reload);
            nodes.restarts.push(node.restarts);
            nodes.away_s.push(node.away_s);
        }
        let mut edges = Edges::default();
        for edge in graph.edges {
            edges.from.push(edge.from);
            edges.to.push(edge.to);
            edges.count.push(edge.count);
            edges.evidence.push(edge.evidence);
            edges.seen.push(edge.seen);
            edges.since.push(edge.since);
            edges.reload.push(edge.reload);
        }
        let Graph { back, circles, orphans, unread, .. } = graph;
        Self { nodes, edges, back, circles, orphans, unread }
    }
}

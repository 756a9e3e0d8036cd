//! How long the layout of a large map takes, and how it grows: `cargo run --release -p keyturn-map --example layout`.
//! A line each: nodes, links, milliseconds for the graph and for its layout, crossings.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "it measures and tells")]
#![allow(missing_docs, reason = "a program of its own")]

#[path = "../tests/made/mod.rs"]
mod made;

use std::{collections::BTreeSet, time::Instant};

use keyturn_map::{Binding, Graph, Records, Showing, crossings, layout};
use keyturn_model::{Timestamp, rotation::Reload};
use made::{Chance, numbered};

/// So often each is measured, in turns: what else the machine does then adds to all of them.
const ROUNDS: usize = 50;

fn main() {
    let mut sizes = [500, 1000, 2000, 5000].map(|nodes| {
        let records = large(nodes);
        let graph = Graph::of(&records, &Showing::default());
        (records, graph, f64::INFINITY, f64::INFINITY)
    });
    for _ in 0..ROUNDS {
        for (records, graph, built, laid) in &mut sizes {
            *built = built.min(took(|| drop(Graph::of(records, &Showing::default()))));
            *laid = laid.min(took(|| drop(layout(graph))));
        }
    }
    for (_, graph, built, laid) in sizes {
        let (nodes, links) = (graph.nodes.len(), graph.edges.len());
        let found = crossings(&graph, &layout(&graph));
        println!("{nodes} {links} {built:.3} {laid:.3} {found}");
    }
}

/// In milliseconds.
fn took(work: impl Fn()) -> f64 {
    let begun = Instant::now();
    work();
    begun.elapsed().as_secs_f64() * 1000.0
}

/// So many nodes, and four links each.
fn large(nodes: usize) -> Records {
    let mut chance = Chance(1);
    let each = nodes * 3 / 10;
    let mut records = Records::default();
    for number in 0..nodes / 10 {
        records.accounts.push(made::account(0, &format!("issuer-{number}")));
        records.accounts[number].id = numbered(number);
    }
    for number in 0..each {
        let mut one = made::credential(0, &format!("credential-{number}"));
        one.id = numbered(number);
        one.account = Some(numbered(chance.below(nodes / 10)));
        records.credentials.push(one);
        let mut one = made::consumer(0, &format!("consumer-{number}"));
        one.id = numbered(number);
        records.consumers.push(one);
    }
    // Each is another one: an issuer's and a reload's link for each makes up the four.
    let mut pairs = BTreeSet::new();
    while pairs.len() < nodes * 4 - 2 * each {
        let near = (pairs.len() / 12 + chance.below(each / 8)) % each;
        pairs.insert((near, (near + chance.below(each / 4)) % each));
    }
    records.bindings.extend(pairs.into_iter().map(|(credential, consumer)| Binding {
        credential: numbered(credential),
        consumer: numbered(consumer),
        reload: Reload::Live,
        away_s: 0,
        seen: None,
        since: Timestamp(0),
    }));
    records
}

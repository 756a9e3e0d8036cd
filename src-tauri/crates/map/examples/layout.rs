//! How long the layout of a large map takes, and how it grows: `cargo run --release -p keyturn-map --example layout`.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "it measures and tells")]
#![allow(missing_docs, reason = "a program of its own")]

#[path = "../tests/made/mod.rs"]
mod made;

use std::time::Instant;

use keyturn_map::{Binding, Graph, Picture, Records, Showing, crossings, layout};
use keyturn_model::{Timestamp, rotation::Reload};
use made::{Chance, numbered};

fn main() {
    for nodes in [500, 1000, 2000, 5000] {
        let records = large(nodes);
        let begun = Instant::now();
        let graph = Graph::of(&records, &Showing::default());
        let built = begun.elapsed();
        let begun = Instant::now();
        let places = layout(&graph);
        let laid = begun.elapsed();
        let (count, links, found) =
            (graph.nodes.len(), graph.edges.len(), crossings(&graph, &places));
        let begun = Instant::now();
        let picture = Picture::of(graph);
        let whole = begun.elapsed();
        println!(
            "{count} nodes, {links} links: graph {built:?}, layout {laid:?}, picture with layout {whole:?}, {found} \
             crossings, {} keys",
            picture.nodes.key.len()
        );
    }
}

/// About so many nodes, and four links each.
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
    for number in 0..nodes * 4 - 2 * each {
        let near = (number / 12 + chance.below(each / 8)) % each;
        records.bindings.push(Binding {
            credential: numbered(near),
            consumer: numbered((near + chance.below(each / 4)) % each),
            reload: Reload::Live,
            away_s: 0,
            seen: None,
            since: Timestamp(0),
        });
    }
    records
}

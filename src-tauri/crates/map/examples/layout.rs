//! How long the layout of a large map takes, and how it grows: `cargo run --release -p keyturn-map --example layout`.
//! A line each: nodes, links, milliseconds for the graph and for its layout, crossings.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "it measures and tells")]
#![allow(missing_docs, reason = "a program of its own")]

#[path = "../tests/made/mod.rs"]
mod made;

use std::time::Instant;

use keyturn_map::{Binding, Graph, Records, Showing, crossings, layout};
use keyturn_model::{Timestamp, rotation::Reload};
use made::{Chance, numbered};

/// So often each is measured.
const ROUNDS: usize = 7;

fn main() {
    for nodes in [500, 1000, 2000, 5000] {
        let records = large(nodes);
        let graph = Graph::of(&records, &Showing::default());
        let built = least(|| drop(Graph::of(&records, &Showing::default())));
        let laid = least(|| drop(layout(&graph)));
        let (count, links, found) =
            (graph.nodes.len(), graph.edges.len(), crossings(&graph, &layout(&graph)));
        println!("{count} {links} {built:.3} {laid:.3} {found}");
    }
}

/// The least of some times, in milliseconds: whatever else the machine does only adds to it.
fn least(work: impl Fn()) -> f64 {
    let once = |_| {
        let begun = Instant::now();
        work();
        begun.elapsed().as_secs_f64() * 1000.0
    };
    (0..ROUNDS).map(once).fold(f64::INFINITY, f64::min)
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

//! The dependency map: the same picture of the same records, and what it says about them.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

mod made;

use std::collections::{BTreeMap, BTreeSet};

use keyturn_map::{
    By, Evidence, Graph, OrphanWhy, Picture, Showing, Threat, crossings, dot, layout, map_svg,
    radius,
};
use keyturn_model::{Timestamp, rotation::Reload};
use made::{Chance, account, any_records, binding, consumer, credential, shop};

#[test]
fn the_picture_does_not_depend_on_the_order_of_the_records() {
    for seed in 0..60 {
        let mut chance = Chance(seed);
        let records = any_records(&mut chance, 40);
        let mut other = records.clone();
        chance.shuffle(&mut other.accounts);
        chance.shuffle(&mut other.credentials);
        chance.shuffle(&mut other.consumers);
        chance.shuffle(&mut other.bindings);
        for group in [None, Some(By::Owner), Some(By::Environment), Some(By::Kind)] {
            let showing = Showing { group, ..Showing::default() };
            let one = Picture::of(Graph::of(&records, &showing));
            assert_eq!(one, Picture::of(Graph::of(&other, &showing)), "seed {seed}, {group:?}");
        }
    }
}

#[test]
fn no_two_nodes_lie_on_one_another_and_links_lead_to_the_next_column() {
    for seed in 0..60 {
        let graph = Graph::of(&any_records(&mut Chance(seed), 60), &Showing::default());
        let places = layout(&graph);
        assert_eq!(places.len(), graph.nodes.len());
        let mut taken: BTreeMap<i32, Vec<i32>> = BTreeMap::new();
        for place in &places {
            taken.entry(place.x).or_default().push(place.y);
        }
        for rows in taken.values_mut() {
            rows.sort_unstable();
            assert!(rows.windows(2).all(|two| two[1] - two[0] >= 44), "seed {seed}: {rows:?}");
            assert!(rows[0] >= 0, "seed {seed}: {rows:?}");
        }
        for edge in &graph.edges {
            let column = |at: u32| graph.nodes[at as usize].column;
            assert_eq!(column(edge.to), column(edge.from) + 1, "seed {seed}");
        }
    }
}

#[test]
fn the_layout_crosses_fewer_links_than_the_names_in_order_do() {
    let (mut before, mut after) = (0, 0);
    for seed in 0..40 {
        let graph = Graph::of(&any_records(&mut Chance(seed), 60), &Showing::default());
        let mut row = 0;
        let plain: Vec<_> = graph
            .nodes
            .iter()
            .map(|node| {
                row += 1;
                keyturn_map::Place { x: i32::from(node.column), y: row }
            })
            .collect();
        let (one, other) = (crossings(&graph, &plain), crossings(&graph, &layout(&graph)));
        assert!(other <= one, "seed {seed}: {one} became {other}");
        before += one;
        after += other;
    }
    assert!(after * 10 < before * 9, "{before} became {after}");
}

#[test]
fn crossings_are_those_that_can_be_counted_two_by_two() {
    for seed in 0..30 {
        let graph = Graph::of(&any_records(&mut Chance(seed), 25), &Showing::default());
        let places = layout(&graph);
        let ends = |at: usize| {
            let edge = &graph.edges[at];
            let y = |node: u32| places[node as usize].y;
            (graph.nodes[edge.from as usize].column, y(edge.from), y(edge.to))
        };
        let mut counted = 0;
        for one in 0..graph.edges.len() {
            for other in 0..one {
                let (a, b) = (ends(one), ends(other));
                let cross = (a.1 < b.1 && a.2 > b.2) || (a.1 > b.1 && a.2 < b.2);
                counted += u64::from(a.0 == b.0 && a.0 < 2 && cross);
            }
        }
        assert_eq!(crossings(&graph, &places), counted, "seed {seed}");
    }
}

#[test]
fn a_map_of_nothing_is_empty() {
    let picture = Picture::of(Graph::of(&keyturn_map::Records::default(), &Showing::default()));
    assert!(picture.nodes.key.is_empty() && picture.orphans.is_empty());
}

#[test]
fn an_account_that_rotates_what_it_logs_in_with_is_a_circle_and_so_are_two_that_rotate_each_other()
{
    let mut records = shop();
    assert!(Graph::of(&records, &Showing::default()).circles.is_empty());
    records.accounts[0].logs_in_with = vec![credential(1, "").id];
    let graph = Graph::of(&records, &Showing::default());
    let keys = |account: u8, credential: u8| {
        [
            format!("account:{}", made::id::<()>(account)),
            format!("credential:{}", made::id::<()>(credential)),
        ]
    };
    assert_eq!(graph.circles, [keys(1, 1)]);
    assert_eq!(graph.back.len(), 1);

    let mut records = shop();
    records.accounts.push(account(2, "second"));
    records.credentials[1].account = Some(account(2, "").id);
    records.accounts[0].logs_in_with = vec![credential(2, "").id];
    records.accounts[1].logs_in_with = vec![credential(1, "").id];
    let circles = Graph::of(&records, &Showing::default()).circles;
    assert_eq!(circles.len(), 1);
    let wanted: BTreeSet<_> = keys(1, 1).into_iter().chain(keys(2, 2)).collect();
    assert_eq!(circles[0].iter().cloned().collect::<BTreeSet<_>>(), wanted);

    // One that only logs in with what another rotates depends on it, and not on itself.
    let mut records = shop();
    records.accounts.push(account(2, "second"));
    records.accounts[1].logs_in_with = vec![credential(1, "").id];
    assert!(Graph::of(&records, &Showing::default()).circles.is_empty());
}

#[test]
fn what_lacks_its_other_end_is_an_orphan() {
    let mut records = shop();
    assert_eq!(Graph::of(&records, &Showing::default()).orphans, []);
    records.credentials.push(credential(9, "unused"));
    records.consumers.push(consumer(9, "idle"));
    records.accounts.push(account(9, "empty"));
    let graph = Graph::of(&records, &Showing { group: Some(By::Owner), ..Showing::default() });
    let found: Vec<_> = graph.orphans.iter().map(|one| (one.name.as_str(), one.why)).collect();
    assert_eq!(
        found,
        [
            ("empty", OrphanWhy::NoLiveCredential),
            ("idle", OrphanWhy::NoCredential),
            ("unused", OrphanWhy::NoConsumer),
        ]
    );
    // What only an account logs in with is used.
    records.accounts[0].logs_in_with = vec![credential(9, "").id];
    let orphans = Graph::of(&records, &Showing::default()).orphans;
    assert!(orphans.iter().all(|one| one.why != OrphanWhy::NoConsumer));
}

#[test]
fn a_group_stands_for_all_that_are_in_it_until_it_is_opened() {
    let records = shop();
    let showing = Showing { group: Some(By::Owner), ..Showing::default() };
    let graph = Graph::of(&records, &showing);
    let group = graph.nodes.iter().find(|node| node.key == "consumers:payments").expect("grouped");
    assert_eq!(group.count, 2);
    let reload = graph.nodes.iter().find(|node| node.key == "reload:consumers:payments");
    let reload = reload.expect("there");
    assert_eq!((reload.restarts, reload.away_s, reload.reload), (2, 90, Some(Reload::Restart)));
    let all: u32 = graph.edges.iter().filter(|it| it.reload.is_some()).map(|it| it.count).sum();
    assert_eq!(all as usize, records.bindings.len());

    let opened = Showing { open: vec!["payments".into()], ..showing };
    let graph = Graph::of(&records, &opened);
    assert!(graph.nodes.iter().all(|node| !node.key.starts_with("consumers:")));
}

#[test]
fn an_environment_that_is_hidden_takes_its_links_with_it() {
    let mut records = shop();
    records.consumers[0].environment = "dev".into();
    let graph = Graph::of(&records, &Showing { hide: vec!["dev".into()], ..Showing::default() });
    assert!(graph.nodes.iter().all(|node| node.name != "web-app"));
    assert!(graph.edges.iter().all(|edge| (edge.to as usize) < graph.nodes.len()));
    assert_eq!(graph.orphans, [], "it is still used");
}

#[test]
fn a_link_says_what_it_rests_on_and_how_old_that_is() {
    let mut records = shop();
    records.credentials[1].account = None;
    records.credentials[1].issuer = "mail.example".into();
    records.bindings[0].seen = Some(Timestamp(5));
    let graph = Graph::of(&records, &Showing::default());
    let edge = |from: &str, to: &str| {
        let at = |name: &str| {
            graph.nodes.iter().position(|node| node.name == name && node.column < 3).expect(name)
        };
        let ends = (at(from) as u32, at(to) as u32);
        *graph.edges.iter().find(|it| (it.from, it.to) == ends).expect("a link")
    };
    assert_eq!(edge("mail.example", "mail-relay").evidence, Evidence::Said);
    let used = edge("payment-gateway", "web-app");
    assert_eq!((used.evidence, used.seen), (Evidence::Seen, Some(Timestamp(5))));
    let used = edge("payment-gateway", "mobile-backend");
    assert_eq!((used.evidence, used.seen), (Evidence::SetUp, None));
}

#[test]
fn the_radius_tells_who_restarts_whom_to_tell_and_for_how_long() {
    let records = shop();
    let gateway = BTreeSet::from([records.credentials[0].id]);
    let found = radius(&records, &gateway, Threat::Rotate);
    assert_eq!((found.consumers.len(), found.restarts, found.stops, found.down_s), (3, 2, 0, 90));
    assert_eq!(found.tell, ["data", "payments"]);
    assert!(found.keys.contains(&format!("account:{}", made::id::<()>(1))));

    let found = radius(&records, &gateway, Threat::End);
    assert_eq!((found.stops, found.restarts, found.down_s), (3, 0, 0));
    let found = radius(&records, &gateway, Threat::Leave);
    assert_eq!((found.consumers.len(), found.stops, found.restarts), (3, 0, 0));
    assert_eq!(radius(&records, &BTreeSet::new(), Threat::End), keyturn_map::Radius::default());
}

#[test]
fn the_radius_of_several_is_no_smaller_than_that_of_each() {
    for seed in 0..40 {
        let records = any_records(&mut Chance(seed), 30);
        let all: BTreeSet<_> = records.credentials.iter().map(|one| one.id).collect();
        let whole = radius(&records, &all, Threat::Rotate);
        let keys: BTreeSet<_> = whole.keys.iter().collect();
        let mut restarts = 0;
        for one in &all {
            let part = radius(&records, &BTreeSet::from([*one]), Threat::Rotate);
            assert!(part.keys.iter().all(|key| keys.contains(key)), "seed {seed}");
            restarts += part.restarts;
        }
        assert_eq!(restarts, whole.restarts, "seed {seed}");
    }
}

#[test]
fn an_account_that_logs_in_with_it_is_cut_off() {
    let mut records = shop();
    records.accounts[0].logs_in_with = vec![credential(1, "").id];
    let gateway = BTreeSet::from([credential(1, "").id]);
    assert_eq!(radius(&records, &gateway, Threat::End).cut_off, ["payment.example"]);
    assert!(radius(&records, &gateway, Threat::Leave).cut_off.is_empty());
}

#[test]
fn names_cannot_break_out_of_a_picture() {
    let mut records = shop();
    records.credentials[0].name = "<script>\"&'\\\u{0}\n".into();
    records.bindings.push(binding(2, 1, Reload::Live, 0));
    let picture = Picture::of(Graph::of(&records, &Showing::default()));
    let svg = map_svg(&picture);
    assert!(svg.contains("&lt;script&gt;&quot;&amp;&#39;\\  </text>"), "{svg}");
    assert!(!svg.contains("<script"));
    assert_eq!(svg.matches("<svg").count(), svg.matches("</svg>").count());
    let dot = dot(&picture);
    assert!(dot.contains(r#"[label="<script>\"&'\\  "]"#), "{dot}");
}

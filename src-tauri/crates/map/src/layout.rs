//! Where each node of the map lies: four columns, few crossings, whole numbers.
//!
//! Columns are put in order by the mean of their neighbours, back and forth; the order with the fewest crossings is
//! taken. Nothing here depends on chance, on floating point or on the order of the records.

use crate::Graph;

/// From one column to the next.
const COLUMN: i32 = 280;
/// From one row to the next.
const ROW: i32 = 44;
/// So often the columns are put in order, forth and back.
const SWEEPS: usize = 6;
/// The columns that have an order of their own; a reload lies beside its consumer.
const ORDERED: usize = 3;

/// Where a node lies: its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
}

/// Where each node lies, in the order of the nodes.
#[must_use]
pub fn layout(graph: &Graph) -> Vec<Place> {
    let mut order = Order::of(graph);
    let mut best = order.columns.clone();
    let mut fewest = order.crossings();
    for _ in 0..SWEEPS {
        if fewest == 0 {
            break;
        }
        for column in 1..ORDERED {
            order.arrange(column, true);
        }
        for column in (0..ORDERED - 1).rev() {
            order.arrange(column, false);
        }
        let crossings = order.crossings();
        if crossings < fewest {
            fewest = crossings;
            best.clone_from(&order.columns);
        }
    }
    order.take(best);
    order.places(graph)
}

/// How many pairs of links cross in the order in which the nodes lie from the top.
#[must_use]
pub fn crossings(graph: &Graph, places: &[Place]) -> u64 {
    let mut order = Order::of(graph);
    let mut columns = order.columns.clone();
    for column in &mut columns {
        column.sort_by_key(|node| places.get(*node as usize).map(|place| place.y));
    }
    order.take(columns);
    order.crossings()
}

/// The nodes of each column from the top, and where each stands.
struct Order {
    columns: Vec<Vec<u32>>,
    position: Vec<u32>,
    before: Near,
    after: Near,
}

/// The neighbours of all nodes, in one row.
struct Near {
    /// Where those of each node begin.
    begins: Vec<u32>,
    nodes: Vec<u32>,
}

impl Near {
    fn of(count: usize, links: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let (mut begins, mut total) = (vec![0; count + 1], 0);
        for (node, _) in links.clone() {
            if let Some(begin) = begins.get_mut(node as usize) {
                *begin += 1;
                total += 1;
            }
        }
        let mut end = 0;
        for begin in &mut begins {
            end += *begin;
            *begin = end;
        }
        let mut nodes = vec![0; total];
        for (node, other) in links {
            let Some(begin) = begins.get_mut(node as usize) else { continue };
            *begin -= 1;
            if let Some(place) = nodes.get_mut(*begin as usize) {
                *place = other;
            }
        }
        Self { begins, nodes }
    }

    fn to(&self, node: u32) -> &[u32] {
        let begin = |node: usize| self.begins.get(node).map_or(0, |begin| *begin as usize);
        self.nodes.get(begin(node as usize)..begin(node as usize + 1)).unwrap_or_default()
    }
}

impl Order {
    fn of(graph: &Graph) -> Self {
        let mut columns = vec![Vec::new(); ORDERED];
        for (at, node) in (0_u32..).zip(&graph.nodes) {
            if let Some(column) = columns.get_mut(usize::from(node.column)) {
                column.push(at);
            }
        }
        let count = graph.nodes.len();
        let is_reload =
            |node: u32| graph.nodes.get(node as usize).is_none_or(|node| node.column == 3);
        let links = graph.edges.iter().filter(|edge| !is_reload(edge.to));
        let mut order = Self {
            columns: Vec::new(),
            position: vec![0; count],
            before: Near::of(count, links.clone().map(|edge| (edge.to, edge.from))),
            after: Near::of(count, links.map(|edge| (edge.from, edge.to))),
        };
        order.take(columns);
        order
    }

    fn take(&mut self, columns: Vec<Vec<u32>>) {
        for column in &columns {
            for (at, node) in (0_u32..).zip(column) {
                if let Some(position) = self.position.get_mut(*node as usize) {
                    *position = at;
                }
            }
        }
        self.columns = columns;
    }

    fn at(&self, node: u32) -> u32 {
        self.position.get(node as usize).copied().unwrap_or_default()
    }

    fn neighbours(&self, node: u32, before: bool) -> &[u32] {
        if before { self.before.to(node) } else { self.after.to(node) }
    }

    /// Puts a column in order by the mean place of its neighbours; who has none stays about where it is.
    fn arrange(&mut self, column: usize, before: bool) {
        let Some(mut nodes) = self.columns.get(column).cloned() else { return };
        nodes.sort_by_cached_key(|node| {
            let near = self.neighbours(*node, before);
            let sum: u64 = near.iter().map(|other| u64::from(self.at(*other))).sum();
            // Those with the same mean stay in their order.
            let mean = (sum << 16).checked_div(near.len() as u64);
            mean.unwrap_or(u64::from(self.at(*node)) << 16)
        });
        for (at, node) in (0_u32..).zip(&nodes) {
            if let Some(position) = self.position.get_mut(*node as usize) {
                *position = at;
            }
        }
        if let Some(place) = self.columns.get_mut(column) {
            *place = nodes;
        }
    }

    fn crossings(&self) -> u64 {
        let pairs = self.columns.iter().zip(self.columns.iter().skip(1));
        pairs.map(|(left, right)| self.crossings_between(left, right.len())).sum()
    }

    /// Links in the order of their left ends; each crosses those before it that end further down. How many end where is
    /// counted in a tree of halves: the leaves are the ends, and further down is what lies to the right of the way up.
    fn crossings_between(&self, left: &[u32], right: usize) -> u64 {
        let leaves = right.next_power_of_two();
        let mut tree = vec![0_u32; 2 * leaves];
        let mut found = 0_u64;
        for node in left {
            let near = self.neighbours(*node, false);
            for other in near {
                let mut at = leaves + self.at(*other) as usize;
                while at > 1 {
                    let right = tree.get(at | 1).copied().unwrap_or_default();
                    found += u64::from(if at.is_multiple_of(2) { right } else { 0 });
                    at /= 2;
                }
            }
            for other in near {
                let mut at = leaves + self.at(*other) as usize;
                while let Some(count) = tree.get_mut(at).filter(|_| at > 1) {
                    *count += 1;
                    at /= 2;
                }
            }
        }
        found
    }

    /// The longest column is set row by row; the others lie at the mean of their neighbours there, as far as there
    /// is room.
    fn places(&self, graph: &Graph) -> Vec<Place> {
        let rows = self.columns.iter().map(Vec::len).max().unwrap_or_default();
        let longest = self.columns.iter().position(|column| column.len() == rows).unwrap_or(0);
        let height = number(rows) * ROW;
        let mut y = vec![None; graph.nodes.len()];
        let ordered = std::iter::once(longest)
            .chain((0..longest).rev())
            .chain(longest + 1..self.columns.len());
        for column in ordered {
            let Some(nodes) = self.columns.get(column) else { continue };
            let before = column > longest;
            let wished = (0_u32..).zip(nodes).map(|(at, node)| {
                let near = self.neighbours(*node, before);
                let set = near.iter().filter_map(|other| y.get(*other as usize).copied().flatten());
                let (sum, count) =
                    set.fold((0, 0), |(sum, count), y| (sum + i64::from(y), count + 1));
                let mean = sum.checked_div(count).and_then(|y| i32::try_from(y).ok());
                let row = i32::try_from(at).unwrap_or(i32::MAX / ROW) * ROW;
                mean.filter(|_| column != longest).unwrap_or(row)
            });
            let set = apart(wished.collect(), height);
            for (node, at) in nodes.iter().zip(set) {
                if let Some(y) = y.get_mut(*node as usize) {
                    *y = Some(at);
                }
            }
        }
        for edge in &graph.edges {
            let reload = graph.nodes.get(edge.to as usize).is_some_and(|node| node.column == 3);
            let beside = y.get(edge.from as usize).copied().flatten().filter(|_| reload);
            if let (Some(beside), Some(y)) = (beside, y.get_mut(edge.to as usize)) {
                *y = Some(beside);
            }
        }
        let place = |(node, y): (&crate::Node, Option<i32>)| Place {
            x: i32::from(node.column) * COLUMN,
            y: y.unwrap_or_default(),
        };
        graph.nodes.iter().zip(y).map(place).collect()
    }
}

/// The same places in the same order, a row apart each, none below `height` while there is room.
fn apart(mut wished: Vec<i32>, height: i32) -> Vec<i32> {
    let mut free = 0;
    for y in &mut wished {
        *y = (*y).max(free);
        free = *y + ROW;
    }
    let mut free = height;
    for y in wished.iter_mut().rev() {
        *y = (*y).min(free - ROW);
        free = *y;
    }
    wished
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / ROW)
}

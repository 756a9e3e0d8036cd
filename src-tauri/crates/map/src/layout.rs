//! Where each node of the map lies: four columns, few crossings, whole numbers.
//!
//! Columns are put in order by the mean of their neighbours, back and forth; the order with the fewest crossings is
//! taken. Nothing here depends on chance, on floating point or on the order of the records.

use crate::{Edge, Graph};

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
    before: Vec<Vec<u32>>,
    after: Vec<Vec<u32>>,
}

impl Order {
    fn of(graph: &Graph) -> Self {
        let mut columns = vec![Vec::new(); ORDERED];
        for (at, node) in (0_u32..).zip(&graph.nodes) {
            if let Some(column) = columns.get_mut(usize::from(node.column)) {
                column.push(at);
            }
        }
        let mut before = vec![Vec::new(); graph.nodes.len()];
        let mut after = before.clone();
        for Edge { from, to, .. } in &graph.edges {
            let reload = graph.nodes.get(*to as usize).is_none_or(|node| node.column == 3);
            if let Some(list) = after.get_mut(*from as usize).filter(|_| !reload) {
                list.push(*to);
            }
            if let Some(list) = before.get_mut(*to as usize).filter(|_| !reload) {
                list.push(*from);
            }
        }
        let mut order =
            Self { columns: Vec::new(), position: vec![0; graph.nodes.len()], before, after };
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
        let lists = if before { &self.before } else { &self.after };
        lists.get(node as usize).map_or(&[], Vec::as_slice)
    }

    /// Puts a column in order by the mean place of its neighbours; who has none stays about where it is.
    fn arrange(&mut self, column: usize, before: bool) {
        let Some(mut nodes) = self.columns.get(column).cloned() else { return };
        nodes.sort_by_cached_key(|node| {
            let near = self.neighbours(*node, before);
            let sum: u64 = near.iter().map(|other| u64::from(self.at(*other))).sum();
            let own = u64::from(self.at(*node));
            let mean = (sum << 16).checked_div(near.len() as u64);
            (mean.unwrap_or(own << 16), own)
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

    /// Links in the order of their left ends; each crosses those before it that end further down.
    fn crossings_between(&self, left: &[u32], right: usize) -> u64 {
        let mut tree = vec![0_u64; right + 1];
        let (mut seen, mut found) = (0_u64, 0_u64);
        for node in left {
            let mut ends: Vec<usize> = self
                .neighbours(*node, false)
                .iter()
                .map(|other| self.at(*other) as usize + 1)
                .collect();
            ends.sort_unstable();
            for end in &ends {
                let (mut at, mut above) = (*end, 0);
                while at > 0 {
                    above += tree.get(at).copied().unwrap_or_default();
                    at &= at - 1;
                }
                found += seen - above;
            }
            for end in ends {
                let mut at = end;
                while let Some(count) = tree.get_mut(at) {
                    *count += 1;
                    at += at & at.wrapping_neg();
                }
                seen += 1;
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
                let near: Vec<i32> = self
                    .neighbours(*node, before)
                    .iter()
                    .filter_map(|other| y.get(*other as usize).copied().flatten())
                    .collect();
                let sum: i64 = near.iter().map(|y| i64::from(*y)).sum();
                let mean = sum.checked_div(near.len() as i64).and_then(|y| i32::try_from(y).ok());
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

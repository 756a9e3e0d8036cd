//! The dependency map and the expiry timeline, computed: plain data in, plain data out.
//!
//! No IO here, no clock, no randomness, and never a secret: a picture is made of names, links and dates. The same
//! records give the same picture on every machine, in whatever order they come.

mod calendar;
mod graph;
mod layout;
mod moving;
mod picture;
mod radius;
mod text;
mod timeline;

pub use calendar::calendar;
pub use graph::{
    Account, Binding, By, Consumer, Credential, Edge, Evidence, Graph, Node, Orphan, OrphanWhy,
    Records, Showing, Unread, credential_key,
};
pub use layout::{Place, crossings, layout};
pub use moving::{Plan, Refused, may_move};
pub use picture::{Edges, Nodes, Picture};
pub use radius::{Hit, Radius, Threat, radius};
pub use text::{dot, map_svg, timeline_svg};
pub use timeline::{
    Clash, Item, Lane, Look, Restarted, Rows, SpanKind, Spans, Timeline, clashes, timeline,
};

//! The domain in plain types, and the traits that the outside implements.
//!
//! No IO here, no database, no clock and no randomness of its own: those are handed in.

pub mod channel;
mod credential;
mod id;
pub mod incident;
mod kind;
mod member;
mod name;
mod outside;
mod policy;
mod query;
pub mod reminder;
pub mod rotation;
pub mod setup;

pub use credential::{
    Counters, Credential, Dates, Metadata, MetadataFault, OWN_FIELD, PolicyChoice, Row, SavedView,
    Schedule, Stage, Status, Version,
};
pub use id::{
    AccountId, BindingId, ChannelId, ConsumerId, CredentialId, Id, IncidentId, MemberId, MuteId,
    PolicyId, RunId, SavedViewId, VaultId,
};
pub use kind::{Field, Kind, Shape};
pub use member::{Permission, Role};
pub use name::{Name, NameError};
pub use outside::{Clock, Entropy, Timestamp};
pub use policy::{Framework, Policy, PolicyFault, Risk, Rule, Since, Window, emergency_hours};
pub use query::{Column, Filter, GroupBy, Ordering, PolicyIs, Query, SortBy, What};

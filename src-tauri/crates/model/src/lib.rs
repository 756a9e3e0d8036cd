//! The domain in plain types, and the traits that the outside implements.
//!
//! No IO here, no database, no clock and no randomness of its own: those are handed in.

mod id;
mod member;
mod name;
mod outside;

pub use id::{CredentialId, Id, MemberId, VaultId};
pub use member::{Permission, Role};
pub use name::{Name, NameError};
pub use outside::{Clock, Entropy, Timestamp};

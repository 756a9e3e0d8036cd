//! Rotation in plain types, and what it asks of the world: issuers, consumers, a durable journal.
//!
//! The engine runs it over these traits alone; vault, issuers and deliveries implement them.

mod ability;
mod consumer;
mod fault;
mod issuer;
mod journal;
mod run;
mod trouble;

use std::{future::Future, pin::Pin};

pub use ability::{Abilities, Making, Reload, Uptake};
pub use consumer::{Consumer, Health};
pub use fault::{Fault, Why};
pub use issuer::{Held, Issuer, Listed, Minted, Standing, Value};
pub use journal::{Change, Entry, InInbox, Journal, JournalFault, Orphan, Outside, Side, Stored};
pub use run::{Binding, Mark, Order, Outcome, Place, Run, State};
pub use trouble::{Asked, Next, Trouble, Wish};

/// What is awaited from the world. It may be dropped at any time, as by the end of the process.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

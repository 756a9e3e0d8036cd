//! Finds who uses the credentials of a vault, and where their values lie, in files of this computer.
//!
//! Nothing is changed, nothing is sent, and nothing found says more of a value than whose it is: no value, and no
//! line that one stands in, leaves this crate. What a file may ask of the machine is bounded before it is done.

mod folder;
mod forms;
mod found;
mod git;
mod grams;
mod known;
mod limits;
mod proposal;
mod readers;
mod refused;
mod report;
mod search;
#[cfg(test)]
mod testing;
mod tree;

pub use found::{Seen, Sighting, Source, Spot, Use, VersionId};
pub use git::find_program;
pub use known::Known;
pub use limits::Limits;
pub use proposal::{Proposal, Rescan, compare, propose};
pub use readers::{Format, Given, read};
pub use refused::Refused;
pub use report::{Report, read_report};
pub use search::{Found, Progress, Search, Skipped, search, search_text};

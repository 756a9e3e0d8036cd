//! What goes out of this computer to places that people gave: one HTTP client, and connections to databases, mail
//! servers and ports. Where it may go, how long it waits, how much it reads, and whether what failed may have been done.
//!
//! The client never follows a redirect, never asks twice, and never falls back to less than verified TLS.

mod address;
mod client;
mod dial;
mod faults;
pub mod login;
pub mod mail;
mod names;
mod reach;
#[cfg(test)]
mod tests;

pub use address::check;
pub use client::{Answer, Client, Request, Unusable};
pub use dial::{dial, host_fault};
pub use faults::fault_of;
pub use reqwest::Method;
pub use url::Url;

//! The one HTTP client for addresses that people gave: where it may go, how long it waits, how much it
//! reads, and whether what failed may have been done.
//!
//! It never follows a redirect, never asks twice, and never falls back to less than verified TLS.

mod address;
mod client;
mod faults;
mod names;
mod reach;
#[cfg(test)]
mod tests;

pub use address::check;
pub use client::{Answer, Client, Request, Unusable};
pub use faults::fault_of;
pub use reqwest::Method;
pub use url::Url;

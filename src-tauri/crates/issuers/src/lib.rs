//! The systems that make, accept and revoke values, each behind the trait that the engine knows.

mod database;
mod login;
pub mod mariadb;
pub mod mysql;
mod mysql_kept;
mod mysql_wire;
pub mod postgres;
pub mod redis;
mod way;

pub use database::{Need, Tested, faults};
//! The systems that make, accept and revoke values, as the engine asks for them.

pub mod around;
pub mod by_hand;
mod json;
pub mod sandbox;
pub mod template;
pub mod webhook;

use std::sync::Arc;

use keyturn_model::{
    rotation::Issuer,
    setup::{IssuerSetup, SetupFault},
};

use around::Around;

/// The issuer of a setup, where it is one that is asked over HTTP or by hand.
///
/// # Errors
/// What is wrong with the setup.
#[must_use]
pub fn over_http(
    setup: &IssuerSetup,
    around: &Around<'_>,
) -> Option<Result<Arc<dyn Issuer>, Vec<SetupFault>>> {
    Some(match setup {
        IssuerSetup::Sandbox { address } => sandbox::issuer(address, around),
        IssuerSetup::Webhook { .. } => webhook::issuer(setup, around),
        IssuerSetup::Http { preset, template, blanks, private } => {
            template::issuer(preset.as_deref(), template.as_deref(), blanks, *private, around)
        }
        IssuerSetup::ByHand { console, steps, overlaps } => {
            by_hand::issuer(console, steps, *overlaps)
        }
        _ => return None,
    })
}

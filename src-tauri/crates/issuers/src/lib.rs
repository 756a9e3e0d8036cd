//! The systems that make, accept and revoke values, each behind the trait that the engine knows.

mod account;
mod around;
mod by_hand;
mod database;
mod json;
mod login;
pub mod mariadb;
pub mod mysql;
mod mysql_kept;
mod mysql_wire;
pub mod postgres;
pub mod redis;
pub mod sandbox;
mod signature;
mod signing;
pub mod template;
pub mod webhook;

pub use account::{
    AT_ONCE, Works, faults, issuer, issuer_alone, key_of, needs, own_login, try_account,
    usual_at_once,
};
pub use around::Around;
pub use database::{Need, Tested};

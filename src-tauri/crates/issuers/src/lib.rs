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

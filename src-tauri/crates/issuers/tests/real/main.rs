//! Issuers against the servers themselves, each in a folder of its own that is thrown away.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

mod health;
mod live;
mod login;
mod mariadb;
mod mysql;
mod postgres;
mod redis;
mod server;
mod tls;

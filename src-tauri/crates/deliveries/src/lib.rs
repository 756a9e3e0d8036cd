//! Brings a value to its consumer, has it taken up, and looks whether the consumer is well.
//!
//! A value is written into files and request bodies, given to programs on their standard input, and shown to a
//! database that is to accept it; never into an argument, the environment, an address or an error. What becomes
//! of it on its way is wiped; the readers of TOML and YAML hold copies of a file for a moment, which are left to
//! the allocator.

mod binding;
mod file;
mod form;
mod formats;
mod health;
mod program;
mod replace;
mod template;
mod web;

use std::sync::Arc;

use keyturn_model::{
    rotation,
    setup::{BindingSetup, Secrets},
};

pub use binding::{can_be_asked, own_login, uptake};
pub use form::faults;

/// The consumer that is set up like this.
#[must_use]
pub fn consumer(binding: &BindingSetup, secrets: &Secrets) -> Arc<dyn rotation::Consumer> {
    Arc::new(binding::Bound { setup: binding.clone(), secrets: secrets.clone() })
}

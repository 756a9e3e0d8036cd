//! What is asked of the place that a value is delivered to.

use super::{Answer, Fault, Uptake, Value};

/// How a consumer is with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// It uses the value, and is well.
    Well,
    /// It has not come to use it.
    NotYet,
    /// It is not well.
    Ill,
    /// Nothing tells how it is, or which value it uses.
    CannotTell,
}

/// One binding: a consumer of one credential, with its delivery, its reload and its health check.
///
/// To deliver the same value twice is the same as once.
pub trait Consumer: Send + Sync {
    /// What it can do.
    fn uptake(&self) -> Uptake;

    /// Whether it is well, and a delivery could be written. Changes nothing.
    fn ready(&self) -> Answer<'_, Result<(), Fault>>;

    /// Whether it is this value that lies there. Asked only if it can be read back; changes nothing.
    fn holds<'a>(&'a self, value: &'a Value) -> Answer<'a, Result<bool, Fault>>;

    /// Whether nothing lies there yet, and a delivery makes its place. Asked only if it can be read back; changes
    /// nothing.
    fn vacant(&self) -> Answer<'_, Result<bool, Fault>> {
        Box::pin(async { Ok(false) })
    }

    /// Puts `value` in the place of `instead_of`. [`Fault::Conflict`] when something else lies there and
    /// that can be told; then nothing is changed.
    fn deliver<'a>(
        &'a self,
        value: &'a Value,
        instead_of: &'a Value,
    ) -> Answer<'a, Result<(), Fault>>;

    /// Has it take up what was delivered.
    fn reload(&self) -> Answer<'_, Result<(), Fault>>;

    /// How it is with this value: by its health check, or else by reading back. Changes nothing.
    fn check<'a>(&'a self, value: &'a Value) -> Answer<'a, Result<Health, Fault>>;
}

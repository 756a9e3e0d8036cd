//! Rotation as it is kept: who issues, who uses, the runs, and the inbox of values that were just made.

mod accounts;
mod bindings;
mod inbox;
mod journal;
mod keep;
mod links;
mod pause;
mod runs;
mod secrets;
mod together;

pub use accounts::KeptAccount;
pub use bindings::{KeptBinding, KeptConsumer, KeptRotation};
pub use journal::RunJournal;
pub use keep::{Tells, Told};
pub use links::Link;
pub use runs::{KeptRun, RunStep, WhichRuns};

pub(crate) use bindings::is_rotating;
pub(crate) use inbox::is_empty as is_inbox_empty;
pub(crate) use runs::is_any_open as is_any_rotating;
pub(crate) use secrets::secret_place;

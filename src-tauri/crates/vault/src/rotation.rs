//! Rotation as it is kept: who issues, who uses, the runs, and the inbox of values that were just made.

mod accounts;
mod answers;
mod bindings;
mod findings;
mod inbox;
mod journal;
mod keep;
mod links;
mod pause;
mod runs;
pub(crate) mod secrets;
mod setups;
mod together;

pub use accounts::KeptAccount;
pub use answers::KeptAnswer;
pub use bindings::{KeptBinding, KeptConsumer, UnreadBinding};
pub use findings::{Accepted, AcceptedSoFar, Finding};
pub use journal::RunJournal;
pub use keep::{Tells, Told};
pub use links::Link;
pub use runs::{KeptRun, RunStep, WhichRuns};
pub use setups::KeptRotation;

pub(crate) use bindings::is_rotating;
pub(crate) use inbox::seal_anew as seal_inbox_anew;
pub(crate) use runs::{HAS_STATUS, IS_OPEN, STATUS, rotating};
pub(crate) use secrets::secret_place;

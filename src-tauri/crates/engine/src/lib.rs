//! Runs rotations so that no key is lost: plan, run, recovery, undo.
//!
//! It speaks to the world through the traits of `keyturn_model::rotation` alone. Whatever changes something
//! outside is kept before it is done; after it was done its outcome is kept; and what may or may not have
//! been done is looked at before it is done again.

mod accounts;
mod around;
mod checks;
mod controls;
mod cycles;
mod drive;
mod here;
mod marks;
mod orphans;
mod pauses;
mod plan;
pub mod reminders;
mod states;
mod undo;
mod urgent;

pub use around::{Around, Driven};
pub use checks::{Check, Checked, DryRun, Looked, dry_run};
pub use controls::{ask, can_undo, next_action, waits_for_word};
pub use cycles::Cycle;
pub use drive::{BeginFault, Rest, begin, drive, recover, run_to_rest};
pub use orphans::{OrphanFault, find_orphans, remove_orphan};
pub use plan::{Asked, BindingAsked, Plan, PlanFault, Step, plan};
pub use urgent::{TryFault, try_old};

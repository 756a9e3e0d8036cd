//! What we name keys at an issuer. A key is ours only if this vault gave exactly that mark.

use keyturn_model::{
    Timestamp,
    rotation::{Mark, Run},
};

/// A mark that no other run and no earlier attempt of this one has given.
pub(crate) fn fresh(run: &Run, now: Timestamp) -> Mark {
    let number = run.marks.len().saturating_add(1);
    Mark { text: format!("keyturn-{}-{number}", run.id), given: now }
}

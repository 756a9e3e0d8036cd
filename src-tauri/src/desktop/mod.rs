//! What depends on the system underneath: one file a subject, with an answer for each system.

pub(crate) mod display;

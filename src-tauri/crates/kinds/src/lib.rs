//! What can be read out of a value of each kind, and how a new one is made.
//!
//! Functions of their arguments alone: no IO, no clock, and randomness is handed in. What comes in
//! was pasted by somebody and may be anything, so nothing here may fail hard on it, and what is
//! read out of it is cleaned before it is shown.

mod address;
mod check;
mod facts;
mod fields;
mod generate;
mod jwt;
mod measure;
mod pem_blocks;
mod private;
mod public;
mod recognise;
mod signed;
mod ssh;
#[cfg(test)]
mod testing;
mod x509;

pub use check::{Fault, Why, check};
pub use facts::{Facts, facts};
pub use fields::Fields;
pub use generate::{GenerateError, Generated, KeyFormat, Recipe, generate};
pub use measure::{Measure, measure};
pub use recognise::{Recognised, guess, recognise};
pub use ssh::public_line;

/// The most bytes of a field of one line.
pub const LONGEST_LINE: usize = 8 * 1024;
/// The most bytes of a field of several lines, and of a paste.
pub const LONGEST_TEXT: usize = 256 * 1024;
/// The most certificates of one chain.
pub const MOST_CERTIFICATES: usize = 32;

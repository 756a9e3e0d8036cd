//! Formats that come in and go out: pure functions over bytes.
//!
//! No file is opened here, no clock asked and nothing changed: `read` gives a batch of records or a
//! reason. What a file may ask of the machine is checked before it is done. A secret is held only
//! in what wipes itself, save inside the parsers of the formats.

mod aws_secrets;
mod bitwarden;
mod compare;
mod csv_in;
mod csv_out;
mod decode;
mod env;
mod error;
mod format;
mod guess;
mod intake;
mod json;
mod kdbx;
mod keyed;
mod kubernetes;
mod limits;
mod mapping;
mod onepux;
mod own;
mod record;
mod unpack;
mod vault_kv;

use secrecy::SecretString;

pub use compare::{Compared, Existing, compare};
pub use csv_in::{Columns, columns};
pub use csv_out::{moment, write_csv, write_table};
pub use decode::Encoding;
pub use error::{Place, ReadError, Size, WriteError};
pub use format::{Format, detect, needs_password};
pub use intake::{Progress, Step};
pub use kdbx::{Cost, write_kdbx};
pub use limits::{Derivation, Limits};
pub use mapping::{Mapping, Program, Target};
pub use own::write_json;
pub use record::{
    Attachment, Batch, Content, Field, Loss, Older, PASSWORD, Record, TOTP, Text, VALUE, Why,
    Written,
};

/// What reading needs beside the bytes.
#[derive(Clone, Copy, Default)]
pub struct Given<'a> {
    /// What opens it, where it is encrypted.
    pub password: Option<&'a SecretString>,
    /// What the columns of a table mean; without one, what `columns` proposes.
    pub mapping: Option<&'a Mapping>,
    /// What it may ask of the machine.
    pub limits: Limits,
}

/// Reads a file. `go_on` is told how far it is, and says whether to go on.
///
/// # Errors
/// When the file is not what it should be, asks for too much, or `go_on` says stop.
pub fn read(
    bytes: &[u8],
    format: Format,
    given: &Given<'_>,
    go_on: &dyn Fn(Progress) -> bool,
) -> Result<Batch, ReadError> {
    let limits = given.limits;
    if bytes.len() as u64 > limits.file {
        return Err(ReadError::TooLarge { what: Size::File, most: limits.file });
    }
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    let mut intake = intake::Intake::new(limits, go_on);
    match format {
        Format::Kdbx => kdbx::read(bytes, given.password, &mut intake),
        Format::OnePux => onepux::read(bytes, &mut intake),
        Format::Bitwarden => bitwarden::read(bytes, given.password, &mut intake),
        Format::Csv => csv_in::read(bytes, given.mapping, &mut intake),
        Format::Env => env::read(bytes, &mut intake),
        Format::VaultKv => vault_kv::read(bytes, &mut intake),
        Format::AwsSecrets => aws_secrets::read(bytes, &mut intake),
        Format::Kubernetes => kubernetes::read(bytes, &mut intake),
        Format::Json => own::read(bytes, &mut intake),
    }?;
    intake.finish()
}

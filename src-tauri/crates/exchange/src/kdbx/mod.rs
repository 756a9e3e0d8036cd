//! KeePass databases. They are read here from the bytes up, and not by the library that writes them: it
//! unpacks, derives and descends without limits, and a short header field makes it panic.

mod header;
mod key;
mod moment;
mod payload;
mod tree;
mod write;
mod xml;

use secrecy::SecretString;

pub use write::{Cost, write_kdbx};

use crate::{ReadError, intake::Intake};

/// The field that says who answers for an entry: KeePass has none of its own.
const OWNER: &str = "Owner";
/// The field that says what kind it is, likewise.
const KIND: &str = "Kind";

/// Whether the bytes begin as a database of KeePass 2 does.
pub(crate) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(&header::SIGNATURE)
}

pub(crate) fn read(
    bytes: &[u8],
    password: Option<&SecretString>,
    intake: &mut Intake<'_>,
) -> Result<(), ReadError> {
    let header = header::read(bytes)?;
    header.derivation.allowed(&intake.limits.derivation)?;
    payload::begins_whole(bytes, &header)?;
    let password = password.ok_or(ReadError::PasswordNeeded)?;
    let transformed = key::derive(&header, password, intake)?;
    let payload = payload::open(bytes, &header, &transformed, &intake.limits)?;
    tree::read(payload, intake)
}

//! Where a place stands in a file, and how something else is written there. Nothing else of the file changes.
//!
//! Each format finds a place, and says how a text is written into it or beside what is there. After that the
//! changed file is read again: what it says there has to be that text, or the change is refused. A key that
//! stands twice, and whatever programs read differently, is refused too.

mod env;
mod ini;
mod json;
mod lines;
mod toml;
mod whole;
mod yaml;

use std::ops::Range;

use keyturn_model::{rotation::Fault, setup::FileFormat};
use zeroize::Zeroizing;

pub(crate) use json::pointed;

use crate::template::{Secret, same};

/// A place that was found: where it is written, quotation marks and all, and what it says.
pub(crate) struct Spot {
    at: Range<usize>,
    /// What it says; nothing where it is empty.
    pub(crate) says: Secret,
}

/// Something to be written, and where.
type Written = (Range<usize>, Secret);

/// The place with this key, if there is one.
pub(crate) fn find(format: FileFormat, text: &str, key: &str) -> Result<Option<Spot>, Fault> {
    match format {
        FileFormat::Env => env::find(text, key),
        FileFormat::Json => json::find(text, key),
        FileFormat::Yaml => yaml::find(text, key),
        FileFormat::Toml => toml::find(text, key),
        FileFormat::Ini => ini::find(text, key),
        FileFormat::Whole => Ok(Some(whole::find(text))),
    }
}

/// The file with `said` at this key: in its place, or added where there is none.
pub(crate) fn put(format: FileFormat, text: &str, key: &str, said: &str) -> Result<Secret, Fault> {
    let (at, written) = match find(format, text, key)? {
        Some(spot) if same(&spot.says, said) => return Ok(Zeroizing::new(text.to_owned())),
        Some(spot) => {
            let old = text.get(spot.at.clone()).ok_or(Fault::Refused)?;
            let written = match format {
                FileFormat::Env => env::written(old, said),
                FileFormat::Json => json::written(old, said),
                FileFormat::Yaml => yaml::written(old, said),
                FileFormat::Toml => toml::written(old, said),
                FileFormat::Ini => ini::written(old, said),
                FileFormat::Whole => Ok(Zeroizing::new(said.to_owned())),
            };
            (spot.at, written?)
        }
        None => match format {
            FileFormat::Env => env::added(text, key, said)?,
            FileFormat::Json => json::added(text, key, said)?,
            FileFormat::Yaml => yaml::added(text, key, said)?,
            FileFormat::Toml => toml::added(text, key, said)?,
            FileFormat::Ini => ini::added(text, key, said)?,
            FileFormat::Whole => return Err(Fault::Refused),
        },
    };
    let after = spliced(text, at, &written).ok_or(Fault::Refused)?;
    match find(format, &after, key)? {
        Some(spot) if same(&spot.says, said) => Ok(after),
        _ => Err(Fault::Refused),
    }
}

/// What a file holds that does not exist yet.
pub(crate) fn empty(format: FileFormat) -> &'static str {
    if format == FileFormat::Json { "{}\n" } else { "" }
}

fn spliced(text: &str, at: Range<usize>, written: &str) -> Option<Secret> {
    let (before, after) = (text.get(..at.start)?, text.get(at.end..)?);
    let length = before.len().checked_add(written.len())?.checked_add(after.len())?;
    let mut whole = Zeroizing::new(String::with_capacity(length));
    whole.push_str(before);
    whole.push_str(written);
    whole.push_str(after);
    Some(whole)
}

/// Pieces put together without leaving copies behind.
fn joined(pieces: &[&str]) -> Secret {
    let mut whole =
        Zeroizing::new(String::with_capacity(pieces.iter().map(|piece| piece.len()).sum()));
    pieces.iter().for_each(|piece| whole.push_str(piece));
    whole
}

#[cfg(test)]
mod tests;

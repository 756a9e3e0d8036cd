//! A file that comes in is read: whole, as what it is, and within what it may ask of the machine.

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
    time::SystemTime,
};

use keyturn_exchange::{
    Batch, Format, Given, Limits, Mapping, Progress, ReadError, Size, columns, detect,
    needs_password, read,
};
use keyturn_model::Timestamp;
use keyturn_vault::{is_sealed_file, open_sealed_file};
use serde_json::json;
use zeroize::Zeroizing;

use crate::{MessageKey, UserError, records};

/// A file as it was when it was read.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct SeenFile {
    pub(super) place: PathBuf,
    pub(super) size: u64,
    written: Option<SystemTime>,
}

impl SeenFile {
    pub(super) fn of(place: &Path, there: &fs::Metadata) -> Self {
        Self { place: place.to_owned(), size: there.len(), written: there.modified().ok() }
    }
}

/// The bytes of a file that is not too large: how long it is was asked before it is read.
pub(super) fn read_file(place: &Path) -> Result<(Zeroizing<Vec<u8>>, SeenFile), UserError> {
    let unreadable = |error: std::io::Error| {
        UserError::new("KT-FILE-UNREADABLE", MessageKey::FileUnreadable)
            .with("file", place.display())
            .with("reason", error.kind())
            .retryable()
    };
    let most = Limits::USUAL.file;
    let too_large = || UserError::of_import(place)(ReadError::TooLarge { what: Size::File, most });
    // Where it really is: to delete a link would leave the file.
    let real = fs::canonicalize(place).map_err(unreadable)?;
    let there = fs::metadata(&real).map_err(unreadable)?;
    if !there.is_file() {
        return Err(UserError::of_import(place)(ReadError::NotThisFormat));
    }
    if there.len() > most {
        return Err(too_large());
    }
    let file = File::open(&real).map_err(unreadable)?;
    let mut bytes =
        Zeroizing::new(Vec::with_capacity(usize::try_from(there.len() + 1).unwrap_or(0)));
    file.take(most + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > most {
        return Err(too_large());
    }
    Ok((bytes, SeenFile::of(&real, &there)))
}

/// The format that crate `exchange` reads; none is our own encrypted export.
pub(super) fn format_of(bytes: &[u8], place: &Path) -> Result<Option<Format>, UserError> {
    if is_sealed_file(bytes) {
        return Ok(None);
    }
    let refused = UserError::of_import(place);
    if bytes.is_empty() {
        return Err(refused(ReadError::Empty));
    }
    let name = place.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    detect(bytes, &name).map(Some).ok_or_else(|| refused(ReadError::NotThisFormat))
}

pub(super) fn mapping(columns: &[String]) -> Result<Mapping, UserError> {
    let target = |name: &String| serde_json::from_value(json!(name));
    let columns = columns.iter().map(target).collect::<Result<_, _>>();
    columns.map(|columns| Mapping { columns }).map_err(|_| UserError::input_refused())
}

/// Reads what is in a file of this format; none is our own encrypted export.
pub(super) fn read_as(
    format: Option<Format>,
    bytes: &[u8],
    place: &Path,
    given: &Given<'_>,
    go_on: &dyn Fn(Progress) -> bool,
) -> Result<Batch, UserError> {
    let refused = UserError::of_import(place);
    let Some(format) = format else {
        let password = given.password.ok_or_else(|| refused(ReadError::PasswordNeeded))?;
        let plain = open_sealed_file(bytes, password, place).map_err(UserError::of_sealed_file)?;
        return read(&plain, Format::Json, given, go_on).map_err(refused);
    };
    read(bytes, format, given, go_on).map_err(refused)
}

/// All that is done with a file before a person agrees to anything, up to the credentials that its
/// entries would be; gives how many. For the fuzzer, which knows the format and lowers the limits.
///
/// # Errors
/// What the window would be told.
pub fn rehearse_import(
    format: Option<Format>,
    bytes: &[u8],
    place: &Path,
    given: &Given<'_>,
    now: Timestamp,
) -> Result<usize, UserError> {
    // What it looks like is another question.
    let _ = (format_of(bytes, place), needs_password(bytes));
    if format == Some(Format::Csv) {
        columns(bytes).map_err(UserError::of_import(place))?;
    }
    let batch = read_as(format, bytes, place, given, &|_| true)?;
    let arriving = batch.records.iter().filter(|record| records::arriving(record, now).is_ok());
    Ok(arriving.count())
}

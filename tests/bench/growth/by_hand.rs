//! The database of a vault with none of the vault's own code.

use std::{fs, path::Path};

use keyturn_testkit::by_document::ByDocument;
use keyturn_vault::Code;
use rusqlite::Connection;

use crate::crowd::{Outcome, beside};

/// Opens it, set as the vault sets it.
pub(crate) fn by_hand(folder: &Path) -> Outcome<Connection> {
    let code = Code::typed(&fs::read_to_string(beside(folder))?, Code::RECOVERY_KEY)?;
    let opened = ByDocument::open(folder, &code).map_err(|error| error.to_string())?;
    let connection = opened.connect()?;
    connection.execute_batch("PRAGMA cipher_memory_security = ON; PRAGMA query_only = ON;")?;
    Ok(connection)
}

//! Credentials that go out to a file.
//!
//! It needs the passphrase, and it is entered in the audit log before there is anything in the file.
//! One entry says in which format, how many and by which question: with one for each credential an
//! export of a large vault would bury what else happened. It never writes over another file.

use std::{fs, io::Write, path::Path};

use keyturn_exchange::{
    Cost, Field, Loss, Older, Record, Text, Why, WriteError, Written, moment, write_csv,
    write_json, write_kdbx, write_table,
};
use keyturn_model::{Credential, CredentialId, PolicyChoice, Query, Stage, Version};
use keyturn_vault::{Draft, seal_file};
use secrecy::SecretString;
use serde_json::json;
use zeroize::Zeroizing;

use crate::{
    App, MessageKey, UserError,
    credentials::weigh,
    imports::word,
    losses::{gathered, loss_view},
    own::new_private,
    passphrase, records,
    session::Open,
    views::{Export, Exported, LossView, Step, Typed},
};

/// The most characters of the question in the audit log.
const LONGEST_QUESTION: usize = 200;

/// As what credentials go out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum As {
    Keyturn,
    Kdbx,
    Csv,
    Json,
}

/// The format of a table of what is known of them, without any value.
const METADATA: &str = "metadata";

impl As {
    fn named(name: &str) -> Result<Self, UserError> {
        Ok(match name {
            "keyturn" => Self::Keyturn,
            "kdbx" => Self::Kdbx,
            "csv" => Self::Csv,
            "json" => Self::Json,
            _ => return Err(UserError::input_refused().with("what", "format")),
        })
    }

    const fn is_encrypted(self) -> bool {
        matches!(self, Self::Keyturn | Self::Kdbx)
    }
}

/// The columns of a table without values.
const KNOWN: [&str; 15] = [
    "name",
    "type",
    "environment",
    "risk",
    "status",
    "due",
    "expires",
    "value since",
    "consumers",
    "restarts",
    "owner",
    "issuer",
    "policy",
    "tags",
    "key ID",
];

impl App {
    pub(crate) fn export_credentials(
        &self,
        open: &Open,
        input: &Export,
    ) -> Result<Exported, UserError> {
        let place = self.new_place(&input.file)?;
        let format = match input.format.as_str() {
            METADATA => None,
            name => Some(As::named(name)?),
        };
        let password = password(open, format, input.password.as_ref())?;
        if place.symlink_metadata().is_ok() {
            let taken = std::io::ErrorKind::AlreadyExists.into();
            return Err(UserError::of_new_file(&place)(taken));
        }
        self.confirm(open, &input.passphrase)?;
        let (ids, which) = match &input.ids {
            Some(ids) => (ids.clone(), "one by one".to_owned()),
            None => {
                let question: String = input.query.trim().chars().take(LONGEST_QUESTION).collect();
                (open.vault.ids(&Query::read(&input.query))?, format!("query: {question}"))
            }
        };
        let count = ids.len();
        let Written { bytes, lost } = match format {
            Some(format) => self.entries(open, ids, format, &password)?,
            None => self.table(open, ids)?,
        };
        let bytes = Zeroizing::new(bytes);
        self.still_open(open)?;
        let detail = format!("{}, count {count}, {which}", input.format);
        let enter =
            || open.vault.write(Draft::of("inventory.exported").with(detail), &[], |_| Ok(()));
        write_new(&place, &bytes, || Ok(enter()?))?;
        let lost: Vec<LossView> = lost.into_iter().map(loss_view).collect();
        Ok(Exported {
            count: u32::try_from(count).unwrap_or(u32::MAX),
            size: bytes.len() as u64,
            lost: open.report(gathered(lost.iter())),
        })
    }

    /// What is known of credentials, without opening any value.
    fn table(&self, open: &Open, ids: Vec<CredentialId>) -> Result<Written, UserError> {
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            self.still_open(open)?;
            rows.push(known(&open.vault.credential(id)?.0));
        }
        self.tell_step(Step::Writing);
        Ok(Written { bytes: write_table(KNOWN, rows)?, lost: Vec::new() })
    }

    /// Credentials with all their values.
    fn entries(
        &self,
        open: &Open,
        ids: Vec<CredentialId>,
        format: As,
        password: &SecretString,
    ) -> Result<Written, UserError> {
        let (mut records, mut lost) = (Vec::with_capacity(ids.len()), Vec::new());
        for id in ids {
            self.still_open(open)?;
            records.push(going(open, id, format, &mut lost)?);
        }
        self.tell_step(Step::Writing);
        let mut written = self.written(format, &records, password)?;
        lost.append(&mut written.lost);
        Ok(Written { lost, ..written })
    }

    /// Refuses when the vault was locked meanwhile.
    fn still_open(&self, open: &Open) -> Result<(), UserError> {
        let locked = || UserError::new("KT-VAULT-LOCKED", MessageKey::VaultLocked);
        if self.is_open(open) { Ok(()) } else { Err(locked()) }
    }

    fn written(
        &self,
        format: As,
        records: &[Record],
        password: &SecretString,
    ) -> Result<Written, UserError> {
        let whole = |bytes| Written { bytes, lost: Vec::new() };
        Ok(match format {
            As::Csv => write_csv(records)?,
            As::Json => whole(write_json(records)?),
            As::Kdbx => write_kdbx(records, password, Cost::USUAL)?,
            As::Keyturn => {
                let plain = Zeroizing::new(write_json(records)?);
                whole(seal_file(&plain, password, self.cost(), self.entropy())?)
            }
        })
    }
}

/// What the file opens with; nothing where it is not encrypted.
fn password(
    open: &Open,
    format: Option<As>,
    typed: Option<&Typed>,
) -> Result<SecretString, UserError> {
    match typed {
        _ if !format.is_some_and(As::is_encrypted) => Ok(SecretString::default()),
        Some(Typed(password)) => {
            passphrase::check(password, &[open.vault.name(), open.vault.my_name()?])?;
            Ok(password.clone())
        }
        None => Err(UserError::input_refused().with("what", "password")),
    }
}

/// A credential with all its values, as an entry of a file.
fn going(
    open: &Open,
    id: CredentialId,
    format: As,
    lost: &mut Vec<Loss>,
) -> Result<Record, UserError> {
    let (credential, _) = open.vault.credential(id)?;
    let metadata = &credential.metadata;
    let secrets = open.vault.open_values(id)?;
    let mut record = records::record(metadata, &secrets);
    record.created = Some(credential.created);
    record.changed = Some(credential.row.rotated);
    for older in open.vault.open_older_values(id)? {
        let content = records::content(metadata, &older.secrets);
        record.history.push(Older { at: older.created, content });
    }
    // A group that is called after the environment does not say that it is one.
    if let (As::Kdbx, Some(environment)) = (format, &record.environment) {
        let text = Text::open(environment.as_str());
        record.content.fields.push(Field { name: "Environment".to_owned(), text });
    }
    let mut lose = |part: &str, why| {
        lost.push(Loss { field: format!("{}: {part}", metadata.name), why });
    };
    credential.unread.iter().for_each(|part| lose(part, Why::NotText));
    for part in left_out(open, &credential, &secrets)? {
        lose(part, Why::NoPlace);
    }
    Ok(record)
}

/// What of a credential has no place in any file.
fn left_out(
    open: &Open,
    Credential { row, metadata, versions, .. }: &Credential,
    secrets: &[(String, SecretString)],
) -> Result<Vec<&'static str>, UserError> {
    // Whoever reads the file finds it in the value again, or in a field.
    let found = |key_id: &String| {
        weigh(metadata.kind, &metadata.fields, secrets).1.key_id.as_ref() == Some(key_id)
    };
    let lies_outside = |version: &Version| match version.stage {
        Stage::Current => !found(&version.key_id),
        Stage::Previous | Stage::Retired => true,
        Stage::Pending => false,
    };
    let key_ids = versions.iter().filter(|version| !version.key_id.is_empty());
    let parts = [
        ("policy", metadata.policy != PolicyChoice::Usual),
        ("paused", row.paused),
        ("archived", row.archived.is_some()),
        ("key ID", key_ids.filter(|version| lies_outside(version)).count() > 0),
        ("consumers", row.uses > 0),
        ("rotation", open.vault.rotation(row.id)?.is_some()),
    ];
    Ok(parts.into_iter().filter(|(_, is_set)| *is_set).map(|(part, _)| part).collect())
}

/// A row of the table without values.
fn known(credential: &Credential) -> [String; KNOWN.len()] {
    let Credential { row, versions, .. } = credential;
    let key_id = versions.iter().find(|version| version.stage == Stage::Current);
    [
        row.name.clone(),
        row.kind.as_str().to_owned(),
        row.environment.clone(),
        word(json!(row.risk)),
        word(json!(row.status)),
        moment(row.due),
        moment(row.expires),
        moment(Some(row.rotated)),
        row.uses.to_string(),
        row.restarts.to_string(),
        row.owner.clone(),
        row.issuer.clone(),
        row.policy.to_string(),
        row.tags.join(" "),
        key_id.map(|version| version.key_id.clone()).unwrap_or_default(),
    ]
}

/// Makes the file, lets `enter` enter it, and only then fills it; nothing stays when that fails.
pub(crate) fn write_new(
    place: &Path,
    bytes: &[u8],
    enter: impl FnOnce() -> Result<(), UserError>,
) -> Result<(), UserError> {
    let failed = UserError::of_new_file(place);
    let mut file = new_private(place).map_err(&failed)?;
    let done = enter()
        .and_then(|()| file.write_all(bytes).and_then(|()| file.sync_all()).map_err(&failed));
    if done.is_err() && fs::remove_file(place).is_err() {
        tracing::warn!("what was written of an export could not be removed");
    }
    done
}

impl From<WriteError> for UserError {
    fn from(error: WriteError) -> Self {
        Self::new("KT-EXPORT-FAILED", MessageKey::ExportFailed).with("reason", error).retryable()
    }
}

//! What crosses while credentials come in from files and go out to them.

use keyturn_model::{CredentialId, Kind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Typed;

/// A file that comes in, looked at and not read yet.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportFile {
    /// What it seems to be: `kdbx`, `onePux`, `bitwarden`, `csv`, `env`, `vaultKv`, `awsSecrets`,
    /// `kubernetes`, `json`; or `keyturn`, our own encrypted export.
    pub format: String,
    /// Whether a password has to be asked for.
    pub needs_password: bool,
    /// Its bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// Its columns, where it is a table.
    pub columns: Vec<ImportColumn>,
    /// Which program seems to have written the table.
    pub program: Option<String>,
}

/// A column of a table.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportColumn {
    /// Its name.
    pub name: String,
    /// An example from it, where that may be seen.
    pub example: String,
    /// What it is proposed to become, as [`Mapping`](keyturn_exchange::Target) names it.
    pub target: String,
}

/// A file to be read, so that what it would bring can be looked at.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportRequest {
    /// Where.
    pub file: String,
    /// What opens it.
    pub password: Option<Typed>,
    /// What each column becomes, where it is a table.
    pub columns: Option<Vec<String>>,
}

/// What a file would bring.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportPreview {
    /// What wrote the file, as it says itself.
    pub origin: String,
    /// How many entries are new.
    pub fresh: u32,
    /// How many are here already, the same.
    pub same: u32,
    /// How many are here already, and differ.
    pub changed: u32,
    /// The first of them; the others are asked for page by page.
    pub entries: Vec<ImportEntry>,
    /// What is lost or changed of them and of the file.
    pub lost: Vec<LostTogether>,
}

/// Which entries of the file that was read are to be shown.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportPage {
    /// How many are before them.
    pub from: u32,
}

/// One entry of a file.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportEntry {
    /// Its place in the file, from 0.
    pub at: u32,
    /// What it is called.
    pub name: String,
    /// What it seems to be.
    pub kind: Kind,
    /// Where it seems to be used.
    pub environment: String,
    /// Whether it is new, the same, or differs.
    pub state: ImportState,
    /// In which fields it differs.
    pub fields: Vec<String>,
    /// How many earlier versions come with it.
    pub versions: u32,
    /// What of it is lost or changed.
    pub lost: Vec<LossView>,
}

/// How an entry stands to what is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ImportState {
    /// There is none of its name and environment.
    Fresh,
    /// Everything that would come in is here.
    Same,
    /// It differs.
    Changed,
}

/// Something that is lost, or arrives otherwise.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LossView {
    /// What it is called in the file.
    pub field: String,
    /// Why: `attachment`, `icon`, `autoType`, `passkey`, `look`, `programsOwn`, `tooLong`, `deleted`,
    /// `notText`, `noPlace`, `elsewhere`, `otherForm`.
    pub why: String,
}

/// All that is lost or changed for one reason.
#[derive(Debug, Clone, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LostTogether {
    /// Why, as a [`LossView`] says it.
    pub why: String,
    /// How many things.
    pub count: u32,
    /// How many names they have: many things may have one.
    pub named: u32,
    /// The first of these names.
    pub names: Vec<String>,
}

/// Which names of things that are lost or changed are to be shown.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LossPage {
    /// For which reason.
    pub why: String,
    /// How many are before them.
    pub from: u32,
}

/// What of the file that was looked at is to come in.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportChoice {
    /// Whether entries that differ become new versions of what is here.
    pub changed: bool,
    /// Places of entries that stay out.
    pub without: Vec<u32>,
}

/// What came in, or was taken back.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// How many credentials were added.
    pub added: u32,
    /// How many that were here say what the file says; where a secret differs, as a new version.
    pub changed: u32,
    /// How many were left out, or were changed since and stay.
    pub skipped: u32,
    /// Until when it can be taken back.
    pub undo_until: keyturn_model::Timestamp,
}

/// What is to go out.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Export {
    /// Where to; there must be no such file.
    pub file: String,
    /// As what: `keyturn` (encrypted), `kdbx`, `csv`, `json`; or `metadata`, a table without any value.
    pub format: String,
    /// Which credentials, as a question; all when it is empty.
    pub query: String,
    /// Which credentials, one by one; then the question is not asked.
    #[ts(type = "string[] | null")]
    pub ids: Option<Vec<CredentialId>>,
    /// The passphrase of who unlocked.
    pub passphrase: Typed,
    /// What the file opens with, where it is encrypted.
    pub password: Option<Typed>,
}

/// What went out.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Exported {
    /// How many credentials.
    pub count: u32,
    /// Its bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// What of them is not in the file, or changed.
    pub lost: Vec<LostTogether>,
}

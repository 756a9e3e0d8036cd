//! What can be found: who uses a secret, and where a value lies. Plain data without a value, kept and compared.

use keyturn_model::{CredentialId, setup::Deployment};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One value of the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VersionId {
    /// Of which credential.
    #[ts(type = "string")]
    pub credential: CredentialId,
    /// Which of its versions.
    #[ts(type = "number")]
    pub number: i64,
}

/// A consumer as a file describes it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    /// What it is called there.
    pub name: String,
    /// Where it runs: a namespace, a project; empty when the file does not say.
    pub environment: String,
    /// How it is deployed.
    pub deployment: Deployment,
}

/// Where a consumer gets a secret from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "from")]
pub enum Source {
    /// It stands in the file that was read.
    Here,
    /// Its platform keeps it.
    Kept {
        /// What the platform calls it.
        name: String,
        /// Which part of it; none when it is all of it.
        key: Option<String>,
    },
    /// A file of its own.
    File {
        /// As it is written.
        path: String,
    },
    /// A variable of the environment that it is started in.
    Variable {
        /// Which.
        name: String,
    },
}

/// A secret that a consumer uses, as a file tells.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Use {
    /// Who.
    pub consumer: Seen,
    /// Where it gets the secret from.
    pub source: Source,
    /// What the consumer calls it: a variable, a place; empty when it has no name there.
    pub called: String,
    /// The values of the vault that stand there.
    pub holds: Vec<VersionId>,
    /// The file that tells it.
    pub file: String,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Spot {
    /// The file; with a commit, its place in the folder of the repository.
    pub file: String,
    /// The line, from 1; 0 when that cannot be told.
    #[ts(type = "number")]
    pub line: u64,
    /// The oldest commit of a history that has it there; empty for an object that no commit has.
    pub commit: Option<String>,
}

/// A value of the vault, and where it lies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Sighting {
    /// Which.
    pub version: VersionId,
    /// Where.
    pub spot: Spot,
}

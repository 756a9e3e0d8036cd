//! The vaults of this computer: where they are, and who unlocked them last. No secret, and nothing
//! that the folders themselves do not tell.

use std::{
    fs,
    io::ErrorKind::{NotADirectory, NotFound},
    path::{Path, PathBuf},
};

use keyturn_model::MemberId;
use serde::{Deserialize, Serialize};

use crate::settings::{free_beside, write_durably};

/// More than anybody has; the rest is forgotten, the oldest first.
const MOST: usize = 20;
const LARGEST_FILE: u64 = 64 * 1024;

/// A vault of this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Known {
    pub(crate) folder: PathBuf,
    pub(crate) last_member: Option<MemberId>,
}

/// The list on disk.
#[derive(Debug, Clone)]
pub(crate) struct KnownVaults {
    file: PathBuf,
}

impl KnownVaults {
    pub(crate) fn at(file: PathBuf) -> Self {
        Self { file }
    }

    /// The list, the last one used first; nothing when it is not understood. Vaults can always be
    /// opened by their place.
    pub(crate) fn read(&self) -> Option<Vec<Known>> {
        match fs::metadata(&self.file) {
            Err(error) if matches!(error.kind(), NotFound | NotADirectory) => {
                return Some(Vec::new());
            }
            Err(_) => return None,
            Ok(facts) if facts.len() > LARGEST_FILE => return None,
            Ok(_) => {}
        }
        serde_json::from_slice(&fs::read(&self.file).ok()?).ok()
    }

    /// Where it is.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// The vault in `folder` was just used.
    pub(crate) fn used(&self, folder: &Path, member: Option<MemberId>) {
        let mut list = self.to_write();
        let before = list.iter().position(|known| known.folder == folder);
        let before = before.map(|at| list.remove(at));
        let last_member = member.or_else(|| before.and_then(|known| known.last_member));
        list.insert(0, Known { folder: folder.to_owned(), last_member });
        list.truncate(MOST);
        self.write(&list);
    }

    pub(crate) fn forget(&self, folder: &Path) {
        let mut list = self.to_write();
        list.retain(|known| known.folder != folder);
        self.write(&list);
    }

    /// The list to change. One that is not understood is kept beside the new one.
    fn to_write(&self) -> Vec<Known> {
        self.read().unwrap_or_else(|| {
            tracing::warn!("the list of vaults is not understood, a new one is begun");
            if fs::rename(&self.file, free_beside(&self.file)).is_err() {
                tracing::warn!("the list of vaults could not be kept beside the new one");
            }
            Vec::new()
        })
    }

    fn write(&self, list: &[Known]) {
        if write_durably(&self.file, &list).is_err() {
            tracing::warn!("the list of vaults could not be kept");
        }
    }
}

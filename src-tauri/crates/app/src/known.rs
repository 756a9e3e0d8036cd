//! The vaults of this computer: where they are, and who unlocked them last. No secret, and nothing
//! that the folders themselves do not tell.

use std::{
    fs,
    path::{Path, PathBuf},
};

use keyturn_model::MemberId;
use serde::{Deserialize, Serialize};

use crate::settings::write_durably;

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

    /// The list, the last one used first. A list that cannot be read is an empty one: vaults can
    /// always be opened by their place.
    pub(crate) fn read(&self) -> Vec<Known> {
        let small = fs::metadata(&self.file).is_ok_and(|facts| facts.len() <= LARGEST_FILE);
        let text = if small { fs::read(&self.file).unwrap_or_default() } else { Vec::new() };
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// The vault in `folder` was just used.
    pub(crate) fn used(&self, folder: &Path, member: Option<MemberId>) {
        let mut list = self.read();
        let before = list.iter().position(|known| known.folder == folder);
        let before = before.map(|at| list.remove(at));
        let last_member = member.or_else(|| before.and_then(|known| known.last_member));
        list.insert(0, Known { folder: folder.to_owned(), last_member });
        list.truncate(MOST);
        self.write(&list);
    }

    pub(crate) fn forget(&self, folder: &Path) {
        let mut list = self.read();
        list.retain(|known| known.folder != folder);
        self.write(&list);
    }

    fn write(&self, list: &[Known]) {
        if write_durably(&self.file, &list).is_err() {
            tracing::warn!("the list of vaults could not be kept");
        }
    }
}

//! The choices of the person at this computer, in one small JSON file outside any vault.
//!
//! Nothing secret belongs here. A file that cannot be understood is never overwritten: it is left
//! as it is until the user starts afresh, and even then it is kept beside the new one.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use keyturn_model::{Column, Window};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::UserError;

/// The version of the file that this program writes.
const FORMAT: u32 = 1;
/// No settings file of ours comes near this; a larger one is not read into memory.
const LARGEST_FILE: u64 = 64 * 1024;

/// How the window is coloured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the desktop is set.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// Every choice there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// How the window is coloured.
    pub theme: Theme,
    /// After how many minutes without anybody the vault is locked; from 1 to 60.
    pub lock_after_minutes: u32,
    /// Whether the vault is locked when the computer goes to sleep.
    pub lock_on_sleep: bool,
    /// Whether the vault is locked when the screen is.
    pub lock_with_screen: bool,
    /// Whether rotations go on while the window is locked, which keeps the vault's keys in memory.
    pub rotate_while_locked: bool,
    /// Whether a letter alone is a command, as in `G` and then `I`.
    pub single_keys: bool,
    /// The columns of the inventory that are not shown.
    pub hidden_columns: Vec<Column>,
    /// The hours in which nobody is reminded of anything; what is due then is told when they end.
    pub quiet: Option<Window>,
    /// Whether notices of the system name credentials, while the vault is unlocked.
    pub names_in_notices: bool,
    /// Whether the program starts when its person logs in, without a window.
    pub start_at_login: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            lock_after_minutes: 5,
            lock_on_sleep: true,
            lock_with_screen: true,
            rotate_while_locked: false,
            single_keys: true,
            hidden_columns: Vec::new(),
            quiet: None,
            names_in_notices: false,
            start_at_login: false,
        }
    }
}

/// The settings in force and, when they are not those of the file, why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SettingsView {
    /// The settings in force.
    pub settings: Settings,
    /// Why the file's own settings are not in force.
    pub problem: Option<UserError>,
}

/// Why the settings file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// It is not what this program writes.
    #[error("settings file is not understood at line {line}, column {column}")]
    Broken {
        /// The file.
        file: PathBuf,
        /// Where in it, counted from 1.
        line: usize,
        /// Where in the line, counted from 1.
        column: usize,
    },
    /// A newer version of this program wrote it.
    #[error("settings file has format {format}")]
    Newer {
        /// The file.
        file: PathBuf,
        /// Its format.
        format: u32,
    },
    /// The system does not let us read it.
    #[error("settings file cannot be read")]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        #[source]
        reason: io::Error,
    },
    /// The system does not let us write it.
    #[error("settings file cannot be written")]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        #[source]
        reason: io::Error,
    },
}

/// The file as it lies on disk.
#[derive(Serialize, Deserialize)]
struct Stored {
    format: u32,
    #[serde(flatten)]
    settings: Settings,
}

/// Read before the rest, so that a newer file is told from a broken one.
#[derive(Deserialize)]
struct Stamp {
    format: u32,
}

/// The settings file at its place.
#[derive(Debug, Clone)]
pub struct SettingsFile {
    path: PathBuf,
}

impl SettingsFile {
    /// The settings file at `path`; nothing is read or made yet.
    #[must_use]
    pub fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The settings of the file; the usual ones when there is no file.
    ///
    /// # Errors
    /// When the file is there and cannot be read or understood.
    pub fn read(&self) -> Result<Settings, SettingsError> {
        let unreadable = |reason| SettingsError::Unreadable { file: self.path.clone(), reason };
        match fs::metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Settings::default()),
            Err(error) => return Err(unreadable(error)),
            Ok(facts) if facts.len() > LARGEST_FILE => return Err(self.broken(1, 1)),
            Ok(_) => {}
        }
        let text = match fs::read(&self.path) {
            Ok(bytes) => String::from_utf8(bytes).map_err(|_| self.broken(1, 1))?,
            Err(error) => return Err(unreadable(error)),
        };
        let place = |error: serde_json::Error| self.broken(error.line(), error.column());
        let stamp: Stamp = serde_json::from_str(&text).map_err(place)?;
        if stamp.format > FORMAT {
            return Err(SettingsError::Newer { file: self.path.clone(), format: stamp.format });
        }
        let stored: Stored = serde_json::from_str(&text).map_err(place)?;
        Ok(stored.settings)
    }

    /// Puts `settings` in the place of what is there, in one step.
    ///
    /// # Errors
    /// When what is there cannot be understood (it stays untouched), or the disk refuses.
    pub fn save(&self, settings: &Settings) -> Result<(), SettingsError> {
        self.read()?;
        self.write(settings)
    }

    /// Starts afresh. A file that could not be understood is kept beside the new one.
    ///
    /// # Errors
    /// When the disk refuses; then the old file is still there.
    pub fn reset(&self) -> Result<Settings, SettingsError> {
        if self.read().is_err() && self.path.exists() {
            fs::rename(&self.path, free_beside(&self.path))
                .map_err(|reason| self.unwritable(reason))?;
        }
        let usual = Settings::default();
        self.write(&usual)?;
        Ok(usual)
    }

    fn write(&self, settings: &Settings) -> Result<(), SettingsError> {
        let stored = Stored { format: FORMAT, settings: settings.clone() };
        write_durably(&self.path, &stored).map_err(|reason| self.unwritable(reason))
    }

    fn broken(&self, line: usize, column: usize) -> SettingsError {
        SettingsError::Broken { file: self.path.clone(), line: line.max(1), column: column.max(1) }
    }

    fn unwritable(&self, reason: io::Error) -> SettingsError {
        SettingsError::Unwritable { file: self.path.clone(), reason }
    }
}

/// For `settings.json` it is `settings.kept-1.json`, or the next number that is free.
pub(crate) fn free_beside(path: &Path) -> PathBuf {
    (1_u32..)
        .map(|number| path.with_extension(format!("kept-{number}.json")))
        .find(|place| !place.exists())
        .unwrap_or_else(|| path.with_extension("kept.json"))
}

/// Replaces a file by JSON.
pub(crate) fn write_durably(path: &Path, content: &impl Serialize) -> io::Result<()> {
    replace_durably(path, &serde_json::to_vec_pretty(content)?)
}

/// A new file beside the old one, on disk before it takes the old one's name.
pub(crate) fn replace_durably(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    Ok(())
}

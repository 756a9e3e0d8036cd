//! The program without its window.

use std::path::PathBuf;

use crate::{About, MessageKey, Settings, SettingsFile, SettingsView, UserError};

/// Where this program keeps its own files, as the shell found it out.
#[derive(Debug, Clone)]
pub struct Places {
    /// The settings file.
    pub settings_file: PathBuf,
    /// The folder of the log.
    pub log_folder: PathBuf,
    /// How much the log tells.
    pub log_level: String,
    /// Whether the log can be written there.
    pub log_works: bool,
}

/// What a user can do, one function an action.
#[derive(Debug, Clone)]
pub struct App {
    places: Places,
    settings: SettingsFile,
}

impl App {
    /// The program over its places.
    #[must_use]
    pub fn new(places: Places) -> Self {
        let settings = SettingsFile::at(places.settings_file.clone());
        Self { places, settings }
    }

    /// Facts of this installation.
    #[must_use]
    pub fn about(&self) -> About {
        let log_folder = self.places.log_folder.display().to_string();
        let log_problem = (!self.places.log_works).then(|| {
            UserError::new("KT-LOG-UNWRITABLE", MessageKey::LogUnwritable)
                .with("folder", &log_folder)
        });
        About {
            version: env!("CARGO_PKG_VERSION"),
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            settings_file: self.settings.path().display().to_string(),
            log_folder,
            log_level: self.places.log_level.clone(),
            log_problem,
        }
    }

    /// The settings in force; the usual ones, and why, when the file cannot be used.
    #[must_use]
    pub fn read_settings(&self) -> SettingsView {
        match self.settings.read() {
            Ok(settings) => SettingsView { settings, problem: None },
            Err(error) => {
                let problem = UserError::from(error);
                tracing::warn!(code = problem.code, "settings are not in force");
                SettingsView { settings: Settings::default(), problem: Some(problem) }
            }
        }
    }

    /// Keeps `settings`.
    ///
    /// # Errors
    /// When they cannot be kept; what was there is untouched.
    pub fn save_settings(&self, settings: Settings) -> Result<SettingsView, UserError> {
        self.settings.save(settings)?;
        Ok(SettingsView { settings, problem: None })
    }

    /// Goes back to the usual settings; a file that was not understood is kept beside.
    ///
    /// # Errors
    /// When they cannot be written; what was there is untouched.
    pub fn reset_settings(&self) -> Result<SettingsView, UserError> {
        Ok(SettingsView { settings: self.settings.reset()?, problem: None })
    }
}

//! The program without its window.

use std::{
    ffi::OsString,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use keyturn_engine::{Driven, reminders::can_be_quiet};
use keyturn_model::{Clock, Entropy};
use keyturn_vault::{Cost, Surroundings};

use crate::{
    About, Access, Clipboard, KeyRing, MessageKey, Settings, SettingsFile, SettingsView, UserError,
    clipboard::InClipboard,
    envelope::Envelope,
    known::KnownVaults,
    limited::Turns,
    looking::Looking,
    reminding::{Notice, Reminding},
    session::Session,
    telling::Telling,
    views::{Copied, Countdown, Progress, PublicKey, SessionView, Step},
};

/// For so long it is waited, at the end of the program, for what goes on beside.
const SETTLE_LOOKS: u32 = 300;
const SETTLE_PAUSE: Duration = Duration::from_millis(10);

/// Where this program keeps its own files, as the shell found it out.
#[derive(Debug, Clone)]
pub struct Places {
    /// The settings file.
    pub settings_file: PathBuf,
    /// The folder of what this computer keeps: known vaults, its half of key-ring secrets.
    pub data_folder: PathBuf,
    /// The folder in which new vaults are suggested.
    pub vaults_folder: PathBuf,
    /// The folders that other programs are looked for in, as `PATH` has them.
    pub programs: OsString,
    /// The folder of the log.
    pub log_folder: PathBuf,
    /// How much the log tells.
    pub log_level: String,
    /// Whether the log can be written there.
    pub log_works: bool,
}

/// What happened, for whoever shows it.
#[derive(Debug, Clone)]
pub enum Happening {
    /// The settings changed.
    Settings(SettingsView),
    /// A vault was opened, or what the session shows of it changed.
    Session(Box<SessionView>),
    /// The vault was locked; what the window still knows must go.
    Locked,
    /// The vault will be locked soon, or not any more.
    LockingSoon(Countdown),
    /// A long piece of work goes on.
    Work(Progress),
    /// Something in the inventory changed.
    Inventory,
    /// Something happened to a run.
    Runs,
    /// Something is to be told to a person who is not looking. Whoever hears it has shown it when he returns, and
    /// returns within moments.
    Notice(Notice),
    /// Something in the centre of notices changed.
    Notices,
    /// A value was put into the clipboard, or taken out of it.
    Clipboard(Option<Copied>),
}

/// Hears what happens.
pub type Hear = Arc<dyn Fn(Happening) + Send + Sync>;

/// What a user can do, one function an action.
#[derive(Clone)]
pub struct App(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) places: Places,
    settings: SettingsFile,
    pub(crate) around: Surroundings,
    pub(crate) key_ring: Arc<dyn KeyRing>,
    pub(crate) clipboard: Arc<dyn Clipboard>,
    in_clipboard: Mutex<InClipboard>,
    pub(crate) known: KnownVaults,
    pub(crate) session: Session,
    pub(crate) envelope: Envelope,
    pub(crate) turns: Arc<Turns>,
    pub(crate) driven: Driven,
    pub(crate) reminding: Reminding,
    pub(crate) telling: Telling,
    /// When it is looked what an emergency still has to begin.
    pub(crate) hurrying: Looking,
    /// What key derivation may cost here, once it was found out.
    pub(crate) cost: Mutex<Option<Cost>>,
    hear: Hear,
    /// Where rotations go on; made when the first one is looked at.
    runtime: OnceLock<tokio::runtime::Runtime>,
    /// What was begun beside what people wait for.
    beside: Mutex<Vec<JoinHandle<()>>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Whoever is the last may be one of its own tasks, which must not wait for itself.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl App {
    /// The program over its places and what it needs of the machine.
    #[must_use]
    pub fn new(
        places: Places,
        around: Surroundings,
        key_ring: Arc<dyn KeyRing>,
        clipboard: Arc<dyn Clipboard>,
        hear: Hear,
    ) -> Self {
        Self(Arc::new(Inner {
            settings: SettingsFile::at(places.settings_file.clone()),
            known: KnownVaults::at(places.data_folder.join("vaults.json")),
            places,
            in_clipboard: Mutex::new(InClipboard::new(&*around.entropy)),
            around,
            key_ring,
            clipboard,
            session: Session::default(),
            envelope: Envelope::default(),
            turns: Arc::default(),
            driven: Driven::default(),
            reminding: Reminding::default(),
            telling: Telling::default(),
            hurrying: Looking::default(),
            cost: Mutex::default(),
            hear,
            runtime: OnceLock::new(),
            beside: Mutex::default(),
        }))
    }

    /// Does something beside what people wait for.
    pub(crate) fn beside(&self, name: &str, work: impl FnOnce() + Send + 'static) {
        match thread::Builder::new().name(name.into()).spawn(work) {
            Ok(handle) => {
                let mut all = self.0.beside.lock().unwrap_or_else(PoisonError::into_inner);
                all.retain(|handle| !handle.is_finished());
                all.push(handle);
            }
            Err(_) => {
                tracing::warn!("a thread could not be started");
            }
        }
    }

    /// Waits until what was begun beside has ended, for a moment at most: whoever ends the process takes the
    /// ground from under it.
    pub fn settle(&self) {
        let begun = || {
            let mut all = self.0.beside.lock().unwrap_or_else(PoisonError::into_inner);
            all.retain(|handle| !handle.is_finished());
            !all.is_empty()
        };
        for _ in 0..SETTLE_LOOKS {
            if !begun() {
                return;
            }
            thread::sleep(SETTLE_PAUSE);
        }
    }

    /// Where rotations go on.
    pub(crate) fn runtime(&self) -> Result<&tokio::runtime::Runtime, UserError> {
        if let Some(runtime) = self.0.runtime.get() {
            return Ok(runtime);
        }
        let made = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("rotations")
            .enable_all()
            .build()
            .map_err(|_| UserError::internal())?;
        Ok(self.0.runtime.get_or_init(|| made))
    }

    pub(crate) fn tell(&self, happening: Happening) {
        if matches!(
            happening,
            Happening::Inventory | Happening::Settings(_) | Happening::Session(_)
        ) {
            self.0.reminding.looking.again();
        }
        if matches!(
            happening,
            Happening::Inventory | Happening::Runs | Happening::Notices | Happening::Session(_)
        ) {
            self.0.telling.looking.again();
        }
        if matches!(happening, Happening::Runs | Happening::Session(_)) {
            self.0.hurrying.again();
        }
        (self.0.hear)(happening);
    }

    pub(crate) fn in_clipboard(&self) -> MutexGuard<'_, InClipboard> {
        self.0.in_clipboard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.0.around.clock
    }

    pub(crate) fn entropy(&self) -> &dyn Entropy {
        &*self.0.around.entropy
    }

    /// Tells what a long piece of work does.
    pub(crate) fn tell_step(&self, step: Step) {
        self.tell(Happening::Work(Progress { step, part: None }));
    }

    /// Tells how far a long piece of work of the vault is.
    pub(crate) fn hear_work(&self) -> impl Fn(keyturn_vault::Step) + '_ {
        |step| {
            let step = match step {
                keyturn_vault::Step::Deriving => Step::Deriving,
                keyturn_vault::Step::Opening => Step::Opening,
                keyturn_vault::Step::Writing => Step::Writing,
                keyturn_vault::Step::Checking => Step::Checking,
            };
            self.tell_step(step);
        }
    }

    pub(crate) fn begin_envelope(&self, page: PublicKey) -> Result<PublicKey, UserError> {
        self.0.envelope.begin(&page.key, self.entropy()).map(|key| PublicKey { key })
    }

    /// Facts of this installation.
    #[must_use]
    pub fn about(&self) -> About {
        let places = &self.0.places;
        let log_folder = places.log_folder.display().to_string();
        About {
            version: env!("CARGO_PKG_VERSION"),
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            settings_file: self.0.settings.path().display().to_string(),
            log_folder,
            log_level: places.log_level.clone(),
            log_problem: self.log_problem(),
        }
    }

    /// Why no log is written.
    pub(crate) fn log_problem(&self) -> Option<UserError> {
        let places = &self.0.places;
        (!places.log_works).then(|| {
            UserError::new("KT-LOG-UNWRITABLE", MessageKey::LogUnwritable)
                .with("folder", places.log_folder.display())
        })
    }

    /// The settings in force; the usual ones, and why, when the file cannot be used.
    #[must_use]
    pub fn read_settings(&self) -> SettingsView {
        match self.0.settings.read() {
            Ok(settings) => SettingsView { settings, problem: None },
            Err(error) => {
                let problem = UserError::from(error);
                tracing::warn!(code = problem.code, "settings are not in force");
                SettingsView { settings: Settings::default(), problem: Some(problem) }
            }
        }
    }

    /// Keeps `settings`. What keeps keys in memory, or shows names, is turned on by who unlocked, and by nobody
    /// else.
    ///
    /// # Errors
    /// When they cannot be kept; what was there is untouched.
    pub fn save_settings(&self, settings: Settings) -> Result<SettingsView, UserError> {
        let before = self.read_settings().settings;
        if settings.rotate_while_locked && !before.rotate_while_locked
            || settings.names_in_notices && !before.names_in_notices
        {
            self.0.session.enter(Access::Unlocked)?;
        }
        if settings.quiet.as_ref().is_some_and(|quiet| !can_be_quiet(quiet)) {
            return Err(UserError::input_refused().with("what", "quiet"));
        }
        self.0.settings.save(&settings)?;
        Ok(self.settings_in_force(settings))
    }

    /// Goes back to the usual settings; a file that was not understood is kept beside.
    ///
    /// # Errors
    /// When they cannot be written; what was there is untouched.
    pub fn reset_settings(&self) -> Result<SettingsView, UserError> {
        Ok(self.settings_in_force(self.0.settings.reset()?))
    }

    fn settings_in_force(&self, settings: Settings) -> SettingsView {
        let goes_on = settings.rotate_while_locked;
        let view = SettingsView { settings, problem: None };
        self.tell(Happening::Settings(view.clone()));
        if !goes_on {
            self.stop_running_on();
        }
        view
    }
}

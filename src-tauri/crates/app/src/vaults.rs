//! Coming in: which vaults there are, making one, unlocking.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError},
};

use keyturn_model::{MemberId, Name, Timestamp};
use keyturn_vault::{
    ClosedBackup, ClosedMember, ClosedVault, Code, Cost, Folder as VaultFolder, NewVault as Making,
    Secret, Vault, VaultError,
};

use crate::{
    App, MessageKey, UserError,
    app::Happening,
    machine, passphrase,
    session::{Inside, Open},
    views::{
        Accept, ClosedBackup as BackupView, FilePlace, Folder, Holder, KnownVault, MadeVault,
        NewVault, OpenVault, RecoveryKeyState, Restore, SessionView, ShownOnce, SignIn, Step,
        Strength, UnlockKey, UnlockWith, VaultName, Way, WaysIn, Weigh,
    },
};

impl App {
    /// Which vault is open, and which are known.
    #[must_use]
    pub fn read_session(&self) -> SessionView {
        let vault = self.0.session.open().and_then(|open| self.open_view(&open).ok());
        let list = self.0.known.read();
        let broken = list.is_none().then(|| {
            UserError::new("KT-VAULTS-BROKEN", MessageKey::VaultsBroken)
                .with("file", self.0.known.file().display())
        });
        // Nobody chooses a vault while one is open.
        let known = list.filter(|_| vault.is_none()).unwrap_or_default();
        let known = known.into_iter().map(|known| {
            let mut view = self.closed_view(&known.folder);
            view.last_member =
                known.last_member.filter(|last| view.members.iter().any(|m| m.id == *last));
            view
        });
        SessionView {
            vault,
            known: known.collect(),
            locked: self.locked_now(),
            problems: broken.into_iter().chain(self.log_problem()).collect(),
        }
    }

    /// What is known of a vault before it is unlocked; it is on the list from now on.
    #[must_use]
    pub fn look_at_vault(&self, input: &Folder) -> KnownVault {
        let folder = self.place(&input.folder);
        let view = self.closed_view(&folder);
        if view
            .problem
            .as_ref()
            .is_none_or(|problem| problem.message_key != MessageKey::VaultMissing)
        {
            self.0.known.used(&folder, None);
        }
        view
    }

    /// Takes a vault off the list; its files stay.
    #[must_use]
    pub fn forget_vault(&self, input: &Folder) -> SessionView {
        let place = self.place(&input.folder);
        let kept = self.0.session.kept();
        if kept.is_some_and(|kept| is_same(kept.vault.folder(), &VaultFolder::at(place.clone()))) {
            self.stop_running_on();
        }
        self.0.known.forget(&place);
        self.forget_reminders(&place);
        self.read_session()
    }

    /// A path as a person writes it.
    pub(crate) fn place(&self, typed: &str) -> PathBuf {
        let typed = typed.trim();
        match (typed.strip_prefix("~/"), self.0.places.vaults_folder.parent()) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(typed),
        }
    }

    fn closed_view(&self, place: &Path) -> KnownVault {
        let folder = VaultFolder::at(place.to_owned());
        let wait_until = folder.wait_until(self.clock().now());
        let ours = self.0.session.kept().is_some_and(|kept| is_same(kept.vault.folder(), &folder));
        let held_by = folder.holder().filter(|_| !ours).map(|holder| {
            holder.map_or_else(
                || Holder { process: 0, computer: String::new(), since: Timestamp::default() },
                Holder::from,
            )
        });
        let name = place.file_name().map(|name| name.to_string_lossy().into_owned());
        let (name, members, problem) = match ClosedVault::look(folder) {
            Ok(vault) => {
                (vault.name().to_owned(), self.sign_ins(&vault.members(), Some(&vault)), None)
            }
            Err(error) => (name.unwrap_or_default(), Vec::new(), Some(UserError::from(error))),
        };
        KnownVault {
            folder: place.display().to_string(),
            name,
            members,
            last_member: None,
            wait_until,
            held_by,
            problem,
        }
    }

    fn sign_ins(&self, members: &[ClosedMember], vault: Option<&ClosedVault>) -> Vec<SignIn> {
        let now = self.clock().now();
        let device = vault.and_then(|vault| self.device(vault.id()).ok().flatten());
        let ways = |member: &ClosedMember| {
            let ring = member.key_rings.iter().any(|(id, until)| {
                device.as_ref().is_some_and(|own| own.id == *id)
                    && until.is_none_or(|until| until > now)
            });
            let mut ways = Vec::new();
            let all = [
                (member.passphrase, Way::Passphrase),
                (ring, Way::KeyRing),
                (member.recovery_key, Way::RecoveryKey),
                (member.invited_until.is_some(), Way::Invitation),
            ];
            ways.extend(all.into_iter().filter_map(|(there, way)| there.then_some(way)));
            ways
        };
        members
            .iter()
            .map(|member| SignIn { id: member.id, name: member.name.clone(), ways: ways(member) })
            .collect()
    }

    pub(crate) fn open_view(&self, open: &Open) -> Result<OpenVault, UserError> {
        let vault = &open.vault;
        let role = vault.my_role()?;
        let ways = vault.ways()?;
        let device = self.device(vault.id()).ok().flatten();
        let key_ring_until = ways
            .key_rings
            .iter()
            .find(|(id, _)| device.as_ref().is_some_and(|own| own.id == *id))
            .and_then(|(_, until)| *until);
        Ok(OpenVault {
            demo: open.demo.is_some(),
            folder: vault.folder().path().display().to_string(),
            name: vault.name(),
            member: vault.me(),
            member_name: vault.my_name()?,
            role,
            may: role.permissions().to_vec(),
            read_only: vault.is_read_only().then(|| {
                vault.folder().holder().flatten().map_or_else(
                    || Holder { process: 0, computer: String::new(), since: Timestamp::default() },
                    Holder::from,
                )
            }),
            ways: WaysIn {
                passphrase_since: ways.passphrase_since,
                recovery_key: match ways.recovery_key {
                    keyturn_vault::RecoveryKey::Missing => RecoveryKeyState::Missing,
                    keyturn_vault::RecoveryKey::Unproven => RecoveryKeyState::Unproven,
                    keyturn_vault::RecoveryKey::Proven => RecoveryKeyState::Proven,
                    keyturn_vault::RecoveryKey::Used => RecoveryKeyState::Used,
                },
                key_ring_until,
            },
            last_backup: vault.backups()?.first().map(|backup| backup.made),
            warnings: open.warnings().clone(),
        })
    }

    /// A free place for a new vault of this name.
    #[must_use]
    pub fn suggest_place(&self, input: &VaultName) -> String {
        let safe: String = input
            .name
            .trim()
            .chars()
            .map(|c| if c.is_alphanumeric() || matches!(c, ' ' | '-' | '_') { c } else { '-' })
            .take(60)
            .collect();
        let name = if safe.trim().is_empty() { "Vault" } else { safe.trim() };
        let folder = &self.0.places.vaults_folder;
        let numbered = (1_u32..1000).map(|number| match number {
            1 => folder.join(name),
            more => folder.join(format!("{name} {more}")),
        });
        let free = numbered.into_iter().find(|place| !place.exists());
        free.unwrap_or_else(|| folder.join(name)).display().to_string()
    }

    /// How hard a passphrase is to guess.
    #[must_use]
    pub fn weigh_passphrase(&self, input: &Weigh) -> Strength {
        passphrase::weigh(&input.passphrase.0, &input.easy)
    }

    /// Six random words.
    #[must_use]
    pub fn suggest_passphrase(&self) -> ShownOnce {
        passphrase::suggest(self.entropy())
    }

    /// What key derivation may cost on this computer; found out once.
    pub(crate) fn cost(&self) -> Cost {
        let mut known = self.0.cost.lock().unwrap_or_else(PoisonError::into_inner);
        *known.get_or_insert_with(|| {
            self.tell_step(Step::Calibrating);
            let nothing = secrecy::SecretString::from("calibration");
            Cost::calibrate(machine::free_memory_kib(), |cost| {
                machine::milliseconds(|| drop(cost.derive(&nothing, &[0; 32])))
            })
        })
    }

    /// Makes a vault and opens it.
    ///
    /// # Errors
    /// When the passphrase is weak, a name cannot be one, or the place is taken.
    pub fn create_vault(&self, input: &NewVault) -> Result<MadeVault, UserError> {
        let (name, member) = (Name::new(&input.name)?, Name::new(&input.member)?);
        passphrase::check(&input.passphrase.0, &[input.name.clone(), input.member.clone()])?;
        let folder = VaultFolder::at(self.new_place(&input.folder)?);
        let cost = self.cost();
        let new = Making { name: &name, member: &member, passphrase: &input.passphrase.0, cost };
        let (vault, code) = Vault::create(&folder, &new, &self.0.around, &self.hear_work())?;
        let session = self.begin(vault, true);
        Ok(MadeVault { session, recovery_key: ShownOnce(code.text().to_string()) })
    }

    pub(crate) fn new_place(&self, typed: &str) -> Result<PathBuf, UserError> {
        let place = self.place(typed);
        if place.is_absolute() && place.file_name().is_some() {
            return Ok(place);
        }
        Err(UserError::new("KT-INPUT-REFUSED", MessageKey::InputRefused).with("what", "place"))
    }

    /// Unlocks a vault.
    ///
    /// # Errors
    /// When the secret does not fit, or the files are not what was written.
    pub fn unlock_vault(&self, input: &UnlockWith) -> Result<SessionView, UserError> {
        let folder = VaultFolder::at(self.place(&input.folder));
        let vault = ClosedVault::look(folder)?;
        let id = vault.id();
        let open = |secret: &Secret<'_>| self.enter(vault, input.member, secret);
        let open = match &input.key {
            UnlockKey::Passphrase(words) => open(&Secret::Passphrase(&words.0))?,
            UnlockKey::RecoveryKey(typed) => open(&Secret::RecoveryKey(&typed.recovery_key()?))?,
            UnlockKey::KeyRing => {
                let kept = self.kept_in_ring(id, input.member)?;
                open(&kept.secret())?
            }
        };
        self.0.known.used(open.vault.folder().path(), Some(input.member));
        Ok(self.begin_with(open, matches!(input.key, UnlockKey::Passphrase(_))))
    }

    /// Opens a vault, or comes back to it where it stayed open for rotations.
    fn enter(
        &self,
        vault: ClosedVault,
        member: MemberId,
        secret: &Secret<'_>,
    ) -> Result<Arc<Open>, UserError> {
        if let Some(kept) = self.kept_open(&vault, member, secret)? {
            kept.vault.welcome_back(secret)?;
            return Ok(kept);
        }
        let vault = vault.unlock(member, secret, &self.0.around, &self.hear_work())?;
        Ok(Open::new(vault, self.clock().now(), None))
    }

    /// This vault, where it stayed open for rotations of this member; the secret has to fit as at any unlocking.
    fn kept_open(
        &self,
        vault: &ClosedVault,
        member: MemberId,
        secret: &Secret<'_>,
    ) -> Result<Option<Arc<Open>>, VaultError> {
        let kept = self.0.session.kept();
        let Some(kept) = kept.filter(|kept| is_same(kept.vault.folder(), vault.folder())) else {
            self.make_room(vault);
            return Ok(None);
        };
        if kept.vault.is_as_on_disk(vault) {
            self.tell_step(Step::Deriving);
            kept.vault.opens(member, secret)?;
            if kept.vault.me() == member {
                return Ok(Some(kept));
            }
        }
        // Another member, or other files: what was kept makes room, and everything is looked at anew.
        drop(kept);
        self.stop_running_on();
        self.make_room(vault);
        Ok(None)
    }

    /// Right after locking, what was begun after the last unlocking may hold the vault for a moment yet; then it
    /// would open for reading only.
    fn make_room(&self, vault: &ClosedVault) {
        if vault.folder().holder().is_some() {
            self.settle();
        }
    }

    /// Accepts an invitation, sets a passphrase and unlocks the vault with it.
    ///
    /// # Errors
    /// When the code is not that of the invitation, or the passphrase is weak.
    pub fn accept_invitation(&self, input: &Accept) -> Result<SessionView, UserError> {
        let vault = ClosedVault::look(VaultFolder::at(self.place(&input.folder)))?;
        let name = vault.members().into_iter().find(|member| member.id == input.member);
        let easy = [vault.name().to_owned(), name.map(|m| m.name).unwrap_or_default()];
        passphrase::check(&input.passphrase.0, &easy)?;
        let code = input.code.code(Code::INVITATION).map_err(|_| {
            UserError::new("KT-INVITATION-MISTYPED", MessageKey::InvitationMistyped)
        })?;
        self.kept_open(&vault, input.member, &Secret::Invitation(&code))
            .map_err(UserError::of_invitation)?;
        let cost = self.cost();
        let vault = vault
            .accept(
                input.member,
                &code,
                &input.passphrase.0,
                cost,
                &self.0.around,
                &self.hear_work(),
            )
            .map_err(UserError::of_invitation)?;
        Ok(self.begin(vault, true))
    }

    /// What is known of a backup before it is opened.
    ///
    /// # Errors
    /// When it is not one, or cannot be read.
    pub fn look_at_backup(&self, input: &FilePlace) -> Result<BackupView, UserError> {
        let backup = ClosedBackup::look(&self.place(&input.file)).map_err(UserError::of_backup)?;
        Ok(BackupView {
            name: backup.name().to_owned(),
            made: backup.made(),
            members: self.sign_ins(&backup.members(), None),
        })
    }

    /// Makes a vault of a backup, at a new place, and opens it.
    ///
    /// # Errors
    /// When the secret was not the member's then, or the place is taken.
    pub fn restore_backup(&self, input: &Restore) -> Result<SessionView, UserError> {
        let file = self.place(&input.file);
        let folder = VaultFolder::at(self.new_place(&input.folder)?);
        let backup = ClosedBackup::look(&file).map_err(UserError::of_backup)?;
        let restore = |secret: &Secret<'_>| {
            backup
                .restore(&folder, input.member, secret, &self.0.around, &self.hear_work())
                .map_err(UserError::of_backup)
        };
        let vault = match &input.key {
            UnlockKey::Passphrase(words) => restore(&Secret::Passphrase(&words.0))?,
            UnlockKey::RecoveryKey(typed) => restore(&Secret::RecoveryKey(&typed.recovery_key()?))?,
            UnlockKey::KeyRing => return Err(UserError::key_ring_over()),
        };
        // This state is meant: the key ring's memory of a newer one would only alarm.
        self.remember_head(&vault);
        Ok(self.begin(vault, matches!(input.key, UnlockKey::Passphrase(_))))
    }

    /// `confirmed` tells whether the passphrase was just given.
    fn begin(&self, vault: Vault, confirmed: bool) -> SessionView {
        self.0.known.used(vault.folder().path(), Some(vault.me()));
        self.begin_with(Open::new(vault, self.clock().now(), None), confirmed)
    }

    pub(crate) fn begin_with(&self, open: Arc<Open>, confirmed: bool) -> SessionView {
        open.touch(self.clock().now());
        if confirmed {
            open.confirm_now(self.clock().now());
        }
        match self.0.session.begin(Arc::clone(&open)) {
            // A vault that was kept open is put away as at any locking, unless it is this one.
            Inside::Running(kept) if !Arc::ptr_eq(&kept, &open) => self.put_away(kept),
            Inside::Running(_) | Inside::Unlocked(_) | Inside::Nothing => {}
        }
        let view = self.read_session();
        self.tell(Happening::Session(Box::new(view.clone())));
        self.look_after(&open);
        tracing::info!("a vault was unlocked");
        view
    }

    /// What need not hold up who unlocks: is it an older state, is it whole, is a backup due.
    fn look_after(&self, open: &Arc<Open>) {
        let (app, vault) = (self.clone(), open.vault.id());
        // Whoever locks meanwhile must not wait for this.
        let open = Arc::downgrade(open);
        self.beside("after unlocking", move || {
            let remembered = app.remembered_head(vault);
            let Some(open) = open.upgrade() else { return };
            let older = remembered
                .is_some_and(|head| open.vault.remembers(head).is_ok_and(|remembers| !remembers));
            let older =
                older.then(|| UserError::new("KT-VAULT-OLDER-STATE", MessageKey::VaultOlderState));
            // Before anything new is begun: what was under way is looked at first.
            let stuck = app.recover_runs(&open).err();
            let findings: Vec<UserError> =
                [older, stuck, app.back_up_if_due(&open).err()].into_iter().flatten().collect();
            open.warnings().extend(findings);
            app.begin_due();
            app.tell(Happening::Session(Box::new(app.read_session())));
        });
    }
}

impl From<keyturn_vault::Holder> for Holder {
    fn from(holder: keyturn_vault::Holder) -> Self {
        Self { process: holder.process, computer: holder.computer, since: holder.since }
    }
}

/// Whether both are the same folder, by whichever way it was named.
pub(crate) fn is_same(one: &VaultFolder, other: &VaultFolder) -> bool {
    let real = |folder: &VaultFolder| fs::canonicalize(folder.path()).ok();
    one == other || real(one).is_some_and(|one| real(other) == Some(one))
}

/// A folder that only its owner may look into.
pub(crate) fn private_folder(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

//! The ways in of the member who unlocked: passphrase, recovery key, key ring.

use std::{
    fs::{self, File},
    io::{Read, Write},
    path::{Path, PathBuf},
};

use keyturn_model::{MemberId, VaultId};
use keyturn_vault::{Code, Head, Key, Secret, Vault, VaultError};
use secrecy::{ExposeSecret, SecretSlice};
use zeroize::Zeroizing;

use crate::{
    App, MessageKey, UserError,
    app::Happening,
    passphrase,
    session::Open,
    vaults::private_folder,
    views::{
        Confirmed, FilePlace, KeptKey, KeyRingView, NewPassphrase, SessionView, SheetPlace,
        ShownOnce, Typed,
    },
};

/// How long the key ring unlocks a vault before the passphrase is asked for again.
const KEY_RING_S: i64 = 7 * 24 * 3600;
/// A recovery sheet never comes near this.
const LARGEST_SHEET: u64 = 16 * 1024;

impl Typed {
    pub(crate) fn code(&self, length: usize) -> Result<Code, VaultError> {
        Code::typed(self.0.expose_secret(), length)
    }

    pub(crate) fn recovery_key(&self) -> Result<Code, UserError> {
        self.code(Code::RECOVERY_KEY).map_err(|_| {
            UserError::new("KT-RECOVERY-KEY-MISTYPED", MessageKey::RecoveryKeyMistyped)
        })
    }
}

/// This computer's half of what the key ring unlocks a vault with.
pub(crate) struct Device {
    pub(crate) id: [u8; 16],
    secret: Key,
}

/// Both halves.
pub(crate) struct KeptInRing {
    device: Device,
    ring: SecretSlice<u8>,
}

impl KeptInRing {
    pub(crate) fn secret(&self) -> Secret<'_> {
        Secret::KeyRing {
            ring: self.ring.expose_secret(),
            own: self.device.secret.expose(),
            device: self.device.id,
        }
    }
}

impl App {
    /// Changes the passphrase of who unlocked.
    ///
    /// # Errors
    /// When the old one is not right, or the new one is weak.
    pub(crate) fn change_passphrase(
        &self,
        open: &Open,
        input: &NewPassphrase,
    ) -> Result<SessionView, UserError> {
        let easy = [open.vault.name(), open.vault.my_name()?];
        passphrase::check(&input.new.0, &easy)?;
        // What is wrong is said before the computer is made to work.
        open.vault.confirm(&input.old.0).map_err(UserError::of_confirmation)?;
        let cost = self.cost();
        open.vault
            .change_passphrase(&input.old.0, &input.new.0, cost, &self.hear_work())
            .map_err(UserError::of_confirmation)?;
        self.session_now()
    }

    pub(crate) fn confirm(&self, open: &Open, passphrase: &Typed) -> Result<(), UserError> {
        self.hear_work()(keyturn_vault::Step::Deriving);
        open.vault.confirm(&passphrase.0).map_err(UserError::of_confirmation)?;
        open.confirm_now(self.clock().now());
        Ok(())
    }

    fn session_now(&self) -> Result<SessionView, UserError> {
        let view = self.read_session();
        self.tell(Happening::Session(Box::new(view.clone())));
        Ok(view)
    }

    pub(crate) fn make_recovery_key(
        &self,
        open: &Open,
        input: &Confirmed,
    ) -> Result<ShownOnce, UserError> {
        self.confirm(open, &input.passphrase)?;
        let code = open.vault.make_recovery_key(&self.hear_work())?;
        self.session_now()?;
        Ok(ShownOnce(code.text().to_string()))
    }

    pub(crate) fn prove_recovery_key(
        &self,
        open: &Open,
        input: &KeptKey,
    ) -> Result<SessionView, UserError> {
        self.prove(open, &input.key.recovery_key()?)
    }

    fn prove(&self, open: &Open, code: &Code) -> Result<SessionView, UserError> {
        open.vault.prove_recovery_key(code).map_err(|error| match error {
            VaultError::WrongKey => {
                UserError::new("KT-RECOVERY-KEY-OTHER", MessageKey::RecoveryKeyOther)
            }
            other => other.into(),
        })?;
        self.session_now()
    }

    /// Writes the recovery key to a new file that only this user may read.
    pub(crate) fn save_recovery_sheet(
        &self,
        open: &Open,
        input: &SheetPlace,
    ) -> Result<(), UserError> {
        let code = input.key.recovery_key()?;
        let place = self.new_place(&input.file)?;
        let made = self.clock().now().utc().format("%Y-%m-%d");
        let text = Zeroizing::new(format!(
            "Keyturn recovery key\n\n\
             Vault:   {}\n\
             Folder:  {}\n\
             Member:  {}\n\
             Made on: {made}\n\n\
             {}\n\n\
             Whoever has this key and the vault's files can open the vault. Keep it on paper or on\n\
             a disk that lies apart from this computer, and delete this file afterwards.\n\
             To use it: start Keyturn, choose the vault, then \"Use the recovery key\".\n",
            open.vault.name(),
            open.vault.folder().path().display(),
            open.vault.my_name()?,
            code.text().as_str(),
        ));
        write_private(&place, text.as_bytes()).map_err(UserError::of_new_file(&place))
    }

    /// Shows that the recovery key was kept, by the file it was written to.
    pub(crate) fn prove_recovery_sheet(
        &self,
        open: &Open,
        input: &FilePlace,
    ) -> Result<SessionView, UserError> {
        let place = self.place(&input.file);
        let unreadable = |error: std::io::Error| {
            UserError::new("KT-FILE-UNREADABLE", MessageKey::FileUnreadable)
                .with("file", place.display())
                .with("reason", error.kind())
                .retryable()
        };
        let mut text = Zeroizing::new(String::new());
        let file = File::open(&place).map_err(unreadable)?;
        file.take(LARGEST_SHEET).read_to_string(&mut text).map_err(unreadable)?;
        let code = text.lines().find_map(|line| Code::typed(line, Code::RECOVERY_KEY).ok());
        let code = code.ok_or_else(|| {
            UserError::new("KT-RECOVERY-KEY-MISTYPED", MessageKey::RecoveryKeyMistyped)
        })?;
        self.prove(open, &code)
    }

    /// Whether the key ring of this computer can be used, found out by asking it.
    pub(crate) fn read_key_ring(&self, open: &Open) -> Result<KeyRingView, UserError> {
        let problem = self.0.key_ring.get("probe").err().map(UserError::from);
        Ok(KeyRingView { problem, until: self.open_view(open)?.ways.key_ring_until })
    }

    /// Lets the key ring unlock the vault for a week.
    pub(crate) fn turn_on_key_ring(
        &self,
        open: &Open,
        input: &Confirmed,
    ) -> Result<KeyRingView, UserError> {
        self.confirm(open, &input.passphrase)?;
        let vault = &open.vault;
        let device = self.make_device(vault.id())?;
        let ring = Key::random(self.entropy());
        let kept = KeptInRing { device, ring: SecretSlice::from(ring.expose().to_vec()) };
        let name = ring_name(vault.id(), vault.me());
        self.0.key_ring.set(&name, kept.ring.expose_secret())?;
        let until = self.clock().now().plus_seconds(KEY_RING_S);
        vault.add_key_ring(&kept.secret(), until, &self.hear_work())?;
        self.session_now()?;
        self.read_key_ring(open)
    }

    /// Takes the vault's key out of the key ring.
    pub(crate) fn turn_off_key_ring(&self, open: &Open) -> Result<KeyRingView, UserError> {
        let vault = &open.vault;
        if let Some(device) = self.device(vault.id())? {
            // The slot first: what stays in the key ring then opens nothing.
            vault.remove_key_ring(device.id)?;
            let file = self.device_file(vault.id());
            fs::remove_file(&file).map_err(UserError::of_new_file(&file))?;
        }
        if self.0.key_ring.delete(&ring_name(vault.id(), vault.me())).is_err() {
            tracing::warn!("a key that opens nothing stays in the key ring");
        }
        self.session_now()?;
        self.read_key_ring(open)
    }

    /// Both halves of what the key ring unlocks a vault with.
    pub(crate) fn kept_in_ring(
        &self,
        vault: VaultId,
        member: MemberId,
    ) -> Result<KeptInRing, UserError> {
        let device = self.device(vault)?.ok_or_else(UserError::key_ring_over)?;
        let ring = self.0.key_ring.get(&ring_name(vault, member))?;
        Ok(KeptInRing { device, ring: ring.ok_or_else(UserError::key_ring_over)? })
    }

    fn device_file(&self, vault: VaultId) -> PathBuf {
        self.0.places.data_folder.join("devices").join(vault.to_string())
    }

    /// This computer's half for a vault, if there is one.
    pub(crate) fn device(&self, vault: VaultId) -> Result<Option<Device>, UserError> {
        let file = self.device_file(vault);
        match fs::read(&file).map(Zeroizing::new) {
            Ok(bytes) => Ok(bytes.split_first_chunk::<16>().and_then(|(id, secret)| {
                Key::copied(secret).map(|secret| Device { id: *id, secret })
            })),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(UserError::of_new_file(&file)(error)),
        }
    }

    fn make_device(&self, vault: VaultId) -> Result<Device, UserError> {
        if let Some(device) = self.device(vault)? {
            return Ok(device);
        }
        let file = self.device_file(vault);
        let folder = file.parent().unwrap_or(Path::new("."));
        private_folder(folder).map_err(UserError::of_new_file(folder))?;
        let mut id = [0; 16];
        self.entropy().fill(&mut id);
        let device = Device { id, secret: Key::random(self.entropy()) };
        let bytes = Zeroizing::new([&id[..], device.secret.expose()].concat());
        // One that could not be read as ours is in the way, and opens nothing.
        if file.exists() {
            fs::remove_file(&file).map_err(UserError::of_new_file(&file))?;
        }
        write_private(&file, &bytes).map_err(UserError::of_new_file(&file))?;
        Ok(device)
    }

    /// What the key ring remembers of where a vault's audit log ended.
    pub(crate) fn remembered_head(&self, vault: VaultId) -> Option<Head> {
        let kept = self.0.key_ring.get(&head_name(vault)).ok()??;
        let (seq, mac) = kept.expose_secret().split_first_chunk::<8>()?;
        Some(Head { seq: u64::from_be_bytes(*seq), mac: <[u8; 32]>::try_from(mac).ok()? })
    }

    /// Keeps where a vault's audit log ends where an older copy of the vault cannot change it.
    pub(crate) fn keep_head(&self, vault: VaultId, head: Head) {
        let ring = std::sync::Arc::clone(&self.0.key_ring);
        let keeping =
            std::thread::Builder::new().name("head to key ring".into()).spawn(move || {
                let bytes = [&head.seq.to_be_bytes()[..], &head.mac].concat();
                if ring.set(&head_name(vault), &bytes).is_err() {
                    tracing::info!("the head of the audit log is not kept in a key ring");
                }
            });
        drop(keeping);
    }

    pub(crate) fn remember_head(&self, vault: &Vault) {
        if let Ok(head) = vault.head() {
            self.keep_head(vault.id(), head);
        }
    }
}

fn ring_name(vault: VaultId, member: MemberId) -> String {
    format!("unlock {vault} {member}")
}

fn head_name(vault: VaultId) -> String {
    format!("audit head {vault}")
}

/// A new file that only this user may read; never over an old one.
fn write_private(place: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = new_private(place)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The same, with nothing in it yet.
pub(crate) fn new_private(place: &Path) -> std::io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(place)
}

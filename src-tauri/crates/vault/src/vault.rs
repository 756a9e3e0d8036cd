//! A vault: made, looked at while it is closed, unlocked.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use keyturn_model::{Clock, Entropy, MemberId, Name, Role, Timestamp, VaultId};
use rusqlite::{Connection, params};
use secrecy::SecretString;

use crate::{
    VaultError,
    audit::{self, Actor, Draft, Head},
    backup,
    code::Code,
    cost::Cost,
    database::{self, Use},
    error::{Result, of_database, writing},
    folder::{Folder, Held, Holder, sync_folder},
    header::{Change, Header, Kind, MemberEntry, is_sealed},
    inventory::Lately,
    keys::{InboxKey, MemberSeed, VaultKeys, wrap},
    migrations,
    secret::Key,
    slots::{Place, Secret, open_member},
    store::{Author, Store},
    ways,
};

/// What a vault needs of the machine, handed in.
#[derive(Clone)]
pub struct Surroundings {
    /// Where moments come from.
    pub clock: Arc<dyn Clock>,
    /// Where randomness comes from.
    pub entropy: Arc<dyn Entropy>,
    /// The number of this process, for others who find the vault held.
    pub process: u32,
    /// The name of this computer, likewise.
    pub computer: String,
}

/// What a long piece of work is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Turning a passphrase into a key.
    Deriving,
    /// Opening the database.
    Opening,
    /// Writing.
    Writing,
    /// Reading back what was written.
    Checking,
}

/// Hears what a long piece of work is doing.
pub type Hear<'a> = &'a dyn Fn(Step);

/// A vault to be made.
#[derive(Debug)]
pub struct NewVault<'a> {
    /// What people will call it.
    pub name: &'a Name,
    /// Its first owner.
    pub member: &'a Name,
    /// The first owner's passphrase.
    pub passphrase: &'a SecretString,
    /// What deriving a key from it costs.
    pub cost: Cost,
}

/// A vault that nobody unlocked: what its header tells.
#[derive(Debug)]
pub struct ClosedVault {
    pub(crate) folder: Folder,
    pub(crate) header: Header,
}

/// A member as the header of a closed vault tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedMember {
    /// The member.
    pub id: MemberId,
    /// The member's name.
    pub name: String,
    /// Whether there is a passphrase.
    pub passphrase: bool,
    /// Whether there is a recovery key.
    pub recovery_key: bool,
    /// The computers whose key ring unlocks the vault, and until when.
    pub key_rings: Vec<([u8; 16], Option<Timestamp>)>,
    /// Until when an invitation can be accepted.
    pub invited_until: Option<Timestamp>,
}

/// A vault that somebody unlocked. Dropping it drops its keys and closes its database.
pub struct Vault {
    pub(crate) folder: Folder,
    pub(crate) around: Surroundings,
    pub(crate) me: MemberId,
    pub(crate) seed: MemberSeed,
    pub(crate) opened: RwLock<Opened>,
    pub(crate) lately: Lately,
    /// What the inbox is sealed to: always the keys in force.
    pub(crate) inbox_public: Arc<RwLock<[u8; 32]>>,
    held: Option<Held>,
    // One change of the header at a time.
    changing: Mutex<()>,
}

pub(crate) struct Opened {
    pub(crate) header: Header,
    pub(crate) keys: Arc<VaultKeys>,
    pub(crate) store: Store,
}

impl ClosedVault {
    /// Reads the header of the vault in `folder`.
    ///
    /// # Errors
    /// When it is missing, empty, truncated, damaged, newer, or asks for too much.
    pub fn look(folder: Folder) -> Result<Self> {
        let header = Header::decode(&folder.read_header()?, &folder.header())?;
        Ok(Self { folder, header })
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.header.name
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> VaultId {
        self.header.vault()
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Who can unlock it.
    #[must_use]
    pub fn members(&self) -> Vec<ClosedMember> {
        self.header.members.iter().map(closed_member).collect()
    }

    /// Unlocks it for `member`. When another program holds the vault it is opened for reading.
    ///
    /// # Errors
    /// [`VaultError::WrongKey`] when the secret does not fit; everything else tells what is wrong
    /// with the files. They are left as they are.
    pub fn unlock(
        self,
        member: MemberId,
        secret: &Secret<'_>,
        around: &Surroundings,
        hear: Hear<'_>,
    ) -> Result<Vault> {
        let now = around.clock.now();
        if secret.counts() {
            self.folder.count_attempt(now)?;
        }
        hear(Step::Deriving);
        let entry = self.header.member(member)?;
        let seed = open_member(entry, self.header.vault(), secret, now)?;
        if secret.counts() {
            self.folder.forget_attempts();
        }
        hear(Step::Opening);
        let vault = Vault::enter(self.folder, member, seed, around)?;
        vault.welcome(Some(secret))?;
        Ok(vault)
    }
}

pub(crate) fn closed_member(member: &MemberEntry) -> ClosedMember {
    let has = |wanted: fn(&Kind) -> bool| member.slot(wanted);
    ClosedMember {
        id: member.id(),
        name: member.name.clone(),
        passphrase: has(|kind| matches!(kind, Kind::Passphrase { .. })).is_some(),
        recovery_key: has(|kind| matches!(kind, Kind::RecoveryKey { .. })).is_some(),
        key_rings: member
            .slots
            .iter()
            .filter_map(|slot| match &slot.kind {
                Kind::KeyRing { device, .. } => Some((**device, slot.until.map(Timestamp))),
                _ => None,
            })
            .collect(),
        invited_until: has(|kind| matches!(kind, Kind::Invitation { .. }))
            .and_then(|slot| slot.until.map(Timestamp)),
    }
}

impl Vault {
    /// Makes a vault in `folder`, which must not be there yet, and opens it. Also gives the first
    /// owner's recovery key, which is kept nowhere else.
    ///
    /// It is made beside its place and renamed when it is whole: an interrupted making leaves no vault.
    ///
    /// # Errors
    /// When the place is taken or cannot be written.
    pub fn create(
        folder: &Folder,
        new: &NewVault<'_>,
        around: &Surroundings,
        hear: Hear<'_>,
    ) -> Result<(Self, Code)> {
        let entropy = &*around.entropy;
        let now = around.clock.now();
        let making = Making::beside(folder)?;
        hear(Step::Deriving);
        let vault = VaultId::new(now, entropy);
        let member = MemberId::new(now, entropy);
        let seed = MemberSeed::new(member, entropy);
        let place = Place { vault, member };
        let recovery = Code::random(Code::RECOVERY_KEY, entropy);
        let mut slots = Vec::new();
        for secret in [Secret::Passphrase(new.passphrase), Secret::RecoveryKey(&recovery)] {
            let kind = secret.new_kind(new.cost, entropy);
            slots.push(place.seal(&seed, &secret, kind, now, None, entropy)?);
        }
        hear(Step::Writing);
        let vault_key = Key::random(entropy);
        let generation = 1;
        let public = seed.public();
        let wrapped = wrap(&vault_key, &public.wrapping, vault, generation, member, entropy)?;
        let keys = VaultKeys::of(vault_key, vault, generation);
        let header = Header {
            vault: (*vault.bytes()).into(),
            name: new.name.to_string(),
            generation,
            revision: 1,
            last_change: change(
                now,
                &Actor { id: member, name: new.member.to_string() },
                Draft::of("vault.created").about(vault, new.name.as_str()),
            ),
            members: vec![MemberEntry {
                id: (*member.bytes()).into(),
                name: new.member.to_string(),
                role: Role::Owner.number(),
                added: now.0,
                wrapping_key: public.wrapping.into(),
                signing_key: public.signing.into(),
                wrapped: wrapped.into(),
                slots,
            }],
        };
        let file = making.folder().database(generation);
        {
            let database = database::connect(&file, &keys.database, Use::Create)?;
            let made = migrations::create(&database, vault, generation).and_then(|()| {
                // The first key of the audit log is a row like any other.
                let transaction = database.unchecked_transaction()?;
                let head = Head::default();
                audit::begin_key(&transaction, &keys, vault, generation, head, entropy)?;
                let sum = crate::rows::count(&transaction, &keys.state)?;
                transaction.execute("UPDATE meta SET rows_sum = ?1", [sum.0])?;
                transaction.commit()
            });
            made.map_err(of_database(&file))?;
            close(database, &file)?;
        }
        making.folder().write_header(&header.encode(&keys.header)?)?;
        making.finish()?;
        hear(Step::Opening);
        let vault = Self::enter(folder.clone(), member, seed, around)?;
        vault.welcome(None)?;
        Ok((vault, recovery))
    }

    /// Opens the vault with a member's seed.
    pub(crate) fn enter(
        folder: Folder,
        me: MemberId,
        seed: MemberSeed,
        around: &Surroundings,
    ) -> Result<Self> {
        let holder = Holder {
            process: around.process,
            computer: around.computer.clone(),
            since: around.clock.now(),
        };
        // Before the header is read again: from here on nobody else changes it.
        let held = folder.hold(&holder)?;
        let opened = Opened::read(&folder, me, &seed, around, held.is_some())?;
        let inbox_public = Arc::new(RwLock::new(InboxKey::of(&opened.keys.inbox).public()));
        Ok(Self {
            folder,
            around: around.clone(),
            me,
            seed,
            opened: RwLock::new(opened),
            lately: Lately::default(),
            inbox_public,
            held,
            changing: Mutex::default(),
        })
    }

    /// The member goes on with a seed of their own.
    pub(crate) fn settle(mut self, seed: MemberSeed) -> Result<Self> {
        self.seed = seed;
        self.welcome(None)?;
        Ok(self)
    }

    /// Whether what lies on the disk is what is open here.
    #[must_use]
    pub fn is_as_on_disk(&self, closed: &ClosedVault) -> bool {
        self.opened().header == closed.header
    }

    /// Enters that the member came back to a vault that stayed open, with a `secret` that [`Self::opens`] it.
    ///
    /// # Errors
    /// When it cannot be entered.
    pub fn welcome_back(&self, secret: &Secret<'_>) -> Result<()> {
        self.welcome(Some(secret))
    }

    /// Enters that the member came in: the first thing written to the vault, and all or nothing, so
    /// that a vault which is refused stays as it is.
    fn welcome(&self, secret: Option<&Secret<'_>>) -> Result<()> {
        if self.held.is_none() {
            return Ok(());
        }
        let now = self.around.clock.now();
        let recovered = match secret {
            Some(Secret::RecoveryKey(_)) => Some(self.recovery_slot()?),
            _ => None,
        };
        {
            let opened = self.opened();
            let author = self.author(&opened.header)?;
            let used = recovered.map(|_| Draft::of("recovery_key.used"));
            let drafts = used.into_iter().chain([Draft::of("vault.unlocked")]).collect();
            let visit = "INSERT INTO visit (member, at) VALUES (?1, ?2)
                         ON CONFLICT (member) DO UPDATE SET at = excluded.at";
            let tables: &[&str] =
                if recovered.is_some() { &["visit", ways::RECOVERY_KEY] } else { &["visit"] };
            opened.store.write_all(
                &opened.header,
                &author,
                tables,
                |()| drafts,
                |transaction| {
                    recovered
                        .map_or(Ok(()), |slot| ways::note_recovery_key(transaction, &slot, true))
                        .and_then(|()| transaction.execute(visit, params![self.me.bytes(), now.0]))
                        .map(drop)
                        .map_err(opened.store.failed())
                },
            )?;
        }
        self.tidy();
        Ok(())
    }

    /// Removes what an interrupted change of keys left: databases that the header does not name.
    /// The one that it names has just been opened. What cannot be removed now is next time.
    fn tidy(&self) {
        let named = self.folder.database(self.opened().header.generation);
        let entries = fs::read_dir(self.folder.path()).into_iter().flatten().flatten();
        for file in entries.map(|entry| entry.path()) {
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let ours = name
                .strip_prefix("vault-")
                .and_then(|rest| rest.strip_suffix(".db"))
                .is_some_and(|number| number.parse::<u64>().is_ok());
            if ours && file != named {
                let _ = database::remove(&file);
            }
        }
    }

    pub(crate) fn opened(&self) -> RwLockReadGuard<'_, Opened> {
        self.opened.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn opened_mut(&self) -> RwLockWriteGuard<'_, Opened> {
        self.opened.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who unlocked.
    #[must_use]
    pub fn me(&self) -> MemberId {
        self.me
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> VaultId {
        self.opened().header.vault()
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> String {
        self.opened().header.name.clone()
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Whether another program holds it, so that it can be read here and not changed.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.held.is_none()
    }

    /// What the member who unlocked is called.
    ///
    /// # Errors
    /// When the member was removed meanwhile.
    pub fn my_name(&self) -> Result<String> {
        Ok(self.opened().header.member(self.me)?.name.clone())
    }

    /// The role of the member who unlocked.
    ///
    /// # Errors
    /// When the member was removed meanwhile.
    pub fn my_role(&self) -> Result<Role> {
        Ok(self.opened().header.member(self.me)?.role())
    }

    pub(crate) fn author(&self, header: &Header) -> Result<Author<'_>> {
        let name = header.member(self.me)?.name.clone();
        Ok(Author { actor: Actor { id: self.me, name }, seed: &self.seed })
    }

    /// Changes rows of `tables` and enters it, in one transaction, under the member who unlocked.
    ///
    /// # Errors
    /// When it could not be made durable; then nothing is changed.
    pub fn write<T>(
        &self,
        draft: Draft,
        tables: &[&str],
        change: impl FnOnce(&rusqlite::Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        opened.store.write(&opened.header, &author, tables, |_| draft, change)
    }

    /// Puts a changed header in force. Its audit entry goes into the header with it, and into the log after.
    pub(crate) fn change_header(
        &self,
        draft: Draft,
        edit: impl FnOnce(&mut Header) -> Result<()>,
    ) -> Result<()> {
        let _one_at_a_time = self.changing();
        if self.held.is_none() {
            return Err(VaultError::Held(self.folder.holder().flatten()));
        }
        let mut opened = self.opened_mut();
        // The log must not miss the change before this one.
        opened.store.catch_up(&opened.header)?;
        let author = self.author(&opened.header)?.actor;
        let mut header = opened.header.clone();
        edit(&mut header)?;
        header.revision += 1;
        header.last_change = change(self.around.clock.now(), &author, draft);
        let bytes = header.encode(&opened.keys.header)?;
        let written = self.folder.write_header(&bytes);
        // Even when writing failed the rename may have been done: the disk tells.
        if written.is_err() && self.folder.read_header().is_ok_and(|found| found != bytes) {
            return written;
        }
        opened.header = header;
        // What cannot be entered now is entered before the next change.
        let _ = opened.store.catch_up(&opened.header);
        written
    }

    /// Signs the head of the audit log; done before the vault is locked.
    ///
    /// # Errors
    /// When it cannot be written; the next unlocking member signs.
    pub fn sign_head(&self) -> Result<Head> {
        let opened = self.opened();
        let author = self.author(&opened.header)?;
        opened.store.sign_head(&author)?;
        opened.store.head()
    }

    /// Where the audit log ends.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn head(&self) -> Result<Head> {
        self.opened().store.head()
    }

    /// Whether the log holds `head`: when it does not, an older state was put back.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn remembers(&self, head: Head) -> Result<bool> {
        let opened = self.opened();
        let found = opened.store.read(|connection| {
            audit::mac_of(connection, head.seq).map_err(opened.store.failed())
        })?;
        Ok(found == Some(head.mac))
    }

    /// The newest entries of the log before `before`, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn log(&self, before: Option<u64>, most: u32) -> Result<Vec<audit::Entry>> {
        let opened = self.opened();
        opened.store.read(|connection| {
            audit::newest(connection, before, most).map_err(opened.store.failed())
        })
    }

    /// Checks everything: each page by its seal, the structure, the sum over all rows, the audit log.
    ///
    /// # Errors
    /// The first thing that is not what was written.
    pub fn check(&self) -> Result<Head> {
        let opened = self.opened();
        let Opened { header, keys, store } = &*opened;
        store.take_over_wal();
        store.read(|connection| database::check_pages(connection, store.file()))?;
        store.check_sum()?;
        store.read(|connection| {
            let head = crate::store::read_meta(connection, store.file())?.head;
            audit::Chain::of(header, keys).verify(connection, head)?;
            Ok(head)
        })
    }
}

impl Opened {
    fn read(
        folder: &Folder,
        me: MemberId,
        seed: &MemberSeed,
        around: &Surroundings,
        writable: bool,
    ) -> Result<Self> {
        let bytes = folder.read_header()?;
        let header = Header::decode(&bytes, &folder.header())?;
        let keys = Arc::new(keys_of(&header, me, seed, &folder.header())?);
        if !is_sealed(&bytes, &keys.header) {
            return Err(VaultError::HeaderForged(folder.header()));
        }
        let file = folder.database(header.generation);
        let connection = if writable {
            migrated(folder, &file, &header, &bytes, &keys, around)?
        } else {
            database::connect(&file, &keys.database, Use::Read)?
        };
        let store = Store::with(connection, &file, &header, &keys, &around.clock, writable)?;
        Ok(Self { header, keys, store })
    }
}

/// The vault's keys as the member's seed opens them.
pub(crate) fn keys_of(
    header: &Header,
    me: MemberId,
    seed: &MemberSeed,
    file: &Path,
) -> Result<VaultKeys> {
    let entry = header.member(me)?;
    let forged = || VaultError::HeaderForged(file.to_owned());
    if entry.public() != seed.public() {
        return Err(forged());
    }
    let vault_key = seed.unwrap(&entry.wrapped, header.vault(), header.generation);
    Ok(VaultKeys::of(vault_key.ok_or_else(forged)?, header.vault(), header.generation))
}

/// The database, brought up to date when it is older, after a backup of what was there.
fn migrated(
    folder: &Folder,
    file: &Path,
    header: &Header,
    header_bytes: &[u8],
    keys: &VaultKeys,
    around: &Surroundings,
) -> Result<Connection> {
    let database = database::connect(file, &keys.database, Use::Write)?;
    let version = migrations::version(&database, file)?;
    if version != migrations::newest() {
        let place = backup::automatic_place(folder, &header.name, around.clock.now());
        backup::write(&database, file, header, header_bytes, keys, around, &place)?;
        migrations::migrate(&database, version, &keys.state, file)?;
    }
    Ok(database)
}

/// Closes the last connection to a database that is whole without a WAL from now on.
pub(crate) fn close(database: Connection, file: &Path) -> Result<()> {
    // Closing would do it as well, and say nothing of an error.
    database
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .map_err(of_database(file))?;
    database.close().map_err(|(_, error)| of_database(file)(error))
}

pub(crate) fn change(at: Timestamp, actor: &Actor, draft: Draft) -> Change {
    Change {
        at: at.0,
        actor: (*actor.id.bytes()).into(),
        actor_name: actor.name.clone(),
        action: draft.action,
        about: draft.about.map(Into::into),
        about_name: draft.about_name,
        detail: draft.detail,
    }
}

/// A vault that is being made beside its final place.
pub(crate) struct Making {
    temporary: tempfile::TempDir,
    folder: Folder,
    place: PathBuf,
}

impl Making {
    pub(crate) fn beside(place: &Folder) -> Result<Self> {
        let path = place.path();
        let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(writing(parent))?;
        // A folder that somebody made for the vault, and that is empty, is as good as none.
        if fs::symlink_metadata(path).is_ok() && fs::remove_dir(path).is_err() {
            return Err(VaultError::Taken(path.to_owned()));
        }
        let temporary = tempfile::Builder::new()
            .prefix(".keyturn-new-")
            .tempdir_in(parent)
            .map_err(writing(parent))?;
        let folder = Folder::at(temporary.path().to_owned());
        Ok(Self { temporary, folder, place: path.to_owned() })
    }

    pub(crate) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The vault is whole: it gets its place, in one step.
    pub(crate) fn finish(self) -> Result<()> {
        let from = self.temporary.keep();
        let renamed = sync_folder(&from).and_then(|()| fs::rename(&from, &self.place));
        if let Err(error) = renamed {
            let _ = fs::remove_dir_all(&from);
            return Err(writing(&self.place)(error));
        }
        let parent = self.place.parent().unwrap_or(Path::new("."));
        sync_folder(parent).map_err(writing(parent))
    }
}

//! The one error a window or a command line ever sees.
//!
//! Inner errors tell the programmer; this one tells the person. It carries a code to quote, a key
//! into the words of the interface and details that fill the sentence. It must never carry a secret.

use std::{collections::BTreeMap, io, path::Path};

use serde::Serialize;
use ts_rs::TS;

use keyturn_exchange::{ReadError, Size};
use keyturn_model::{NameError, Role};
use keyturn_vault::VaultError;

use crate::{KeyRingError, settings::SettingsError};

/// What went wrong, as the interface needs it to say what happened, what is lost and what next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UserError {
    /// Stays the same across versions; a user can quote it.
    pub code: &'static str,
    /// The three sentences of this error in the interface's words.
    pub message_key: MessageKey,
    /// Whether doing the same again can help.
    pub retryable: bool,
    /// Names and places that fill the sentences.
    pub details: BTreeMap<&'static str, String>,
}

/// The errors that have words of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub enum MessageKey {
    /// The settings file is not what this program writes.
    #[serde(rename = "settings.broken")]
    SettingsBroken,
    /// The settings file was written by a newer version.
    #[serde(rename = "settings.newer")]
    SettingsNewer,
    /// The settings file is there, and the system does not let us read it.
    #[serde(rename = "settings.unreadable")]
    SettingsUnreadable,
    /// The settings file cannot be written.
    #[serde(rename = "settings.unwritable")]
    SettingsUnwritable,
    /// The list of this computer's vaults is not understood.
    #[serde(rename = "vaults.broken")]
    VaultsBroken,
    /// The log cannot be written.
    #[serde(rename = "log.unwritable")]
    LogUnwritable,
    /// What was given does not open the vault.
    #[serde(rename = "vault.wrongKey")]
    VaultWrongKey,
    /// Too many wrong attempts; the next one has to wait.
    #[serde(rename = "vault.wait")]
    VaultWait,
    /// There is no vault at this place.
    #[serde(rename = "vault.missing")]
    VaultMissing,
    /// A file of the vault is empty.
    #[serde(rename = "vault.empty")]
    VaultEmpty,
    /// A file of the vault is shorter than it was.
    #[serde(rename = "vault.truncated")]
    VaultTruncated,
    /// The header is not what was written.
    #[serde(rename = "vault.headerDamaged")]
    VaultHeaderDamaged,
    /// The header was changed by somebody who does not have the vault's keys.
    #[serde(rename = "vault.headerForged")]
    VaultHeaderForged,
    /// Header and database belong to different vaults.
    #[serde(rename = "vault.other")]
    VaultOther,
    /// The database fails its integrity check.
    #[serde(rename = "vault.damaged")]
    VaultDamaged,
    /// A part of the database is older than the rest.
    #[serde(rename = "vault.olderPart")]
    VaultOlderPart,
    /// The whole vault is older than this computer last saw it.
    #[serde(rename = "vault.olderState")]
    VaultOlderState,
    /// A newer version of this program wrote it.
    #[serde(rename = "vault.newer")]
    VaultNewer,
    /// It asks for more or less key derivation than is allowed.
    #[serde(rename = "vault.costRefused")]
    VaultCostRefused,
    /// The system has not the memory that key derivation needs.
    #[serde(rename = "vault.noMemory")]
    VaultNoMemory,
    /// Another program has it open; it can be read here and not changed.
    #[serde(rename = "vault.held")]
    VaultHeld,
    /// The place for a new vault is taken.
    #[serde(rename = "vault.taken")]
    VaultTaken,
    /// The system does not let us read a file of the vault.
    #[serde(rename = "vault.unreadable")]
    VaultUnreadable,
    /// The system does not let us write a file of the vault.
    #[serde(rename = "vault.unwritable")]
    VaultUnwritable,
    /// There is no room on the disk.
    #[serde(rename = "vault.diskFull")]
    VaultDiskFull,
    /// There is no `kubectl` on this computer.
    #[serde(rename = "kubectl.missing")]
    KubectlMissing,
    /// `kubectl` did not say what it was asked.
    #[serde(rename = "kubectl.failed")]
    KubectlFailed,
    /// What was found is not there any more.
    #[serde(rename = "finds.gone")]
    FindsGone,
    /// The vault is locked.
    #[serde(rename = "vault.locked")]
    VaultLocked,
    /// Somebody else changed it meanwhile.
    #[serde(rename = "vault.changed")]
    VaultChanged,
    /// The role does not allow it.
    #[serde(rename = "role.missing")]
    RoleMissing,
    /// The last owner must stay one.
    #[serde(rename = "member.lastOwner")]
    MemberLastOwner,
    /// The member is not there any more.
    #[serde(rename = "member.gone")]
    MemberGone,
    /// Another member has this name.
    #[serde(rename = "member.nameTaken")]
    MemberNameTaken,
    /// The name cannot be taken.
    #[serde(rename = "name.refused")]
    NameRefused,
    /// The passphrase is too easy to guess.
    #[serde(rename = "passphrase.weak")]
    PassphraseWeak,
    /// The passphrase asked again was not the right one.
    #[serde(rename = "passphrase.wrong")]
    PassphraseWrong,
    /// The recovery key has a typing error.
    #[serde(rename = "recoveryKey.mistyped")]
    RecoveryKeyMistyped,
    /// It is a recovery key, but not this member's.
    #[serde(rename = "recoveryKey.other")]
    RecoveryKeyOther,
    /// The code of the invitation has a typing error.
    #[serde(rename = "invitation.mistyped")]
    InvitationMistyped,
    /// The invitation cannot be accepted any more.
    #[serde(rename = "invitation.over")]
    InvitationOver,
    /// The system has no key ring.
    #[serde(rename = "keyRing.missing")]
    KeyRingMissing,
    /// The key ring is locked, or does not answer.
    #[serde(rename = "keyRing.refused")]
    KeyRingRefused,
    /// The key ring may not unlock the vault any more.
    #[serde(rename = "keyRing.over")]
    KeyRingOver,
    /// There is no backup at this place.
    #[serde(rename = "backup.missing")]
    BackupMissing,
    /// The file is not a backup of this program.
    #[serde(rename = "backup.notOne")]
    BackupNotOne,
    /// The backup is not what was written.
    #[serde(rename = "backup.damaged")]
    BackupDamaged,
    /// A newer version of this program made the backup.
    #[serde(rename = "backup.newer")]
    BackupNewer,
    /// The daily backup could not be made.
    #[serde(rename = "backup.failed")]
    BackupFailed,
    /// The place for a new file is taken.
    #[serde(rename = "file.taken")]
    FileTaken,
    /// A file could not be read.
    #[serde(rename = "file.unreadable")]
    FileUnreadable,
    /// A file could not be written.
    #[serde(rename = "file.unwritable")]
    FileUnwritable,
    /// The credential is not there any more.
    #[serde(rename = "credential.gone")]
    CredentialGone,
    /// Something of the credential cannot be read, so it is not written again.
    #[serde(rename = "credential.unreadable")]
    CredentialUnreadable,
    /// Something in the form cannot be taken.
    #[serde(rename = "credential.refused")]
    CredentialRefused,
    /// What was typed to delete something is not what it asked for.
    #[serde(rename = "delete.mistyped")]
    DeleteMistyped,
    /// There is no such value.
    #[serde(rename = "value.none")]
    ValueNone,
    /// Showing this value needs the passphrase.
    #[serde(rename = "value.passphrase")]
    ValuePassphrase,
    /// The system has no clipboard.
    #[serde(rename = "clipboard.missing")]
    ClipboardMissing,
    /// The policy cannot be one.
    #[serde(rename = "policy.refused")]
    PolicyRefused,
    /// What is of high risk is muted with a reason only.
    #[serde(rename = "mute.reason")]
    MuteReason,
    /// Another one has this name.
    #[serde(rename = "name.taken")]
    NameTaken,
    /// The file is of no format that can be read.
    #[serde(rename = "import.notOne")]
    ImportNotOne,
    /// The password does not open the file.
    #[serde(rename = "import.wrongPassword")]
    ImportWrongPassword,
    /// The file needs a password.
    #[serde(rename = "import.passwordNeeded")]
    ImportPasswordNeeded,
    /// The file is larger than what is read.
    #[serde(rename = "import.tooLarge")]
    ImportTooLarge,
    /// The key of the file would take the machine down.
    #[serde(rename = "import.tooCostly")]
    ImportTooCostly,
    /// The file has more in it, or deeper, than what is read.
    #[serde(rename = "import.tooMany")]
    ImportTooMany,
    /// The file is damaged.
    #[serde(rename = "import.damaged")]
    ImportDamaged,
    /// A newer program wrote the file.
    #[serde(rename = "import.newer")]
    ImportNewer,
    /// There is nothing in the file.
    #[serde(rename = "import.empty")]
    ImportEmpty,
    /// Somebody stopped the import.
    #[serde(rename = "import.cancelled")]
    ImportCancelled,
    /// The file says something in a way that is not understood.
    #[serde(rename = "import.unsupported")]
    ImportUnsupported,
    /// There is no file that was looked at.
    #[serde(rename = "import.gone")]
    ImportGone,
    /// The import cannot be taken back any more.
    #[serde(rename = "import.undoOver")]
    ImportUndoOver,
    /// The file could not be made.
    #[serde(rename = "export.failed")]
    ExportFailed,
    /// A rotation of the credential is open.
    #[serde(rename = "rotation.inProgress")]
    RotationInProgress,
    /// It has to wait until every rotation has ended.
    #[serde(rename = "rotation.open")]
    RotationOpen,
    /// Nobody said how the credential is rotated, or by an account that is gone.
    #[serde(rename = "rotation.notSetUp")]
    RotationNotSetUp,
    /// It would cut off a login that it needs itself.
    #[serde(rename = "rotation.cycle")]
    RotationCycle,
    /// The issuer's name for the present value is not known.
    #[serde(rename = "rotation.keyUnknown")]
    RotationKeyUnknown,
    /// Somebody has to agree that the old value dies first.
    #[serde(rename = "rotation.consent")]
    RotationConsent,
    /// The issuer cannot revoke a value without making another one.
    #[serde(rename = "rotation.cannotRevoke")]
    RotationCannotRevoke,
    /// There is no such run any more.
    #[serde(rename = "rotation.gone")]
    RotationGone,
    /// Nothing of the vault is in it.
    #[serde(rename = "incident.nothing")]
    IncidentNothing,
    /// Old values are not proven to be refused, and nobody said why that is left so.
    #[serde(rename = "incident.open")]
    IncidentOpen,
    /// It was closed.
    #[serde(rename = "incident.closed")]
    IncidentClosed,
    /// Its reference was not typed.
    #[serde(rename = "incident.mistyped")]
    IncidentMistyped,
    /// There is no such incident.
    #[serde(rename = "incident.gone")]
    IncidentGone,
    /// What is to go is needed by something else.
    #[serde(rename = "setup.inUse")]
    SetupInUse,
    /// An account, a consumer or a binding is not there any more.
    #[serde(rename = "setup.gone")]
    SetupGone,
    /// A key of ours is not provably unused, or not gone.
    #[serde(rename = "orphan.kept")]
    OrphanKept,
    /// The rotation that may have left the key is open, and sees to it.
    #[serde(rename = "orphan.deleting")]
    OrphanDeleting,
    /// The issuer has no list of its keys in which ours could be told apart.
    #[serde(rename = "issuer.cannotList")]
    IssuerCannotList,
    /// The issuer does not answer, or does not do what it is asked for.
    #[serde(rename = "issuer.failed")]
    IssuerFailed,
    /// The audit log is not what was written.
    #[serde(rename = "audit.broken")]
    AuditBroken,
    /// The system does not have the program start at login, or stop doing so.
    #[serde(rename = "login.refused")]
    LoginRefused,
    /// What was asked makes no sense.
    #[serde(rename = "input.refused")]
    InputRefused,
    /// A fault of this program.
    #[serde(rename = "internal")]
    Internal,
}

impl UserError {
    /// An error with its code, its words and nothing to fill in yet.
    #[must_use]
    pub fn new(code: &'static str, message_key: MessageKey) -> Self {
        Self { code, message_key, retryable: false, details: BTreeMap::new() }
    }

    /// The same error, worth another try.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// The same error with one more detail for its sentences.
    #[must_use]
    pub fn with(mut self, name: &'static str, detail: impl ToString) -> Self {
        self.details.insert(name, detail.to_string());
        self
    }

    /// A fault of this program: work that ended without an answer.
    #[must_use]
    pub fn internal() -> Self {
        Self::new("KT-INTERNAL", MessageKey::Internal).retryable()
    }
}

impl UserError {
    pub(crate) fn role_missing(role: Role) -> Self {
        Self::new("KT-ROLE-MISSING", MessageKey::RoleMissing).with("role", format!("{role:?}"))
    }

    pub(crate) fn input_refused() -> Self {
        Self::new("KT-INPUT-REFUSED", MessageKey::InputRefused)
    }

    pub(crate) fn credential_refused(what: impl ToString) -> Self {
        Self::new("KT-CREDENTIAL-REFUSED", MessageKey::CredentialRefused).with("what", what)
    }

    pub(crate) fn not_yourself() -> Self {
        Self::new("KT-INPUT-REFUSED", MessageKey::InputRefused).with("what", "yourself")
    }

    pub(crate) fn key_ring_over() -> Self {
        Self::new("KT-KEY-RING-OVER", MessageKey::KeyRingOver)
    }

    /// An error of asking for the passphrase again.
    pub(crate) fn of_confirmation(error: VaultError) -> Self {
        match error {
            VaultError::WrongKey => {
                Self::new("KT-PASSPHRASE-WRONG", MessageKey::PassphraseWrong).retryable()
            }
            other => other.into(),
        }
    }

    /// An error of accepting an invitation.
    pub(crate) fn of_invitation(error: VaultError) -> Self {
        match error {
            VaultError::Over => Self::new("KT-INVITATION-OVER", MessageKey::InvitationOver),
            VaultError::WrongKey => {
                Self::new("KT-INVITATION-MISTYPED", MessageKey::InvitationMistyped).retryable()
            }
            other => other.into(),
        }
    }

    /// An error of a change of the member called `name`.
    pub(crate) fn of_member(name: &str) -> impl Fn(VaultError) -> Self + '_ {
        move |error| Self::from(error).with("name", name)
    }

    /// An error of a backup.
    pub(crate) fn of_backup(error: VaultError) -> Self {
        match error {
            VaultError::Missing(file) => Self::new("KT-BACKUP-MISSING", MessageKey::BackupMissing)
                .with("file", file.display()),
            VaultError::Newer { file, format } => {
                Self::new("KT-BACKUP-NEWER", MessageKey::BackupNewer)
                    .with("file", file.display())
                    .with("format", format)
            }
            VaultError::Taken(file) => {
                Self::new("KT-FILE-TAKEN", MessageKey::FileTaken).with("file", file.display())
            }
            other => other.into(),
        }
    }

    /// An error of a file of this program's own.
    pub(crate) fn of_new_file(place: &Path) -> impl Fn(io::Error) -> Self + '_ {
        move |error| {
            let (code, key) = match error.kind() {
                io::ErrorKind::AlreadyExists => ("KT-FILE-TAKEN", MessageKey::FileTaken),
                io::ErrorKind::StorageFull => ("KT-VAULT-DISK-FULL", MessageKey::VaultDiskFull),
                _ => ("KT-FILE-UNWRITABLE", MessageKey::FileUnwritable),
            };
            Self::new(code, key)
                .with("file", place.display())
                .with("reason", error.kind())
                .retryable()
        }
    }
}

impl UserError {
    /// An error of a file that comes in.
    pub(crate) fn of_import(file: &Path) -> impl Fn(ReadError) -> Self + '_ {
        move |error| Self::from(error).with("file", file.display())
    }

    /// An error of our own encrypted export that comes in.
    pub(crate) fn of_sealed_file(error: VaultError) -> Self {
        let damaged = |at| Self::new("KT-IMPORT-DAMAGED", MessageKey::ImportDamaged).with("at", at);
        match error {
            VaultError::WrongKey => ReadError::WrongPassword.into(),
            VaultError::Newer { format, .. } => {
                ReadError::Newer { version: format.to_string() }.into()
            }
            VaultError::CostRefused => ReadError::TooCostly.into(),
            VaultError::NotABackup(_) => ReadError::NotThisFormat.into(),
            VaultError::Truncated(_) => damaged("its end"),
            VaultError::BackupDamaged(_) => damaged("its content"),
            other => other.into(),
        }
    }
}

impl From<ReadError> for UserError {
    fn from(error: ReadError) -> Self {
        use MessageKey as Key;
        match error {
            ReadError::NotThisFormat => Self::new("KT-IMPORT-NOT-ONE", Key::ImportNotOne),
            ReadError::WrongPassword => {
                Self::new("KT-IMPORT-WRONG-PASSWORD", Key::ImportWrongPassword).retryable()
            }
            ReadError::PasswordNeeded => {
                Self::new("KT-IMPORT-PASSWORD-NEEDED", Key::ImportPasswordNeeded).retryable()
            }
            ReadError::TooLarge { what, most } => {
                let what = if what == Size::File { "file" } else { "unpacked" };
                Self::new("KT-IMPORT-TOO-LARGE", Key::ImportTooLarge)
                    .with("what", what)
                    .with("most", format!("{} MB", most / (1024 * 1024)))
            }
            ReadError::TooCostly => Self::new("KT-IMPORT-TOO-COSTLY", Key::ImportTooCostly),
            ReadError::TooDeep { most } | ReadError::TooMany { most } => {
                Self::new("KT-IMPORT-TOO-MANY", Key::ImportTooMany).with("most", most)
            }
            ReadError::Damaged { at } => {
                Self::new("KT-IMPORT-DAMAGED", Key::ImportDamaged).with("at", at)
            }
            ReadError::Newer { version } => {
                Self::new("KT-IMPORT-NEWER", Key::ImportNewer).with("version", version)
            }
            ReadError::Empty => Self::new("KT-IMPORT-EMPTY", Key::ImportEmpty),
            ReadError::Cancelled => Self::new("KT-IMPORT-CANCELLED", Key::ImportCancelled),
            ReadError::Unsupported(what) => {
                Self::new("KT-IMPORT-UNSUPPORTED", Key::ImportUnsupported).with("what", what)
            }
        }
    }
}

impl From<NameError> for UserError {
    fn from(error: NameError) -> Self {
        let why = match error {
            NameError::Empty => "empty",
            NameError::TooLong => "too long",
            NameError::Unseen => "characters that cannot be seen",
        };
        Self::new("KT-NAME-REFUSED", MessageKey::NameRefused).with("why", why)
    }
}

impl From<KeyRingError> for UserError {
    fn from(error: KeyRingError) -> Self {
        match error {
            KeyRingError::Missing => Self::new("KT-KEY-RING-MISSING", MessageKey::KeyRingMissing),
            KeyRingError::Refused => {
                Self::new("KT-KEY-RING-REFUSED", MessageKey::KeyRingRefused).retryable()
            }
        }
    }
}

impl From<VaultError> for UserError {
    fn from(error: VaultError) -> Self {
        use MessageKey as Key;
        let at = |code, key, file: &Path| {
            let folder = file.parent().unwrap_or(file);
            Self::new(code, key).with("file", file.display()).with("folder", folder.display())
        };
        match error {
            VaultError::WrongKey => Self::new("KT-VAULT-WRONG-KEY", Key::VaultWrongKey).retryable(),
            VaultError::Wait { until, seconds } => Self::new("KT-VAULT-WAIT", Key::VaultWait)
                .with("until", until.0)
                .with("seconds", seconds)
                .retryable(),
            VaultError::Missing(file) => at("KT-VAULT-MISSING", Key::VaultMissing, &file),
            VaultError::Empty(file) => at("KT-VAULT-EMPTY", Key::VaultEmpty, &file),
            VaultError::Truncated(file) => at("KT-VAULT-TRUNCATED", Key::VaultTruncated, &file),
            VaultError::HeaderDamaged(file) => {
                at("KT-VAULT-HEADER-DAMAGED", Key::VaultHeaderDamaged, &file)
            }
            VaultError::HeaderForged(file) => {
                at("KT-VAULT-HEADER-FORGED", Key::VaultHeaderForged, &file)
            }
            VaultError::OtherVault(file) => at("KT-VAULT-OTHER", Key::VaultOther, &file),
            VaultError::Damaged(file) => at("KT-VAULT-DAMAGED", Key::VaultDamaged, &file),
            VaultError::OlderPart(file) | VaultError::OlderHeader(file) => {
                at("KT-VAULT-OLDER-PART", Key::VaultOlderPart, &file)
            }
            VaultError::Newer { file, format } => {
                at("KT-VAULT-NEWER", Key::VaultNewer, &file).with("format", format)
            }
            VaultError::CredentialGone => Self::new("KT-CREDENTIAL-GONE", Key::CredentialGone),
            VaultError::Unread(parts) => Self::unreadable(&parts),
            VaultError::InUse => Self::new("KT-SETUP-IN-USE", Key::SetupInUse),
            VaultError::Rotating => {
                Self::new("KT-ROTATION-IN-PROGRESS", Key::RotationInProgress).retryable()
            }
            VaultError::RunsOpen(names) => Self::new("KT-ROTATION-OPEN", Key::RotationOpen)
                .with("which", some_of(&names))
                .retryable(),
            VaultError::RunGone => Self::new("KT-ROTATION-GONE", Key::RotationGone),
            VaultError::IncidentGone => Self::new("KT-INCIDENT-GONE", Key::IncidentGone),
            VaultError::NoSuchValue => Self::new("KT-VALUE-NONE", Key::ValueNone),
            VaultError::Stopped => Self::new("KT-IMPORT-CANCELLED", Key::ImportCancelled),
            VaultError::CostRefused => Self::new("KT-VAULT-COST", Key::VaultCostRefused),
            VaultError::NoMemory(kib) => Self::new("KT-VAULT-MEMORY", Key::VaultNoMemory)
                .with("megabytes", kib / 1024)
                .retryable(),
            VaultError::Held(holder) => {
                let held = Self::new("KT-VAULT-HELD", Key::VaultHeld).retryable();
                match holder {
                    Some(holder) => held
                        .with("process", holder.process)
                        .with("computer", holder.computer)
                        .with("since", holder.since),
                    None => held,
                }
            }
            VaultError::Taken(file) => at("KT-VAULT-TAKEN", Key::VaultTaken, &file),
            VaultError::Unreadable { file, reason } => {
                at("KT-VAULT-UNREADABLE", Key::VaultUnreadable, &file)
                    .with("reason", reason.kind())
                    .retryable()
            }
            VaultError::Unwritable { file, reason } => {
                at("KT-VAULT-UNWRITABLE", Key::VaultUnwritable, &file)
                    .with("reason", reason.kind())
                    .retryable()
            }
            VaultError::DiskFull(file) => {
                at("KT-VAULT-DISK-FULL", Key::VaultDiskFull, &file).retryable()
            }
            VaultError::Changed => Self::new("KT-VAULT-CHANGED", Key::VaultChanged).retryable(),
            VaultError::Refused(fault) => Self::credential_refused(fault),
            VaultError::AuditBroken { number } => {
                Self::new("KT-AUDIT-BROKEN", Key::AuditBroken).with("number", number)
            }
            VaultError::Mistyped => Self::new("KT-RECOVERY-KEY-MISTYPED", Key::RecoveryKeyMistyped),
            VaultError::Over => Self::key_ring_over(),
            VaultError::LastOwner => Self::new("KT-MEMBER-LAST-OWNER", Key::MemberLastOwner),
            VaultError::NoSuchMember => Self::new("KT-MEMBER-GONE", Key::MemberGone),
            VaultError::NameTaken => Self::new("KT-MEMBER-NAME-TAKEN", Key::MemberNameTaken),
            VaultError::Name(error) => error.into(),
            VaultError::Full => {
                Self::new("KT-INPUT-REFUSED", Key::InputRefused).with("what", "members")
            }
            VaultError::NotABackup(file) => at("KT-BACKUP-NOT-ONE", Key::BackupNotOne, &file),
            VaultError::BackupDamaged(file) => at("KT-BACKUP-DAMAGED", Key::BackupDamaged, &file),
            VaultError::Database(error) => {
                tracing::error!(
                    code = error.sqlite_error_code().map_or(0, |code| code as i32),
                    "the database refused"
                );
                Self::internal()
            }
        }
    }
}

/// A few names, and how many more there are.
fn some_of(names: &[String]) -> String {
    const MOST: usize = 3;
    let named = names.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MOST) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

impl From<SettingsError> for UserError {
    fn from(error: SettingsError) -> Self {
        let (code, key) = match &error {
            SettingsError::Broken { .. } => ("KT-SETTINGS-BROKEN", MessageKey::SettingsBroken),
            SettingsError::Newer { .. } => ("KT-SETTINGS-NEWER", MessageKey::SettingsNewer),
            SettingsError::Unreadable { .. } => {
                ("KT-SETTINGS-UNREADABLE", MessageKey::SettingsUnreadable)
            }
            SettingsError::Unwritable { .. } => {
                ("KT-SETTINGS-UNWRITABLE", MessageKey::SettingsUnwritable)
            }
        };
        let user = Self::new(code, key);
        match error {
            SettingsError::Broken { file, line, column } => {
                user.with("file", file.display()).with("line", line).with("column", column)
            }
            SettingsError::Newer { file, format } => {
                user.with("file", file.display()).with("format", format)
            }
            SettingsError::Unreadable { file, reason }
            | SettingsError::Unwritable { file, reason } => {
                user.with("file", file.display()).with("reason", reason.kind()).retryable()
            }
        }
    }
}

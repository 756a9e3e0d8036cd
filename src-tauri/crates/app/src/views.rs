//! What the screens show and what they ask, in types that cross to the window.
//!
//! Never a secret, with these exceptions: what is shown once when it is made (a recovery key, an
//! invitation's code, suggested words, a generated value), what the window itself just handed in
//! (a recognised paste), and the one value that somebody reveals.

mod channels;
mod demo;
mod discovery;
mod emergency;
mod exchange;
mod inventory;
mod notices;
mod pictures;
mod rotation;

pub use channels::*;
pub use demo::*;
pub use discovery::*;
pub use emergency::*;
pub use exchange::*;
pub use inventory::*;
pub use notices::*;
pub use pictures::*;
pub use rotation::*;

use keyturn_model::{
    CredentialId, IncidentId, MemberId, Permission, Role, RunId, Timestamp, incident::Cause,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::UserError;

/// A secret that the window hands in; it goes one way only.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(transparent)]
#[ts(as = "String")]
pub struct Typed(pub SecretString);

/// A secret that was just made, to be shown once.
#[derive(Serialize, TS)]
#[serde(transparent)]
pub struct ShownOnce(pub(crate) String);

impl std::fmt::Debug for ShownOnce {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ShownOnce(hidden)")
    }
}

impl Drop for ShownOnce {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.0);
    }
}

/// Which vault is open, and which are known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// The vault that is open.
    pub vault: Option<OpenVault>,
    /// The vaults of this computer, the last one used first.
    pub known: Vec<KnownVault>,
    /// Why and when the vault was locked, in this run of the program.
    pub locked: Option<Locked>,
    /// What is wrong with what the program keeps outside any vault, beside its settings.
    pub problems: Vec<UserError>,
}

/// Why and when a vault was locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Locked {
    /// Why.
    pub because: LockCause,
    /// When.
    pub at: Timestamp,
    /// What becomes of the rotations that were under way; nothing when there were none.
    pub rotations: Option<LockedRotations>,
}

/// What is known of rotations behind a locked window: numbers only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LockedRotations {
    /// Whether they go on meanwhile; otherwise they wait.
    pub go_on: bool,
    /// How many have not ended.
    pub open: u32,
    /// How many of them need somebody.
    pub need_you: u32,
    /// Whether, for each of them, both the old and the new value work as long as it waits.
    pub both_work: bool,
}

/// Why a vault was locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LockCause {
    /// Somebody asked for it.
    Asked,
    /// Nobody did anything for a while.
    Idle,
    /// The computer went to sleep.
    Sleep,
    /// The screen was locked.
    Screen,
}

/// A vault of this computer that is not open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KnownVault {
    /// Where it is.
    pub folder: String,
    /// What people call it; the folder's name when the header cannot be read.
    pub name: String,
    /// Who can unlock it.
    pub members: Vec<SignIn>,
    /// Who unlocked it last on this computer.
    #[ts(type = "string | null")]
    pub last_member: Option<MemberId>,
    /// When it can be tried again after wrong passphrases.
    pub wait_until: Option<Timestamp>,
    /// Who has it open elsewhere.
    pub held_by: Option<Holder>,
    /// Why it cannot be unlocked.
    pub problem: Option<UserError>,
}

/// A member as seen before unlocking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignIn {
    /// The member.
    #[ts(type = "string")]
    pub id: MemberId,
    /// The member's name.
    pub name: String,
    /// The ways in that this member has.
    pub ways: Vec<Way>,
}

/// A way into a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Way {
    /// A passphrase.
    Passphrase,
    /// The system's key ring, on this computer.
    KeyRing,
    /// The recovery key.
    RecoveryKey,
    /// The code of an invitation.
    Invitation,
}

/// Another program that has a vault open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Holder {
    /// Its process number.
    pub process: u32,
    /// The computer it runs on.
    pub computer: String,
    /// Since when.
    pub since: Timestamp,
}

/// The vault that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OpenVault {
    /// Everything in it is made up, and it is gone when it is locked.
    pub demo: bool,
    /// Where it is.
    pub folder: String,
    /// What people call it.
    pub name: String,
    /// Who unlocked it.
    #[ts(type = "string")]
    pub member: MemberId,
    /// The member's name.
    pub member_name: String,
    /// The member's role.
    pub role: Role,
    /// What the role allows.
    pub may: Vec<Permission>,
    /// Who else has it open, so that it can be read here and not changed.
    pub read_only: Option<Holder>,
    /// What the member's ways in are like.
    pub ways: WaysIn,
    /// When the newest backup was made.
    pub last_backup: Option<Timestamp>,
    /// What the member should know: an older state was put back, the daily backup failed.
    pub warnings: Vec<UserError>,
}

/// The ways into the vault that the member who unlocked it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WaysIn {
    /// When the passphrase was set.
    pub passphrase_since: Option<Timestamp>,
    /// The recovery key.
    pub recovery_key: RecoveryKeyState,
    /// Until when the key ring of this computer unlocks the vault.
    pub key_ring_until: Option<Timestamp>,
}

/// What is known of a recovery key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RecoveryKeyState {
    /// There is none.
    Missing,
    /// It was made, and nobody has shown yet that it was kept.
    Unproven,
    /// It was typed or read back.
    Proven,
    /// It was used to unlock; a new one must be made.
    Used,
}

/// A vault to be made.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NewVault {
    /// What people will call it.
    pub name: String,
    /// Where it will be; the folder must not exist.
    pub folder: String,
    /// Who makes it, its first owner.
    pub member: String,
    /// The first member's passphrase.
    pub passphrase: Typed,
}

/// A vault that was just made, open.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MadeVault {
    /// The session, with the vault open.
    pub session: SessionView,
    /// The recovery key, shown once.
    pub recovery_key: ShownOnce,
}

/// How somebody wants to unlock a vault.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UnlockWith {
    /// Where the vault is.
    pub folder: String,
    /// Who.
    #[ts(type = "string")]
    pub member: MemberId,
    /// With what.
    pub key: UnlockKey,
}

/// What somebody unlocks a vault with.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "way", content = "secret")]
pub enum UnlockKey {
    /// A passphrase.
    Passphrase(Typed),
    /// A recovery key.
    RecoveryKey(Typed),
    /// What the key ring of this computer holds.
    KeyRing,
}

/// Somebody accepts an invitation and sets a passphrase.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Accept {
    /// Where the vault is.
    pub folder: String,
    /// Who.
    #[ts(type = "string")]
    pub member: MemberId,
    /// The code of the invitation.
    pub code: Typed,
    /// The passphrase from now on.
    pub passphrase: Typed,
}

/// A folder of a vault.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Folder {
    /// Where.
    pub folder: String,
}

/// A file.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FilePlace {
    /// Where.
    pub file: String,
}

/// The name of a vault that is to be made.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VaultName {
    /// The name.
    pub name: String,
}

/// A passphrase to be weighed.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Weigh {
    /// The passphrase.
    pub passphrase: Typed,
    /// Words that are easy to guess here: the names of vault and member.
    pub easy: Vec<String>,
}

/// How hard a passphrase is to guess.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Strength {
    /// From 0 to 10.
    pub marks: u8,
    /// In a word: `weak`, `fair`, `strong`, `excellent`.
    pub word: StrengthWord,
    /// How long guessing takes, in words: "centuries".
    pub time: String,
    /// Whether it may be used.
    pub enough: bool,
    /// What would make it better.
    pub advice: Option<String>,
}

/// How hard a passphrase is to guess, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum StrengthWord {
    /// Guessed soon.
    Weak,
    /// Guessed by somebody who wants it much.
    Fair,
    /// Not guessed by anybody.
    Strong,
}

/// The passphrase of the member who unlocked, asked again before something grave.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Confirmed {
    /// The passphrase.
    pub passphrase: Typed,
}

/// A passphrase to be changed.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NewPassphrase {
    /// The one in force.
    pub old: Typed,
    /// The one from now on.
    pub new: Typed,
}

/// A recovery key that was kept, to prove it; or to be written down by the program.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeptKey {
    /// The recovery key as typed.
    pub key: Typed,
}

/// Where a recovery sheet is to be written.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SheetPlace {
    /// The recovery key on it.
    pub key: Typed,
    /// The file; it must not exist.
    pub file: String,
}

/// Whether the key ring of this computer can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyRingView {
    /// Why it cannot be used.
    pub problem: Option<UserError>,
    /// Until when it unlocks the vault.
    pub until: Option<Timestamp>,
}

/// The members of the open vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MembersView {
    /// Who they are, the oldest first.
    pub members: Vec<MemberView>,
    /// Goes up with every change to members; handed back with a change, so that two people's
    /// changes never overwrite each other unseen.
    #[ts(type = "number")]
    pub revision: u64,
}

/// A member of the open vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MemberView {
    /// The member.
    #[ts(type = "string")]
    pub id: MemberId,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// Whether it is who unlocked.
    pub you: bool,
    /// When added.
    pub added: Timestamp,
    /// When the member last unlocked the vault.
    pub last_unlocked: Option<Timestamp>,
    /// Until when an invitation that was not accepted yet can be.
    pub invited_until: Option<Timestamp>,
    /// The fingerprint of the member's public key, to be compared by voice.
    pub fingerprint: String,
    /// Whether who unlocked may change or remove this member.
    pub can_change: bool,
}

/// A member to be added.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Invite {
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The passphrase of who invites.
    pub passphrase: Typed,
    /// The revision that was seen.
    #[ts(type = "number")]
    pub revision: u64,
}

/// An invitation, shown once.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// The code for the new member.
    pub code: ShownOnce,
    /// Until when it can be accepted.
    pub until: Timestamp,
    /// The members now.
    pub members: MembersView,
}

/// A change of a member's name or role.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MemberChange {
    /// Who.
    #[ts(type = "string")]
    pub id: MemberId,
    /// The name from now on.
    pub name: String,
    /// The role from now on.
    pub role: Role,
    /// The revision that was seen.
    #[ts(type = "number")]
    pub revision: u64,
}

/// A member to be removed.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MemberRemoval {
    /// Who.
    #[ts(type = "string")]
    pub id: MemberId,
    /// The passphrase of who removes.
    pub passphrase: Typed,
    /// The revision that was seen.
    #[ts(type = "number")]
    pub revision: u64,
}

/// What a removed member may still know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Removed {
    /// The name.
    pub name: String,
    /// The credentials that the member could read.
    pub could_read: Vec<String>,
    /// How many pieces of the inbox could not be read, and stay there as they are.
    pub unread: u32,
    /// The members now.
    pub members: MembersView,
}

/// The backups of the open vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BackupsView {
    /// Where the automatic ones are.
    pub folder: String,
    /// The automatic ones, the newest first.
    pub backups: Vec<BackupFile>,
    /// Why the last automatic one failed.
    pub problem: Option<UserError>,
}

/// A backup on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BackupFile {
    /// Where.
    pub file: String,
    /// When it was made.
    pub made: Timestamp,
    /// Its size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// What a backup holds, read back from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckedBackup {
    /// Where.
    pub file: String,
    /// When it was made.
    pub made: Timestamp,
    /// How many credentials are in it.
    #[ts(type = "number")]
    pub credentials: u64,
    /// How many audit entries are in it.
    #[ts(type = "number")]
    pub audit_entries: u64,
}

/// A backup to be restored.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Restore {
    /// The backup.
    pub file: String,
    /// Where the vault will be; the folder must not exist.
    pub folder: String,
    /// Who restores.
    #[ts(type = "string")]
    pub member: MemberId,
    /// With what, as of the time of the backup.
    pub key: UnlockKey,
}

/// What is known of a backup before it is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ClosedBackup {
    /// What people call the vault in it.
    pub name: String,
    /// When it was made.
    pub made: Timestamp,
    /// Who could unlock it then.
    pub members: Vec<SignIn>,
}

/// What a check of the whole vault found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Checked {
    /// When.
    pub at: Timestamp,
    /// How many audit entries there are.
    #[ts(type = "number")]
    pub audit_entries: u64,
    /// The head of the audit log, to be compared elsewhere.
    pub audit_head: String,
    /// What is wrong; empty when all is well.
    pub problems: Vec<UserError>,
}

/// A system dialog that asks for a place.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AskPlace {
    /// For what.
    pub purpose: PlacePurpose,
    /// What it suggests: a folder or a whole path.
    pub suggested: Option<String>,
}

/// What a place is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PlacePurpose {
    /// The folder of a vault that exists.
    Vault,
    /// The folder in which a new vault will be made.
    Parent,
    /// A backup that exists.
    Backup,
    /// A backup to be written.
    NewBackup,
    /// A recovery sheet to be written.
    NewSheet,
    /// A recovery sheet that exists.
    Sheet,
    /// A folder that is searched.
    SearchFolder,
    /// A file that tells who uses what.
    SearchFile,
    /// A file of another program that credentials come in from.
    Import,
    /// A file that credentials go out to; its name says the format.
    Export,
    /// The report of an emergency.
    Report,
}

/// One half of a key that is agreed on (X25519), in base64.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PublicKey {
    /// 32 bytes.
    pub key: String,
}

/// What the window heard already.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
pub struct HeardSoFar {
    /// The number of the last; none: from now on.
    #[ts(type = "number | null")]
    pub number: Option<u64>,
}

/// Something that the window is told unasked: an event.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Told {
    /// They are numbered from one on.
    #[ts(type = "number")]
    pub number: u64,
    /// Which event.
    pub name: String,
    /// What is told of it.
    #[ts(type = "unknown")]
    pub payload: serde_json::Value,
}

/// How far a long piece of work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// What is being done.
    pub step: Step,
    /// How much of it is done, in hundredths, where that is known.
    pub part: Option<u8>,
}

/// What a long piece of work does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// Finding out how much key derivation this computer can bear.
    Calibrating,
    /// Turning the passphrase into a key.
    Deriving,
    /// Opening the database.
    Opening,
    /// Writing.
    Writing,
    /// Reading back what was written.
    Checking,
    /// Reading a file that comes in.
    Reading,
    /// Bringing in what was read.
    Importing,
    /// Listing the files of folders.
    Listing,
    /// Searching files.
    Searching,
    /// Searching git histories.
    Histories,
    /// Waiting for what a cluster says.
    Asking,
}

/// The vault will be locked soon, because nobody does anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Countdown {
    /// In how many seconds; nothing when somebody came back.
    pub seconds: Option<u32>,
}

/// A place in the window that somebody is led to from outside of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "to")]
pub enum Destination {
    /// The inventory, filtered for what needs attention.
    Attention,
    /// The timeline.
    Timeline,
    /// A credential.
    Credential {
        /// Which.
        #[ts(type = "string")]
        id: CredentialId,
    },
    /// A rotation.
    Run {
        /// Which.
        #[ts(type = "string")]
        id: RunId,
    },
    /// The beginning of an emergency.
    Emergency {
        /// What made somebody begin; nothing: they say it there.
        cause: Option<Cause>,
    },
    /// An emergency.
    Incident {
        /// Which.
        #[ts(type = "string")]
        id: IncidentId,
    },
}

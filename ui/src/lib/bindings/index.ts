// Generated from src-tauri/crates/app/src/bridge.rs by `npm run fix`; never edited.

/**
 * What runs here and where it keeps its own files.
 */
export type About = { 
/**
 * The version of this program.
 */
version: string, 
/**
 * The operating system and the processor it was built for.
 */
system: string, 
/**
 * Where the settings are.
 */
settingsFile: string, 
/**
 * Where the log is.
 */
logFolder: string, 
/**
 * How much the log tells.
 */
logLevel: string, 
/**
 * Why no log is written.
 */
logProblem: UserError | null, };

/**
 * Somebody accepts an invitation and sets a passphrase.
 */
export type Accept = { 
/**
 * Where the vault is.
 */
folder: string, 
/**
 * Who.
 */
member: string, 
/**
 * The code of the invitation.
 */
code: Typed, 
/**
 * The passphrase from now on.
 */
passphrase: Typed, };

/**
 * A system dialog that asks for a place.
 */
export type AskPlace = { 
/**
 * For what.
 */
purpose: PlacePurpose, 
/**
 * What it suggests: a folder or a whole path.
 */
suggested: string | null, };

/**
 * A backup on disk.
 */
export type BackupFile = { 
/**
 * Where.
 */
file: string, 
/**
 * When it was made.
 */
made: Timestamp, 
/**
 * Its size in bytes.
 */
bytes: number, };

/**
 * The backups of the open vault.
 */
export type BackupsView = { 
/**
 * Where the automatic ones are.
 */
folder: string, 
/**
 * The automatic ones, the newest first.
 */
backups: Array<BackupFile>, 
/**
 * Why the last automatic one failed.
 */
problem: UserError | null, };

/**
 * What a check of the whole vault found.
 */
export type Checked = { 
/**
 * When.
 */
at: Timestamp, 
/**
 * How many audit entries there are.
 */
auditEntries: number, 
/**
 * The head of the audit log, to be compared elsewhere.
 */
auditHead: string, 
/**
 * What is wrong; empty when all is well.
 */
problems: Array<UserError>, };

/**
 * What a backup holds, read back from it.
 */
export type CheckedBackup = { 
/**
 * Where.
 */
file: string, 
/**
 * When it was made.
 */
made: Timestamp, 
/**
 * How many credentials are in it.
 */
credentials: number, 
/**
 * How many audit entries are in it.
 */
auditEntries: number, };

/**
 * What is known of a backup before it is opened.
 */
export type ClosedBackup = { 
/**
 * What people call the vault in it.
 */
name: string, 
/**
 * When it was made.
 */
made: Timestamp, 
/**
 * Who could unlock it then.
 */
members: Array<SignIn>, };

/**
 * The passphrase of the member who unlocked, asked again before something grave.
 */
export type Confirmed = { 
/**
 * The passphrase.
 */
passphrase: Typed, };

/**
 * The vault will be locked soon, because nobody does anything.
 */
export type Countdown = { 
/**
 * In how many seconds; nothing when somebody came back.
 */
seconds: number | null, };

/**
 * A file.
 */
export type FilePlace = { 
/**
 * Where.
 */
file: string, };

/**
 * A folder of a vault.
 */
export type Folder = { 
/**
 * Where.
 */
folder: string, };

/**
 * What the window heard already.
 */
export type HeardSoFar = { 
/**
 * The number of the last; none: from now on.
 */
number: number | null, };

/**
 * Another program that has a vault open.
 */
export type Holder = { 
/**
 * Its process number.
 */
process: number, 
/**
 * The computer it runs on.
 */
computer: string, 
/**
 * Since when.
 */
since: Timestamp, };

/**
 * An invitation, shown once.
 */
export type Invitation = { 
/**
 * The code for the new member.
 */
code: ShownOnce, 
/**
 * Until when it can be accepted.
 */
until: Timestamp, 
/**
 * The members now.
 */
members: MembersView, };

/**
 * A member to be added.
 */
export type Invite = { 
/**
 * The name.
 */
name: string, 
/**
 * The role.
 */
role: Role, 
/**
 * The passphrase of who invites.
 */
passphrase: Typed, 
/**
 * The revision that was seen.
 */
revision: number, };

/**
 * A recovery key that was kept, to prove it; or to be written down by the program.
 */
export type KeptKey = { 
/**
 * The recovery key as typed.
 */
key: Typed, };

/**
 * Whether the key ring of this computer can be used.
 */
export type KeyRingView = { 
/**
 * Why it cannot be used.
 */
problem: UserError | null, 
/**
 * Until when it unlocks the vault.
 */
until: Timestamp | null, };

/**
 * A vault of this computer that is not open.
 */
export type KnownVault = { 
/**
 * Where it is.
 */
folder: string, 
/**
 * What people call it; the folder's name when the header cannot be read.
 */
name: string, 
/**
 * Who can unlock it.
 */
members: Array<SignIn>, 
/**
 * Who unlocked it last on this computer.
 */
lastMember: string | null, 
/**
 * When it can be tried again after wrong passphrases.
 */
waitUntil: Timestamp | null, 
/**
 * Who has it open elsewhere.
 */
heldBy: Holder | null, 
/**
 * Why it cannot be unlocked.
 */
problem: UserError | null, };

/**
 * Why a vault was locked.
 */
export type LockCause = "asked" | "idle" | "sleep" | "screen";

/**
 * Why and when a vault was locked.
 */
export type Locked = { 
/**
 * Why.
 */
because: LockCause, 
/**
 * When.
 */
at: Timestamp, };

/**
 * A vault that was just made, open.
 */
export type MadeVault = { 
/**
 * The session, with the vault open.
 */
session: SessionView, 
/**
 * The recovery key, shown once.
 */
recoveryKey: ShownOnce, };

/**
 * A change of a member's name or role.
 */
export type MemberChange = { 
/**
 * Who.
 */
id: string, 
/**
 * The name from now on.
 */
name: string, 
/**
 * The role from now on.
 */
role: Role, 
/**
 * The revision that was seen.
 */
revision: number, };

/**
 * A member to be removed.
 */
export type MemberRemoval = { 
/**
 * Who.
 */
id: string, 
/**
 * The passphrase of who removes.
 */
passphrase: Typed, 
/**
 * The revision that was seen.
 */
revision: number, };

/**
 * A member of the open vault.
 */
export type MemberView = { 
/**
 * The member.
 */
id: string, 
/**
 * The name.
 */
name: string, 
/**
 * The role.
 */
role: Role, 
/**
 * Whether it is who unlocked.
 */
you: boolean, 
/**
 * When added.
 */
added: Timestamp, 
/**
 * When the member last unlocked the vault.
 */
lastUnlocked: Timestamp | null, 
/**
 * Until when an invitation that was not accepted yet can be.
 */
invitedUntil: Timestamp | null, 
/**
 * The fingerprint of the member's public key, to be compared by voice.
 */
fingerprint: string, 
/**
 * Whether who unlocked may change or remove this member.
 */
canChange: boolean, };

/**
 * The members of the open vault.
 */
export type MembersView = { 
/**
 * Who they are, the oldest first.
 */
members: Array<MemberView>, 
/**
 * Goes up with every change to members; handed back with a change, so that two people's
 * changes never overwrite each other unseen.
 */
revision: number, };

/**
 * The errors that have words of their own.
 */
export type MessageKey = "settings.broken" | "settings.newer" | "settings.unreadable" | "settings.unwritable" | "log.unwritable" | "vault.wrongKey" | "vault.wait" | "vault.missing" | "vault.empty" | "vault.truncated" | "vault.headerDamaged" | "vault.headerForged" | "vault.other" | "vault.damaged" | "vault.olderPart" | "vault.olderState" | "vault.newer" | "vault.costRefused" | "vault.noMemory" | "vault.held" | "vault.taken" | "vault.unreadable" | "vault.unwritable" | "vault.diskFull" | "vault.locked" | "vault.changed" | "role.missing" | "member.lastOwner" | "member.gone" | "member.nameTaken" | "name.refused" | "passphrase.weak" | "passphrase.wrong" | "recoveryKey.mistyped" | "recoveryKey.other" | "invitation.mistyped" | "invitation.over" | "keyRing.missing" | "keyRing.refused" | "keyRing.over" | "backup.missing" | "backup.notOne" | "backup.damaged" | "backup.newer" | "backup.failed" | "file.taken" | "file.unreadable" | "file.unwritable" | "audit.broken" | "input.refused" | "internal";

/**
 * A passphrase to be changed.
 */
export type NewPassphrase = { 
/**
 * The one in force.
 */
old: Typed, 
/**
 * The one from now on.
 */
new: Typed, };

/**
 * A vault to be made.
 */
export type NewVault = { 
/**
 * What people will call it.
 */
name: string, 
/**
 * Where it will be; the folder must not exist.
 */
folder: string, 
/**
 * Who makes it, its first owner.
 */
member: string, 
/**
 * The first member's passphrase.
 */
passphrase: Typed, };

/**
 * The vault that is open.
 */
export type OpenVault = { 
/**
 * Where it is.
 */
folder: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * Who unlocked it.
 */
member: string, 
/**
 * The member's name.
 */
memberName: string, 
/**
 * The member's role.
 */
role: Role, 
/**
 * What the role allows.
 */
may: Array<Permission>, 
/**
 * Who else has it open, so that it can be read here and not changed.
 */
readOnly: Holder | null, 
/**
 * What the member's ways in are like.
 */
ways: WaysIn, 
/**
 * When the newest backup was made.
 */
lastBackup: Timestamp | null, 
/**
 * What the member should know: an older state was put back, the daily backup failed.
 */
warnings: Array<UserError>, };

/**
 * Something a role allows.
 */
export type Permission = "see" | "useSecrets" | "rotate" | "edit" | "audit" | "backup" | "manageMembers";

/**
 * What a place is asked for.
 */
export type PlacePurpose = "vault" | "parent" | "backup" | "newBackup" | "newSheet" | "sheet";

/**
 * How far a long piece of work is.
 */
export type Progress = { 
/**
 * What is being done.
 */
step: Step, };

/**
 * One half of a key that is agreed on (X25519), in base64.
 */
export type PublicKey = { 
/**
 * 32 bytes.
 */
key: string, };

/**
 * What is known of a recovery key.
 */
export type RecoveryKeyState = "missing" | "unproven" | "proven" | "used";

/**
 * What a removed member may still know.
 */
export type Removed = { 
/**
 * The name.
 */
name: string, 
/**
 * The credentials that the member could read.
 */
couldRead: Array<string>, 
/**
 * The members now.
 */
members: MembersView, };

/**
 * A backup to be restored.
 */
export type Restore = { 
/**
 * The backup.
 */
file: string, 
/**
 * Where the vault will be; the folder must not exist.
 */
folder: string, 
/**
 * Who restores.
 */
member: string, 
/**
 * With what, as of the time of the backup.
 */
key: UnlockKey, };

/**
 * What a member is to the vault.
 *
 * Roles are kept by this program, not by cryptography: whoever can open the vault holds its keys.
 */
export type Role = "owner" | "admin" | "rotator" | "reader" | "auditor";

/**
 * Which vault is open, and which are known.
 */
export type SessionView = { 
/**
 * The vault that is open.
 */
vault: OpenVault | null, 
/**
 * The vaults of this computer, the last one used first.
 */
known: Array<KnownVault>, 
/**
 * Why and when the vault was locked, in this run of the program.
 */
locked: Locked | null, };

/**
 * Every choice there is.
 */
export type Settings = { 
/**
 * How the window is coloured.
 */
theme: Theme, 
/**
 * After how many minutes without anybody the vault is locked; from 1 to 60.
 */
lockAfterMinutes: number, 
/**
 * Whether the vault is locked when the computer goes to sleep.
 */
lockOnSleep: boolean, 
/**
 * Whether the vault is locked when the screen is.
 */
lockWithScreen: boolean, };

/**
 * The settings in force and, when they are not those of the file, why.
 */
export type SettingsView = { 
/**
 * The settings in force.
 */
settings: Settings, 
/**
 * Why the file's own settings are not in force.
 */
problem: UserError | null, };

/**
 * Where a recovery sheet is to be written.
 */
export type SheetPlace = { 
/**
 * The recovery key on it.
 */
key: Typed, 
/**
 * The file; it must not exist.
 */
file: string, };

/**
 * A secret that was just made, to be shown once.
 */
export type ShownOnce = string;

/**
 * A member as seen before unlocking.
 */
export type SignIn = { 
/**
 * The member.
 */
id: string, 
/**
 * The member's name.
 */
name: string, 
/**
 * The ways in that this member has.
 */
ways: Array<Way>, };

/**
 * What a long piece of work does.
 */
export type Step = "calibrating" | "deriving" | "opening" | "writing" | "checking";

/**
 * How hard a passphrase is to guess.
 */
export type Strength = { 
/**
 * From 0 to 10.
 */
marks: number, 
/**
 * In a word: `weak`, `fair`, `strong`, `excellent`.
 */
word: StrengthWord, 
/**
 * How long guessing takes, in words: "centuries".
 */
time: string, 
/**
 * Whether it may be used.
 */
enough: boolean, 
/**
 * What would make it better.
 */
advice: string | null, };

/**
 * How hard a passphrase is to guess, in a word.
 */
export type StrengthWord = "weak" | "fair" | "strong";

/**
 * How the window is coloured.
 */
export type Theme = "system" | "light" | "dark";

/**
 * A moment, in milliseconds since 1970 in UTC.
 */
export type Timestamp = number;

/**
 * Something that the window is told unasked: an event.
 */
export type Told = { 
/**
 * They are numbered from one on.
 */
number: number, 
/**
 * Which event.
 */
name: string, 
/**
 * What is told of it.
 */
payload: unknown, };

/**
 * A secret that the window hands in; it goes one way only.
 */
export type Typed = string;

/**
 * What somebody unlocks a vault with.
 */
export type UnlockKey = { "way": "passphrase", "secret": Typed } | { "way": "recoveryKey", "secret": Typed } | { "way": "keyRing" };

/**
 * How somebody wants to unlock a vault.
 */
export type UnlockWith = { 
/**
 * Where the vault is.
 */
folder: string, 
/**
 * Who.
 */
member: string, 
/**
 * With what.
 */
key: UnlockKey, };

/**
 * What went wrong, as the interface needs it to say what happened, what is lost and what next.
 */
export type UserError = { 
/**
 * Stays the same across versions; a user can quote it.
 */
code: string, 
/**
 * The three sentences of this error in the interface's words.
 */
messageKey: MessageKey, 
/**
 * Whether doing the same again can help.
 */
retryable: boolean, 
/**
 * Names and places that fill the sentences.
 */
details: { [key in string]: string }, };

/**
 * The name of a vault that is to be made.
 */
export type VaultName = { 
/**
 * The name.
 */
name: string, };

/**
 * A way into a vault.
 */
export type Way = "passphrase" | "keyRing" | "recoveryKey" | "invitation";

/**
 * The ways into the vault that the member who unlocked it has.
 */
export type WaysIn = { 
/**
 * When the passphrase was set.
 */
passphraseSince: Timestamp | null, 
/**
 * The recovery key.
 */
recoveryKey: RecoveryKeyState, 
/**
 * Until when the key ring of this computer unlocks the vault.
 */
keyRingUntil: Timestamp | null, };

/**
 * A passphrase to be weighed.
 */
export type Weigh = { 
/**
 * The passphrase.
 */
passphrase: Typed, 
/**
 * Words that are easy to guess here: the names of vault and member.
 */
easy: Array<string>, };

/** What the window can ask, by name. */
export interface Commands {
  read_about: { input: null, output: About };
  begin_envelope: { input: PublicKey, output: PublicKey };
  read_settings: { input: null, output: SettingsView };
  save_settings: { input: Settings, output: SettingsView };
  reset_settings: { input: null, output: SettingsView };
  read_session: { input: null, output: SessionView };
  look_at_vault: { input: Folder, output: KnownVault };
  forget_vault: { input: Folder, output: SessionView };
  suggest_place: { input: VaultName, output: string };
  weigh_passphrase: { input: Weigh, output: Strength };
  suggest_passphrase: { input: null, output: ShownOnce };
  create_vault: { input: NewVault, output: MadeVault };
  unlock_vault: { input: UnlockWith, output: SessionView };
  accept_invitation: { input: Accept, output: SessionView };
  look_at_backup: { input: FilePlace, output: ClosedBackup };
  restore_backup: { input: Restore, output: SessionView };
  lock_vault: { input: null, output: null };
  stay_unlocked: { input: null, output: null };
  change_passphrase: { input: NewPassphrase, output: SessionView };
  make_recovery_key: { input: Confirmed, output: ShownOnce };
  prove_recovery_key: { input: KeptKey, output: SessionView };
  save_recovery_sheet: { input: SheetPlace, output: null };
  prove_recovery_sheet: { input: FilePlace, output: SessionView };
  read_key_ring: { input: null, output: KeyRingView };
  turn_on_key_ring: { input: Confirmed, output: KeyRingView };
  turn_off_key_ring: { input: null, output: KeyRingView };
  list_members: { input: null, output: MembersView };
  invite_member: { input: Invite, output: Invitation };
  change_member: { input: MemberChange, output: MembersView };
  remove_member: { input: MemberRemoval, output: Removed };
  list_backups: { input: null, output: BackupsView };
  make_backup: { input: null, output: BackupsView };
  make_backup_at: { input: FilePlace, output: CheckedBackup };
  test_backup: { input: FilePlace, output: CheckedBackup };
  check_vault: { input: null, output: Checked };
  quit: { input: null, output: null };
  ask_for_place: { input: AskPlace, output: string | null };
  hear: { input: HeardSoFar, output: Array<Told> };
}

/** What the backend tells unasked, by name. */
export interface Events {
  settings_changed: SettingsView;
  second_start: null;
  session_changed: SessionView;
  locking_soon: Countdown;
  work_progress: Progress;
}

/** What crosses as it is; everything else crosses in an envelope. */
export const PLAIN: ReadonlySet<keyof Commands> = new Set([
  'read_about',
  'begin_envelope',
  'read_settings',
  'save_settings',
  'reset_settings',
  'read_session',
  'lock_vault',
  'stay_unlocked',
  'quit',
  'ask_for_place',
  'hear',
] as const);

// Generated from src-tauri/crates/app/src/bridge.rs by `npm run fix`; never edited.

/**
 * What an issuer can do.
 */
export type Abilities = { 
/**
 * Where a new value comes from.
 */
making: Making, 
/**
 * It can be asked whether it accepts a value.
 */
verify: boolean, 
/**
 * It can list its keys.
 */
list: boolean, 
/**
 * A key that is listed shows the mark that we gave it.
 */
marks: boolean, 
/**
 * It tells when a key was last used.
 */
lastUsed: boolean, 
/**
 * A key can be switched off before it is deleted.
 */
deactivate: boolean, 
/**
 * What the old key signed before it was switched off may still come in: the grace period comes after that,
 * and until then it is the one in use.
 */
lingers: boolean, 
/**
 * How long a change may take until it is in force, and in lists, everywhere.
 */
propagationS: number, 
/**
 * The most keys that may live at once.
 */
mostLive: number | null, 
/**
 * For so long the same request with the same mark is answered with what it did the first time.
 */
sameAnswerS: number, };

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
 * What came of accepting.
 */
export type AcceptedFinds = { 
/**
 * How many consumers were added.
 */
consumers: number, 
/**
 * How many bindings were added.
 */
bindings: number, 
/**
 * How many bindings that were there were seen again.
 */
seen: number, 
/**
 * How many credentials were marked as compromised.
 */
compromised: number, 
/**
 * How many notes were taken back of what is not there any more.
 */
gone: number, 
/**
 * The credentials whose working values lie open.
 */
leaked: Array<LeakedCredential>, };

/**
 * An account to be kept.
 */
export type AccountChange = { 
/**
 * Which; nothing: a new one.
 */
id: string | null, 
/**
 * The version that was seen.
 */
version: number, 
/**
 * What people call it.
 */
name: string, 
/**
 * How it is reached.
 */
setup: IssuerSetup, 
/**
 * How many calls at once it gets; nothing: as many as is usual.
 */
atOnce: number | null, 
/**
 * Secrets by name; one that is not named stays, an empty one goes.
 */
secrets: { [key in string]: Typed }, };

/**
 * An issuer account.
 */
export type AccountView = { 
/**
 * Which.
 */
id: string, 
/**
 * Its version, given back when it is changed.
 */
version: number, 
/**
 * What people call it.
 */
name: string, 
/**
 * How it is reached.
 */
setup: IssuerSetup, 
/**
 * How many calls at once it gets, where somebody set that.
 */
atOnce: number | null, 
/**
 * How many it gets otherwise.
 */
usualAtOnce: number, 
/**
 * The names of the secrets that are there.
 */
secrets: Array<string>, 
/**
 * When it was last seen to work.
 */
tested: Timestamp | null, 
/**
 * How many credentials are rotated by it.
 */
credentials: number, 
/**
 * What its login has to be allowed.
 */
needs: Array<string>, };

/**
 * The issuer accounts.
 */
export type AccountsView = { 
/**
 * By name.
 */
accounts: Array<AccountView>, 
/**
 * The services that are known by a template.
 */
presets: Array<Preset>, 
/**
 * How many calls at once an account gets where nobody set another number, by what it is.
 */
usualAtOnce: { [key in string]: number }, 
/**
 * What was wrong with what was to be saved; then nothing was.
 */
faults: Array<SetupFault>, 
/**
 * The account that was just saved.
 */
saved: string | null, };

/**
 * One entry of the audit log about a credential.
 */
export type Activity = { 
/**
 * Its number in the log.
 */
number: number, 
/**
 * When.
 */
at: Timestamp, 
/**
 * Who.
 */
by: string, 
/**
 * What, as in `credential.revealed`.
 */
action: string, 
/**
 * More, for example which version or field.
 */
detail: string, };

/**
 * What happened to a credential.
 */
export type ActivityOf = { 
/**
 * To which.
 */
id: string, 
/**
 * Before the entry with this number; the newest when none is named.
 */
before: number | null, };

/**
 * The answer of an issuer in which no value was found.
 */
export type AnswerOf = { 
/**
 * Of which run.
 */
id: string, 
/**
 * The passphrase, where it is asked for.
 */
passphrase: Typed | null, };

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
 * Who paused automatic rotation of the whole vault, and when.
 */
export type AutomaticPause = { 
/**
 * Since when.
 */
since: Timestamp, 
/**
 * What the member was called then.
 */
by: string, };

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
 * A binding to be kept.
 */
export type BindingChange = { 
/**
 * Which; nothing: a new one.
 */
id: string | null, 
/**
 * The version that was seen.
 */
version: number, 
/**
 * The credential.
 */
credential: string, 
/**
 * The consumer.
 */
consumer: string, 
/**
 * How the value reaches it.
 */
setup: BindingSetup, 
/**
 * Secrets by name; one that is not named stays, an empty one goes.
 */
secrets: { [key in string]: Typed }, };

/**
 * What came of keeping a binding.
 */
export type BindingSaved = { 
/**
 * What was wrong with it; then nothing was saved.
 */
faults: Array<SetupFault>, 
/**
 * The binding as it is now.
 */
binding: BindingView | null, };

/**
 * One consumer of one credential. Secrets of it: `delivery`, `reload`, `check` (what the `Authorization`
 * header of each request says, where it has one).
 */
export type BindingSetup = { 
/**
 * How the value reaches it.
 */
sending: Sending, 
/**
 * How it picks the value up.
 */
reloading: Reloading, 
/**
 * How it is seen to be well.
 */
check: HealthCheck, 
/**
 * How long and how often that is tried.
 */
looks: Looks, 
/**
 * About how long delivery and reload take, in seconds.
 */
takesS: number, 
/**
 * About how long it is away while it reloads, in seconds.
 */
awayS: number, };

/**
 * One consumer of one credential.
 */
export type BindingView = { 
/**
 * Which.
 */
id: string, 
/**
 * Its version, given back when it is changed.
 */
version: number, 
/**
 * The credential.
 */
credential: string, 
/**
 * What the credential is called.
 */
credentialName: string, 
/**
 * The consumer.
 */
consumer: string, 
/**
 * What the consumer is called.
 */
consumerName: string, 
/**
 * How the value reaches it.
 */
setup: BindingSetup, 
/**
 * The names of the secrets that are there.
 */
secrets: Array<string>, 
/**
 * When it was last seen to be well.
 */
verified: Timestamp | null, 
/**
 * When a search last found what tells that it is so; nothing where none did.
 */
seen: Timestamp | null, };

/**
 * A consumer that is reached.
 */
export type BlastHit = { 
/**
 * Its key in the map.
 */
key: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * Whom to tell.
 */
owner: string, 
/**
 * How it takes a new value up; the most disturbing one.
 */
reload: Reload, 
/**
 * How often it is restarted.
 */
restarts: number, 
/**
 * About how long it is away in all, in seconds.
 */
awayS: number, 
/**
 * Whether it works no more from then on.
 */
stops: boolean, 
/**
 * When it was last seen to be well; of several times the longest ago.
 */
seen: Timestamp | null, };

/**
 * What an action reaches.
 */
export type BlastRadius = { 
/**
 * The keys of all nodes on the way, issuers and reloads too.
 */
keys: Array<string>, 
/**
 * How many credentials it is about.
 */
credentials: number, 
/**
 * The consumers, by name.
 */
consumers: Array<BlastHit>, 
/**
 * How many work no more from then on.
 */
stops: number, 
/**
 * How many restarts there are.
 */
restarts: number, 
/**
 * About how long consumers are away, one after another, in seconds; of what stops nobody can tell.
 */
downS: number, 
/**
 * The owners to tell.
 */
tell: Array<string>, 
/**
 * The names of issuer accounts that log in with it.
 */
cutOff: Array<string>, 
/**
 * The names of consumers of which nobody can read how the value reaches them.
 */
unread: Array<string>, };

/**
 * What a person has to do by hand.
 */
export type ByHand = { 
/**
 * Who has to do it; may be empty.
 */
who: string, 
/**
 * The address of the console; may be empty.
 */
console: string, 
/**
 * What has to be done, a line each.
 */
steps: Array<string>, 
/**
 * The new value is made there, and has to be pasted here.
 */
pastes: boolean, 
/**
 * They have to say whether the new value works, as nothing else can tell.
 */
vouches: boolean, 
/**
 * The consumer that the value has to be brought to, by name.
 */
consumer: string | null, };

/**
 * The same without what an answer held: to be kept, and shown.
 */
export type CallWhy = "refused" | "forbidden" | "denied" | "conflict" | "gone" | "busy" | "unknown" | "unreadable" | "byHand" | "notSetUp";

/**
 * What made somebody begin.
 */
export type Cause = "leaked" | "left" | "machineLost" | "issuerBreached" | "chosen";

/**
 * What can be done to many credentials at once.
 */
export type Change = { "to": "archive" } | { "to": "restore" } | { "to": "pause" } | { "to": "resume" } | { "to": "policy", 
/**
 * Which.
 */
policy: PolicyChoice, } | { "to": "words", 
/**
 * Who; nothing leaves it to each.
 */
owner: string | null, 
/**
 * Where; nothing leaves it to each.
 */
environment: string | null, 
/**
 * Which tags they get.
 */
add: Array<string>, 
/**
 * Which they lose.
 */
remove: Array<string>, } | { "to": "risk", 
/**
 * What.
 */
risk: Risk, };

/**
 * A channel as people set it up.
 */
export type Channel = { 
/**
 * How it reaches people.
 */
setup: ChannelSetup, 
/**
 * What it tells.
 */
rules: ChannelRules, 
/**
 * Whether it tells anything.
 */
on: boolean, };

/**
 * A channel to be kept.
 */
export type ChannelChange = { 
/**
 * Which; nothing: a new one.
 */
id: string | null, 
/**
 * The version that was seen.
 */
version: number, 
/**
 * What people call it.
 */
name: string, 
/**
 * How it is set up.
 */
channel: Channel, 
/**
 * Secrets by name; one that is not named stays, an empty one goes.
 */
secrets: { [key in string]: Typed }, };

/**
 * What a team can be told.
 */
export type ChannelEvent = "reminder" | "success" | "failure" | "needsAttention" | "restart";

/**
 * What a channel tells. What is empty is open: it holds for all.
 */
export type ChannelRules = { 
/**
 * What is told; empty: nothing.
 */
events: Array<ChannelEvent>, 
/**
 * Reminders of this severity, and more urgent ones.
 */
severity: Severity, 
/**
 * In these environments.
 */
environments: Array<string>, 
/**
 * Of these kinds.
 */
kinds: Array<Kind>, 
/**
 * For which one of these answers.
 */
owners: Array<string>, };

/**
 * How messages reach people.
 */
export type ChannelSetup = { "by": "chat", 
/**
 * The address may lead into this computer or the local network.
 */
private: boolean, } | { "by": "mail" } & MailServer;

/**
 * What came of a test message.
 */
export type ChannelTried = { 
/**
 * Why it was not sent; nothing: it was.
 */
why: CallWhy | null, };

/**
 * A channel.
 */
export type ChannelView = { 
/**
 * Which.
 */
id: string, 
/**
 * Its version.
 */
version: number, 
/**
 * What people call it.
 */
name: string, 
/**
 * How it is set up.
 */
channel: Channel, 
/**
 * The names of the secrets that are there.
 */
secrets: Array<string>, 
/**
 * How many messages wait to be sent there.
 */
waiting: number, };

/**
 * The channels.
 */
export type ChannelsView = { 
/**
 * By name.
 */
channels: Array<ChannelView>, 
/**
 * What was wrong with what was to be saved; then nothing was.
 */
faults: Array<SetupFault>, 
/**
 * The channel that was just saved.
 */
saved: string | null, };

/**
 * Something that was looked at before a rotation.
 */
export type CheckView = { 
/**
 * What.
 */
what: CheckWhat, 
/**
 * Which consumer, by name.
 */
consumer: string | null, 
/**
 * What was found.
 */
found: Found, 
/**
 * What is wrong.
 */
trouble: Trouble | null, };

/**
 * What can be looked at before a rotation.
 */
export type CheckWhat = "account" | "room" | "keys" | "oldAccepted" | "consent" | "consumer";

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
 * The end of an incident.
 */
export type Closed = { 
/**
 * Who closed it.
 */
by: string, 
/**
 * When.
 */
at: Timestamp, 
/**
 * Why, although something was open; empty where nothing was.
 */
reason: string, };

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
 * A column of the table that may be hidden; the name always stands there.
 */
export type Column = "kind" | "environment" | "risk" | "status" | "due" | "rotated" | "uses" | "owner" | "tags";

/**
 * The passphrase of the member who unlocked, asked again before something grave.
 */
export type Confirmed = { 
/**
 * The passphrase.
 */
passphrase: Typed, };

/**
 * An application, a job or a person that uses credentials.
 */
export type Consumer = { 
/**
 * What people call it.
 */
name: string, 
/**
 * Where it runs.
 */
environment: string, 
/**
 * Whom to tell.
 */
owner: string, 
/**
 * How it is deployed.
 */
deployment: Deployment, 
/**
 * More about it.
 */
notes: string, };

/**
 * A consumer to be kept.
 */
export type ConsumerChange = { 
/**
 * Which; nothing: a new one.
 */
id: string | null, 
/**
 * The version that was seen.
 */
version: number, 
/**
 * What is known of it.
 */
consumer: Consumer, };

/**
 * A consumer.
 */
export type ConsumerView = { 
/**
 * Which.
 */
id: string, 
/**
 * Its version, given back when it is changed.
 */
version: number, 
/**
 * What is known of it.
 */
consumer: Consumer, 
/**
 * What it uses.
 */
bindings: Array<BindingView>, };

/**
 * The consumers.
 */
export type ConsumersView = { 
/**
 * By name.
 */
consumers: Array<ConsumerView>, 
/**
 * The bindings that cannot be read here, and are kept as they are.
 */
unread: Array<UnreadBindingView>, 
/**
 * The consumer that was just saved.
 */
saved: string | null, };

/**
 * A value in the clipboard.
 */
export type Copied = { 
/**
 * What was copied: the name of the credential.
 */
name: string, 
/**
 * When it is taken out again; never for one that may be seen.
 */
until: Timestamp | null, };

/**
 * The vault will be locked soon, because nobody does anything.
 */
export type Countdown = { 
/**
 * In how many seconds; nothing when somebody came back.
 */
seconds: number | null, };

/**
 * How often something was done with a credential.
 */
export type Counters = { 
/**
 * Its value was shown.
 */
reveals: number, 
/**
 * Its value was copied.
 */
copies: number, 
/**
 * Its value was replaced.
 */
rotations: number, 
/**
 * Its token was refreshed.
 */
refreshes: number, 
/**
 * A replacement failed.
 */
failures: number, };

/**
 * Everything that is known of one credential but its values.
 */
export type Credential = { 
/**
 * What a list shows of it.
 */
row: Row, 
/**
 * What can be edited.
 */
metadata: Metadata, 
/**
 * What of it cannot be read, by name: it is left as it is, and the rest cannot be changed.
 */
unread: Array<string>, 
/**
 * When it is to be replaced by its policy.
 */
rotates: Timestamp | null, 
/**
 * When it was made.
 */
created: Timestamp, 
/**
 * When its value was last tried.
 */
verified: Timestamp | null, 
/**
 * When it was last used, where the issuer can tell.
 */
used: Timestamp | null, 
/**
 * How often what was done.
 */
counters: Counters, 
/**
 * Its values, the newest first.
 */
versions: Array<Version>, };

/**
 * Other metadata for a credential.
 */
export type CredentialChange = { 
/**
 * Which.
 */
id: string, 
/**
 * The version that was edited.
 */
version: number, 
/**
 * What it is from now on.
 */
metadata: Metadata, };

/**
 * A part of the inventory, as it is.
 */
export type CredentialList = { 
/**
 * The rows that were asked for.
 */
rows: Array<Row>, 
/**
 * The place of the first of them.
 */
from: number, 
/**
 * How many rows the whole list has.
 */
total: number, 
/**
 * How many credentials there are that are not put away.
 */
all: number, 
/**
 * The groups of the whole list, in its order; empty when it is not grouped.
 */
groups: Array<Group>, 
/**
 * Parts of the question that were not understood.
 */
unknown: Array<string>, 
/**
 * What was looked for instead, as nothing has exactly these words.
 */
instead: Array<string>, };

/**
 * Everything about one credential but its values.
 */
export type CredentialView = { 
/**
 * What is kept of it.
 */
credential: Credential, 
/**
 * The policy that it follows.
 */
policy: Policy | null, 
/**
 * What that policy is called; empty for the usual one.
 */
policyName: string, 
/**
 * The next dates by that policy; the first may be past.
 */
next: Array<Timestamp>, 
/**
 * What its value tells of itself.
 */
facts: Facts, 
/**
 * How much there is to each secret field in use, by name; empty for who may not use secrets.
 */
measures: { [key in string]: Measure }, 
/**
 * Within how many hours it has to be replaced when it was lost; 0 is at once.
 */
emergencyHours: number, 
/**
 * Whether showing a value asks for the passphrase first.
 */
asksPassphrase: boolean, };

/**
 * What a date of a credential is.
 */
export type Deadline = "expiry" | "rotation";

/**
 * Credentials to be deleted for good.
 */
export type Deletion = { 
/**
 * Which.
 */
ids: string[], 
/**
 * The name of the one, or how many there are: typed by the person.
 */
typed: string, };

/**
 * How a consumer is deployed.
 */
export type Deployment = "service" | "job" | "pipeline" | "mobile" | "partner" | "person";

/**
 * A place in the window that somebody is led to from outside of it.
 */
export type Destination = { "to": "attention" } | { "to": "timeline" } | { "to": "credential", 
/**
 * Which.
 */
id: string, } | { "to": "run", 
/**
 * Which.
 */
id: string, } | { "to": "emergency", 
/**
 * What made somebody begin; nothing: they say it there.
 */
cause: Cause | null, } | { "to": "incident", 
/**
 * Which.
 */
id: string, };

/**
 * What became of one of several.
 */
export type Done = { 
/**
 * Which; none when it could not be added.
 */
id: string | null, 
/**
 * What people call it.
 */
name: string, 
/**
 * Why it was not done.
 */
problem: UserError | null, };

/**
 * What a link rests on.
 */
export type Evidence = "seen" | "setUp" | "said";

/**
 * What is to go out.
 */
export type Export = { 
/**
 * Where to; there must be no such file.
 */
file: string, 
/**
 * As what: `keyturn` (encrypted), `kdbx`, `csv`, `json`; or `metadata`, a table without any value.
 */
format: string, 
/**
 * Which credentials, as a question; all when it is empty.
 */
query: string, 
/**
 * Which credentials, one by one; then the question is not asked.
 */
ids: string[] | null, 
/**
 * The passphrase of who unlocked.
 */
passphrase: Typed, 
/**
 * What the file opens with, where it is encrypted.
 */
password: Typed | null, };

/**
 * What went out.
 */
export type Exported = { 
/**
 * How many credentials.
 */
count: number, 
/**
 * Its bytes.
 */
size: number, 
/**
 * What of them is not in the file, or changed.
 */
lost: Array<LostTogether>, };

/**
 * What was read out of a value.
 */
export type Facts = { 
/**
 * From when on it is not accepted any more.
 */
expires: Timestamp | null, 
/**
 * From when on the access token beside it is not accepted any more. The value outlives many of them.
 */
tokenExpires: Timestamp | null, 
/**
 * When it was issued, or from when on it is accepted.
 */
issuedAt: Timestamp | null, 
/**
 * Who issued it.
 */
issuer: string | null, 
/**
 * Whom or what it names.
 */
subject: string | null, 
/**
 * The other names of a certificate.
 */
names: Array<string>, 
/**
 * By what the issuer knows it.
 */
keyId: string | null, 
/**
 * SHA-256 of the key (SSH, `SHA256:…`) or of the certificate (X.509, `0A:FF:…`).
 */
fingerprint: string | null, 
/**
 * What it is used with, as in `RSA 2048`, `EC P-256`, `Ed25519`, `HS256`.
 */
algorithm: string | null, 
/**
 * The number of a certificate at its issuer.
 */
serial: string | null, 
/**
 * Whether the private key opens with a pass phrase only.
 */
encrypted: boolean, };

/**
 * One thing that is wrong.
 */
export type Fault = { 
/**
 * The field.
 */
field: string, 
/**
 * What is wrong with it.
 */
why: Why, };

/**
 * One field of a kind.
 */
export type Field = { 
/**
 * Its name, in records and on the wire.
 */
name: string, 
/**
 * What can be in it.
 */
shape: Shape, 
/**
 * Whether it is sealed, and shown by `reveal` only.
 */
secret: boolean, 
/**
 * Whether it has to be there.
 */
needed: boolean, };

/**
 * How a file is written.
 */
export type FileFormat = "env" | "json" | "yaml" | "toml" | "ini" | "whole";

/**
 * A file.
 */
export type FilePlace = { 
/**
 * Where.
 */
file: string, };

/**
 * Something that was found.
 */
export type Find = { 
/**
 * Its number, to accept it.
 */
at: number, 
/**
 * What it is.
 */
sort: FindSort, 
/**
 * What the vault says of it.
 */
state: FindState, 
/**
 * About which credential.
 */
credential: string | null, 
/**
 * What that is called.
 */
credentialName: string, 
/**
 * Which of its versions lies there.
 */
version: number | null, 
/**
 * That one works: whoever finds it can use it.
 */
works: boolean, 
/**
 * Its value stands there; else something is called like it.
 */
byValue: boolean, 
/**
 * Who uses it.
 */
consumer: Seen | null, 
/**
 * There is no such consumer yet.
 */
isNewConsumer: boolean, 
/**
 * What secrets are called there.
 */
called: Array<string>, 
/**
 * The first places that tell it.
 */
places: Array<Spot>, 
/**
 * How many there are.
 */
count: number, };

/**
 * What is accepted of what was found.
 */
export type FindChoice = { 
/**
 * Which, by number.
 */
accept: Array<number>, };

/**
 * What was found.
 */
export type FindSort = "leak" | "binding" | "consumer";

/**
 * What the vault says of something that was found.
 */
export type FindState = "fresh" | "here" | "gone" | "unknown";

/**
 * More of what was found.
 */
export type FindsPage = { 
/**
 * From which on.
 */
from: number, };

/**
 * What a search came to.
 */
export type FindsView = { 
/**
 * The first of them.
 */
finds: Array<Find>, 
/**
 * How many there are.
 */
total: number, 
/**
 * What was not read, by the reason.
 */
leftOut: Array<LeftOut>, 
/**
 * How many files were searched.
 */
files: number, 
/**
 * How many bytes they have.
 */
bytes: number, 
/**
 * How many objects of git histories were searched.
 */
objects: number, 
/**
 * How many values were looked for.
 */
values: number, 
/**
 * How many values are too short to be told apart from other words.
 */
tooShort: number, 
/**
 * How many values could not be opened.
 */
unopened: number, 
/**
 * How many secrets reports tell of that are none of the vault.
 */
others: number, 
/**
 * Somebody said stop, or more was found than can be told.
 */
isCut: boolean, };

/**
 * A folder of a vault.
 */
export type Folder = { 
/**
 * Where.
 */
folder: string, };

/**
 * What was found.
 */
export type Found = "good" | "willBeMade" | "bad" | "unanswered" | "couldNot";

/**
 * A set of rules that asks for rotation.
 */
export type Framework = "pciDss" | "soc2" | "hipaa" | "nist80053" | "gdpr";

/**
 * By what things are gathered: groups of the map, lanes of the timeline.
 */
export type GatheredBy = "kind" | "owner" | "environment";

/**
 * How a new value is to be made.
 */
export type Generate = { 
/**
 * How.
 */
recipe: Recipe, };

/**
 * A new value, for the form that asked for it.
 */
export type GeneratedValue = { 
/**
 * The value.
 */
value: ShownOnce, 
/**
 * The public half of a key pair.
 */
public: string | null, 
/**
 * How hard it is to guess, in bits.
 */
bits: number, };

/**
 * Rows that belong together.
 */
export type Group = { 
/**
 * What they have in common: the word that a filter would have, or what was typed; may be empty.
 */
value: string, 
/**
 * How many.
 */
count: number, };

/**
 * What the rows of a list are gathered by.
 */
export type GroupBy = "kind" | "environment" | "owner" | "risk" | "status";

/**
 * How a consumer is seen to be well.
 */
export type HealthCheck = { "by": "none" } | { "by": "http", 
/**
 * Which.
 */
address: string, 
/**
 * With this status.
 */
status: number, 
/**
 * Where in a JSON answer something has to stand: a JSON pointer; empty: nowhere.
 */
pointer: string, 
/**
 * What has to stand there, with places in braces.
 */
expected: string, 
/**
 * The address may lead into this computer or the local network.
 */
private: boolean, } | { "by": "tcp", 
/**
 * The name or number of the computer.
 */
host: string, 
/**
 * The port.
 */
port: number, } | { "by": "login", 
/**
 * What it speaks.
 */
protocol: Protocol, 
/**
 * Its name or number.
 */
host: string, 
/**
 * Its port.
 */
port: number, 
/**
 * The database that is opened; empty where there is no such thing.
 */
database: string, 
/**
 * Who logs in; empty where a password is enough.
 */
user: string, 
/**
 * How the way there is kept secret.
 */
tls: Tls, } | { "by": "command", 
/**
 * The program, by its path.
 */
program: string, 
/**
 * What it is told. No shell reads it.
 */
arguments: Array<string>, };

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
 * What of the file that was looked at is to come in.
 */
export type ImportChoice = { 
/**
 * Whether entries that differ become new versions of what is here.
 */
changed: boolean, 
/**
 * Places of entries that stay out.
 */
without: Array<number>, };

/**
 * A column of a table.
 */
export type ImportColumn = { 
/**
 * Its name.
 */
name: string, 
/**
 * An example from it, where that may be seen.
 */
example: string, 
/**
 * What it is proposed to become, as [`Mapping`](keyturn_exchange::Target) names it.
 */
target: string, };

/**
 * One entry of a file.
 */
export type ImportEntry = { 
/**
 * Its place in the file, from 0.
 */
at: number, 
/**
 * What it is called.
 */
name: string, 
/**
 * What it seems to be.
 */
kind: Kind, 
/**
 * Where it seems to be used.
 */
environment: string, 
/**
 * Whether it is new, the same, or differs.
 */
state: ImportState, 
/**
 * In which fields it differs.
 */
fields: Array<string>, 
/**
 * How many earlier versions come with it.
 */
versions: number, 
/**
 * What of it is lost or changed.
 */
lost: Array<LossView>, };

/**
 * A file that comes in, looked at and not read yet.
 */
export type ImportFile = { 
/**
 * What it seems to be: `kdbx`, `onePux`, `bitwarden`, `csv`, `env`, `vaultKv`, `awsSecrets`,
 * `kubernetes`, `json`; or `keyturn`, our own encrypted export.
 */
format: string, 
/**
 * Whether a password has to be asked for.
 */
needsPassword: boolean, 
/**
 * Its bytes.
 */
size: number, 
/**
 * Its columns, where it is a table.
 */
columns: Array<ImportColumn>, 
/**
 * Which program seems to have written the table.
 */
program: string | null, };

/**
 * Which entries of the file that was read are to be shown.
 */
export type ImportPage = { 
/**
 * How many are before them.
 */
from: number, };

/**
 * What a file would bring.
 */
export type ImportPreview = { 
/**
 * What wrote the file, as it says itself.
 */
origin: string, 
/**
 * How many entries are new.
 */
fresh: number, 
/**
 * How many are here already, the same.
 */
same: number, 
/**
 * How many are here already, and differ.
 */
changed: number, 
/**
 * The first of them; the others are asked for page by page.
 */
entries: Array<ImportEntry>, 
/**
 * What is lost or changed of them and of the file.
 */
lost: Array<LostTogether>, };

/**
 * A file to be read, so that what it would bring can be looked at.
 */
export type ImportRequest = { 
/**
 * Where.
 */
file: string, 
/**
 * What opens it.
 */
password: Typed | null, 
/**
 * What each column becomes, where it is a table.
 */
columns: Array<string> | null, };

/**
 * How an entry stands to what is here.
 */
export type ImportState = "fresh" | "same" | "changed";

/**
 * What came in, or was taken back.
 */
export type Imported = { 
/**
 * How many credentials were added.
 */
added: number, 
/**
 * How many that were here say what the file says; where a secret differs, as a new version.
 */
changed: number, 
/**
 * How many were left out, or were changed since and stay.
 */
skipped: number, 
/**
 * Until when it can be taken back.
 */
undoUntil: Timestamp, };

/**
 * What a person changes of an incident.
 */
export type IncidentChange = { 
/**
 * Which.
 */
id: string, 
/**
 * The version that was seen.
 */
version: number, 
/**
 * What.
 */
change: IncidentPart, };

/**
 * A credential in an incident.
 */
export type IncidentItem = { 
/**
 * Which.
 */
credential: string, 
/**
 * What it is called.
 */
name: string, 
/**
 * What it is.
 */
kind: Kind, 
/**
 * What its loss would mean.
 */
risk: Risk, 
/**
 * Where it is used.
 */
environment: string, 
/**
 * Why it was found.
 */
found: Array<Trace>, 
/**
 * Whether it is dealt with.
 */
taken: boolean, 
/**
 * Why it is, or is not.
 */
reason: string, 
/**
 * Its own order.
 */
order: Order | null, 
/**
 * The wave in which it is dealt with, from 1; what a person does by hand comes last.
 */
wave: number, 
/**
 * What will be done, before it is begun.
 */
plan: IncidentPlan | null, 
/**
 * Why nothing can be begun by itself: it is done by hand.
 */
byHand: UserError | null, 
/**
 * The rotation that deals with it.
 */
run: IncidentRun | null, 
/**
 * Somebody's word that the old value is refused.
 */
said: Said | null, 
/**
 * What became of the old value.
 */
outcome: Outcome, 
/**
 * Since when it has been seen to be refused.
 */
refused: Timestamp | null, 
/**
 * A new value was kept since the incident began.
 */
renewed: boolean, };

/**
 * Something that happened in an incident.
 */
export type IncidentLine = { 
/**
 * When.
 */
at: Timestamp, 
/**
 * Who did it; empty where the program did.
 */
by: string, 
/**
 * What: `incident.started`, or as in a rotation.
 */
action: string, 
/**
 * To which credential; empty where it is about all.
 */
about: string, 
/**
 * More.
 */
detail: string, };

/**
 * A part of an incident as it is to be.
 */
export type IncidentPart = { "of": "title", 
/**
 * The words.
 */
title: string, } | { "of": "earliest", 
/**
 * When; nothing: nobody knows.
 */
at: Timestamp | null, } | { "of": "order", 
/**
 * Which.
 */
order: Order, } | { "of": "item", 
/**
 * Which.
 */
credential: string, 
/**
 * Whether.
 */
taken: boolean, 
/**
 * Why; needed where it is taken out.
 */
reason: string, 
/**
 * Its own order; nothing: that of the incident.
 */
order: Order | null, } | { "of": "everything" } | { "of": "tasks", 
/**
 * All of it.
 */
tasks: Array<Task>, } | { "of": "said", 
/**
 * Which.
 */
credential: string, } | { "of": "close", 
/**
 * Why, although something is open.
 */
reason: string, };

/**
 * What will be done about a credential.
 */
export type IncidentPlan = { 
/**
 * In this order.
 */
steps: Array<PlanStep>, 
/**
 * Who is reached, by name.
 */
consumers: Array<string>, 
/**
 * Who is restarted, by name.
 */
restarts: Array<string>, 
/**
 * About how many seconds they are without a value that works.
 */
downS: number, };

/**
 * An incident in a list.
 */
export type IncidentRow = { 
/**
 * Which.
 */
id: string, 
/**
 * What people call it.
 */
reference: string, 
/**
 * What made somebody begin.
 */
cause: Cause, 
/**
 * What happened.
 */
title: string, 
/**
 * It was a practice.
 */
drill: boolean, 
/**
 * Since when it has been known.
 */
opened: Timestamp, 
/**
 * When its rotations were begun.
 */
started: Timestamp | null, 
/**
 * How it ended.
 */
closed: Closed | null, 
/**
 * How many credentials are dealt with.
 */
taken: number, 
/**
 * How many of their old values are proven to be refused.
 */
refused: number, 
/**
 * When the last of them was; nothing while one is open.
 */
allRefused: Timestamp | null, 
/**
 * When the last consumer had its new value; nothing while one is open.
 */
restored: Timestamp | null, };

/**
 * How far a rotation of an incident is.
 */
export type IncidentRun = { 
/**
 * As in the list of rotations.
 */
row: RunRow, 
/**
 * The state that was seen, given back with what is asked of it.
 */
revision: number, 
/**
 * Its steps.
 */
steps: Array<StepView>, 
/**
 * How many consumers have the new value.
 */
delivered: number, 
/**
 * How many of them are well with it.
 */
well: number, 
/**
 * How many there are.
 */
consumers: number, 
/**
 * The consumer that its trouble is about, by name.
 */
troubled: string, 
/**
 * When it goes on, while it waits.
 */
waitsUntil: Timestamp | null, };

/**
 * That the rotations of an incident are begun.
 */
export type IncidentStart = { 
/**
 * Which.
 */
id: string, 
/**
 * The version that was seen.
 */
version: number, 
/**
 * Its reference, typed, where production goes down.
 */
typed: string, };

/**
 * What came of the verification of an incident.
 */
export type IncidentTried = { 
/**
 * Each old value.
 */
tried: Array<OldTried>, 
/**
 * The incident as it is after that.
 */
incident: IncidentView, };

/**
 * An incident.
 */
export type IncidentView = { 
/**
 * What the list says.
 */
row: IncidentRow, 
/**
 * Its version, given back when it is changed.
 */
version: number, 
/**
 * Who began it.
 */
by: string, 
/**
 * Since when somebody who must not may have used a value.
 */
earliest: Timestamp | null, 
/**
 * The order for all that have none of their own.
 */
order: Order, 
/**
 * The credentials, those that are worst first.
 */
items: Array<IncidentItem>, 
/**
 * What is left to do.
 */
tasks: Array<Task>, 
/**
 * Who is reached by it, by name.
 */
consumers: Array<string>, 
/**
 * Who of them is restarted.
 */
restarts: Array<string>, 
/**
 * Who answers for those who are reached.
 */
owners: Array<string>, 
/**
 * About how many seconds the consumer that is worst off is without a value that works.
 */
downS: number, 
/**
 * Something in production goes down: the reference is typed to start.
 */
asksReference: boolean, 
/**
 * Until when each kind may be in force at most, for those that have not ended.
 */
deadlines: Array<Limit>, 
/**
 * What happened, the oldest first.
 */
log: Array<IncidentLine>, };

/**
 * Which incidents are listed.
 */
export type IncidentsOf = { 
/**
 * Only those that are not over.
 */
open: boolean, };

/**
 * Incidents.
 */
export type IncidentsView = { 
/**
 * The newest first.
 */
incidents: Array<IncidentRow>, };

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
 * How an issuer is reached, and what it is. The login of an account is kept apart from the credentials
 * that it rotates.
 */
export type IssuerSetup = { "is": "sandbox", 
/**
 * Its address on this computer.
 */
address: string, } | { "is": "webhook", 
/**
 * Where it is called.
 */
address: string, 
/**
 * Its requests are signed with the secret (HMAC-SHA256) instead of carrying it.
 */
signs: boolean, 
/**
 * It can be asked whether it accepts a value.
 */
verifies: boolean, 
/**
 * It can be told to refuse a value.
 */
revokes: boolean, 
/**
 * The old value goes on working until it is revoked.
 */
overlaps: boolean, 
/**
 * The address may lead into this computer or the local network.
 */
private: boolean, } | { "is": "http", 
/**
 * Which template: the name of a preset, or nothing for one of the user's own.
 */
preset: string | null, 
/**
 * The template of the user's own.
 */
template: string | null, 
/**
 * What stands in the blanks of the template that are no secrets.
 */
blanks: { [key in string]: string }, 
/**
 * Its addresses may lead into this computer or the local network.
 */
private: boolean, } | { "is": "postgres" } & Server | { "is": "mysql" } & Server | { "is": "mariadb" } & Server | { "is": "redis" } & Server | { "is": "signingSecret", 
/**
 * Where the receiver is told which secrets it accepts.
 */
receiver: string, 
/**
 * Where the sender is told which secret it signs with.
 */
sender: string, 
/**
 * Where the receiver gets events, so that a test event can be sent; empty: none is.
 */
events: string, 
/**
 * The addresses may lead into this computer or the local network.
 */
private: boolean, } | { "is": "byHand", 
/**
 * The address of the console.
 */
console: string, 
/**
 * What has to be done there, a line each.
 */
steps: Array<string>, 
/**
 * The old value goes on working until it is revoked there.
 */
overlaps: boolean, 
/**
 * How a value is tried there; nothing: a person is asked.
 */
check: ValueCheck | null, };

/**
 * A recovery key that was kept, to prove it; or to be written down by the program.
 */
export type KeptKey = { 
/**
 * The recovery key as typed.
 */
key: Typed, };

/**
 * How a key pair is written.
 */
export type KeyFormat = "openSsh" | "pkcs8";

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
 * What sort of credential it is. It decides the fields, the checks and the usual policy.
 */
export type Kind = "apiKey" | "oauthClient" | "serviceToken" | "databaseLogin" | "cloudKey" | "certificate" | "sshKey" | "webhookSecret" | "signingKey" | "login" | "secret";

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
 * A credential whose value lies open.
 */
export type LeakedCredential = { 
/**
 * Which.
 */
id: string, 
/**
 * What it is called.
 */
name: string, };

/**
 * What was not read for one reason.
 */
export type LeftOut = { 
/**
 * Why.
 */
why: Refused, 
/**
 * How many.
 */
count: number, 
/**
 * The first of them.
 */
files: Array<string>, };

/**
 * Something to try in a demo.
 */
export type Lesson = "copy" | "dryRun" | "rotate" | "failAndUndo" | "mend" | "orphans";

/**
 * Whether something was tried, and where that can be done.
 */
export type LessonView = { 
/**
 * What.
 */
lesson: Lesson, 
/**
 * It was done.
 */
done: boolean, 
/**
 * With this credential.
 */
credential: string | null, 
/**
 * With this run.
 */
run: string | null, };

/**
 * Until when the values of some kinds may be in force at most.
 */
export type Limit = { 
/**
 * How many hours they have; 0 is at once.
 */
hours: number, 
/**
 * The kinds in the incident that have them.
 */
kinds: Array<Kind>, 
/**
 * Until when.
 */
until: Timestamp, 
/**
 * How many are open.
 */
open: number, };

/**
 * A part of the inventory.
 */
export type ListOf = { 
/**
 * What is asked, as it was typed.
 */
query: string, 
/**
 * In which order.
 */
ordering: Ordering, 
/**
 * The first row that is wanted, from 0.
 */
from: number, 
/**
 * How many rows at most; up to 1000.
 */
most: number, };

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
at: Timestamp, 
/**
 * What becomes of the rotations that were under way; nothing when there were none.
 */
rotations: LockedRotations | null, };

/**
 * What is known of rotations behind a locked window: numbers only.
 */
export type LockedRotations = { 
/**
 * Whether they go on meanwhile; otherwise they wait.
 */
goOn: boolean, 
/**
 * How many have not ended.
 */
open: number, 
/**
 * How many of them need somebody.
 */
needYou: number, 
/**
 * Whether, for each of them, both the old and the new value work as long as it waits.
 */
bothWork: boolean, };

/**
 * One thing that a run went through.
 */
export type LogLine = { 
/**
 * When.
 */
at: Timestamp, 
/**
 * What happened: `rotation.created`.
 */
action: string, 
/**
 * More about it.
 */
note: string, };

/**
 * Where is looked.
 */
export type LookIn = { "in": "folders", 
/**
 * Which.
 */
folders: Array<string>, 
/**
 * Whether the git histories in them are searched too.
 */
histories: boolean, } | { "in": "file", 
/**
 * Which.
 */
file: string, } | { "in": "text", 
/**
 * The text, which may have secrets in it.
 */
text: Typed, } | { "in": "cluster", 
/**
 * In all namespaces, not only the usual one.
 */
all: boolean, };

/**
 * How long a health check may take, and how often it is made again before it counts as failed.
 */
export type Looks = { 
/**
 * Whoever has not answered after so many seconds is not well.
 */
timeoutS: number, 
/**
 * So often it is made again.
 */
retries: number, 
/**
 * So many seconds lie between two of them at most; the first ones come sooner.
 */
intervalS: number, };

/**
 * Which names of things that are lost or changed are to be shown.
 */
export type LossPage = { 
/**
 * For which reason.
 */
why: string, 
/**
 * How many are before them.
 */
from: number, };

/**
 * Something that is lost, or arrives otherwise.
 */
export type LossView = { 
/**
 * What it is called in the file.
 */
field: string, 
/**
 * Why: `attachment`, `icon`, `autoType`, `passkey`, `look`, `programsOwn`, `tooLong`, `deleted`,
 * `notText`, `noPlace`, `elsewhere`, `otherForm`.
 */
why: string, };

/**
 * All that is lost or changed for one reason.
 */
export type LostTogether = { 
/**
 * Why, as a [`LossView`] says it.
 */
why: string, 
/**
 * How many things.
 */
count: number, 
/**
 * How many names they have: many things may have one.
 */
named: number, 
/**
 * The first of these names.
 */
names: Array<string>, };

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
 * A mail server, and who writes to whom.
 */
export type MailServer = { 
/**
 * Its name or number.
 */
host: string, 
/**
 * Its port.
 */
port: number, 
/**
 * How the way there is kept secret.
 */
tls: MailTls, 
/**
 * Who logs in; empty where nobody has to.
 */
user: string, 
/**
 * Who writes.
 */
from: string, 
/**
 * Who is written to.
 */
to: Array<string>, };

/**
 * How the way to a mail server is kept secret. It is never less than this.
 */
export type MailTls = "off" | "fromStart" | "startTls";

/**
 * Where a new value comes from, and what becomes of the old one at that moment.
 */
export type Making = "added" | "replaced" | "minted" | "regenerated";

/**
 * Something done to many credentials at once; each that is done has the next version.
 */
export type ManyChange = { 
/**
 * Which.
 */
seen: Array<SeenCredential>, 
/**
 * What.
 */
change: Change, };

/**
 * The links, one array a property.
 */
export type MapEdges = { 
/**
 * From which node.
 */
from: Array<number>, 
/**
 * To which.
 */
to: Array<number>, 
/**
 * How many links it stands for.
 */
count: Array<number>, 
/**
 * What it rests on.
 */
evidence: Array<Evidence>, 
/**
 * When it was last seen to work.
 */
seen: Array<Timestamp | null>, 
/**
 * Since when it is as it is.
 */
since: Array<Timestamp | null>, 
/**
 * How a new value is taken up, where a consumer uses a credential.
 */
reload: Array<Reload | null>, };

/**
 * The nodes, one array a property.
 */
export type MapNodes = { 
/**
 * Names each for ever: `account:…`, `issuer:…`, `credential:…`, `consumer:…`, `credentials:…` and `consumers:…`
 * (groups), `reload:` and the key of the consumer.
 */
key: Array<string>, 
/**
 * What people call it; of a group the word it is gathered by.
 */
name: Array<string>, 
/**
 * 0 issuer, 1 credential, 2 consumer, 3 reload.
 */
column: Array<number>, 
/**
 * From the left.
 */
x: Array<number>, 
/**
 * From the top.
 */
y: Array<number>, 
/**
 * How many it stands for.
 */
count: Array<number>, 
/**
 * What it is, where it is a credential.
 */
kind: Array<Kind | null>, 
/**
 * What needs doing, where it is a credential.
 */
status: Array<Status | null>, 
/**
 * How a new value is taken up, where it is a reload.
 */
reload: Array<Reload | null>, 
/**
 * How many are restarted, where it is a reload.
 */
restarts: Array<number>, 
/**
 * About how long they are away, in seconds.
 */
awayS: Array<number>, };

/**
 * Which part of the map is shown, and how.
 */
export type MapOf = { 
/**
 * By what credentials and consumers are gathered into one node each; none: not at all.
 */
group: GatheredBy | null, 
/**
 * The groups that are shown node by node.
 */
open: Array<string>, 
/**
 * The environments that are left out.
 */
hide: Array<string>, };

/**
 * Something that lacks its other end.
 */
export type MapOrphan = { 
/**
 * The key of its own node, also where a group stands for it.
 */
key: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * What it lacks.
 */
why: OrphanWhy, };

/**
 * The map, laid out.
 */
export type MapPicture = { 
/**
 * The nodes.
 */
nodes: MapNodes, 
/**
 * The links from a column to the next.
 */
edges: MapEdges, 
/**
 * The links back: a credential (its node), and the account that logs in with it.
 */
back: Array<[number, number]>, 
/**
 * The keys of accounts and credentials that depend on one another in a circle.
 */
circles: Array<Array<string>>, 
/**
 * What lacks its other end.
 */
orphans: Array<MapOrphan>, 
/**
 * How many links are left out because they cannot be read.
 */
unread: number, };

/**
 * What can be said of a value of one line.
 */
export type Measure = { 
/**
 * How long it is.
 */
characters: number, 
/**
 * How hard it is to guess at most, in bits.
 */
bits: number | null, };

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
export type MessageKey = "settings.broken" | "settings.newer" | "settings.unreadable" | "settings.unwritable" | "vaults.broken" | "log.unwritable" | "vault.wrongKey" | "vault.wait" | "vault.missing" | "vault.empty" | "vault.truncated" | "vault.headerDamaged" | "vault.headerForged" | "vault.other" | "vault.damaged" | "vault.olderPart" | "vault.olderState" | "vault.newer" | "vault.costRefused" | "vault.noMemory" | "vault.held" | "vault.taken" | "vault.unreadable" | "vault.unwritable" | "vault.diskFull" | "kubectl.missing" | "kubectl.failed" | "finds.gone" | "vault.locked" | "vault.changed" | "role.missing" | "member.lastOwner" | "member.gone" | "member.nameTaken" | "name.refused" | "passphrase.weak" | "passphrase.wrong" | "recoveryKey.mistyped" | "recoveryKey.other" | "invitation.mistyped" | "invitation.over" | "keyRing.missing" | "keyRing.refused" | "keyRing.over" | "backup.missing" | "backup.notOne" | "backup.damaged" | "backup.newer" | "backup.failed" | "file.taken" | "file.unreadable" | "file.unwritable" | "credential.gone" | "credential.unreadable" | "credential.refused" | "delete.mistyped" | "value.none" | "value.passphrase" | "clipboard.missing" | "policy.refused" | "mute.reason" | "name.taken" | "import.notOne" | "import.wrongPassword" | "import.passwordNeeded" | "import.tooLarge" | "import.tooCostly" | "import.tooMany" | "import.damaged" | "import.newer" | "import.empty" | "import.cancelled" | "import.unsupported" | "import.gone" | "import.undoOver" | "export.failed" | "rotation.inProgress" | "rotation.open" | "rotation.notSetUp" | "rotation.cycle" | "rotation.keyUnknown" | "rotation.consent" | "rotation.cannotRevoke" | "rotation.gone" | "incident.nothing" | "incident.open" | "incident.closed" | "incident.mistyped" | "incident.gone" | "setup.inUse" | "setup.gone" | "orphan.kept" | "orphan.deleting" | "issuer.cannotList" | "issuer.failed" | "audit.broken" | "login.refused" | "input.refused" | "internal";

/**
 * What is known of a credential and can be edited.
 */
export type Metadata = { 
/**
 * What people call it.
 */
name: string, 
/**
 * What it is. It stays what it is once it was added.
 */
kind: Kind, 
/**
 * Where it is used: `prod`; empty when nobody said.
 */
environment: string, 
/**
 * Words that it is found by, without blanks.
 */
tags: Array<string>, 
/**
 * Who answers for it.
 */
owner: string, 
/**
 * Who made it and can revoke it.
 */
issuer: string, 
/**
 * What its loss would mean.
 */
risk: Risk, 
/**
 * What it is for.
 */
description: string, 
/**
 * Remarks; never a secret.
 */
notes: string, 
/**
 * The fields of its kind that may be seen, and its own ones, whose names begin with `+`.
 */
fields: { [key in string]: string }, 
/**
 * When it expires by itself.
 */
expires: Timestamp | null, 
/**
 * Which policy it follows.
 */
policy: PolicyChoice, };

/**
 * What is wrong with metadata.
 */
export type MetadataFault = "name" | "environment" | "owner" | "issuer" | "tags" | "description" | "notes" | "ownField";

/**
 * More credentials for an incident.
 */
export type MoreScope = { 
/**
 * Which incident.
 */
id: string, 
/**
 * The version that was seen.
 */
version: number, 
/**
 * Where they come from.
 */
scope: ScopeOf, };

/**
 * What came, or would come, of moving a planned rotation.
 */
export type MoveAnswer = { 
/**
 * When it is planned then: the window that is nearest, or the quarter of an hour.
 */
at: Timestamp | null, 
/**
 * Why it may not be moved there.
 */
refused: MoveRefused | null, 
/**
 * The last moment that the policy allows.
 */
limit: Timestamp | null, 
/**
 * How many consumers are restarted.
 */
restarts: number, 
/**
 * Restarts of the same consumers that are close.
 */
clashes: Array<RestartClash>, };

/**
 * Why a planned rotation may not be moved there.
 */
export type MoveRefused = { "why": "nothingPlanned" } | { "why": "rotating" } | { "why": "past" } | { "why": "beyondLimit", 
/**
 * The last moment.
 */
limit: Timestamp, } | { "why": "pastExpiry", 
/**
 * When.
 */
expires: Timestamp, } | { "why": "noWindow" };

/**
 * What is not told. What is empty is open: it holds for all.
 */
export type Mute = { 
/**
 * Of this credential.
 */
credential: string | null, 
/**
 * Of this kind.
 */
kind: Kind | null, 
/**
 * In this environment.
 */
environment: string | null, 
/**
 * For which this owner answers.
 */
owner: string | null, 
/**
 * Of this severity, and less.
 */
severity: Severity, 
/**
 * Why. Without a reason it holds for nothing of high risk.
 */
reason: string, };

/**
 * A mute, with who set it.
 */
export type MuteView = { 
/**
 * Which.
 */
id: string, 
/**
 * What is not told, and why.
 */
mute: Mute, 
/**
 * Who set it.
 */
by: string, 
/**
 * When.
 */
since: Timestamp, };

/**
 * A credential to be added, or being typed.
 */
export type NewCredential = { 
/**
 * What is known of it.
 */
metadata: Metadata, 
/**
 * Its secret fields.
 */
secrets: { [key in string]: string }, 
/**
 * Asking twice with the same key adds once.
 */
request: string | null, };

/**
 * An incident that is begun.
 */
export type NewIncident = { 
/**
 * What made somebody begin.
 */
cause: Cause, 
/**
 * Where its credentials come from.
 */
scope: ScopeOf, 
/**
 * It is a practice.
 */
drill: boolean, };

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
 * Another value for a credential.
 */
export type NewValue = { 
/**
 * Which.
 */
id: string, 
/**
 * The version that was edited.
 */
version: number, 
/**
 * The fields that may be seen, all of them.
 */
fields: { [key in string]: string }, 
/**
 * When the new value expires by itself.
 */
expires: Timestamp | null, 
/**
 * The secret fields; one that is not named stays as it is, an empty one goes.
 */
secrets: { [key in string]: string }, };

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
 * The one safe thing to do next.
 */
export type Next = "retry" | "lookAtIssuer" | "undo" | "goOn" | "makeAnother" | "beginAnew" | "doByHand";

/**
 * What was told of a date of a credential.
 */
export type NoticeView = { 
/**
 * Of which credential.
 */
credential: string, 
/**
 * What it is called.
 */
name: string, 
/**
 * Who answers for it.
 */
owner: string, 
/**
 * What its loss would mean.
 */
risk: Risk, 
/**
 * What the date is.
 */
deadline: Deadline, 
/**
 * The date that was told of.
 */
at: Timestamp, 
/**
 * How urgent it is at this moment.
 */
severity: Severity, 
/**
 * When it was told last.
 */
told: Timestamp, 
/**
 * Until when nothing is told of it.
 */
snoozed: Timestamp | null, 
/**
 * When somebody said that it is done; nothing where the date is another one by now.
 */
done: Timestamp | null, };

/**
 * What was told, by how soon something has to be done.
 */
export type NoticesView = { 
/**
 * What has to be done now, the oldest first.
 */
now: Array<NoticeView>, 
/**
 * What has to be done soon.
 */
soon: Array<NoticeView>, 
/**
 * What is done, the newest first.
 */
done: Array<NoticeView>, 
/**
 * How many have to be done now, also where they are not all listed.
 */
allNow: number, 
/**
 * How many soon.
 */
allSoon: number, 
/**
 * What is muted.
 */
mutes: Array<MuteView>, 
/**
 * When the quiet hours end that it is in.
 */
quietUntil: Timestamp | null, 
/**
 * Whether reminders come while the vault is locked: that needs a key ring.
 */
behindLock: boolean, 
/**
 * Whether the desktop shows notices, as far as is known.
 */
onDesktop: boolean, 
/**
 * What could not be told in a channel, the oldest first.
 */
undelivered: Array<UndeliveredView>, };

/**
 * What came of trying an old value.
 */
export type OldTried = { 
/**
 * Of which credential.
 */
credential: string, 
/**
 * Whether it is refused; nothing where nothing can tell.
 */
refused: boolean | null, 
/**
 * Why nobody could be asked.
 */
problem: UserError | null, };

/**
 * The vault that is open.
 */
export type OpenVault = { 
/**
 * Everything in it is made up, and it is gone when it is locked.
 */
demo: boolean, 
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
 * What is done first. All but the usual one belong to an emergency: nothing is waited for that can wait.
 */
export type Order = "usual" | "rotateFirst" | "revokeFirst" | "revokeOnly";

/**
 * The order of a list.
 */
export type Ordering = { 
/**
 * What it is sorted by.
 */
by: SortBy, 
/**
 * The last first.
 */
descending: boolean, 
/**
 * What the rows are gathered by.
 */
group: GroupBy | null, };

/**
 * A key that may live at an issuer without being of use.
 */
export type OrphanView = { 
/**
 * Where.
 */
account: string, 
/**
 * What the account is called; empty when it is gone.
 */
accountName: string, 
/**
 * The mark that was given to it.
 */
mark: string, 
/**
 * The issuer's name for it, where that is known.
 */
key: string | null, 
/**
 * The run that may have left it.
 */
run: string, 
/**
 * When it was entered.
 */
since: Timestamp, };

/**
 * What an orphan lacks.
 */
export type OrphanWhy = "noConsumer" | "noCredential" | "noLiveCredential";

/**
 * What became of an old value.
 */
export type Outcome = "open" | "revokedVerified" | "unknown" | "failed";

/**
 * A policy of the vault's own.
 */
export type OwnPolicy = { 
/**
 * Which.
 */
id: string, 
/**
 * Its version, compared when it is changed.
 */
version: number, 
/**
 * What people call it.
 */
name: string, 
/**
 * What it says.
 */
policy: Policy, 
/**
 * How many credentials follow it.
 */
followers: number, };

/**
 * One place in a file.
 */
export type Part = { 
/**
 * Where in the file.
 */
key: string, 
/**
 * What is written there: fields of the value in braces, `{user}:{password|url}@db`.
 */
text: string, };

/**
 * A paste to be recognised.
 */
export type Pasted = { 
/**
 * What was pasted.
 */
text: Typed, };

/**
 * A new value that a person made at the issuer.
 */
export type PastedValue = { 
/**
 * For which run.
 */
id: string, 
/**
 * The revision that was seen.
 */
seen: number, 
/**
 * The issuer's name for it; may be empty.
 */
key: string, 
/**
 * The open fields that belong to the value: a certificate's chain, a public half.
 */
fields: { [key in string]: string }, 
/**
 * The secret fields of the kind.
 */
secrets: { [key in string]: Typed }, };

/**
 * Whether anything of the vault shall be rotated by itself.
 */
export type PauseOfAll = { 
/**
 * Whether not.
 */
paused: boolean, };

/**
 * Something a role allows.
 */
export type Permission = "see" | "useSecrets" | "rotate" | "edit" | "audit" | "backup" | "manageMembers";

/**
 * A picture that is to be written to a file.
 */
export type PictureExport = { 
/**
 * Where; nothing is there yet.
 */
file: string, 
/**
 * As what.
 */
format: PictureFormat, 
/**
 * Which.
 */
picture: PictureOf, 
/**
 * As the window drew it, in base64; with `png` alone.
 */
drawn: string | null, };

/**
 * As what a picture is written.
 */
export type PictureFormat = "svg" | "png" | "dot" | "json" | "ics";

/**
 * Which picture.
 */
export type PictureOf = { "of": "map", 
/**
 * Which part of it.
 */
showing: MapOf, } | { "of": "timeline", 
/**
 * Which part of it.
 */
look: TimelineOf, };

/**
 * Which value lies at a consumer.
 */
export type Place = { "is": "untouched" } | { "is": "sending", "side": Side } | { "is": "sent", "side": Side } | { "is": "confirmed", "side": Side } | { "is": "failed", "side": Side } | { "is": "looking" } | { "is": "unproven" };

/**
 * What a place is asked for.
 */
export type PlacePurpose = "vault" | "parent" | "backup" | "newBackup" | "newSheet" | "sheet" | "searchFolder" | "searchFile" | "import" | "export" | "report";

/**
 * One step of a rotation.
 */
export type PlanStep = { "is": "check" } | { "is": "create" } | { "is": "verify" } | { "is": "deliver", 
/**
 * Their names.
 */
consumers: Array<string>, } | { "is": "promote" } | { "is": "grace", 
/**
 * For so many seconds.
 */
seconds: number, } | { "is": "deactivate" } | { "is": "revoke" } | { "is": "confirm" } | { "is": "reinstate" } | { "is": "proveOld" } | { "is": "restore" } | { "is": "stepBack" } | { "is": "remove" } | { "is": "confirmRemoved" };

/**
 * What a rotation would do, and all that could be looked at before.
 */
export type PlanView = { 
/**
 * In this order.
 */
steps: Array<PlanStep>, 
/**
 * Who is restarted, by name.
 */
restarts: Array<string>, 
/**
 * Who takes the value up later, so that the run waits for it, by name.
 */
waitsFor: Array<string>, 
/**
 * About how many seconds the consumer that is worst off is without a value that works.
 */
downS: number, 
/**
 * The place among the steps of the first one that cannot be undone.
 */
noWayBack: number, 
/**
 * A person has to agree first, as the old value dies before the new one is delivered.
 */
needsConsent: boolean, 
/**
 * When the maintenance window of its policy opens, while that is shut.
 */
windowOpens: Timestamp | null, 
/**
 * What was looked at.
 */
checks: Array<CheckView>, 
/**
 * Nothing speaks against it.
 */
good: boolean, };

/**
 * A planned rotation that is to be moved.
 */
export type PlannedMove = { 
/**
 * Of which credential.
 */
id: string, 
/**
 * Its version, as it was read.
 */
version: number, 
/**
 * To when; nothing: back to when the policy says.
 */
to: Timestamp | null, 
/**
 * Nothing is done; it is only told what would be.
 */
onlyAsk: boolean, };

/**
 * The policies.
 */
export type PoliciesView = { 
/**
 * The usual ones.
 */
usual: Array<UsualPolicy>, 
/**
 * The vault's own.
 */
own: Array<OwnPolicy>, 
/**
 * The names of own ones that cannot be read.
 */
unread: Array<string>, };

/**
 * When a credential is to be replaced, and what goes with it.
 */
export type Policy = { 
/**
 * When.
 */
rule: Rule, 
/**
 * For how long the old value goes on working, in hours.
 */
graceHours: number, 
/**
 * So many days ahead it is due soon.
 */
warningDays: number, 
/**
 * The hours in which it may happen; none: at any time.
 */
window: Window | null, 
/**
 * Who asks for it.
 */
frameworks: Array<Framework>, };

/**
 * A policy to be kept.
 */
export type PolicyChange = { 
/**
 * Which; none for a new one.
 */
id: string | null, 
/**
 * The version that was edited; 0 for a new one.
 */
version: number, 
/**
 * What people call it.
 */
name: string, 
/**
 * What it says.
 */
policy: Policy, };

/**
 * Which policy a credential follows.
 */
export type PolicyChoice = 'none' | 'usual' | (string & {});

/**
 * What is wrong with a policy.
 */
export type PolicyFault = "days" | "pattern" | "zone" | "grace" | "warning" | "window";

/**
 * What a policy that is being edited would mean.
 */
export type PolicyMeaning = { 
/**
 * What is wrong with it.
 */
faults: Array<PolicyFault>, 
/**
 * The next three dates.
 */
next: Array<Timestamp>, };

/**
 * A policy to be deleted; its followers follow the usual one from then on.
 */
export type PolicyRemoval = { 
/**
 * Which.
 */
id: string, 
/**
 * The version that was seen.
 */
version: number, };

/**
 * A policy that is being edited.
 */
export type PolicyTrial = { 
/**
 * What it says.
 */
policy: Policy, 
/**
 * When the value was last replaced; now when nobody says.
 */
rotated: Timestamp | null, 
/**
 * When it expires by itself.
 */
expires: Timestamp | null, };

/**
 * A service that is known by a template.
 */
export type Preset = { 
/**
 * Its name among the presets.
 */
id: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * The blanks of its template that are no secrets.
 */
blanks: Array<string>, 
/**
 * Which of them may stay empty.
 */
optional: Array<string>, 
/**
 * The secrets that it needs.
 */
secrets: Array<string>, 
/**
 * Where the service documents it.
 */
facts: string, 
/**
 * How many calls at once it gets where nobody set another number.
 */
atOnce: number, };

/**
 * How far a long piece of work is.
 */
export type Progress = { 
/**
 * What is being done.
 */
step: Step, 
/**
 * How much of it is done, in hundredths, where that is known.
 */
part: number | null, };

/**
 * What a database server speaks.
 */
export type Protocol = "postgres" | "mysql" | "redis";

/**
 * One half of a key that is agreed on (X25519), in base64.
 */
export type PublicKey = { 
/**
 * 32 bytes.
 */
key: string, };

/**
 * Whose blast radius is asked for.
 */
export type RadiusOf = { 
/**
 * Keys of nodes: credentials, and issuers or groups for all of theirs.
 */
keys: Array<string>, 
/**
 * By what groups are gathered.
 */
group: GatheredBy | null, 
/**
 * What is about to be done.
 */
threat: Threat, };

/**
 * How a new value is made.
 */
export type Recipe = { "recipe": "password", 
/**
 * 8 to 256 characters.
 */
length: number, 
/**
 * a to z.
 */
lower: boolean, 
/**
 * A to Z.
 */
upper: boolean, 
/**
 * 0 to 9.
 */
digits: boolean, 
/**
 * Signs of ASCII.
 */
signs: boolean, 
/**
 * Without those that look like others.
 */
withoutLookalikes: boolean, } | { "recipe": "passphrase", 
/**
 * 4 to 12 words.
 */
words: number, 
/**
 * Between them; at most 3 characters.
 */
separator: string, 
/**
 * Each word begins with a capital.
 */
capitalise: boolean, 
/**
 * A digit at the end.
 */
digit: boolean, } | { "recipe": "key", 
/**
 * 32, 64 or 128 characters.
 */
length?: number, } | { "recipe": "hex", 
/**
 * 8 to 512 bytes.
 */
bytes: number, } | { "recipe": "base64", 
/**
 * 8 to 512 bytes.
 */
bytes: number, 
/**
 * With the alphabet for addresses, unpadded.
 */
url: boolean, } | { "recipe": "uuid" } | { "recipe": "ed25519", 
/**
 * How it is written.
 */
format: KeyFormat, } | { "recipe": "rsa", 
/**
 * 2048, 3072 or 4096.
 */
bits: number, 
/**
 * How it is written.
 */
format: KeyFormat, };

/**
 * What a paste was taken for, to fill the form that it was pasted into.
 */
export type RecognisedPaste = { 
/**
 * What it is.
 */
kind: Kind, 
/**
 * What it could be called.
 */
name: string | null, 
/**
 * Who could have issued it.
 */
issuer: string | null, 
/**
 * Where it is used.
 */
environment: string | null, 
/**
 * What goes into the fields.
 */
fields: { [key in string]: string }, };

/**
 * What is known of a recovery key.
 */
export type RecoveryKeyState = "missing" | "unproven" | "proven" | "used";

/**
 * Why a file, a folder or a history is not read.
 */
export type Refused = { "why": "notThisFormat" } | { "why": "notText" } | { "why": "binary" } | { "why": "link" } | { "why": "tooLarge", 
/**
 * The most bytes.
 */
most: number, } | { "why": "tooDeep", 
/**
 * The most levels.
 */
most: number, } | { "why": "tooMany", 
/**
 * The most of them.
 */
most: number, } | { "why": "damaged", 
/**
 * Where; 0 when that cannot be told.
 */
line: number, } | { "why": "unreadable" } | { "why": "elsewhere" } | { "why": "noGit" } | { "why": "git" };

/**
 * How a consumer comes to use a value that was delivered to it.
 */
export type Reload = "live" | "restart" | "nextRun" | "manual";

/**
 * How a consumer picks a value up.
 */
export type Reloading = { "by": "live" } | { "by": "command", 
/**
 * The program, by its path.
 */
program: string, 
/**
 * What it is told. No shell reads it.
 */
arguments: Array<string>, } | { "by": "http", 
/**
 * Which.
 */
address: string, 
/**
 * The address may lead into this computer or the local network.
 */
private: boolean, } | { "by": "nextRun" } | { "by": "manual" };

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
 * How many pieces of the inbox could not be read, and stay there as they are.
 */
unread: number, 
/**
 * The members now.
 */
members: MembersView, };

/**
 * A report to be written.
 */
export type ReportOf = { 
/**
 * Of which incident.
 */
id: string, 
/**
 * `markdown`, `json` or `pdf`.
 */
format: string, 
/**
 * Where to.
 */
file: string, };

/**
 * Two restarts of one consumer that are close together.
 */
export type RestartClash = { 
/**
 * The consumer.
 */
consumer: string, 
/**
 * What people call it.
 */
consumerName: string, 
/**
 * The credential whose rotation comes first.
 */
first: string, 
/**
 * What people call it.
 */
firstName: string, 
/**
 * When.
 */
firstAt: Timestamp, 
/**
 * The other.
 */
second: string, 
/**
 * What people call it.
 */
secondName: string, 
/**
 * When.
 */
secondAt: Timestamp, };

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
 * A value on the screen.
 */
export type Revealed = { 
/**
 * The value.
 */
value: ShownOnce, 
/**
 * When it has to be hidden again.
 */
until: Timestamp, };

/**
 * Such an answer on the screen.
 */
export type RevealedAnswer = { 
/**
 * The answer.
 */
value: ShownOnce, 
/**
 * When it has to be hidden again.
 */
until: Timestamp, 
/**
 * There was more than is kept.
 */
cut: boolean, };

/**
 * Which values work at a moment.
 */
export type RightNow = "old" | "both" | "new" | "neither" | "unknown";

/**
 * What the loss of a credential would mean.
 */
export type Risk = "standard" | "high";

/**
 * What a member is to the vault.
 *
 * Roles are kept by this program, not by cryptography: whoever can open the vault holds its keys.
 */
export type Role = "owner" | "admin" | "rotator" | "reader" | "auditor";

/**
 * How a credential is to be rotated.
 */
export type RotationChange = { 
/**
 * Which credential.
 */
credential: string, 
/**
 * The version that was seen.
 */
version: number, 
/**
 * What is set up.
 */
setup: RotationSetup, };

/**
 * A rotation that somebody thinks of, or wants.
 */
export type RotationOf = { 
/**
 * Which credential.
 */
credential: string, 
/**
 * Whether they agree that the old value dies before the new one is delivered.
 */
consent: boolean, };

/**
 * How one credential is rotated.
 */
export type RotationSetup = { 
/**
 * By which issuer account.
 */
account: string, 
/**
 * The logins of a database that take turns: none is the one of the credential, in place; two are
 * used in turn, so that the old one works until the new one is everywhere.
 */
users: Array<string>, 
/**
 * So many days after it was made the issuer itself ends a value, where it can.
 */
validDays: number | null, 
/**
 * Connections that were made with the old value are closed when it is revoked, where that can be.
 */
endSessions: boolean, 
/**
 * For how long both values work, in seconds; none: as the policy says.
 */
graceS: number | null, 
/**
 * To how many consumers it is delivered at the same time.
 */
atOnce: number, 
/**
 * It is rotated when it is due, without being asked, once that went well by hand.
 */
automatic: boolean, };

/**
 * How a credential is rotated, and what came of it so far.
 */
export type RotationView = { 
/**
 * The version of the setup, given back when it is changed; 0 where nothing was set up.
 */
version: number, 
/**
 * What was set up.
 */
setup: RotationSetup | null, 
/**
 * What is wrong with it; also of one that was to be saved, then it was not.
 */
faults: Array<SetupFault>, 
/**
 * What the issuer can do, where it is set up.
 */
abilities: Abilities | null, 
/**
 * For how many seconds both values work, by setup or policy.
 */
graceS: number, 
/**
 * Who uses it.
 */
bindings: Array<BindingView>, 
/**
 * Its runs, the newest first.
 */
runs: Array<RunRow>, 
/**
 * Since when nothing of the vault is rotated by itself; nothing while it is.
 */
paused: AutomaticPause | null, };

/**
 * A credential in a list.
 */
export type Row = { 
/**
 * The credential.
 */
id: string, 
/**
 * Its version, compared when it is changed.
 */
version: number, 
/**
 * What people call it.
 */
name: string, 
/**
 * What it is.
 */
kind: Kind, 
/**
 * Where it is used.
 */
environment: string, 
/**
 * Who answers for it.
 */
owner: string, 
/**
 * Who made it.
 */
issuer: string, 
/**
 * What its loss would mean.
 */
risk: Risk, 
/**
 * Words that it is found by.
 */
tags: Array<string>, 
/**
 * What needs doing.
 */
status: Status, 
/**
 * When it is to be replaced, or expires: the earlier.
 */
due: Timestamp | null, 
/**
 * When it expires by itself.
 */
expires: Timestamp | null, 
/**
 * When its value came in or was last replaced.
 */
rotated: Timestamp, 
/**
 * When anything of it was last changed.
 */
changed: Timestamp, 
/**
 * Whether nothing is to happen by itself.
 */
paused: boolean, 
/**
 * When it was put away.
 */
archived: Timestamp | null, 
/**
 * Which policy it follows.
 */
policy: PolicyChoice, 
/**
 * How many consumers use it.
 */
uses: number, 
/**
 * How many of them have to be restarted for a new value.
 */
restarts: number, 
/**
 * Whether something of it cannot be read.
 */
unread: boolean, };

/**
 * When a credential is to be replaced.
 */
export type Rule = { "when": "every", 
/**
 * From 1 to 365.
 */
days: number, 
/**
 * Or so many days before it expires by itself, where that is earlier; never more than a third
 * of the time that it has.
 */
ahead?: number, } | { "when": "beforeExpiry", 
/**
 * From 1 to 365.
 */
days: number, } | { "when": "cron", 
/**
 * Minute, hour, day of month, month, day of week.
 */
pattern: string, 
/**
 * The time zone that it is meant in.
 */
zone: string, } | { "when": "manual" };

/**
 * A consumer in a run.
 */
export type RunConsumer = { 
/**
 * Which binding.
 */
binding: string, 
/**
 * What the consumer is called; empty when it is gone.
 */
name: string, 
/**
 * Which value lies there.
 */
place: Place, 
/**
 * How it comes to use a value.
 */
reload: Reload, 
/**
 * How often the present thing was tried.
 */
attempts: number, 
/**
 * A person can say that it uses what was delivered.
 */
waitsForWord: boolean, };

/**
 * A run in few words.
 */
export type RunRow = { 
/**
 * Which.
 */
id: string, 
/**
 * Its credential.
 */
credential: string, 
/**
 * What the credential is called.
 */
credentialName: string, 
/**
 * How it is with it.
 */
status: RunStatus, 
/**
 * It waits for a person, or went wrong and was undone without anybody heeding it.
 */
needsSomebody: boolean, 
/**
 * It is being undone, or was.
 */
undoing: boolean, 
/**
 * The step that it is at, or ended with.
 */
step: PlanStep, 
/**
 * When it was begun.
 */
begun: Timestamp, 
/**
 * When something last happened.
 */
changed: Timestamp, 
/**
 * What went wrong last.
 */
trouble: Trouble | null, };

/**
 * How it is with a run.
 */
export type RunStatus = "running" | "waiting" | "paused" | "needsAttention" | "done" | "undone" | "revoked";

/**
 * Everything about a run.
 */
export type RunView = { 
/**
 * It in few words.
 */
row: RunRow, 
/**
 * Which state of it this is; given back with what is asked of it.
 */
revision: number, 
/**
 * Its steps; when it is being undone, those that were done and then those that undo them.
 */
steps: Array<StepView>, 
/**
 * Its consumers.
 */
consumers: Array<RunConsumer>, 
/**
 * Which values work at this moment.
 */
rightNow: RightNow, 
/**
 * It can still be undone.
 */
canUndo: boolean, 
/**
 * The place among the steps of the first one that cannot be undone.
 */
noWayBack: number, 
/**
 * The one safe thing to do next, when it needs a person.
 */
next: Next | null, 
/**
 * It waits until then.
 */
waitsUntil: Timestamp | null, 
/**
 * How often the present step was tried before.
 */
attempt: number, 
/**
 * What it went through, in order.
 */
log: Array<LogLine>, 
/**
 * The issuer's name for the old value.
 */
oldKey: string, 
/**
 * The issuer's name for the new one, once it is known.
 */
newKey: string, 
/**
 * The number of the version that it made, once there is one.
 */
newVersion: number | null, 
/**
 * The issuer can be asked whether it accepts a key; otherwise nothing proves that one is refused.
 */
proves: boolean, 
/**
 * What a person has to do by hand, when the run waits for that.
 */
byHand: ByHand | null, 
/**
 * The value signs the calls of a webhook, which has a sender and a receiver.
 */
signing: boolean, };

/**
 * What is asked of a run.
 */
export type RunWish = { 
/**
 * Which.
 */
id: string, 
/**
 * What.
 */
wish: Wish, 
/**
 * The revision that was seen.
 */
seen: number, };

/**
 * Which runs are listed.
 */
export type RunsOf = { 
/**
 * Only those that have not ended, or went wrong and were undone without anybody heeding it.
 */
unsettled: boolean, };

/**
 * Runs, and keys that may live without being of use.
 */
export type RunsView = { 
/**
 * The newest first.
 */
runs: Array<RunRow>, 
/**
 * The oldest first.
 */
orphans: Array<OrphanView>, 
/**
 * Since when nothing of the vault is rotated by itself; nothing while it is.
 */
paused: AutomaticPause | null, };

/**
 * Somebody's word.
 */
export type Said = { 
/**
 * Who.
 */
by: string, 
/**
 * When.
 */
at: Timestamp, };

/**
 * A consumer that the sandbox plays.
 */
export type SandboxConsumer = { 
/**
 * What it is called.
 */
name: string, 
/**
 * What the credential is called that it uses.
 */
uses: string, };

/**
 * What goes wrong; all of it can at the same time.
 */
export type SandboxFaults = { 
/**
 * A key that is made from now on is never accepted.
 */
rejectNew: boolean, 
/**
 * The consumer that takes no value any more.
 */
failing: string | null, 
/**
 * No key is made for 60 seconds.
 */
rateLimit: boolean, 
/**
 * A key that is revoked from now on is still accepted for 20 seconds.
 */
slowRevocation: boolean, 
/**
 * Nothing answers, the consumers neither.
 */
offline: boolean, };

/**
 * The sandbox of a demo.
 */
export type SandboxView = { 
/**
 * Where it listens, on this computer.
 */
address: string, 
/**
 * What goes wrong at it now.
 */
faults: SandboxFaults, 
/**
 * Until when it makes no key, as too many were made.
 */
limitedUntil: Timestamp | null, 
/**
 * The consumers that can be made to fail.
 */
consumers: Array<SandboxConsumer>, 
/**
 * What there is to try, in order.
 */
lessons: Array<LessonView>, };

/**
 * A question to the inventory that somebody kept.
 */
export type SavedView = { 
/**
 * Which.
 */
id: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * What is asked, as it was typed.
 */
query: string, 
/**
 * In which order.
 */
ordering: Ordering, 
/**
 * Which columns are not shown; nothing where nobody said.
 */
hidden: Array<Column> | null, };

/**
 * Where the credentials of an incident come from.
 */
export type ScopeOf = { "of": "leak", 
/**
 * Where.
 */
look: LookIn, } | { "of": "member", 
/**
 * Who.
 */
id: string, } | { "of": "account", 
/**
 * Which.
 */
id: string, } | { "of": "query", 
/**
 * The question.
 */
query: string, } | { "of": "credentials", 
/**
 * Which.
 */
ids: string[], };

/**
 * A consumer as a file describes it.
 */
export type Seen = { 
/**
 * What it is called there.
 */
name: string, 
/**
 * Where it runs: a namespace, a project; empty when the file does not say.
 */
environment: string, 
/**
 * How it is deployed.
 */
deployment: Deployment, };

/**
 * A credential as somebody saw it.
 */
export type SeenCredential = { 
/**
 * Which.
 */
id: string, 
/**
 * The version that was seen; with another one it is left as it is.
 */
version: number, };

/**
 * How a value reaches a consumer.
 */
export type Sending = { "by": "file", 
/**
 * Which.
 */
path: string, 
/**
 * How the file is written.
 */
format: FileFormat, 
/**
 * What is written where in it.
 */
parts: Array<Part>, } | { "by": "command", 
/**
 * The program, by its path.
 */
program: string, 
/**
 * What it is told. No shell reads it.
 */
arguments: Array<string>, 
/**
 * What it gets on its standard input, with places in braces.
 */
input: string, } | { "by": "http", 
/**
 * Which.
 */
address: string, 
/**
 * What it gets, with places in braces; `{value|json}` fits into JSON.
 */
body: string, 
/**
 * What the body is, for the header.
 */
contentType: string, 
/**
 * The address may lead into this computer or the local network.
 */
private: boolean, } | { "by": "byHand", 
/**
 * Who.
 */
who: string, 
/**
 * What has to be done, a line each.
 */
steps: Array<string>, };

/**
 * A database server, and who logs in there to change the logins of others.
 */
export type Server = { 
/**
 * Its name or number.
 */
host: string, 
/**
 * Its port.
 */
port: number, 
/**
 * The database that is opened; empty where there is no such thing.
 */
database: string, 
/**
 * Who logs in; empty where a password is enough.
 */
user: string, 
/**
 * How the way there is kept secret.
 */
tls: Tls, };

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
locked: Locked | null, 
/**
 * What is wrong with what the program keeps outside any vault, beside its settings.
 */
problems: Array<UserError>, };

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
lockWithScreen: boolean, 
/**
 * Whether rotations go on while the window is locked, which keeps the vault's keys in memory.
 */
rotateWhileLocked: boolean, 
/**
 * Whether a letter alone is a command, as in `G` and then `I`.
 */
singleKeys: boolean, 
/**
 * The columns of the inventory that are not shown.
 */
hiddenColumns: Array<Column>, 
/**
 * The hours in which nobody is reminded of anything; what is due then is told when they end.
 */
quiet: Window | null, 
/**
 * Whether notices of the system name credentials, while the vault is unlocked.
 */
namesInNotices: boolean, 
/**
 * Whether the program starts when its person logs in, without a window.
 */
startAtLogin: boolean, };

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
 * What is wrong with a setup, and in which field of its form.
 */
export type SetupFault = { 
/**
 * The field.
 */
field: string, 
/**
 * What is wrong with it.
 */
why: SetupWhy, };

/**
 * What can be wrong with a field of a setup.
 */
export type SetupWhy = "missing" | "address" | "private" | "forbidden" | "readable" | "path" | "tooLong" | "characters" | "number" | "place" | "template";

/**
 * How urgent a reminder is.
 */
export type Severity = "warning" | "critical";

/**
 * What can be in a field.
 */
export type Shape = { "is": "line" } | { "is": "text" } | { "is": "words" } | { "is": "address" } | { "is": "host" } | { "is": "port" } | { "is": "oneOf", "words": Array<string> } | { "is": "certificates" } | { "is": "privateKey" } | { "is": "sshPublicKey" } | { "is": "publicKey" };

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
 * One of the two values of a run.
 */
export type Side = "old" | "new";

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
 * Tell nothing of a date for a while.
 */
export type Snooze = { 
/**
 * Of which.
 */
notice: WhichNotice, 
/**
 * Until when; 30 days at most.
 */
until: Timestamp, };

/**
 * What a list is sorted by.
 */
export type SortBy = "name" | "kind" | "environment" | "risk" | "status" | "due" | "rotated" | "owner" | "changed";

/**
 * A place in a file.
 */
export type Spot = { 
/**
 * The file; with a commit, its place in the folder of the repository.
 */
file: string, 
/**
 * The line, from 1; 0 when that cannot be told.
 */
line: number, 
/**
 * The oldest commit of a history that has it there; empty for an object that no commit has.
 */
commit: string | null, };

/**
 * How a value of a credential stands to the others.
 */
export type Stage = "pending" | "current" | "previous" | "retired";

/**
 * What needs doing about a credential, the most urgent first.
 */
export type Status = "compromised" | "expired" | "failed" | "overdue" | "dueNow" | "rotating" | "inGrace" | "paused" | "dueSoon" | "noPolicy" | "healthy" | "archived";

/**
 * What a long piece of work does.
 */
export type Step = "calibrating" | "deriving" | "opening" | "writing" | "checking" | "reading" | "importing" | "listing" | "searching" | "histories" | "asking";

/**
 * How it is with a step.
 */
export type StepStatus = "done" | "running" | "stopped" | "failed" | "toCome" | "skipped";

/**
 * A step of a run.
 */
export type StepView = { 
/**
 * Which.
 */
step: PlanStep, 
/**
 * How it is with it.
 */
status: StepStatus, 
/**
 * When it began.
 */
began: Timestamp | null, 
/**
 * When it ended.
 */
ended: Timestamp | null, };

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
 * Something that is left to do.
 */
export type Task = { 
/**
 * What.
 */
text: string, 
/**
 * Whether it was done.
 */
done: boolean, };

/**
 * How the window is coloured.
 */
export type Theme = "system" | "light" | "dark";

/**
 * What is about to be done.
 */
export type Threat = "rotate" | "end" | "leave";

/**
 * A lane.
 */
export type TimelineLane = { 
/**
 * The kind, owner or environment.
 */
name: string, 
/**
 * How many credentials it has.
 */
count: number, 
/**
 * How many of them are due within seven days, or past.
 */
due: number, 
/**
 * How many of these are past.
 */
overdue: number, 
/**
 * It has too many rows, and shows a strip.
 */
strip: boolean, 
/**
 * How many rotations and expiries there are in each part of the range.
 */
heat: Array<number>, };

/**
 * Which part of the timeline is shown, and how.
 */
export type TimelineOf = { 
/**
 * From when.
 */
from: Timestamp, 
/**
 * To when.
 */
until: Timestamp, 
/**
 * What a lane is.
 */
lanes: GatheredBy, 
/**
 * Only what has this in its name, owner or environment; empty: all.
 */
find: string, 
/**
 * The lanes that are shown row by row however many they have.
 */
open: Array<string>, 
/**
 * Into how many parts a strip is cut.
 */
parts: number, };

/**
 * The rows, one array a property.
 */
export type TimelineRows = { 
/**
 * The credential.
 */
id: Array<string>, 
/**
 * Its version, given back when its plan is moved.
 */
version: Array<number>, 
/**
 * What people call it.
 */
name: Array<string>, 
/**
 * Which lane.
 */
lane: Array<number>, 
/**
 * What needs doing about it.
 */
status: Array<Status>, 
/**
 * When it is, or was, to be replaced.
 */
due: Array<Timestamp | null>, 
/**
 * When it is planned; what is overdue is when its window opens next.
 */
planned: Array<Timestamp | null>, 
/**
 * The last moment to which the plan may be moved.
 */
limit: Array<Timestamp | null>, 
/**
 * When it expires by itself.
 */
expires: Array<Timestamp | null>, 
/**
 * Which window.
 */
window: Array<number | null>, 
/**
 * Whether the plan may be moved.
 */
movable: Array<boolean>, 
/**
 * How many consumers are restarted.
 */
restarts: Array<number>, 
/**
 * For so long both values work after it, in seconds.
 */
graceS: Array<number>, };

/**
 * What a bar shows.
 */
export type TimelineSpan = "valid" | "grace" | "overdue" | "expired";

/**
 * Bars within the range, one array a property.
 */
export type TimelineSpans = { 
/**
 * Which row.
 */
row: Array<number>, 
/**
 * What it shows.
 */
kind: Array<TimelineSpan>, 
/**
 * From when.
 */
from: Array<Timestamp>, 
/**
 * To when.
 */
until: Array<Timestamp>, };

/**
 * The timeline.
 */
export type TimelineView = { 
/**
 * This moment.
 */
now: Timestamp, 
/**
 * From when.
 */
from: Timestamp, 
/**
 * To when.
 */
until: Timestamp, 
/**
 * The lanes, by name.
 */
lanes: Array<TimelineLane>, 
/**
 * The credentials of the lanes that are no strips: by lane, the most urgent first.
 */
rows: TimelineRows, 
/**
 * The bars of these rows.
 */
spans: TimelineSpans, 
/**
 * When each window is open.
 */
windows: Array<Array<[Timestamp, Timestamp]>>, 
/**
 * Restarts of one consumer that are close together.
 */
clashes: Array<RestartClash>, };

/**
 * A moment, in milliseconds since 1970 in UTC.
 */
export type Timestamp = number;

/**
 * How the way to a server is kept secret. It is never less than this.
 */
export type Tls = "off" | "verified";

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
 * Why a credential was found to be in it.
 */
export type Trace = { "is": "found", 
/**
 * Where: a file and line, or what was pasted.
 */
place: string, 
/**
 * Whether it is the value in force.
 */
works: boolean, } | { "is": "revealed", 
/**
 * Who.
 */
by: string, 
/**
 * When last.
 */
at: Timestamp, } | { "is": "copied", 
/**
 * Who.
 */
by: string, 
/**
 * When last.
 */
at: Timestamp, } | { "is": "owned" } | { "is": "couldRead" } | { "is": "issued", 
/**
 * What the account is called.
 */
account: string, } | { "is": "used", 
/**
 * When.
 */
at: Timestamp, };

/**
 * What came of a trial of an account or a binding.
 */
export type Tried = { 
/**
 * Whether it works; nothing where there is nobody to ask.
 */
works: boolean | null, 
/**
 * What answered: "PostgreSQL 15.18"; may be empty.
 */
about: string, 
/**
 * What the login is not allowed.
 */
lacks: Array<string>, 
/**
 * Why it does not work.
 */
why: CallWhy | null, };

/**
 * What went wrong.
 */
export type Trouble = { "what": "issuer", 
/**
 * What it said.
 */
why: CallWhy, } | { "what": "notAllowed" } | { "what": "noRoom" } | { "what": "noConsent" } | { "what": "oldRefused" } | { "what": "newRefused" } | { "what": "unproven" } | { "what": "outcomeUnknown" } | { "what": "notProvablyOurs" } | { "what": "unreadable" } | { "what": "consumer", 
/**
 * Which binding.
 */
binding: string, 
/**
 * What it said.
 */
why: CallWhy, } | { "what": "notTakenUp", 
/**
 * Which binding.
 */
binding: string, } | { "what": "stillUsed" } | { "what": "stillAccepted" } | { "what": "stopped" };

/**
 * A secret that the window hands in; it goes one way only.
 */
export type Typed = string;

/**
 * What becomes of messages that were given up.
 */
export type Undelivered = { 
/**
 * Their numbers.
 */
ids: number[], 
/**
 * They are sent again; otherwise they are let go.
 */
again: boolean, };

/**
 * A message that was given up.
 */
export type UndeliveredView = { 
/**
 * Its number.
 */
id: number, 
/**
 * What the channel is called.
 */
channel: string, 
/**
 * What it says first.
 */
subject: string, 
/**
 * When it was written.
 */
at: Timestamp, 
/**
 * Why it was not sent.
 */
why: CallWhy | null, };

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
 * A binding that cannot be read.
 */
export type UnreadBindingView = { 
/**
 * Whose.
 */
credential: string, 
/**
 * What that is called.
 */
credentialName: string, 
/**
 * Who uses it.
 */
consumer: string, 
/**
 * What that is called.
 */
consumerName: string, };

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
 * One line of the table of usual policies.
 */
export type UsualPolicy = { 
/**
 * For what.
 */
kind: Kind, 
/**
 * Where its loss is no disaster.
 */
standard: Policy, 
/**
 * Where it is.
 */
high: Policy, 
/**
 * Within how many hours it has to be replaced when it was lost; 0 is at once.
 */
emergencyHours: number, };

/**
 * How it is found out whether a value is accepted: an address is asked with it (`GET`). 401 and 403 say that it
 * is refused.
 */
export type ValueCheck = { 
/**
 * Which.
 */
address: string, 
/**
 * The header that carries the value.
 */
header: string, 
/**
 * What the header says, with `{value}` in it.
 */
says: string, 
/**
 * The status that says that the value is accepted.
 */
status: number, 
/**
 * The address may lead into this computer or the local network.
 */
private: boolean, };

/**
 * A value of one field of one version.
 */
export type ValueOf = { 
/**
 * Of which credential.
 */
id: string, 
/**
 * Of which version; the current one when none is named.
 */
number: number | null, 
/**
 * Which field; the one that it is about when none is named. Also one that may be seen, to copy it.
 */
field: string | null, 
/**
 * The passphrase, where it is asked for.
 */
passphrase: Typed | null, };

/**
 * The name of a vault that is to be made.
 */
export type VaultName = { 
/**
 * The name.
 */
name: string, };

/**
 * One value of a credential, without the value.
 */
export type Version = { 
/**
 * Its number, from 1.
 */
number: number, 
/**
 * How it stands to the others.
 */
stage: Stage, 
/**
 * By what the issuer knows it.
 */
keyId: string, 
/**
 * When it came in.
 */
created: Timestamp, 
/**
 * Who brought it.
 */
by: string, 
/**
 * When it was retired.
 */
retired: Timestamp | null, 
/**
 * The names of the secret fields that it has.
 */
fields: Array<string>, };

/**
 * A view to be kept.
 */
export type ViewChange = { 
/**
 * Which; none for a new one.
 */
id: string | null, 
/**
 * What people call it.
 */
name: string, 
/**
 * What is asked.
 */
query: string, 
/**
 * In which order.
 */
ordering: Ordering, 
/**
 * Which columns are not shown; nothing where nobody says.
 */
hidden: Array<Column> | null, };

/**
 * How many credentials a built-in view has.
 */
export type ViewCounts = { 
/**
 * That are not put away.
 */
all: number, 
/**
 * That somebody has to look after now.
 */
attention: number, 
/**
 * That are due within 7 days, or past.
 */
dueSoon: number, 
/**
 * Whose loss would be a disaster.
 */
highRisk: number, 
/**
 * Whose old value works beside the new one.
 */
inGrace: number, 
/**
 * Of which something cannot be read.
 */
unread: number, };

/**
 * A view to be deleted.
 */
export type ViewRemoval = { 
/**
 * Which.
 */
id: string, };

/**
 * The views of the sidebar.
 */
export type ViewsView = { 
/**
 * Those that somebody kept.
 */
saved: Array<SavedView>, 
/**
 * The names of those that cannot be read here, and are kept as they are.
 */
unread: Array<string>, 
/**
 * How many credentials the built-in views have that show it.
 */
counts: ViewCounts, };

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

/**
 * What is wrong with a form and what its values tell.
 */
export type Weighed = { 
/**
 * What is wrong, field by field.
 */
faults: Array<Fault>, 
/**
 * What is wrong with the rest.
 */
metadataFaults: Array<MetadataFault>, 
/**
 * What the values tell.
 */
facts: Facts, 
/**
 * The policy that it would follow.
 */
policy: Policy | null, 
/**
 * Its next dates.
 */
next: Array<Timestamp>, };

/**
 * A credential.
 */
export type Which = { 
/**
 * Which.
 */
id: string, };

/**
 * An account.
 */
export type WhichAccount = { 
/**
 * Which.
 */
id: string, };

/**
 * A binding.
 */
export type WhichBinding = { 
/**
 * Which.
 */
id: string, };

/**
 * A channel.
 */
export type WhichChannel = { 
/**
 * Which.
 */
id: string, };

/**
 * A consumer.
 */
export type WhichConsumer = { 
/**
 * Which.
 */
id: string, };

/**
 * An incident.
 */
export type WhichIncident = { 
/**
 * Which.
 */
id: string, };

/**
 * Which mute.
 */
export type WhichMute = { 
/**
 * Its id.
 */
id: string, };

/**
 * A notice in the centre.
 */
export type WhichNotice = { 
/**
 * Of which credential.
 */
credential: string, 
/**
 * Of which of its dates.
 */
deadline: Deadline, };

/**
 * An orphan.
 */
export type WhichOrphan = { 
/**
 * Where.
 */
account: string, 
/**
 * Its mark.
 */
mark: string, };

/**
 * A run.
 */
export type WhichRun = { 
/**
 * Which.
 */
id: string, };

/**
 * Why a field cannot be taken as it is.
 */
export type Why = { "is": "unknown" } | { "is": "missing" } | { "is": "tooLong", 
/**
 * The most bytes.
 */
most: number, } | { "is": "tooMany", 
/**
 * The most certificates.
 */
most: number, } | { "is": "notOneLine" } | { "is": "controlCharacters" } | { "is": "notAnAddress" } | { "is": "notAHost" } | { "is": "notAPort" } | { "is": "notOneOf" } | { "is": "secretInTheOpen" } | { "is": "notACertificate" } | { "is": "notAPrivateKey" } | { "is": "keyDoesNotFit" } | { "is": "chainBroken", 
/**
 * Its place as it was pasted, counted from 1.
 */
at: number, } | { "is": "notASshKey" } | { "is": "notAPublicKey" } | { "is": "publicKeyDoesNotFit" };

/**
 * The hours of a week in which something may be restarted.
 */
export type Window = { 
/**
 * The days on which it opens, Monday is 1.
 */
days: Array<number>, 
/**
 * When it opens, in minutes after midnight.
 */
opens: number, 
/**
 * How long it is open, in minutes.
 */
minutes: number, 
/**
 * The time zone that it is meant in.
 */
zone: string, };

/**
 * What a person can ask of a run.
 */
export type Wish = "pause" | "resume" | "undo" | "retry" | "continue" | { "hasten": { 
/**
 * What is done first.
 */
order: Order, } } | { "takenUp": { 
/**
 * Which.
 */
binding: string, } };

/**
 * Words that are in use in the vault, the most used first.
 */
export type WordsInUse = { 
/**
 * Environments.
 */
environments: Array<string>, 
/**
 * Owners.
 */
owners: Array<string>, 
/**
 * Issuers.
 */
issuers: Array<string>, 
/**
 * Tags.
 */
tags: Array<string>, };

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
  make_demo: { input: null, output: SessionView };
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
  list_credentials: { input: ListOf, output: CredentialList };
  read_credential: { input: Which, output: CredentialView };
  read_activity: { input: ActivityOf, output: Array<Activity> };
  read_words: { input: null, output: WordsInUse };
  recognise_paste: { input: Pasted, output: RecognisedPaste | null };
  weigh_credential: { input: NewCredential, output: Weighed };
  generate_value: { input: Generate, output: GeneratedValue };
  add_credentials: { input: Array<NewCredential>, output: Array<Done> };
  change_credential: { input: CredentialChange, output: CredentialView };
  replace_value: { input: NewValue, output: CredentialView };
  duplicate_credential: { input: Which, output: CredentialView };
  change_many: { input: ManyChange, output: Array<Done> };
  delete_credentials: { input: Deletion, output: Array<Done> };
  reveal_value: { input: ValueOf, output: Revealed };
  copy_value: { input: ValueOf, output: Copied };
  clear_clipboard: { input: null, output: null };
  list_policies: { input: null, output: PoliciesView };
  try_policy: { input: PolicyTrial, output: PolicyMeaning };
  save_policy: { input: PolicyChange, output: PoliciesView };
  delete_policy: { input: PolicyRemoval, output: PoliciesView };
  list_views: { input: null, output: ViewsView };
  save_view: { input: ViewChange, output: ViewsView };
  delete_view: { input: ViewRemoval, output: ViewsView };
  look_at_import: { input: FilePlace, output: ImportFile };
  preview_import: { input: ImportRequest, output: ImportPreview };
  cancel_import: { input: null, output: null };
  read_import: { input: ImportPage, output: Array<ImportEntry> };
  read_losses: { input: LossPage, output: Array<string> };
  run_import: { input: ImportChoice, output: Imported };
  undo_import: { input: null, output: Imported };
  delete_import_file: { input: null, output: null };
  export_credentials: { input: Export, output: Exported };
  list_accounts: { input: null, output: AccountsView };
  save_account: { input: AccountChange, output: AccountsView };
  delete_account: { input: WhichAccount, output: AccountsView };
  look_for_uses: { input: LookIn, output: FindsView };
  stop_looking: { input: null, output: null };
  read_finds: { input: FindsPage, output: Array<Find> };
  accept_finds: { input: FindChoice, output: AcceptedFinds };
  try_account: { input: WhichAccount, output: Tried };
  list_consumers: { input: null, output: ConsumersView };
  save_consumer: { input: ConsumerChange, output: ConsumersView };
  delete_consumer: { input: WhichConsumer, output: ConsumersView };
  save_binding: { input: BindingChange, output: BindingSaved };
  delete_binding: { input: WhichBinding, output: ConsumersView };
  try_binding: { input: WhichBinding, output: Tried };
  read_rotation: { input: Which, output: RotationView };
  set_up_rotation: { input: RotationChange, output: RotationView };
  plan_rotation: { input: RotationOf, output: PlanView };
  begin_rotation: { input: RotationOf, output: RunView };
  list_runs: { input: RunsOf, output: RunsView };
  pause_automatic: { input: PauseOfAll, output: AutomaticPause | null };
  read_run: { input: WhichRun, output: RunView };
  ask_run: { input: RunWish, output: RunView };
  paste_value: { input: PastedValue, output: RunView };
  reveal_answer: { input: AnswerOf, output: RevealedAnswer };
  copy_answer: { input: AnswerOf, output: Copied };
  find_orphans: { input: WhichAccount, output: RunsView };
  remove_orphan: { input: WhichOrphan, output: RunsView };
  read_map: { input: MapOf, output: MapPicture };
  read_radius: { input: RadiusOf, output: BlastRadius };
  read_timeline: { input: TimelineOf, output: TimelineView };
  move_planned: { input: PlannedMove, output: MoveAnswer };
  export_picture: { input: PictureExport, output: null };
  read_notices: { input: null, output: NoticesView };
  snooze_notice: { input: Snooze, output: NoticesView };
  finish_notices: { input: Array<WhichNotice>, output: NoticesView };
  mute_reminders: { input: Mute, output: NoticesView };
  unmute_reminders: { input: WhichMute, output: NoticesView };
  list_channels: { input: null, output: ChannelsView };
  save_channel: { input: ChannelChange, output: ChannelsView };
  delete_channel: { input: WhichChannel, output: ChannelsView };
  test_channel: { input: WhichChannel, output: ChannelTried };
  settle_undelivered: { input: Undelivered, output: NoticesView };
  list_incidents: { input: IncidentsOf, output: IncidentsView };
  read_incident: { input: WhichIncident, output: IncidentView };
  open_incident: { input: NewIncident, output: IncidentView };
  add_to_incident: { input: MoreScope, output: IncidentView };
  change_incident: { input: IncidentChange, output: IncidentView };
  start_incident: { input: IncidentStart, output: IncidentView };
  try_incident: { input: WhichIncident, output: IncidentTried };
  save_report: { input: ReportOf, output: null };
  read_sandbox: { input: null, output: SandboxView };
  set_sandbox: { input: SandboxFaults, output: SandboxView };
  list_backups: { input: null, output: BackupsView };
  make_backup: { input: null, output: BackupsView };
  make_backup_at: { input: FilePlace, output: CheckedBackup };
  test_backup: { input: FilePlace, output: CheckedBackup };
  check_vault: { input: null, output: Checked };
  quit: { input: null, output: null };
  take_destination: { input: null, output: Destination | null };
  ask_for_place: { input: AskPlace, output: string | null };
  hear: { input: HeardSoFar, output: Array<Told> };
}

/** What the backend tells unasked, by name. */
export interface Events {
  settings_changed: SettingsView;
  second_start: null;
  destination_changed: null;
  session_changed: SessionView;
  locking_soon: Countdown;
  work_progress: Progress;
  file_dropped: FilePlace;
  inventory_changed: null;
  runs_changed: null;
  notices_changed: null;
  clipboard_changed: Copied | null;
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
  'clear_clipboard',
  'quit',
  'take_destination',
  'ask_for_place',
  'hear',
] as const);

/** What each kind of credential is made of, in the order of the form. */
export const KINDS: Record<Kind, readonly Field[]> = {
  "apiKey": [
    {
      "name": "secret",
      "shape": {
        "is": "line"
      },
      "secret": true,
      "needed": true
    },
    {
      "name": "keyId",
      "shape": {
        "is": "line"
      },
      "secret": false,
      "needed": false
    },
    {
      "name": "header",
      "shape": {
        "is": "line"
      },
      "secret": false,
      "needed": false
    },
    {
      "name": "scopes",
      "shape": {
        "is": "words"
      },
      "secret": false,
      "needed": false
    }
  ],
  "certificate": [
    {
      "name": "chain",
      "shape": {
        "is": "certificates"
      },
      "secret": false,
      "needed": true
    },
    {
      "name": "privateKey",
      "shape": {
        "is": "privateKey"
      },
      "secret": true,
      "needed": true
    }
  ],
  "cloudKey": [
    {
      "name": "provider",
      "shape": {
        "is": "oneOf",
        "words": [
          "aws",
          "google",
          "azure",
          "other"
        ]
      },
      "secret": false,
      "needed": true
    },
    {
      "name": "keyId",
      "shape": {
        "is": "line"
      },
      "secret": false,
      "needed": true
    },
    {
      "name": "secret",
      "shape": {
        "is": "text"
      },
      "secret": true,
      "needed": true
    },
    {
      "name": "region",
      "shape": {
        "is": "line"
      },
      "secret": false,
      "needed": false
    },
    {
      "name": "account",
      "shape": {
        "is": "line"
      },
      "secret": false,
      "needed": false
    }
  ],
  "databaseLogin": [
    {
      "name": "engine",
      "shape": {
        "is": "oneOf",
        "words": [
          "postgresql",
          "mysql",
          "mariadb",
          "redis",
          "mongodb",
          "other"
        ]
      },
      "secret": false,
      "needed": true
    },
    {
      "name": "host",
      "shape": {
        "is": "host"
      },
      "secret": false,
      "needed": false
    },
    {
      "name": "port",
      "shape": {
        "is": "port"
      },
      "secret": false,
      "needed": false
    },
    {
      "name": "database",
      "shape": {
        "is": "line"
      },
      "secret": false,
      "needed": false
    },
    {
      "name": "user",
      "shape": {
        "is": "line"
      },
      "secret": false,
      "needed": true
    },
    {
      "name": "password",
      "shape": {
        "is": "line"
      },
      "secret": true,
      "needed": true
    },
    {
      "name": "tls",
      "shape": {
        "is": "oneOf",
        "words": [
          "off",
          "on",
          "verified"
        ]
      },
      "secret": false,
      "needed": false
    }
  ],
  "login": [
    {
      "name": "user",
      "shape": {
        "is": "line"
      },
      "secret": false,
      "needed": true
    },
    {
      "name": "password",
      "shape": {
        "is": "line"
      },
      "secret": true,
      "needed": true
    },
    {
      "name": "address",
      "shape": {
        "is": "address"
      },
      "secret": false,
      "needed": false
    },
    {
      "name": "totp",
      "shape": {
        "is": "line"
      },
      "secret": true,
      "needed": false
    }
  ],
  "oauthClient": [
    {
      "name": "clientId",
      "shape": {
        "is": "line"
      },
      "secret": false,
      "needed": true
    },
    {
      "name": "clientSecret",
      "shape": {
        "is": "line"
      },
      "secret": true,
      "needed": true
    },
    {
      "name": "tokenAddress",
      "shape": {
        "is": "address"
      },
      "secret": false,
      "needed": false
    },
    {
      "name": "scopes",
      "shape": {
        "is": "words"
      },
      "secret": false,
      "needed": false
    },
    {
      "name": "refreshToken",
      "shape": {
        "is": "line"
      },
      "secret": true,
      "needed": false
    },
    {
      "name": "accessToken",
      "shape": {
        "is": "line"
      },
      "secret": true,
      "needed": false
    }
  ],
  "secret": [
    {
      "name": "value",
      "shape": {
        "is": "text"
      },
      "secret": true,
      "needed": true
    }
  ],
  "serviceToken": [
    {
      "name": "token",
      "shape": {
        "is": "text"
      },
      "secret": true,
      "needed": true
    },
    {
      "name": "account",
      "shape": {
        "is": "line"
      },
      "secret": false,
      "needed": false
    },
    {
      "name": "refreshCredential",
      "shape": {
        "is": "text"
      },
      "secret": true,
      "needed": false
    }
  ],
  "signingKey": [
    {
      "name": "secret",
      "shape": {
        "is": "text"
      },
      "secret": true,
      "needed": true
    },
    {
      "name": "algorithm",
      "shape": {
        "is": "oneOf",
        "words": [
          "HS256",
          "HS384",
          "HS512",
          "RS256",
          "ES256",
          "EdDSA",
          "other"
        ]
      },
      "secret": false,
      "needed": false
    },
    {
      "name": "keyId",
      "shape": {
        "is": "line"
      },
      "secret": false,
      "needed": false
    },
    {
      "name": "publicKey",
      "shape": {
        "is": "publicKey"
      },
      "secret": false,
      "needed": false
    }
  ],
  "sshKey": [
    {
      "name": "privateKey",
      "shape": {
        "is": "privateKey"
      },
      "secret": true,
      "needed": true
    },
    {
      "name": "publicKey",
      "shape": {
        "is": "sshPublicKey"
      },
      "secret": false,
      "needed": false
    },
    {
      "name": "passphrase",
      "shape": {
        "is": "line"
      },
      "secret": true,
      "needed": false
    },
    {
      "name": "user",
      "shape": {
        "is": "line"
      },
      "secret": false,
      "needed": false
    }
  ],
  "webhookSecret": [
    {
      "name": "secret",
      "shape": {
        "is": "line"
      },
      "secret": true,
      "needed": true
    },
    {
      "name": "endpoint",
      "shape": {
        "is": "address"
      },
      "secret": false,
      "needed": false
    }
  ]
};

/** The most characters of what is known of a credential; of a text bytes; parts are tags or fields. */
export const LIMITS = { name: 200, word: 100, tag: 40, text: 262144, parts: 1000 } as const;

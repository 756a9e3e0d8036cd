//! Credentials: listed, read, added, changed, replaced, deleted.

use std::collections::BTreeMap;

use keyturn_kinds::{Facts, Fields, Measure, check, facts, measure};
use keyturn_model::{
    Credential, CredentialId, Kind, Metadata, MetadataFault, OWN_FIELD, Permission, Query, Since,
    Stage, emergency_hours,
};
use keyturn_vault::{
    Addition, Many, NewValue as Replacement, Outcome, Seen, Told, Vault, VaultError,
};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    App, MessageKey, UserError,
    app::Happening,
    session::Open,
    views::{
        Activity, ActivityOf, Change, CredentialChange, CredentialList, CredentialView, Deletion,
        Done, Generate, GeneratedValue, Group, ListOf, ManyChange, NewCredential, NewValue, Pasted,
        RecognisedPaste, Secrets, ShownOnce, Weighed, Which, WordsInUse,
    },
};

/// The most rows of one answer.
const MOST_ROWS: u32 = 1000;
/// The most credentials that are added or changed at once.
const MOST_AT_ONCE: usize = 100_000;
/// Entries of the audit log in one answer.
const MOST_ENTRIES: u32 = 50;
/// The most bytes of a request key.
const LONGEST_REQUEST: usize = 200;

/// Secret fields as they are kept.
type Kept = Vec<(String, SecretString)>;

impl App {
    pub(crate) fn list_credentials(
        &self,
        open: &Open,
        input: &ListOf,
    ) -> Result<CredentialList, UserError> {
        let query = Query::read(&input.query);
        let most = input.most.min(MOST_ROWS);
        let list = open.vault.list(&query, input.ordering, input.from, most)?;
        let groups = list.groups.into_iter().map(|(value, count)| Group { value, count });
        Ok(CredentialList {
            rows: list.rows,
            from: input.from,
            total: list.total,
            all: list.all,
            groups: groups.collect(),
            unknown: query.unknown,
            instead: list.instead,
        })
    }

    pub(crate) fn read_credential(
        &self,
        open: &Open,
        input: &Which,
    ) -> Result<CredentialView, UserError> {
        let vault = &open.vault;
        let (credential, facts) = vault.credential(input.id)?;
        let Metadata { policy, kind, risk, expires, .. } = credential.metadata;
        let (policy, policy_name) = vault.policy_followed(policy, kind, risk)?;
        // A plan that somebody moved is where it was moved to.
        let Credential { rotates: moved, done, .. } = credential;
        let since = Since { rotated: credential.row.rotated, expires, moved, done };
        let now = self.clock().now();
        let next = policy.as_ref().map(|policy| policy.next_dates(since, now, 3));
        Ok(CredentialView {
            facts: serde_json::from_str(&facts).unwrap_or_default(),
            emergency_hours: emergency_hours(kind),
            asks_passphrase: open.asks_passphrase(risk, now),
            next: next.unwrap_or_default(),
            measures: measures(open, input.id),
            credential,
            policy,
            policy_name,
        })
    }

    pub(crate) fn read_activity(
        &self,
        open: &Open,
        input: &ActivityOf,
    ) -> Result<Vec<Activity>, UserError> {
        let entries = open.vault.activity(input.id, input.before, MOST_ENTRIES)?;
        let activity = |entry: keyturn_vault::Entry| Activity {
            number: entry.seq,
            at: entry.at,
            by: entry.actor.name,
            action: entry.action,
            detail: entry.detail,
        };
        Ok(entries.into_iter().map(activity).collect())
    }

    pub(crate) fn read_words(&self, open: &Open) -> Result<WordsInUse, UserError> {
        let [environments, owners, issuers, tags] = open.vault.words_in_use()?;
        Ok(WordsInUse { environments, owners, issuers, tags })
    }

    pub(crate) fn recognise_paste(&self, input: &Pasted) -> Option<RecognisedPaste> {
        // To recognise it.
        let found = keyturn_kinds::recognise(input.text.0.expose_secret())?;
        // It goes back into the form that it came from.
        let shown = |value: &SecretString| ShownOnce(value.expose_secret().to_owned());
        let fields = found.fields.iter().map(|(name, value)| ((*name).to_owned(), shown(value)));
        Some(RecognisedPaste {
            kind: found.kind,
            name: found.name,
            issuer: found.issuer,
            environment: found.environment.map(str::to_owned),
            fields: fields.collect(),
        })
    }

    pub(crate) fn generate_value(&self, input: &Generate) -> Result<GeneratedValue, UserError> {
        let made = keyturn_kinds::generate(&input.recipe, self.entropy())
            .map_err(|_| UserError::input_refused())?;
        Ok(GeneratedValue {
            // For the form that asked for it.
            value: ShownOnce(made.value.expose_secret().to_owned()),
            public: made.public,
            bits: made.bits.floor() as u32,
        })
    }

    pub(crate) fn weigh_credential(
        &self,
        open: &Open,
        input: NewCredential,
    ) -> Result<Weighed, UserError> {
        let metadata = input.metadata.tidied();
        let kept = kept(input.secrets);
        let (faults, facts) = weigh(metadata.kind, &metadata.fields, &kept);
        let expires = facts.expires.or(metadata.expires);
        let Metadata { policy, kind, risk, .. } = metadata;
        let (policy, _) = open.vault.policy_followed(policy, kind, risk)?;
        let now = self.clock().now();
        let since = Since { rotated: now, expires, moved: None, done: None };
        let next = policy.as_ref().map(|policy| policy.next_dates(since, now, 3));
        let metadata_faults = faults_beside(&metadata, &kept);
        Ok(Weighed { faults, metadata_faults, facts, next: next.unwrap_or_default(), policy })
    }

    pub(crate) fn add_credentials(
        &self,
        open: &Open,
        input: Vec<NewCredential>,
    ) -> Result<Vec<Done>, UserError> {
        at_most(input.len())?;
        let add = |new: NewCredential| {
            let name = new.metadata.name.clone();
            let added = addition(new).and_then(|addition| Ok(open.vault.add(&addition)?));
            match added {
                Ok(id) => Done { id: Some(id), name, problem: None },
                Err(problem) => Done { id: None, name, problem: Some(problem) },
            }
        };
        let done: Vec<Done> = input.into_iter().map(add).collect();
        self.tell(Happening::Inventory);
        Ok(done)
    }

    pub(crate) fn change_credential(
        &self,
        open: &Open,
        input: CredentialChange,
    ) -> Result<CredentialView, UserError> {
        let vault = &open.vault;
        let (before, _) = whole(vault, input.id)?;
        let kind = before.metadata.kind;
        let mut metadata = Metadata { kind, ..input.metadata.tidied() };
        let values = vault.open_values(input.id)?;
        // What was wrong before, as after a run, hinders no edit of anything else.
        let had = faults_of(&before.metadata, &values).0;
        let facts = sound_but_for(&had, &mut metadata, &values)?;
        let key_id = key_id_after(kind, &facts, key_id_of(&before));
        vault
            .change(input.id, input.version, &metadata, &key_id, &written(&facts))
            .map_err(UserError::of_credential(&metadata.name))?;
        self.tell(Happening::Inventory);
        self.read_credential(open, &Which { id: input.id })
    }

    pub(crate) fn replace_value(
        &self,
        open: &Open,
        input: NewValue,
    ) -> Result<CredentialView, UserError> {
        let vault = &open.vault;
        let (before, _) = whole(vault, input.id)?;
        let name = before.metadata.name.clone();
        let secrets = kept(input.secrets);
        let mut values = vault.open_values(input.id)?;
        values.retain(|(field, _)| secrets.iter().all(|(given, _)| given != field));
        // Whether it is empty: then it goes.
        values
            .extend(secrets.iter().filter(|(_, value)| !value.expose_secret().is_empty()).cloned());
        let mut metadata =
            Metadata { fields: input.fields, expires: input.expires, ..before.metadata }.tidied();
        let facts = sound(&mut metadata, &values)?;
        let replacement = Replacement {
            fields: metadata.fields,
            expires: metadata.expires,
            secrets,
            key_id: facts.key_id.clone().unwrap_or_default(),
            facts: written(&facts),
        };
        vault
            .replace_value(input.id, input.version, &replacement)
            .map_err(UserError::of_credential(&name))?;
        self.tell(Happening::Inventory);
        self.read_credential(open, &Which { id: input.id })
    }

    pub(crate) fn duplicate_credential(
        &self,
        open: &Open,
        input: &Which,
    ) -> Result<CredentialView, UserError> {
        let vault = &open.vault;
        let (before, facts) = whole(vault, input.id)?;
        let key_id = key_id_of(&before);
        let mut metadata = before.metadata;
        let room = Metadata::LONGEST_NAME - " copy".len();
        metadata.name = metadata.name.chars().take(room).chain(" copy".chars()).collect();
        let id = vault.add(&Addition {
            metadata,
            secrets: vault.open_values(input.id)?,
            key_id,
            facts,
            request: None,
            created: None,
            rotated: Some(before.row.rotated),
            older: Vec::new(),
        })?;
        self.tell(Happening::Inventory);
        self.read_credential(open, &Which { id })
    }

    pub(crate) fn change_many(
        &self,
        open: &Open,
        input: ManyChange,
    ) -> Result<Vec<Done>, UserError> {
        at_most(input.seen.len())?;
        let seen: Vec<Seen> = input.seen.iter().map(|one| (one.id, one.version)).collect();
        let done = open.vault.change_many(&seen, &many(input.change))?;
        self.tell(Happening::Inventory);
        Ok(answered(seen.into_iter().map(|(id, _)| id), done))
    }

    pub(crate) fn delete_credentials(
        &self,
        open: &Open,
        input: &Deletion,
    ) -> Result<Vec<Done>, UserError> {
        at_most(input.ids.len())?;
        let wanted = match input.ids.as_slice() {
            [one] => open.vault.credential(*one)?.0.metadata.name,
            many => many.len().to_string(),
        };
        if input.typed.trim() != wanted.trim() {
            return Err(UserError::new("KT-DELETE-MISTYPED", MessageKey::DeleteMistyped));
        }
        let done = open.vault.delete(&input.ids, "credential.deleted")?;
        self.tell(Happening::Inventory);
        Ok(answered(input.ids.iter().copied(), done))
    }
}

/// A credential that is to be written again, and what its value tells: refused where something of it cannot be
/// read, which would be lost.
pub(crate) fn whole(vault: &Vault, id: CredentialId) -> Result<(Credential, String), UserError> {
    let (credential, facts) = vault.credential(id)?;
    if credential.unread.is_empty() {
        Ok((credential, facts))
    } else {
        Err(UserError::unreadable(&credential.unread))
    }
}

/// How much there is to each secret field of the value in use; a value that cannot be opened says so
/// when somebody wants to see it.
fn measures(open: &Open, id: CredentialId) -> BTreeMap<String, Measure> {
    if open.check(Permission::UseSecrets).is_err() {
        return BTreeMap::new();
    }
    let values = open.vault.open_values(id).unwrap_or_default();
    // To measure it; the value itself stays here.
    let measured = values.iter().map(|(name, value)| (name, measure(value.expose_secret())));
    measured.filter_map(|(name, measure)| Some((name.clone(), measure?))).collect()
}

fn at_most(count: usize) -> Result<(), UserError> {
    if (1..=MOST_AT_ONCE).contains(&count) { Ok(()) } else { Err(UserError::input_refused()) }
}

/// What became of each: what it is called, and why it was not done.
fn answered(ids: impl Iterator<Item = CredentialId>, done: Vec<Outcome>) -> Vec<Done> {
    let each = |(id, (name, problem)): (CredentialId, Outcome)| Done {
        id: Some(id),
        name,
        problem: problem.map(UserError::from),
    };
    ids.zip(done).map(each).collect()
}

fn many(change: Change) -> Many {
    match change {
        Change::Archive => Many::Archive,
        Change::Restore => Many::Restore,
        Change::Pause => Many::Pause,
        Change::Resume => Many::Resume,
        Change::Policy { policy } => Many::Policy(policy),
        Change::Words { owner, environment, add, remove } => {
            Many::Words { owner, environment, add, remove }
        }
        Change::Risk { risk } => Many::Risk(risk),
    }
}

/// Secret fields as they were handed in, without what surrounds a pasted value by accident.
fn kept(secrets: Secrets) -> Kept {
    secrets.into_iter().map(|(name, value)| (name, value.0)).collect()
}

/// What is wrong with the fields of a credential, and what they tell.
pub(crate) fn weigh(
    kind: Kind,
    open_fields: &BTreeMap<String, String>,
    secrets: &[(String, SecretString)],
) -> (Vec<keyturn_kinds::Fault>, Facts) {
    let fields = of_kind(open_fields, secrets);
    (check(kind, &fields), facts(kind, &fields))
}

/// What a value tells that a run puts in force, as if a person had typed it.
pub(crate) fn told(
    kind: Kind,
    open_fields: &BTreeMap<String, String>,
    secrets: &[(String, SecretString)],
) -> Told {
    let facts = facts(kind, &of_kind(open_fields, secrets));
    Told { expires: facts.expires, facts: written(&facts) }
}

/// The fields that a kind has, without those of the person's own.
fn of_kind<'a>(
    open_fields: &'a BTreeMap<String, String>,
    secrets: &'a [(String, SecretString)],
) -> Fields<'a> {
    // To look at them; they stay where they are.
    let secrets = secrets.iter().map(|(name, value)| (name.as_str(), value.expose_secret()));
    let open_fields = open_fields.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    open_fields.chain(secrets).filter(|(name, _)| !name.starts_with(OWN_FIELD)).collect()
}

/// What is wrong beside the fields of the kind, with secrets of the person's own.
fn faults_beside(metadata: &Metadata, secrets: &[(String, SecretString)]) -> Vec<MetadataFault> {
    let mut faults = metadata.faults();
    // How long it is. An open field of the name would be taken for it.
    let own = |(name, value): &(String, SecretString)| {
        Metadata::is_own_sound(name, value.expose_secret()) && !metadata.fields.contains_key(name)
    };
    let sound = secrets.len() <= Metadata::MOST_PARTS && secrets.iter().all(own);
    if !sound && !faults.contains(&MetadataFault::OwnField) {
        faults.push(MetadataFault::OwnField);
    }
    faults
}

/// Facts as the vault keeps them.
pub(crate) fn written(facts: &Facts) -> String {
    serde_json::to_string(facts).unwrap_or_default()
}

/// By what the issuer knows a value whose metadata changed: where there is no field for it, the name that an
/// issuer gave stays.
pub(crate) fn key_id_after(kind: Kind, facts: &Facts, known: String) -> String {
    let typed = kind.field("keyId").is_some();
    let told = || facts.key_id.clone().unwrap_or_default();
    if typed || known.is_empty() { told() } else { known }
}

/// By what the issuer knows the value in use.
pub(crate) fn key_id_of(credential: &Credential) -> String {
    let current = credential.versions.iter().find(|version| version.stage == Stage::Current);
    current.map(|version| version.key_id.clone()).unwrap_or_default()
}

/// What is wrong, by the names of the fields, and what the values tell.
fn faults_of(metadata: &Metadata, values: &[(String, SecretString)]) -> (Vec<String>, Facts) {
    let (faults, facts) = weigh(metadata.kind, &metadata.fields, values);
    let mut what: Vec<String> = faults.into_iter().map(|fault| fault.field).collect();
    what.extend(faults_beside(metadata, values).iter().map(ToString::to_string));
    (what, facts)
}

/// What the values tell, if nothing is wrong with any of it. An expiry that stands in the value is
/// the one that counts.
fn sound(metadata: &mut Metadata, values: &[(String, SecretString)]) -> Result<Facts, UserError> {
    sound_but_for(&[], metadata, values)
}

/// The same, where these were wrong already.
fn sound_but_for(
    had: &[String],
    metadata: &mut Metadata,
    values: &[(String, SecretString)],
) -> Result<Facts, UserError> {
    let (mut what, facts) = faults_of(metadata, values);
    what.retain(|field| !had.contains(field));
    if !what.is_empty() {
        return Err(UserError::credential_refused(what.join(", ")));
    }
    metadata.expires = facts.expires.or(metadata.expires);
    Ok(facts)
}

pub(crate) fn addition(new: NewCredential) -> Result<Addition, UserError> {
    let mut metadata = new.metadata.tidied();
    let mut secrets = kept(new.secrets);
    // Whether anything is in it.
    secrets.retain(|(_, value)| !value.expose_secret().trim().is_empty());
    let facts = sound(&mut metadata, &secrets)?;
    if new.request.as_ref().is_some_and(|key| key.is_empty() || key.len() > LONGEST_REQUEST) {
        return Err(UserError::input_refused());
    }
    Ok(Addition {
        metadata,
        secrets,
        key_id: facts.key_id.clone().unwrap_or_default(),
        facts: written(&facts),
        request: new.request,
        created: None,
        rotated: None,
        older: Vec::new(),
    })
}

impl UserError {
    /// These parts of a credential cannot be read.
    pub(crate) fn unreadable(parts: &[String]) -> Self {
        Self::new("KT-CREDENTIAL-UNREADABLE", MessageKey::CredentialUnreadable)
            .with("what", parts.join(", "))
    }

    /// An error of a change of the credential called `name`.
    pub(crate) fn of_credential(name: &str) -> impl Fn(VaultError) -> Self + '_ {
        move |error| Self::from(error).with("name", name)
    }
}

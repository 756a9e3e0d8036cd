//! Which credential an entry of a file already is, and what it would become.

use std::collections::{HashMap, VecDeque, hash_map::Entry};

use keyturn_exchange::{Compared, Existing, Loss, Record, Why, compare};
use keyturn_model::{CredentialId, Metadata, Risk, Timestamp};
use keyturn_vault::Renewal;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    UserError,
    credentials::{key_id_after, key_id_of, weigh, written},
    records::{self, Arriving, Secrets},
    session::Open,
};

/// The most credentials of one name that an entry is compared with.
const MOST_NAMESAKES: usize = 50;

/// A credential that an entry is compared with.
struct Here {
    id: CredentialId,
    version: i64,
    rotated: Timestamp,
    metadata: Metadata,
    key_id: String,
    secrets: Secrets,
}

/// How an entry differs from what is here.
pub(crate) struct Changed {
    pub(crate) renewal: Renewal,
    pub(crate) fields: Vec<String>,
    pub(crate) lost: Vec<Loss>,
}

/// Finds for each entry the credential that it is, each once: several may have one name.
pub(crate) struct Counterparts<'a> {
    open: &'a Open,
    now: Timestamp,
    namesakes: HashMap<(String, String), VecDeque<CredentialId>>,
}

impl<'a> Counterparts<'a> {
    pub(crate) fn of(open: &'a Open, now: Timestamp) -> Self {
        Self { open, now, namesakes: HashMap::new() }
    }

    fn namesakes(&mut self, metadata: &Metadata) -> Result<&mut VecDeque<CredentialId>, UserError> {
        let Metadata { name, environment, .. } = metadata;
        let key = (name.to_ascii_lowercase(), environment.to_ascii_lowercase());
        Ok(match self.namesakes.entry(key) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                unknown.insert(self.open.vault.credentials_named(name, environment)?.into())
            }
        })
    }

    /// Whether the same is here; that one is then spoken for.
    pub(crate) fn same(&mut self, record: &Record, arriving: &Arriving) -> Result<bool, UserError> {
        let (open, now) = (self.open, self.now);
        let namesakes = self.namesakes(&arriving.addition.metadata)?;
        for at in 0..namesakes.len().min(MOST_NAMESAKES) {
            let Some(id) = namesakes.get(at) else { break };
            let here = Here::read(open, *id)?;
            let fields = as_here(record, &here, now).map(|(_, fields)| fields);
            if fields.is_some_and(|fields| fields.is_empty()) {
                namesakes.remove(at);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What becomes of the one that is here, if it can become that: of the same user before others.
    pub(crate) fn changed(
        &mut self,
        record: &Record,
        new: &Arriving,
    ) -> Result<Option<Changed>, UserError> {
        let (open, now) = (self.open, self.now);
        let namesakes = self.namesakes(&new.addition.metadata)?;
        let user = |metadata: &Metadata| records::content(metadata, &[]).user;
        let mut best: Option<(usize, Here)> = None;
        for at in 0..namesakes.len().min(MOST_NAMESAKES) {
            let Some(id) = namesakes.get(at) else { break };
            let here = Here::read(open, *id)?;
            let alike = user(&here.metadata) == user(&new.addition.metadata);
            if alike || best.is_none() {
                best = Some((at, here));
            }
            if alike {
                break;
            }
        }
        let Some((at, here)) = best else { return Ok(None) };
        let as_here = as_here(record, &here, now);
        let found = as_here.and_then(|(new, fields)| Some((renewal(&here, &new)?, new, fields)));
        let Some((renewal, new, fields)) = found else { return Ok(None) };
        namesakes.remove(at);
        // What is here becomes the version before; those in the file would have to come before it.
        let older =
            |older: &keyturn_vault::OlderValue| !records::same(&older.secrets, &here.secrets);
        let lost = new
            .addition
            .older
            .iter()
            .any(older)
            .then(|| Loss { field: "history".to_owned(), why: Why::NoPlace });
        Ok(Some(Changed { renewal, fields, lost: lost.into_iter().collect() }))
    }
}

impl Here {
    fn read(open: &Open, id: CredentialId) -> Result<Self, UserError> {
        let (credential, _) = open.vault.credential(id)?;
        Ok(Self {
            id,
            version: credential.row.version,
            rotated: credential.row.rotated,
            key_id: key_id_of(&credential),
            metadata: credential.metadata,
            secrets: open.vault.open_values(id)?,
        })
    }
}

/// An entry as the kind of what is here, and in which fields it differs from it.
fn as_here(record: &Record, here: &Here, now: Timestamp) -> Option<(Arriving, Vec<String>)> {
    let (new, _) = records::formed(record, here.metadata.kind, now)?;
    let there = records::record(&here.metadata, &here.secrets);
    let notes = there.content.notes.as_ref();
    let mut open: Vec<(&str, &str)> = Vec::new();
    for (name, text) in [
        ("user", there.content.user.as_deref()),
        ("address", there.content.address.as_deref()),
        ("owner", there.owner.as_deref()),
        // To compare them.
        ("notes", notes.map(ExposeSecret::expose_secret)),
    ] {
        open.extend(text.map(|text| (name, text)));
    }
    let fields = &there.content.fields;
    let seen = fields.iter().filter(|field| !field.text.is_secret());
    open.extend(seen.map(|field| (field.name.as_str(), field.text.expose())));
    let sealed = fields.iter().filter(|field| field.text.is_secret());
    let secret: Vec<&str> = sealed.map(|field| field.name.as_str()).collect();
    let value = |name: &str| -> Option<SecretString> {
        let field = fields.iter().find(|field| field.name == name && field.text.is_secret())?;
        // To compare it.
        Some(SecretString::from(field.text.expose()))
    };
    let (tags, expires) = (&there.content.tags, there.content.expires);
    let existing = Existing { open: &open, tags, expires, secret: &secret, value: &value };
    let said = records::record(&new.addition.metadata, &new.addition.secrets);
    match compare(&said, Some(&existing)) {
        Compared::Changed { fields } => Some((new, fields)),
        Compared::Same | Compared::New => Some((new, Vec::new())),
    }
}

/// What is here with what came in over it; nothing when the two make no sound credential.
fn renewal(here: &Here, new: &Arriving) -> Option<Renewal> {
    let (mut metadata, new) = (here.metadata.clone(), &new.addition);
    let mut secrets = here.secrets.clone();
    let mut sealed: Vec<&str> = Vec::new();
    for (name, text) in &new.metadata.fields {
        // What is sealed here stays sealed.
        match secrets.iter_mut().find(|(there, _)| there == name) {
            Some((_, value)) => {
                *value = SecretString::from(text.as_str());
                sealed.push(name);
            }
            None => drop(metadata.fields.insert(name.clone(), text.clone())),
        }
    }
    for (name, value) in &new.secrets {
        metadata.fields.remove(name);
        secrets.retain(|(there, _)| there != name);
        secrets.push((name.clone(), value.clone()));
        sealed.push(name);
    }
    for (there, said) in [
        (&mut metadata.owner, &new.metadata.owner),
        (&mut metadata.issuer, &new.metadata.issuer),
        (&mut metadata.description, &new.metadata.description),
        (&mut metadata.notes, &new.metadata.notes),
    ] {
        if !said.is_empty() {
            there.clone_from(said);
        }
    }
    if new.metadata.risk == Risk::High {
        metadata.risk = Risk::High;
    }
    metadata.tags.extend(new.metadata.tags.iter().cloned());
    let mut metadata = metadata.tidied();
    let (faults, facts) = weigh(metadata.kind, &metadata.fields, &secrets);
    if !faults.is_empty() || !metadata.faults().is_empty() {
        return None;
    }
    metadata.expires = facts.expires.or(new.metadata.expires).or(metadata.expires);
    let anew = !records::same(&secrets, &here.secrets);
    secrets.retain(|(name, _)| anew && sealed.contains(&name.as_str()));
    // Nobody knows another value by the name of the one in use.
    let known = if secrets.is_empty() { here.key_id.clone() } else { String::new() };
    Some(Renewal {
        id: here.id,
        version: here.version,
        key_id: key_id_after(metadata.kind, &facts, known),
        facts: written(&facts),
        metadata,
        secrets,
        rotated: new.rotated.filter(|at| *at > here.rotated),
    })
}

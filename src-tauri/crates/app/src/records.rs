//! From an entry of a file to a credential, and back.
//!
//! Nothing that an entry says disappears in silence: what has no field of the kind becomes a field
//! of its own, and what cannot be kept is named as lost. What the file calls secret stays sealed.

mod kept;

use std::collections::BTreeMap;

use keyturn_exchange::{Content, Field, Loss, Older, PASSWORD, Record, TOTP, Text, VALUE, Why};
use keyturn_kinds::{Fields, check, guess, recognise};
use keyturn_model::{
    Kind, Metadata, Name, NameError, OWN_FIELD, PolicyChoice, Risk, Shape, Timestamp,
};
use keyturn_vault::{Addition, OlderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::credentials::{weigh, written};

/// Secret fields as they are kept.
pub(crate) type Secrets = Vec<(String, SecretString)>;

/// The most characters of environment and owner.
const LONGEST_WORD: usize = 100;
/// The most characters of a tag.
const LONGEST_TAG: usize = 40;
/// The most characters of an own field's name; a number may come behind.
const LONGEST_FIELD: usize = 90;
/// A version is kept for its secrets alone.
const SAME_SECRETS: &str = "history: an entry with the same secrets";
/// What an entry is called that has no name.
const UNNAMED: &str = "Unnamed";
/// The own field that keeps what the value was called.
const VALUE_WAS: &str = "value was called";
/// 9999-12-31: what is later is a mistake, or meant to be one.
const LATEST: i64 = 253_402_300_799_000;

/// A credential that an entry makes.
pub(crate) struct Arriving {
    pub(crate) addition: Addition,
    pub(crate) lost: Vec<Loss>,
}

/// The credential that an entry makes; or what is lost when it makes none.
pub(crate) fn arriving(record: &Record, now: Timestamp) -> Result<Arriving, Loss> {
    let sound = |kind| formed(record, kind, now).filter(|(_, sound)| *sound);
    let found = kinds(record).into_iter().find_map(sound);
    let (mut arriving, _) =
        found.ok_or_else(|| Loss { field: name_of(&record.content), why: Why::NoPlace })?;
    let came = arriving.addition.metadata.kind;
    // It has not all that the kind needs which the file names.
    if record.kind.is_some_and(|named| named != came) {
        lose(&mut arriving.lost, "kind", Why::NoPlace);
    }
    Ok(arriving)
}

/// The same as a certain kind, whether or not it is a sound one; nothing when it has no value.
pub(crate) fn formed(record: &Record, kind: Kind, now: Timestamp) -> Option<(Arriving, bool)> {
    let mut lost = record.lost.clone();
    let Placed { mut metadata, secrets, .. } = place(record, &record.content, kind)?;
    let (faults, facts) = weigh(kind, &metadata.fields, &secrets);
    let sound = faults.is_empty() && metadata.faults().is_empty();
    metadata.expires = facts.expires.or(metadata.expires);
    let past = |at: Option<Timestamp>| at.filter(|at| (0..=now.0).contains(&at.0));
    let created = past(record.created);
    let mut rotated = past(record.changed).or(created);
    let mut older = history(record, &metadata, &mut lost);
    for value in &mut older {
        let at = value.created;
        value.created = past(at);
        if value.created != at {
            lose(&mut lost, "history: date", Why::NoPlace);
        }
    }
    // What changed last was something else: the value is in use since the version before.
    if let Some(last) = older.pop_if(|last| same(&last.secrets, &secrets)) {
        rotated = last.created.or(rotated);
        lose(&mut lost, SAME_SECRETS, Why::NoPlace);
    }
    let addition = Addition {
        key_id: facts.key_id.clone().unwrap_or_default(),
        facts: written(&facts),
        request: None,
        metadata,
        secrets,
        created,
        rotated,
        older,
    };
    kept::name_changes(record, &addition, &mut lost);
    Some((Arriving { addition, lost }, sound))
}

/// What an entry can be, the likeliest first.
fn kinds(record: &Record) -> Vec<Kind> {
    let content = &record.content;
    let user = content.user.as_deref();
    let guessed = match content.value() {
        None => None,
        // A seed alone is no password.
        Some(field) if field.name == TOTP => None,
        Some(_) if user.is_some() && content.field("engine").is_some() => Some(Kind::DatabaseLogin),
        // To guess what it is.
        Some(field) => guess(&content.name, user, field.text.expose()),
    };
    let login = guessed.filter(|_| user.is_some()).map(|_| Kind::Login);
    let mut kinds: Vec<Kind> = record.kind.or(guessed).into_iter().chain(login).collect();
    kinds.push(Kind::Secret);
    kinds.dedup();
    kinds
}

/// What an entry said before, without what says the same as the one before it.
fn history(record: &Record, now: &Metadata, lost: &mut Vec<Loss>) -> Vec<OlderValue> {
    let mut all: Vec<OlderValue> = Vec::new();
    for Older { at, content } in &record.history {
        let Some(Placed { metadata, secrets, .. }) = place(record, content, now.kind) else {
            lose(lost, "history: an entry", Why::NoPlace);
            continue;
        };
        for field in kept::differing(&metadata, now) {
            lose(lost, &format!("history: {field}"), Why::NoPlace);
        }
        if all.last().is_some_and(|last| same(&last.secrets, &secrets)) {
            lose(lost, SAME_SECRETS, Why::NoPlace);
        } else {
            all.push(OlderValue { created: *at, key_id: String::new(), secrets });
        }
    }
    all
}

/// Whether two values have the same secret fields.
pub(crate) fn same(one: &[(String, SecretString)], other: &[(String, SecretString)]) -> bool {
    let sorted = |secrets: &[(String, SecretString)]| -> BTreeMap<String, SecretString> {
        secrets.iter().cloned().collect()
    };
    let (one, other) = (sorted(one), sorted(other));
    // To compare them.
    let equal = |(name, value): (&String, &SecretString)| {
        other.get(name).is_some_and(|there| there.expose_secret() == value.expose_secret())
    };
    one.len() == other.len() && one.iter().all(equal)
}

fn lose(lost: &mut Vec<Loss>, field: &str, why: Why) {
    let loss = Loss { field: field.to_owned(), why };
    if !lost.contains(&loss) {
        lost.push(loss);
    }
}

/// Text in one line, not longer than `most`.
fn line(text: &str, most: usize) -> String {
    let blank = |c: char| if c.is_whitespace() { ' ' } else { c };
    let seen: String = text.chars().map(blank).filter(is_seen).collect();
    let cut: String = seen.trim().chars().take(most).collect();
    cut.trim().to_owned()
}

fn is_seen(c: &char) -> bool {
    Name::new(c.encode_utf8(&mut [0; 4])) != Err(NameError::Unseen)
}

fn name_of(content: &Content) -> String {
    let name = line(&content.name, Metadata::LONGEST_NAME);
    if name.is_empty() { UNNAMED.to_owned() } else { name }
}

/// A tag has no blanks.
fn slug(text: &str) -> String {
    let text = line(text.trim().trim_start_matches('#'), usize::MAX);
    let parts = text.split([' ', ',', '"']).filter(|part| !part.is_empty());
    line(&parts.collect::<Vec<_>>().join("-"), LONGEST_TAG)
}

/// The open field of a kind that says whose it is.
fn user_field(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Login | Kind::DatabaseLogin | Kind::SshKey => Some("user"),
        Kind::OauthClient => Some("clientId"),
        Kind::CloudKey => Some("keyId"),
        _ => None,
    }
}

/// The open field of a kind that says where it is used.
fn address_field(kind: Kind) -> Option<&'static str> {
    kind.fields().iter().find(|field| field.shape == Shape::Address).map(|field| field.name)
}

/// Whether an address has a password in it.
fn holds_login(address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().is_some_and(|host| host.contains('@'))
}

/// An entry's texts at their places.
struct Placed {
    metadata: Metadata,
    secrets: Secrets,
    /// Whether the file itself says what kind it is: then it names the fields as we do.
    named: bool,
}

fn place(record: &Record, content: &Content, kind: Kind) -> Option<Placed> {
    let metadata = known(record, content, kind);
    let named = record.kind == Some(kind);
    let mut placed = Placed { metadata, secrets: Vec::new(), named };
    let main = content.value();
    match (main, &content.notes) {
        (Some(field), _) => placed.value(field)?,
        // A note that somebody kept among secrets is one.
        (None, Some(notes)) if kind == Kind::Secret => {
            placed.secrets.push((kind.value().to_owned(), notes.clone()));
            placed.metadata.notes.clear();
        }
        _ => return None,
    }
    if let Some(user) = &content.user {
        let at_home = user_field(kind).is_some_and(|field| placed.put(field, user, false));
        if !at_home {
            placed.own("user", user, false);
        }
    }
    if let Some(address) = &content.address {
        placed.address(address);
    }
    for field in &content.fields {
        if main.is_none_or(|main| !std::ptr::eq(main, field)) {
            placed.field(field);
        }
    }
    placed.complete(content);
    placed.metadata = placed.metadata.tidied();
    Some(placed)
}

/// What is known of it beside its fields.
fn known(record: &Record, content: &Content, kind: Kind) -> Metadata {
    let word = |text: &Option<String>| line(text.as_deref().unwrap_or_default(), LONGEST_WORD);
    // An earlier version lay where the entry lies.
    let said = || said_in(content).or_else(|| said_in(&record.content));
    let environment = word(&record.environment.clone().or_else(said));
    let said = |group: &&String| !group.trim().eq_ignore_ascii_case(&environment);
    let tags = content.tags.iter().chain(record.group.iter().filter(said));
    let tags = tags.map(|text| slug(text)).collect();
    // They go where notes are kept, inside the vault.
    let notes = content.notes.as_ref().map(|notes| notes.expose_secret()).unwrap_or_default();
    let fits = notes.len() <= Metadata::LONGEST_TEXT;
    Metadata {
        name: name_of(content),
        kind,
        environment,
        tags,
        owner: word(&record.owner),
        issuer: String::new(),
        risk: Risk::Standard,
        description: String::new(),
        notes: if fits { notes.to_owned() } else { String::new() },
        fields: BTreeMap::new(),
        expires: content.expires.filter(|at| (0..=LATEST).contains(&at.0)),
        policy: PolicyChoice::Usual,
    }
}

/// The environment that an open field of this name says.
fn said_in(content: &Content) -> Option<String> {
    let named = |field: &&Field| field.name.eq_ignore_ascii_case("environment");
    let field = content.fields.iter().find(named).filter(|field| !field.text.is_secret())?;
    let text = field.text.expose();
    (line(text, LONGEST_WORD) == text).then(|| text.to_owned())
}

impl Placed {
    /// The secret that the entry is about.
    fn value(&mut self, field: &Field) -> Option<()> {
        let kind = self.metadata.kind;
        // To place it.
        let text = field.text.expose();
        let database = (kind == Kind::DatabaseLogin).then(|| database(text)).flatten();
        match database {
            Some((parts, true)) => {
                // Into the fields of the login.
                let all =
                    parts.iter().all(|(name, part)| self.put(name, part.expose_secret(), false));
                (all && !self.secrets.is_empty()).then_some(())
            }
            // Parts of the address would be lost.
            Some((_, false)) => None,
            None => {
                self.secrets.push((kind.value().to_owned(), SecretString::from(text)));
                let usual = [PASSWORD, VALUE, kind.value()].contains(&field.name.as_str());
                if !usual {
                    self.own(VALUE_WAS, &field.name, false);
                }
                Some(())
            }
        }
    }

    fn address(&mut self, address: &str) {
        let kind = self.metadata.kind;
        if address_field(kind).is_some_and(|field| self.put(field, address, false)) {
            return;
        }
        if kind == Kind::DatabaseLogin {
            if let Some((parts, whole)) = database(address).filter(|_| !holds_login(address)) {
                // Nothing in them is secret: there is no login.
                let put =
                    parts.iter().all(|(name, part)| self.put(name, part.expose_secret(), false));
                if put && whole {
                    return;
                }
            } else if self.host(address) {
                return;
            }
        }
        self.own("address", address, holds_login(address));
    }

    /// A host, perhaps with its port.
    fn host(&mut self, address: &str) -> bool {
        if self.put("host", address, false) {
            return true;
        }
        let parts = address.rsplit_once(':').filter(|(_, port)| self.fits("port", port));
        parts.is_some_and(|(host, port)| {
            self.put("host", host, false) && self.put("port", port, false)
        })
    }

    fn field(&mut self, field: &Field) {
        // To place it; it stays sealed where it is secret.
        let (text, secret) = (field.text.expose(), field.text.is_secret());
        let letters = |name: &str| -> String {
            name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
        };
        let alike = |known: &&keyturn_model::Field| {
            known.name == field.name || (!self.named && letters(known.name) == letters(&field.name))
        };
        let known = self.metadata.kind.fields().iter().find(alike).map(|known| known.name);
        let at_home = known.is_some_and(|name| self.put(name, text, secret));
        let may_be_seen = self.named || !secret;
        if at_home || (may_be_seen && self.word(&field.name, text)) {
            return;
        }
        self.own(&field.name, text, secret);
    }

    /// A text that every credential has a place for.
    fn word(&mut self, name: &str, text: &str) -> bool {
        let metadata = &mut self.metadata;
        let one_line = line(text, LONGEST_WORD) == text;
        let place = match name.to_lowercase().as_str() {
            "environment" if one_line => &mut metadata.environment,
            "issuer" if one_line => &mut metadata.issuer,
            "description" if text.len() <= Metadata::LONGEST_TEXT => &mut metadata.description,
            "risk" if text == "high" => {
                metadata.risk = Risk::High;
                return true;
            }
            _ => return false,
        };
        if place.is_empty() {
            text.trim().clone_into(place);
        }
        place.eq_ignore_ascii_case(text.trim())
    }

    /// Puts a text into a field of the kind, if it fits there and the field is free.
    fn put(&mut self, name: &str, text: &str, secret: bool) -> bool {
        let Some(field) = self.metadata.kind.field(name) else { return false };
        let taken = self.secrets.iter().any(|(taken, _)| taken == name);
        if let Some(there) = self.metadata.fields.get(name) {
            return there == text;
        }
        if taken || (secret && !field.secret && !self.named) || !self.fits(name, text) {
            return false;
        }
        if field.secret {
            self.secrets.push((name.to_owned(), SecretString::from(text)));
        } else {
            self.metadata.fields.insert(name.to_owned(), text.to_owned());
        }
        true
    }

    fn fits(&self, name: &str, text: &str) -> bool {
        let alone: Fields<'_> = [(name, text)].into_iter().collect();
        check(self.metadata.kind, &alone).iter().all(|fault| fault.field != name)
    }

    /// Puts a text into a field of its own.
    fn own(&mut self, name: &str, text: &str, secret: bool) {
        if text.is_empty() {
            return;
        }
        let label = line(name, LONGEST_FIELD);
        let label = if label.is_empty() { "field" } else { &label };
        let taken = |name: &String| {
            self.metadata.fields.contains_key(name) || self.secrets.iter().any(|(n, _)| n == name)
        };
        let mut name = format!("{OWN_FIELD}{label}");
        for number in 2.. {
            if !taken(&name) {
                break;
            }
            name = format!("{OWN_FIELD}{label} ({number})");
        }
        if secret {
            self.secrets.push((name, SecretString::from(text)));
        } else {
            self.metadata.fields.insert(name, text.to_owned());
        }
    }

    /// Fills in what the kind needs and the value or the user tell.
    fn complete(&mut self, content: &Content) {
        let kind = self.metadata.kind;
        let missing = |placed: &Self| {
            let open = kind.fields().iter().filter(|field| field.needed && !field.secret);
            open.filter(|field| !placed.metadata.fields.contains_key(field.name)).count() > 0
        };
        if !missing(self) {
            return;
        }
        // To recognise it.
        let value = content.value().map(|field| field.text.expose());
        for text in [value, content.user.as_deref()].into_iter().flatten() {
            let Some(found) = recognise(text).filter(|found| found.kind == kind) else { continue };
            for (name, text) in &found.fields {
                if kind.field(name).is_some_and(|field| field.needed && !field.secret) {
                    // It is one of the fields that may be seen.
                    self.put(name, text.expose_secret(), false);
                }
            }
        }
    }
}

/// The parts of a database's address, and whether nothing else stands in it.
fn database(address: &str) -> Option<(Vec<(&'static str, SecretString)>, bool)> {
    let found = recognise(address).filter(|found| found.kind == Kind::DatabaseLogin)?;
    // Which program it is, by its scheme.
    let other =
        |(name, text): &(&str, SecretString)| *name == "engine" && text.expose_secret() == "other";
    let whole = !address.contains(['?', ',', '#']) && !found.fields.iter().any(other);
    Some((found.fields, whole))
}

/// A credential as an entry of a file: what it says now, or said with other secrets.
pub(crate) fn content(metadata: &Metadata, secrets: &[(String, SecretString)]) -> Content {
    let kind = metadata.kind;
    let value = if kind.value() == PASSWORD { PASSWORD } else { VALUE };
    let (user, address) = (user_field(kind), address_field(kind));
    let open = |name: &str| metadata.fields.get(name).cloned();
    let mut content = Content {
        name: metadata.name.clone(),
        user: user.and_then(open),
        address: address.and_then(open),
        notes: some(&metadata.notes).map(SecretString::from),
        tags: metadata.tags.clone(),
        expires: metadata.expires,
        fields: Vec::new(),
    };
    let main = secrets.iter().filter(|(name, _)| name == kind.value());
    let others = secrets.iter().filter(|(name, _)| name != kind.value());
    let field = |name: &str, text: Text| Field { name: name.to_owned(), text };
    // They go where secrets go.
    content.fields.extend(main.map(|(_, text)| field(value, Text::secret(text.expose_secret()))));
    let risk = if metadata.risk == Risk::High { "high" } else { "" };
    let words = [
        ("issuer", metadata.issuer.as_str()),
        ("description", &metadata.description),
        ("risk", risk),
    ];
    let words = words.into_iter().filter(|(_, text)| !text.is_empty());
    content.fields.extend(words.map(|(name, text)| field(name, Text::open(text))));
    // Whoever reads the file takes what comes first for the kind's.
    for owned in [false, true] {
        let part = |name: &str| name.starts_with(OWN_FIELD) == owned;
        for (name, text) in metadata.fields.iter().filter(|(name, _)| part(name)) {
            match name.strip_prefix(OWN_FIELD).unwrap_or(name) {
                name if !owned && [user, address].contains(&Some(name)) => {}
                "user" if content.user.is_none() => content.user = Some(text.clone()),
                "address" if content.address.is_none() => content.address = Some(text.clone()),
                name => content.fields.push(field(name, Text::open(text.as_str()))),
            }
        }
        for (name, text) in others.clone().filter(|(name, _)| part(name)) {
            let name = name.strip_prefix(OWN_FIELD).unwrap_or(name);
            // They go where secrets go.
            content.fields.push(field(name, Text::secret(text.expose_secret())));
        }
    }
    content
}

/// The same with what a record says beside it.
pub(crate) fn record(metadata: &Metadata, secrets: &[(String, SecretString)]) -> Record {
    Record {
        kind: Some(metadata.kind),
        environment: some(&metadata.environment),
        owner: some(&metadata.owner),
        content: content(metadata, secrets),
        ..Record::default()
    }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

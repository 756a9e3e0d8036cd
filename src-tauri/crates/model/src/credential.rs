//! A credential's record: everything that is known of it but its values.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use ts_rs::TS;

use crate::{CredentialId, Kind, Name, Policy, PolicyId, Risk, SavedViewId, Since, Timestamp};

const DAY_S: i64 = 24 * 60 * 60;

/// The names of fields that the kind does not know begin with it.
pub const OWN_FIELD: char = '+';

/// How a value of a credential stands to the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// Made, and in use nowhere yet.
    Pending,
    /// In use.
    Current,
    /// In use until lately; it may still work.
    Previous,
    /// It works no more, or is not meant to.
    Retired,
}

/// What needs doing about a credential, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Somebody else may have it.
    Compromised,
    /// It is accepted no more.
    Expired,
    /// Its last rotation went wrong.
    Failed,
    /// It should have been replaced.
    Overdue,
    /// Within a day.
    DueNow,
    /// It is being replaced.
    Rotating,
    /// It was replaced, and the old value works until the grace period ends.
    InGrace,
    /// Nothing happens by itself; somebody said so.
    Paused,
    /// Within the warning period.
    DueSoon,
    /// Nothing says when it is to be replaced.
    NoPolicy,
    /// Nothing.
    Healthy,
    /// It was put away.
    Archived,
}

/// The dates and marks that decide on a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dates {
    /// When it was put away.
    pub archived: Option<Timestamp>,
    /// Whether somebody else may have it.
    pub compromised: bool,
    /// When it expires by itself.
    pub expires: Option<Timestamp>,
    /// When it is to be replaced.
    pub rotates: Option<Timestamp>,
    /// From when on it is due soon.
    pub soon: Option<Timestamp>,
    /// Whether nothing is to happen by itself.
    pub paused: bool,
    /// Whether nothing says when it is to be replaced.
    pub without_policy: bool,
    /// What its open rotation makes of it, or its last one when that went wrong.
    pub rotation: Option<Status>,
}

impl Status {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 12] = [
        Self::Compromised,
        Self::Expired,
        Self::Failed,
        Self::Overdue,
        Self::DueNow,
        Self::Rotating,
        Self::InGrace,
        Self::Paused,
        Self::DueSoon,
        Self::NoPolicy,
        Self::Healthy,
        Self::Archived,
    ];

    /// Those that somebody has to look after now.
    pub const ATTENTION: [Self; 5] =
        [Self::Compromised, Self::Expired, Self::Failed, Self::Overdue, Self::DueNow];

    /// What those dates mean at `now`. A rotation goes before the dates that it is there for.
    #[must_use]
    pub fn of(dates: &Dates, now: Timestamp) -> Self {
        let reached = |at: Option<Timestamp>, ahead_s| {
            at.is_some_and(|at| at.0 <= now.plus_seconds(ahead_s).0)
        };
        if dates.archived.is_some() {
            Self::Archived
        } else if dates.compromised {
            Self::Compromised
        } else if reached(dates.expires, 0) {
            Self::Expired
        } else if let Some(status) = dates.rotation {
            status
        } else if reached(dates.rotates, 0) {
            Self::Overdue
        } else if reached(dates.expires, DAY_S) || reached(dates.rotates, DAY_S) {
            Self::DueNow
        } else if dates.paused {
            Self::Paused
        } else if reached(dates.soon, 0) {
            Self::DueSoon
        } else if dates.without_policy {
            Self::NoPolicy
        } else {
            Self::Healthy
        }
    }
}

/// Which policy a credential follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, TS)]
#[ts(type = "'none' | 'usual' | (string & {})")]
pub enum PolicyChoice {
    /// None.
    None,
    /// The usual one for its kind and risk.
    Usual,
    /// One of the vault's own.
    Own(PolicyId),
}

impl fmt::Display for PolicyChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Usual => f.write_str("usual"),
            Self::Own(id) => fmt::Display::fmt(id, f),
        }
    }
}

impl FromStr for PolicyChoice {
    type Err = <PolicyId as FromStr>::Err;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "none" => Ok(Self::None),
            "usual" => Ok(Self::Usual),
            id => id.parse().map(Self::Own),
        }
    }
}

impl Serialize for PolicyChoice {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PolicyChoice {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(from)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// What is known of a credential and can be edited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// What people call it.
    pub name: String,
    /// What it is. It stays what it is once it was added.
    pub kind: Kind,
    /// Where it is used: `prod`; empty when nobody said.
    pub environment: String,
    /// Words that it is found by, without blanks.
    pub tags: Vec<String>,
    /// Who answers for it.
    pub owner: String,
    /// Who made it and can revoke it.
    pub issuer: String,
    /// What its loss would mean.
    pub risk: Risk,
    /// What it is for.
    pub description: String,
    /// Remarks; never a secret.
    pub notes: String,
    /// The fields of its kind that may be seen, and its own ones, whose names begin with `+`.
    pub fields: BTreeMap<String, String>,
    /// When it expires by itself.
    pub expires: Option<Timestamp>,
    /// Which policy it follows.
    pub policy: PolicyChoice,
}

/// What is wrong with metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error, TS)]
#[serde(rename_all = "camelCase")]
pub enum MetadataFault {
    /// Empty, too long, or with characters that cannot be seen.
    #[error("the name cannot be one")]
    Name,
    /// It is not one line, or too long.
    #[error("the environment is too long or not one line")]
    Environment,
    /// It is not one line, or too long.
    #[error("the owner is too long or not one line")]
    Owner,
    /// It is not one line, or too long.
    #[error("the issuer is too long or not one line")]
    Issuer,
    /// One has blanks or commas, or is too long, or there are too many.
    #[error("the tags cannot be ones")]
    Tags,
    /// It is too long.
    #[error("the description is too long")]
    Description,
    /// They are too long.
    #[error("the notes are too long")]
    Notes,
    /// An own field has no name, too long a one, or too much in it, or there are too many.
    #[error("an own field cannot be one")]
    OwnField,
}

impl Metadata {
    /// The most characters of a name.
    pub const LONGEST_NAME: usize = 200;
    /// The most characters of environment, owner, issuer, and of the name of an own field.
    pub const LONGEST_WORD: usize = 100;
    /// The most characters of a tag.
    pub const LONGEST_TAG: usize = 40;
    /// The most bytes of description, notes and each own field.
    pub const LONGEST_TEXT: usize = 256 * 1024;
    /// The most fields and tags, each.
    pub const MOST_PARTS: usize = 1000;

    /// The same without blanks around and tags named twice.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        for text in [
            &mut self.name,
            &mut self.environment,
            &mut self.owner,
            &mut self.issuer,
            &mut self.description,
        ] {
            *text = text.trim().to_owned();
        }
        let mut tags: Vec<String> = Vec::new();
        for tag in self.tags {
            let tag = tag.trim().trim_start_matches('#').to_owned();
            if !tag.is_empty() && !tags.iter().any(|t| t.eq_ignore_ascii_case(&tag)) {
                tags.push(tag);
            }
        }
        self.tags = tags;
        self.fields.retain(|_, text| !text.trim().is_empty());
        self
    }

    /// What is wrong with it; the fields of the kind are checked elsewhere.
    #[must_use]
    pub fn faults(&self) -> Vec<MetadataFault> {
        let word = |text: &str| is_line(text, Self::LONGEST_WORD);
        let tag = |tag: &String| is_line(tag, Self::LONGEST_TAG) && !tag.contains([' ', ',', '"']);
        let text = |text: &str| text.len() <= Self::LONGEST_TEXT;
        let named = !self.name.is_empty() && is_line(&self.name, Self::LONGEST_NAME);
        let own = self.fields.iter().all(|(name, text)| Self::is_own_sound(name, text));
        let sound = [
            (MetadataFault::Name, named),
            (MetadataFault::Environment, word(&self.environment)),
            (MetadataFault::Owner, word(&self.owner)),
            (MetadataFault::Issuer, word(&self.issuer)),
            (MetadataFault::Tags, self.tags.len() <= Self::MOST_PARTS && self.tags.iter().all(tag)),
            (MetadataFault::Description, text(&self.description)),
            (MetadataFault::Notes, text(&self.notes)),
            (MetadataFault::OwnField, self.fields.len() <= Self::MOST_PARTS && own),
        ];
        sound.into_iter().filter(|(_, sound)| !sound).map(|(fault, _)| fault).collect()
    }

    /// Whether a field can be kept, if it is one of the person's own: those of the kind are checked elsewhere.
    #[must_use]
    pub fn is_own_sound(field: &str, text: &str) -> bool {
        field.strip_prefix(OWN_FIELD).is_none_or(|name| {
            let named = !name.is_empty() && is_line(name, Self::LONGEST_WORD);
            named && text.len() <= Self::LONGEST_TEXT
        })
    }
}

fn is_line(text: &str, most: usize) -> bool {
    text.chars().count() <= most && !text.chars().any(Name::is_unseen)
}

/// When a credential is to be replaced, by its policy and its own expiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Schedule {
    /// When it is to be replaced.
    pub rotates: Option<Timestamp>,
    /// The earlier of that and its expiry.
    pub due: Option<Timestamp>,
    /// From when on it is due soon.
    pub soon: Option<Timestamp>,
}

impl Schedule {
    /// What `policy` says of it.
    #[must_use]
    pub fn of(policy: Option<&Policy>, since: Since, now: Timestamp) -> Self {
        let rotates = policy.and_then(|policy| policy.next_dates(since, now, 1).first().copied());
        let due = rotates.into_iter().chain(since.expires).min();
        let warning = policy.map_or(7, |policy| policy.warning_days);
        let soon = due.map(|due| due.plus_seconds(-i64::from(warning) * DAY_S));
        Self { rotates, due, soon }
    }
}

/// A credential in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// The credential.
    #[ts(type = "string")]
    pub id: CredentialId,
    /// Its version, compared when it is changed.
    #[ts(type = "number")]
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Where it is used.
    pub environment: String,
    /// Who answers for it.
    pub owner: String,
    /// Who made it.
    pub issuer: String,
    /// What its loss would mean.
    pub risk: Risk,
    /// Words that it is found by.
    pub tags: Vec<String>,
    /// What needs doing.
    pub status: Status,
    /// When it is to be replaced, or expires: the earlier.
    pub due: Option<Timestamp>,
    /// When it expires by itself.
    pub expires: Option<Timestamp>,
    /// When its value came in or was last replaced.
    pub rotated: Timestamp,
    /// When anything of it was last changed.
    pub changed: Timestamp,
    /// Whether nothing is to happen by itself.
    pub paused: bool,
    /// When it was put away.
    pub archived: Option<Timestamp>,
    /// Which policy it follows.
    pub policy: PolicyChoice,
    /// How many consumers use it.
    pub uses: u32,
    /// How many of them have to be restarted for a new value.
    pub restarts: u32,
    /// Whether something of it cannot be read.
    pub unread: bool,
}

/// How often something was done with a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Counters {
    /// Its value was shown.
    #[ts(type = "number")]
    pub reveals: i64,
    /// Its value was copied.
    #[ts(type = "number")]
    pub copies: i64,
    /// Its value was replaced.
    #[ts(type = "number")]
    pub rotations: i64,
    /// Its token was refreshed.
    #[ts(type = "number")]
    pub refreshes: i64,
    /// A replacement failed.
    #[ts(type = "number")]
    pub failures: i64,
}

/// One value of a credential, without the value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    /// Its number, from 1.
    #[ts(type = "number")]
    pub number: i64,
    /// How it stands to the others.
    pub stage: Stage,
    /// By what the issuer knows it.
    pub key_id: String,
    /// When it came in.
    pub created: Timestamp,
    /// Who brought it.
    pub by: String,
    /// When it was retired.
    pub retired: Option<Timestamp>,
    /// The names of the secret fields that it has.
    pub fields: Vec<String>,
}

/// Everything that is known of one credential but its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Credential {
    /// What a list shows of it.
    pub row: Row,
    /// What can be edited.
    pub metadata: Metadata,
    /// What of it cannot be read, by name: it is left as it is, and the rest cannot be changed.
    pub unread: Vec<String>,
    /// When it is to be replaced by its policy.
    pub rotates: Option<Timestamp>,
    /// For which time of its calendar it was replaced already.
    #[serde(skip)]
    pub done: Option<Timestamp>,
    /// When it was made.
    pub created: Timestamp,
    /// When its value was last tried.
    pub verified: Option<Timestamp>,
    /// When it was last used, where the issuer can tell.
    pub used: Option<Timestamp>,
    /// How often what was done.
    pub counters: Counters,
    /// Its values, the newest first.
    pub versions: Vec<Version>,
}

/// A question to the inventory that somebody kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SavedView {
    /// Which.
    #[ts(type = "string")]
    pub id: SavedViewId,
    /// What people call it.
    pub name: String,
    /// What is asked, as it was typed.
    pub query: String,
    /// In which order.
    pub ordering: crate::Ordering,
    /// Which columns are not shown; nothing where nobody said.
    pub hidden: Option<Vec<crate::Column>>,
}

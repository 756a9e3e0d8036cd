//! Names for machines: 16 bytes, ordered by the time they were made.

use std::{fmt, hash, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use uuid::{Builder, Uuid};

use crate::{Entropy, Timestamp};

/// The id of one `T`, so that the id of a member is never taken for that of a credential.
pub struct Id<T>(Uuid, PhantomData<fn() -> T>);

/// Marks ids of vaults.
#[derive(Debug)]
pub enum Vault {}
/// Marks ids of members.
#[derive(Debug)]
pub enum Member {}
/// Marks ids of credentials.
#[derive(Debug)]
pub enum Credential {}
/// Marks ids of policies.
#[derive(Debug)]
pub enum Policy {}
/// Marks ids of saved views.
#[derive(Debug)]
pub enum SavedView {}

/// Marks ids of runs.
#[derive(Debug)]
pub enum Run {}
/// Marks ids of bindings.
#[derive(Debug)]
pub enum Binding {}
/// Marks ids of issuer accounts.
#[derive(Debug)]
pub enum Account {}

/// Marks ids of consumers.
#[derive(Debug)]
pub enum Consumer {}

/// Marks ids of channels.
#[derive(Debug)]
pub enum Channel {}

/// Marks ids of incidents.
#[derive(Debug)]
pub enum Incident {}

/// Marks ids of mutes.
#[derive(Debug)]
pub enum Mute {}

/// The id of a vault.
pub type VaultId = Id<Vault>;
/// The id of a member.
pub type MemberId = Id<Member>;
/// The id of a credential.
pub type CredentialId = Id<Credential>;
/// The id of a consumer.
pub type ConsumerId = Id<Consumer>;
/// The id of a policy of the vault's own.
pub type PolicyId = Id<Policy>;
/// The id of a saved view.
pub type SavedViewId = Id<SavedView>;
/// The id of a run.
pub type RunId = Id<Run>;
/// The id of a binding: one consumer that uses one credential.
pub type BindingId = Id<Binding>;
/// The id of an issuer account.
pub type AccountId = Id<Account>;
/// The id of an incident.
pub type IncidentId = Id<Incident>;
/// The id of a channel.
pub type ChannelId = Id<Channel>;
/// The id of a mute.
pub type MuteId = Id<Mute>;

impl<T> Id<T> {
    /// A new one, made at `now` (UUID, version 7).
    #[must_use]
    pub fn new(now: Timestamp, entropy: &dyn Entropy) -> Self {
        let mut random = [0; 10];
        entropy.fill(&mut random);
        let millis = u64::try_from(now.0).unwrap_or_default();
        Self(Builder::from_unix_timestamp_millis(millis, &random).into_uuid(), PhantomData)
    }

    /// The one with these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes), PhantomData)
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> hash::Hash for Id<T> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
impl<T> FromStr for Id<T> {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(|id| Self(id, PhantomData))
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(from)?;
        text.parse().map_err(D::Error::custom)
    }
}

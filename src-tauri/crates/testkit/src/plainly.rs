//! Credentials in few words, for tests that need some and do not care which.

use std::collections::BTreeMap;

use keyturn_model::{CredentialId, Kind, Metadata, Ordering, PolicyChoice, Query, Risk, Row};
use keyturn_vault::{Addition, Taken, Vault, VaultError};
use secrecy::{ExposeSecret, SecretSlice, SecretString};

/// What is known of a credential of which nothing is known but its name.
#[must_use]
pub fn metadata(name: &str) -> Metadata {
    Metadata {
        name: name.to_owned(),
        kind: Kind::Secret,
        environment: String::new(),
        tags: Vec::new(),
        owner: String::new(),
        issuer: String::new(),
        risk: Risk::Standard,
        description: String::new(),
        notes: String::new(),
        fields: BTreeMap::new(),
        expires: None,
        policy: PolicyChoice::None,
    }
}

/// A credential with one value, to be added.
#[must_use]
pub fn addition(metadata: Metadata, value: &str) -> Addition {
    let field = metadata.kind.value().to_owned();
    Addition {
        metadata,
        secrets: vec![(field, SecretString::from(value))],
        key_id: String::new(),
        facts: "{}".to_owned(),
        request: None,
        created: None,
        rotated: None,
        older: Vec::new(),
    }
}

/// A vault's inventory in few words.
pub trait Plainly {
    /// Adds a generic secret.
    ///
    /// # Errors
    /// Those of the vault.
    fn add_credential(&self, name: &str, value: &[u8]) -> Result<CredentialId, VaultError>;

    /// Gives it another name.
    ///
    /// # Errors
    /// Those of the vault.
    fn rename_credential(
        &self,
        id: CredentialId,
        name: &str,
        version: i64,
    ) -> Result<(), VaultError>;

    /// The first rows of the list.
    ///
    /// # Errors
    /// Those of the vault.
    fn first_credentials(&self, most: u32) -> Result<Vec<Row>, VaultError>;

    /// How many there are.
    ///
    /// # Errors
    /// Those of the vault.
    fn count_credentials(&self) -> Result<u64, VaultError>;

    /// Reveals the value of a generic secret.
    ///
    /// # Errors
    /// Those of the vault.
    fn use_value(&self, id: CredentialId) -> Result<SecretSlice<u8>, VaultError>;
}

impl Plainly for Vault {
    fn add_credential(&self, name: &str, value: &[u8]) -> Result<CredentialId, VaultError> {
        self.add(&addition(metadata(name), &String::from_utf8_lossy(value)))
    }

    fn rename_credential(
        &self,
        id: CredentialId,
        name: &str,
        version: i64,
    ) -> Result<(), VaultError> {
        let metadata = Metadata { name: name.to_owned(), ..self.credential(id)?.0.metadata };
        self.change(id, version, &metadata, "", "{}")
    }

    fn first_credentials(&self, most: u32) -> Result<Vec<Row>, VaultError> {
        Ok(self.list(&Query::default(), Ordering::default(), 0, most)?.rows)
    }

    fn count_credentials(&self) -> Result<u64, VaultError> {
        Ok(self.counts()?.all.into())
    }

    fn use_value(&self, id: CredentialId) -> Result<SecretSlice<u8>, VaultError> {
        let value = self.take_value(id, None, Kind::Secret.value(), Taken::Revealed)?;
        Ok(SecretSlice::from(value.expose_secret().as_bytes().to_vec()))
    }
}

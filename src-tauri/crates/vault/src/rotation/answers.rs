//! Answers of issuers in which no value was found: they lie in the inbox, sealed, until a person reads them.

use keyturn_model::RunId;
use secrecy::{ExposeSecret, SecretString};

use super::inbox::{Inbox, MOST_UNREADABLE};
use crate::{
    VaultError, audit::Draft, error::Result, inventory::Taken, keys::InboxKey, vault::Vault,
};

/// What an issuer answered.
#[derive(Debug)]
pub struct KeptAnswer {
    /// As text; what is none in it is marked.
    pub text: SecretString,
    /// There was more than is kept.
    pub cut: bool,
}

impl Vault {
    /// The last answer of a run in which no value was found, for a person: counted and entered in the audit log
    /// before it is returned.
    ///
    /// # Errors
    /// When there is none, or it does not open.
    pub fn take_answer(&self, run: RunId, taken: Taken) -> Result<KeptAnswer> {
        let kept = self.run(run)?.ok_or(VaultError::RunGone)?;
        let answer = self.last_answer(run)?.ok_or(VaultError::NoSuchValue)?;
        let action = match taken {
            Taken::Revealed => "rotation.answer_revealed",
            Taken::Copied => "rotation.answer_copied",
        };
        let credential = kept.run.credential;
        let draft = Draft::of(action).about(credential, &kept.credential_name);
        self.enter_taken(credential, taken, draft.with(format!("run {run}")))?;
        Ok(answer)
    }

    fn last_answer(&self, run: RunId) -> Result<Option<KeptAnswer>> {
        let opened = self.opened();
        let Some(inbox) = Inbox::of_vault(self, opened.header.vault())? else { return Ok(None) };
        let items = inbox.of(run, &InboxKey::of(&opened.keys.inbox))?;
        let last = items.iter().rev().find(|item| item.value.is_none());
        Ok(last.map(|item| {
            // To be handed to who asked for it.
            let bytes = item.answer.expose_secret();
            KeptAnswer {
                text: SecretString::from(String::from_utf8_lossy(bytes).into_owned()),
                cut: bytes.len() >= MOST_UNREADABLE,
            }
        }))
    }
}

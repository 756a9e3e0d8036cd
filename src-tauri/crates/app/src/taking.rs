//! Values that a person takes: shown for a while, or put into the clipboard for a while.

use keyturn_model::{CredentialId, Metadata, Risk, Timestamp};
use keyturn_vault::{KeptAnswer, Taken, VaultError};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    App, ClipboardError, MessageKey, UserError,
    app::Happening,
    session::Open,
    views::{AnswerOf, Copied, Revealed, RevealedAnswer, ShownOnce, Typed, ValueOf},
};

/// How long a value stays on the screen or in the clipboard.
const FOR_S: i64 = 30;
/// How long the passphrase counts for high-risk values.
const CONFIRMED_S: i64 = 5 * 60;

impl Open {
    /// Whether taking a value of this risk asks for the passphrase first.
    pub(crate) fn asks_passphrase(&self, risk: Risk, now: Timestamp) -> bool {
        let since = now.seconds_since(self.confirmed());
        risk == Risk::High && !(0..CONFIRMED_S).contains(&since)
    }
}

impl App {
    pub(crate) fn reveal_value(&self, open: &Open, input: &ValueOf) -> Result<Revealed, UserError> {
        let metadata = self.may_take(open, input.id, input.passphrase.as_ref())?;
        let field = field_of(&metadata, input);
        let value = open
            .vault
            .take_value(input.id, input.number, field, Taken::Revealed)
            .map_err(UserError::of_credential(&metadata.name))?;
        tracing::info!("a value was taken");
        self.tell(Happening::Inventory);
        let until = self.clock().now().plus_seconds(FOR_S);
        // It was asked for, to be shown.
        Ok(Revealed { value: ShownOnce(value.expose_secret().to_owned()), until })
    }

    pub(crate) fn copy_value(&self, open: &Open, input: &ValueOf) -> Result<Copied, UserError> {
        let (credential, _) = open.vault.credential(input.id)?;
        let name = credential.metadata.name.clone();
        let field = field_of(&credential.metadata, input);
        if let Some(text) = credential.metadata.fields.get(field) {
            let _taking_turns = self.in_clipboard();
            self.0.clipboard.put(text, false)?;
            return Ok(Copied { name, until: None });
        }
        self.may_take(open, input.id, input.passphrase.as_ref())?;
        let value = open
            .vault
            .take_value(input.id, input.number, field, Taken::Copied)
            .map_err(UserError::of_credential(&name))?;
        self.copied(name, &value)
    }

    /// What an issuer answered, where no value was found in it.
    pub(crate) fn reveal_answer(
        &self,
        open: &Open,
        input: &AnswerOf,
    ) -> Result<RevealedAnswer, UserError> {
        let (_, KeptAnswer { text, cut }) = self.take_answer(open, input, Taken::Revealed)?;
        tracing::info!("a kept answer was taken");
        self.tell(Happening::Inventory);
        let until = self.clock().now().plus_seconds(FOR_S);
        // It was asked for, to be shown.
        Ok(RevealedAnswer { value: ShownOnce(text.expose_secret().to_owned()), until, cut })
    }

    pub(crate) fn copy_answer(&self, open: &Open, input: &AnswerOf) -> Result<Copied, UserError> {
        let (name, answer) = self.take_answer(open, input, Taken::Copied)?;
        self.copied(name, &answer.text)
    }

    fn take_answer(
        &self,
        open: &Open,
        input: &AnswerOf,
        taken: Taken,
    ) -> Result<(String, KeptAnswer), UserError> {
        let kept = open.vault.run(input.id)?.ok_or(VaultError::RunGone)?;
        self.may_take(open, kept.run.credential, input.passphrase.as_ref())?;
        Ok((kept.credential_name, open.vault.take_answer(input.id, taken)?))
    }

    /// Puts what was taken into the clipboard for a while.
    fn copied(&self, name: String, value: &SecretString) -> Result<Copied, UserError> {
        let copied = {
            // From putting it there to noting it nobody else may take something out.
            let mut inside = self.in_clipboard();
            // It was asked for, to be copied.
            self.0.clipboard.put(value.expose_secret(), true)?;
            let now = self.clock().now();
            inside.note(value.expose_secret(), now, FOR_S);
            Copied { name, until: Some(now.plus_seconds(FOR_S)) }
        };
        tracing::info!("a value was taken");
        self.tell(Happening::Clipboard(Some(copied.clone())));
        self.tell(Happening::Inventory);
        Ok(copied)
    }

    /// Takes our secret out of the clipboard, unless something else is there by now.
    pub(crate) fn clear_clipboard(&self) {
        let mut inside = self.in_clipboard();
        if !inside.is_noted() {
            return;
        }
        let done = inside.take(&*self.0.clipboard);
        drop(inside);
        match done {
            Ok(_) => self.tell(Happening::Clipboard(None)),
            Err(_) => {
                tracing::warn!("the clipboard could not be cleared");
            }
        }
    }

    /// The same when its time is over.
    pub(crate) fn clear_clipboard_when_due(&self) {
        if self.in_clipboard().due(self.clock().now()) {
            self.clear_clipboard();
        }
    }

    /// Whether the value may be taken now, and of what it is one.
    fn may_take(
        &self,
        open: &Open,
        id: CredentialId,
        passphrase: Option<&Typed>,
    ) -> Result<Metadata, UserError> {
        let (credential, _) = open.vault.credential(id)?;
        let metadata = credential.metadata;
        if let Some(passphrase) = passphrase {
            self.confirm(open, passphrase)?;
        } else if open.asks_passphrase(metadata.risk, self.clock().now()) {
            return Err(UserError::new("KT-VALUE-PASSPHRASE", MessageKey::ValuePassphrase)
                .with("name", &metadata.name));
        }
        Ok(metadata)
    }
}

fn field_of<'a>(metadata: &Metadata, input: &'a ValueOf) -> &'a str {
    input.field.as_deref().unwrap_or_else(|| metadata.kind.value())
}

impl From<ClipboardError> for UserError {
    fn from(error: ClipboardError) -> Self {
        Self::new("KT-CLIPBOARD-MISSING", MessageKey::ClipboardMissing)
            .with("reason", error)
            .retryable()
    }
}

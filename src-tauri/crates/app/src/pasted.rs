//! A value that a person has from the issuer, handed in so that a run goes on with it.

use std::collections::BTreeMap;

use keyturn_kinds::public_line;
use keyturn_model::{
    Credential, Kind, Name,
    rotation::{Held, State, Trouble, Value, Wish},
};
use keyturn_vault::{Vault, VaultError};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    App, UserError,
    accounts::handed_in,
    credentials::weigh,
    rotations::of_journal,
    session::Open,
    views::{PastedValue, RunView, RunWish},
};

impl App {
    pub(crate) fn paste_value(
        &self,
        open: &Open,
        input: PastedValue,
    ) -> Result<RunView, UserError> {
        let run = open.vault.run(input.id)?.ok_or(VaultError::RunGone)?.run;
        let by_hand = run.trouble.is_some_and(|trouble| trouble.is_by_hand());
        // A person made it, or found it in the answer that nobody could read.
        let waits = matches!(run.state, State::NeedsAttention { .. })
            && *run.state.place() == State::Create
            && (by_hand || run.trouble == Some(Trouble::Unreadable));
        let fits = input.key.chars().count() <= Name::LONGEST;
        let Some(mark) = run.mark().filter(|_| waits && fits && input.seen == run.revision) else {
            return Err(UserError::input_refused());
        };
        let (credential, _) = open.vault.credential(run.credential)?;
        let secrets = handed_in(input.secrets);
        let value = sound(&open.vault, &credential, &input.key, input.fields, secrets)?;
        let rotating = self.rotating(open)?;
        let pasted = Held { key: input.key, value };
        self.runtime()?
            .block_on(rotating.around.journal.put_in_inbox(run.id, &mark.text, &pasted))
            .map_err(of_journal)?;
        let wish = if by_hand { Wish::Continue } else { Wish::Retry };
        self.ask_run(open, &RunWish { id: run.id, wish, seen: input.seen })
    }
}

/// The new value, if nothing is wrong with it. What belongs to the one before and has no successor is
/// empty in it, so that it goes.
fn sound(
    vault: &Vault,
    credential: &Credential,
    key: &str,
    fields: BTreeMap<String, String>,
    secrets: Vec<(String, SecretString)>,
) -> Result<Value, UserError> {
    let kind = credential.metadata.kind;
    let secret = |name: &str| kind.field(name).is_some_and(|field| field.secret);
    // Whether it is empty, not what it is.
    let main = |(name, value): &(String, SecretString)| {
        name == kind.value() && !value.expose_secret().trim().is_empty()
    };
    let known = secrets.iter().all(|(name, _)| secret(name))
        && fields.keys().all(|name| kind.beside_value().contains(&name.as_str()));
    let Some((_, value)) = secrets.iter().find(|one| main(one)).filter(|_| known) else {
        return Err(UserError::input_refused());
    };
    let mut brings: BTreeMap<String, String> =
        kind.beside_value().iter().map(|name| ((*name).to_owned(), String::new())).collect();
    if kind == Kind::SshKey
        // Its public half alone is kept of it.
        && let Some(line) = public_line(value.expose_secret())
    {
        brings.insert("publicKey".to_owned(), line);
    }
    brings.extend(fields.into_iter().filter(|(_, text)| !text.trim().is_empty()));
    if kind.field("keyId").is_some() {
        brings.insert("keyId".to_owned(), key.to_owned());
    }

    let mut all = credential.metadata.fields.clone();
    all.extend(brings.clone());
    all.retain(|_, text| !text.is_empty());
    let mut values = vault.open_values(credential.row.id)?;
    values.retain(|(name, _)| secrets.iter().all(|(given, _)| given != name));
    values.extend(secrets.iter().cloned());
    let (mut faults, _) = weigh(kind, &all, &values);
    // What was wrong before with anything else is not the new value's.
    faults.retain(|fault| secret(&fault.field) || brings.contains_key(&fault.field));
    if !faults.is_empty() {
        let what: Vec<String> = faults.into_iter().map(|fault| fault.field).collect();
        return Err(UserError::credential_refused(what.join(", ")));
    }
    Ok(Value { fields: brings, secrets, expires: None })
}

//! Issuer accounts.

use keyturn_model::{Name, setup::SetupFault};
use keyturn_vault::{KeptAccount, VaultError};
use secrecy::SecretString;

use crate::{
    App, MessageKey, UserError,
    app::Happening,
    outside,
    policies::of_name,
    session::Open,
    views::{AccountChange, AccountView, AccountsView, Secrets, Tried, WhichAccount},
};

impl App {
    pub(crate) fn list_accounts(&self, open: &Open) -> Result<AccountsView, UserError> {
        Ok(AccountsView {
            accounts: open.vault.accounts()?.into_iter().map(seen).collect(),
            presets: outside::presets(),
            faults: Vec::new(),
            saved: None,
        })
    }

    pub(crate) fn save_account(
        &self,
        open: &Open,
        input: AccountChange,
    ) -> Result<AccountsView, UserError> {
        let name = Name::new(&input.name)?;
        let secrets = handed_in(input.secrets);
        let mut all = match input.id {
            Some(id) => open.vault.setup_secrets(id)?,
            None => keyturn_model::setup::Secrets::new(),
        };
        all.extend(secrets.iter().cloned());
        let faults = outside::account_faults(&input.setup, &all, &self.0.around.clock)?;
        if !faults.is_empty() {
            return Ok(AccountsView { faults, ..self.list_accounts(open)? });
        }
        let saved = open
            .vault
            .save_account(input.id, input.version, &name, &input.setup, &secrets)
            .map_err(of_name(&name))?;
        self.tell(Happening::Runs);
        Ok(AccountsView { saved: Some(saved), ..self.list_accounts(open)? })
    }

    pub(crate) fn delete_account(
        &self,
        open: &Open,
        input: &WhichAccount,
    ) -> Result<AccountsView, UserError> {
        open.vault.delete_account(input.id).map_err(of_setup)?;
        self.tell(Happening::Runs);
        self.list_accounts(open)
    }

    pub(crate) fn try_account(
        &self,
        open: &Open,
        input: &WhichAccount,
    ) -> Result<Tried, UserError> {
        let (name, setup) = open.vault.account_setup(input.id)?.ok_or_else(setup_gone)?;
        let secrets = open.vault.setup_secrets(input.id)?;
        let tried = self.runtime()?.block_on(outside::try_account(
            &setup,
            &secrets,
            &self.0.around.clock,
        ))?;
        if tried.works && !open.vault.is_read_only() {
            open.vault.account_works(input.id, &name)?;
            self.tell(Happening::Runs);
        }
        Ok(tried)
    }
}

fn seen(kept: KeptAccount) -> AccountView {
    let KeptAccount { id, version, name, setup, secrets, tested, credentials } = kept;
    let needs = outside::needs(&setup);
    AccountView { id, version, name, setup, secrets, tested, credentials, needs }
}

/// Secrets as the window handed them in.
pub(crate) fn handed_in(secrets: Secrets) -> Vec<(String, SecretString)> {
    secrets.into_iter().map(|(name, typed)| (name, typed.0)).collect()
}

/// What was to be changed is gone, or somebody else changed it.
pub(crate) fn of_setup(error: VaultError) -> UserError {
    match error {
        VaultError::Changed => setup_gone(),
        other => other.into(),
    }
}

pub(crate) fn setup_gone() -> UserError {
    UserError::new("KT-SETUP-GONE", MessageKey::SetupGone)
}

/// What is wrong with something that is to be saved, as far as its length goes.
pub(crate) fn too_long(field: &str, text: &str, most: usize) -> Option<SetupFault> {
    (text.chars().count() > most)
        .then(|| SetupFault::new(field, keyturn_model::setup::SetupWhy::TooLong))
}

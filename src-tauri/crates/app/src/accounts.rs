//! Issuer accounts.

use std::collections::BTreeMap;

use keyturn_model::{
    Name,
    setup::{AccountSetup, SetupFault},
};
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
            usual_at_once: usual_at_once(),
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
        let setup = AccountSetup { issuer: input.setup, at_once: input.at_once };
        let faults = outside::account_faults(&setup, &all, &self.0.around.clock)?;
        if !faults.is_empty() {
            return Ok(AccountsView { faults, ..self.list_accounts(open)? });
        }
        let saved = open
            .vault
            .save_account(input.id, input.version, &name, &setup, &secrets)
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
        let line = self.0.turns.of(input.id, outside::at_once(&setup));
        let tried = self.runtime()?.block_on(line.turn(outside::try_account(
            &setup.issuer,
            &secrets,
            &self.0.around.clock,
        )))?;
        if tried.works == Some(true) && !open.vault.is_read_only() {
            open.vault.account_works(input.id, &name)?;
            self.tell(Happening::Runs);
        }
        Ok(tried)
    }
}

fn seen(kept: KeptAccount) -> AccountView {
    let KeptAccount { id, version, name, setup, secrets, tested, credentials } = kept;
    let AccountSetup { issuer: setup, at_once } = setup;
    let (needs, usual_at_once) = (outside::needs(&setup), keyturn_issuers::usual_at_once(&setup));
    AccountView {
        id,
        version,
        name,
        setup,
        at_once,
        usual_at_once,
        secrets,
        tested,
        credentials,
        needs,
    }
}

fn usual_at_once() -> BTreeMap<String, u32> {
    keyturn_issuers::AT_ONCE.iter().map(|(sort, most)| ((*sort).to_owned(), *most)).collect()
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

//! Consumers, and how a value reaches each.

use keyturn_model::{CredentialId, setup::Consumer};
use keyturn_vault::{KeptBinding, UnreadBinding};

use crate::{
    App, UserError,
    accounts::{handed_in, of_setup, setup_gone},
    app::Happening,
    outside,
    session::Open,
    views::{
        BindingChange, BindingSaved, BindingView, ConsumerChange, ConsumerView, ConsumersView,
        Tried, UnreadBindingView, WhichBinding, WhichConsumer,
    },
};

/// The most of a consumer's notes, and of its other words.
const LONGEST: (usize, usize) = (10_000, 100);

impl App {
    pub(crate) fn list_consumers(&self, open: &Open) -> Result<ConsumersView, UserError> {
        let mut bindings: Vec<BindingView> =
            open.vault.bindings(None)?.into_iter().map(seen).collect();
        let consumers = open.vault.consumers()?.into_iter().map(|kept| {
            let (own, others) =
                bindings.drain(..).partition(|it: &BindingView| it.consumer == kept.id);
            bindings = others;
            ConsumerView {
                id: kept.id,
                version: kept.version,
                consumer: kept.consumer,
                bindings: own,
            }
        });
        let consumers = consumers.collect();
        let unread = open.vault.unread_bindings(None)?.into_iter().map(unread).collect();
        Ok(ConsumersView { consumers, unread, saved: None })
    }

    pub(crate) fn save_consumer(
        &self,
        open: &Open,
        input: &ConsumerChange,
    ) -> Result<ConsumersView, UserError> {
        let name = keyturn_model::Name::new(&input.consumer.name)?;
        let Consumer { environment, owner, notes, .. } = &input.consumer;
        let long = |text: &str, most| text.chars().count() > most;
        if long(notes, LONGEST.0) || long(environment, LONGEST.1) || long(owner, LONGEST.1) {
            return Err(UserError::input_refused());
        }
        let consumer = Consumer { name: name.to_string(), ..input.consumer.clone() };
        let saved = open
            .vault
            .save_consumer(input.id, input.version, &consumer)
            .map_err(crate::policies::of_name(&name))?;
        self.tell(Happening::Runs);
        Ok(ConsumersView { saved: Some(saved), ..self.list_consumers(open)? })
    }

    pub(crate) fn delete_consumer(
        &self,
        open: &Open,
        input: &WhichConsumer,
    ) -> Result<ConsumersView, UserError> {
        open.vault.delete_consumer(input.id).map_err(of_setup)?;
        self.tell(Happening::Runs);
        self.tell(Happening::Inventory);
        self.list_consumers(open)
    }

    pub(crate) fn save_binding(
        &self,
        open: &Open,
        input: BindingChange,
    ) -> Result<BindingSaved, UserError> {
        let (credential, _) = open.vault.credential(input.credential)?;
        let faults = outside::binding_faults(&input.setup, &credential.metadata);
        if !faults.is_empty() {
            return Ok(BindingSaved { faults, binding: None });
        }
        let (both, secrets) = ((input.credential, input.consumer), handed_in(input.secrets));
        let id = open.vault.save_binding(input.id, input.version, both, &input.setup, &secrets)?;
        self.tell(Happening::Runs);
        self.tell(Happening::Inventory);
        let binding = open.vault.binding(id)?.map(seen);
        Ok(BindingSaved { faults, binding })
    }

    pub(crate) fn delete_binding(
        &self,
        open: &Open,
        input: &WhichBinding,
    ) -> Result<ConsumersView, UserError> {
        open.vault.delete_binding(input.id).map_err(of_setup)?;
        self.tell(Happening::Runs);
        self.tell(Happening::Inventory);
        self.list_consumers(open)
    }

    pub(crate) fn try_binding(
        &self,
        open: &Open,
        input: &WhichBinding,
    ) -> Result<Tried, UserError> {
        let kept = open.vault.binding(input.id)?.ok_or_else(setup_gone)?;
        let secrets = open.vault.setup_secrets(input.id)?;
        let value = outside::current_value(&open.vault, kept.credential)?;
        let tried = self.runtime()?.block_on(outside::try_consumer(&kept.setup, &secrets, &value));
        if tried.works == Some(true) && !open.vault.is_read_only() {
            open.vault.binding_works(&kept)?;
            self.tell(Happening::Runs);
        }
        Ok(tried)
    }

    pub(crate) fn bindings_of(
        open: &Open,
        credential: CredentialId,
    ) -> Result<Vec<BindingView>, UserError> {
        Ok(open.vault.bindings(Some(credential))?.into_iter().map(seen).collect())
    }
}

fn unread(kept: UnreadBinding) -> UnreadBindingView {
    let UnreadBinding { credential, credential_name, consumer, consumer_name } = kept;
    UnreadBindingView { credential, credential_name, consumer, consumer_name }
}

fn seen(kept: KeptBinding) -> BindingView {
    let KeptBinding {
        id,
        version,
        credential,
        credential_name,
        consumer,
        consumer_name,
        setup,
        secrets,
        verified,
        seen,
    } = kept;
    BindingView {
        id,
        version,
        credential,
        credential_name,
        consumer,
        consumer_name,
        setup,
        secrets,
        verified,
        seen,
    }
}

//! Channels: where the team is told what happens, and what could not be told there.

use keyturn_model::{
    Metadata, Name, Timestamp,
    channel::{ChannelRules, ChannelSetup},
    setup::{Secrets, SetupFault},
};
use keyturn_notices::{Message, Told, Unsent, faults, send, words};
use keyturn_vault::{Draft, KeptChannel, KeptMessage};
use sha2::{Digest, Sha256};

use crate::{
    App, UserError,
    accounts::{handed_in, of_setup, setup_gone},
    app::Happening,
    policies::of_name,
    session::Open,
    views::{
        ChannelChange, ChannelTried, ChannelView, ChannelsView, NoticesView, Undelivered,
        UndeliveredView, WhichChannel,
    },
};

/// The most channels: each is told by itself, one after the other.
const MOST_CHANNELS: usize = 20;
/// The most words in a rule.
const MOST_WORDS: usize = 50;

impl App {
    pub(crate) fn list_channels(&self, open: &Open) -> Result<ChannelsView, UserError> {
        let unsent = open.vault.unsent()?;
        let channels = open.vault.channels()?.into_iter().map(|kept| {
            let waits = |one: &&KeptMessage| one.channel == kept.id && !one.failed;
            let waiting = unsent.iter().filter(waits).count();
            let KeptChannel { id, version, name, channel, secrets, .. } = kept;
            let waiting = u32::try_from(waiting).unwrap_or(u32::MAX);
            ChannelView { id, version, name, channel, secrets, waiting }
        });
        Ok(ChannelsView { channels: channels.collect(), faults: Vec::new(), saved: None })
    }

    pub(crate) fn save_channel(
        &self,
        open: &Open,
        input: ChannelChange,
    ) -> Result<ChannelsView, UserError> {
        let name = Name::new(&input.name)?;
        if !can_be(&input.channel.rules) {
            return Err(UserError::input_refused().with("what", "rules"));
        }
        let kept = open.vault.channels()?;
        if input.id.is_none() && kept.len() >= MOST_CHANNELS {
            return Err(UserError::input_refused().with("what", "channels"));
        }
        let secrets = handed_in(input.secrets);
        let mut all = match input.id {
            Some(id) => open.vault.setup_secrets(id)?,
            None => Secrets::new(),
        };
        all.extend(secrets.iter().cloned());
        let faults: Vec<SetupFault> = faults(&input.channel.setup, &all);
        if !faults.is_empty() {
            return Ok(ChannelsView { faults, ..self.list_channels(open)? });
        }
        let saved = open
            .vault
            .save_channel(input.id, input.version, &name, &input.channel, &secrets)
            .map_err(of_name(&name))?;
        self.tell(Happening::Notices);
        Ok(ChannelsView { saved: Some(saved), ..self.list_channels(open)? })
    }

    pub(crate) fn delete_channel(
        &self,
        open: &Open,
        input: &WhichChannel,
    ) -> Result<ChannelsView, UserError> {
        open.vault.delete_channel(input.id).map_err(of_setup)?;
        self.tell(Happening::Notices);
        self.list_channels(open)
    }

    /// Sends a message that says nothing, now, and tells what came of it.
    pub(crate) fn test_channel(
        &self,
        open: &Open,
        input: &WhichChannel,
    ) -> Result<ChannelTried, UserError> {
        let kept = open.vault.channels()?.into_iter().find(|kept| kept.id == input.id);
        let KeptChannel { name, channel, .. } = kept.ok_or_else(setup_gone)?;
        let secrets = open.vault.setup_secrets(input.id)?;
        if !open.vault.is_read_only() {
            let draft = Draft::of("channel.tested").about(input.id, &name);
            open.vault.write(draft, &[], |_| Ok(()))?;
        }
        let (subject, text) = words(&Told::Test);
        let now = self.clock().now();
        let message = message(&format!("test {} {}", input.id, now.0), now, subject, text);
        let sent = self.send_message(&channel.setup, &secrets, &message)?;
        Ok(ChannelTried { why: sent.err().map(|unsent| unsent.why()) })
    }

    pub(crate) fn send_message(
        &self,
        setup: &ChannelSetup,
        secrets: &Secrets,
        message: &Message,
    ) -> Result<Result<(), Unsent>, UserError> {
        Ok(self.runtime()?.block_on(send(setup, secrets, message)))
    }

    /// What was given up, the oldest first.
    pub(crate) fn undelivered(open: &Open) -> Result<Vec<UndeliveredView>, UserError> {
        let channels = open.vault.channels()?;
        let name = |one: &KeptMessage| {
            channels.iter().find(|kept| kept.id == one.channel).map(|kept| kept.name.clone())
        };
        let mut all: Vec<_> = open
            .vault
            .unsent()?
            .into_iter()
            .filter(|one| one.failed)
            .map(|one| UndeliveredView {
                channel: name(&one).unwrap_or_default(),
                id: one.id,
                subject: one.subject,
                at: one.at,
                why: one.fault,
            })
            .collect();
        all.sort_by_key(|one| one.id);
        Ok(all)
    }

    /// Has messages sent again that were given up, or lets them go.
    pub(crate) fn settle_undelivered(
        &self,
        open: &Open,
        input: &Undelivered,
    ) -> Result<NoticesView, UserError> {
        open.vault.settle_messages(&input.ids, input.again)?;
        self.tell(Happening::Notices);
        self.read_notices(open)
    }
}

fn can_be(rules: &ChannelRules) -> bool {
    let ChannelRules { events, environments, kinds, owners, .. } = rules;
    let words = environments.len().max(owners.len()).max(kinds.len()).max(events.len());
    let mut all = environments.iter().chain(owners);
    words <= MOST_WORDS && all.all(|word| word.len() <= Metadata::LONGEST_WORD * 4)
}

/// A message as it is sent; of one event it has the same id each time, which tells nothing.
pub(crate) fn message(event: &str, at: Timestamp, subject: String, text: String) -> Message {
    let sum = Sha256::digest(event);
    let id = sum.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    Message { id, at, subject, text }
}

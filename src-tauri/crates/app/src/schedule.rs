//! What is due is rotated without being asked, once that went well by hand.

use keyturn_model::{Metadata, Timestamp};
use keyturn_vault::Vault;

use crate::{
    App, UserError,
    app::Happening,
    session::Open,
    views::{AutomaticPause, PauseOfAll, RotationOf},
};

impl App {
    /// Begins the rotations that are due. Asked every minute and after each unlocking, so what was missed while
    /// the computer slept, the vault was locked or automatic rotation paused is caught up, once.
    pub fn begin_due(&self) {
        let Some(open) = self.0.session.running() else { return };
        if open.vault.is_read_only() {
            return;
        }
        if let Err(error) = self.begin_all_due(&open) {
            tracing::warn!(code = error.code, "what is due was not begun");
        }
    }

    /// Pauses automatic rotation of the whole vault, or lets it go on. What is due then begins within a minute.
    pub(crate) fn pause_automatic(
        &self,
        open: &Open,
        input: PauseOfAll,
    ) -> Result<Option<AutomaticPause>, UserError> {
        open.vault.pause_automatic(input.paused)?;
        self.tell(Happening::Runs);
        automatic_pause(open)
    }

    fn begin_all_due(&self, open: &Open) -> Result<(), UserError> {
        if open.vault.automatic_pause()?.is_some() {
            return Ok(());
        }
        let now = self.clock().now();
        for id in open.vault.due_by_themselves()? {
            let (credential, _) = open.vault.credential(id)?;
            if window_opens(&open.vault, &credential.metadata, now)?.is_some() {
                continue;
            }
            // It is tried again in a minute; the plan of the credential says what speaks against it.
            if let Err(error) =
                self.begin_rotation(open, &RotationOf { credential: id, consent: false })
            {
                tracing::warn!(code = error.code, "a rotation that is due was not begun");
            }
        }
        Ok(())
    }
}

/// When the maintenance window of the policy opens that is followed; nothing while it is open, or without one.
pub(crate) fn window_opens(
    vault: &Vault,
    of: &Metadata,
    now: Timestamp,
) -> Result<Option<Timestamp>, UserError> {
    let (policy, _) = vault.policy_followed(of.policy, of.kind, of.risk)?;
    let window = policy.and_then(|policy| policy.window);
    Ok(window.map(|window| window.next_open(now)).filter(|at| *at > now))
}

/// Who paused automatic rotation, and when; nothing while it is not paused.
pub(crate) fn automatic_pause(open: &Open) -> Result<Option<AutomaticPause>, UserError> {
    let entry = open.vault.automatic_pause()?;
    Ok(entry.map(|entry| AutomaticPause { since: entry.at, by: entry.actor.name }))
}

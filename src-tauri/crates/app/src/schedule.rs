//! What is due is rotated without being asked, once that went well by hand.

use crate::{App, UserError, session::Open, views::RotationOf};

impl App {
    /// Begins the rotations that are due. Asked every minute and after each unlocking, so what was missed while
    /// the computer slept or the vault was locked is caught up, once.
    pub fn begin_due(&self) {
        let Some(open) = self.0.session.open() else { return };
        if open.vault.is_read_only() {
            return;
        }
        if let Err(error) = self.begin_all_due(&open) {
            tracing::warn!(code = error.code, "what is due was not begun");
        }
    }

    fn begin_all_due(&self, open: &Open) -> Result<(), UserError> {
        let now = self.clock().now();
        for id in open.vault.due_by_themselves()? {
            let (credential, _) = open.vault.credential(id)?;
            let known = &credential.metadata;
            let (policy, _) = open.vault.policy_followed(known.policy, known.kind, known.risk)?;
            let window = policy.and_then(|policy| policy.window);
            if window.is_some_and(|window| !window.is_open(now)) {
                continue;
            }
            // What cannot begin is shown with the credential, and tried again in a minute.
            if let Err(error) =
                self.begin_rotation(open, &RotationOf { credential: id, consent: false })
            {
                tracing::warn!(code = error.code, "a rotation that is due was not begun");
            }
        }
        Ok(())
    }
}

//! What has happened before a demo begins: rotations that the engine has driven, at a sandbox that failed.

use keyturn_engine::drive;
use keyturn_issuers::sandbox::{Call, Faults, Switches, Trick};
use keyturn_model::RunId;

use super::{ENTRIES, Past};
use crate::{App, UserError, session::Open, views::RotationOf};

impl App {
    /// Drives those rotations until they rest. Nobody has the vault yet, so nothing else sees the failures.
    pub(super) fn live_through(&self, open: &Open) -> Result<(), UserError> {
        let Some(demo) = &open.demo else { return Ok(()) };
        for past in [Past::Undone, Past::Stopped, Past::Grace] {
            let (rejects, deletion) = match past {
                // It says that the key is deleted, which is not so: nobody owns it from then on.
                Past::Undone => (true, Some(204)),
                Past::Stopped => (true, Some(403)),
                Past::Grace | Past::Nothing => (false, None),
            };
            demo.sandbox.fail(Faults { reject_new: rejects, ..Faults::default() });
            demo.sandbox.set(Switches {
                trick: deletion.map(|code| Trick::Status { code }),
                call: Some(Call::Delete),
                ..Switches::default()
            });
            for entry in ENTRIES.iter().filter(|entry| entry.past == past) {
                let Some(credential) = demo.made.get(entry.name) else { continue };
                let input = RotationOf { credential: *credential, consent: false };
                let run = self.drive_to_rest(open, &input)?;
                demo.lessons.remember(past, run);
            }
        }
        Ok(())
    }

    fn drive_to_rest(&self, open: &Open, input: &RotationOf) -> Result<RunId, UserError> {
        let run = self.enter_run(open, input)?;
        let rotating = self.rotating(open)?;
        self.runtime()?
            .block_on(drive(&rotating.around, run))
            .map_err(|_| UserError::internal())?;
        Ok(run)
    }
}

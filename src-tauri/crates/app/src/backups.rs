//! Backups of the open vault, and the check of everything in it.

use keyturn_vault::Contents;

use crate::{
    App, MessageKey, UserError,
    app::Happening,
    session::Open,
    views::{BackupFile, BackupsView, Checked, CheckedBackup, FilePlace},
};

/// An automatic backup is due when the newest is older than this.
const DAILY_S: i64 = 24 * 3600;

impl App {
    pub(crate) fn list_backups(&self, open: &Open) -> Result<BackupsView, UserError> {
        let backups = open.vault.backups()?.into_iter().map(|backup| BackupFile {
            file: backup.file.display().to_string(),
            made: backup.made,
            bytes: backup.bytes,
        });
        let problem = open
            .warnings()
            .iter()
            .find(|warning| warning.message_key == MessageKey::BackupFailed)
            .cloned();
        Ok(BackupsView {
            folder: open.vault.folder().backups().display().to_string(),
            backups: backups.collect(),
            problem,
        })
    }

    pub(crate) fn make_backup(&self, open: &Open) -> Result<BackupsView, UserError> {
        open.vault.back_up_automatically(&self.hear_work()).map_err(UserError::of_backup)?;
        open.warnings().retain(|warning| warning.message_key != MessageKey::BackupFailed);
        self.tell(Happening::Session(Box::new(self.read_session())));
        self.list_backups(open)
    }

    pub(crate) fn make_backup_at(
        &self,
        open: &Open,
        input: &FilePlace,
    ) -> Result<CheckedBackup, UserError> {
        let place = self.new_place(&input.file)?;
        let made = open.vault.back_up(&place, &self.hear_work()).map_err(UserError::of_backup)?;
        Ok(checked(place.display().to_string(), &made))
    }

    pub(crate) fn test_backup(
        &self,
        open: &Open,
        input: &FilePlace,
    ) -> Result<CheckedBackup, UserError> {
        let place = self.place(&input.file);
        let found =
            open.vault.test_backup(&place, &self.hear_work()).map_err(UserError::of_backup)?;
        Ok(checked(place.display().to_string(), &found))
    }

    /// Makes the automatic backup when it is due; the shell asks now and then.
    ///
    /// # Errors
    /// When it failed: every time it is said anew, for a vault without backups is at risk.
    pub(crate) fn back_up_if_due(&self, open: &Open) -> Result<(), UserError> {
        if open.vault.is_read_only() {
            return Ok(());
        }
        let failed = |error| {
            let inner = UserError::of_backup(error);
            tracing::warn!(code = inner.code, "the daily backup failed");
            UserError::new("KT-BACKUP-FAILED", MessageKey::BackupFailed)
                .with("reason", inner.code)
                .with("folder", open.vault.folder().backups().display())
        };
        let newest = open.vault.backups().map_err(failed)?.first().map(|backup| backup.made);
        let now = self.clock().now();
        if newest.is_some_and(|made| (0..DAILY_S).contains(&now.seconds_since(made))) {
            return Ok(());
        }
        open.vault.back_up_automatically(&|_| {}).map_err(failed)?;
        Ok(())
    }

    /// Makes the daily backup of a vault that stays open for days; the shell asks every minute.
    pub fn back_up_daily(&self) {
        let Some(open) = self.0.session.open() else { return };
        let failed = self.back_up_if_due(&open).err();
        let mut warnings = open.warnings();
        let before = warnings.len();
        warnings.retain(|warning| warning.message_key != MessageKey::BackupFailed);
        warnings.extend(failed);
        let changed = warnings.len() != before;
        drop(warnings);
        if changed {
            self.tell(Happening::Session(Box::new(self.read_session())));
        }
    }

    pub(crate) fn check_vault(&self, open: &Open) -> Result<Checked, UserError> {
        self.hear_work()(keyturn_vault::Step::Checking);
        let found = open.vault.check();
        let head = match &found {
            Ok(head) => *head,
            Err(_) => open.vault.head()?,
        };
        Ok(Checked {
            at: self.clock().now(),
            audit_entries: head.seq,
            audit_head: head.mac.iter().map(|byte| format!("{byte:02x}")).collect(),
            problems: found.err().into_iter().map(UserError::from).collect(),
        })
    }
}

fn checked(file: String, found: &Contents) -> CheckedBackup {
    CheckedBackup {
        file,
        made: found.made,
        credentials: found.credentials,
        audit_entries: found.head.seq,
    }
}

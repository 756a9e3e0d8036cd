//! The centre of notices: what was told and is not done, what is snoozed, and what is muted.

use keyturn_engine::reminders::{LONGEST_SNOOZE_S, quiet_until};
use keyturn_model::{
    Metadata, Risk,
    reminder::{Mute, Severity, Stage, Subject},
};
use keyturn_vault::{KeptReminder, Vault};

use crate::{
    App, MessageKey, UserError,
    app::Happening,
    session::Open,
    views::{MuteView, NoticeView, NoticesView, Snooze, WhichMute, WhichNotice},
};

/// The most of each list in one answer.
const MOST: usize = 500;
/// The most mutes: whoever needs more has no rules but exceptions.
const MOST_MUTES: usize = 200;
/// The most bytes of a reason.
const LONGEST_REASON: usize = 500;

impl App {
    pub(crate) fn read_notices(&self, open: &Open) -> Result<NoticesView, UserError> {
        let moment = self.clock().now();
        let (mut now, mut soon, mut done) = (Vec::new(), Vec::new(), Vec::new());
        for KeptReminder { reminder, name, owner, risk, notice, .. } in open.vault.reminders()? {
            let Some(notice) = notice else { continue };
            let severity = Stage::of(notice.at, moment).map_or(Severity::Warning, Stage::severity);
            let list = match severity {
                _ if notice.done.is_some() || notice.at != reminder.at => &mut done,
                Severity::Critical => &mut now,
                Severity::Warning => &mut soon,
            };
            list.push(NoticeView {
                credential: reminder.whose,
                name,
                owner,
                risk,
                deadline: reminder.deadline,
                at: notice.at,
                severity,
                told: notice.moment,
                snoozed: reminder.snoozed.filter(|until| *until > moment),
                done: notice.done,
            });
        }
        now.sort_by_key(|one| one.at);
        soon.sort_by_key(|one| one.at);
        done.sort_by_key(|one| std::cmp::Reverse(one.told));
        let count = |list: &[NoticeView]| u32::try_from(list.len()).unwrap_or(u32::MAX);
        let (all_now, all_soon) = (count(&now), count(&soon));
        for list in [&mut now, &mut soon, &mut done] {
            list.truncate(MOST);
        }
        let mutes = open.vault.mutes()?.into_iter().map(|kept| MuteView {
            id: kept.id,
            mute: kept.mute,
            by: kept.by,
            since: kept.since,
        });
        let quiet = self.read_settings().settings.quiet;
        Ok(NoticesView {
            now,
            soon,
            done,
            all_now,
            all_soon,
            mutes: mutes.collect(),
            quiet_until: quiet.and_then(|quiet| quiet_until(&quiet, moment)),
            behind_lock: self.reminds_behind_lock(),
            on_desktop: self.is_shown_on_desktop(),
            undelivered: Self::undelivered(open)?,
        })
    }

    /// Tells nothing of a date for a while.
    pub(crate) fn snooze_notice(
        &self,
        open: &Open,
        input: &Snooze,
    ) -> Result<NoticesView, UserError> {
        let now = self.clock().now();
        if input.until <= now || input.until > now.plus_seconds(LONGEST_SNOOZE_S) {
            return Err(UserError::input_refused().with("what", "until"));
        }
        let WhichNotice { credential, deadline } = input.notice;
        open.vault.settle_reminder(credential, deadline, Some(input.until))?;
        self.noticed(open)
    }

    /// Says that notices are done; the next stage is told all the same.
    pub(crate) fn finish_notices(
        &self,
        open: &Open,
        input: &[WhichNotice],
    ) -> Result<NoticesView, UserError> {
        for WhichNotice { credential, deadline } in input {
            open.vault.settle_reminder(*credential, *deadline, None)?;
        }
        self.noticed(open)
    }

    /// Mutes reminders. What is of high risk is muted with a reason only.
    pub(crate) fn mute_reminders(
        &self,
        open: &Open,
        input: &Mute,
    ) -> Result<NoticesView, UserError> {
        let words = [&input.environment, &input.owner];
        let fine = words.into_iter().flatten().all(|word| word.len() <= Metadata::LONGEST_WORD * 4);
        if !fine || input.reason.len() > LONGEST_REASON {
            return Err(UserError::input_refused().with("what", "mute"));
        }
        if open.vault.mutes()?.len() >= MOST_MUTES {
            return Err(UserError::input_refused().with("what", "mutes"));
        }
        if input.reason.trim().is_empty() && is_about_high_risk(&open.vault, input)? {
            return Err(UserError::new("KT-MUTE-REASON", MessageKey::MuteReason));
        }
        open.vault.mute(input)?;
        self.noticed(open)
    }

    /// Mutes them no more.
    pub(crate) fn unmute_reminders(
        &self,
        open: &Open,
        input: &WhichMute,
    ) -> Result<NoticesView, UserError> {
        open.vault.unmute(input.id)?;
        self.noticed(open)
    }

    fn noticed(&self, open: &Open) -> Result<NoticesView, UserError> {
        self.0.reminding.looking.again();
        self.tell(Happening::Notices);
        self.read_notices(open)
    }
}

fn is_about_high_risk(vault: &Vault, mute: &Mute) -> Result<bool, UserError> {
    let all = vault.overview()?;
    Ok(all.iter().map(|one| &one.row).any(|row| {
        let subject = Subject {
            id: row.id,
            kind: row.kind,
            environment: &row.environment,
            owner: &row.owner,
            risk: row.risk,
        };
        row.risk == Risk::High && mute.is_about(&subject)
    }))
}

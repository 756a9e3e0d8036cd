//! What happens is told in the channels: it is read off the vault, kept as a message, and then sent, beside everything
//! else. No run waits for it.
//!
//! What was missed while the vault was locked is found at unlocking, as it is read off what is there. A message has names
//! and dates in it; the types of crate `notices` have no place for more.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
};

use keyturn_model::{
    Kind, Timestamp, VaultId,
    channel::ChannelEvent,
    reminder::Deadline,
    rotation::{Reload, State, Trouble, Why},
    setup::Secrets,
};
use keyturn_notices::{Due, Told, Unsent, words};
use keyturn_vault::{KeptChannel, KeptMessage, KeptReminder, KeptRun, ToTell, Vault};

use crate::{App, UserError, app::Happening, channels::message, looking::Looking, session::Open};

const DAY_S: i64 = 24 * 3600;
/// What is older is not told any more.
const LOOK_BACK_S: i64 = 30 * DAY_S;
/// So long before a rotation its restarts are told.
const RESTART_NOTICE_S: i64 = 48 * 3600;
/// Between two tries. After the last it is given up: about a day.
const PAUSES_S: [i64; 8] = [60, 240, 960, 3840, 4 * 3600, 6 * 3600, 6 * 3600, 6 * 3600];
/// A run that was being kept while it was looked is seen the next time.
const OVERLAP_S: i64 = 60;

/// When it is looked, and what was seen.
#[derive(Default)]
pub(crate) struct Telling {
    pub(crate) looking: Looking,
    /// One look at a time; a server that hangs keeps nobody else waiting.
    busy: AtomicBool,
    /// What happened to runs of this vault before is kept as messages.
    noted: Mutex<Option<(VaultId, Timestamp)>>,
}

/// One look is under way until it is let go.
struct Busy(App);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.0.telling.busy.store(false, Ordering::SeqCst);
    }
}

/// Something that happened to a credential.
struct Event<'a> {
    what: ChannelEvent,
    kind: Kind,
    environment: &'a str,
    owner: &'a str,
}

impl App {
    /// Tells the channels what happened, where anything did. Asked every second.
    pub(crate) fn tell_channels_when_due(&self) {
        let telling = &self.0.telling;
        if telling.busy.load(Ordering::SeqCst) || !telling.looking.begin(self.clock().now()) {
            return;
        }
        telling.busy.store(true, Ordering::SeqCst);
        let busy = Busy(self.clone());
        self.beside("channels", move || {
            let app = &busy.0;
            let next = app.tell_channels().unwrap_or_else(|error| {
                tracing::warn!(code = error.code, "the channels were not told");
                Some(app.clock().now().plus_seconds(OVERLAP_S))
            });
            app.0.telling.looking.end(next);
        });
    }

    /// Gives when to look again.
    fn tell_channels(&self) -> Result<Option<Timestamp>, UserError> {
        let Some(open) = self.0.session.running() else { return Ok(None) };
        if open.vault.is_read_only() {
            return Ok(None);
        }
        let happens = self.write_messages(&open)?;
        let vault = Arc::downgrade(&open.vault);
        // Who locks does not wait for a server.
        drop(open);
        let again = self.send_messages(&vault)?;
        Ok(happens.into_iter().chain(again).min())
    }

    /// Keeps as messages what happened; gives when something will by itself.
    fn write_messages(&self, open: &Open) -> Result<Option<Timestamp>, UserError> {
        let vault = &open.vault;
        let mut channels = vault.channels()?;
        channels.retain(|kept| kept.channel.on);
        if channels.is_empty() {
            return Ok(None);
        }
        let now = self.clock().now();
        let mut all = Vec::new();
        self.of_runs(vault, &channels, now, &mut all)?;
        let reminders = vault.reminders()?;
        of_reminders(&channels, &reminders, now, &mut all);
        let next = of_restarts(vault, &channels, &reminders, now, &mut all)?;
        let mut news = Vec::new();
        for one in all {
            if !vault.is_told(one.channel, &one.event)? {
                news.push(one);
            }
        }
        if news.is_empty() || vault.keep_messages(&news)? {
            *self.noted() = Some((vault.id(), now));
        }
        Ok(next)
    }

    fn noted(&self) -> MutexGuard<'_, Option<(VaultId, Timestamp)>> {
        self.0.telling.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of_runs(
        &self,
        vault: &Vault,
        channels: &[KeptChannel],
        now: Timestamp,
        all: &mut Vec<ToTell>,
    ) -> Result<(), UserError> {
        let noted = self.noted().filter(|(of, at)| *of == vault.id() && *at <= now);
        let since =
            noted.map_or(now.plus_seconds(-LOOK_BACK_S), |(_, at)| at.plus_seconds(-OVERLAP_S));
        for KeptRun { run, credential_name: name, .. } in vault.rested_runs(since)? {
            let (what, told) = match (&run.state, run.trouble) {
                (State::Done, _) => (ChannelEvent::Success, Told::Rotated { name }),
                (State::Revoked, _) => (ChannelEvent::Failure, Told::Revoked { name }),
                (State::NeedsAttention { .. }, _) => {
                    (ChannelEvent::NeedsAttention, Told::NeedsAttention { name })
                }
                // Who stops one by hand lets it not fail.
                (State::Aborted, Some(trouble)) if trouble != Trouble::Stopped => {
                    (ChannelEvent::Failure, Told::Failed { name })
                }
                _ => continue,
            };
            // One that cannot be read is a trouble of its own.
            let Ok((credential, _)) = vault.credential(run.credential) else { continue };
            let of = credential.metadata;
            let event =
                Event { what, kind: of.kind, environment: &of.environment, owner: &of.owner };
            let key = format!("run {} {}", run.id, run.moved.0);
            let heard =
                channels.iter().filter(|kept| run.moved >= kept.since && event.is_for(kept));
            all.extend(heard.map(|kept| to_tell(kept, key.clone(), &told)));
        }
        Ok(())
    }

    /// Sends what waits; gives when something is to be sent again.
    fn send_messages(&self, vault: &Weak<Vault>) -> Result<Option<Timestamp>, UserError> {
        loop {
            let Some(open) = vault.upgrade() else { return Ok(None) };
            let now = self.clock().now();
            let channels = open.channels()?;
            let mut waiting = open.unsent()?;
            waiting.retain(|one| !one.failed);
            let Some((one, kept)) = waiting.iter().filter(|one| is_due(one, now)).find_map(|one| {
                let kept = channels.iter().find(|kept| kept.id == one.channel && kept.channel.on);
                kept.map(|kept| (one, kept))
            }) else {
                return Ok(waiting.iter().map(|one| one.next).filter(|next| *next > now).min());
            };
            let Ok(secrets) = open.setup_secrets(kept.id) else {
                open.message_failed(one.id, Why::NotSetUp, None)?;
                continue;
            };
            // Locking lets go of the vault meanwhile; then it is sent once more after unlocking.
            drop(open);
            let letter = message(
                &format!("{} {}", one.channel, one.event),
                one.at,
                one.subject.clone(),
                one.text.clone(),
            );
            let sent = self.send_message(&kept.channel.setup, &secrets, &letter)?;
            drop(secrets);
            let Some(open) = vault.upgrade() else { return Ok(None) };
            match sent {
                Ok(()) => open.message_sent(one.id)?,
                Err(unsent) => {
                    tracing::warn!(reason = ?unsent.why(), "a message was not sent");
                    let next = match unsent {
                        Unsent::Later { wait_s, .. } => {
                            next_try(one.tries, wait_s, self.clock().now())
                        }
                        Unsent::Never(_) => None,
                    };
                    open.message_failed(one.id, unsent.why(), next)?;
                }
            }
            self.tell(Happening::Notices);
        }
    }
}

impl Event<'_> {
    fn is_for(&self, kept: &KeptChannel) -> bool {
        kept.channel.rules.tell(self.what, self.kind, self.environment, self.owner)
    }
}

fn to_tell(kept: &KeptChannel, event: String, told: &Told) -> ToTell {
    let (subject, text) = words(told);
    ToTell { channel: kept.id, event, subject, text }
}

/// What was told to a person is told in the channels, too: what belongs to one notice in one message.
fn of_reminders(
    channels: &[KeptChannel],
    reminders: &[KeptReminder],
    now: Timestamp,
    all: &mut Vec<ToTell>,
) {
    for channel in channels {
        let since = channel.since.max(now.plus_seconds(-LOOK_BACK_S));
        let mut told = BTreeMap::<u32, BTreeMap<_, Due>>::new();
        for kept in reminders {
            let (reminder, what) = (&kept.reminder, ChannelEvent::Reminder);
            let Some(stage) = reminder.told.latest() else { continue };
            let Some(notice) = kept.notice.filter(|notice| {
                notice.at == reminder.at && notice.done.is_none() && notice.moment >= since
            }) else {
                continue;
            };
            let event = event_of(what, kept);
            if stage.severity() < channel.channel.rules.severity || !event.is_for(channel) {
                continue;
            }
            let (name, deadline, at) = (kept.name.clone(), reminder.deadline, reminder.at);
            let due = Due { name, deadline, stage, at };
            let of = told.entry(notice.number).or_default();
            // Of a credential only the most urgent date.
            match of.get(&reminder.whose) {
                Some(other) if other.stage >= stage => {}
                _ => drop(of.insert(reminder.whose, due)),
            }
        }
        for (number, of) in told {
            let mut due: Vec<_> = of.into_values().collect();
            due.sort_by_key(|due| std::cmp::Reverse(due.stage));
            all.push(to_tell(channel, format!("notice {number}"), &Told::Due(due)));
        }
    }
}

/// Gives when the next one is to be told.
fn of_restarts(
    vault: &Vault,
    channels: &[KeptChannel],
    reminders: &[KeptReminder],
    now: Timestamp,
    all: &mut Vec<ToTell>,
) -> Result<Option<Timestamp>, UserError> {
    let mut next = None::<Timestamp>;
    for kept in reminders.iter().filter(|kept| kept.reminder.deadline == Deadline::Rotation) {
        let at = kept.reminder.at;
        let told_at = at.plus_seconds(-RESTART_NOTICE_S);
        let event = event_of(ChannelEvent::Restart, kept);
        let heard: Vec<_> = channels.iter().filter(|channel| event.is_for(channel)).collect();
        if heard.is_empty() || at <= now {
            continue;
        }
        if told_at > now {
            next = Some(next.map_or(told_at, |next| next.min(told_at)));
            continue;
        }
        let mut bindings = vault.bindings(Some(kept.reminder.whose))?;
        bindings.retain(|binding| {
            let consumer = keyturn_deliveries::consumer(&binding.setup, &Secrets::new());
            consumer.uptake().reload == Reload::Restart
        });
        if bindings.is_empty() {
            continue;
        }
        let consumers = bindings.into_iter().map(|binding| binding.consumer_name).collect();
        let told = Told::Restarts { name: kept.name.clone(), at, consumers };
        let key = format!("restart {} {}", kept.reminder.whose, at.0);
        all.extend(heard.into_iter().map(|channel| to_tell(channel, key.clone(), &told)));
    }
    Ok(next)
}

fn event_of(what: ChannelEvent, kept: &KeptReminder) -> Event<'_> {
    let KeptReminder { kind, environment, owner, .. } = kept;
    Event { what, kind: *kind, environment, owner }
}

/// Whether it is tried now; a moment that is too far away was set by a clock that ran ahead.
fn is_due(one: &KeptMessage, now: Timestamp) -> bool {
    one.next <= now || one.next > now.plus_seconds(DAY_S)
}

/// When it is tried again, if it is.
fn next_try(tries: u32, wait_s: Option<u32>, now: Timestamp) -> Option<Timestamp> {
    let pause = PAUSES_S.get(usize::try_from(tries).ok()?)?;
    let asked = wait_s.map_or(0, i64::from).min(DAY_S);
    Some(now.plus_seconds(*pause.max(&asked)))
}

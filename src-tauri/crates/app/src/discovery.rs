//! A search of this computer, or of a cluster, for who uses the credentials and where their values lie.
//!
//! The values are opened in memory for the search and wiped with it. They are never written, logged or sent to the
//! window, and nothing changes before a person accepted what was found.

mod cluster;
mod finds;

use std::{
    path::PathBuf,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::available_parallelism,
};

use keyturn_discovery::{
    Found, Known, Limits, Search, VersionId, find_program, search, search_text,
};
use keyturn_vault::Draft;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    App, Happening, MessageKey, UserError,
    losses::page,
    session::Open,
    views::{
        AcceptedFinds, Find, FindChoice, FindSort, FindsPage, FindsView, LeakedCredential, LeftOut,
        LookIn, Progress, Step,
    },
};
use finds::{Kept, Looked, Values};

/// The most that is found in one answer.
const PAGE: usize = 200;
/// So many files that were not read are named for one reason.
const NAMED: usize = 100;
/// What a text is called that lies nowhere.
const PASTED: &str = "Pasted text";

/// What was found last, and whether to stop.
#[derive(Default)]
pub(crate) struct Discovering {
    stop: AtomicBool,
    found: Mutex<Option<Vec<Kept>>>,
}

impl Discovering {
    /// All that was found last.
    pub(crate) fn all(&self) -> Option<Vec<Find>> {
        let found = self.found();
        found.as_ref().map(|all| all.iter().map(|one| one.view.clone()).collect())
    }

    fn found(&self) -> MutexGuard<'_, Option<Vec<Kept>>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was looked at; of it alone can be told what is gone.
enum Place {
    Folders { folders: Vec<PathBuf>, histories: bool },
    Text { name: String, is_known_again: bool },
}

impl App {
    pub(crate) fn look_for_uses(
        &self,
        open: &Open,
        input: &LookIn,
    ) -> Result<FindsView, UserError> {
        let discovering = &open.discovering;
        *discovering.found() = None;
        discovering.stop.store(false, Ordering::SeqCst);
        // Entered before any value is opened.
        open.vault.write(Draft::of("inventory.searched_for").with(told(input)), &[], |_| Ok(()))?;
        self.tell_step(Step::Opening);
        let mut held: Vec<(VersionId, SecretString)> = Vec::new();
        let mut values = Values::default();
        let unopened = open.vault.each_value(&mut |value| {
            let version = VersionId { credential: value.credential, number: value.number };
            values.enter(&value);
            held.push((version, value.value));
        })?;
        let known = Known::of(held.iter().map(|(version, value)| (*version, value)));
        drop(held);
        let (found, place) = self.look(open, input, &known)?;
        let looked = Looked { found: &found, place: &place, values: &values };
        let mut kept = looked.finds(&open.vault)?;
        kept.sort_by_key(|one| (one.view.state, one.view.sort, !one.view.works));
        for (at, one) in (0..).zip(&mut kept) {
            one.view.at = at;
        }
        let view = FindsView {
            finds: kept.iter().take(PAGE).map(|one| one.view.clone()).collect(),
            total: number(kept.len()),
            left_out: left_out(&found),
            files: number(found.files),
            bytes: found.bytes,
            objects: number(found.objects),
            values: number(values.len()),
            too_short: number(known.too_short().len()),
            unopened: number(unopened),
            others: number(found.others),
            is_cut: found.is_cut,
        };
        *discovering.found() = Some(kept);
        Ok(view)
    }

    /// Stops the search that runs: it then tells what it has found.
    pub(crate) fn stop_looking(&self, open: &Open) {
        open.discovering.stop.store(true, Ordering::SeqCst);
    }

    /// More of what was found.
    pub(crate) fn read_finds(
        &self,
        open: &Open,
        input: &FindsPage,
    ) -> Result<Vec<Find>, UserError> {
        let held = open.discovering.found();
        let all = held.as_ref().ok_or_else(gone)?;
        let views: Vec<Find> = all.iter().map(|one| one.view.clone()).collect();
        Ok(page(&views, input.from, PAGE))
    }

    pub(crate) fn accept_finds(
        &self,
        open: &Open,
        input: &FindChoice,
    ) -> Result<AcceptedFinds, UserError> {
        // Held to the end: it is accepted once.
        let mut held = open.discovering.found();
        let all = held.as_ref().ok_or_else(gone)?;
        let chosen = || all.iter().filter(|one| input.accept.contains(&one.view.at));
        let by = open.vault.my_name()?;
        let accepted: Vec<_> = chosen().filter_map(|one| one.accepted(&by)).collect();
        let sum = open.vault.accept(&accepted)?;
        let leaks = chosen().filter(|one| one.view.sort == FindSort::Leak && one.view.works);
        let mut leaked: Vec<LeakedCredential> = leaks
            .filter_map(|Kept { view, .. }| {
                Some(LeakedCredential { id: view.credential?, name: view.credential_name.clone() })
            })
            .collect();
        leaked.dedup();
        *held = None;
        drop(held);
        self.tell(Happening::Runs);
        self.tell(Happening::Inventory);
        Ok(AcceptedFinds {
            consumers: number(sum.consumers),
            bindings: number(sum.bindings),
            seen: number(sum.seen),
            compromised: number(sum.compromised),
            gone: number(sum.gone),
            leaked,
        })
    }

    fn look(
        &self,
        open: &Open,
        input: &LookIn,
        known: &Known,
    ) -> Result<(Found, Place), UserError> {
        let programs = &self.0.places.programs;
        let goes_on = || self.is_open(open) && !open.discovering.stop.load(Ordering::SeqCst);
        let last = Mutex::new(None);
        let go_on = |progress: keyturn_discovery::Progress| {
            let progress = far(progress);
            let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
            if last.replace(progress) != Some(progress) {
                self.tell(Happening::Work(progress));
            }
            goes_on()
        };
        let git = find_program("git", programs);
        let histories = matches!(input, LookIn::Folders { histories: true, .. });
        let asked = Search {
            known,
            limits: Limits::USUAL,
            at_once: available_parallelism().map_or(1, usize::from),
            histories,
            git: git.as_deref(),
            go_on: &go_on,
        };
        Ok(match input {
            LookIn::Folders { folders, .. } => {
                let folders: Vec<PathBuf> = folders.iter().map(|it| self.place(it)).collect();
                (search(&folders, &asked), Place::Folders { folders, histories })
            }
            LookIn::File { file } => {
                let folders = vec![self.place(file)];
                (search(&folders, &asked), Place::Folders { folders, histories })
            }
            LookIn::Text { text } => {
                let name = PASTED.to_owned();
                // To look what it is.
                let found = search_text(&name, text.0.expose_secret().as_bytes(), &asked);
                (found, Place::Text { name, is_known_again: false })
            }
            LookIn::Cluster { all } => {
                self.tell_step(Step::Asking);
                match cluster::read(programs, *all, Limits::USUAL.file, &goes_on)? {
                    Some(cluster::Said { name, text }) => {
                        let found = search_text(&name, &text, &asked);
                        (found, Place::Text { name, is_known_again: true })
                    }
                    None => {
                        let found = Found { is_cut: true, ..Found::default() };
                        (found, Place::Text { name: String::new(), is_known_again: false })
                    }
                }
            }
        })
    }
}

/// Where was looked, for the log.
fn told(input: &LookIn) -> String {
    match input {
        LookIn::Folders { folders, .. } => folders.join(", "),
        LookIn::File { file } => file.clone(),
        LookIn::Text { .. } => PASTED.to_owned(),
        LookIn::Cluster { .. } => cluster::COMMAND.join(" "),
    }
}

fn far(progress: keyturn_discovery::Progress) -> Progress {
    use keyturn_discovery::Progress::{Histories, Listing, Reading};
    match progress {
        Listing(_) => Progress { step: Step::Listing, part: None },
        Reading { done, of } => {
            let part = done.saturating_mul(100) / of.max(1);
            Progress { step: Step::Searching, part: u8::try_from(part).ok() }
        }
        Histories(_) => Progress { step: Step::Histories, part: None },
    }
}

/// What was not read, by the reason, the most first.
fn left_out(found: &Found) -> Vec<LeftOut> {
    use keyturn_discovery::Refused;
    let mut all: Vec<LeftOut> = Vec::new();
    for skipped in &found.skipped {
        let at = all.iter().position(|it| it.why == skipped.why).unwrap_or_else(|| {
            all.push(LeftOut { why: skipped.why.clone(), count: 0, files: Vec::new() });
            all.len() - 1
        });
        if let Some(one) = all.get_mut(at) {
            one.count = one.count.saturating_add(1);
            if one.files.len() < NAMED {
                one.files.push(skipped.file.clone());
            }
        }
    }
    for one in &mut all {
        match one.why {
            Refused::Binary => one.count = number(found.binary),
            Refused::Link => one.count = number(found.links),
            _ => {}
        }
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.count));
    all
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn gone() -> UserError {
    UserError::new("KT-FINDS-GONE", MessageKey::FindsGone)
}

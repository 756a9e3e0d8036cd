//! The deadlines of a vault as they lie outside of it, so that reminders come while it is locked: under names that
//! tell nothing, with times and stages, sealed with a key that the key ring has. Where there is no key ring there is
//! no such file. It never holds a name, a kind, an owner or an id of the vault.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use hkdf::Hkdf;
use keyturn_engine::reminders::look;
use keyturn_model::{
    CredentialId, Entropy, Timestamp, Window,
    reminder::{Reminder, Severity, Stage},
};
use keyturn_vault::Key;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{KeyRing, settings::replace_durably};

/// Under what the key ring has the key of all such files of this computer.
const KEY: &str = "reminders";
const PLACE: &[u8] = b"keyturn 1 reminders";

/// Deadlines, each with the last notice of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Index<K> {
    pub(super) reminders: Vec<Reminder<K>>,
    pub(super) last: Vec<Option<Last>>,
}

/// The last notice of a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Last {
    pub(super) number: u32,
    pub(super) shown: bool,
}

/// What is to be shown: deadlines by their places, one for each credential.
#[derive(Debug)]
pub(super) struct Telling {
    pub(super) number: u32,
    pub(super) severity: Severity,
    pub(super) of: Vec<(usize, Stage)>,
}

impl<K: Ord + Clone> Index<K> {
    /// What is to be shown now, noted as told, and when to look again. What was noted before and is not known to have
    /// been shown comes first, under its number.
    pub(super) fn tell(
        &mut self,
        quiet: Option<&Window>,
        now: Timestamp,
        entropy: &dyn Entropy,
    ) -> (Vec<Telling>, Option<Timestamp>) {
        let mut all = self.unshown(now);
        let found = look(&self.reminders, quiet, now);
        for notice in found.notices {
            let mut random = [0; 4];
            entropy.fill(&mut random);
            let number = u32::from_le_bytes(random).max(1);
            for (place, stage) in notice.due.iter().flat_map(|due| &due.reached) {
                if let Some(one) = self.reminders.get_mut(*place) {
                    one.told.add(*stage);
                    one.moment = one.moment.max(Some(now));
                }
                if let Some(last) = self.last.get_mut(*place) {
                    *last = Some(Last { number, shown: false });
                }
            }
            let of = notice.due.iter().filter_map(|due| due.reached.first().copied());
            all.push(Telling { number, severity: notice.severity, of: of.collect() });
        }
        (all, found.next)
    }

    fn unshown(&self, now: Timestamp) -> Vec<Telling> {
        let mut notices: BTreeMap<u32, BTreeMap<&K, (Stage, usize)>> = BTreeMap::new();
        for (place, (one, last)) in self.reminders.iter().zip(&self.last).enumerate() {
            let Some(last) = last.filter(|last| !last.shown) else { continue };
            let Some(stage) = Stage::of(one.at, now).or(one.told.latest()) else { continue };
            let due = notices.entry(last.number).or_default();
            let first = due.entry(&one.whose).or_insert((stage, place));
            *first = (*first).max((stage, place));
        }
        let telling = |(number, due): (u32, BTreeMap<_, (Stage, usize)>)| {
            let of: Vec<_> = due.into_values().map(|(stage, place)| (place, stage)).collect();
            let severity = of.iter().map(|(_, stage)| stage.severity()).max()?;
            Some(Telling { number, severity, of })
        };
        notices.into_iter().filter_map(telling).collect()
    }

    /// Everything was shown.
    pub(super) fn note_shown(&mut self) {
        for last in self.last.iter_mut().flatten() {
            last.shown = true;
        }
    }
}

impl Index<CredentialId> {
    /// The same under names that tell nothing.
    pub(super) fn nameless(&self, key: &Key) -> Index<u64> {
        let nameless = |one: &Reminder<CredentialId>| Reminder {
            whose: alias(key, one.whose),
            deadline: one.deadline,
            at: one.at,
            told: one.told.clone(),
            moment: one.moment,
            snoozed: one.snoozed,
            muted: one.muted,
        };
        Index { reminders: self.reminders.iter().map(nameless).collect(), last: self.last.clone() }
    }
}

/// By what a credential is known outside of the vault.
pub(super) fn alias(key: &Key, credential: CredentialId) -> u64 {
    let mut alias = [0; 8];
    // Fails only for more than 255 blocks; this is one.
    let _ = Hkdf::<Sha256>::new(None, key.expose()).expand(credential.bytes(), &mut alias);
    u64::from_le_bytes(alias)
}

/// The key of this computer's files, made when there is none. Nothing without a key ring.
pub(super) fn key(ring: &dyn KeyRing, entropy: &dyn Entropy) -> Option<Key> {
    if let Some(kept) = ring.get(KEY).ok()? {
        return Key::copied(kept.expose_secret());
    }
    let key = Key::random(entropy);
    ring.set(KEY, key.expose()).ok()?;
    Some(key)
}

/// Where the file of a vault lies.
pub(super) fn place(data_folder: &Path, vault_folder: &Path) -> PathBuf {
    let real = fs::canonicalize(vault_folder).unwrap_or_else(|_| vault_folder.to_owned());
    let sum = Sha256::digest(real.as_os_str().as_encoded_bytes());
    let name: String = sum.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    data_folder.join("reminders").join(name)
}

/// What lies there; nothing where it is not ours to read.
pub(super) fn read(place: &Path, key: &Key) -> Option<Index<u64>> {
    let plain = keyturn_vault::open(key, PLACE, &fs::read(place).ok()?)?;
    let index: Index<u64> = serde_json::from_slice(&plain).ok()?;
    (index.reminders.len() == index.last.len()).then_some(index)
}

/// What is to lie there, before it is sealed.
pub(super) fn plain(index: &Index<u64>) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(serde_json::to_vec(index).unwrap_or_default())
}

/// Puts it there, in one step.
pub(super) fn write(
    place: &Path,
    key: &Key,
    plain: &[u8],
    entropy: &dyn Entropy,
) -> std::io::Result<()> {
    replace_durably(place, &keyturn_vault::seal(key, PLACE, plain, entropy))
}

#[cfg(test)]
mod tests {
    use keyturn_model::reminder::{Deadline, Told};
    use keyturn_testkit::Seeded;

    use super::*;

    const DAY_MS: i64 = 24 * 60 * 60 * 1000;

    fn index() -> Index<u64> {
        let reminder = |whose| Reminder {
            whose,
            deadline: Deadline::Expiry,
            at: Timestamp(DAY_MS),
            told: Told::default(),
            moment: None,
            snoozed: None,
            muted: None,
        };
        Index { reminders: (1..=5).map(reminder).collect(), last: vec![None; 5] }
    }

    #[test]
    fn what_is_not_known_to_have_been_shown_comes_again_under_its_number_and_then_no_more() {
        let (mut index, random) = (index(), Seeded::new(1));
        let told = |index: &mut Index<u64>| {
            let (all, _) = index.tell(None, Timestamp(0), &*random);
            all.iter().map(|one| (one.number, one.of.len())).collect::<Vec<_>>()
        };
        let first = told(&mut index);
        assert_eq!((first.len(), first[0].1), (1, 5));
        assert_eq!(told(&mut index), first);
        index.note_shown();
        assert_eq!(told(&mut index), []);
    }

    #[test]
    fn a_file_opens_with_its_key_only_and_as_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let (place, random) = (folder.path().join("index"), Seeded::new(2));
        let (key, other) = (Key::random(&*random), Key::random(&*random));
        let index = index();
        write(&place, &key, &plain(&index), &*random).expect("written");
        assert_eq!(read(&place, &key), Some(index));
        assert_eq!(read(&place, &other), None);
        let mut changed = fs::read(&place).expect("read");
        changed[30] ^= 1;
        fs::write(&place, changed).expect("written");
        assert_eq!(read(&place, &key), None);
    }
}

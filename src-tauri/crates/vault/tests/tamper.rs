//! A vault that was changed by somebody without its keys is refused, with the reason, and left as it
//! is.
#![allow(clippy::expect_used, reason = "a test that cannot go on fails here")]

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    mem::discriminant,
    path::{Path, PathBuf},
};

use keyturn_model::Role;
use keyturn_testkit::{
    Bench, PASSPHRASE, Plainly,
    by_document::{ByDocument, Header, Kind, copy_folder},
    name, quiet, words,
};
use keyturn_vault::{ClosedVault, Code, Folder, Head, Secret, Vault, VaultError};
use rusqlite::types::Value;

const PAGE: usize = 4096;
const HEADER: &str = "vault.hdr";
const DATABASE: &str = "vault-1.db";

/// One vault at two moments, cleanly closed at both.
struct Moments {
    bench: Bench,
    code: Code,
    older: PathBuf,
    newer: PathBuf,
    newer_head: Head,
}

impl Moments {
    fn make() -> Self {
        Self::with(|vault| {
            for number in 0..6 {
                let name = format!("added later {number}");
                vault.add_credential(&name, &[7; 600]).expect("added");
            }
            for listed in vault.first_credentials(40).expect("listed").iter().step_by(9) {
                vault.rename_credential(listed.id, "renamed later", 1).expect("renamed");
            }
            let ana = vault.me();
            for (revision, other) in [(1, "Ana B."), (2, "Ana C."), (3, "Ana D.")] {
                vault.change_member(ana, &name(other), Role::Owner, revision).expect("changed");
            }
        })
    }

    fn with(change: impl FnOnce(&Vault)) -> Self {
        let bench = Bench::new();
        let (vault, code) = bench.create().expect("made");
        let value = [7; 600];
        let mut ids = Vec::new();
        for number in 0..48 {
            let name = format!("payment gateway of region {number}");
            ids.push(vault.add_credential(&name, &value).expect("added"));
        }
        for id in ids.iter().cycle().take(64) {
            vault.use_value(*id).expect("used");
        }
        vault.sign_head().expect("signed");
        drop(vault);
        let older = bench.place("older");
        copy_folder(bench.folder().path(), &older).expect("copied");

        bench.clock.go(3600);
        let vault = bench.recover(&bench.folder(), &code).expect("unlocked");
        change(&vault);
        let newer_head = vault.sign_head().expect("signed");
        drop(vault);
        let newer = bench.folder().path().to_owned();
        Self { bench, code, older, newer, newer_head }
    }

    fn pages(&self, of: &Path) -> Vec<Vec<u8>> {
        let bytes = fs::read(of.join(DATABASE)).expect("read");
        bytes.chunks(PAGE).map(<[u8]>::to_vec).collect()
    }

    /// A copy of the newer moment with something done to it.
    fn tampered(&self, tamper: &dyn Fn(&Path)) -> Copy {
        let copy = Copy::of(&self.newer);
        tamper(copy.path());
        copy
    }

    /// Does something to the vault and opens it: why is that refused?
    ///
    /// A page that unlocking does not read can be noticed by the check only. Unlocking has entered
    /// itself in the log by then, so that the files are compared once more where it may only read.
    fn refusal(&self, tamper: &dyn Fn(&Path)) -> VaultError {
        let copy = self.tampered(tamper);
        let before = files(copy.path());
        let unlocked = match self.bench.recover(&copy.folder(), &self.code) {
            Err(error) => {
                assert!(before == files(copy.path()), "a refused vault was changed: {error}");
                return error;
            }
            Ok(vault) => vault,
        };
        let found = unlocked.check().expect_err("the check notices");
        drop(unlocked);

        let copy = self.tampered(tamper);
        let before = files(copy.path());
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(copy.folder().path().join("vault.lock"))
            .expect("opened");
        lock.lock().expect("held");
        let reading = self.bench.recover(&copy.folder(), &self.code).expect("unlocked");
        assert!(reading.is_read_only());
        let again = reading.check().expect_err("the check notices");
        drop(reading);
        assert!(before == files(copy.path()), "a refused vault was changed: {again}");
        assert_eq!(discriminant(&found), discriminant(&again), "{found} or {again}?");
        found
    }
}

/// A folder that goes away.
struct Copy(tempfile::TempDir);

impl Copy {
    fn of(folder: &Path) -> Self {
        let place = tempfile::tempdir().expect("a folder");
        copy_folder(folder, &place.path().join("Acme")).expect("copied");
        Self(place)
    }
    fn folder(&self) -> Folder {
        Folder::at(self.0.path().join("Acme"))
    }
    fn path(&self) -> &Path {
        self.0.path()
    }
}

/// The header and the databases, byte by byte.
fn files(around: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fs::read_dir(around.join("Acme"))
        .expect("listed")
        .map(|entry| entry.expect("an entry").path())
        .filter(|file| file.extension().is_some_and(|ending| ending == "hdr" || ending == "db"))
        .map(|file| (file.clone(), fs::read(&file).expect("read")))
        .collect()
}

fn change(around: &Path, file: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let file = around.join("Acme").join(file);
    let mut bytes = fs::read(&file).expect("read");
    change(&mut bytes);
    fs::write(&file, bytes).expect("written");
}

fn flip(bytes: &mut [u8], at: usize) {
    bytes[at] ^= 1 << (at % 8);
}

#[test]
fn a_flipped_bit_in_any_page_is_damage() {
    let moments = Moments::make();
    let pages = moments.pages(&moments.newer).len();
    assert!(pages > 20, "{pages}");
    for page in 0..pages {
        // In the content, in the first bytes, and in the seal of the page.
        let places: &[usize] = match page % 3 {
            _ if page == 0 => &[3, 16, 900, 4090],
            0 => &[2000],
            1 => &[0],
            _ => &[4060],
        };
        for within in places {
            let error = moments.refusal(&|copy| {
                change(copy, DATABASE, |bytes| flip(bytes, page * PAGE + within));
            });
            assert!(matches!(error, VaultError::Damaged(_)), "page {page}, {within}: {error:?}");
        }
    }
}

#[test]
fn a_database_that_is_cut_anywhere_is_truncated() {
    let moments = Moments::make();
    let whole = fs::read(moments.newer.join(DATABASE)).expect("read").len();
    let odd = [1, 15, 16, 17, 511, PAGE - 1, PAGE + 1, 3 * PAGE + 1000, whole - 1];
    for length in (PAGE..whole).step_by(PAGE).chain(odd) {
        let error = moments.refusal(&|copy| change(copy, DATABASE, |bytes| bytes.truncate(length)));
        assert!(matches!(error, VaultError::Truncated(_)), "{length} of {whole}: {error:?}");
    }
}

#[test]
fn a_database_with_something_after_its_end_is_damaged() {
    let moments = Moments::make();
    let error = moments.refusal(&|copy| change(copy, DATABASE, |bytes| bytes.extend([0x5A; PAGE])));
    assert!(matches!(error, VaultError::Damaged(_)), "{error:?}");
    let error = moments.refusal(&|copy| change(copy, DATABASE, |bytes| bytes.extend([0x5A; 100])));
    assert!(matches!(error, VaultError::Truncated(_)), "{error:?}");
}

#[test]
fn an_empty_or_missing_database_is_told_and_no_new_one_is_made() {
    let moments = Moments::make();
    let error = moments.refusal(&|copy| change(copy, DATABASE, Vec::clear));
    assert!(matches!(error, VaultError::Empty(_)), "{error:?}");
    let error = moments.refusal(&|copy| {
        fs::remove_file(copy.join("Acme").join(DATABASE)).expect("removed");
    });
    assert!(matches!(error, VaultError::Missing(_)), "{error:?}");
}

/// Every row of every table, when the indexes fit them. Of the index of words what it says: which
/// word stands where, not how it is kept.
fn everything(folder: &Path, code: &Code) -> Option<Vec<Vec<Value>>> {
    let database = ByDocument::open(folder, code).ok()?.connect().ok()?;
    let fits: String =
        database.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).ok()?;
    if fits != "ok" {
        return None;
    }
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table'
                  AND (name NOT GLOB 'finder_*' OR name = 'finder_place') ORDER BY name";
    let mut list = database.prepare(tables).ok()?;
    let names = list.query_map([], |row| row.get::<_, String>(0)).ok()?;
    let mut rows = Vec::new();
    for name in names {
        let mut all = database.prepare(&format!("SELECT * FROM \"{}\"", name.ok()?)).ok()?;
        let columns = all.column_count();
        let found = all.query_map([], |row| (0..columns).map(|at| row.get(at)).collect()).ok()?;
        rows.extend(found.collect::<Result<Vec<Vec<Value>>, _>>().ok()?);
    }
    Some(rows)
}

/// How many pages were put back and noticed. One that was only written anew with what was in it, so
/// that nothing older can be read from it, is none.
fn every_differing_page_is_noticed(moments: &Moments) -> usize {
    let now = everything(&moments.newer, &moments.code).expect("sound");
    let (older, newer) = (moments.pages(&moments.older), moments.pages(&moments.newer));
    let differing = older.iter().zip(&newer).enumerate().filter(|(_, (old, new))| old != new);
    differing
        .filter(|(number, (old, _))| {
            let put_back = |copy: &Path| {
                change(copy, DATABASE, |bytes| {
                    bytes[number * PAGE..][..PAGE].copy_from_slice(old);
                });
            };
            let copy = moments.tampered(&put_back);
            if everything(copy.folder().path(), &moments.code).as_ref() == Some(&now) {
                return false;
            }
            let error = moments.refusal(&put_back);
            let told = matches!(
                error,
                VaultError::OlderPart(_)
                    | VaultError::Damaged(_)
                    | VaultError::Truncated(_)
                    | VaultError::AuditBroken { .. }
            );
            assert!(told, "page {number}: {error:?}");
            true
        })
        .count()
}

#[test]
fn a_page_of_an_older_state_is_noticed_although_its_seal_is_right() {
    let differing = every_differing_page_is_noticed(&Moments::make());
    assert!(differing > 5, "{differing}");
}

#[test]
fn an_older_page_is_noticed_even_where_only_a_name_changed() {
    // As many entries in every index as before: only their content is older.
    let moments = Moments::with(|vault| {
        let first = vault.first_credentials(1).expect("listed").remove(0);
        let other = first.name.replace("payment", "repayed");
        vault.rename_credential(first.id, &other, 1).expect("renamed");
    });
    let differing = every_differing_page_is_noticed(&moments);
    assert!(differing >= 4, "{differing}");
}

#[test]
fn header_and_database_of_two_moments_do_not_go_together() {
    let moments = Moments::make();
    let error = moments.refusal(&|copy| {
        fs::copy(moments.older.join(DATABASE), copy.join("Acme").join(DATABASE)).expect("copied");
    });
    assert!(matches!(error, VaultError::OlderPart(_)), "{error:?}");
    let error = moments.refusal(&|copy| {
        fs::copy(moments.older.join(HEADER), copy.join("Acme").join(HEADER)).expect("copied");
    });
    assert!(matches!(error, VaultError::OlderHeader(_)), "{error:?}");
}

#[test]
fn a_whole_older_state_is_told_by_a_head_that_was_kept_elsewhere() {
    let moments = Moments::make();
    let copy = Copy::of(&moments.older);
    let vault = moments.bench.recover(&copy.folder(), &moments.code).expect("unlocked");
    assert!(!vault.remembers(moments.newer_head).expect("read"));
    drop(vault);
    let copy = Copy::of(&moments.newer);
    let vault = moments.bench.recover(&copy.folder(), &moments.code).expect("unlocked");
    assert!(vault.remembers(moments.newer_head).expect("read"));
}

#[test]
fn a_wal_that_nobody_took_over_stays_where_it_is_when_the_vault_is_refused() {
    let moments = Moments::make();
    // Copied while it was open: everything since the opening is in the WAL.
    let vault = moments.bench.recover(&moments.bench.folder(), &moments.code).expect("unlocked");
    vault.add_credential("in the WAL", b"fixture").expect("added");
    let copy = Copy::of(&moments.newer);
    drop(vault);
    let wal = copy.path().join("Acme").join("vault-1.db-wal");
    assert!(fs::metadata(&wal).expect("there").len() > 0);
    fs::copy(moments.older.join(HEADER), copy.path().join("Acme").join(HEADER)).expect("copied");
    let before = (files(copy.path()), fs::read(&wal).expect("read"));
    let error = moments.bench.recover(&copy.folder(), &moments.code).err().expect("refused");
    assert!(matches!(error, VaultError::OlderHeader(_)), "{error:?}");
    assert!(before == (files(copy.path()), fs::read(&wal).expect("read")));

    fs::copy(moments.newer.join(HEADER), copy.path().join("Acme").join(HEADER)).expect("copied");
    let vault = moments.bench.recover(&copy.folder(), &moments.code).expect("unlocked");
    vault.check().expect("sound");
    let there = vault.first_credentials(100).expect("listed");
    assert!(there.iter().any(|listed| listed.name == "in the WAL"));
}

#[test]
fn the_header_of_another_vault_does_not_open_this_database() {
    let moments = Moments::make();
    let mut other = Bench::new();
    other.surroundings.entropy = keyturn_testkit::Seeded::new(8);
    let (vault, code) = other.create().expect("made");
    drop(vault);
    let copy = Copy::of(&moments.newer);
    fs::copy(other.folder().path().join(HEADER), copy.path().join("Acme").join(HEADER))
        .expect("copied");
    let before = files(copy.path());
    let error = other.recover(&copy.folder(), &code).err().expect("refused");
    assert!(matches!(error, VaultError::OtherVault(_)), "{error:?}");
    let error = other.recover(&copy.folder(), &moments.code).err().expect("refused");
    assert!(matches!(error, VaultError::WrongKey), "{error:?}");
    assert!(before == files(copy.path()), "a refused vault was changed");
}

#[test]
fn every_changed_byte_of_the_header_is_noticed() {
    let moments = Moments::make();
    let copy = Copy::of(&moments.newer);
    let header = fs::read(moments.newer.join(HEADER)).expect("read");
    let place = copy.path().join("Acme").join(HEADER);
    for at in 0..header.len() {
        let mut bytes = header.clone();
        flip(&mut bytes, at);
        fs::write(&place, &bytes).expect("written");
        let error = moments.bench.recover(&copy.folder(), &moments.code).err().expect("refused");
        let told = match at {
            // The sum stands before the seal: the seal alone is a matter of the key.
            _ if at >= header.len() - 32 => matches!(error, VaultError::HeaderForged(_)),
            10..14 => {
                matches!(error, VaultError::HeaderDamaged(_) | VaultError::Truncated(_))
            }
            _ => matches!(error, VaultError::HeaderDamaged(_)),
        };
        assert!(told, "byte {at}: {error:?}");
        assert_eq!(fs::read(&place).expect("read"), bytes);
    }
    let database = |folder: &Path| fs::read(folder.join(DATABASE)).expect("read");
    assert!(database(copy.folder().path()) == database(&moments.newer), "it was changed");
}

#[test]
fn a_header_that_is_cut_anywhere_is_truncated() {
    let moments = Moments::make();
    let copy = Copy::of(&moments.newer);
    let header = fs::read(moments.newer.join(HEADER)).expect("read");
    let place = copy.path().join("Acme").join(HEADER);
    for length in 0..header.len() {
        fs::write(&place, &header[..length]).expect("written");
        let error = ClosedVault::look(copy.folder()).expect_err("refused");
        let told = if length == 0 {
            matches!(error, VaultError::Empty(_))
        } else {
            matches!(error, VaultError::Truncated(_))
        };
        assert!(told, "{length}: {error:?}");
    }
    fs::remove_file(&place).expect("removed");
    assert!(matches!(ClosedVault::look(copy.folder()), Err(VaultError::Missing(_))));
    fs::write(&place, [header.as_slice(), &[0]].concat()).expect("written");
    assert!(matches!(ClosedVault::look(copy.folder()), Err(VaultError::HeaderDamaged(_))));
    File::create(&place).and_then(|file| file.set_len(1 << 40)).expect("made long");
    assert!(matches!(ClosedVault::look(copy.folder()), Err(VaultError::HeaderDamaged(_))));
}

#[test]
fn a_newer_header_or_database_is_told_and_left_as_it_is() {
    let moments = Moments::make();
    let header = Header::read(&moments.newer).expect("read");
    let newer = header.summed(2, [0; 32]).expect("written");
    let error = moments.refusal(&|copy| {
        fs::write(copy.join("Acme").join(HEADER), &newer).expect("written");
    });
    assert!(matches!(error, VaultError::Newer { format: 2, .. }), "{error:?}");

    let error = moments.refusal(&|copy| {
        let opened = ByDocument::open(&copy.join("Acme"), &moments.code).expect("opened");
        let database = opened.connect().expect("opened");
        database.pragma_update(None, "user_version", 4000).expect("changed");
    });
    assert!(matches!(error, VaultError::Newer { format: 4000, .. }), "{error:?}");
}

fn passphrase_cost(header: &mut Header) -> &mut (u32, u32, u32) {
    header.members[0]
        .slots
        .iter_mut()
        .find_map(|slot| match &mut slot.kind {
            Kind::Passphrase(cost, _) => Some(cost),
            _ => None,
        })
        .expect("there is one")
}

/// The last 32 bytes: a forger leaves them, for the key that makes them is not at hand.
fn seal_of(folder: &Path) -> [u8; 32] {
    *fs::read(folder.join(HEADER)).expect("read").last_chunk().expect("long enough")
}

fn forged(moments: &Moments, forge: impl Fn(&mut Header)) -> Vec<u8> {
    let mut header = Header::read(&moments.newer).expect("read");
    forge(&mut header);
    header.summed(1, seal_of(&moments.newer)).expect("written")
}

#[test]
fn a_header_that_the_document_describes_is_the_one_that_is_written() {
    let moments = Moments::make();
    let opened = ByDocument::open(&moments.newer, &moments.code).expect("opened");
    let bytes = opened.sealed(&opened.header).expect("written");
    assert_eq!(bytes, fs::read(moments.newer.join(HEADER)).expect("read"));
}

#[test]
fn a_cost_out_of_bounds_is_refused_before_anything_is_derived() {
    let moments = Moments::make();
    for cost in [
        (64 * 1024 - 1, 3, 4),
        (1024 * 1024 + 1, 3, 4),
        (u32::MAX, 3, 4),
        (64 * 1024, 0, 4),
        (64 * 1024, 17, 4),
        (64 * 1024, 3, 0),
        (64 * 1024, 3, 9),
    ] {
        let bytes = forged(&moments, |header| *passphrase_cost(header) = cost);
        let error = moments.refusal(&|copy| {
            fs::write(copy.join("Acme").join(HEADER), &bytes).expect("written");
        });
        assert!(matches!(error, VaultError::CostRefused), "{cost:?}: {error:?}");
    }
}

#[test]
fn a_slot_with_other_parameters_does_not_open() {
    let moments = Moments::make();
    let bytes = forged(&moments, |header| passphrase_cost(header).1 = 4);
    let error = moments.refusal(&|copy| {
        fs::write(copy.join("Acme").join(HEADER), &bytes).expect("written");
    });
    assert!(matches!(error, VaultError::HeaderForged(_)), "by another slot: {error:?}");

    let copy = Copy::of(&moments.newer);
    let forgeries: [&dyn Fn(&mut Header); 3] = [
        &|header| passphrase_cost(header).1 = 4,
        &|header| passphrase_cost(header).0 = 96 * 1024,
        &|header| header.members[0].slots[0].created += 1,
    ];
    for forge in forgeries {
        fs::write(copy.path().join("Acme").join(HEADER), forged(&moments, forge)).expect("written");
        let before = files(copy.path());
        let closed = ClosedVault::look(copy.folder()).expect("in bounds");
        let ana = closed.members()[0].id;
        let passphrase = words(PASSPHRASE);
        let secret = Secret::Passphrase(&passphrase);
        let refused = closed.unlock(ana, &secret, &moments.bench.surroundings, &quiet);
        assert!(matches!(refused.err(), Some(VaultError::WrongKey)));
        assert!(before == files(copy.path()), "a refused vault was changed");
    }
}

#[test]
fn a_header_that_somebody_without_the_key_wrote_is_forged() {
    let moments = Moments::make();
    type Forge<'a> = &'a dyn Fn(&mut Header);
    let forgeries: [(&str, Forge<'_>); 8] = [
        ("role", &|header| header.members[0].role = 2),
        ("name of a member", &|header| header.members[0].name = "Eve".to_owned()),
        ("name of the vault", &|header| header.name = "Acme 2".to_owned()),
        ("revision", &|header| header.revision += 1),
        ("generation", &|header| header.generation = 2),
        ("public key", &|header| header.members[0].wrapping_key[0] ^= 1),
        ("wrapped key", &|header| header.members[0].wrapped[40] ^= 1),
        ("another member", &|header| {
            let mut eve = header.members[0].clone();
            eve.id[15] ^= 1;
            eve.name = "Eve".to_owned();
            header.members.push(eve);
        }),
    ];
    for (what, forge) in forgeries {
        let bytes = forged(&moments, forge);
        let error = moments.refusal(&|copy| {
            fs::write(copy.join("Acme").join(HEADER), &bytes).expect("written");
        });
        assert!(matches!(error, VaultError::HeaderForged(_)), "{what}: {error:?}");
    }
    let bytes = forged(&moments, |header| header.vault[0] ^= 1);
    let error = moments.refusal(&|copy| {
        fs::write(copy.join("Acme").join(HEADER), &bytes).expect("written");
    });
    assert!(matches!(error, VaultError::WrongKey), "the slots are of this vault: {error:?}");
}

#[test]
fn a_member_cannot_be_swapped_for_another_even_by_somebody_with_the_header_key() {
    let moments = Moments::make();
    let opened = ByDocument::open(&moments.newer, &moments.code).expect("opened");
    let mut header = opened.header.clone();
    header.members[0].signing_key[0] ^= 1;
    let bytes = opened.sealed(&header).expect("written");
    let error = moments.refusal(&|copy| {
        fs::write(copy.join("Acme").join(HEADER), &bytes).expect("written");
    });
    assert!(matches!(error, VaultError::HeaderForged(_)), "{error:?}");
}

//! Whoever changes the audit log, even with the key of the database, is noticed: the check names the
//! first entry that is not what was written.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails here")]

use std::path::Path;

use keyturn_testkit::{
    Bench, Plainly,
    by_document::{ByDocument, copy_folder},
};
use keyturn_vault::{Code, Folder, Head, VaultError};
use rusqlite::Connection;

/// The log of a vault with two checkpoints, the last of them at its end.
struct Log {
    bench: Bench,
    code: Code,
    head: Head,
}

impl Log {
    fn make() -> Self {
        let bench = Bench::new();
        let (vault, code) = bench.create().expect("made");
        for number in 0..60 {
            let id = vault.add_credential(&format!("key {number}"), b"fixture").expect("added");
            vault.use_value(id).expect("used");
        }
        let head = vault.sign_head().expect("signed");
        drop(vault);
        assert!(head.seq > 110, "{head:?}");
        Self { bench, code, head }
    }

    /// What the check finds after `edit`. Nobody unlocks for writing before, so that the log is
    /// checked as the editor left it.
    fn finding(&self, edit: impl FnOnce(&Connection)) -> VaultError {
        let (_around, folder) = self.edited(edit);
        let lock = std::fs::File::create(folder.path().join("vault.lock")).expect("opened");
        lock.lock().expect("held");
        let vault = self.bench.recover(&folder, &self.code).expect("unlocked");
        vault.check().expect_err("the check notices")
    }

    fn edited(&self, edit: impl FnOnce(&Connection)) -> (tempfile::TempDir, Folder) {
        let around = tempfile::tempdir().expect("a folder");
        let place = around.path().join("Acme");
        copy_folder(self.bench.folder().path(), &place).expect("copied");
        edit(&opened(&place, &self.code));
        (around, Folder::at(place))
    }

    fn first_bad(&self, edit: impl FnOnce(&Connection)) -> u64 {
        match self.finding(edit) {
            VaultError::AuditBroken { number } => number,
            other => panic!("{other:?}"),
        }
    }

    fn all(&self) -> [u64; 6] {
        [1, 2, 57, 99, 100, self.head.seq - 1]
    }
}

fn opened(folder: &Path, code: &Code) -> Connection {
    let opened = ByDocument::open(folder, code).expect("opened");
    opened.connect().expect("the key fits")
}

fn run(log: &Connection, sentence: &str, seq: u64) {
    let changed = log.execute(sentence, [i64::try_from(seq).expect("small")]).expect("done");
    assert!(changed > 0, "{sentence}");
}

#[test]
fn a_changed_entry_is_named_whichever_of_its_columns_was_changed() {
    let log = Log::make();
    for seq in log.all() {
        for change in [
            "at = at + 1",
            "actor = zeroblob(16)",
            "actor_name = 'Eve'",
            "action = 'credential.deleted'",
            "about = zeroblob(16)",
            "about = NULL",
            "about_name = 'another'",
            "detail = detail || ' '",
            "mac = zeroblob(32)",
            "mac = zeroblob(31)",
        ] {
            let sentence = format!("UPDATE entry SET {change} WHERE seq = ?1");
            // The second is about nothing.
            let same = seq == 2 && change == "about = NULL";
            if !same {
                assert_eq!(log.first_bad(|file| run(file, &sentence, seq)), seq, "{change}");
            }
        }
    }
}

#[test]
fn a_dropped_entry_is_named() {
    let log = Log::make();
    for seq in log.all() {
        let drop = |file: &Connection| run(file, "DELETE FROM entry WHERE seq = ?1", seq);
        assert_eq!(log.first_bad(drop), seq);
        // The gap closed by renumbering.
        let close = |file: &Connection| {
            run(file, "DELETE FROM entry WHERE seq = ?1", seq);
            run(file, "UPDATE entry SET seq = -seq WHERE seq > ?1", seq);
            run(file, "UPDATE entry SET seq = -seq - 1 WHERE seq < 0 AND ?1", seq);
        };
        assert_eq!(log.first_bad(close), seq);
    }
}

#[test]
fn swapped_entries_are_named_by_the_first_of_them() {
    let log = Log::make();
    for seq in log.all() {
        let swap = |file: &Connection| {
            run(file, "UPDATE entry SET seq = -1 WHERE seq = ?1", seq);
            run(file, "UPDATE entry SET seq = ?1 WHERE seq = ?1 + 1", seq);
            run(file, "UPDATE entry SET seq = ?1 + 1 WHERE seq = -1", seq);
        };
        assert_eq!(log.first_bad(swap), seq);
    }
}

#[test]
fn a_duplicated_entry_is_named_where_the_copy_stands() {
    const COPY: &str = "INSERT INTO entry SELECT ?1 + 1, at, actor, actor_name, action, about, \
                        about_name, detail, mac FROM entry WHERE seq = ?1";
    let log = Log::make();
    for seq in log.all() {
        let insert = |file: &Connection| {
            run(file, "UPDATE entry SET seq = -seq WHERE seq > ?1", seq);
            run(file, "UPDATE entry SET seq = -seq + 1 WHERE seq < 0 AND ?1", seq);
            run(file, COPY, seq);
        };
        assert_eq!(log.first_bad(insert), seq + 1);
    }
    let last = log.head.seq;
    assert_eq!(log.first_bad(|file| run(file, COPY, last)), last + 1);
    // Who unlocks for writing would give the next entry the number that the copy has.
    let (_around, folder) = log.edited(|file| run(file, COPY, last));
    let refused = log.bench.recover(&folder, &log.code).err().expect("refused");
    assert!(matches!(refused, VaultError::AuditBroken { number } if number == last + 1));
}

#[test]
fn a_truncated_log_is_named_by_the_first_entry_that_is_missing() {
    let log = Log::make();
    for seq in log.all() {
        let cut = |file: &Connection| run(file, "DELETE FROM entry WHERE seq >= ?1", seq);
        assert_eq!(log.first_bad(cut), seq);
        // The end moved as well: the signed heads tell.
        let move_end = |file: &Connection| {
            cut(file);
            let end = "UPDATE meta SET audit_seq = ?1 - 1, audit_mac = \
                       coalesce((SELECT mac FROM entry WHERE seq = ?1 - 1), zeroblob(32))";
            run(file, end, seq);
        };
        assert_eq!(log.first_bad(move_end), seq);
    }
}

#[test]
fn a_truncation_that_takes_the_signed_heads_too_is_told_by_the_sum_and_by_a_head_kept_elsewhere() {
    let log = Log::make();
    let cut = |file: &Connection| {
        let from = log.head.seq;
        run(file, "DELETE FROM entry WHERE seq >= ?1", from);
        run(file, "DELETE FROM checkpoint WHERE seq >= ?1", from);
        let end = "UPDATE meta SET audit_seq = ?1 - 1, \
                   audit_mac = (SELECT mac FROM entry WHERE seq = ?1 - 1)";
        run(file, end, from);
    };
    assert!(matches!(log.finding(cut), VaultError::OlderPart(_)));
    let (_around, folder) = log.edited(cut);
    let vault = log.bench.recover(&folder, &log.code).expect("unlocked");
    assert!(!vault.remembers(log.head).expect("read"));
}

#[test]
fn an_emptied_log_is_named_by_its_first_entry() {
    let log = Log::make();
    assert_eq!(log.first_bad(|file| run(file, "DELETE FROM entry WHERE seq >= ?1", 1)), 1);
}

#[test]
fn signed_heads_and_keys_of_the_log_cannot_be_exchanged() {
    let log = Log::make();
    for sentence in [
        "UPDATE checkpoint SET signature = zeroblob(64) WHERE seq = ?1",
        "UPDATE checkpoint SET public_key = zeroblob(32) WHERE seq = ?1",
        "UPDATE checkpoint SET mac = zeroblob(32) WHERE seq = ?1",
        "DELETE FROM checkpoint WHERE seq = ?1",
    ] {
        let finding = log.finding(|file| run(file, sentence, 100));
        assert!(matches!(finding, VaultError::OlderPart(_)), "{sentence}: {finding:?}");
    }
    let finding = log.finding(|file| {
        run(file, "UPDATE audit_key SET sealed = zeroblob(72) WHERE ?1", 1);
    });
    assert!(matches!(finding, VaultError::OlderPart(_)), "{finding:?}");
}

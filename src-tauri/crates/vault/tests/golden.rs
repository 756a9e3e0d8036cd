//! Vaults of each version of the database open for ever.
//!
//! `KEYTURN_WRITE_FIXTURES=1` writes the one of the present version, when there is none yet.
#![allow(clippy::expect_used, reason = "a test that cannot go on fails here")]

use std::{fs, path::PathBuf, sync::Once};

use keyturn_model::Role;
use keyturn_testkit::{Bench, PASSPHRASE, Plainly, by_document::copy_folder, name, quiet, words};
use keyturn_vault::{ClosedBackup, Code, Folder, RecoveryKey, Secret, Vault};
use secrecy::ExposeSecret;

const VERSION: &str = "v10";
const VERSIONS: [&str; 10] = ["v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10"];
const DANA: &str = "dana has a fixture too";
const CREDENTIALS: [(&str, &str); 3] = [
    ("mail-relay", "fixture-value-of-mail-relay"),
    ("orders-db", "fixture-value-of-orders-db"),
    ("payment-gateway", "fixture-value-of-payment-gateway"),
];

fn place(version: &str) -> PathBuf {
    let here = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("cargo tells it"));
    here.join("../../../tests/fixtures/vaults").join(version)
}

/// The recovery key that the README beside the vault names.
fn recovery_key(version: &str) -> Code {
    let readme = fs::read_to_string(place(version).join("README.md")).expect("read");
    let line = readme.lines().find_map(|line| line.strip_prefix("Recovery key: "));
    let code = line.expect("it is named").trim_matches('`');
    Code::typed(code, Code::RECOVERY_KEY).expect("without a typing error")
}

/// Once, before any test of this file looks.
fn write_if_asked() {
    static WRITTEN: Once = Once::new();
    if std::env::var_os("KEYTURN_WRITE_FIXTURES").is_some() {
        WRITTEN.call_once(write);
    }
}

fn write() {
    let to = place(VERSION);
    if to.join("Acme").exists() {
        return;
    }
    let bench = Bench::new();
    let (vault, code) = bench.create().expect("made");
    for (name, value) in CREDENTIALS {
        bench.clock.go(60);
        vault.add_credential(name, value.as_bytes()).expect("added");
    }
    vault.prove_recovery_key(&code).expect("it is it");
    let (dana, invitation, _) = vault.invite(&name("Dana"), Role::Rotator, 1).expect("invited");
    let (_eve, ..) = vault.invite(&name("Eve"), Role::Reader, 2).expect("invited");
    drop(vault);
    let closed = keyturn_vault::ClosedVault::look(bench.folder()).expect("there");
    let cost = keyturn_vault::Cost::FLOOR;
    drop(closed.accept(dana, &invitation, &words(DANA), cost, &bench.surroundings, &quiet));
    let vault = bench.unlock().expect("unlocked");
    let (members, revision) = vault.members().expect("listed");
    let eve = members.iter().find(|member| member.name == "Eve").expect("invited").id;
    vault.remove_member(eve, revision, &quiet).expect("removed");
    fs::create_dir_all(&to).expect("made");
    vault.back_up(&to.join("Acme.keyturn-backup"), &quiet).expect("backed up");
    vault.sign_head().expect("signed");
    drop(vault);
    copy_folder(bench.folder().path(), &to.join("Acme")).expect("copied");
    for left in ["vault.lock", "holder.json", "attempts.json"] {
        let _ = fs::remove_file(to.join("Acme").join(left));
    }
    let text = format!(
        "# A fixture\n\n\
         A vault as format {} was written, and a backup of it. Nothing in it is a secret of anybody.\n\n\
         Passphrase of Ana (owner): `{PASSPHRASE}`\n\
         Recovery key: `{}`\n\
         Passphrase of Dana (rotator): `{DANA}`\n\n\
         Eve was invited and removed, so the database is that of generation 2.\n",
        VERSION.trim_start_matches('v'),
        *code.text()
    );
    fs::write(to.join("README.md"), text).expect("written");
}

fn has_everything(vault: &Vault) {
    vault.check().expect("sound");
    let listed = vault.first_credentials(10).expect("listed");
    let found: Vec<(String, Vec<u8>)> = listed
        .into_iter()
        .map(|listed| {
            let value = vault.use_value(listed.id).expect("opened");
            (listed.name, value.expose_secret().to_vec())
        })
        .collect();
    let wanted = CREDENTIALS.map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()));
    assert_eq!(found, wanted);
}

#[test]
fn vaults_of_every_version_open_with_everything_in_them() {
    write_if_asked();
    for version in VERSIONS {
        let bench = Bench::new();
        copy_folder(&place(version).join("Acme"), bench.folder().path()).expect("copied");
        let vault = bench.unlock().expect("by passphrase");
        assert_eq!(vault.ways().expect("read").recovery_key, RecoveryKey::Proven);
        has_everything(&vault);
        let (members, _) = vault.members().expect("listed");
        let roles: Vec<_> = members.iter().map(|m| (m.name.as_str(), m.role)).collect();
        assert_eq!(roles, [("Ana", Role::Owner), ("Dana", Role::Rotator)]);
        let dana = members[1].id;
        drop(vault);
        drop(bench.unlock_with(dana, DANA).expect("by the other member's passphrase"));
        let vault = bench.recover(&bench.folder(), &recovery_key(version)).expect("by paper");
        vault.add_credential("added today", b"fixture").expect("it can be written");
        vault.check().expect("sound");
    }
}

#[test]
fn backups_of_every_version_come_back() {
    write_if_asked();
    for version in VERSIONS {
        let bench = Bench::new();
        let backup = place(version).join("Acme.keyturn-backup");
        let backup = ClosedBackup::look(&backup).expect("a backup");
        let ana = backup.members()[0].id;
        let folder = Folder::at(bench.place("Restored"));
        let code = recovery_key(version);
        let vault = backup
            .restore(&folder, ana, &Secret::RecoveryKey(&code), &bench.surroundings, &quiet)
            .expect("restored");
        has_everything(&vault);
    }
}

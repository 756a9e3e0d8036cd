//! The program that is killed, or whose disk fails: does one operation on a vault and says on its
//! standard output, a line each, what was acknowledged.
//!
//! `crash-worker OPERATION VAULT SEED RECOVERY-KEY [MORE]`
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

#[path = "../bench/rotate/names.rs"]
mod names;
#[path = "../bench/rotate/program.rs"]
mod program;
mod rotating;

use std::{
    collections::BTreeMap,
    error::Error,
    fs::File,
    io::{self, Write},
    path::Path,
    sync::Arc,
    thread,
    time::Duration,
};

use futures_util::future::join_all;
use keyturn_engine::{Asked, begin as begin_run};
use keyturn_model::{CredentialId, MemberId, Role, rotation::Order};
use keyturn_testkit::{
    PASSPHRASE, Plainly, StandingClock, name, quiet, recover, surroundings, words,
};
use keyturn_vault::{
    ClosedBackup, ClosedVault, Code, Cost, Folder, NewVault, Secret, Surroundings, Vault,
    VaultError,
};
use program::Program;
use rotating::Rotating;
use serde_json::{Value, json};

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

fn main() -> Outcome {
    let mut given = std::env::args().skip(1);
    let mut next = || given.next().unwrap_or_default();
    let (operation, place, seed, code, more) = (next(), next(), next(), next(), next());
    let (clock, around) = surroundings(seed.parse()?);
    let folder = Folder::at(place.into());
    match operation.as_str() {
        "create" => create(&folder, &around),
        "restore" => restore(&folder, &around, &code, &more),
        "furnish" => {
            let program = unlocked_program(&folder, &code)?;
            let credentials = program.set_up(&more, 20)?;
            program.bind_all(&credentials, &more)?;
            program.end();
            Ok(())
        }
        "emergency" => emergencies(&folder, &code, false),
        "emergency-to-its-end" => emergencies(&folder, &code, true),
        "accept" => accept(&folder, &around, &more),
        "unlock" => {
            begin();
            acknowledge("unlocked", unlocked(&folder, &around, &code).map(drop));
            Ok(())
        }
        _ => {
            let vault = unlocked(&folder, &around, &code)?;
            begin();
            match operation.as_str() {
                "save" => save(&vault),
                "lock" => lock(vault),
                "passphrase" => passphrase(&vault),
                "recovery-key" => recovery_key(&vault),
                "invite" => invite(&vault),
                "remove" => remove(&vault, "Dana"),
                "backup" => {
                    acknowledge("backup", vault.back_up_automatically(&quiet).map(drop));
                    Ok(())
                }
                "write" => write(&vault, seed.parse()?),
                "rotate" => rotate(vault, (clock, &around), &more, u64::MAX),
                "rotate-once" => {
                    let rotated = rotate(vault, (clock, &around), &more, 1);
                    rotated.or_else(|error| {
                        say(&format!("refused rotate: {error}"));
                        Ok(())
                    })
                }
                other => Err(format!("no operation {other}").into()),
            }
        }
    }
}

/// From here on the disk may fail.
fn begin() {
    if let Some(start) = std::env::var_os("KEYTURN_FAULT_START") {
        let _ = File::open(start);
    }
}

/// One line, and out with it: what stands there is promised.
fn say(line: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

fn acknowledge(what: &str, done: Result<(), VaultError>) -> bool {
    match &done {
        Ok(()) => say(&format!("done {what}")),
        Err(error) => say(&format!("refused {what}: {error}")),
    }
    done.is_ok()
}

fn unlocked(folder: &Folder, around: &Surroundings, code: &str) -> Result<Vault, VaultError> {
    recover(folder, &Code::typed(code, Code::RECOVERY_KEY)?, around)
}

fn create(folder: &Folder, around: &Surroundings) -> Outcome {
    let new = NewVault {
        name: &name("Acme"),
        member: &name("Ana"),
        passphrase: &words(PASSPHRASE),
        cost: Cost::FLOOR,
    };
    begin();
    match Vault::create(folder, &new, around, &quiet) {
        Ok((_, code)) => say(&format!("done create {}", *code.text())),
        Err(error) => say(&format!("refused create: {error}")),
    }
    Ok(())
}

fn restore(folder: &Folder, around: &Surroundings, code: &str, backup: &str) -> Outcome {
    let code = Code::typed(code, Code::RECOVERY_KEY)?;
    let backup = ClosedBackup::look(Path::new(backup))?;
    let member = backup.members().first().ok_or("nobody is in the backup")?.id;
    begin();
    let restored = backup.restore(folder, member, &Secret::RecoveryKey(&code), around, &quiet);
    acknowledge("restore", restored.map(drop));
    Ok(())
}

fn accept(folder: &Folder, around: &Surroundings, code: &str) -> Outcome {
    let code = Code::typed(code, Code::INVITATION)?;
    let closed = ClosedVault::look(folder.clone())?;
    let invited = closed.members().into_iter().find(|member| member.name == "Dana");
    let dana = invited.ok_or("nobody is invited")?.id;
    begin();
    let own = words("dana has a fixture too");
    let accepted = closed.accept(dana, &code, &own, Cost::FLOOR, around, &quiet);
    acknowledge("accept", accepted.map(drop));
    Ok(())
}

fn save(vault: &Vault) -> Outcome {
    for number in 1..=3 {
        let name = format!("new {number}");
        let added = vault.add_credential(&name, b"fixture");
        let id = added.as_ref().ok().copied();
        if acknowledge(&format!("add {name}"), added.map(drop))
            && let Some(id) = id
        {
            acknowledge("rename", vault.rename_credential(id, &name, 1));
        }
    }
    Ok(())
}

fn lock(vault: Vault) -> Outcome {
    acknowledge("add new 1", vault.add_credential("new 1", b"fixture").map(drop));
    acknowledge("sign", vault.sign_head().map(drop));
    drop(vault);
    Ok(())
}

fn passphrase(vault: &Vault) -> Outcome {
    let (old, new) = (words(PASSPHRASE), words("another fixture passphrase"));
    acknowledge("passphrase", vault.change_passphrase(&old, &new, Cost::FLOOR, &quiet));
    Ok(())
}

fn recovery_key(vault: &Vault) -> Outcome {
    match vault.make_recovery_key(&quiet) {
        Ok(code) => say(&format!("done recovery-key {}", *code.text())),
        Err(error) => say(&format!("refused recovery-key: {error}")),
    }
    Ok(())
}

fn invite(vault: &Vault) -> Outcome {
    let (_, revision) = vault.members()?;
    acknowledge("invite", vault.invite(&name("Eve"), Role::Reader, revision).map(drop));
    Ok(())
}

fn remove(vault: &Vault, who: &str) -> Outcome {
    let (members, revision) = vault.members()?;
    let gone = members.iter().find(|member| member.name == who).ok_or("nobody to remove")?.id;
    acknowledge(&format!("remove {who}"), vault.remove_member(gone, revision, &quiet).map(drop));
    Ok(())
}

/// Works until it is killed: mostly credentials, at times members and backups.
fn write(vault: &Vault, seed: u64) -> Outcome {
    let mut known: Vec<CredentialId> = Vec::new();
    let mut invited: Option<(MemberId, String)> = None;
    for round in 0_u64.. {
        let name = format!("{seed} {round}");
        match (seed.wrapping_mul(31).wrapping_add(round * 7)) % 40 {
            0 => {
                let place = vault.folder().backups().join(format!("{name}.keyturn-backup"));
                vault.back_up(&place, &quiet)?;
                say(&format!("done backup {name}"));
            }
            1 | 2 => match invited.take() {
                None => {
                    let (_, revision) = vault.members()?;
                    let who = format!("guest {name}");
                    let (id, ..) =
                        vault.invite(&keyturn_testkit::name(&who), Role::Reader, revision)?;
                    say(&format!("done invite {who}"));
                    invited = Some((id, who));
                }
                Some((id, who)) => {
                    let (_, revision) = vault.members()?;
                    vault.remove_member(id, revision, &quiet)?;
                    say(&format!("done remove {who}"));
                }
            },
            3..=5 if !known.is_empty() => {
                let at = usize::try_from(round)? % known.len();
                vault.use_value(known[at])?;
            }
            _ => {
                known.push(vault.add_credential(&name, name.as_bytes())?);
                say(&format!("done add {name}"));
            }
        }
    }
    Ok(())
}

/// Takes up what is open, then rotates every credential so often, all of them at the same time.
fn rotate(
    vault: Vault,
    around: (Arc<StandingClock>, &Surroundings),
    address: &str,
    rounds: u64,
) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let rotating = Rotating::of(vault, around, address)?;
    runtime.block_on(async {
        rotating.recover().await?;
        let each = rotating.credentials()?.into_iter().map(async |id| -> Outcome {
            for _ in 0..rounds {
                say(&format!("done rotate {}", rotated(&rotating, id).await?));
            }
            Ok(())
        });
        join_all(each).await.into_iter().collect()
    })
}

/// The program without its window, with the vault unlocked.
fn unlocked_program(folder: &Folder, code: &str) -> Result<Program, Box<dyn Error + Send + Sync>> {
    let place = folder.path();
    let program = Program::new(place.parent().ok_or("no place")?, |_| ());
    let seen = program.ask("look_at_vault", json!({ "folder": place }))?;
    let unlock = json!({
        "folder": place, "member": seen["members"][0]["id"],
        "key": { "way": "recoveryKey", "secret": code },
    });
    program.ask("unlock_vault", unlock)?;
    Ok(program)
}

/// Goes on with the emergency that is open, to its end; then begins another one, unless that is all that is asked for.
fn emergencies(folder: &Folder, code: &str, only_open: bool) -> Outcome {
    let program = unlocked_program(folder, code)?;
    let newest = || -> Result<Value, Box<dyn Error + Send + Sync>> {
        let incidents =
            program.ask("list_incidents", json!({ "open": false }))?["incidents"].take();
        Ok(incidents[0].clone())
    };
    loop {
        let row = newest()?;
        let is_open = row.is_object() && row["closed"].is_null();
        if !is_open && only_open {
            program.end();
            return Ok(());
        }
        if !is_open {
            let query = json!({ "of": "query", "query": "" });
            let incident = json!({ "cause": "leaked", "drill": false, "scope": query });
            let incident = program.ask("open_incident", incident)?;
            program.start(&incident)?;
        } else if row["started"].is_null() {
            program.start(&program.ask("read_incident", json!({ "id": row["id"] }))?)?;
        }
        while newest()?["restored"].is_null() {
            program.app.tick();
            thread::sleep(Duration::from_millis(10));
        }
        let id = newest()?["id"].clone();
        let incident = program.ask("read_incident", json!({ "id": id }))?;
        let close = json!({ "of": "close", "reason": "" });
        let change = json!({ "id": id, "version": incident["version"], "change": close });
        program.ask("change_incident", change)?;
        say(&format!("done emergency {}", incident["row"]["reference"]));
    }
}

/// Rotates a credential once; its new key.
async fn rotated(
    rotating: &Rotating,
    id: CredentialId,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let accounts = rotating.vault.accounts()?;
    let asked = Asked {
        credential: id,
        order: Order::Usual,
        old_key: rotating.current(id)?.key,
        account: accounts.first().ok_or("no account")?.id,
        logs_in_with: None,
        abilities: rotating.issuer.abilities(),
        bindings: Vec::new(),
        cuts_off: BTreeMap::new(),
        at_once: 1,
        grace_s: 0,
        consent: false,
    };
    rotating.to_its_end(begin_run(&rotating.around, &asked).await?).await?;
    Ok(rotating.current(id)?.key)
}

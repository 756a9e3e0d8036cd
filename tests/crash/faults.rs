//! The failing disk: every call of every operation that changes files fails once, then that one and
//! all after it, or is where the process is killed; then unlocking fails in the same ways; then the
//! vault is opened on a disk that works, and must be in the old state or the new one.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use keyturn_model::{MemberId, Role};
use keyturn_testkit::{
    Bench, PASSPHRASE, Plainly,
    by_document::{self, copy_folder},
    name, quiet, recover, surroundings, words,
};
use keyturn_vault::{ClosedVault, Code, Cost, Folder, RecoveryKey, Secret, Vault};

use crate::{
    Sum,
    bed::{BROKEN, Bed, Failure, Fault, How, NO_SPACE, WAYS, new_seed},
};

/// Each operation, whether it starts from a vault that is there, and what must be true afterwards.
///
/// A migration is to be one of them as soon as there is a second one: it starts from the golden vault
/// of the version before.
const OPERATIONS: &[(&str, bool, Check)] = &[
    ("create", false, check_created),
    ("restore", false, check_restored),
    ("save", true, check_rows),
    ("lock", true, check_rows),
    ("passphrase", true, check_passphrase),
    ("recovery-key", true, check_recovery_key),
    ("invite", true, check_invited),
    ("accept", true, check_accepted),
    ("remove", true, check_removed),
    ("backup", true, check_backup),
    ("unlock", true, check_rows),
];

type Check = fn(&Template, &Bed, &[String]) -> Result<(), Failure>;

const OLD: [&str; 6] = ["old 1", "old 2", "old 3", "old 4", "old 5", "old 6"];

/// The vault that each schedule begins with.
struct Template {
    bench: Bench,
    code: String,
    invitation: String,
    dana: MemberId,
    backup: PathBuf,
}

impl Template {
    fn make() -> Result<Self, Failure> {
        let bench = Bench::within(&crate::bed::ground(), 7);
        let (vault, code) = bench.create()?;
        for name in OLD {
            vault.add_credential(name, name.as_bytes())?;
        }
        let (dana, invitation, _) = vault.invite(&name("Dana"), Role::Rotator, 1)?;
        let backup = bench.place("before.keyturn-backup");
        vault.back_up(&backup, &quiet)?;
        vault.sign_head()?;
        drop(vault);
        let (code, invitation) = (code.text().to_string(), invitation.text().to_string());
        Ok(Self { bench, code, invitation, dana, backup })
    }

    fn bed(&self, on_a_vault: bool) -> Result<Bed, Failure> {
        Ok(if on_a_vault { Bed::with(self.bench.folder().path())? } else { Bed::new()? })
    }

    fn more(&self, operation: &str) -> String {
        match operation {
            "restore" => self.backup.to_string_lossy().into_owned(),
            "accept" => self.invitation.clone(),
            _ => String::new(),
        }
    }
}

/// Tries every `every`th call of each operation (of `only`, when that is given); this lane's share.
pub(crate) fn run(
    shim: &Path,
    every: u64,
    (lane, lanes): (u64, u64),
    only: &str,
) -> Result<Sum, Failure> {
    let template = Template::make()?;
    let mut sum = Sum::default();
    let chosen = OPERATIONS.iter().filter(|(name, ..)| only.is_empty() || *name == only);
    let work = chosen.flat_map(|each| WAYS.map(|how| (each, how)));
    for (number, (operation, how)) in (0..).zip(work) {
        if number % lanes == lane {
            sweep(&template, shim, operation, how, every, &mut sum);
        }
    }
    Ok(sum)
}

fn sweep(
    template: &Template,
    shim: &Path,
    operation: &(&str, bool, Check),
    how: How,
    every: u64,
    sum: &mut Sum,
) {
    let (name, on_a_vault, check) = *operation;
    for at in (1..).step_by(usize::try_from(every).unwrap_or(1)) {
        let fault = Fault { at, how, at_once: false };
        let what = format!("{name}, {how:?} at call {at}");
        let mut fired = false;
        let outcome = (|| {
            let bed = template.bed(on_a_vault)?;
            let ran = bed.run(shim, fault, (name, &template.code, &template.more(name)))?;
            fired = ran.fired;
            if fired {
                ran.ended_in_order(how)?;
                // What an interrupted operation left is what unlocking has to bear.
                if matches!(how, How::Die) && at % (every * 6) == 1 {
                    every_fault_while_unlocking(
                        template,
                        shim,
                        &bed,
                        (check, &ran.done),
                        &what,
                        sum,
                    );
                }
                two_faults_while_unlocking(template, shim, &bed, at)?;
            }
            check(template, &bed, &ran.done)
        })();
        sum.note(&what, outcome);
        if !fired {
            return;
        }
    }
}

fn two_faults_while_unlocking(
    template: &Template,
    shim: &Path,
    bed: &Bed,
    at: u64,
) -> Result<(), Failure> {
    for (turn, how) in (0..2).zip([WAYS[at as usize % 5], WAYS[(at as usize + 2) % 5]]) {
        let fault = Fault { at: 1 + (at * 7 + turn * 13) % 40, how, at_once: true };
        let ran = bed.run(shim, fault, ("unlock", &template.code, ""))?;
        if ran.fired {
            ran.ended_in_order(how)?;
        }
    }
    Ok(())
}

fn every_fault_while_unlocking(
    template: &Template,
    shim: &Path,
    left: &Bed,
    (check, done): (Check, &[String]),
    what: &str,
    sum: &mut Sum,
) {
    for how in [How::Once(BROKEN), How::Forever(NO_SPACE), How::Die] {
        for at in 1.. {
            let mut fired = false;
            let outcome = (|| {
                let bed = Bed::new()?;
                if left.folder().path().exists() {
                    copy_folder(left.folder().path(), bed.folder().path())?;
                }
                let fault = Fault { at, how, at_once: true };
                let ran = bed.run(shim, fault, ("unlock", &template.code, ""))?;
                fired = ran.fired;
                if fired {
                    ran.ended_in_order(how)?;
                }
                check(template, &bed, done)
            })();
            sum.note(&format!("{what}, then {how:?} at call {at} of unlocking"), outcome);
            if !fired {
                break;
            }
        }
    }
}

/// Opens what is there and looks at all of it.
fn opened(bed: &Bed, code: &str) -> Result<Vault, Failure> {
    bed.forget_attempts();
    let (_, around) = surroundings(new_seed());
    let vault = recover(&bed.folder(), &Code::typed(code, Code::RECOVERY_KEY)?, &around)
        .map_err(|error| format!("does not open: {error} ({error:?})"))?;
    vault.check().map_err(|error| format!("is damaged: {error}"))?;
    Ok(vault)
}

fn has_rows(vault: &Vault, done: &[String]) -> Result<(), Failure> {
    let there = vault.first_credentials(1000)?;
    let names: BTreeSet<&str> = there.iter().map(|listed| listed.name.as_str()).collect();
    let added = done.iter().filter_map(|line| line.strip_prefix("add "));
    for wanted in added.chain(OLD) {
        if !names.contains(wanted) {
            return Err(format!("{wanted} is lost").into());
        }
    }
    for listed in there.iter().filter(|listed| OLD.contains(&listed.name.as_str())) {
        vault.use_value(listed.id).map_err(|error| format!("{}: {error}", listed.name))?;
    }
    Ok(())
}

fn check_rows(template: &Template, bed: &Bed, done: &[String]) -> Result<(), Failure> {
    has_rows(&opened(bed, &template.code)?, done)
}

fn is_there(folder: &Folder) -> bool {
    folder.path().exists()
}

fn check_created(_: &Template, bed: &Bed, done: &[String]) -> Result<(), Failure> {
    if !is_there(&bed.folder()) {
        return if done.is_empty() { Ok(()) } else { Err("it is not there".into()) };
    }
    if let Some(code) = done.iter().find_map(|line| line.strip_prefix("create ")) {
        return opened(bed, code).map(drop);
    }
    let (_, around) = surroundings(new_seed());
    bed.forget_attempts();
    let closed = ClosedVault::look(bed.folder())?;
    let ana = closed.members()[0].id;
    closed.unlock(ana, &Secret::Passphrase(&words(PASSPHRASE)), &around, &quiet)?.check()?;
    Ok(())
}

fn check_restored(template: &Template, bed: &Bed, done: &[String]) -> Result<(), Failure> {
    if is_there(&bed.folder()) {
        return has_rows(&opened(bed, &template.code)?, &[]);
    }
    if done.is_empty() { Ok(()) } else { Err("it is not there".into()) }
}

fn check_passphrase(template: &Template, bed: &Bed, done: &[String]) -> Result<(), Failure> {
    let vault = opened(bed, &template.code)?;
    has_rows(&vault, &[])?;
    let header = |folder: &Folder| {
        by_document::Header::read(folder.path()).map_err(|error| error.to_string())
    };
    let slots = |header: by_document::Header| -> Vec<[u8; 16]> {
        header.members[0].slots.iter().map(|slot| *slot.id).collect()
    };
    // The very slot that the old passphrase opens needs no other proof.
    if slots(header(&bed.folder())?) == slots(header(&template.bench.folder())?) {
        return if done.is_empty() { Ok(()) } else { Err("the new passphrase is lost".into()) };
    }
    vault.confirm(&words("another fixture passphrase"))?;
    Ok(())
}

fn check_recovery_key(template: &Template, bed: &Bed, done: &[String]) -> Result<(), Failure> {
    let new = done.iter().find_map(|line| line.strip_prefix("recovery-key "));
    if let Ok(vault) = opened(bed, new.unwrap_or(&template.code)) {
        return has_rows(&vault, &[]);
    }
    if new.is_some() {
        return Err("the new recovery key is lost".into());
    }
    // Put in force, and nobody has seen it: the passphrase opens, and says that there is no proof
    // that anybody has the recovery key.
    bed.forget_attempts();
    let (_, around) = surroundings(new_seed());
    let closed = ClosedVault::look(bed.folder())?;
    let ana = closed.members()[0].id;
    let vault = closed.unlock(ana, &Secret::Passphrase(&words(PASSPHRASE)), &around, &quiet)?;
    if vault.ways()?.recovery_key != RecoveryKey::Unproven {
        return Err("the new recovery key is lost, and nothing says so".into());
    }
    vault.check()?;
    has_rows(&vault, &[])
}

fn check_invited(template: &Template, bed: &Bed, done: &[String]) -> Result<(), Failure> {
    let vault = opened(bed, &template.code)?;
    let (members, _) = vault.members()?;
    let there = members.iter().any(|member| member.name == "Eve" && member.invited_until.is_some());
    if !there && !done.is_empty() {
        return Err("the invited member is lost".into());
    }
    has_rows(&vault, &[])
}

fn check_accepted(template: &Template, bed: &Bed, done: &[String]) -> Result<(), Failure> {
    has_rows(&opened(bed, &template.code)?, &[])?;
    bed.forget_attempts();
    let closed = ClosedVault::look(bed.folder())?;
    let dana = closed.members().into_iter().find(|member| member.id == template.dana);
    let dana = dana.ok_or("the invited member is lost")?;
    let own = words("dana has a fixture too");
    let (_, around) = surroundings(new_seed());
    let vault = if dana.passphrase {
        closed.unlock(dana.id, &Secret::Passphrase(&own), &around, &quiet)?
    } else if done.is_empty() {
        let code = Code::typed(&template.invitation, Code::INVITATION)?;
        closed.accept(dana.id, &code, &own, Cost::FLOOR, &around, &quiet)?
    } else {
        return Err("the member who came in is out".into());
    };
    vault.check()?;
    has_rows(&vault, &[])
}

fn check_removed(template: &Template, bed: &Bed, done: &[String]) -> Result<(), Failure> {
    let vault = opened(bed, &template.code)?;
    let (members, _) = vault.members()?;
    if members.iter().any(|member| member.name == "Dana") && !done.is_empty() {
        return Err("the removed member is there".into());
    }
    has_rows(&vault, &[])?;
    let files = std::fs::read_dir(bed.folder().path())?.flatten();
    let databases =
        files.filter(|file| file.path().extension().is_some_and(|ending| ending == "db")).count();
    if databases == 1 { Ok(()) } else { Err(format!("{databases} databases are left").into()) }
}

fn check_backup(template: &Template, bed: &Bed, done: &[String]) -> Result<(), Failure> {
    let vault = opened(bed, &template.code)?;
    has_rows(&vault, &[])?;
    let backups = vault.backups()?;
    if backups.is_empty() && !done.is_empty() {
        return Err("the backup is lost".into());
    }
    for backup in &backups {
        vault.test_backup(&backup.file, &quiet).map_err(|error| format!("the backup: {error}"))?;
    }
    let named = std::fs::read_dir(vault.folder().backups()).into_iter().flatten().flatten();
    let named = named.filter(|file| file.path().extension().is_some()).count();
    if named == backups.len() { Ok(()) } else { Err("there is half a backup".into()) }
}

//! Kills: a writer is killed at a random moment, again and again; after each kill the vault opens,
//! passes every check, and has everything that was acknowledged.

use std::collections::BTreeSet;

use keyturn_testkit::{Bench, PASSPHRASE, Plainly, quiet, recover, surroundings, words};
use keyturn_vault::{Code, Vault};

use crate::{
    Sum,
    bed::{Bed, Chance, Failure, Killed, ground, new_seed},
    complain,
};

/// Credentials after which a new vault is taken: the check looks at each of them every time.
const ENOUGH: usize = 300;
/// One kill in so many falls into a change of the passphrase.
const PASSPHRASES: u64 = 100;

/// Kills `kills` writers.
pub(crate) fn run(kills: u64, lane: u64) -> Result<Sum, Failure> {
    let bench = Bench::within(&ground(), 7);
    let (vault, code) = bench.create()?;
    drop(vault);
    let mut lane = Lane {
        code: code.text().to_string(),
        bed: Bed::with(bench.folder().path())?,
        bench,
        sum: Sum::default(),
        rows: BTreeSet::new(),
        chance: Chance::of(lane),
    };
    if kills > 0 {
        let longest = lane.bed.micros_to_the_first_line(("write", &lane.code, ""))? * 5 / 2;
        lane.kill(kills, longest)?;
    }
    Ok(lane.sum)
}

struct Lane {
    bench: Bench,
    code: String,
    bed: Bed,
    sum: Sum,
    rows: BTreeSet<String>,
    chance: Chance,
}

impl Lane {
    fn lost(&mut self, words: &str) {
        self.sum.lost += 1;
        complain(words);
    }

    fn kill(&mut self, kills: u64, longest: u64) -> Result<(), Failure> {
        for number in 0..kills {
            if self.rows.len() >= ENOUGH {
                self.bed = Bed::with(self.bench.folder().path())?;
                self.rows.clear();
            }
            if number % PASSPHRASES == PASSPHRASES / 2 {
                self.kill_a_change_of_passphrase()?;
            } else {
                let micros = self.chance.below(longest);
                let done = self.start_and_kill("write", micros)?;
                self.look(&done);
            }
        }
        Ok(())
    }

    fn start_and_kill(&mut self, operation: &str, micros: u64) -> Result<Vec<String>, Failure> {
        let Killed { done, words } =
            self.bed.start_and_kill((operation, &self.code, ""), micros)?;
        self.sum.kills += 1;
        if !words.is_empty() {
            self.sum.damaged += 1;
            complain(&format!("the writer broke down: {words}"));
        }
        self.sum.acknowledged += u64::try_from(done.len())?;
        Ok(done)
    }

    fn opened(&self) -> Result<Vault, Failure> {
        self.bed.forget_attempts();
        let (_, around) = surroundings(new_seed());
        Ok(recover(&self.bed.folder(), &Code::typed(&self.code, Code::RECOVERY_KEY)?, &around)?)
    }

    /// Everything that was ever acknowledged is there.
    fn look(&mut self, done: &[String]) {
        let looked = (|| -> Result<(BTreeSet<String>, BTreeSet<String>), Failure> {
            let vault = self.opened()?;
            vault.check()?;
            let rows = vault.first_credentials(1_000_000)?;
            let (members, _) = vault.members()?;
            for name in done.iter().filter_map(|line| line.strip_prefix("backup ")) {
                let file = vault.folder().backups().join(format!("{name}.keyturn-backup"));
                vault.test_backup(&file, &quiet)?;
            }
            let rows = rows.into_iter().map(|listed| listed.name).collect();
            Ok((rows, members.into_iter().map(|member| member.name).collect()))
        })();
        let (rows, members) = match looked {
            Ok(there) => there,
            Err(error) => return self.start_anew(&format!("{error} ({error:?})")),
        };
        self.rows
            .extend(done.iter().filter_map(|line| line.strip_prefix("add ")).map(str::to_owned));
        for lost in self.rows.difference(&rows) {
            self.sum.lost += 1;
            complain(&format!("{lost} is lost"));
        }
        let invited: BTreeSet<&str> =
            done.iter().filter_map(|line| line.strip_prefix("invite ")).collect();
        let removed: BTreeSet<&str> =
            done.iter().filter_map(|line| line.strip_prefix("remove ")).collect();
        for who in &removed {
            if members.contains(*who) {
                self.lost(&format!("{who} was removed and is there"));
            }
        }
        // The last one invited may be on the way out when the kill comes.
        for who in invited.difference(&removed) {
            if done.last().is_some_and(|last| last.ends_with(*who)) && !members.contains(*who) {
                self.lost(&format!("{who} was invited and is not there"));
            }
        }
        self.rows = rows;
    }

    /// A vault that was found damaged is not looked at again.
    fn start_anew(&mut self, why: &str) {
        self.sum.damaged += 1;
        complain(why);
        if let Ok(bed) = Bed::with(self.bench.folder().path()) {
            self.bed = bed;
            self.rows.clear();
        }
    }

    fn kill_a_change_of_passphrase(&mut self) -> Result<(), Failure> {
        let micros = self.chance.below(500_000);
        let done = self.start_and_kill("passphrase", micros)?;
        let vault = match self.opened() {
            Ok(vault) => vault,
            Err(error) => {
                self.start_anew(&error.to_string());
                return Ok(());
            }
        };
        let [old, new] = [PASSPHRASE, "another fixture passphrase"]
            .map(|passphrase| vault.confirm(&words(passphrase)).is_ok());
        let kept = if done.is_empty() { old != new } else { new && !old };
        if !kept {
            self.lost(&format!("passphrases: old {old}, new {new}"));
        }
        drop(vault);
        if new {
            // The worker knows one way only: from the old one to the new one.
            self.bed = Bed::with(self.bench.folder().path())?;
            self.rows.clear();
        }
        Ok(())
    }
}

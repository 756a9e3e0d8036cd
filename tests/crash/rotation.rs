//! Rotations that are killed, and whose disk fails: the sandbox is the ledger of which keys live. At each moment
//! whatever is in force is accepted there, and each key there is known here; once every run has ended each of them is
//! in force.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use keyturn_issuers::sandbox::{Sandbox, Seed, SeedKey};
use keyturn_model::{Kind, Metadata, setup::IssuerSetup};
use keyturn_testkit::{
    Bench, Seeded, StandingClock, addition, metadata, name, recover, surroundings,
};
use keyturn_vault::{Addition, Code};
use secrecy::SecretString;
use tokio::runtime::{Builder, Runtime};

use crate::{
    Sum,
    bed::{Bed, Chance, Failure, Fault, Killed, WAYS, ground, new_seed},
    complain,
    rotating::{Rotating, TOKEN},
};

/// So many credentials are rotated at the same time.
const CREDENTIALS: usize = 3;
/// Rotations after which a new vault is taken: each leaves a version behind.
const ENOUGH: usize = 300;
/// One kill in so many is followed by a recovery that nobody kills.
const SETTLED: u64 = 4;

/// What the sandbox calls a key that is there from the beginning, and its secret.
fn old(number: usize) -> [String; 2] {
    [format!("key_{number}"), format!("sandbox_fixture_{number}")]
}

/// The vault that everything begins with.
struct Template {
    bench: Bench,
    code: String,
    runtime: Runtime,
}

/// A copy of it, and a sandbox of its own.
struct Stage<'t> {
    template: &'t Template,
    bed: Bed,
    sandbox: Sandbox,
}

impl Template {
    fn make() -> Result<Self, Failure> {
        let bench = Bench::within(&ground(), 7);
        let (vault, code) = bench.create()?;
        for number in 0..CREDENTIALS {
            let [key, secret] = old(number);
            let known = Metadata { kind: Kind::ApiKey, ..metadata(&key) };
            vault.add(&Addition { key_id: key, ..addition(known, &secret) })?;
        }
        let setup = IssuerSetup::Sandbox { address: "http://127.0.0.1:1".into() }.into();
        let secrets = [("token".to_owned(), SecretString::from(TOKEN))];
        vault.save_account(None, 0, &name("Sandbox"), &setup, &secrets)?;
        // The inbox takes its room, so that no schedule is spent on that.
        let around = (Arc::clone(&bench.clock), &bench.surroundings);
        drop(Rotating::of(vault, around, "http://127.0.0.1:1")?);
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        Ok(Self { bench, code: code.text().to_string(), runtime })
    }

    fn stage(&self) -> Result<Stage<'_>, Failure> {
        let key = |number| {
            let [id, secret] = old(number);
            SeedKey { id, name: String::new(), secret: SecretString::from(secret) }
        };
        let seed = Seed {
            token: SecretString::from(TOKEN),
            keys: (0..CREDENTIALS).map(key).collect(),
            consumers: Vec::new(),
            clock: StandingClock::new(),
            entropy: Seeded::new(new_seed()),
        };
        let sandbox = self.runtime.block_on(Sandbox::start(seed))?;
        Ok(Stage { template: self, bed: Bed::with(self.bench.folder().path())?, sandbox })
    }
}

impl Stage<'_> {
    fn opened(&self) -> Result<Rotating, Failure> {
        self.bed.forget_attempts();
        let (clock, around) = surroundings(new_seed());
        let code = Code::typed(&self.template.code, Code::RECOVERY_KEY)?;
        let vault = recover(&self.bed.folder(), &code, &around)
            .map_err(|error| format!("does not open: {error} ({error:?})"))?;
        vault.check().map_err(|error| format!("is damaged: {error}"))?;
        Rotating::of(vault, (clock, &around), &self.sandbox.address())
    }

    /// Looks at everything, and has every run come to its end before if that is asked for.
    fn look(&self, settled: bool, done: &[String]) -> Result<(), Failure> {
        let rotating = self.opened()?;
        self.template.runtime.block_on(async {
            if settled {
                rotating.recover().await?;
            }
            for id in rotating.credentials()? {
                let current = rotating.current(id)?;
                if !rotating.issuer.accepts(&current).await? {
                    return Err(format!("{} is in force and refused", current.key).into());
                }
            }
            every_key_is_known(&rotating, settled.then_some(CREDENTIALS)).await?;
            every_key_was_kept(&rotating, done)
        })
    }
}

/// A key is a version in use, in the inbox, an orphan that is told, or one that a run which is open finds by its mark.
/// Once all has ended there are so many of them.
pub(crate) async fn every_key_is_known(
    rotating: &Rotating,
    settled: Option<usize>,
) -> Result<(), Failure> {
    let [account] = &rotating.vault.accounts()?[..] else { return Err("one account".into()) };
    let journal = &rotating.around.journal;
    let (open, orphans) = (journal.open_runs().await?, journal.orphans(account.id).await?);
    let live = rotating.issuer.list().await?;
    for listed in &live {
        let mark = listed.mark.as_deref().unwrap_or_default();
        let by_mark = journal.run_of_mark(mark).await?.is_some_and(|run| open.contains(&run));
        let is_told = orphans.iter().any(|orphan| orphan.mark == mark);
        if !(by_mark || is_told || journal.has_key(account.id, &listed.key).await?) {
            return Err(format!("{} lives and nobody knows it", listed.key).into());
        }
    }
    if settled.is_some_and(|number| !open.is_empty() || live.len() != number) {
        let words = format!("{} keys live, {} runs are open", live.len(), open.len());
        return Err(words.into());
    }
    Ok(())
}

/// What a rotation that was acknowledged brought is a version.
fn every_key_was_kept(rotating: &Rotating, done: &[String]) -> Result<(), Failure> {
    let mut kept = BTreeSet::new();
    for id in rotating.credentials()? {
        let (credential, _) = rotating.vault.credential(id)?;
        kept.extend(credential.versions.into_iter().map(|version| version.key_id));
    }
    let lost = |key: &&str| !kept.contains(*key);
    match done.iter().filter_map(|line| line.strip_prefix("rotate ")).find(lost) {
        Some(key) => Err(format!("{key} is lost").into()),
        None => Ok(()),
    }
}

/// Kills `kills` of those who rotate.
pub(crate) fn kills(kills: u64, lane: u64) -> Result<Sum, Failure> {
    let (mut sum, mut chance) = (Sum::default(), Chance::of(lane));
    if kills == 0 {
        return Ok(sum);
    }
    let template = Template::make()?;
    let mut stage = template.stage()?;
    let first = ("rotate", template.code.as_str(), stage.sandbox.address());
    let longest = stage.bed.micros_to_the_first_line((first.0, first.1, &first.2))? * 5 / 2;
    let mut done = Vec::new();
    for number in 0..kills {
        let address = stage.sandbox.address();
        let micros = chance.below(longest);
        let killed = stage.bed.start_and_kill(("rotate", &template.code, &address), micros)?;
        let Killed { done: more, words } = killed;
        sum.kills += 1;
        sum.acknowledged += u64::try_from(more.len())?;
        done.extend(more);
        if !words.is_empty() {
            sum.damaged += 1;
            complain(&format!("who rotates broke down: {words}"));
        }
        let looked = stage.look(number % SETTLED == SETTLED - 1, &done);
        if let Err(failure) = &looked {
            sum.lost += 1;
            complain(&failure.to_string());
        }
        if looked.is_err() || done.len() >= ENOUGH {
            stage = template.stage()?;
            done.clear();
        }
    }
    Ok(sum)
}

/// Every `every`th call that changes files while all credentials are rotated once fails in each way; this lane's
/// share of it. What is left is taken up on a disk that fails too, and then on one that works.
pub(crate) fn faults(shim: &Path, every: u64, (lane, lanes): (u64, u64)) -> Result<Sum, Failure> {
    let (template, mut sum) = (Template::make()?, Sum::default());
    let ways = (0..).zip(WAYS).filter(|(number, _)| number % lanes == lane);
    for (_, how) in ways {
        for at in (1..).step_by(usize::try_from(every)?) {
            let mut fired = false;
            let outcome = schedule(&template, shim, Fault { at, how, at_once: false }, &mut fired);
            sum.note(&format!("rotate, {how:?} at call {at}"), outcome);
            if !fired {
                break;
            }
        }
    }
    Ok(sum)
}

fn schedule(
    template: &Template,
    shim: &Path,
    fault: Fault,
    fired: &mut bool,
) -> Result<(), Failure> {
    let stage = template.stage()?;
    let address = stage.sandbox.address();
    let rotate = ("rotate-once", template.code.as_str(), address.as_str());
    let first = stage.bed.run(shim, fault, rotate)?;
    *fired = first.fired;
    let mut done = first.done.clone();
    if first.fired {
        first.ended_in_order(fault.how)?;
        stage.look(false, &done)?;
        let how = WAYS[usize::try_from(fault.at)? % WAYS.len()];
        let second = Fault { at: 1 + fault.at * 7 % 40, how, at_once: false };
        let ran = stage.bed.run(shim, second, rotate)?;
        if ran.fired {
            ran.ended_in_order(second.how)?;
        }
        done.extend(ran.done);
    }
    stage.look(true, &done)
}

//! Emergencies that are killed: the whole program without its window, over a vault of which a sandbox in another process
//! issued the credentials and has the consumers. After each kill no old value that is told to be refused is accepted
//! there, and each key there is known here; at the end every value in force is accepted, and every consumer has it.

use keyturn_issuers::sandbox::{Sandbox, Switches};
use keyturn_model::{Clock, rotation::Outcome};
use keyturn_testkit::{Bench, recover, surroundings};
use keyturn_vault::{Code, KeptIncident};
use tokio::runtime::{Builder, Runtime};

use crate::{
    Sum,
    bed::{Bed, Chance, Failure, Killed, ground, new_seed},
    complain,
    rotating::Rotating,
    rotation::every_key_is_known,
    seed::seed,
};

/// So many credentials are in each.
const CREDENTIALS: usize = 20;
/// Emergencies after which a new vault is taken: each leaves a version of every credential behind.
const ENOUGH: usize = 15;
/// One kill in so many is followed by a program that nobody kills.
const SETTLED: u64 = 6;
/// The sandbox takes so long for each call.
const LATENCY_MS: u32 = 4;

struct Stage<'r> {
    runtime: &'r Runtime,
    code: String,
    bed: Bed,
    sandbox: Sandbox,
}

impl<'r> Stage<'r> {
    fn of(runtime: &'r Runtime) -> Result<Self, Failure> {
        let bench = Bench::within(&ground(), 7);
        let (vault, code) = bench.create()?;
        drop(vault);
        let sandbox = runtime.block_on(Sandbox::start(seed(CREDENTIALS)))?;
        let code = code.text().to_string();
        let stage = Self { runtime, code, bed: Bed::with(bench.folder().path())?, sandbox };
        stage.work("furnish")?;
        stage.sandbox.set(Switches { latency_ms: LATENCY_MS, ..Switches::default() });
        Ok(stage)
    }

    /// Does something to its end.
    fn work(&self, operation: &str) -> Result<Vec<String>, Failure> {
        let address = self.sandbox.address();
        let ran = self.bed.worker(operation, &self.code, &address)?.output()?;
        if !ran.status.success() {
            let words = String::from_utf8_lossy(&ran.stderr).into_owned();
            return Err(format!("{operation} broke down: {words}").into());
        }
        let said = String::from_utf8(ran.stdout)?;
        Ok(said.lines().filter_map(|line| line.strip_prefix("done ")).map(str::to_owned).collect())
    }

    fn opened(&self) -> Result<Rotating, Failure> {
        self.bed.forget_attempts();
        let (clock, around) = surroundings(new_seed());
        // What was killed had the clock of this machine.
        let now = keyturn_app::surroundings().clock.now();
        clock.go(now.seconds_since(clock.now()).max(0) + 1);
        let code = Code::typed(&self.code, Code::RECOVERY_KEY)?;
        let vault = recover(&self.bed.folder(), &code, &around)
            .map_err(|error| format!("does not open: {error} ({error:?})"))?;
        vault.check().map_err(|error| format!("is damaged: {error}"))?;
        Rotating::of(vault, (clock, &around), &self.sandbox.address())
    }

    fn look(&self, settled: bool) -> Result<(), Failure> {
        let rotating = self.opened()?;
        self.runtime.block_on(async {
            every_key_is_known(&rotating, settled.then_some(CREDENTIALS)).await?;
            let live = rotating.issuer.list().await?;
            for kept in rotating.vault.incidents(false)? {
                let lives = |key: &str| live.iter().any(|listed| listed.key == key);
                nothing_is_told_that_is_not(&rotating, &kept, settled, lives)?;
            }
            if !settled {
                return Ok(());
            }
            for id in rotating.credentials()? {
                let current = rotating.current(id)?;
                if !rotating.issuer.accepts(&current).await? {
                    return Err(format!("{} is in force and refused", current.key).into());
                }
            }
            Ok(())
        })
    }
}

/// An old value that is told to be refused does not live; once all has ended each of them is told to be.
fn nothing_is_told_that_is_not(
    rotating: &Rotating,
    kept: &KeptIncident,
    settled: bool,
    lives: impl Fn(&str) -> bool,
) -> Result<(), Failure> {
    for item in kept.incident.taken() {
        let run = item.run.map(|run| rotating.vault.run(run)).transpose()?.flatten();
        let outcome = run.as_ref().map_or(Outcome::Open, |kept| kept.run.outcome());
        let old = run.as_ref().map(|kept| kept.run.old_key.as_str()).unwrap_or_default();
        let name = format!("{} of {}", item.name, kept.reference);
        if outcome == Outcome::RevokedVerified && lives(old) {
            return Err(format!("{name} is told to be refused, and lives").into());
        }
        if settled && kept.incident.started.is_some() && outcome != Outcome::RevokedVerified {
            return Err(format!("{name} was to be revoked and is {outcome:?}").into());
        }
    }
    Ok(())
}

/// Kills `kills` programs in the middle of an emergency, or between two.
pub(crate) fn kills(kills: u64, lane: u64) -> Result<Sum, Failure> {
    let (mut sum, mut chance) = (Sum::default(), Chance::of(lane));
    if kills == 0 {
        return Ok(sum);
    }
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let mut stage = Stage::of(&runtime)?;
    let first = ("emergency", stage.code.as_str(), stage.sandbox.address());
    let longest = stage.bed.micros_to_the_first_line((first.0, first.1, &first.2))? * 3 / 2;
    let mut done = 0;
    for number in 0..kills {
        let address = stage.sandbox.address();
        let micros = chance.below(longest);
        let killed = stage.bed.start_and_kill(("emergency", &stage.code, &address), micros)?;
        let Killed { done: more, words } = killed;
        sum.kills += 1;
        done += more.len();
        sum.acknowledged += u64::try_from(more.len())?;
        if !words.is_empty() {
            sum.damaged += 1;
            complain(&format!("the program broke down: {words}"));
        }
        let settles = number % SETTLED == SETTLED - 1;
        let looked = stage.look(false).and_then(|()| {
            if settles {
                done += stage.work("emergency-to-its-end")?.len();
                stage.look(true)?;
            }
            Ok(())
        });
        if let Err(failure) = &looked {
            sum.lost += 1;
            complain(&failure.to_string());
        }
        if looked.is_err() || done >= ENOUGH {
            stage = Stage::of(&runtime)?;
            done = 0;
        }
    }
    Ok(sum)
}

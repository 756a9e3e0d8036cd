//! `crash vault|rotation|emergency [--kills N] [--every N] [--lanes N] [--only OPERATION]`: kills writers, lets the
//! disk fail, and says what was lost.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

mod bed;
mod emergency;
mod faults;
mod kills;
#[path = "../bench/rotate/names.rs"]
mod names;
mod rotating;
mod rotation;
#[path = "../bench/rotate/seed.rs"]
mod seed;

use std::process::{Child, Command, ExitCode, Stdio};

use bed::Failure;

fn main() -> Result<ExitCode, Failure> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let (what, usual_kills) = match given.first().map(String::as_str) {
        Some("vault") => ("vault", 10_000),
        Some("rotation") => ("rotation", 2_000),
        Some("emergency") => ("emergency", 1_000),
        _ => {
            let usage = "[--kills N] [--every N] [--lanes N] [--only NAME]";
            return Err(format!("there is: crash vault|rotation|emergency {usage}").into());
        }
    };
    let option = |name: &str| {
        let at = given.iter().position(|each| each == name);
        at.and_then(|at| given.get(at + 1)).map(String::as_str)
    };
    let number = |name, usual| option(name).map_or(Ok(usual), str::parse::<u64>);
    let (kills, every, lanes) = (
        number("--kills", usual_kills)?,
        number("--every", 1)?.max(1),
        number("--lanes", 2)?.max(1),
    );

    let mut sum = Sum::default();
    if let Some(lane) = option("--lane") {
        let lane = lane.parse()?;
        let tools = tempfile::tempdir()?;
        let shim = bed::build_shim(tools.path())?;
        let only = option("--only").unwrap_or_default();
        let kills = kills / lanes + u64::from(lane < kills % lanes);
        match what {
            "vault" => {
                sum.add(faults::run(&shim, every, (lane, lanes), only)?);
                sum.add(kills::run(kills, lane)?);
            }
            "rotation" => {
                sum.add(rotation::faults(&shim, every, (lane, lanes))?);
                sum.add(rotation::kills(kills, lane)?);
            }
            _ => sum.add(emergency::kills(kills, lane)?),
        }
        println!("{}", sum.line());
        return Ok(ExitCode::SUCCESS);
    }
    // Each lane is a program of its own: a child that a thread starts has the locks of all the other
    // threads for a moment.
    let started: Vec<Child> = (0..lanes)
        .map(|lane| {
            let lane = lane.to_string();
            Command::new(std::env::current_exe()?)
                .args(&given)
                .args(["--lane", &lane])
                .stdout(Stdio::piped())
                .spawn()
        })
        .collect::<Result<_, _>>()?;
    for lane in started {
        let ended = lane.wait_with_output()?;
        let said = String::from_utf8(ended.stdout)?;
        let (before, last) = said.trim_end().rsplit_once('\n').unwrap_or(("", said.trim_end()));
        if !before.is_empty() {
            println!("{before}");
        }
        sum.add(Sum::read(last).ok_or("a lane broke down")?);
    }
    let Sum { schedules, failures, kills, acknowledged, lost, damaged } = sum;
    println!("failing disk: {schedules} schedules, {failures} failures");
    let ok = failures + lost + damaged == 0;
    println!(
        "crash {what}: {kills} kills, {acknowledged} acknowledged, {lost} lost, {damaged} damaged {}",
        if ok { "ok" } else { "short" }
    );
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What a lane counted.
#[derive(Default)]
pub(crate) struct Sum {
    pub(crate) schedules: u64,
    pub(crate) failures: u64,
    pub(crate) kills: u64,
    pub(crate) acknowledged: u64,
    pub(crate) lost: u64,
    pub(crate) damaged: u64,
}

impl Sum {
    fn fields(&mut self) -> [&mut u64; 6] {
        let Self { schedules, failures, kills, acknowledged, lost, damaged } = self;
        [schedules, failures, kills, acknowledged, lost, damaged]
    }

    /// Counts a schedule, and says at once what went wrong in it.
    pub(crate) fn note(&mut self, what: &str, outcome: Result<(), Failure>) {
        self.schedules += 1;
        if let Err(failure) = outcome {
            self.failures += 1;
            complain(&format!("{what}: {failure}"));
        }
    }

    fn add(&mut self, mut other: Self) {
        for (own, others) in self.fields().into_iter().zip(other.fields()) {
            *own += *others;
        }
    }

    fn line(&mut self) -> String {
        self.fields().map(|field| field.to_string()).join(" ")
    }

    fn read(line: &str) -> Option<Self> {
        let mut sum = Self::default();
        let mut numbers = line.split(' ');
        for field in sum.fields() {
            *field = numbers.next()?.parse().ok()?;
        }
        Some(sum)
    }
}

/// Says what was found wrong, at once.
pub(crate) fn complain(words: &str) {
    println!("failed: {words}");
}

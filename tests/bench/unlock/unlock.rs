//! Makes what `npm run bench -- unlock` opens, and measures what happens inside one process.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]
#![allow(clippy::disallowed_methods, reason = "durations of this machine are measured")]

mod crowd;

use std::{fs, hint::black_box, path::Path, time::Instant};

use crowd::{Outcome, build_kdbx, build_vault, unlock};
use keyturn_testkit::{PASSPHRASE, Plainly, quiet, words};
use keyturn_vault::Cost;

fn main() -> Outcome {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    match given.as_slice() {
        ["calibrate"] => calibrate(),
        ["build", folder, number] => {
            let cost = calibrated()?;
            build_vault(Path::new(folder), number.parse()?, cost)
        }
        ["kdbx", file, number] => build_kdbx(Path::new(file), number.parse()?, Cost::FLOOR),
        ["floor", folder] => {
            let vault = unlock(Path::new(folder))?;
            let passphrase = words(PASSPHRASE);
            Ok(vault.change_passphrase(&passphrase, &passphrase, Cost::FLOOR, &quiet)?)
        }
        ["pairs", folder, number] => pairs(Path::new(folder), number.parse()?),
        ["open", folder] => {
            let vault = unlock(Path::new(folder))?;
            println!("{}", vault.first_credentials(100)?.len());
            Ok(())
        }
        _ => Err("no such measurement".into()),
    }
}

fn millis(work: impl FnOnce() -> Outcome) -> Outcome<f64> {
    let began = Instant::now();
    work()?;
    Ok(began.elapsed().as_secs_f64() * 1000.0)
}

fn derive(cost: Cost) -> Outcome {
    let key = cost.derive(&words(PASSPHRASE), &[9; 32])?;
    black_box(key.expose());
    Ok(())
}

fn calibrated() -> Outcome<Cost> {
    let memory = fs::read_to_string("/proc/meminfo")?;
    let free = memory.lines().find_map(|line| line.strip_prefix("MemAvailable:"));
    let free = free.and_then(|rest| rest.trim().strip_suffix(" kB")).ok_or("no MemAvailable")?;
    Ok(Cost::calibrate(free.trim().parse()?, |cost| {
        let took = millis(|| derive(cost)).unwrap_or_default();
        took.round() as u64
    }))
}

/// The cost that a new vault gets here, and how long a derivation takes then.
fn calibrate() -> Outcome {
    let cost = calibrated()?;
    let mut took: Vec<f64> = (0..7).map(|_| millis(|| derive(cost))).collect::<Outcome<_>>()?;
    took.sort_by(f64::total_cmp);
    let Cost { memory_kib, passes, lanes } = cost;
    println!("{memory_kib} {passes} {lanes} {:.1}", took[3]);
    Ok(())
}

/// In turns: the derivation alone, and all from the passphrase to the first hundred in the list.
fn pairs(folder: &Path, number: u64) -> Outcome {
    let cost = calibrated_of(folder)?;
    for turn in 0..number + 2 {
        let opened = || {
            let mut kept = None;
            let took = millis(|| {
                let vault = unlock(folder)?;
                let list = vault.first_credentials(100)?;
                kept = Some((vault, list));
                Ok(())
            });
            drop(kept);
            took
        };
        let (alone, all) = if turn % 2 == 0 {
            let alone = millis(|| derive(cost))?;
            (alone, opened()?)
        } else {
            let all = opened()?;
            (millis(|| derive(cost))?, all)
        };
        // The first two warm up.
        if turn >= 2 {
            println!("{alone:.2} {all:.2}");
        }
    }
    Ok(())
}

/// The cost that the vault's own passphrase slot names.
fn calibrated_of(folder: &Path) -> Outcome<Cost> {
    use keyturn_testkit::by_document::{Header, Kind};
    let header = Header::read(folder)?;
    let slots = header.members.first().ok_or("nobody")?.slots.iter();
    let cost = slots.into_iter().find_map(|slot| match slot.kind {
        Kind::Passphrase((memory_kib, passes, lanes), _) => {
            Some(Cost { memory_kib, passes, lanes })
        }
        _ => None,
    });
    cost.ok_or_else(|| "no passphrase".into())
}

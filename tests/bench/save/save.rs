//! Measures one durable change of a vault against what the disk takes for one append.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]
#![allow(clippy::disallowed_methods, reason = "durations of this machine are measured")]

#[path = "../unlock/crowd.rs"]
mod crowd;

use std::{fs::File, io::Write, path::Path, time::Instant};

use crowd::{Outcome, build_kdbx, build_vault, one_of_many, unlock};
use keyturn_vault::{Cost, Vault};

fn main() -> Outcome {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    match given.as_slice() {
        ["build", folder, number] => build_vault(Path::new(folder), number.parse()?, Cost::FLOOR),
        ["kdbx", file, number] => build_kdbx(Path::new(file), number.parse()?, Cost::FLOOR),
        ["turns", small, large, append, number] => {
            turns([small, large].map(Path::new), Path::new(append), number.parse()?)
        }
        _ => Err("no such measurement".into()),
    }
}

fn millis(work: impl FnOnce() -> Outcome) -> Outcome<f64> {
    let began = Instant::now();
    work()?;
    Ok(began.elapsed().as_secs_f64() * 1000.0)
}

/// In turns: a page appended and synced, a credential added to the small vault, one to the large.
fn turns([small, large]: [&Path; 2], append: &Path, number: u64) -> Outcome {
    let (small, large) = (unlock(small)?, unlock(large)?);
    let mut file = File::create(append)?;
    let mut floor = || {
        millis(|| {
            file.write_all(&[7; 4096])?;
            Ok(file.sync_data()?)
        })
    };
    let save = |vault: &Vault, turn: u64| {
        let new = one_of_many(usize::try_from(turn)?);
        millis(|| Ok(vault.add(&new).map(drop)?))
    };
    for turn in 0..number + 20 {
        let took = if turn % 2 == 0 {
            [floor()?, save(&small, turn)?, save(&large, turn)?]
        } else {
            let saved = [save(&large, turn)?, save(&small, turn)?];
            [floor()?, saved[1], saved[0]]
        };
        if turn >= 20 {
            println!("{:.4} {:.4} {:.4}", took[0], took[1], took[2]);
        }
    }
    Ok(())
}

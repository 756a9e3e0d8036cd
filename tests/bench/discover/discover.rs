//! Makes a folder of source, and searches it as the window does: for many values at once.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use std::{
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    thread::available_parallelism,
};

use keyturn_discovery::{Known, Limits, Search, VersionId, search};
use keyturn_model::CredentialId;
use secrecy::SecretString;

type Outcome = Result<(), Box<dyn Error>>;

/// What source is made of.
const WORDS: [&str; 32] = [
    "fn", "let", "mut", "return", "self", "client", "request", "config", "token", "value", "match",
    "Some", "None", "Result", "error", "path", "string", "secret", "password", "key", "(", ")",
    "{", "}", "=>", "=", ";", ".", "&", "\"api\"", "//", "await",
];
/// One file in so many holds a value.
const HOLDING: u64 = 500;
/// One value in so many is a password.
const PASSWORDS: u64 = 7;
const IN_A_FOLDER: u64 = 100;

fn main() -> Outcome {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    match given.as_slice() {
        ["build", folder, files, bytes] => build(Path::new(folder), files.parse()?, bytes.parse()?),
        ["value", number] => {
            println!("{}", value(number.parse()?));
            Ok(())
        }
        ["search", folder, values] => look(Path::new(folder), values.parse()?),
        _ => Err("no such measurement".into()),
    }
}

/// Numbers that are the same for each seed.
struct Seeded(u64);

impl Seeded {
    fn of(seed: u64) -> Self {
        Self(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }
}

/// A key as services make them, which begin alike, or one of the passwords among them.
fn value(number: u64) -> String {
    let mut seeded = Seeded::of(number);
    let (begins, more) = if number % PASSWORDS == 3 { ("", 16) } else { ("sk_live_", 32) };
    let letters = (0..more).map(|_| {
        let at = u8::try_from(seeded.next() % 36).unwrap_or_default();
        char::from(if at < 10 { b'0' + at } else { b'a' + at - 10 })
    });
    format!("{begins}{}", letters.collect::<String>())
}

fn build(folder: &Path, files: u64, bytes: usize) -> Outcome {
    for number in 0..files {
        let mut seeded = Seeded::of(number);
        let mut text = String::with_capacity(bytes + 64);
        while text.len() < bytes {
            for _ in 0..=seeded.next() % 12 {
                let at = usize::try_from(seeded.next() % WORDS.len() as u64)?;
                text.push_str(WORDS.get(at).copied().unwrap_or_default());
                text.push(' ');
            }
            writeln!(text, "{:x}", seeded.next())?;
        }
        if number % HOLDING == 0 {
            writeln!(text, "let key = \"{}\";", value(number))?;
        }
        let place = folder.join(format!("{:04}", number / IN_A_FOLDER));
        if number % IN_A_FOLDER == 0 {
            fs::create_dir_all(&place)?;
        }
        fs::write(place.join(format!("{number}.rs")), text)?;
    }
    Ok(())
}

/// Tells how many values were found, in how many files and bytes, and the most memory it took, in KiB.
fn look(folder: &Path, values: u64) -> Outcome {
    let made: Vec<(VersionId, SecretString)> = (0..values)
        .map(|number| {
            let mut id = [0; 16];
            let bytes = number.to_be_bytes();
            id.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
            let version = VersionId { credential: CredentialId::from_bytes(id), number: 1 };
            (version, SecretString::from(value(number)))
        })
        .collect();
    let known = Known::of(made.iter().map(|(version, value)| (*version, value)));
    drop(made);
    let asked = Search {
        known: &known,
        limits: Limits::USUAL,
        at_once: available_parallelism().map_or(1, usize::from),
        histories: true,
        git: None,
        go_on: &|_| true,
    };
    let found = search(&[PathBuf::from(folder)], &asked);
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let memory = line.and_then(|line| line.split_whitespace().next()).unwrap_or("NaN");
    println!("{} {} {} {memory}", found.sightings.len(), found.files, found.bytes);
    Ok(())
}

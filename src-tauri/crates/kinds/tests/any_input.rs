//! Whatever is pasted or typed: an answer, soon, and never a panic.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use std::{env, fs, path::Path, time::Duration};

use keyturn_kinds::{check, facts, recognise};
use keyturn_model::Kind;
use sha2::{Digest, Sha256};

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 += 1;
        let block = Sha256::digest(self.0.to_be_bytes());
        let number = block.iter().take(7).fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
        number % limit.max(1)
    }
}

const PIECES: &[&str] = &[
    "-----BEGIN CERTIFICATE-----",
    "-----END CERTIFICATE-----",
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "-----END OPENSSH PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----",
    "-----END PRIVATE KEY-----",
    "-----BEGIN ",
    "-----",
    "MIIB",
    "\n",
    "\r\n",
    "\\n",
    "=",
    "==",
    ".",
    "eyJhbGciOiJIUzI1NiJ9",
    "e30",
    "postgres://",
    "mongodb://",
    "user:pass@",
    "[::1]",
    "host:1",
    ",",
    "/",
    "?sslmode=",
    "%",
    "%ff",
    "{",
    "}",
    "\"type\":\"service_account\"",
    "\"web\":{",
    "AKIA",
    "ghp_",
    "sk_live_",
    "ssh-ed25519 AAAA",
    "ssh-rsa ",
    "export ",
    "KEY=",
    "\"",
    "'",
    ";",
    "AccountKey=",
    "AccountName=",
    " ",
    "é",
    "\u{202E}",
    "\u{0}",
    "Bearer ",
    "٣",
    "ﬀ",
    "x",
    "0",
    "A",
];

fn starts() -> Vec<String> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap()).join("tests/fixtures");
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let files =
        paths.iter().map(|path| fs::read_to_string(path).unwrap().replace("=====", "-----"));
    let mut all: Vec<String> = files.collect();
    all.push(format!("ghp_{}", "x".repeat(36)));
    all.push("mongodb://u:fixture@a:1,b:2/d?tls=true".to_owned());
    all.push("AccountName=a;AccountKey=fixture".to_owned());
    all.push(r#"{"type":"service_account","private_key_id":"f"}"#.to_owned());
    all.push("eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.Zml4dHVyZQ".to_owned());
    all
}

fn next(numbers: &mut Numbers, starts: &[String]) -> String {
    let mut text: Vec<char> = match numbers.below(3) {
        0 => Vec::new(),
        _ => starts[numbers.below(starts.len())].chars().collect(),
    };
    for _ in 0..=numbers.below(12) {
        let at = numbers.below(text.len() + 1);
        match numbers.below(4) {
            0 => {
                let piece = PIECES[numbers.below(PIECES.len())];
                text.splice(at..at, piece.chars());
            }
            1 if at < text.len() => {
                text[at] = char::from(u8::try_from(numbers.below(128)).unwrap());
            }
            2 => {
                let end = (at + numbers.below(40)).min(text.len());
                text.drain(at..end);
            }
            _ => text.truncate(text.len().saturating_sub(numbers.below(4))),
        }
    }
    text.into_iter().collect()
}

fn look(text: &str, other: &str) {
    drop(recognise(text));
    for kind in Kind::ALL {
        let fields = kind
            .fields()
            .iter()
            .enumerate()
            .map(|(at, field)| (field.name, if at % 2 == 0 { text } else { other }));
        let fields = fields.collect();
        drop(check(kind, &fields));
        drop(facts(kind, &fields));
    }
}

#[test]
fn ten_thousand_damaged_pastes_are_answered() {
    let starts = starts();
    let mut numbers = Numbers(1);
    let mut other = String::new();
    for _ in 0..10_000 {
        let text = next(&mut numbers, &starts);
        look(&text, &other);
        other = text;
    }
}

#[test]
fn a_paste_as_long_as_may_be_is_answered_at_once() {
    let most = 256 * 1024;
    for piece in PIECES {
        let text = piece.repeat(most / piece.len());
        let (done, waits) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            look(&text, &text);
            done.send(()).unwrap();
        });
        assert!(waits.recv_timeout(Duration::from_secs(20)).is_ok(), "{piece:?}");
    }
}

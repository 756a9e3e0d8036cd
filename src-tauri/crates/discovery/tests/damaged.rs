//! Damaged files, thousands of them: every reader answers, and none says what stands there.
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use keyturn_discovery::{Format, Given, Known, Limits, VersionId, read, read_report};
use keyturn_model::CredentialId;
use secrecy::SecretString;

const RUNS: u64 = 3000;
const VALUE: &str = "fixture-value-one";

const WHOLE: [&str; 8] = [
    r#"{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"n"},"spec":{"jobTemplate":{"spec":{"template":{"spec":{"containers":[{"env":[{"name":"A","value":"fixture-value-one"},{"name":"B","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}]}]}}}}}}]}"#,
    "apiVersion: v1\nkind: Pod\nmetadata: {name: &a n}\nspec:\n  containers:\n  - env:\n    - {name: *a, value: fixture-value-one}\n",
    "services:\n  web:\n    environment: [A=fixture-value-one, \"B=${C:-x}\"]\n    env_file: x.env\n    secrets: [{source: s}]\nsecrets: {s: {file: x}}\n",
    "[Unit]\n[Service]\nEnvironment=\"A=fixture-value-one\" \\\n # x\n 'B=ÿ'\nLoadCredential=a:b\nExecStart=x $A\n",
    "# x\nexport A=\"fixture-value-one\\n\nmore\" # y\nB='c'\nD=`e`\nF=ÿ\n",
    "name: x\njobs:\n  a:\n    env: {X: \"${{ secrets['Y'] }} ${{ secrets.Z }}\"}\n    steps: [{run: \"fixture-value-one $A\"}]\n",
    "a:\n  script: [\"echo $B ${C} fixture-value-one\", export D=$$E]\n  variables: {F: $G}\n",
    r#"[{"RuleID":"x","Secret":"fixture-value-one","StartLine":1},{"DetectorName":"y","Raw":"fixture-value-one","SourceMetadata":{"Data":{"Git":{"line":2}}}}]"#,
];
/// What readers take for something else than a letter.
const TELLING: &[u8] = b"{}[]\",:=\\\n$'`#&*-?|>! \0\xFF\xC3%;.();";

struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % most.max(1)
    }
}

fn damaged(whole: &str, random: &mut Random) -> Vec<u8> {
    let mut bytes = whole.as_bytes().to_vec();
    for _ in 0..=random.below(6) {
        let (at, other) = (random.below(bytes.len()), random.below(bytes.len()));
        match random.below(6) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, TELLING[random.below(TELLING.len())]),
            2 if !bytes.is_empty() => bytes[at] = TELLING[random.below(TELLING.len())],
            3 => drop(bytes.drain(at.min(other)..at.max(other))),
            4 => {
                let part = bytes[at.min(other)..at.max(other)].to_vec();
                bytes.splice(at..at, part);
            }
            _ if !bytes.is_empty() => bytes[at] = random.below(256) as u8,
            _ => {}
        }
        bytes.truncate(4000);
    }
    bytes
}

#[test]
fn every_reader_answers_whatever_it_is_given_and_tells_no_value() {
    let value = SecretString::from(VALUE);
    let version = VersionId { credential: CredentialId::from_bytes([1; 16]), number: 1 };
    let known = Known::of([(version, &value)]);
    let given = Given { file: "folder/fixture.service", known: &known, limits: Limits::USUAL };
    let (mut read_well, mut refused) = (0, 0);
    for seed in 1..=RUNS {
        let random = &mut Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let bytes = damaged(WHOLE[random.below(WHOLE.len())], random);
        for format in Format::ALL {
            match read(format, &bytes, &given) {
                Ok(uses) => {
                    read_well += 1;
                    assert!(!format!("{uses:?}").contains(VALUE), "seed {seed}");
                }
                Err(why) => {
                    refused += 1;
                    assert!(!format!("{why:?}{why}").contains(VALUE), "seed {seed}");
                }
            }
        }
        let _ = read_report(&bytes, &known, &Limits::USUAL);
    }
    assert!(read_well > 300 && refused > 1000, "{read_well} read, {refused} refused");
}

#[test]
fn each_of_the_whole_ones_is_read() {
    let value = SecretString::from(VALUE);
    let version = VersionId { credential: CredentialId::from_bytes([1; 16]), number: 1 };
    let known = Known::of([(version, &value)]);
    let given = Given { file: "x", known: &known, limits: Limits::USUAL };
    let formats = [
        Format::Kubernetes,
        Format::Kubernetes,
        Format::Compose,
        Format::Systemd,
        Format::Env,
        Format::GithubActions,
        Format::GitlabCi,
    ];
    for (format, whole) in formats.into_iter().zip(WHOLE) {
        assert!(!read(format, whole.as_bytes(), &given).unwrap().is_empty(), "{format:?}");
    }
    let report = read_report(WHOLE[7].as_bytes(), &known, &Limits::USUAL).unwrap();
    assert_eq!(report.sightings.len(), 2);
}

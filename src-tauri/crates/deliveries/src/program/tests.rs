#![cfg(target_os = "linux")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use tokio::time::{Instant, sleep};

use super::*;

/// Long enough for whatever is waited for.
const DEADLINE: Duration = Duration::from_secs(30);
const SH: &str = "/bin/sh";

fn script(script: &str, folder: &Path) -> Vec<String> {
    vec!["-c".into(), script.into(), folder.to_str().unwrap().into()]
}

async fn until(what: impl Fn() -> bool) {
    let end = Instant::now() + DEADLINE;
    while !what() {
        assert!(Instant::now() < end, "it came to nothing");
        sleep(Duration::from_millis(5)).await;
    }
}

/// What a script wrote into a file, once it is a whole line.
async fn line(path: PathBuf) -> String {
    let read = || fs::read_to_string(&path).unwrap_or_default();
    until(|| read().ends_with('\n')).await;
    read().trim().to_owned()
}

fn is_running(process: &str) -> bool {
    fs::read_to_string(format!("/proc/{process}/stat"))
        .is_ok_and(|stat| !stat.rsplit(')').next().unwrap().trim_start().starts_with('Z'))
}

#[tokio::test]
async fn a_program_gets_the_text_on_its_standard_input_and_its_arguments_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let mut arguments = script("cat > $0/input; printf '%s' \"$1\" > $0/argument", folder.path());
    arguments.push("$(id) 'x' *".into());
    let ended = run(SH, &arguments, Some("fixture\ninput"), DEADLINE).await.unwrap();
    assert_eq!(ended, Ended::Well);
    assert_eq!(fs::read_to_string(folder.path().join("input")).unwrap(), "fixture\ninput");
    assert_eq!(fs::read_to_string(folder.path().join("argument")).unwrap(), "$(id) 'x' *");
}

#[tokio::test]
async fn arguments_and_environment_of_a_running_program_hold_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let wait = "cat > /dev/null; echo $$ > $0/process; until [ -e $0/go ]; do sleep 0.01; done";
    let arguments = script(wait, folder.path());
    let running = run(SH, &arguments, Some("fixture-secret"), DEADLINE);
    let looking = async {
        let process = line(folder.path().join("process")).await;
        let read = |name: &str| fs::read_to_string(format!("/proc/{process}/{name}")).unwrap();
        let (arguments, environment) = (read("cmdline"), read("environ"));
        fs::write(folder.path().join("go"), "").unwrap();
        assert!(arguments.contains("cat > /dev/null"), "it is this program");
        assert!(!arguments.contains("fixture-secret") && !environment.contains("fixture-secret"));
        for variable in environment.split_terminator('\0') {
            let (name, _) = variable.split_once('=').unwrap();
            assert!(KEPT.contains(&name), "{name}");
        }
        assert!(environment.contains("PATH="));
    };
    let (ended, ()) = tokio::join!(running, looking);
    assert_eq!(ended.unwrap(), Ended::Well);
}

#[tokio::test]
async fn a_program_that_says_much_is_not_held_up() {
    let loud = "yes fixture | head -c 9000000; yes fixture | head -c 9000000 >&2";
    let arguments = vec!["-c".to_owned(), loud.to_owned()];
    assert_eq!(run(SH, &arguments, Some(""), DEADLINE).await.unwrap(), Ended::Well);
}

#[tokio::test]
async fn a_program_that_fails_or_does_not_take_its_input_may_have_done_it() {
    for failing in ["exit 1", "exit 127", "kill -KILL $$", "cat > /dev/null; exit 3"] {
        let arguments = vec!["-c".to_owned(), failing.to_owned()];
        let ended = run(SH, &arguments, Some("x"), DEADLINE).await.unwrap();
        assert_eq!(ended, Ended::Otherwise, "{failing}");
    }
    let arguments = vec!["-c".to_owned(), "exit 0".to_owned()];
    let long = "x".repeat(1 << 20);
    assert_eq!(run(SH, &arguments, Some(&long), DEADLINE).await.unwrap(), Ended::Otherwise);
}

#[tokio::test]
async fn what_cannot_be_started_was_not_done() {
    let folder = tempfile::tempdir().unwrap();
    let plain = folder.path().join("plain");
    fs::write(&plain, "no program").unwrap();
    for program in ["sh", "/none/such", folder.path().to_str().unwrap(), plain.to_str().unwrap()] {
        let ended = run(program, &[], Some("x"), DEADLINE).await;
        assert!(matches!(ended, Err(Fault::Refused)), "{program}");
    }
}

/// Two processes that heed no friendly signal; the inner one says its number.
const STUBBORN: &str = "trap '' TERM INT HUP; \
    sh -c 'trap \"\" TERM INT HUP; echo $$ > $0/process; while :; do sleep 0.01; done' $0 & wait";

#[tokio::test]
async fn when_its_time_is_over_the_whole_group_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = script(STUBBORN, folder.path());
    let started = Instant::now();
    let limit = Duration::from_secs(2);
    assert_eq!(run(SH, &arguments, Some("x"), limit).await.unwrap(), Ended::TooLate);
    assert!(started.elapsed() >= limit && started.elapsed() < DEADLINE);
    let inner = line(folder.path().join("process")).await;
    until(|| !is_running(&inner)).await;
}

#[tokio::test]
async fn when_nobody_waits_any_more_the_whole_group_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = script(STUBBORN, folder.path());
    let running = tokio::spawn(async move { run(SH, &arguments, None, DEADLINE).await });
    let inner = line(folder.path().join("process")).await;
    assert!(is_running(&inner));
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    until(|| !is_running(&inner)).await;
}

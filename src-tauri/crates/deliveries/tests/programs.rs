//! A value by a program, a reload by one, and a health check by one.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod world;

use std::{fs, path::Path};

use keyturn_model::{
    rotation::{Fault, Health, Reload},
    setup::{HealthCheck, Looks, Reloading, Sending},
};
use world::{by, setup, value};

fn sh(script: &str, folder: &Path) -> Vec<String> {
    vec!["-c".into(), script.into(), folder.to_str().unwrap().into()]
}

fn command(script: &str, folder: &Path) -> Sending {
    let input = "{user}:{value|base64}".to_owned();
    Sending::Command { program: "/bin/sh".into(), arguments: sh(script, folder), input }
}

#[tokio::test]
async fn a_program_is_given_the_value_and_another_has_it_taken_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut setup = setup(command("cat > $0/given", folder.path()));
    setup.reloading = Reloading::Command {
        program: "/bin/sh".into(),
        arguments: sh("cp $0/given $0/used", folder.path()),
    };
    setup.check = HealthCheck::Command {
        program: "/bin/sh".into(),
        arguments: sh("test ! -e $0/ill", folder.path()),
    };
    let consumer = by(&setup);
    assert_eq!(consumer.uptake().reload, Reload::Restart);
    assert!(!consumer.uptake().read_back);
    assert_eq!((consumer.uptake().takes_s, consumer.uptake().away_s), (3, 2));
    consumer.ready().await.unwrap();
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none(), "nothing was run but the check");
    consumer.deliver(&value("fixture"), &value("old-fixture")).await.unwrap();
    consumer.reload().await.unwrap();
    assert_eq!(fs::read_to_string(folder.path().join("used")).unwrap(), "app:Zml4dHVyZQ==");
    assert_eq!(consumer.check(&value("fixture")).await.unwrap(), Health::Well);
    fs::write(folder.path().join("ill"), "").unwrap();
    assert_eq!(consumer.check(&value("fixture")).await.unwrap(), Health::Ill);
    assert!(matches!(consumer.ready().await, Err(Fault::Refused)));
}

#[tokio::test]
async fn a_program_that_fails_leaves_it_open_and_one_that_never_ran_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (value("old-fixture"), value("new-fixture"));
    let failing = by(&setup(command("cat > $0/given; exit 1", folder.path())));
    assert!(matches!(failing.deliver(&new, &old).await, Err(Fault::Unknown)));
    assert!(folder.path().join("given").exists(), "it had done it");

    let missing = "/none/such".to_owned();
    let mut never = setup(Sending::Command {
        program: missing.clone(),
        arguments: Vec::new(),
        input: "{value}".into(),
    });
    assert!(matches!(by(&never).deliver(&new, &old).await, Err(Fault::Refused)));
    assert!(matches!(by(&never).ready().await, Err(Fault::Refused)));
    never.sending = command("exit 0", folder.path());
    never.reloading = Reloading::Command { program: missing, arguments: Vec::new() };
    assert!(matches!(by(&never).reload().await, Err(Fault::Refused)));
    assert!(matches!(by(&never).ready().await, Err(Fault::Refused)));
    never.reloading =
        Reloading::Command { program: "/bin/sh".into(), arguments: sh("exit 1", folder.path()) };
    assert!(matches!(by(&never).reload().await, Err(Fault::Unknown)));
}

#[tokio::test]
async fn a_check_that_takes_longer_than_it_may_says_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut setup = setup(command("exit 0", folder.path()));
    setup.check =
        HealthCheck::Command { program: "/bin/sh".into(), arguments: sh("sleep 2", folder.path()) };
    setup.looks = Looks { timeout_s: 0, ..setup.looks };
    assert!(matches!(by(&setup).check(&value("fixture")).await, Err(Fault::Unknown)));
    assert!(matches!(by(&setup).ready().await, Err(Fault::Unknown)));
}

#![cfg(unix)]

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

use super::*;

fn text(text: &str) -> Secret {
    Zeroizing::new(text.to_owned())
}

fn at(path: &Path) -> Target {
    Target::of(path.to_str().unwrap()).unwrap()
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_rename_that_fails_leaves_the_old_file_and_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("conf");
    fs::write(&path, "old").unwrap();
    for (error, is_denied) in [(ErrorKind::PermissionDenied, true), (ErrorKind::Other, false)] {
        let failed =
            at(&path).replace_by(Some(&text("old")), "new-fixture", |_, _| Err(error.into()));
        let fault = failed.unwrap_err();
        assert!(if is_denied {
            matches!(fault, Fault::Denied)
        } else {
            matches!(fault, Fault::Refused)
        });
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(names_in(folder.path()), ["conf"]);
    }
}

#[test]
fn a_rename_that_was_done_and_failed_all_the_same_is_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("conf");
    fs::write(&path, "old").unwrap();
    let failed = at(&path).replace_by(Some(&text("old")), "new-fixture", |from, to| {
        fs::rename(from, to)?;
        Err(ErrorKind::TimedOut.into())
    });
    assert!(matches!(failed, Err(Fault::Unknown)));
}

#[test]
fn a_file_that_somebody_else_wrote_meanwhile_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("conf");
    fs::write(&path, "theirs").unwrap();
    for before in [Some(text("old")), None] {
        let failed = at(&path).replace(before.as_ref(), "new-fixture");
        assert!(matches!(failed, Err(Fault::Busy { wait_s: None })));
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
        assert_eq!(names_in(folder.path()), ["conf"]);
    }
}

#[test]
fn mode_and_owner_stay_and_a_new_file_is_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("conf");
    at(&path).replace(None, "fixture").unwrap();
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o600);
    for mode in [0o640, 0o444, 0o755] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let was = fs::metadata(&path).unwrap();
        let before = at(&path).read().unwrap();
        at(&path).replace(before.as_ref(), &format!("fixture {mode}")).unwrap();
        let is = fs::metadata(&path).unwrap();
        assert_eq!((is.mode(), is.uid(), is.gid()), (was.mode(), was.uid(), was.gid()));
        assert_ne!(is.ino(), was.ino(), "it is another file");
    }
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::chown(&path, Some(12_345), Some(54_321)).unwrap();
        let before = at(&path).read().unwrap();
        at(&path).replace(before.as_ref(), "fixture of another").unwrap();
        let is = fs::metadata(&path).unwrap();
        assert_eq!((is.uid(), is.gid()), (12_345, 54_321));
    }
}

#[test]
fn the_new_file_can_be_read_by_nobody_else_before_it_has_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("conf");
    let target = at(&path);
    let looked = target.replace_by(None, "fixture", |from, to| {
        assert_eq!(fs::metadata(from)?.mode() & 0o7777, 0o600);
        assert_eq!(from.parent(), to.parent(), "on the same disk");
        fs::rename(from, to)
    });
    looked.unwrap();
}

#[test]
fn a_link_stays_and_the_file_that_it_leads_to_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let real = folder.path().join("real");
    fs::create_dir(&real).unwrap();
    fs::write(real.join("conf"), "old").unwrap();
    let link = folder.path().join("link");
    symlink("real/conf", &link).unwrap();
    at(&link).replace(Some(&text("old")), "new-fixture").unwrap();
    assert!(link.is_symlink());
    assert_eq!(fs::read_to_string(real.join("conf")).unwrap(), "new-fixture");
    assert_eq!(names_in(folder.path()), ["link", "real"]);
    assert_eq!(names_in(&real), ["conf"]);
}

#[test]
fn what_leads_to_no_file_that_can_be_changed_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    assert!(matches!(Target::of("conf"), Err(Fault::Refused)));
    assert!(matches!(Target::of(&path("none/conf")), Err(Fault::Gone)));
    symlink("nowhere", path("dangling")).unwrap();
    assert!(matches!(Target::of(&path("dangling")), Err(Fault::Gone)));
    assert!(matches!(
        Target::of(folder.path().to_str().unwrap()).unwrap().read(),
        Err(Fault::Refused)
    ));
    fs::write(path("twice"), "x").unwrap();
    fs::hard_link(path("twice"), path("again")).unwrap();
    assert!(matches!(Target::of(&path("again")).unwrap().read(), Err(Fault::Refused)));
    fs::write(path("binary"), [0xff, 0xfe]).unwrap();
    assert!(matches!(Target::of(&path("binary")).unwrap().read(), Err(Fault::Refused)));
    File::create(path("long")).unwrap().set_len(LONGEST + 1).unwrap();
    assert!(matches!(Target::of(&path("long")).unwrap().read(), Err(Fault::Refused)));
    assert!(Target::of(&path("new")).unwrap().read().unwrap().is_none());
    assert!(matches!(Target::of(&path("new")).unwrap().could_take(5 << 20), Err(Fault::Refused)));
}

#[test]
fn what_a_kill_left_behind_is_cleared_away_and_a_trap_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let (path, elsewhere) = (folder.path().join("conf"), folder.path().join("elsewhere"));
    fs::write(&path, "old").unwrap();
    fs::write(&elsewhere, "theirs").unwrap();
    fs::write(folder.path().join(".conf.keyturn"), "half of a fix").unwrap();
    at(&path).replace(Some(&text("old")), "new-fixture").unwrap();
    symlink(&elsewhere, folder.path().join(".conf.keyturn")).unwrap();
    at(&path).replace(Some(&text("new-fixture")), "newer-fixture").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "newer-fixture");
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "theirs");
    assert_eq!(names_in(folder.path()), ["conf", "elsewhere"]);
}

#[test]
#[ignore = "the next test starts and kills it"]
fn writes_for_ever_when_it_is_asked_to() {
    let path = std::env::var_os("KEYTURN_WRITES_FOR_EVER").unwrap();
    let (target, [one, other]) = (at(Path::new(&path)), both());
    loop {
        let before = target.read().unwrap();
        let next = if before.as_deref() == Some(&one) { &other } else { &one };
        target.replace(before.as_ref(), next).unwrap();
    }
}

fn both() -> [String; 2] {
    ["fixture a\n".repeat(20_000), "fixture bb\n".repeat(30_000)]
}

#[test]
fn a_writer_that_is_killed_at_any_moment_leaves_one_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let (path, both) = (folder.path().join("conf"), both());
    for round in 0..8 {
        fs::write(&path, &both[0]).unwrap();
        let mut writer = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "replace::tests::writes_for_ever_when_it_is_asked_to", "--ignored"])
            .env("KEYTURN_WRITES_FOR_EVER", &path)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let (mut last, mut changes) = (fs::metadata(&path).unwrap().ino(), 0);
        while changes <= round {
            assert!(writer.try_wait().unwrap().is_none(), "it writes");
            let text = fs::read_to_string(&path).unwrap();
            assert!(both.contains(&text), "whole to whoever reads it");
            let now = fs::metadata(&path).unwrap().ino();
            changes += u32::from(now != last);
            last = now;
        }
        writer.kill().unwrap();
        writer.wait().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(both.contains(&text), "whole after the kill");
        at(&path).replace(Some(&Zeroizing::new(text)), "fixture of the next run").unwrap();
        assert_eq!(names_in(folder.path()), ["conf"]);
    }
}

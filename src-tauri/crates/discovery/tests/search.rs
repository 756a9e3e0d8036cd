//! Folders and git histories are searched for the values of a vault.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
};

use keyturn_discovery::{
    Found, Known, Limits, Progress, Proposal, Refused, Search, Sighting, Source, VersionId,
    find_program, propose, search, search_text,
};
use keyturn_model::CredentialId;
use secrecy::SecretString;
use tempfile::TempDir;

const ONE: &str = "fixture-value-one";
const TWO: &str = "fixture/value+two";

fn version(number: u8) -> VersionId {
    VersionId { credential: CredentialId::from_bytes([number; 16]), number: 1 }
}

struct World {
    folder: TempDir,
    known: Known,
    limits: Limits,
}

impl World {
    fn new() -> Self {
        let values = [ONE, TWO].map(SecretString::from);
        let known = Known::of((1..).map(version).zip(&values));
        Self { folder: tempfile::tempdir().unwrap(), known, limits: Limits::USUAL }
    }

    fn path(&self, file: &str) -> PathBuf {
        let folder = fs::canonicalize(self.folder.path()).unwrap();
        if file.is_empty() { folder } else { folder.join(file) }
    }

    fn write(&self, file: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    fn search(&self) -> Found {
        self.search_until(&|_| true)
    }

    fn search_until(&self, go_on: &(dyn Fn(Progress) -> bool + Sync)) -> Found {
        let git =
            find_program("git", &std::env::var_os("PATH").unwrap()).expect("git is installed");
        let Self { known, limits, .. } = self;
        let asked =
            Search { known, limits: *limits, at_once: 2, histories: true, git: Some(&git), go_on };
        search(&[self.path("")], &asked)
    }

    /// A git of the test's own, without the settings of who runs it.
    fn git(&self, folder: &str, arguments: &[&str]) -> String {
        let mut git = Command::new("git");
        git.current_dir(self.path(folder)).args(arguments);
        for (name, value) in [
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_AUTHOR_NAME", "fixture"),
            ("GIT_AUTHOR_EMAIL", "fixture@example.org"),
            ("GIT_COMMITTER_NAME", "fixture"),
            ("GIT_COMMITTER_EMAIL", "fixture@example.org"),
            ("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z"),
            ("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z"),
        ] {
            git.env(name, value);
        }
        for of_a_hook in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
            git.env_remove(of_a_hook);
        }
        let output = git.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn commit(&self, folder: &str) -> String {
        self.git(folder, &["add", "--all"]);
        self.git(folder, &["commit", "--quiet", "--allow-empty", "--message", "fixture"]);
        self.git(folder, &["rev-parse", "HEAD"])
    }
}

/// Where which value lies: file, line, commit, number.
fn places(found: &Found) -> Vec<(String, u64, Option<String>, u8)> {
    let place = |Sighting { version: found, spot }: &Sighting| {
        let number = (1..9).find(|number| version(*number) == *found).unwrap();
        (spot.file.clone(), spot.line, spot.commit.clone(), number)
    };
    let mut places: Vec<_> = found.sightings.iter().map(place).collect();
    places.sort();
    places
}

fn place(path: &Path, line: u64, number: u8) -> (String, u64, Option<String>, u8) {
    (path.display().to_string(), line, None, number)
}

fn why(found: &Found, path: &Path) -> Option<Refused> {
    let path = path.display().to_string();
    found.skipped.iter().find(|skipped| skipped.file == path).map(|skipped| skipped.why.clone())
}

#[test]
fn values_are_found_with_file_and_line_in_every_way_of_writing() {
    let world = World::new();
    let a = world.write("deep/er/a.txt", format!("one\ntwo {ONE}\n\n{ONE} and {TWO}\n"));
    let b = world.write("b.yaml", "x: Zml4dHVyZS12YWx1ZS1vbmU=\n");
    let c = world.write("c", "\nhttps://u:fixture%2Fvalue%2Btwo@host");
    world.write("d.txt", "fixture-value-on fixture-value-0ne");
    let found = world.search();
    let expected =
        [place(&b, 1, 1), place(&c, 2, 2), place(&a, 2, 1), place(&a, 4, 1), place(&a, 4, 2)];
    assert_eq!(places(&found), expected);
    assert_eq!((found.files, found.is_cut, found.skipped.len()), (4, false, 0));
}

#[test]
fn no_value_and_no_line_is_in_what_is_told() {
    let world = World::new();
    world.write(".env", format!("PASSWORD={ONE}\nthe line after {TWO}"));
    world.write(&format!("named-{ONE}.txt"), ONE);
    world.write(&format!("{ONE}/x.txt"), ONE);
    let found = world.search();
    assert_eq!(found.sightings.len(), 3, "two of them only tell the folder, and so the same");
    let told = format!("{found:?}{:?}", world.known);
    assert!(!told.contains("fixture-value") && !told.contains("line after"), "{told}");
}

#[test]
fn who_uses_a_value_is_told_beside_where_it_lies() {
    let world = World::new();
    let env = world.write("shop/.env", format!("TOKEN={ONE}"));
    let manifest = world.write(
        "shop/deploy.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{envFrom: [{secretRef: {name: db}}]}]}}}",
    );
    let notes = world.write("notes.txt", ONE);
    let found = world.search();
    let told: Vec<_> = found
        .uses
        .iter()
        .map(|it| (it.file.as_str(), it.consumer.name.as_str(), &it.source))
        .collect();
    let kept = Source::Kept { name: "db".into(), key: None };
    assert_eq!(
        told,
        [
            (env.to_str().unwrap(), "shop", &Source::Here),
            (manifest.to_str().unwrap(), "web", &kept),
        ]
    );
    let proposals = propose(&found.uses, &found.sightings, &|_| None);
    let leaks: Vec<&str> = proposals
        .iter()
        .filter(|it| matches!(it, Proposal::Leak { .. }))
        .map(Proposal::file)
        .collect();
    assert_eq!(leaks, [notes.to_str().unwrap()]);
}

#[test]
fn a_file_that_is_chosen_is_read_alone_and_a_report_tells_what_it_found() {
    let world = World::new();
    let line = format!(
        r#"[{{"RuleID":"x","Secret":"{ONE}","File":"src/a.py","StartLine":7,"Commit":"c0ffee"}}]"#
    );
    let report = world.write("report.json", line);
    world.write("other.txt", ONE);
    let asked = Search {
        known: &world.known,
        limits: world.limits,
        at_once: 1,
        histories: true,
        git: None,
        go_on: &|_| true,
    };
    let found = search(std::slice::from_ref(&report), &asked);
    let of_report = ("src/a.py".to_owned(), 7, Some("c0ffee".to_owned()), 1);
    assert_eq!(places(&found), [place(&report, 1, 1), of_report]);
}

#[test]
fn what_cannot_be_read_is_a_line_and_the_search_goes_on() {
    let mut world = World::new();
    world.limits.file = 1000;
    let large = world.write("a/large.json", "x".repeat(1001));
    let damaged = world.write("a/docker-compose.yml", "services: [fixture\n");
    let image = world.write("b/image.png", [b"\x89PNG\0\0", ONE.as_bytes()].concat());
    let odd = world.write("c/odd.txt", [b"\xFF\xFE\n", ONE.as_bytes(), b"\xC3"].concat());
    let garbled =
        world.write("c/compose.yaml", [b"services: {a: \xFF}\n# ", ONE.as_bytes()].concat());
    let found = world.search();
    assert_eq!(places(&found), [place(&garbled, 2, 1), place(&odd, 2, 1)]);
    assert_eq!(why(&found, &garbled), Some(Refused::NotText));
    assert_eq!(why(&found, &large), Some(Refused::TooLarge { most: 1000 }));
    assert!(matches!(why(&found, &damaged), Some(Refused::Damaged { .. })));
    assert_eq!(why(&found, &image), Some(Refused::Binary));
    assert_eq!((found.binary, found.skipped.len()), (1, 4));

    let gone = world.path("none");
    let asked = Search {
        known: &world.known,
        limits: world.limits,
        at_once: 1,
        histories: true,
        git: None,
        go_on: &|_| true,
    };
    assert_eq!(why(&search(std::slice::from_ref(&gone), &asked), &gone), Some(Refused::Unreadable));
}

#[cfg(unix)]
#[test]
fn no_link_is_followed_and_no_pipe_opened() {
    use std::os::unix::fs::symlink;

    let world = World::new();
    let outside = World::new();
    outside.write("x.txt", ONE);
    symlink(outside.path(""), world.path("folder")).unwrap();
    symlink(outside.path("x.txt"), world.path("file")).unwrap();
    symlink(world.path(""), world.path("loop")).unwrap();
    assert!(Command::new("mkfifo").arg(world.path("pipe")).status().unwrap().success());
    let inside = world.write("inside/y.txt", ONE);
    let found = world.search();
    assert_eq!(places(&found), [place(&inside, 1, 1)]);
    assert_eq!((found.files, found.links), (1, 3));
    assert_eq!(why(&found, &world.path("loop")), Some(Refused::Link));
}

/// Who runs the tests may read everything, but not what has a longer path than the system takes.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_read_is_a_line_and_the_search_goes_on() {
    use rustix::fs::{Mode, OFlags, mkdirat, open, openat};

    let world = World::new();
    let beside = world.write("beside.txt", ONE);
    let name = "f".repeat(250);
    let mut path = world.path("");
    let mut folder = open(&path, OFlags::DIRECTORY, Mode::empty()).unwrap();
    while path.as_os_str().len() < 4096 {
        mkdirat(&folder, &name, Mode::RWXU).unwrap();
        folder = openat(&folder, &name, OFlags::DIRECTORY, Mode::empty()).unwrap();
        path.push(&name);
    }
    let found = world.search();
    assert_eq!(places(&found), [place(&beside, 1, 1)]);
    assert_eq!(why(&found, &path), Some(Refused::Unreadable));
}

#[test]
fn folders_in_each_other_are_searched_once() {
    let world = World::new();
    world.write("in/x.txt", ONE);
    let asked = Search {
        known: &world.known,
        limits: world.limits,
        at_once: 3,
        histories: true,
        git: None,
        go_on: &|_| true,
    };
    let found = search(&[world.path("in"), world.path(""), world.path("in")], &asked);
    assert_eq!((found.files, found.sightings.len()), (1, 1));
}

#[test]
fn a_search_ends_when_it_is_told_to_or_has_found_enough() {
    let mut world = World::new();
    for n in 0..200 {
        world.write(&format!("{n}.txt"), format!("{ONE}\n{ONE}\n"));
    }
    let asked = AtomicUsize::new(0);
    let stopped = world.search_until(&|told| {
        asked.fetch_add(1, Ordering::SeqCst);
        !matches!(told, Progress::Reading { .. })
    });
    assert!(stopped.is_cut && stopped.files < 200 && asked.load(Ordering::SeqCst) > 1);
    world.limits.found = 10;
    let cut = world.search();
    assert!(cut.is_cut && cut.sightings.len() == 10 && cut.files == 200);
    world.limits = Limits { files: 5, ..Limits::USUAL };
    let few = world.search();
    assert_eq!((few.files, why(&few, &world.path(""))), (5, Some(Refused::TooMany { most: 5 })));
}

#[test]
fn a_value_in_a_git_history_is_found_with_its_oldest_commit() {
    let world = World::new();
    world.write("repo/src/config.py", format!("a = 1\nkey = '{ONE}'\n"));
    world.git("repo", &["init", "--quiet", "--initial-branch", "main"]);
    let first = world.commit("repo");
    fs::remove_file(world.path("repo/src/config.py")).unwrap();
    world.commit("repo");
    world.write("repo/again.py", format!("a = 1\nkey = '{ONE}'\n"));
    world.commit("repo");
    fs::remove_file(world.path("repo/again.py")).unwrap();
    world.commit("repo");
    world.git("repo", &["commit", "--quiet", "--allow-empty", "--message", &format!("uses {TWO}")]);
    let told = world.git("repo", &["rev-parse", "HEAD"]);
    world.git("repo", &["gc", "--quiet"]);
    let found = world.search();
    let repo = world.path("repo");
    let file = repo.join("src/config.py").display().to_string();
    let [in_message, _message_as_git_keeps_it, in_file] =
        <[_; 3]>::try_from(places(&found)).unwrap();
    assert_eq!(in_file, (file, 2, Some(first), 1));
    assert_eq!(
        (in_message.0, in_message.2, in_message.3),
        (repo.display().to_string(), Some(told), 2)
    );
    assert!(found.objects > 0 && found.skipped.is_empty());
}

#[test]
fn bare_repositories_forgotten_objects_and_settings_are_searched_too() {
    let world = World::new();
    fs::create_dir(world.path("bare.git")).unwrap();
    world.git("bare.git", &["init", "--quiet", "--bare"]);
    world.write("forgotten", ONE);
    world.git("bare.git", &["hash-object", "-w", "../forgotten"]);
    fs::remove_file(world.path("forgotten")).unwrap();
    world.git("bare.git", &["config", "remote.origin.url", &format!("https://u:{ONE}@host/x")]);
    let found = world.search();
    let bare = world.path("bare.git");
    let [in_object, in_settings] = <[_; 2]>::try_from(places(&found)).unwrap();
    assert_eq!(in_object, (bare.display().to_string(), 1, Some(String::new()), 1));
    assert_eq!((in_settings.0, in_settings.2), (bare.join("config").display().to_string(), None));
}

#[cfg(unix)]
#[test]
fn a_repository_that_names_programs_starts_none() {
    use std::os::unix::fs::PermissionsExt as _;

    let world = World::new();
    world.write("repo/a.txt", ONE);
    world.write("repo/.gitattributes", "*.txt diff=trap filter=trap\n");
    world.git("repo", &["init", "--quiet", "--initial-branch", "main"]);
    world.commit("repo");
    let trap = world
        .write("repo/trap", format!("#!/bin/sh\ntouch '{}'\n", world.path("sprung").display()));
    fs::set_permissions(&trap, fs::Permissions::from_mode(0o755)).unwrap();
    let program = trap.to_str().unwrap();
    for setting in [
        "core.fsmonitor",
        "core.pager",
        "pager.log",
        "pager.cat-file",
        "diff.external",
        "diff.trap.textconv",
        "diff.trap.command",
        "filter.trap.smudge",
        "filter.trap.clean",
        "gpg.program",
        "core.sshCommand",
        "core.alternateRefsCommand",
        "credential.helper",
        "core.editor",
        "alias.log",
        "alias.cat-file",
        "uploadpack.packObjectsHook",
    ] {
        world.git("repo", &["config", setting, program]);
    }
    world.git("repo", &["config", "log.showSignature", "true"]);
    world.git("repo", &["config", "remote.origin.url", &format!("ext::{program}")]);
    world.git("repo", &["config", "remote.origin.promisor", "true"]);
    world.git("repo", &["config", "extensions.partialClone", "origin"]);
    world.git("repo", &["config", "protocol.ext.allow", "always"]);
    world.write("repo/.git/hooks/post-checkout", fs::read(&trap).unwrap());
    let found = world.search();
    assert_eq!(found.sightings.len(), 2, "in the file and in the history");
    assert!(found.skipped.is_empty(), "{:?}", found.skipped);
    assert!(!world.path("sprung").exists());
    assert!(Command::new(&trap).status().unwrap().success() && world.path("sprung").exists());
}

#[test]
fn what_only_looks_like_a_repository_is_a_line_and_nothing_above_is_read() {
    let world = World::new();
    world.git("", &["init", "--quiet", "--initial-branch", "main"]);
    world.write("a.txt", ONE);
    world.commit("");
    fs::remove_file(world.path("a.txt")).unwrap();
    world.write("trap/.git/HEAD", "fixture");
    fs::create_dir_all(world.path("trap/.git/objects")).unwrap();
    fs::create_dir_all(world.path("trap/.git/refs")).unwrap();
    let git = find_program("git", &std::env::var_os("PATH").unwrap());
    let asked = Search {
        known: &world.known,
        limits: world.limits,
        at_once: 1,
        histories: true,
        git: git.as_deref(),
        go_on: &|_| true,
    };
    let found = search(&[world.path("trap")], &asked);
    assert_eq!(why(&found, &world.path("trap/.git")), Some(Refused::Git));
    assert_eq!((found.sightings.len(), found.objects), (0, 0));
    let without = search(&[world.path("")], &Search { git: None, ..asked });
    assert_eq!(why(&without, &world.path(".git")), Some(Refused::NoGit));
}

#[test]
fn large_and_binary_files_of_a_history_are_passed_over() {
    let mut world = World::new();
    world.write("large.txt", format!("{ONE}{}", "x".repeat(2000)));
    world.write("image", [b"\0", ONE.as_bytes()].concat());
    world.write("small.txt", ONE);
    world.git("", &["init", "--quiet", "--initial-branch", "main"]);
    world.commit("");
    for file in ["large.txt", "image", "small.txt"] {
        fs::remove_file(world.path(file)).unwrap();
    }
    world.limits.file = 1500;
    let found = world.search();
    let files: Vec<_> = places(&found).into_iter().map(|place| place.0).collect();
    assert_eq!(files, [world.path("small.txt").display().to_string()]);
    assert_eq!(why(&found, &world.path(".git")), Some(Refused::TooLarge { most: 1500 }));
}

#[test]
fn git_is_looked_for_only_in_folders_named_from_the_root() {
    let world = World::new();
    world.write("git", "");
    let path = std::env::join_paths([PathBuf::from("."), PathBuf::new(), world.path("")]).unwrap();
    assert_eq!(find_program("git", &path), Some(world.path("git")));
    assert_eq!(find_program("git", "relative:.".as_ref()), None);
}

#[test]
fn a_text_that_was_pasted_tells_who_uses_what_and_what_it_is_not() {
    let world = World::new();
    let asked = Search {
        known: &world.known,
        limits: world.limits,
        at_once: 1,
        histories: true,
        git: None,
        go_on: &|_| true,
    };
    let uses = |text: &str| -> Vec<String> {
        let found = search_text("pasted", text.as_bytes(), &asked);
        assert_eq!(found.skipped, [], "{text}");
        found
            .uses
            .into_iter()
            .map(|found| format!("{} {}", found.consumer.name, found.called))
            .collect()
    };
    let pods = format!(
        r#"{{"apiVersion":"v1","kind":"List","items":[{{"kind":"Deployment","metadata":{{"name":"web"}},"spec":{{"template":{{"spec":{{"containers":[{{"env":[{{"name":"A","value":"{ONE}"}}]}}]}}}}}}}}]}}"#
    );
    assert_eq!(uses(&pods), ["web A"]);
    assert_eq!(uses(&format!("services:\n  web:\n    environment: [A={ONE}]\n")), ["web A"]);
    assert_eq!(uses(&format!("# of the shop\nA={ONE}\n")), [" A"]);
    assert_eq!(uses(&format!("[Unit]\n[Service]\nEnvironment=A={ONE}\n")), ["pasted A"]);
    assert_eq!(uses("jobs:\n  a:\n    steps: [{run: \"${{ secrets.B }}\"}]\n"), ["pasted / a B"]);
    assert_eq!(uses("a:\n  script:\n  - deploy $B\n"), ["a B"]);
    let report = format!(
        r#"[{{"RuleID":"x","Secret":"{ONE}","File":"a.py","StartLine":7}},{{"RuleID":"x","Secret":"other"}}]"#
    );
    let found = search_text("pasted", report.as_bytes(), &asked);
    assert!(found.sightings.iter().any(|sighting| sighting.spot.file == "a.py"));
    assert_eq!(found.others, 1);
    let story = search_text("pasted", b"once upon a time", &asked);
    assert_eq!(why(&story, Path::new("pasted")), Some(Refused::NotThisFormat));
    let damaged = search_text("pasted", b"{\"apiVersion\": [", &asked);
    assert!(matches!(why(&damaged, Path::new("pasted")), Some(Refused::Damaged { .. })));
    let small = Search { limits: Limits { file: 10, ..world.limits }, ..asked };
    let large = search_text("pasted", pods.as_bytes(), &small);
    assert_eq!(why(&large, Path::new("pasted")), Some(Refused::TooLarge { most: 10 }));
}

#[test]
fn json_of_a_hundred_megabytes_is_a_line_and_is_not_read() {
    let world = World::new();
    let large = world.path("large.json");
    // It has no bytes on the disk.
    fs::File::create(&large).unwrap().set_len(100 * 1024 * 1024).unwrap();
    let beside = world.write("beside.txt", ONE);
    let found = world.search();
    assert_eq!(places(&found), [place(&beside, 1, 1)]);
    assert_eq!(why(&found, &large), Some(Refused::TooLarge { most: Limits::USUAL.file }));
}

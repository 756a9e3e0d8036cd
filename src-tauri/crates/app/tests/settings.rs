//! The settings file: kept, told apart when it cannot be used, never lost.
#![allow(clippy::expect_used, reason = "a test ends where it cannot go on")]

mod common;

use std::{fs, path::PathBuf};

use common::app_over;
use keyturn_app::{App, MessageKey, Settings, Theme};
use keyturn_model::Column;
use tempfile::TempDir;

struct Here {
    folder: TempDir,
    file: PathBuf,
    app: App,
}

fn here() -> Here {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("config/settings.json");
    let app = app_over(file.clone());
    Here { folder, file, app }
}

impl Here {
    fn write(&self, text: &[u8]) {
        fs::create_dir_all(self.file.parent().expect("a parent")).expect("made");
        fs::write(&self.file, text).expect("written");
    }

    fn problem(&self) -> Option<MessageKey> {
        self.app.read_settings().problem.map(|problem| problem.message_key)
    }
}

const DARK: Settings = Settings {
    theme: Theme::Dark,
    lock_after_minutes: 7,
    lock_on_sleep: false,
    lock_with_screen: true,
    rotate_while_locked: false,
    single_keys: true,
    hidden_columns: Vec::new(),
    quiet: None,
    names_in_notices: false,
    start_at_login: false,
};

#[test]
fn without_a_file_the_usual_settings_are_in_force_and_nothing_is_written() {
    let here = here();
    let view = here.app.read_settings();
    assert_eq!((view.settings, view.problem), (Settings::default(), None));
    assert!(!here.file.exists());
}

#[test]
fn saved_settings_are_there_at_the_next_start() {
    let here = here();
    let settings = Settings { hidden_columns: vec![Column::Owner], ..DARK };
    here.app.save_settings(settings.clone()).expect("saved");
    assert_eq!(app_over(here.file.clone()).read_settings().settings, settings);
}

#[test]
fn a_file_that_is_not_understood_is_named_and_left_untouched() {
    for broken in [
        &b""[..],
        b"{",
        b"null",
        b"{\"format\":1,\"theme\":\"pink\"}",
        b"\xff\xfe",
        &[b' '; 70_000],
    ] {
        let here = here();
        here.write(broken);
        assert_eq!(here.problem(), Some(MessageKey::SettingsBroken));
        let error = here.app.save_settings(DARK).expect_err("refused");
        assert_eq!(error.code, "KT-SETTINGS-BROKEN");
        assert_eq!(error.details["file"], here.file.display().to_string());
        assert_eq!(fs::read(&here.file).expect("still there"), broken);
    }
}

#[test]
fn a_fault_is_found_by_its_line() {
    let here = here();
    here.write(b"{\n  \"format\": 1,\n  \"theme\": dark\n}");
    let problem = here.app.read_settings().problem.expect("a problem");
    assert_eq!(problem.details["line"], "3");
}

#[test]
fn a_newer_file_is_refused_and_left_untouched() {
    let here = here();
    here.write(br#"{"format":2,"theme":"dark","more":true}"#);
    assert_eq!(here.problem(), Some(MessageKey::SettingsNewer));
    assert!(here.app.save_settings(DARK).is_err());
    assert!(fs::read_to_string(&here.file).expect("still there").contains("more"));
}

#[test]
fn starting_afresh_keeps_each_file_that_was_not_understood() {
    let here = here();
    for (text, kept) in [("{one", "settings.kept-1.json"), ("{two", "settings.kept-2.json")] {
        here.write(text.as_bytes());
        here.app.reset_settings().expect("reset");
        assert_eq!(here.problem(), None);
        assert_eq!(fs::read_to_string(here.file.with_file_name(kept)).expect("kept"), text);
    }
}

#[test]
fn a_place_that_cannot_be_written_is_said_and_can_be_tried_again() {
    let here = here();
    let blocker = here.folder.path().join("a-file");
    fs::write(&blocker, "").expect("written");
    let error = app_over(blocker.join("settings.json")).save_settings(DARK).expect_err("refused");
    assert!(error.retryable);
    assert!(["KT-SETTINGS-UNREADABLE", "KT-SETTINGS-UNWRITABLE"].contains(&error.code));
}

#[test]
fn a_save_leaves_no_other_file_behind() {
    let here = here();
    here.app.save_settings(DARK).expect("saved");
    here.app.save_settings(Settings::default()).expect("saved");
    let names = fs::read_dir(here.file.parent().expect("a parent")).expect("listed").count();
    assert_eq!(names, 1);
}

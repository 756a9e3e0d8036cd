//! The house keeps its shape: who may know whom, what a window may call, what a log line may say.
#![allow(clippy::expect_used, reason = "a test ends where it cannot go on")]

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

use cargo_metadata::{DependencyKind, MetadataCommand};
use keyturn_app::bridge;

#[path = "../src-tauri/command_names.rs"]
mod command_names;

/// A room of the house and the rooms it may know. A room that is not here has no place yet.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("keyturn-model", &[]),
    ("keyturn-vault", &["keyturn-model"]),
    ("keyturn-engine", &["keyturn-model"]),
    ("keyturn-outbound", &["keyturn-model"]),
    ("keyturn-issuers", &["keyturn-model", "keyturn-outbound"]),
    ("keyturn-deliveries", &["keyturn-model", "keyturn-outbound"]),
    ("keyturn-notices", &["keyturn-model", "keyturn-outbound"]),
    ("keyturn-cli", &["keyturn-app"]),
    ("keyturn-exchange", &["keyturn-model"]),
    ("keyturn-kinds", &["keyturn-model"]),
    ("keyturn-map", &["keyturn-model"]),
    ("keyturn-discovery", &["keyturn-model"]),
    (
        "keyturn-app",
        &[
            "keyturn-model",
            "keyturn-vault",
            "keyturn-engine",
            "keyturn-outbound",
            "keyturn-issuers",
            "keyturn-deliveries",
            "keyturn-notices",
            "keyturn-exchange",
            "keyturn-kinds",
            "keyturn-map",
            "keyturn-discovery",
        ],
    ),
    ("keyturn", &["keyturn-app"]),
    // For tests alone: nobody may know them but by a development dependency.
    ("keyturn-testkit", &["keyturn-model", "keyturn-vault"]),
    (
        "keyturn-crash",
        &[
            "keyturn-model",
            "keyturn-vault",
            "keyturn-engine",
            "keyturn-outbound",
            "keyturn-issuers",
            "keyturn-testkit",
            "keyturn-app",
        ],
    ),
    ("keyturn-fuzz", &["keyturn-model", "keyturn-vault", "keyturn-exchange", "keyturn-app"]),
];

/// Only the shell may know the window and the desktop.
const SHELL_ONLY: &[&str] = &[
    "tauri",
    "gtk",
    "webkit2gtk",
    "zbus",
    "notify-rust",
    "keyring-core",
    "zbus-secret-service-keyring-store",
    "apple-native-keyring-store",
    "windows-native-keyring-store",
    "notify-rust",
    "arboard",
];

/// Asked at run time: clones of the house may share what was built.
fn root() -> PathBuf {
    PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo tells it"))
}

#[test]
fn every_crate_knows_only_the_crates_it_may_know() {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .other_options(vec!["--offline".into()])
        .no_deps()
        .exec()
        .expect("cargo metadata");
    assert!(metadata.packages.len() > 1, "the workspace was found");
    for package in &metadata.packages {
        let name = package.name.as_str();
        let (_, allowed) = MAY_KNOW
            .iter()
            .find(|(room, _)| *room == name)
            .unwrap_or_else(|| panic!("{name} has no place in the house: see ARCHITECTURE.md"));
        for dependency in &package.dependencies {
            let known = dependency.name.as_str();
            if known.starts_with("keyturn") && dependency.kind != DependencyKind::Development {
                assert!(allowed.contains(&known), "{name} must not know {known}");
            }
            let shell_only = SHELL_ONLY.contains(&known) || known.starts_with("tauri-");
            assert!(!shell_only || name == "keyturn", "{name} must not know {known}");
        }
    }
}

#[test]
fn what_the_window_may_call_is_the_contract_and_nothing_else() {
    let contract: BTreeSet<String> = bridge::COMMANDS.iter().map(ToString::to_string).collect();
    let built: BTreeSet<String> = command_names::COMMANDS.iter().map(ToString::to_string).collect();
    assert_eq!(built, contract, "src-tauri/command_names.rs");

    let text = fs::read_to_string(root().join("src-tauri/capabilities/main.json")).expect("read");
    let capability: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(capability["windows"], serde_json::json!(["main"]));
    let permissions = capability["permissions"].as_array().expect("a list").iter();
    let permissions: Vec<&str> = permissions.map(|it| it.as_str().expect("a text")).collect();
    let (ours, others): (Vec<&str>, Vec<&str>) =
        permissions.into_iter().partition(|name| name.starts_with("allow-"));
    let allowed: BTreeSet<String> =
        ours.iter().map(|name| name.trim_start_matches("allow-").replace('-', "_")).collect();
    assert_eq!(allowed, contract, "src-tauri/capabilities/main.json");
    assert_eq!(others, ["core:webview:allow-set-webview-zoom"], "src-tauri/capabilities/main.json");
}

#[test]
fn the_page_is_shut_in() {
    let text = fs::read_to_string(root().join("tauri.conf.json")).expect("read");
    let config: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let app = &config["app"];
    assert_eq!(app["withGlobalTauri"], false);
    assert_eq!(app["security"]["freezePrototype"], true);
    assert_eq!(app["security"]["capabilities"], serde_json::json!(["main"]));
    let policy = app["security"]["csp"].to_string();
    assert!(policy.contains("\"script-src\":\"'self'\""), "{policy}");
    for loose in ["unsafe", "data:", "blob:", "*", "https:"] {
        assert!(!policy.contains(loose), "{loose} in {policy}");
    }
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("read");
    assert!(!manifest.contains("devtools"), "a release has no devtools");
}

/// A value woven into a message would pass by the list of fields that a log line may hold.
#[test]
fn a_log_message_is_a_plain_sentence() {
    for file in rust_files(&root().join("src-tauri")) {
        let text = fs::read_to_string(&file).expect("read");
        for call in ["trace!(", "debug!(", "info!(", "warn!(", "error!("] {
            for (start, _) in text.match_indices(&format!("tracing::{call}")) {
                let end = text[start..].find(");").map_or(text.len(), |length| start + length);
                let statement = &text[start..end];
                assert!(!statement.contains('{'), "{}: {statement}", file.display());
            }
        }
        assert!(!text.contains("use tracing::{info"), "{}: call tracing::info!", file.display());
    }
}

fn rust_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

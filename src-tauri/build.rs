//! Names the commands that exist, so that each is refused to every window that a capability does
//! not allow it.

#[path = "command_names.rs"]
mod command_names;

fn main() {
    // SQLCipher is inside the program, and the web view's libraries use the system's SQLite: neither
    // may be taken for the other.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo:rustc-link-arg-bins=-Wl,--exclude-libs,ALL");
    }
    let manifest = tauri_build::AppManifest::new().commands(command_names::COMMANDS);
    let attributes = tauri_build::Attributes::new()
        .app_manifest(manifest)
        .capabilities_path_pattern("src-tauri/capabilities/*.json");
    if let Err(error) = tauri_build::try_build(attributes) {
        eprintln!("{error:#}");
        std::process::exit(1);
    }
}

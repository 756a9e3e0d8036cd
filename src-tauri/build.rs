//! Names the commands that exist, so that each is refused to every window that a capability does
//! not allow it.

#[path = "command_names.rs"]
mod command_names;

fn main() {
    // SQLCipher is inside the program, and the web view's libraries use the system's SQLite: neither
    // may be taken for the other.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo:rustc-link-arg-bins=-Wl,--exclude-libs,ALL");
        if reads_packed_relocations() {
            println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
        }
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

/// Packed, the places that the loader has to fill take a sixtieth of 2.3 MB, which each start reads.
/// The C library understands them from 2.36 on; a program is built where it runs, or on an older system.
fn reads_packed_relocations() -> bool {
    let version = std::process::Command::new("getconf").arg("GNU_LIBC_VERSION").output();
    let text = version.map(|it| String::from_utf8_lossy(&it.stdout).into_owned());
    let minor = text.ok().and_then(|text| text.trim().strip_prefix("glibc 2.")?.parse().ok());
    minor.is_some_and(|minor: u32| minor >= 36)
}

//! Asks a person for a file or a folder, in the system's own dialog.
//!
//! It only asks: whether something may be read or written there is not decided here. The window goes
//! on while the dialog is open; on Linux nothing holds it back, so the interface has to wait for the
//! answer before it asks again.

use std::path::{Path, PathBuf};

use keyturn_app::views::{AskPlace, PlacePurpose};
use tauri::{AppHandle, async_runtime};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};

const BACKUP: Kind = Kind { name: "Keyturn backups", extension: "keyturn-backup" };
const SHEET: Kind = Kind { name: "Text files", extension: "txt" };

/// Where the person wants it; nothing when the dialog was closed, or when the place has a name that
/// is no text.
pub(crate) async fn ask(handle: &AppHandle, asked: AskPlace) -> Option<String> {
    let (answer, mut answered) = async_runtime::channel(1);
    show(handle, &asked, move |place| {
        // Whoever asked may be gone with the window.
        let _ = answer.try_send(place);
    });
    let place = answered.recv().await??.into_path().ok()?;
    let place = match wanted(asked.purpose) {
        Wanted::NewFile(kind) => kind.completed(place),
        Wanted::Folder | Wanted::File(_) | Wanted::AnyFile | Wanted::AnyNewFile => place,
    };
    place.into_os_string().into_string().ok()
}

fn show(
    handle: &AppHandle,
    asked: &AskPlace,
    tell: impl FnOnce(Option<FilePath>) + Send + 'static,
) {
    let start = Start::at(asked);
    let mut dialog = above_the_window(handle).set_title(title(asked.purpose));
    if let Some(folder) = start.folder {
        dialog = dialog.set_directory(folder);
    }
    if let Some(file) = start.file {
        dialog = dialog.set_file_name(file);
    }
    match wanted(asked.purpose) {
        Wanted::Folder => dialog.pick_folder(tell),
        Wanted::File(kind) => dialog.add_filter(kind.name, &[kind.extension]).pick_file(tell),
        Wanted::NewFile(kind) => dialog.add_filter(kind.name, &[kind.extension]).save_file(tell),
        Wanted::AnyFile => dialog.pick_file(tell),
        Wanted::AnyNewFile => dialog.save_file(tell),
    }
}

#[cfg(any(windows, target_os = "macos"))]
fn above_the_window(handle: &AppHandle) -> FileDialogBuilder<tauri::Wry> {
    use tauri::Manager;

    let dialog = handle.dialog().file();
    match handle.get_webview_window("main") {
        Some(window) => dialog.set_parent(&window),
        None => dialog,
    }
}

/// The dialog of GTK takes no parent.
#[cfg(not(any(windows, target_os = "macos")))]
fn above_the_window(handle: &AppHandle) -> FileDialogBuilder<tauri::Wry> {
    handle.dialog().file()
}

fn title(purpose: PlacePurpose) -> &'static str {
    match purpose {
        PlacePurpose::Vault => "Choose the folder of a vault",
        PlacePurpose::Parent => "Choose the folder for the new vault",
        PlacePurpose::Backup => "Choose a backup",
        PlacePurpose::NewBackup => "Save a backup",
        PlacePurpose::NewSheet => "Save the recovery sheet",
        PlacePurpose::Sheet => "Choose a recovery sheet",
        PlacePurpose::SearchFolder => "Choose a folder to search",
        PlacePurpose::SearchFile => "Choose a file to search",
        PlacePurpose::Import => "Choose a file to import",
        PlacePurpose::Export => "Save the export",
        PlacePurpose::Report => "Save the report",
    }
}

enum Wanted {
    Folder,
    File(Kind),
    NewFile(Kind),
    AnyFile,
    AnyNewFile,
}

fn wanted(purpose: PlacePurpose) -> Wanted {
    match purpose {
        PlacePurpose::Vault | PlacePurpose::Parent | PlacePurpose::SearchFolder => Wanted::Folder,
        PlacePurpose::Backup => Wanted::File(BACKUP),
        PlacePurpose::Sheet => Wanted::File(SHEET),
        PlacePurpose::NewBackup => Wanted::NewFile(BACKUP),
        PlacePurpose::NewSheet => Wanted::NewFile(SHEET),
        PlacePurpose::Import | PlacePurpose::SearchFile => Wanted::AnyFile,
        PlacePurpose::Export | PlacePurpose::Report => Wanted::AnyNewFile,
    }
}

/// A kind of file.
struct Kind {
    name: &'static str,
    extension: &'static str,
}

impl Kind {
    /// The dialog of GTK, unlike others, leaves the ending to the person, and one without it would
    /// not be found again.
    fn completed(&self, mut file: PathBuf) -> PathBuf {
        let has_it = file.extension().is_some_and(|it| it.eq_ignore_ascii_case(self.extension));
        if !has_it {
            let name = file.file_name().unwrap_or_default().to_os_string();
            file.set_file_name([&*name, ".".as_ref(), self.extension.as_ref()].join("".as_ref()));
        }
        file
    }
}

/// Where a dialog starts.
#[derive(Debug, Default, PartialEq, Eq)]
struct Start {
    folder: Option<PathBuf>,
    file: Option<String>,
}

impl Start {
    /// As suggested, or in the nearest folder that is there.
    fn at(asked: &AskPlace) -> Self {
        let Some(suggested) = asked.suggested.as_deref().map(Path::new) else {
            return Self::default();
        };
        let is_folder = matches!(wanted(asked.purpose), Wanted::Folder) || suggested.is_dir();
        let (folder, file) = if is_folder {
            (Some(suggested), None)
        } else {
            (suggested.parent(), suggested.file_name())
        };
        let nearest = folder.and_then(|folder| folder.ancestors().find(|it| it.is_dir()));
        Self {
            // The root is near to nothing; the system knows a better start.
            folder: nearest.filter(|it| it.parent().is_some()).map(Path::to_owned),
            file: file.and_then(|name| name.to_str()).map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(purpose: PlacePurpose, suggested: Option<&Path>) -> Start {
        let suggested = suggested.map(|path| path.to_str().expect("text").to_owned());
        Start::at(&AskPlace { purpose, suggested })
    }

    #[test]
    fn a_folder_is_asked_for_in_the_suggested_one() {
        let folder = tempfile::tempdir().expect("a folder");
        for purpose in [PlacePurpose::Vault, PlacePurpose::Parent] {
            let start = start(purpose, Some(folder.path()));
            assert_eq!(start, Start { folder: Some(folder.path().to_owned()), file: None });
        }
    }

    #[test]
    fn a_file_is_asked_for_in_its_folder_under_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("Team 2026.keyturn-backup");
        for purpose in [PlacePurpose::Backup, PlacePurpose::NewBackup] {
            let start = start(purpose, Some(&file));
            assert_eq!(start.folder.as_deref(), Some(folder.path()));
            assert_eq!(start.file.as_deref(), Some("Team 2026.keyturn-backup"));
        }
        let of_a_folder = start(PlacePurpose::NewSheet, Some(folder.path()));
        assert_eq!(of_a_folder, Start { folder: Some(folder.path().to_owned()), file: None });
    }

    #[test]
    fn a_folder_that_is_gone_leads_to_the_nearest_that_is_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let gone = folder.path().join("gone").join("too");
        let near = start(PlacePurpose::Vault, Some(&gone));
        assert_eq!(near.folder.as_deref(), Some(folder.path()));
        let nowhere = start(PlacePurpose::NewSheet, Some(Path::new("/no-such-place/sheet.txt")));
        assert_eq!(nowhere, Start { folder: None, file: Some("sheet.txt".into()) });
        let name_alone = start(PlacePurpose::NewSheet, Some(Path::new("sheet.txt")));
        assert_eq!(name_alone, Start { folder: None, file: Some("sheet.txt".into()) });
        assert_eq!(start(PlacePurpose::Sheet, None), Start::default());
    }

    #[test]
    fn a_new_file_gets_the_ending_of_its_kind_once() {
        for (typed, written) in [
            ("/b/team", "/b/team.keyturn-backup"),
            ("/b/team 2026.11.21", "/b/team 2026.11.21.keyturn-backup"),
            ("/b/team.keyturn-backup", "/b/team.keyturn-backup"),
        ] {
            assert_eq!(BACKUP.completed(typed.into()), PathBuf::from(written));
        }
        assert_eq!(SHEET.completed("/s/SHEET.TXT".into()), PathBuf::from("/s/SHEET.TXT"));
    }
}

//! Puts a file in the place of another: all of it or nothing, whenever it is interrupted.
//!
//! The new one is written beside the old one, readable by its owner alone until it has the mode and owner of
//! the old one, brought to the disk, and renamed. Where a link leads to the file, the link stays. A file with
//! a second name (a hard link) is refused, as the other name would keep the old value.

use std::{
    ffi::OsString,
    fs::{self, File, Metadata, OpenOptions},
    io::{self, ErrorKind, Read as _, Write as _},
    path::{Path, PathBuf},
};

use keyturn_model::rotation::Fault;
use zeroize::Zeroizing;

use crate::template::{Secret, same};

/// No file that is changed is longer, in bytes.
pub(crate) const LONGEST: u64 = 4 * 1024 * 1024;
/// So much room is left on the disk at least, in bytes.
#[cfg(unix)]
const SPARE: u64 = 64 * 1024;

/// A file that is read and replaced, where it really lies.
pub(crate) struct Target {
    path: PathBuf,
    folder: PathBuf,
    beside: PathBuf,
}

impl Target {
    /// The file that this path leads to. It need not exist, but its folder has to.
    pub(crate) fn of(path: &str) -> Result<Self, Fault> {
        let named = Path::new(path);
        if !named.is_absolute() {
            return Err(Fault::Refused);
        }
        let path = match fs::canonicalize(named) {
            Ok(path) => path,
            // A link that leads nowhere is not taken for a file that could be made.
            Err(error) if error.kind() == ErrorKind::NotFound && !named.is_symlink() => {
                let (folder, name) = named.parent().zip(named.file_name()).ok_or(Fault::Refused)?;
                fs::canonicalize(folder).map_err(|error| not_done(&error))?.join(name)
            }
            Err(error) => return Err(not_done(&error)),
        };
        let (folder, name) = path.parent().zip(path.file_name()).ok_or(Fault::Refused)?;
        let mut hidden = OsString::from(".");
        hidden.push(name);
        // Always the same name: what a kill leaves behind is cleared away the next time.
        hidden.push(".keyturn");
        Ok(Self { beside: folder.join(hidden), folder: folder.to_owned(), path })
    }

    /// What the file says; nothing if there is none.
    pub(crate) fn read(&self) -> Result<Option<Secret>, Fault> {
        let Some(found) = self.found()? else { return Ok(None) };
        let file = File::open(&self.path).map_err(|error| not_done(&error))?;
        let length = usize::try_from(found.len()).map_err(|_| Fault::Refused)?;
        // Set aside at once, so that it does not grow and leave copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(length.saturating_add(1)));
        let read = file.take(found.len().saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| not_done(&error))?;
        if bytes.len() != length {
            return Err(Fault::Busy { wait_s: None });
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| Fault::Refused)?;
        Ok(Some(Zeroizing::new(text.to_owned())))
    }

    /// The file, if it is one that can be changed.
    fn found(&self) -> Result<Option<Metadata>, Fault> {
        let found = match fs::symlink_metadata(&self.path) {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(not_done(&error)),
        };
        if found.is_file() && found.len() <= LONGEST && names(&found) == 1 {
            Ok(Some(found))
        } else {
            Err(Fault::Refused)
        }
    }

    /// Whether a file of this length could be put here. Changes nothing.
    pub(crate) fn could_take(&self, length: usize) -> Result<(), Fault> {
        let found = self.found()?;
        if found.is_some_and(|found| !is_ours(&found)) {
            return Err(Fault::Denied);
        }
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        if length > LONGEST { Err(Fault::Refused) } else { room(&self.folder, length) }
    }

    /// Puts `after` in the place of `before`, which was read here.
    pub(crate) fn replace(&self, before: Option<&Secret>, after: &str) -> Result<(), Fault> {
        self.replace_by(before, after, |from, to| fs::rename(from, to))
    }

    fn replace_by(
        &self,
        before: Option<&Secret>,
        after: &str,
        rename: impl FnOnce(&Path, &Path) -> io::Result<()>,
    ) -> Result<(), Fault> {
        self.could_take(after.len())?;
        let written = Beside::write(self, after).map_err(|error| not_done(&error))?;
        if !is(&self.read()?, before) {
            // Somebody else writes it at this moment.
            return Err(Fault::Busy { wait_s: None });
        }
        if let Err(error) = rename(&self.beside, &self.path) {
            let unchanged = self.read().is_ok_and(|now| is(&now, before));
            return Err(if unchanged { not_done(&error) } else { Fault::Unknown });
        }
        written.renamed();
        self.settle()
    }

    /// Brings to the disk what was renamed; as often as wanted.
    pub(crate) fn settle(&self) -> Result<(), Fault> {
        #[cfg(unix)]
        File::open(&self.folder).and_then(|it| it.sync_all()).map_err(|_| Fault::Unknown)?;
        Ok(())
    }
}

fn is(now: &Option<Secret>, before: Option<&Secret>) -> bool {
    match (now, before) {
        (Some(now), Some(before)) => same(now, before),
        (now, before) => now.is_none() && before.is_none(),
    }
}

/// What it means that something failed before the file was changed.
fn not_done(error: &io::Error) -> Fault {
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Fault::Denied,
        ErrorKind::NotFound => Fault::Gone,
        _ => Fault::Refused,
    }
}

/// The new file under its name for the time being; gone with this, unless it was renamed.
struct Beside<'t>(Option<&'t Path>);

impl<'t> Beside<'t> {
    fn write(target: &'t Target, text: &str) -> io::Result<Self> {
        let path = target.beside.as_path();
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        let beside = Self(Some(path));
        file.write_all(text.as_bytes())?;
        match fs::metadata(&target.path) {
            Ok(old) => as_before(&file, &old)?,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        file.sync_all()?;
        Ok(beside)
    }

    fn renamed(mut self) {
        self.0 = None;
    }
}

impl Drop for Beside<'_> {
    fn drop(&mut self) {
        if let Some(path) = self.0 {
            // What cannot be removed now is removed the next time.
            let _ = fs::remove_file(path);
        }
    }
}

/// Gives a file the owner and the mode of another.
#[cfg(unix)]
fn as_before(file: &File, old: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
    let new = file.metadata()?;
    if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
        fchown(file, Some(old.uid()), Some(old.gid()))?;
    }
    file.set_permissions(fs::Permissions::from_mode(old.mode() & 0o7777))
}

#[cfg(not(unix))]
fn as_before(file: &File, old: &Metadata) -> io::Result<()> {
    file.set_permissions(old.permissions())
}

/// Whether another file could be given its owner.
#[cfg(unix)]
fn is_ours(found: &Metadata) -> bool {
    let us = rustix::process::geteuid();
    us.is_root() || us.as_raw() == std::os::unix::fs::MetadataExt::uid(found)
}

#[cfg(not(unix))]
fn is_ours(_: &Metadata) -> bool {
    true
}

/// How many names the file has.
#[cfg(unix)]
fn names(found: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(found)
}

#[cfg(not(unix))]
fn names(_: &Metadata) -> u64 {
    1
}

/// Whether a file can be written into this folder, and there is room for it.
#[cfg(unix)]
fn room(folder: &Path, length: u64) -> Result<(), Fault> {
    use rustix::fs::{Access, access, statvfs};
    let asked = access(folder, Access::WRITE_OK | Access::EXEC_OK);
    asked.map_err(|error| not_done(&error.into()))?;
    let disk = statvfs(folder).map_err(|error| not_done(&error.into()))?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free < length.saturating_add(SPARE) { Err(Fault::Refused) } else { Ok(()) }
}

#[cfg(not(unix))]
fn room(_: &Path, _: u64) -> Result<(), Fault> {
    Ok(())
}

#[cfg(test)]
mod tests;

//! The files of folders. No link is followed, no other file system entered, and nothing but plain files opened.

use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Read as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use zeroize::Zeroizing;

use crate::{
    Format, Given, Refused, Sighting, Spot, read_report, readers,
    search::{Found, Going, Progress, is_binary},
};

/// It is asked whether to go on after so many files.
const TURN: usize = 64;
/// What tells what a file is stands before here.
const HEAD: usize = 64 * 1024;

/// What there is to be read.
#[derive(Default)]
pub(crate) struct Listed {
    pub(crate) files: Vec<PathBuf>,
    /// Folders that git keeps histories in.
    pub(crate) repositories: Vec<PathBuf>,
}

pub(crate) fn list(folders: &[PathBuf], going: &Going<'_>, found: &mut Found) -> Listed {
    let (mut listed, most) = (Listed::default(), going.search.limits.files);
    let mut roots = Vec::new();
    for folder in folders {
        match fs::canonicalize(folder) {
            Ok(root) => roots.push(root),
            Err(_) => found.skip(going.name(folder), Refused::Unreadable),
        }
    }
    roots.sort();
    roots.dedup_by(|inner, outer| inner.starts_with(outer));
    for root in roots {
        if root.is_file() {
            listed.files.push(root);
            continue;
        }
        let home = device(&root);
        let mut open = vec![root.clone()];
        while !open.is_empty() {
            let (next, so_far) = (AtomicUsize::new(0), listed.files.len());
            let parts = by_many(going, || {
                let mut part = Entered::default();
                while let Some(folder) = open.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let so_far = so_far + part.files.len();
                    if so_far > most || !going.on(Progress::Listing(so_far)) {
                        break;
                    }
                    let entered = if device(folder).is_some_and(|here| Some(here) != home) {
                        Err(Refused::Elsewhere)
                    } else {
                        enter(folder, &mut part, going).map_err(|_| Refused::Unreadable)
                    };
                    if let Err(why) = entered {
                        part.found.skip(going.name(folder), why);
                    }
                }
                part
            });
            open.clear();
            for mut part in parts {
                open.append(&mut part.folders);
                listed.files.append(&mut part.files);
                listed.repositories.append(&mut part.repositories);
                found.add(part.found);
            }
            if going.is_stopped() {
                return listed;
            }
            if listed.files.len() > most {
                listed.files.truncate(most);
                found.skip(going.name(&root), Refused::TooMany { most });
                return listed;
            }
        }
    }
    listed
}

/// Done by several at once. What one had that broke off is lost, which is said.
fn by_many(going: &Going<'_>, work: impl Fn() -> Entered + Sync) -> Vec<Entered> {
    let broken =
        || Entered { found: Found { is_cut: true, ..Found::default() }, ..Entered::default() };
    thread::scope(|scope| {
        let many = going.search.at_once.max(1);
        let threads: Vec<_> = (0..many).map(|_| scope.spawn(&work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| broken())).collect()
    })
}

/// What folders hold.
#[derive(Default)]
struct Entered {
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
    repositories: Vec<PathBuf>,
    found: Found,
}

fn enter(folder: &Path, part: &mut Entered, going: &Going<'_>) -> std::io::Result<()> {
    let (mut folders, mut files) = (Vec::new(), Vec::new());
    // What makes a folder one that git keeps a history in.
    let (mut head, mut objects, mut refs) = (false, false, false);
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (sort, name) = (entry.file_type()?, entry.file_name());
        if sort.is_dir() {
            objects |= name == "objects";
            refs |= name == "refs";
            folders.push(entry.path());
        } else if sort.is_file() {
            head |= name == "HEAD";
            files.push(entry.path());
        } else if sort.is_symlink() {
            part.found.leave_out(Refused::Link, || going.name(&entry.path()));
        }
    }
    if head && objects && refs {
        part.repositories.push(folder.to_owned());
        // They are packed: git reads them.
        folders.retain(|inner| *inner != folder.join("objects"));
    }
    part.folders.append(&mut folders);
    part.files.append(&mut files);
    Ok(())
}

#[cfg(unix)]
fn device(path: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt as _;
    fs::symlink_metadata(path).ok().map(|facts| facts.dev())
}
#[cfg(not(unix))]
fn device(_: &Path) -> Option<u64> {
    None
}

pub(crate) fn read(listed: &Listed, going: &Going<'_>, found: &mut Found) {
    let Listed { files, repositories } = listed;
    let next = AtomicUsize::new(0);
    let work = || {
        let room = Zeroizing::default();
        let mut reader = Reader { going, repositories, room, found: Found::default() };
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(at) else { break };
            let told = Progress::Reading { done: at, of: files.len() };
            if going.is_stopped() || at.is_multiple_of(TURN) && !going.on(told) {
                break;
            }
            if let Err(why) = reader.file(file) {
                reader.found.skip(going.name(file), why);
            }
        }
        Entered { found: reader.found, ..Entered::default() }
    };
    for part in by_many(going, work) {
        found.add(part.found);
    }
}

struct Reader<'a> {
    going: &'a Going<'a>,
    repositories: &'a [PathBuf],
    /// Begins with what was read last.
    room: Zeroizing<Vec<u8>>,
    found: Found,
}

impl Reader<'_> {
    fn file(&mut self, path: &Path) -> Result<(), Refused> {
        let length = self.fill(path)?;
        let (text, going) = (self.room.get(..length).unwrap_or_default(), self.going);
        if is_binary(text) {
            // What git packs it reads itself.
            if self.repositories.iter().any(|repository| path.starts_with(repository)) {
                return Ok(());
            }
            self.found.leave_out(Refused::Binary, || going.name(path));
            return Ok(());
        }
        let (named, name) = (path.to_string_lossy(), || going.name(path));
        let is_report = || named.ends_with(".json") && is_report(text);
        let sort = Format::of(&named)
            .or_else(|| may_be_objects(&named, text).then_some(Format::Kubernetes))
            .map(Sort::Of)
            .or_else(|| is_report().then_some(Sort::Report));
        take_in(text, sort, &name, going, &mut self.found)
    }

    /// Reads a file that is not too large, and tells its length: that is asked before, and no more is read.
    fn fill(&mut self, path: &Path) -> Result<usize, Refused> {
        let most = self.going.search.limits.file;
        let mut file = open(path).map_err(|_| Refused::Unreadable)?;
        let facts = file.metadata().map_err(|_| Refused::Unreadable)?;
        if !facts.is_file() {
            return Err(Refused::Unreadable);
        }
        if facts.len() > most {
            return Err(Refused::TooLarge { most });
        }
        let length = usize::try_from(facts.len()).map_err(|_| Refused::TooLarge { most })?;
        if self.room.len() < length {
            // Made anew: one that grows leaves a copy behind.
            self.room = Zeroizing::new(vec![0; length.next_power_of_two()]);
        }
        let mut room = self.room.get_mut(..length).unwrap_or_default();
        // One that was cut meanwhile ends sooner.
        while !room.is_empty() {
            match file.read(room) {
                Ok(0) => break,
                Ok(read) => room = room.get_mut(read..).unwrap_or_default(),
                Err(why) if why.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Err(Refused::Unreadable),
            }
        }
        Ok(length - room.len())
    }
}

/// What a text tells besides where values lie.
#[derive(Clone, Copy)]
pub(crate) enum Sort {
    /// Who uses which secret.
    Of(Format),
    /// What another searcher found.
    Report,
}

/// Looks for values in a text, and reads what it tells. A report names values itself: where they lie is elsewhere.
pub(crate) fn take_in(
    text: &[u8],
    sort: Option<Sort>,
    name: &dyn Fn() -> String,
    going: &Going<'_>,
    found: &mut Found,
) -> Result<(), Refused> {
    found.files += 1;
    found.bytes += text.len() as u64;
    let lines = going.look(text);
    if !lines.is_empty() {
        let file = name();
        found.sightings.extend(lines.into_iter().map(|(line, version)| {
            let spot = Spot { file: file.clone(), line, commit: None };
            Sighting { version, spot }
        }));
    }
    let search = going.search;
    let told = match sort {
        Some(Sort::Of(format)) => {
            let given = Given { file: &name(), known: search.known, limits: search.limits };
            readers::read(format, text, &given).map(|uses| found.uses.extend(uses))
        }
        Some(Sort::Report) => read_report(text, search.known, &search.limits).map(|report| {
            found.others += report.others;
            found.sightings.extend(report.sightings);
        }),
        None => Ok(()),
    };
    if told == Err(Refused::NotThisFormat) { Ok(()) } else { told }
}

/// Objects of Kubernetes are known by what they say.
fn may_be_objects(name: &str, text: &[u8]) -> bool {
    let may_be = [".yml", ".yaml", ".json"].iter().any(|ends| name.ends_with(ends));
    may_be && head(text).contains("apiVersion")
}

pub(crate) fn is_report(text: &[u8]) -> bool {
    let head = head(text);
    ["\"RuleID\"", "\"DetectorName\""].iter().any(|word| head.contains(word))
}

/// What stands near the beginning.
pub(crate) fn head(text: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(text.get(..HEAD).unwrap_or(text))
}

#[cfg(unix)]
fn open(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;

    use rustix::fs::OFlags;
    // One that became a link, or a pipe that nobody writes to, since it was listed.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}
#[cfg(not(unix))]
fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

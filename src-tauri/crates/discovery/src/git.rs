//! Git histories, read by the user's `git`.
//!
//! A repository may be somebody else's trap: its settings can name programs. So git is only asked for what starts
//! none, with an environment of ours, no settings of the user, no network and no pager; and it refuses a repository
//! that belongs to another user. What it keeps is read as one stream; the commits are asked for only after that.

use std::{
    collections::HashMap,
    ffi::OsStr,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

use zeroize::Zeroizing;

use crate::{
    Refused, Sighting, Spot, VersionId,
    search::{Found, Going, Progress, is_binary},
};

const SETTINGS: [&str; 5] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.bigFileThreshold=16m",
    "log.showSignature=false",
    "log.showRoot=true",
];
const ENVIRONMENT: [(&str, &str); 11] = [
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_ATTR_NOSYSTEM", "1"),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_PAGER", "cat"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_TRACE", "0"),
    ("LC_ALL", "C"),
];
const OBJECTS: [&str; 4] = ["cat-file", "--batch-all-objects", "--batch", "--unordered"];
const COMMITS: [&str; 12] = [
    "log",
    "--all",
    "-m",
    "--raw",
    "--no-abbrev",
    "--no-color",
    "--no-ext-diff",
    "--no-relative",
    "--no-renames",
    "--no-textconv",
    "-z",
    "--format=%x02%H",
];
/// No line of git's own is longer, but for a path.
const LONGEST_LINE: u64 = 64 * 1024;
/// It is asked whether to go on after so many objects or commits.
const TURN: usize = 256;

/// Where a program is, of the folders that programs are looked for in (`PATH`). A folder that is not named from the
/// root is left out: it would be one of the repository.
#[must_use]
pub fn find_program(name: &str, path: &OsStr) -> Option<PathBuf> {
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let folders = std::env::split_paths(path).filter(|folder| folder.is_absolute());
    folders.map(|folder| folder.join(&name)).find(|program| program.is_file())
}

/// Reads the history that is kept in a folder.
pub(crate) fn read(folder: &Path, going: &Going<'_>, found: &mut Found) {
    if going.is_stopped() {
        return;
    }
    let Some(git) = going.search.git else {
        return found.skip(going.name(folder), Refused::NoGit);
    };
    let home = home(folder).to_owned();
    let mut history = History { folder, home, git, going, hits: HashMap::new(), found };
    if let Err(why) = history.read() {
        history.found.skip(going.name(folder), why);
    }
}

/// The folder that people know a repository by.
pub(crate) fn home(folder: &Path) -> &Path {
    folder.parent().filter(|_| folder.ends_with(".git")).unwrap_or(folder)
}

struct History<'a> {
    folder: &'a Path,
    home: PathBuf,
    git: &'a Path,
    going: &'a Going<'a>,
    /// The objects that values stand in, and on which lines.
    hits: HashMap<String, Vec<(u64, VersionId)>>,
    found: &'a mut Found,
}

/// Which commit brought an object, and what it is called there.
type Places = HashMap<String, (String, PathBuf)>;

impl History<'_> {
    fn read(&mut self) -> Result<(), Refused> {
        let mut git = self.start(&OBJECTS)?;
        let read = self.objects(&mut git.says).and_then(|()| git.end(self.going));
        let mut places = Places::new();
        let placed = self.place(&mut places);
        // What was found until something went wrong is told.
        for (object, lines) in std::mem::take(&mut self.hits) {
            match places.get(&object) {
                Some((commit, path)) => self.tell(self.home.join(path), commit, &lines),
                None => self.tell(self.home.clone(), "", &lines),
            }
        }
        read.and(placed)
    }

    fn objects(&mut self, says: &mut BufReader<ChildStdout>) -> Result<(), Refused> {
        let most = self.going.search.limits;
        let (mut text, mut any_large) = (Zeroizing::<Vec<u8>>::default(), false);
        for number in 0_usize.. {
            if number.is_multiple_of(TURN) && !self.going.on(Progress::Histories(number)) {
                break;
            }
            let Some(header) = token(says, b'\n')? else { break };
            if number >= most.files {
                return Err(Refused::TooMany { most: most.files });
            }
            let header = String::from_utf8(header).map_err(|_| Refused::Git)?;
            let mut words = header.split(' ');
            let (Some(object), Some(sort), Some(size)) = (words.next(), words.next(), words.next())
            else {
                return Err(Refused::Git);
            };
            let size: u64 = size.parse().map_err(|_| Refused::Git)?;
            if sort == "tree" || size > most.file {
                any_large |= sort != "tree";
                pass(says, size)?;
            } else {
                fill(says, size, &mut text)?;
                self.look(object, sort, &text);
            }
            pass(says, 1)?;
        }
        if any_large { Err(Refused::TooLarge { most: most.file }) } else { Ok(()) }
    }

    /// A commit or a tag says itself where it is; of a file that is asked later.
    fn look(&mut self, object: &str, sort: &str, text: &[u8]) {
        if is_binary(text) {
            return;
        }
        self.found.objects += 1;
        let lines = self.going.look(text);
        if !lines.is_empty() && sort == "blob" {
            self.hits.insert(object.to_owned(), lines);
        } else {
            self.tell(self.home.clone(), object, &lines);
        }
    }

    fn tell(&mut self, file: PathBuf, commit: &str, lines: &[(u64, VersionId)]) {
        let file = if lines.is_empty() { String::new() } else { self.going.name(&file) };
        self.found.sightings.extend(lines.iter().map(|(line, version)| {
            let spot = Spot { file: file.clone(), line: *line, commit: Some(commit.to_owned()) };
            Sighting { version: *version, spot }
        }));
    }

    /// Finds out which commits brought the objects that were found, and what they are called there.
    fn place(&self, places: &mut Places) -> Result<(), Refused> {
        if self.hits.is_empty() || self.going.is_stopped() {
            return Ok(());
        }
        let mut git = self.start(&COMMITS)?;
        self.commits(&mut git.says, places)?;
        git.end(self.going)
    }

    /// The last one that is told is the oldest.
    fn commits(
        &self,
        says: &mut BufReader<ChildStdout>,
        places: &mut Places,
    ) -> Result<(), Refused> {
        let mut commit = String::new();
        let mut number = self.found.objects;
        while let Some(part) = token(says, 0)? {
            let part = String::from_utf8_lossy(&part).into_owned();
            let part = part.trim_start_matches('\n');
            if let Some(hash) = part.strip_prefix('\u{2}') {
                hash.clone_into(&mut commit);
                number += 1;
                if number.is_multiple_of(TURN) && !self.going.on(Progress::Histories(number)) {
                    return Ok(());
                }
            } else if part.starts_with(':') {
                let path = token(says, 0)?.ok_or(Refused::Git)?;
                let object = part.split(' ').nth(3).unwrap_or_default();
                if self.hits.contains_key(object) {
                    let path = PathBuf::from(String::from_utf8_lossy(&path).into_owned());
                    places.insert(object.to_owned(), (commit.clone(), path));
                }
            }
        }
        Ok(())
    }

    fn start(&self, arguments: &[&str]) -> Result<Git, Refused> {
        let mut command = Command::new(self.git);
        command.env_clear().envs(ENVIRONMENT).current_dir(self.folder);
        // It looks for the repository here and not above.
        command.env("GIT_CEILING_DIRECTORIES", self.folder.parent().unwrap_or(self.folder));
        #[cfg(windows)]
        command.envs(std::env::var_os("SYSTEMROOT").map(|root| ("SYSTEMROOT", root)));
        command.arg("--no-pager").args(SETTINGS.iter().flat_map(|setting| ["-c", *setting]));
        command.args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|_| Refused::NoGit)?;
        let says = child.stdout.take().ok_or(Refused::Git)?;
        Ok(Git { child, says: BufReader::with_capacity(256 * 1024, says) })
    }
}

/// A git that runs; ended with this.
struct Git {
    child: Child,
    says: BufReader<ChildStdout>,
}

impl Git {
    /// It said everything, and went well.
    fn end(mut self, going: &Going<'_>) -> Result<(), Refused> {
        if going.is_stopped() {
            return Ok(());
        }
        let ended = self.child.wait().map_err(|_| Refused::Git)?;
        if ended.success() { Ok(()) } else { Err(Refused::Git) }
    }
}

impl Drop for Git {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What is said up to a byte; nothing at the end.
fn token(says: &mut impl BufRead, end: u8) -> Result<Option<Vec<u8>>, Refused> {
    let mut part = Vec::new();
    says.take(LONGEST_LINE).read_until(end, &mut part).map_err(|_| Refused::Git)?;
    match part.pop() {
        None => Ok(None),
        Some(last) if last == end => Ok(Some(part)),
        Some(_) => Err(Refused::Git),
    }
}

fn fill(says: &mut impl Read, size: u64, text: &mut Zeroizing<Vec<u8>>) -> Result<(), Refused> {
    let room = usize::try_from(size).map_err(|_| Refused::Git)?.saturating_add(1);
    text.clear();
    if text.capacity() < room {
        // Made anew: one that grows leaves a copy behind.
        *text = Zeroizing::new(Vec::with_capacity(room.next_power_of_two()));
    }
    let read = says.take(size).read_to_end(text).map_err(|_| Refused::Git)?;
    if read as u64 == size { Ok(()) } else { Err(Refused::Git) }
}

fn pass(says: &mut impl Read, size: u64) -> Result<(), Refused> {
    let passed = std::io::copy(&mut says.take(size), &mut std::io::sink());
    if passed.is_ok_and(|passed| passed == size) { Ok(()) } else { Err(Refused::Git) }
}

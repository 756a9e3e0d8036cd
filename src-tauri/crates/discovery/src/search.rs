//! A search of folders and of the git histories in them for values of the vault, and for who uses them.
//!
//! What cannot be read, or is too large, becomes a line of the result, and the search goes on.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Format, Known, Limits, Refused, Sighting, Use, VersionId, folder, git};

/// More places of one file than this tell nothing new.
const PLACES_OF_A_FILE: usize = 100;
/// So many of what is left out by the thousand are named.
const NAMED: usize = 100;

/// What a search needs.
#[derive(Clone, Copy)]
pub struct Search<'a> {
    /// What is looked for.
    pub known: &'a Known,
    /// What it may ask of the machine.
    pub limits: Limits,
    /// How many files are read at the same time.
    pub at_once: usize,
    /// Whether git histories are searched.
    pub histories: bool,
    /// The program that reads them.
    pub git: Option<&'a Path>,
    /// Is told how far it is, and says whether to go on.
    pub go_on: &'a (dyn Fn(Progress) -> bool + Sync),
}

/// How far a search is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Files are listed: so many so far.
    Listing(usize),
    /// Files are read.
    Reading {
        /// So many.
        done: usize,
        /// Of so many.
        of: usize,
    },
    /// Histories are read: so many objects so far.
    Histories(usize),
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Where values lie.
    pub sightings: Vec<Sighting>,
    /// Who uses secrets.
    pub uses: Vec<Use>,
    /// What was not read, or not understood.
    pub skipped: Vec<Skipped>,
    /// How many files were searched.
    pub files: usize,
    /// How many bytes they have.
    pub bytes: u64,
    /// How many files were left out as they are no text; the first of them are named.
    pub binary: usize,
    /// How many links were not followed; the first of them are named.
    pub links: usize,
    /// How many secrets reports tell of that are none of the vault.
    pub others: usize,
    /// How many objects of histories were searched.
    pub objects: usize,
    /// Somebody said stop, or more was found than can be told.
    pub is_cut: bool,
}

/// Something that was not read, or not understood.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Skipped {
    /// The file, the folder, or the folder of a repository.
    pub file: String,
    /// Why.
    pub why: Refused,
}

/// Searches folders or single files, and the git histories in them. A report of gitleaks or trufflehog tells what it
/// found as if it were found here. Links are not followed: what they lead to is found where it is,
/// or lies outside.
#[must_use]
pub fn search(folders: &[PathBuf], search: &Search<'_>) -> Found {
    let going = Going { search, stopped: AtomicBool::new(false), sightings: AtomicUsize::new(0) };
    let mut found = Found::default();
    let listed = folder::list(folders, &going, &mut found);
    folder::read(&listed, &going, &mut found);
    for repository in listed.repositories.iter().filter(|_| search.histories) {
        git::read(repository, &going, &mut found);
    }
    found.is_cut |=
        going.is_stopped() || going.sightings.load(Ordering::Relaxed) > search.limits.found;
    found.cut(search.limits.found);
    found
}

/// Searches a text that lies nowhere: what somebody pasted, or what a cluster says of itself. What it is shows in it.
#[must_use]
pub fn search_text(name: &str, text: &[u8], search: &Search<'_>) -> Found {
    let going = Going { search, stopped: AtomicBool::new(false), sightings: AtomicUsize::new(0) };
    let mut found = Found::default();
    let sort = if folder::is_report(text) {
        Some(folder::Sort::Report)
    } else {
        Format::told_by(&folder::head(text)).map(folder::Sort::Of)
    };
    let read = match sort {
        _ if text.len() as u64 > search.limits.file => {
            Err(Refused::TooLarge { most: search.limits.file })
        }
        _ => folder::take_in(text, sort, &|| name.to_owned(), &going, &mut found),
    };
    match read {
        Err(why) => found.skip(name.to_owned(), why),
        // Of a log or a letter only the values in it can be told.
        Ok(()) if sort.is_none() && found.sightings.is_empty() => {
            found = Found::default();
            found.skip(name.to_owned(), Refused::NotThisFormat);
        }
        Ok(()) => {}
    }
    found.cut(search.limits.found);
    found
}

impl Found {
    fn cut(&mut self, most: usize) {
        self.sightings.sort_unstable();
        self.sightings.dedup();
        self.uses.sort_by(|a, b| a.file.cmp(&b.file));
        self.skipped.sort_by(|a, b| a.file.cmp(&b.file));
        self.is_cut |= self.sightings.len().max(self.uses.len()).max(self.skipped.len()) > most;
        self.sightings.truncate(most);
        self.uses.truncate(most);
        self.skipped.truncate(most);
    }

    /// Takes over what another part of the same search found.
    pub(crate) fn add(&mut self, mut part: Self) {
        self.sightings.append(&mut part.sightings);
        self.uses.append(&mut part.uses);
        self.skipped.append(&mut part.skipped);
        self.files += part.files;
        self.bytes += part.bytes;
        self.binary += part.binary;
        self.links += part.links;
        self.others += part.others;
        self.objects += part.objects;
        self.is_cut |= part.is_cut;
    }

    pub(crate) fn skip(&mut self, file: String, why: Refused) {
        self.skipped.push(Skipped { file, why });
    }

    /// What there may be thousands of is counted, and the first are named.
    pub(crate) fn leave_out(&mut self, why: Refused, name: impl FnOnce() -> String) {
        let count = match why {
            Refused::Link => &mut self.links,
            _ => &mut self.binary,
        };
        *count += 1;
        if *count <= NAMED {
            self.skip(name(), why);
        }
    }
}

/// A search that is under way.
pub(crate) struct Going<'a> {
    pub(crate) search: &'a Search<'a>,
    stopped: AtomicBool,
    sightings: AtomicUsize,
}

impl Going<'_> {
    /// Tells how far it is. Whether to go on.
    pub(crate) fn on(&self, progress: Progress) -> bool {
        if !self.is_stopped() && !(self.search.go_on)(progress) {
            self.stopped.store(true, Ordering::Relaxed);
        }
        !self.is_stopped()
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Which values stand on which lines of a text.
    pub(crate) fn look(&self, text: &[u8]) -> Vec<(u64, VersionId)> {
        let mut hits = Vec::new();
        self.search.known.find(text, &mut |at, version| {
            hits.push((at, version));
            hits.len() < PLACES_OF_A_FILE
        });
        hits.sort_unstable();
        let (mut line, mut from) = (1, 0);
        let lines = hits.into_iter().map(|(at, version)| {
            let between = text.get(from..at).unwrap_or_default();
            line += between.iter().filter(|byte| **byte == b'\n').count() as u64;
            from = at;
            (line, version)
        });
        let mut lines: Vec<_> = lines.collect();
        lines.dedup();
        // What is over the limit is let go, so that it takes no memory.
        let before = self.sightings.fetch_add(lines.len(), Ordering::Relaxed);
        lines.truncate(self.search.limits.found.saturating_sub(before));
        lines
    }

    /// The name of a file, which may have a value in it.
    pub(crate) fn name(&self, file: &Path) -> String {
        let name = file.display().to_string();
        if self.search.known.versions(name.as_bytes()).is_empty() {
            return name;
        }
        let folder = file.ancestors().skip(1).map(|folder| folder.display().to_string());
        let mut folders =
            folder.filter(|name| self.search.known.versions(name.as_bytes()).is_empty());
        folders.next().unwrap_or_default()
    }
}

/// Whether something is no text, as git tells it.
pub(crate) fn is_binary(text: &[u8]) -> bool {
    memchr::memchr(0, text.get(..8000).unwrap_or(text)).is_some()
}

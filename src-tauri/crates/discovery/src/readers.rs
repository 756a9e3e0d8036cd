//! What files tell of who uses which secret: one reader a format.
//!
//! A reader names consumers, variables and the names of secrets. A value that stands in a file is compared with those
//! of the vault and goes no further.

mod compose;
mod env;
mod github;
mod gitlab;
mod kubernetes;
mod systemd;

use std::path::Path;

use keyturn_model::setup::Deployment;

use crate::{Known, Limits, Refused, Seen, Source, Use};

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Objects of Kubernetes: what `kubectl get … -o json` prints, and manifests.
    Kubernetes,
    /// Services of Docker Compose.
    Compose,
    /// A unit of systemd, or what is dropped in beside one.
    Systemd,
    /// `NAME=value`, a line each.
    Env,
    /// A workflow of GitHub Actions.
    GithubActions,
    /// A pipeline of GitLab.
    GitlabCi,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Kubernetes,
        Self::Compose,
        Self::Systemd,
        Self::Env,
        Self::GithubActions,
        Self::GitlabCi,
    ];

    /// What a file of this name is. A name does not tell objects of Kubernetes from other files.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        let path = path.replace('\\', "/");
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let yaml = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml"));
        let unit = |ends: &str| name.ends_with(".conf") && folder.ends_with(&format!("{ends}.d"));
        if name.ends_with(".service") || unit(".service") {
            return Some(Self::Systemd);
        }
        if name == ".env" || name.starts_with(".env.") || name.ends_with(".env") {
            return Some(Self::Env);
        }
        match yaml? {
            ".gitlab-ci" => Some(Self::GitlabCi),
            _ if folder.ends_with(".github/workflows") => Some(Self::GithubActions),
            name if name.starts_with("compose") || name.starts_with("docker-compose") => {
                Some(Self::Compose)
            }
            _ => None,
        }
    }
}

impl Format {
    /// What a text without a name is, by what stands near its beginning.
    pub(crate) fn told_by(head: &str) -> Option<Self> {
        let key = |name: &str| head.lines().any(|line| line.trim_start().starts_with(name));
        let has = |name: &str| key(&format!("{name}:")) || head.contains(&format!("\"{name}\""));
        let is_pair = |line: &str| line.split_once('=').is_some_and(|(name, _)| !name.is_empty());
        let mut lines = head.lines().map(str::trim);
        let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
        Some(match () {
            () if has("apiVersion") => Self::Kubernetes,
            () if has("jobs") => Self::GithubActions,
            () if has("services") && !has("script") => Self::Compose,
            () if key("[Service]") => Self::Systemd,
            () if has("script") => Self::GitlabCi,
            () if first.is_some_and(is_pair) => Self::Env,
            () => return None,
        })
    }
}

/// What reading needs beside the bytes.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// The place of the file, which names what the file does not name itself.
    pub file: &'a str,
    /// The values that may stand in it.
    pub known: &'a Known,
    /// What it may ask of the machine.
    pub limits: Limits,
}

/// Reads who uses which secret out of a file.
///
/// # Errors
/// When the file is not of that format, is damaged, or asks for too much.
pub fn read(format: Format, bytes: &[u8], given: &Given<'_>) -> Result<Vec<Use>, Refused> {
    let mut intake = Intake { given, uses: Vec::new(), is_full: false };
    match format {
        Format::Kubernetes => kubernetes::read(bytes, &mut intake),
        Format::Compose => compose::read(bytes, &mut intake),
        Format::Systemd => systemd::read(bytes, &mut intake),
        Format::Env => env::read(bytes, &mut intake),
        Format::GithubActions => github::read(bytes, &mut intake),
        Format::GitlabCi => gitlab::read(bytes, &mut intake),
    }?;
    if intake.is_full {
        return Err(Refused::TooMany { most: given.limits.found });
    }
    Ok(intake.uses)
}

/// Where all readers put what they find.
struct Intake<'a> {
    given: &'a Given<'a>,
    uses: Vec<Use>,
    is_full: bool,
}

impl Intake<'_> {
    /// A secret that lies somewhere else.
    fn lies(&mut self, consumer: &Seen, source: Source, called: &str) {
        self.add(consumer, source, called, Vec::new());
    }

    /// A value that stands in the file: told when it is one of the vault.
    fn says(&mut self, consumer: &Seen, called: &str, value: &str) {
        let holds = self.given.known.versions(value.as_bytes());
        if !holds.is_empty() {
            self.add(consumer, Source::Here, called, holds);
        }
    }

    fn add(&mut self, consumer: &Seen, source: Source, called: &str, holds: Vec<crate::VersionId>) {
        let consumer = Seen {
            name: self.name(&consumer.name),
            environment: self.name(&consumer.environment),
            deployment: consumer.deployment,
        };
        let source = match source {
            Source::Here => Source::Here,
            Source::Kept { name, key } => {
                Source::Kept { name: self.name(&name), key: key.map(|key| self.name(&key)) }
            }
            Source::File { path } => Source::File { path: self.name(&path) },
            Source::Variable { name } => Source::Variable { name: self.name(&name) },
        };
        let called = self.name(called);
        let found = Use { consumer, source, called, holds, file: self.given.file.to_owned() };
        self.is_full |= self.uses.len() >= self.given.limits.found;
        // The same one is used by many steps of a pipeline.
        if !self.is_full && self.uses.last() != Some(&found) {
            self.uses.push(found);
        }
    }

    /// What stands where a name belongs, unless it is a value.
    fn name(&self, text: &str) -> String {
        let is_value = !self.given.known.versions(text.as_bytes()).is_empty();
        if is_value { String::new() } else { text.to_owned() }
    }

    fn file_name(&self) -> String {
        let name = Path::new(self.given.file).file_name();
        name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// The name of the folder that the file lies in.
    fn folder_name(&self) -> String {
        self.folder_above(1)
    }

    /// The name of a folder above the file.
    fn folder_above(&self, steps: usize) -> String {
        let folder = Path::new(self.given.file).ancestors().nth(steps).and_then(Path::file_name);
        folder.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }
}

/// What belongs to something that has a name: services called `web` are in many projects.
fn within(whole: &str, part: &str) -> String {
    if whole.is_empty() { part.to_owned() } else { format!("{whole} / {part}") }
}

fn seen(name: &str, environment: &str, deployment: Deployment) -> Seen {
    Seen { name: name.to_owned(), environment: environment.to_owned(), deployment }
}

fn kept(name: &str, key: Option<&str>) -> Source {
    Source::Kept { name: name.to_owned(), key: key.map(str::to_owned) }
}

/// The variables that a text refers to: `$NAME`, `${NAME}`, `${NAME:-otherwise}`. Two dollars are one that means nothing.
fn references<'t>(text: &'t str, hear: &mut dyn FnMut(&'t str)) {
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once('$') {
        if let Some(after) = behind.strip_prefix('$') {
            rest = after;
            continue;
        }
        let name = behind.strip_prefix('{').unwrap_or(behind);
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let (name, after) = name.split_at(name.find(|c| !is_part(c)).unwrap_or(name.len()));
        if !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) {
            hear(name);
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests;

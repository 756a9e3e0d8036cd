//! What a person is asked to accept: a binding, or a leak; and how two searches differ. Nothing is changed here.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use keyturn_model::CredentialId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Format, Found, Seen, Sighting, Source, Spot, Use, VersionId, git::home};

/// Something that was found and that the vault does not say.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "is")]
pub enum Proposal {
    /// A consumer uses a credential.
    Binding {
        /// Who.
        consumer: Seen,
        /// Which, as its value stands there or it is called so; none where a person has to say.
        #[ts(type = "string | null")]
        credential: Option<CredentialId>,
        /// The version whose value stands there.
        #[ts(type = "number | null")]
        version: Option<i64>,
        /// Where the consumer gets it from.
        source: Source,
        /// What the consumer calls it.
        called: String,
        /// The file that tells it.
        file: String,
    },
    /// A value lies where no consumer is known to need it.
    Leak {
        /// Which.
        version: VersionId,
        /// Where.
        spot: Spot,
    },
}

/// How a search differs from the one before.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Rescan {
    /// What was not there before.
    pub new: Vec<Proposal>,
    /// What is not there any more.
    pub gone: Vec<Proposal>,
    /// What was there, in files that were not read this time: nobody knows.
    pub stale: Vec<Proposal>,
}

/// What follows from uses and sightings. `named` tells which credential bears a name, if it is one alone.
#[must_use]
pub fn propose(
    uses: &[Use],
    sightings: &[Sighting],
    named: &dyn Fn(&str) -> Option<CredentialId>,
) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    let mut seen = HashSet::new();
    let mut add = |proposal: Proposal| {
        if seen.insert(proposal.clone()) {
            proposals.push(proposal);
        }
    };
    let binding = |of: &Use, credential, version| Proposal::Binding {
        consumer: of.consumer.clone(),
        credential,
        version,
        source: of.source.clone(),
        called: of.called.clone(),
        file: of.file.clone(),
    };
    let mut holding: HashMap<&str, Vec<&Use>> = HashMap::new();
    for found in uses.iter().filter(|found| !found.holds.is_empty()) {
        holding.entry(&found.file).or_default().push(found);
    }
    // Who reads a file of variables is the consumer of what stands there, not the file.
    let mut read = HashSet::new();
    let mut others = Vec::new();
    for found in uses {
        let there = held_elsewhere(found, &holding);
        for other in &there {
            let found = Use { called: other.called.clone(), ..found.clone() };
            for version in &other.holds {
                add(binding(&found, Some(version.credential), Some(version.number)));
                read.insert((other.file.as_str(), *version));
            }
        }
        if there.is_empty() {
            others.push(found);
        }
    }
    for found in others {
        for version in &found.holds {
            if !read.contains(&(found.file.as_str(), *version)) {
                add(binding(found, Some(version.credential), Some(version.number)));
            }
        }
        if found.holds.is_empty() {
            add(binding(found, names(found).into_iter().find_map(named), None));
        }
    }
    let held = holding.iter().flat_map(|(file, uses)| uses.iter().map(move |found| (*file, found)));
    let explained: HashSet<(&str, VersionId)> = held
        .flat_map(|(file, found)| found.holds.iter().map(move |version| (file, *version)))
        .collect();
    for Sighting { version, spot } in sightings {
        if spot.commit.is_some() || !explained.contains(&(spot.file.as_str(), *version)) {
            add(Proposal::Leak { version: *version, spot: spot.clone() });
        }
    }
    proposals
}

/// The file that a consumer gets its variables from, where that is told.
fn lies_in(of: &Use) -> Option<String> {
    let folder = Path::new(&of.file).parent()?;
    let path = match &of.source {
        Source::File { path } => folder.join(path.strip_prefix("./").unwrap_or(path)),
        // What a project is composed with stands beside it.
        Source::Variable { .. } if Format::of(&of.file) == Some(Format::Compose) => {
            folder.join(".env")
        }
        _ => return None,
    };
    Some(path.to_string_lossy().into_owned())
}

/// What stands in the file that a consumer gets its variables from, and is meant for it.
fn held_elsewhere<'u>(of: &Use, holding: &HashMap<&str, Vec<&'u Use>>) -> Vec<&'u Use> {
    let there = lies_in(of).and_then(|file| holding.get(file.as_str()));
    let meant = |other: &&&Use| match &of.source {
        Source::Variable { name } => *name == other.called,
        _ => true,
    };
    there.into_iter().flatten().filter(meant).copied().collect()
}

/// What a secret may be called in the vault, the most telling first.
fn names(of: &Use) -> Vec<&str> {
    let mut names = match &of.source {
        Source::Kept { name, key } => vec![name.as_str(), key.as_deref().unwrap_or_default()],
        Source::Variable { name } => vec![name.as_str()],
        Source::File { .. } | Source::Here => Vec::new(),
    };
    names.push(&of.called);
    names.retain(|name| !name.is_empty());
    names
}

/// How `now`, which follows from `found`, differs from `before`. A leak that only moved to another line of its file is
/// the same one.
#[must_use]
pub fn compare(before: &[Proposal], now: &[Proposal], found: &Found) -> Rescan {
    let keys = |all: &[Proposal]| all.iter().map(Proposal::without_line).collect::<HashSet<_>>();
    let (known, here) = (keys(before), keys(now));
    let missing = |from: &[Proposal], there: &HashSet<Proposal>| -> Vec<Proposal> {
        from.iter().filter(|one| !there.contains(&one.without_line())).cloned().collect()
    };
    let is_stale = |one: &Proposal| found.is_cut || one.is_in_what_was_skipped(found);
    let (stale, gone) = missing(before, &here).into_iter().partition(is_stale);
    Rescan { new: missing(now, &known), gone, stale }
}

impl Proposal {
    /// By what it is known again, also when it moved within its file.
    #[must_use]
    pub fn without_line(&self) -> Self {
        let mut same = self.clone();
        if let Self::Leak { spot, .. } = &mut same {
            spot.line = 0;
        }
        same
    }

    fn is_in_what_was_skipped(&self, found: &Found) -> bool {
        let in_history = matches!(self, Self::Leak { spot, .. } if spot.commit.is_some());
        let holds = |skipped: &Path| Path::new(self.file()).starts_with(skipped);
        found
            .skipped
            .iter()
            .map(|skipped| Path::new(&skipped.file))
            .any(|skipped| holds(if in_history { home(skipped) } else { skipped }))
    }

    /// The file that tells it.
    #[must_use]
    pub fn file(&self) -> &str {
        match self {
            Self::Binding { file, .. } => file,
            Self::Leak { spot, .. } => &spot.file,
        }
    }
}

#[cfg(test)]
mod tests {
    use keyturn_model::setup::Deployment;

    use super::*;
    use crate::{Refused, Skipped, testing::version};

    fn used(source: Source, called: &str, holds: &[u32], file: &str) -> Use {
        let consumer = Seen {
            name: "shop".into(),
            environment: "prod".into(),
            deployment: Deployment::Service,
        };
        let holds = holds.iter().map(|number| version(*number)).collect();
        Use { consumer, source, called: called.into(), holds, file: file.into() }
    }

    fn sighting(number: u32, file: &str, line: u64, commit: Option<&str>) -> Sighting {
        let spot = Spot { file: file.into(), line, commit: commit.map(str::to_owned) };
        Sighting { version: version(number), spot }
    }

    fn credential_of(proposal: &Proposal) -> Option<CredentialId> {
        match proposal {
            Proposal::Binding { credential, .. } => *credential,
            Proposal::Leak { .. } => panic!("{proposal:?}"),
        }
    }

    #[test]
    fn a_binding_names_the_credential_whose_value_or_name_it_has() {
        let by_name = |name: &str| (name == "db-login").then(|| version(9).credential);
        let kept = |name: &str| Source::Kept { name: name.into(), key: Some("password".into()) };
        let uses = [
            used(Source::Here, "A", &[1, 2], "x"),
            used(kept("db-login"), "B", &[], "x"),
            used(kept("other"), "db-login", &[], "x"),
            used(kept("other"), "C", &[], "x"),
            used(kept("other"), "C", &[], "x"),
        ];
        let proposals = propose(&uses, &[], &by_name);
        let credentials: Vec<_> = proposals.iter().map(credential_of).collect();
        let of = |number| Some(version(number).credential);
        assert_eq!(credentials, [of(1), of(2), of(9), of(9), None]);
    }

    #[test]
    fn a_value_is_a_leak_unless_a_consumer_is_known_to_need_it_there() {
        let uses = [used(Source::Here, "A", &[1], "/srv/.env")];
        let history = sighting(1, "/srv/.env", 1, Some("c0ffee"));
        let elsewhere = sighting(1, "/srv/notes.txt", 4, None);
        let other = sighting(2, "/srv/.env", 2, None);
        let sightings = [sighting(1, "/srv/.env", 1, None), history, elsewhere, other];
        let proposals = propose(&uses, &sightings, &|_| None);
        let leaks: Vec<&Proposal> =
            proposals.iter().filter(|it| matches!(it, Proposal::Leak { .. })).collect();
        let expected = sightings[1..]
            .iter()
            .map(|it| Proposal::Leak { version: it.version, spot: it.spot.clone() });
        assert_eq!(leaks, expected.collect::<Vec<_>>().iter().collect::<Vec<_>>());
    }

    #[test]
    fn who_reads_a_file_of_variables_uses_what_stands_there() {
        let named = |name: &str, found: Use| Use {
            consumer: Seen { name: name.into(), ..found.consumer },
            ..found
        };
        let variable = Source::Variable { name: "B".into() };
        let uses = [
            used(Source::Here, "A", &[1], "/srv/.env"),
            used(Source::Here, "B", &[2], "/srv/.env"),
            used(Source::Here, "C", &[3], "/srv/alone.env"),
            named("web", used(Source::File { path: "./.env".into() }, "", &[], "/srv/compose.yml")),
            named("job", used(variable.clone(), "X", &[], "/srv/compose.yml")),
            named("unit", used(variable, "B", &[], "/srv/x.service")),
        ];
        let told = propose(&uses, &[], &|_| None);
        let told: Vec<_> = told
            .iter()
            .map(|it| match it {
                Proposal::Binding { consumer, called, version, .. } => {
                    (consumer.name.as_str(), called.as_str(), version.is_some())
                }
                Proposal::Leak { .. } => panic!("{it:?}"),
            })
            .collect();
        let expected = [
            ("web", "A", true),
            ("web", "B", true),
            ("job", "B", true),
            ("shop", "C", true),
            ("unit", "B", false),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_search_again_tells_what_is_new_what_is_gone_and_what_nobody_knows() {
        let leaks = |sightings: &[Sighting]| propose(&[], sightings, &|_| None);
        let before = leaks(&[
            sighting(1, "a", 1, None),
            sighting(1, "b", 1, None),
            sighting(1, "c", 1, None),
        ]);
        let now = leaks(&[sighting(1, "a", 5, None), sighting(2, "a", 6, None)]);
        let skipped = Skipped { file: "c".into(), why: Refused::Unreadable };
        let found = Found { skipped: vec![skipped], ..Found::default() };
        let rescan = compare(&before, &now, &found);
        let expected = Rescan {
            new: now[1..].to_vec(),
            gone: before[1..2].to_vec(),
            stale: before[2..].to_vec(),
        };
        assert_eq!(rescan, expected);
        assert_eq!(compare(&now, &now, &found), Rescan::default());
        let cut = Found { is_cut: true, ..Found::default() };
        assert_eq!(compare(&before, &now, &cut).stale, before[1..]);
    }

    #[test]
    fn a_history_that_was_not_read_leaves_open_what_it_held_and_nothing_else() {
        let sightings = [
            sighting(1, "/r/a", 1, Some("c0ffee")),
            sighting(1, "/r/b", 1, None),
            sighting(1, "/q/a", 1, Some("c0ffee")),
        ];
        let before = propose(&[], &sightings, &|_| None);
        let skipped = Skipped { file: "/r/.git".into(), why: Refused::Git };
        let rescan = compare(&before, &[], &Found { skipped: vec![skipped], ..Found::default() });
        assert_eq!((rescan.stale, rescan.gone), (before[..1].to_vec(), before[1..].to_vec()));
    }
}

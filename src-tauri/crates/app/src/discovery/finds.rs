//! What was found, as the vault knows it: which consumer, which credential, and what is new about it.

use std::collections::{BTreeMap, HashMap, HashSet};

use keyturn_discovery::{Found, Proposal, Rescan, Seen, Source, Spot, VersionId, compare, propose};
use keyturn_model::{
    CredentialId, Name, Stage,
    setup::{BindingSetup, Consumer, HealthCheck, Looks, Reloading, Sending},
};
use keyturn_vault::{Accepted, KeptConsumer, Searchable, Vault};

use super::{Place, number};
use crate::{
    UserError,
    views::{Find, FindSort, FindState},
};

/// The first places are told.
const PLACES: usize = 50;
/// The most characters of a step that a person follows.
const LONGEST_STEP: usize = 500;

/// What is known of the values that are looked for; none of them is here.
#[derive(Default)]
pub(super) struct Values {
    versions: HashMap<VersionId, Stage>,
    names: HashMap<CredentialId, String>,
    /// Which credential bears a name; none where several do.
    named: HashMap<String, Option<CredentialId>>,
}

impl Values {
    pub(super) fn enter(&mut self, value: &Searchable<'_>) {
        let Searchable { credential, name, is_archived, number, stage, .. } = value;
        self.versions.insert(VersionId { credential: *credential, number: *number }, *stage);
        self.names.entry(*credential).or_insert_with(|| (*name).to_owned());
        if !is_archived {
            let named = self.named.entry(same(name)).or_insert(Some(*credential));
            *named = named.filter(|other| other == credential);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.versions.len()
    }

    fn name(&self, credential: CredentialId) -> String {
        self.names.get(&credential).cloned().unwrap_or_default()
    }

    fn works(&self, version: VersionId) -> bool {
        self.versions.get(&version).is_some_and(|stage| *stage != Stage::Retired)
    }
}

/// `DB_LOGIN` and `db-login` are the same name.
fn same(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}

/// Something that was found, with what accepting it needs.
pub(super) struct Kept {
    pub(super) view: Find,
    proposals: Vec<Proposal>,
    consumer: Option<Consumer>,
}

impl Kept {
    /// What is entered when a person accepts it.
    pub(super) fn accepted(&self, by: &str) -> Option<Accepted> {
        let contents = || self.proposals.iter().map(written).collect::<Vec<_>>();
        let view = &self.view;
        match (view.state, view.sort) {
            (FindState::Unknown, _) => None,
            (FindState::Gone, _) => {
                Some(Accepted::Gone { credential: view.credential?, contents: contents() })
            }
            (_, FindSort::Leak) => Some(Accepted::Leak {
                credential: view.credential?,
                contents: contents(),
                detail: self.detail(),
                works: view.works,
            }),
            (_, FindSort::Binding | FindSort::Consumer) => Some(Accepted::Use {
                consumer: self.consumer.clone()?,
                credential: view
                    .credential
                    .map(|id| (id, Box::new(by_hand(&self.proposals, by)), contents())),
            }),
        }
    }

    fn detail(&self) -> String {
        let file = self.view.places.first().map_or("", |spot| spot.file.as_str());
        let more = self.view.count.saturating_sub(1);
        let version = self.view.version.unwrap_or_default();
        let places = if more == 0 { String::new() } else { format!(", and {more} more") };
        format!("version {version} in {file}{places}")
    }
}

/// A search that has ended.
pub(super) struct Looked<'a> {
    pub(super) found: &'a Found,
    pub(super) place: &'a Place,
    pub(super) values: &'a Values,
}

impl Looked<'_> {
    /// What was found, with what the vault says of it, and what is missing of what it says.
    pub(super) fn finds(&self, vault: &Vault) -> Result<Vec<Kept>, UserError> {
        let named = |name: &str| self.values.named.get(&same(name)).copied().flatten();
        let now = propose(&self.found.uses, &self.found.sightings, &named);
        let before: Vec<Proposal> = vault
            .findings()?
            .iter()
            .filter_map(|finding| serde_json::from_str(&finding.content).ok())
            .filter(|before| self.was_looked_at(before))
            .collect();
        let here: HashSet<&Proposal> = before.iter().collect();
        let consumers = vault.consumers()?;
        let (mut finds, mut uses, mut leaks) =
            (Vec::new(), BTreeMap::<_, Vec<Proposal>>::new(), BTreeMap::<_, Vec<Proposal>>::new());
        for proposal in &now {
            match proposal {
                Proposal::Leak { version, .. } => {
                    leaks.entry(*version).or_default().push(proposal.clone());
                }
                Proposal::Binding { consumer, credential, .. } => {
                    let who = (consumer.name.as_str(), consumer.environment.as_str());
                    uses.entry((who, *credential)).or_default().push(proposal.clone());
                }
            }
        }
        for proposals in leaks.into_values() {
            let all_here = proposals.iter().all(|one| here.contains(&one.without_line()));
            let state = if all_here { FindState::Here } else { FindState::Fresh };
            finds.extend(self.find(proposals, state, None));
        }
        for ((_, credential), proposals) in uses {
            let Some(Proposal::Binding { consumer: seen, .. }) = proposals.first() else {
                continue;
            };
            let Some((consumer, there)) = consumer_of(seen, &consumers) else { continue };
            let uses = |id| there.is_some_and(|kept| kept.credentials.contains(&id));
            let state = match credential {
                Some(id) if uses(id) => FindState::Here,
                // It is known that there is this consumer; what else it uses is not of this vault.
                None if there.is_some() => continue,
                _ => FindState::Fresh,
            };
            finds.extend(self.find(proposals, state, Some((consumer, there.is_none()))));
        }
        let Rescan { gone, stale, .. } = compare(&before, &now, self.found);
        for (missing, state) in [(gone, FindState::Gone), (stale, FindState::Unknown)] {
            finds.extend(missing.into_iter().filter_map(|one| self.find(vec![one], state, None)));
        }
        Ok(finds)
    }

    /// Whether it was looked where this was found.
    fn was_looked_at(&self, before: &Proposal) -> bool {
        let in_history = matches!(before, Proposal::Leak { spot, .. } if spot.commit.is_some());
        match self.place {
            Place::Folders { folders, histories } => {
                let file = std::path::Path::new(before.file());
                let lies = |folder: &std::path::PathBuf| {
                    let folder = folder.canonicalize();
                    folder.is_ok_and(|folder| file.starts_with(folder))
                };
                (*histories || !in_history) && folders.iter().any(lies)
            }
            Place::Text { name, is_known_again } => *is_known_again && before.file() == name,
        }
    }

    fn find(
        &self,
        proposals: Vec<Proposal>,
        state: FindState,
        consumer: Option<(Consumer, bool)>,
    ) -> Option<Kept> {
        let first = proposals.first()?;
        let (sort, credential, version, seen) = match first {
            Proposal::Leak { version, .. } => {
                (FindSort::Leak, Some(version.credential), Some(version.number), None)
            }
            Proposal::Binding { credential, version, consumer, .. } => {
                let is_one = credential.is_some();
                let sort = if is_one { FindSort::Binding } else { FindSort::Consumer };
                (sort, *credential, *version, Some(consumer.clone()))
            }
        };
        let mut called: Vec<String> = proposals.iter().filter_map(called).collect();
        called.sort();
        called.dedup();
        let mut places: Vec<Spot> = proposals.iter().map(place).collect();
        places.sort();
        places.dedup();
        let count = number(places.len());
        places.truncate(PLACES);
        let (consumer, is_new_consumer) = match consumer {
            Some((consumer, is_new)) => (Some(consumer), is_new),
            None => (None, false),
        };
        let of = credential.zip(version);
        let works = of.is_some_and(|(credential, number)| {
            self.values.works(VersionId { credential, number })
        });
        let view = Find {
            at: 0,
            sort,
            state,
            credential,
            credential_name: credential.map(|id| self.values.name(id)).unwrap_or_default(),
            version,
            works,
            by_value: version.is_some(),
            consumer: consumer.as_ref().map_or(seen, |consumer| {
                Some(Seen {
                    name: consumer.name.clone(),
                    environment: consumer.environment.clone(),
                    deployment: consumer.deployment,
                })
            }),
            is_new_consumer,
            called,
            places,
            count,
        };
        Some(Kept { view, proposals, consumer })
    }
}

/// Kept without its line: it is known again when it moved.
fn written(proposal: &Proposal) -> String {
    // Names and numbers only: it cannot fail.
    serde_json::to_string(&proposal.without_line()).unwrap_or_default()
}

fn called(proposal: &Proposal) -> Option<String> {
    match proposal {
        Proposal::Binding { called, source, credential, .. } => {
            let name = match source {
                Source::Kept { name, .. } if credential.is_none() => name,
                Source::File { path } if called.is_empty() => path,
                _ => called,
            };
            Some(name.clone()).filter(|name| !name.is_empty())
        }
        Proposal::Leak { .. } => None,
    }
}

fn place(proposal: &Proposal) -> Spot {
    match proposal {
        Proposal::Leak { spot, .. } => spot.clone(),
        Proposal::Binding { file, .. } => Spot { file: file.clone(), line: 0, commit: None },
    }
}

/// As which consumer it is kept, and the one that is there already. One of the same name elsewhere is another.
fn consumer_of<'k>(
    seen: &Seen,
    consumers: &'k [KeptConsumer],
) -> Option<(Consumer, Option<&'k KeptConsumer>)> {
    let find =
        |name: &str| consumers.iter().find(|kept| kept.consumer.name.eq_ignore_ascii_case(name));
    let usual = if seen.name.is_empty() { "Unnamed" } else { &seen.name };
    let mut name = shown(usual);
    let there = find(&name);
    let elsewhere = there.is_some_and(|kept| {
        let environment = &kept.consumer.environment;
        !environment.is_empty()
            && !seen.environment.is_empty()
            && !environment.eq_ignore_ascii_case(&seen.environment)
    });
    let there = if elsewhere {
        name = shown(&format!("{usual} ({})", seen.environment));
        find(&name)
    } else {
        there
    };
    let consumer = there.map_or_else(
        || Consumer {
            name,
            environment: shown(&seen.environment),
            owner: String::new(),
            deployment: seen.deployment,
            notes: String::new(),
        },
        |kept| kept.consumer.clone(),
    );
    Name::new(&consumer.name).ok().map(|_| (consumer, there))
}

/// What a file says, as something can be called: one line, not too long.
fn shown(text: &str) -> String {
    let seen = text.chars().filter(|c| Name::new(&c.to_string()).is_ok() || *c == ' ');
    seen.take(Name::LONGEST).collect::<String>().trim().to_owned()
}

/// How a new value gets there until somebody sets up a way: a person puts it where it was found.
fn by_hand(proposals: &[Proposal], by: &str) -> BindingSetup {
    let steps = proposals.iter().filter_map(|proposal| {
        let Proposal::Binding { source, called, file, .. } = proposal else { return None };
        let step = match source {
            Source::Here if called.is_empty() => format!("Put the new value into {file}."),
            Source::Here => format!("Put the new value into {called} in {file}."),
            Source::Kept { name, key: Some(key) } => {
                format!("Put the new value into {key} of the secret {name}.")
            }
            Source::Kept { name, key: None } => {
                format!("Put the new value into the secret {name}.")
            }
            Source::File { path } if called.is_empty() => {
                format!("Put the new value into the file {path}, which {file} names.")
            }
            Source::File { path } => {
                format!("Put the new value into {called} in {path}, which {file} names.")
            }
            Source::Variable { name } => {
                format!("Put the new value into the variable {name}, which {file} names.")
            }
        };
        let line: String = step.chars().filter(|c| !c.is_control()).take(LONGEST_STEP).collect();
        Some(line)
    });
    let next_run = proposals.iter().any(|proposal| {
        use keyturn_model::setup::Deployment::{Job, Pipeline};
        matches!(proposal, Proposal::Binding { consumer, .. } if matches!(consumer.deployment, Job | Pipeline))
    });
    BindingSetup {
        sending: Sending::ByHand { who: by.to_owned(), steps: steps.take(20).collect() },
        reloading: if next_run { Reloading::NextRun } else { Reloading::Manual },
        check: HealthCheck::None,
        looks: Looks::default(),
        takes_s: 0,
        away_s: 0,
    }
}

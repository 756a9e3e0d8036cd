//! Whose values are in an emergency: found by value, by what the audit log says of a person, by issuer, or chosen.

use keyturn_model::{
    CredentialId, MemberId, Metadata, Permission, Query,
    incident::{Cause, Incident, Item, Trace},
};
use keyturn_vault::{Taken, Touched, VaultError};

use super::title_of;
use crate::{
    App, MessageKey, UserError,
    session::Open,
    views::{Find, FindSort, LookIn, ScopeOf},
};

/// What was found, and in a word about whom or what it is.
pub(super) struct Scope {
    pub(super) items: Vec<Item>,
    about: String,
}

impl Scope {
    pub(super) fn title(&self, cause: Cause) -> String {
        title_of(cause, &self.about)
    }
}

pub(super) fn too_many() -> UserError {
    UserError::input_refused().with("what", "scope")
}

impl App {
    pub(super) fn find_scope(&self, open: &Open, of: &ScopeOf) -> Result<Scope, UserError> {
        let scope = match of {
            ScopeOf::Leak { look } => self.leaked(open, look)?,
            ScopeOf::Member { id } => known_to(open, *id)?,
            ScopeOf::Account { id } => issued(open, *id)?,
            ScopeOf::Query { query } => {
                let ids = open.vault.ids(&Query::read(query))?;
                chosen(open, &ids, query.clone())?
            }
            ScopeOf::Credentials { ids } => chosen(open, ids, String::new())?,
        };
        if scope.items.is_empty() {
            return Err(UserError::new("KT-INCIDENT-NOTHING", MessageKey::IncidentNothing));
        }
        if scope.items.len() > Incident::MOST {
            return Err(too_many());
        }
        Ok(scope)
    }

    /// The values of the vault that lie there.
    fn leaked(&self, open: &Open, look: &LookIn) -> Result<Scope, UserError> {
        self.look_for_uses(open, look)?;
        let mut items: Vec<Item> = Vec::new();
        let mut about = String::new();
        for find in open.discovering.all().unwrap_or_default() {
            let Find { sort: FindSort::Leak, credential: Some(id), works, .. } = find else {
                continue;
            };
            let found = find.places.iter().map(|spot| {
                let line = if spot.line == 0 { String::new() } else { format!(":{}", spot.line) };
                Trace::Found { place: format!("{}{line}", spot.file), works }
            });
            if about.is_empty() {
                about = find.credential_name.clone();
            }
            match items.iter_mut().find(|item| item.credential == id) {
                Some(item) => {
                    item.found.extend(found);
                    item.taken |= works;
                }
                None => items.push(item(open, id, found.collect(), works)?),
            }
        }
        if items.len() > 1 {
            about = format!("{} credentials", items.len());
        }
        Ok(Scope { items, about })
    }
}

/// What a member saw, copied, answers for, or could read.
fn known_to(open: &Open, member: MemberId) -> Result<Scope, UserError> {
    let vault = &open.vault;
    let (members, _) = vault.members()?;
    let (name, could_read) = match members.into_iter().find(|it| it.id == member) {
        Some(it) => (it.name, it.invited_until.is_none() && it.role.may(Permission::UseSecrets)),
        // Whoever was removed had a role that nobody knows any more: they may have read everything.
        None => (vault.removed_member(member)?.ok_or(VaultError::NoSuchMember)?, true),
    };
    let touched = vault.touched_by(member)?;
    let mut items = Vec::new();
    for id in vault.ids(&Query::default())? {
        let mut found: Vec<Trace> = touched
            .iter()
            .filter(|one| one.credential == id)
            .map(|Touched { taken, at, .. }| match taken {
                Taken::Revealed => Trace::Revealed { by: name.clone(), at: *at },
                Taken::Copied => Trace::Copied { by: name.clone(), at: *at },
            })
            .collect();
        let (credential, _) = vault.credential(id)?;
        if credential.metadata.owner.eq_ignore_ascii_case(&name) {
            found.push(Trace::Owned);
        }
        let knew = !found.is_empty();
        if !knew && !could_read {
            continue;
        }
        if !knew {
            found.push(Trace::CouldRead);
        }
        items.push(made(id, &credential.metadata, found, knew));
    }
    Ok(Scope { items, about: name })
}

fn issued(open: &Open, account: keyturn_model::AccountId) -> Result<Scope, UserError> {
    let vault = &open.vault;
    let (name, _) = vault.account_setup(account)?.ok_or_else(crate::accounts::setup_gone)?;
    let mut items = Vec::new();
    for id in vault.ids(&Query::default())? {
        if vault.rotation(id)?.is_some_and(|kept| kept.setup.account == account) {
            items.push(item(open, id, vec![Trace::Issued { account: name.clone() }], true)?);
        }
    }
    Ok(Scope { items, about: name })
}

fn chosen(open: &Open, ids: &[CredentialId], about: String) -> Result<Scope, UserError> {
    if ids.len() > Incident::MOST {
        return Err(too_many());
    }
    let items: Vec<Item> =
        ids.iter().map(|id| item(open, *id, Vec::new(), true)).collect::<Result<_, _>>()?;
    let about = match items.as_slice() {
        [one] => one.name.clone(),
        _ if about.trim().is_empty() => format!("{} credentials", items.len()),
        _ => about.trim().chars().take(100).collect(),
    };
    Ok(Scope { items, about })
}

fn item(open: &Open, id: CredentialId, found: Vec<Trace>, taken: bool) -> Result<Item, UserError> {
    let (credential, _) = open.vault.credential(id)?;
    let mut found = found;
    found.extend(credential.used.map(|at| Trace::Used { at }));
    Ok(made(id, &credential.metadata, found, taken))
}

fn made(id: CredentialId, of: &Metadata, found: Vec<Trace>, taken: bool) -> Item {
    Item {
        credential: id,
        name: of.name.clone(),
        kind: of.kind,
        risk: of.risk,
        found,
        taken,
        reason: String::new(),
        order: None,
        run: None,
        hindered: None,
        said: None,
    }
}

//! The members of a vault: invited, changed, removed. Whether the one who asks may do it is checked
//! in crate `app`.

use std::sync::PoisonError;

use keyturn_model::{MemberId, Name, Role, Timestamp};
use secrecy::SecretString;

use crate::{
    VaultError,
    audit::Draft,
    code::Code,
    cost::Cost,
    error::Result,
    header::{Header, Kind, MOST_MEMBERS, MemberEntry},
    keys::{InboxKey, MemberSeed, VaultKeys, wrap},
    rotation::{rotating, seal_inbox_anew},
    slots::{Place, Secret, open_member},
    store::Store,
    vault::{ClosedVault, Hear, Step, Surroundings, Vault, change},
    ways::new_slot,
};

/// How long an invitation can be accepted.
const INVITATION_S: i64 = 7 * 24 * 3600;

/// A member as a member who unlocked sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The member.
    pub id: MemberId,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// When added.
    pub added: Timestamp,
    /// When the member last unlocked the vault.
    pub last_unlocked: Option<Timestamp>,
    /// Until when an invitation that was not accepted yet can be.
    pub invited_until: Option<Timestamp>,
    /// The fingerprint of the member's public keys.
    pub fingerprint: String,
}

impl Vault {
    /// The members, the oldest first, and the revision they are of.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn members(&self) -> Result<(Vec<Member>, u64)> {
        let opened = self.opened();
        let visits: Vec<([u8; 16], i64)> = opened.store.read(|connection| {
            let mut list = connection
                .prepare("SELECT member, at FROM visit")
                .map_err(opened.store.failed())?;
            list.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
                .and_then(Iterator::collect)
                .map_err(opened.store.failed())
        })?;
        let members = opened.header.members.iter().map(|entry| Member {
            id: entry.id(),
            name: entry.name.clone(),
            role: entry.role(),
            added: Timestamp(entry.added),
            last_unlocked: visits.iter().find(|(id, _)| *id == *entry.id).map(|v| Timestamp(v.1)),
            invited_until: crate::vault::closed_member(entry).invited_until,
            fingerprint: entry.fingerprint(),
        });
        Ok((members.collect(), opened.header.revision))
    }

    /// Adds a member, who comes in with the code once and then has a passphrase.
    ///
    /// # Errors
    /// When the name is taken, there are too many, or `revision` is not the one in force.
    pub fn invite(
        &self,
        name: &Name,
        role: Role,
        revision: u64,
    ) -> Result<(MemberId, Code, Timestamp)> {
        let entropy = &*self.around.entropy;
        let now = self.around.clock.now();
        let until = now.plus_seconds(INVITATION_S);
        let member = MemberId::new(now, entropy);
        let code = Code::random(Code::INVITATION, entropy);
        // Only until it is accepted: the new member then makes a seed that nobody else has seen.
        let seed = MemberSeed::new(member, entropy);
        let vault = self.id();
        let secret = Secret::Invitation(&code);
        let place = Place { vault, member };
        let slot = new_slot(self, &seed, place, &secret, Cost::FLOOR, Some(until))?;
        let public = seed.public();
        let (wrapped, generation) = {
            let opened = self.opened();
            let generation = opened.header.generation;
            let key = &opened.keys.vault;
            (wrap(key, &public.wrapping, vault, generation, member, entropy)?, generation)
        };
        let entry = MemberEntry {
            id: (*member.bytes()).into(),
            name: name.to_string(),
            role: role.number(),
            added: now.0,
            wrapping_key: public.wrapping.into(),
            signing_key: public.signing.into(),
            wrapped: wrapped.into(),
            slots: vec![slot],
        };
        let draft = Draft::of("member.invited")
            .about(member, name.as_str())
            .with(format!("role {role:?}, keys {}", entry.fingerprint()));
        self.change_header(draft, |header| {
            unchanged(header, revision)?;
            if header.generation != generation {
                return Err(VaultError::Changed);
            }
            name_is_free(header, name, None)?;
            if header.members.len() >= MOST_MEMBERS {
                return Err(VaultError::Full);
            }
            header.members.push(entry);
            Ok(())
        })?;
        Ok((member, code, until))
    }

    /// Changes a member's name and role.
    ///
    /// # Errors
    /// When the name is taken, no owner would be left, or `revision` is not the one in force.
    pub fn change_member(
        &self,
        member: MemberId,
        name: &Name,
        role: Role,
        revision: u64,
    ) -> Result<()> {
        let before = self.opened().header.member(member)?.clone();
        let detail = format!("{} to {name}, role {:?} to {role:?}", before.name, before.role());
        let draft = Draft::of("member.changed").about(member, name.as_str()).with(detail);
        self.change_header(draft, |header| {
            unchanged(header, revision)?;
            name_is_free(header, name, Some(member))?;
            let entry = header.member_mut(member)?;
            entry.name = name.to_string();
            entry.role = role.number();
            has_an_owner(header)
        })
    }

    /// Removes a member, and changes every key that the member had: a new vault key, a copy of the
    /// database under it, every secret value sealed anew. One rename of the header puts it in force.
    ///
    /// Tells how many pieces of the inbox do not open: they stay there as they are.
    ///
    /// # Errors
    /// [`VaultError::RunsOpen`] while a run is open; when no owner would be left, `revision` is not the one in force, or the copy could not be
    /// made and checked; then everything is as it was.
    pub fn remove_member(&self, member: MemberId, revision: u64, hear: Hear<'_>) -> Result<usize> {
        let _one_at_a_time = self.changing();
        if self.is_read_only() {
            return Err(VaultError::Held(self.folder.holder().flatten()));
        }
        let entropy = &*self.around.entropy;
        // Nobody reads or writes until it is done.
        let mut opened = self.opened_mut();
        opened.store.catch_up(&opened.header)?;
        unchanged(&opened.header, revision)?;
        // What is under way would go on under keys that are gone.
        let open = rotating(&opened)?;
        if !open.is_empty() {
            return Err(VaultError::RunsOpen(open));
        }
        let actor = self.author(&opened.header)?.actor;
        let gone = opened.header.member(member)?.clone();
        let mut header = opened.header.clone();
        header.members.retain(|entry| entry.id() != member);
        has_an_owner(&header)?;
        header.generation += 1;
        header.revision += 1;
        let vault = header.vault();
        let keys = VaultKeys::of(crate::secret::Key::random(entropy), vault, header.generation);
        for entry in &mut header.members {
            let (public, id) = (entry.public(), entry.id());
            let wrapped =
                wrap(&keys.vault, &public.wrapping, vault, header.generation, id, entropy)?;
            entry.wrapped = wrapped.into();
        }
        hear(Step::Writing);
        let file = self.folder.database(header.generation);
        crate::rekey::copy(&opened, &header, &keys, &file, entropy)?;
        hear(Step::Checking);
        crate::rekey::check(&opened, &header, &keys, &file)?;
        let inbox = InboxKey::of(&keys.inbox);
        let anew = seal_inbox_anew(self, vault, &InboxKey::of(&opened.keys.inbox), &inbox)?;
        let unreadable = anew.as_ref().map_or(0, |anew| anew.unreadable);
        let mut draft = Draft::of("member.removed").about(member, &gone.name);
        if unreadable > 0 {
            draft =
                draft.with(format!("pieces of the inbox that do not open and stay: {unreadable}"));
        }
        header.last_change = change(self.around.clock.now(), &actor, draft);
        let bytes = header.encode(&keys.header)?;
        let written = self.folder.write_header(&bytes);
        if written.is_err() && self.folder.read_header().is_ok_and(|found| found != bytes) {
            if let Some(anew) = anew {
                anew.settle(false);
            }
            let _ = crate::database::remove(&file);
            return written.map(|()| unreadable);
        }
        // From here on only the new generation opens.
        if let Some(anew) = anew.filter(|_| written.is_ok()) {
            anew.settle(true);
        }
        let keys = std::sync::Arc::new(keys);
        let store = Store::open(&file, &header, &keys, &self.around.clock, true)?;
        let old = std::mem::replace(&mut *opened, crate::vault::Opened { header, keys, store });
        let old_file = old.store.file().to_owned();
        drop(old);
        *self.inbox_public.write().unwrap_or_else(PoisonError::into_inner) = inbox.public();
        // What cannot be removed or entered now is when the vault is next unlocked.
        let _ = crate::database::remove(&old_file);
        let _ = opened.store.catch_up(&opened.header);
        written.map(|()| unreadable)
    }
}

impl ClosedVault {
    /// Accepts an invitation: the member makes a seed of their own and sets a passphrase.
    ///
    /// # Errors
    /// [`VaultError::WrongKey`] when the code is not that of this invitation,
    /// [`VaultError::Over`] when its time is over.
    pub fn accept(
        self,
        member: MemberId,
        code: &Code,
        passphrase: &SecretString,
        cost: Cost,
        around: &Surroundings,
        hear: Hear<'_>,
    ) -> Result<Vault> {
        let now = around.clock.now();
        let entropy = &*around.entropy;
        let secret = Secret::Invitation(code);
        self.folder.count_attempt(now)?;
        let entry = self.header.member(member)?;
        let lent = open_member(entry, self.header.vault(), &secret, now)?;
        self.folder.forget_attempts();
        hear(Step::Deriving);
        let seed = MemberSeed::new(member, entropy);
        let passphrase = Secret::Passphrase(passphrase);
        let place = Place { vault: self.header.vault(), member };
        let kind = passphrase.new_kind(cost, entropy);
        let slot = place.seal(&seed, &passphrase, kind, now, None, entropy)?;
        hear(Step::Writing);
        let guest = Vault::enter(self.folder, member, lent, around)?;
        let public = seed.public();
        let keys = {
            let opened = guest.opened();
            let generation = opened.header.generation;
            let key = &opened.keys.vault;
            wrap(key, &public.wrapping, place.vault, generation, member, entropy)?
        };
        let name = guest.my_name()?;
        guest.change_header(Draft::of("member.joined").about(member, &name), |header| {
            let entry = header.member_mut(member)?;
            entry.wrapping_key = public.wrapping.into();
            entry.signing_key = public.signing.into();
            entry.wrapped = keys.into();
            entry.slots.retain(|slot| !matches!(slot.kind, Kind::Invitation { .. }));
            entry.slots.push(slot);
            Ok(())
        })?;
        guest.settle(seed)
    }
}

fn unchanged(header: &Header, revision: u64) -> Result<()> {
    if header.revision == revision { Ok(()) } else { Err(VaultError::Changed) }
}

fn name_is_free(header: &Header, name: &Name, but: Option<MemberId>) -> Result<()> {
    let others = header.members.iter().filter(|entry| Some(entry.id()) != but);
    let same = |entry: &MemberEntry| entry.name.to_lowercase() == name.as_str().to_lowercase();
    if others.into_iter().any(same) { Err(VaultError::NameTaken) } else { Ok(()) }
}

/// An owner who never accepted the invitation cannot manage anything.
fn has_an_owner(header: &Header) -> Result<()> {
    let owner = |entry: &MemberEntry| {
        entry.role() == Role::Owner
            && entry.slot(|kind| matches!(kind, Kind::Passphrase { .. })).is_some()
    };
    if header.members.iter().any(owner) { Ok(()) } else { Err(VaultError::LastOwner) }
}

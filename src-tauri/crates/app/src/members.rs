//! The members of the open vault, for who may manage them.

use keyturn_model::{MemberId, Name, Ordering, Permission, Query, Role};
use keyturn_vault::Vault;

use crate::{
    App, UserError,
    app::Happening,
    session::Open,
    views::{
        Invitation, Invite, MemberChange, MemberRemoval, MemberView, MembersView, Removed,
        ShownOnce,
    },
};

impl App {
    pub(crate) fn list_members(&self, open: &Open) -> Result<MembersView, UserError> {
        let vault = &open.vault;
        let mine = vault.my_role()?;
        let (members, revision) = vault.members()?;
        let members = members.into_iter().map(|member| MemberView {
            you: member.id == vault.me(),
            can_change: mine.may_manage(member.role),
            id: member.id,
            name: member.name,
            role: member.role,
            added: member.added,
            last_unlocked: member.last_unlocked,
            invited_until: member.invited_until,
            fingerprint: member.fingerprint,
        });
        Ok(MembersView { members: members.collect(), revision })
    }

    pub(crate) fn invite_member(
        &self,
        open: &Open,
        input: &Invite,
    ) -> Result<Invitation, UserError> {
        may_manage(open, input.role)?;
        let name = Name::new(&input.name)?;
        self.confirm(open, &input.passphrase)?;
        let (_, code, until) = open
            .vault
            .invite(&name, input.role, input.revision)
            .map_err(UserError::of_member(&input.name))?;
        Ok(Invitation {
            code: ShownOnce(code.text().to_string()),
            until,
            members: self.list_members(open)?,
        })
    }

    pub(crate) fn change_member(
        &self,
        open: &Open,
        input: &MemberChange,
    ) -> Result<MembersView, UserError> {
        may_manage(open, role_of(&open.vault, input.id)?)?;
        may_manage(open, input.role)?;
        let name = Name::new(&input.name)?;
        open.vault
            .change_member(input.id, &name, input.role, input.revision)
            .map_err(UserError::of_member(&input.name))?;
        self.tell(Happening::Session(Box::new(self.read_session())));
        self.list_members(open)
    }

    pub(crate) fn remove_member(
        &self,
        open: &Open,
        input: &MemberRemoval,
    ) -> Result<Removed, UserError> {
        let vault = &open.vault;
        let role = role_of(vault, input.id)?;
        may_manage(open, role)?;
        if input.id == vault.me() {
            return Err(UserError::not_yourself());
        }
        let (members, _) = vault.members()?;
        let gone = members.into_iter().find(|member| member.id == input.id);
        let gone = gone.ok_or(keyturn_vault::VaultError::NoSuchMember)?;
        self.confirm(open, &input.passphrase)?;
        // Somebody who never came in has read nothing.
        let read_nothing = gone.invited_until.is_some() || !role.may(Permission::UseSecrets);
        let could_read = if read_nothing { Vec::new() } else { every_name(vault)? };
        let unread = vault
            .remove_member(input.id, input.revision, &self.hear_work())
            .map_err(UserError::of_member(&gone.name))?;
        let unread = u32::try_from(unread).unwrap_or(u32::MAX);
        Ok(Removed { name: gone.name, could_read, unread, members: self.list_members(open)? })
    }
}

fn may_manage(open: &Open, role: Role) -> Result<(), UserError> {
    let mine = open.vault.my_role()?;
    if mine.may_manage(role) { Ok(()) } else { Err(UserError::role_missing(mine)) }
}

fn role_of(vault: &Vault, id: MemberId) -> Result<Role, UserError> {
    let (members, _) = vault.members()?;
    let found = members.into_iter().find(|member| member.id == id);
    Ok(found.ok_or(keyturn_vault::VaultError::NoSuchMember)?.role)
}

fn every_name(vault: &Vault) -> Result<Vec<String>, UserError> {
    let all = vault.list(&Query::default(), Ordering::default(), 0, u32::MAX)?;
    Ok(all.rows.into_iter().map(|credential| credential.name).collect())
}

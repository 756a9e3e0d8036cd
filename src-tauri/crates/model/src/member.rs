//! Who may do what in a vault.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a member is to the vault.
///
/// Roles are kept by this program, not by cryptography: whoever can open the vault holds its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// May do everything; a vault always has one.
    Owner,
    /// May do everything except with owners.
    Admin,
    /// Uses credentials and replaces them.
    Rotator,
    /// Uses credentials.
    Reader,
    /// Sees what there is and what happened, never a secret.
    Auditor,
}

/// Something a role allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Permission {
    /// See what there is, without secrets.
    See,
    /// Use the secret of a credential.
    UseSecrets,
    /// Replace the secret of a credential.
    Rotate,
    /// Add credentials, change and remove them.
    Edit,
    /// Read and check the audit log.
    Audit,
    /// Make backups and check them.
    Backup,
    /// Add members, change and remove them.
    ManageMembers,
}

impl Role {
    /// Every role, the mightiest first.
    pub const ALL: [Self; 5] =
        [Self::Owner, Self::Admin, Self::Rotator, Self::Reader, Self::Auditor];

    /// What it allows.
    #[must_use]
    pub fn permissions(self) -> &'static [Permission] {
        use Permission::{Audit, Backup, Edit, ManageMembers, Rotate, See, UseSecrets};
        match self {
            Self::Owner | Self::Admin => {
                &[See, UseSecrets, Rotate, Edit, Audit, Backup, ManageMembers]
            }
            Self::Rotator => &[See, UseSecrets, Rotate, Backup],
            Self::Reader => &[See, UseSecrets],
            Self::Auditor => &[See, Audit],
        }
    }

    /// Whether it allows `permission`.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }

    /// Whether a member with this role may give, change or take away `other`.
    #[must_use]
    pub fn may_manage(self, other: Self) -> bool {
        self == Self::Owner || (self.may(Permission::ManageMembers) && other != Self::Owner)
    }

    /// Its number in files; never used again for another role.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Owner => 1,
            Self::Admin => 2,
            Self::Rotator => 3,
            Self::Reader => 4,
            Self::Auditor => 5,
        }
    }

    /// The role with this number.
    #[must_use]
    pub fn numbered(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.number() == number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_owner_manages_owners() {
        assert!(Role::Owner.may_manage(Role::Owner));
        assert!(!Role::Admin.may_manage(Role::Owner));
        assert!(Role::Admin.may_manage(Role::Admin));
        assert!(Role::ALL[2..].iter().all(|role| !role.may_manage(Role::Reader)));
    }

    #[test]
    fn an_auditor_never_uses_a_secret() {
        assert!(!Role::Auditor.may(Permission::UseSecrets));
        assert!(Role::Auditor.may(Permission::Audit));
    }

    #[test]
    fn the_number_of_a_role_leads_back_to_it() {
        for role in Role::ALL {
            assert_eq!(Role::numbered(role.number()), Some(role));
        }
        assert_eq!(Role::numbered(0), None);
    }
}

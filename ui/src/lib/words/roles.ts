/** What each role is called and allows, and why something is not allowed. */
import type { OpenVault, Permission, Role } from '$lib/bindings';

export const ROLES: Readonly<Record<Role, { name: string; does: string }>> = {
  owner: { name: 'Owner', does: 'Does everything, and decides who else is an owner.' },
  admin: { name: 'Admin', does: 'Does everything except with owners.' },
  rotator: { name: 'Rotator', does: 'Uses credentials, replaces them and makes backups.' },
  reader: { name: 'Reader', does: 'Uses credentials, and changes nothing.' },
  auditor: { name: 'Auditor', does: 'Sees what there is and what happened, never a secret.' },
};

const DOES: Readonly<Record<Permission, string>> = {
  see: 'see what there is',
  useSecrets: 'use secrets',
  rotate: 'replace secrets',
  edit: 'change credentials',
  audit: 'read the audit log',
  backup: 'make backups',
  manageMembers: 'manage members',
};

type Session = Pick<OpenVault, 'role' | 'may' | 'readOnly'>;

/** Why the member who unlocked cannot do it; nothing when it can be done. */
export function whyNot(vault: Session, permission: Permission | null): string | undefined {
  if (permission && !vault.may.includes(permission)) {
    return `Your role, ${ROLES[vault.role].name}, does not ${DOES[permission]}.`;
  }
  if (!vault.readOnly) return undefined;
  return permission === 'useSecrets'
    ? 'The vault is open elsewhere. Here no secret is shown or copied, as that could not be entered in the audit log.'
    : 'The vault is open elsewhere; here it can only be read.';
}

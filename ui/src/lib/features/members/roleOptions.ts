import type { Role } from '$lib/bindings';
import { ROLES } from '$lib/words/roles';

const ORDER: readonly Role[] = ['owner', 'admin', 'rotator', 'reader', 'auditor'];

/** The roles that somebody with the role `own` can give. */
export function roleOptions(own: Role) {
  return ORDER.map((value) => ({
    value,
    label: ROLES[value].name,
    text: ROLES[value].does,
    reason: value === 'owner' && own !== 'owner' ? 'Only an owner makes owners.' : undefined,
  }));
}

/** What happened to a credential, in words. */
import type { Activity, Kind } from '$lib/bindings';
import { fieldName } from '$lib/words/kinds';

const ACTIONS: Readonly<Record<string, string>> = {
  'credential.added': 'Added',
  'credential.archived': 'Archived',
  'credential.changed': 'Changed',
  'credential.copied': 'Copied',
  'credential.duplicated': 'Duplicated',
  'credential.exported': 'Exported',
  'credential.imported': 'Imported',
  'credential.paused': 'Paused',
  'credential.policy': 'Policy changed',
  'credential.replaced': 'New value stored',
  'credential.restored': 'Restored',
  'credential.resumed': 'Resumed',
  'credential.revealed': 'Revealed',
};

/** Secret of version 5 copied; what is not known is shown as it was entered. */
export function activityText({ action, detail }: Activity, kind: Kind): string {
  const does = ACTIONS[action] ?? action;
  const [, number, field] = /^version (\d+), (\S+)$/.exec(detail) ?? [];
  if (number && field) {
    return `${fieldName(kind, field)} of version ${number} ${does.toLowerCase()}`;
  }
  return detail ? `${does}: ${detail}` : does;
}

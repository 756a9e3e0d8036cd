/** What happened to a credential, in words. */
import type { Activity, Kind } from '$lib/bindings';
import { fieldName } from '$lib/words/kinds';
import { logText } from '$lib/words/rotation';

/** Beside what runs enter; a test holds the names against those that the backend writes. */
export const ACTIONS: Readonly<Record<string, string>> = {
  'binding.added': 'Consumer added',
  'binding.changed': 'Delivery changed',
  'binding.deleted': 'Consumer removed',
  'binding.seen': 'Use seen again',
  'binding.tested': 'Delivery tested',
  'credential.added': 'Added',
  'credential.archived': 'Archived',
  'credential.changed': 'Changed',
  'credential.copied': 'Copied',
  'credential.deleted': 'Deleted',
  'credential.import_undone': 'Import taken back',
  'credential.finding_gone': 'No longer found where it was',
  'credential.imported': 'Imported',
  'credential.leaked': 'Leak found',
  'credential.paused': 'Paused',
  'credential.policy': 'Policy changed',
  'credential.replaced': 'New value stored',
  'credential.restored': 'Restored',
  'credential.resumed': 'Resumed',
  'credential.revealed': 'Revealed',
  'reminder.done': 'Reminder done',
  'reminder.snoozed': 'Reminder snoozed',
  'rotation.moved': 'Next rotation moved',
  'rotation.set_up': 'Rotation set up',
};

/** Which run it was says nothing to people here. */
const RUN = /^run [0-9a-f-]{36} ?/;

/** Secret of version 5 copied; what is not known is shown as it was entered. */
export function activityText({ action, detail }: Activity, kind: Kind): string {
  if (action.startsWith('rotation.') && !(action in ACTIONS)) {
    return `Rotation: ${logText({ at: 0, action, note: detail.replace(RUN, '') })}`;
  }
  const does = ACTIONS[action] ?? action;
  const [, number, field] = /^version (\d+), (\S+)$/.exec(detail) ?? [];
  if (number && field) {
    return `${fieldName(kind, field)} of version ${number} ${does.toLowerCase()}`;
  }
  return detail ? `${does}: ${detail}` : does;
}

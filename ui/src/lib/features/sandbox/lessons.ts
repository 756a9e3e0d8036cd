/** What there is to try in a demo, in words. */
import type { Lesson } from '$lib/bindings';

export const LESSONS: Readonly<Record<Lesson, { name: string; how: string }>> = {
  copy: {
    name: 'Copy a value',
    how: 'Copy the secret of search-index. It is taken out of the clipboard after 30 seconds.',
  },
  dryRun: {
    name: 'Look before rotating',
    how: 'Press Rotate… at search-index: everything is looked at, and nothing is changed.',
  },
  rotate: {
    name: 'Rotate a key',
    how: 'Press Rotate… at search-index, then Rotate now. In half a minute the old key is gone.',
  },
  failAndUndo: {
    name: 'Let one fail',
    how: 'Let the sandbox fail: a consumer fails, or the new key is rejected. Then rotate payment-gateway and see it undone.',
  },
  mend: {
    name: 'Help one that stopped',
    how: 'The new key of maps-api could not be deleted. By now it can: press Try again.',
  },
  orphans: {
    name: 'Delete a lost key',
    how: 'Look for orphans in the menu of the account Sandbox: rotations that were undone left two keys there. Delete one on the screen Rotations.',
  },
};

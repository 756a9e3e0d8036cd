/** What long work is doing, while it does it. */
import type { Step } from '$lib/bindings';

export const STEPS: Readonly<Record<Step, string>> = {
  calibrating: 'Measuring this computer…',
  deriving: 'Turning the passphrase into a key…',
  opening: 'Opening the vault…',
  writing: 'Writing the vault…',
  checking: 'Checking what was written…',
  reading: 'Reading the file…',
  importing: 'Bringing in what was read…',
  listing: 'Listing files…',
  searching: 'Searching files…',
  histories: 'Searching git histories…',
  asking: 'Waiting for kubectl…',
};

/** What can go wrong at the sandbox of the demo, in words: what it does, and what one will see. */
import type { SandboxFaults } from '$lib/bindings';

type Fault = keyof SandboxFaults;

export const WELL: SandboxFaults = {
  rejectNew: false,
  failing: null,
  rateLimit: false,
  slowRevocation: false,
  offline: false,
};

export const FAULTS: readonly { fault: Fault; name: string; does: string; see: string }[] = [
  {
    fault: 'rejectNew',
    name: 'Reject the new key',
    does: 'A key that is made from now on is never accepted.',
    see: 'the rotation is undone before any consumer is touched.',
  },
  {
    fault: 'failing',
    name: 'A consumer fails',
    does: 'It refuses every value that is sent to it.',
    see: 'the other consumers get the old value back, and the new key is deleted.',
  },
  {
    fault: 'rateLimit',
    name: 'Rate limit, 60 seconds',
    does: 'No new key for a minute; then it ends by itself.',
    see: 'the rotation waits, and goes on after that.',
  },
  {
    fault: 'slowRevocation',
    name: 'Slow revocation, 20 seconds',
    does: 'A revoked key works for 20 seconds more; at real issuers for 5 to 15 minutes.',
    see: 'the old key is tried every minute, until it is refused.',
  },
  {
    fault: 'offline',
    name: 'Offline',
    does: 'Nothing at the sandbox answers, its consumers neither.',
    see: 'a rotation waits and tries again, later for 5 minutes. In the end it is undone or asks you.',
  },
];

/** How many are on. */
export const on = (faults: SandboxFaults): number => Object.values(faults).filter(Boolean).length;

/** How often what was done with a credential, and when last, as lines to read. */
import type { Credential } from '$lib/bindings';
import { ago, count, day } from '$lib/words/times';
import type { FactLine } from './facts';

export function metricLines(credential: Credential, now = Date.now()): FactLine[] {
  const { counters, created, used, verified } = credential;
  return [
    { name: 'Created', text: day(created, now) },
    { name: 'Value replaced', text: count(counters.rotations, 'time') },
    { name: 'Rotations that failed', text: counters.failures.toLocaleString('en') },
    { name: 'Value verified', text: verified === null ? 'Not yet' : ago(verified, now) },
    { name: 'Last used', text: used === null ? 'Not told by the issuer' : ago(used, now) },
  ];
}

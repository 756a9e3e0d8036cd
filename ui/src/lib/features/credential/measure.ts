/** How much there is to a secret, in words, without showing any of it. */
import type { Measure } from '$lib/bindings';
import { count } from '$lib/words/times';

/** "64 characters, up to 381 bits": what a person thought up has fewer. */
export function measureText(measure: Measure | undefined): string | undefined {
  if (!measure) return undefined;
  const length = count(measure.characters, 'character');
  return measure.bits === null ? length : `${length}, up to ${count(measure.bits, 'bit')}`;
}

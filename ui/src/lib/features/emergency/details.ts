/** What is to be known about a credential of an incident beside its steps, in one sentence. */
import type { IncidentItem, Timestamp } from '$lib/bindings';
import { isSettled, outcomeWords } from '$lib/words/emergency';
import { sentenceOf } from '$lib/words/errors';
import { happenedText, isOpen, stepDoing } from '$lib/words/rotation';
import { countdown } from '$lib/words/times';

export function detailOf(item: IncidentItem, now: Timestamp): string {
  const { run, byHand, said, renewed } = item;
  if (!run) {
    if (byHand === null) return 'Begins at once.';
    if (said !== null && renewed) return `${outcomeWords(item).name}. A new value is kept.`;
    if (said !== null) return `${outcomeWords(item).name}. No new value is kept yet.`;
    if (renewed) return 'A new value is kept. Is the old one refused?';
    return `${sentenceOf(byHand)} Replace it at the issuer, by hand.`;
  }
  const { row, waitsUntil } = run;
  if (row.trouble !== null && isOpen(row)) {
    const left = waitsUntil === null ? 0 : Math.ceil((waitsUntil - now) / 1000);
    const again = left > 0 && !row.needsSomebody ? ` Tried again in ${countdown(left)}.` : '';
    return `${happenedText(row.trouble, () => run.troubled || 'A consumer')}${again}`;
  }
  if (isOpen(row)) {
    const doing = `${stepDoing(row.step)}.`;
    return isSettled(item) ? `${outcomeWords(item).name}. ${doing}` : doing;
  }
  if (row.status === 'revoked') return `${outcomeWords(item).name}. Nothing took its place.`;
  return `${outcomeWords(item).name}.`;
}

/** What is sent to whoever answers for what an incident reaches: names and times, and never a value. */
import type { IncidentView } from '$lib/bindings';
import { downText, ORDERS } from '$lib/words/emergency';
import { count } from '$lib/words/times';

export function messageTo(view: IncidentView): string {
  const { row, consumers, items, order, downS } = view;
  const names = items.filter(({ taken }) => taken).map(({ name }) => name);
  const how = order === 'usual' ? '' : `${ORDERS[order].name}: ${ORDERS[order].text(view)}`;
  return [
    `${row.reference}: ${row.title}`,
    `We replace ${count(names.length, 'credential')}: ${names.join(', ')}.`,
    consumers.length > 0 ? `Reached: ${consumers.join(', ')} (${downText(downS)}).` : '',
    how,
  ]
    .filter(Boolean)
    .join('\n');
}

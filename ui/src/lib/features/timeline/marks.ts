/** What is to be seen of each row, in time: its bars and its moments. Drawn, found and said from here alone. */
import type { Timestamp, TimelineView } from '$lib/bindings';

export type What =
  /** The value is accepted, and may be. */
  | 'valid'
  /** The value before is accepted still. */
  | 'previous'
  /** Both values work. */
  | 'grace'
  /** It should have been replaced. */
  | 'overdue'
  /** It is accepted no more. */
  | 'expired'
  /** From overdue to when it is done. */
  | 'waits'
  /** The value that is to come. */
  | 'next'
  /** The value that is being brought. */
  | 'coming'
  | 'planned'
  | 'limit'
  | 'expiry';

export interface Mark {
  what: What;
  from: Timestamp;
  /** The same moment where it is one. */
  until: Timestamp;
}

/** The marks of each row, from the back to the front. */
export function marksOf(view: TimelineView): readonly (readonly Mark[])[] {
  const { rows, spans, now } = view;
  const marks = rows.id.map((): Mark[] => []);
  spans.row.forEach((row, at) => {
    const [what, from, until] = [spans.kind[at], spans.from[at], spans.until[at]];
    if (what && from !== undefined && until !== undefined) marks[row]?.push({ what, from, until });
  });
  marks.forEach((own, row) => {
    const add = (what: What, from: Timestamp, until = from) => own.push({ what, from, until });
    const [planned, limit, expires] = [rows.planned[row], rows.limit[row], rows.expires[row]];
    const grace = own.find(({ what, from }) => what === 'grace' && from <= now);
    if (grace) own.unshift({ what: 'previous', from: view.from, until: grace.until });
    else if (rows.status[row] === 'rotating') add('coming', now, view.until);
    if (typeof planned === 'number') {
      add('next', planned, Math.max(planned, view.until));
      if ((rows.due[row] ?? planned) <= now) add('waits', now, planned);
    }
    if (typeof limit === 'number' && ![planned, expires].includes(limit) && limit > now)
      add('limit', limit);
    if (typeof expires === 'number') add('expiry', expires);
    if (typeof planned === 'number') add('planned', planned);
  });
  return marks;
}

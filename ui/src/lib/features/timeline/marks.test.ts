import { describe, expect, it } from 'vitest';
import { marksOf } from './marks';
import { inDays, lane, NOW, planned, timelineView, type MadeRow } from './testing/made';
import { dueShort, sentenceOf, toldOf } from './words';

function of(row: MadeRow) {
  const view = timelineView([[lane('apiKey'), [row]]]);
  const marks = marksOf(view)[0] ?? [];
  const told = toldOf(view, marks, 0);
  return { marks, told, what: marks.map(({ what }) => what), due: dueShort(view, marks, 0) };
}

describe('what is seen of a row', () => {
  it('is its validity, its plan with what follows, and how far it may be moved', () => {
    const { what, told, due } = of(planned('a', 5, { restarts: 4 }));
    expect(what).toEqual(['valid', 'grace', 'next', 'limit', 'planned']);
    expect(told).toMatchObject({
      valid: 'since 17 Oct to 21 Nov',
      planned: 'Sat 21 Nov, 14:02',
      limit: 'Mon 23 Nov, 14:02',
      grace: '24 h',
      expires: '',
      restarts: '4',
    });
    expect(due).toBe('5 d');
    expect(sentenceOf(told)).toContain('Planned: Sat 21 Nov, 14:02. Latest: Mon 23 Nov, 14:02.');
  });

  it('goes on from overdue to when its window opens, and has no limit ahead', () => {
    const row = planned('a', 5, {
      status: 'overdue',
      due: inDays(-4.5),
      limit: inDays(-4.5),
      spans: [
        ['valid', inDays(-30), inDays(-4.5)],
        ['overdue', inDays(-4.5), NOW],
      ],
    });
    const { marks, what, told, due } = of(row);
    expect(what).toEqual(['valid', 'overdue', 'next', 'waits', 'planned']);
    expect(marks.find((mark) => mark.what === 'waits')).toMatchObject({
      from: NOW,
      until: inDays(5),
    });
    expect(told.status).toBe('Overdue 4 d');
    expect(due).toBe('4 d over');
  });

  it('has the key before beside the new one while both work', () => {
    const row = planned('a', 60, {
      status: 'inGrace',
      spans: [
        ['valid', inDays(-1), inDays(60)],
        ['grace', inDays(-1), inDays(2)],
      ],
    });
    const { marks, told, due } = of(row);
    expect(marks[0]).toMatchObject({ what: 'previous', until: inDays(2) });
    expect(told.grace).toBe('until Wed 18 Nov, 14:02');
    expect(due).toBe('to Wed');
  });

  it('ends where it expires by itself, and shows what is being brought', () => {
    const expiring = of({
      id: 'a',
      expires: inDays(47),
      spans: [['valid', inDays(-9), inDays(47)]],
    });
    expect(expiring.what).toEqual(['valid', 'expiry']);
    expect(expiring.told.expires).toMatch(/^Sat 2 Jan 2027/);
    expect(of({ id: 'a', status: 'rotating' }).what).toEqual(['coming']);
  });
});

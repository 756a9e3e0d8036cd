import { describe, expect, it } from 'vitest';
import { stripOf } from './strip';
import { credentialView, version } from './testing/made';

const DAY = 86_400_000;
const NOW = new Date(2026, 10, 21).getTime();

function strip(due: number | null) {
  const view = credentialView({ row: { due } });
  view.credential.versions = [
    version({ number: 2, created: NOW - 30 * DAY }),
    version({ number: 1, stage: 'previous', created: NOW - 60 * DAY, retired: NOW - 29 * DAY }),
  ];
  const made = stripOf(view, NOW);
  if (!made) throw new Error('no strip');
  return made;
}

describe('the validity strip', () => {
  it('puts a date ahead right of today, and the version to come after it', () => {
    const { today, due, next } = strip(NOW + 10 * DAY);
    expect(due).toMatchObject({ past: false, text: 'Due 1 Dec' });
    expect(due?.at).toBeGreaterThan(today);
    expect(next).toMatchObject({ number: 3, from: due?.at });
  });

  it('puts a past limit left of today, within the bar that goes on until now', () => {
    const { today, due, next, bars } = strip(NOW - 4 * DAY);
    expect(due).toMatchObject({ past: true, text: 'Limit 17 Nov' });
    expect(due?.at).toBeLessThan(today);
    expect(bars.find((bar) => bar.current)?.to).toBe(today);
    expect(next).toBeNull();
  });

  it('shows the time in which two values worked, and nothing outside of it', () => {
    const { bars, overlaps } = strip(null);
    expect(overlaps).toHaveLength(1);
    expect(overlaps[0]?.from).toBeCloseTo(bars.find((bar) => bar.current)?.from ?? -1);
    for (const { from, to } of bars) {
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThanOrEqual(100);
    }
  });

  it('is not there without a value in use', () => {
    const view = credentialView();
    view.credential.versions = [];
    expect(stripOf(view, NOW)).toBeNull();
  });
});

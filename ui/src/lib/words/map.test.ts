import { describe, expect, it } from 'vitest';
import { aboutSeconds, evidenceText, longUnseen, reloadOfMany, unseenText } from './map';

const NOW = new Date(2026, 10, 16, 14, 2).getTime();
const DAY = 86_400_000;

describe('what a link rests on', () => {
  it('is told with its age, the stronger first', () => {
    const since = NOW - 40 * DAY;
    expect(evidenceText({ evidence: 'seen', seen: NOW - 2 * 3_600_000, since }, NOW)).toBe(
      'Seen to work 2 h ago',
    );
    expect(evidenceText({ evidence: 'setUp', seen: null, since }, NOW)).toBe(
      'Set up 7 Oct, not seen yet',
    );
    expect(evidenceText({ evidence: 'said', seen: null, since }, NOW)).toBe('Written down 7 Oct');
    expect(evidenceText({ evidence: 'said', seen: null, since: null }, NOW)).toBe('Written down');
  });

  it('is old after thirty days', () => {
    expect(longUnseen(NOW - 30 * DAY, NOW)).toBe(true);
    expect(longUnseen(NOW - 30 * DAY + 1, NOW)).toBe(false);
    expect(unseenText(NOW - 41 * DAY, NOW)).toBe('Not seen for 41 days');
  });
});

describe('how a new value is taken up', () => {
  it('is told with the time that it takes, and of several how many restart', () => {
    expect(reloadOfMany({ reload: 'live', restarts: 0, awayS: 0 })).toBe('Live');
    expect(reloadOfMany({ reload: 'restart', restarts: 1, awayS: 38 })).toBe('Restart, ~38 s');
    expect(reloadOfMany({ reload: 'restart', restarts: 9, awayS: 600 })).toBe(
      '9 restarts, ~10 min',
    );
    expect(reloadOfMany({ reload: 'restart', restarts: 1, awayS: 0 })).toBe('Restart');
  });

  it('is counted in seconds, and in minutes from two on', () => {
    expect(aboutSeconds(119)).toBe('~119 s');
    expect(aboutSeconds(120)).toBe('~2 min');
  });
});

import { describe, expect, it } from 'vitest';
import { dueText, STATUS, statusText, usesText } from './status';

const now = new Date(2026, 10, 16, 14, 2).getTime();
const at = (day: number, hour = 12, month = 10, year = 2026) =>
  new Date(year, month, day, hour).getTime();

describe('the words of a status', () => {
  it('say for how long something is overdue, from the first whole day on', () => {
    expect(statusText('overdue', at(12), now)).toBe('Overdue 4 d');
    expect(statusText('expired', at(16, 1), now)).toBe('Expired');
    expect(statusText('dueSoon', at(21), now)).toBe('Due soon');
    expect(statusText('compromised', at(1), now)).toBe('Compromised');
  });

  it('say how a rotation goes on', () => {
    expect(statusText('rotating', at(12), now)).toBe('Rotating');
    expect(statusText('inGrace', at(21), now)).toBe('Two keys valid');
    expect(statusText('failed', at(12), now)).toBe('Failed');
  });

  it('have one outline each', () => {
    const icons = Object.values(STATUS).map(({ icon }) => icon);
    expect(new Set(icons).size).toBe(icons.length);
  });
});

describe('who uses a credential', () => {
  it('is told by their number, and how many are restarted', () => {
    expect(usesText(0, 0)).toBe('No consumer is known');
    expect(usesText(1, 0)).toBe('1 consumer');
    expect(usesText(3, 2)).toBe('3 consumers, 2 are restarted for a new value');
  });
});

describe('when something is due', () => {
  it('is told by the day, nearer or farther', () => {
    expect(dueText(null, now)).toBe('No date');
    expect(dueText(at(12), now)).toBe('12 Nov');
    expect(dueText(at(16, 18), now)).toBe('Today 18:00');
    expect(dueText(at(17, 23), now)).toBe('Tomorrow');
    expect(dueText(at(21, 1), now)).toBe('5 days');
    expect(dueText(at(1, 1, 5, 2027), now)).toBe('1 Jun 2027');
  });
});

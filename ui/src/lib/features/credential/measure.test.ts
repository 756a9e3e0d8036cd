import { expect, it } from 'vitest';
import { measureText } from './measure';

it('says how long a secret is, and how hard to guess at most where that is known', () => {
  expect(measureText({ characters: 64, bits: 381 })).toBe('64 characters, up to 381 bits');
  expect(measureText({ characters: 1, bits: null })).toBe('1 character');
  expect(measureText(undefined)).toBeUndefined();
});

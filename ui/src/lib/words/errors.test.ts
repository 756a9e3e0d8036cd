import { describe, expect, it } from 'vitest';
import type { MessageKey } from '$lib/bindings';
import { detailsOf, wordsOf } from './errors';

const DETAILS: Record<MessageKey, string[]> = {
  'settings.broken': ['file', 'line', 'column'],
  'settings.newer': ['file', 'format'],
  'settings.unreadable': ['file', 'reason'],
  'settings.unwritable': ['file', 'reason'],
  'log.unwritable': ['folder'],
  internal: [],
};

describe('the words of an error', () => {
  for (const [messageKey, names] of Object.entries(DETAILS) as [MessageKey, string[]][]) {
    it(`say what happened, what is lost and what next: ${messageKey}`, () => {
      const details = Object.fromEntries(names.map((name) => [name, `<${name}>`]));
      const error = { code: 'KT-X', messageKey, retryable: false, details };
      const { title, happened, lost, next } = wordsOf(error);
      for (const sentence of [title, happened, lost, next]) {
        expect(sentence.length).toBeGreaterThan(5);
        expect(sentence).not.toMatch(/[{}]|unknown/);
      }
      expect(detailsOf(error).split('\n')).toHaveLength(4);
    });
  }
});

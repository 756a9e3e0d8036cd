import { describe, expect, it } from 'vitest';
import { marked, wordsIn } from './marked';

const hits = (name: string, question: string) =>
  marked(name, wordsIn(question))
    .map(({ text, hit }) => (hit ? `[${text}]` : text))
    .join('');

describe('what was typed', () => {
  it('is marked in the name wherever it stands', () => {
    expect(hits('payment-gateway', 'pay')).toBe('[pay]ment-gateway');
    expect(hits('Payment-gateway', 'gate PAY')).toBe('[Pay]ment-[gate]way');
  });

  it('is not marked when it is a filter or a sign', () => {
    expect(hits('prod-tag', '#prod @prod env:prod -tag')).toBe('prod-tag');
    expect(hits('a.b(c', '.(')).toBe('a.b(c');
  });

  it('marks the longer of two words that begin alike', () => {
    expect(hits('payment', 'pay payment')).toBe('[payment]');
  });
});

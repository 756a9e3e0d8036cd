import { describe, expect, it } from 'vitest';
import { metricLines } from './metrics';
import { credentialView } from './testing/made';

const now = new Date(2026, 10, 16, 14, 2).getTime();
const HOUR = 3_600_000;

describe('the metrics of a credential', () => {
  const { credential } = credentialView();

  it('say how often it was replaced, how often that failed, and when it was tried and used', () => {
    const lines = metricLines(
      {
        ...credential,
        created: new Date(2026, 8, 1).getTime(),
        verified: now - 2 * HOUR,
        used: now - 50 * HOUR,
        counters: { ...credential.counters, rotations: 5, failures: 1 },
      },
      now,
    );
    expect(lines.map(({ name, text }) => [name, text])).toEqual([
      ['Created', '1 Sept'],
      ['Value replaced', '5 times'],
      ['Rotations that failed', '1'],
      ['Value verified', '2 h ago'],
      ['Last used', '2 d ago'],
    ]);
  });

  it('claim nothing that nobody knows', () => {
    const texts = metricLines(credential, now).map(({ text }) => text);
    expect(texts.slice(3)).toEqual(['Not yet', 'Not told by the issuer']);
  });
});

import { expect, it } from 'vitest';
import { factLines } from './facts';
import { credentialView } from './testing/made';

const HOUR = 60 * 60 * 1000;

it('an access token and the value that gets it have each an end of their own', () => {
  const now = Date.UTC(2026, 10, 22, 12);
  const facts = { ...credentialView().facts, expires: null, tokenExpires: now + HOUR };
  const names = (at: number) => factLines(facts, at).map(({ name }) => name);
  expect(names(now)).toContain('Access token expires');
  expect(names(now + 2 * HOUR)).toContain('Access token expired');
  expect(names(now)).not.toContain('Expires');
});

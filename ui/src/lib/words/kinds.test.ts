import { describe, expect, it } from 'vitest';
import { KINDS, type Kind } from '$lib/bindings';
import { faultWords, fieldName, identifierOf, isNeeded, mainField } from './kinds';

describe('the words of kinds', () => {
  for (const [kind, fields] of Object.entries(KINDS) as [Kind, (typeof KINDS)[Kind]][]) {
    it(`name every field of ${kind}, and know the secret and the identifier among them`, () => {
      for (const { name } of fields) expect(fieldName(kind, name)).toMatch(/^[A-Z]/);
      expect(fields.find(({ name }) => name === mainField(kind))?.secret).toBe(true);
      const identifier = identifierOf(kind);
      if (identifier !== null) {
        expect(fields.find(({ name }) => name === identifier)?.secret).toBe(false);
      }
    });
  }

  it('show a field of its own without its mark', () => {
    expect(fieldName('apiKey', '+console')).toBe('console');
  });

  it('ask for a user, unless a Redis has none', () => {
    const user = KINDS.databaseLogin.find(({ name }) => name === 'user')!;
    expect(isNeeded(user, { engine: 'postgresql' })).toBe(true);
    expect(isNeeded(user, { engine: 'redis' })).toBe(false);
  });

  it('say what fits and where a chain breaks', () => {
    expect(faultWords({ is: 'tooLong', most: 4096 })).toBe('Too long. At most 4,096 bytes fit.');
    expect(faultWords({ is: 'chainBroken', at: 2 })).toMatch(/^Certificate 2 /);
  });
});

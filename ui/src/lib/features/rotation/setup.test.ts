import { describe, expect, it } from 'vitest';
import { KINDS, type IssuerSetup, type Kind } from '$lib/bindings';
import { fits } from './setup.svelte';

const kindsOf = (is: IssuerSetup['is']) =>
  (Object.keys(KINDS) as Kind[]).filter((kind) => fits({ is }, kind)).sort();

describe('which issuer fits a kind', () => {
  it.each(['postgres', 'mysql', 'mariadb', 'redis'] as const)('%s fits logins', (is) => {
    expect(kindsOf(is)).toEqual(['databaseLogin', 'login']);
  });

  it.each(['webhook', 'byHand'] as const)('%s fits every kind', (is) => {
    expect(kindsOf(is)).toEqual(Object.keys(KINDS).sort());
  });

  it('a service makes one text, so no key with a public half', () => {
    const kinds = kindsOf('http');
    expect(kinds).toContain('apiKey');
    expect(kinds).toContain('databaseLogin');
    expect(kinds).not.toContain('certificate');
    expect(kinds).not.toContain('sshKey');
  });

  it('a signing secret is what is signed with', () => {
    expect(kindsOf('signingSecret')).toEqual(['secret', 'signingKey', 'webhookSecret']);
  });
});

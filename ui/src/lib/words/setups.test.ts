import { describe, expect, it } from 'vitest';
import type { Sending, SetupWhy } from '$lib/bindings';
import {
  blankName,
  deliveryText,
  issuerPlace,
  reloadText,
  setupFaultWords,
  whyWords,
} from './setups';

describe('the place of an issuer', () => {
  const server = { database: '', user: 'k', tls: 'verified' } as const;

  it('names a port only when it is not the usual one', () => {
    expect(issuerPlace({ is: 'mysql', host: 'db.dev', port: 3306, ...server })).toBe('db.dev');
    expect(issuerPlace({ is: 'redis', host: 'db.dev', port: 7000, ...server })).toBe('db.dev:7000');
  });

  it('is an address without what need not be read', () => {
    const blanks = { address: 'https://gitlab.dev/' };
    const http = { is: 'http', preset: 'gitlab', template: null, private: false } as const;
    expect(issuerPlace({ ...http, blanks })).toBe('gitlab.dev');
    expect(issuerPlace({ ...http, blanks: {} })).toBe('');
  });
});

describe('a delivery in few words', () => {
  it.each<[Sending, string]>([
    [{ by: 'file', path: '/a/.env', format: 'env', parts: [] }, '.env file, /a/.env'],
    [{ by: 'file', path: '/a/key', format: 'whole', parts: [] }, 'File, /a/key'],
    [{ by: 'command', program: '/opt/bin/set', arguments: [], input: '' }, 'Command, set'],
    [
      { by: 'http', address: 'https://a.dev/x', body: '', contentType: '', private: false },
      'HTTP, a.dev/x',
    ],
    [{ by: 'byHand', who: '', steps: [] }, 'By hand'],
  ])('tells how and where to', (sending, text) => {
    expect(deliveryText({ sending })).toBe(text);
  });

  it('tells for how long a restart takes it away', () => {
    const reloading = { by: 'command', program: '/x', arguments: [] } as const;
    expect(reloadText({ reloading: { ...reloading, arguments: [] }, awayS: 38 })).toBe(
      'Restart, about 38 s',
    );
    expect(reloadText({ reloading: { ...reloading, arguments: [] }, awayS: 300 })).toBe(
      'Restart, about 5 minutes',
    );
    expect(reloadText({ reloading: { by: 'nextRun' }, awayS: 9 })).toBe('Next run');
  });
});

it('makes the name of a blank readable', () => {
  expect(blankName('cloudApiKey')).toBe('Cloud API key');
  expect(blankName('project')).toBe('Project');
});

it('has words for whatever is wrong, also for what it does not know', () => {
  expect(setupFaultWords('path')).toMatch(/whole path/);
  expect(setupFaultWords('something new' as SetupWhy)).toMatch(/cannot be kept/);
  expect(setupFaultWords('forbidden')).toMatch(/^Nothing is ever sent there/);
  expect(whyWords('denied').next).toMatch(/permissions/);
  expect(whyWords('forbidden').happened).toMatch(/nobody was asked/);
  expect(whyWords('something new' as 'denied')).toEqual(whyWords('unknown'));
});

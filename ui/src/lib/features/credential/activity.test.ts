import { expect, it } from 'vitest';
import { ACTIONS as RUN_ACTIONS } from '$lib/words/rotation';
import { ACTIONS, activityText } from './activity';

const SOURCES = import.meta.glob<string>(
  '../../../../../src-tauri/crates/{vault,engine,app}/src/**/*.rs',
  {
    query: '?raw',
    import: 'default',
    eager: true,
  },
);

/** The names that the backend enters; tests and the names of errors are none. */
function written(): Set<string> {
  const names = Object.entries(SOURCES).flatMap(([file, source]) => {
    if (/\/faults\/|tests\.rs$/.test(file)) return [];
    const [code = ''] = source.split('#[cfg(test)]');
    const lines = code.split('\n').filter((line) => !line.includes('serde(rename'));
    return lines.flatMap((line) =>
      [...line.matchAll(/"((?:credential|binding|reminder|rotation)\.[a-z_]+)"/g)].map(
        ([, name]) => name ?? '',
      ),
    );
  });
  return new Set(names);
}

const said = (action: string, detail: string) =>
  activityText({ number: 1, at: 0, by: 'Ana', action, detail }, 'apiKey');

it('says what a rotation did without the number of the run', () => {
  const run = 'run 019a0000-0000-7000-8000-000000000000';
  expect(said('rotation.promoted', `${run} AK1 -> AK2`)).toBe(
    'Rotation: New value is the current one: AK1 -> AK2',
  );
  expect(said('rotation.planned', run)).toBe('Rotation: Begun');
  expect(said('rotation.set_up', '')).toBe('Rotation set up');
});

it('says what was done with one field of a version', () => {
  expect(said('credential.copied', 'version 5, secret')).toBe('Secret of version 5 copied');
  expect(said('binding.added', 'web-app')).toBe('Consumer added: web-app');
});

it('has words for everything that the backend enters about a credential, and for nothing else', () => {
  const worded = [
    ...Object.keys(ACTIONS),
    ...Object.keys(RUN_ACTIONS).map((name) => `rotation.${name}`),
  ];
  const names = written();
  expect(names.size).toBeGreaterThan(50);
  expect(worded.toSorted()).toEqual([...names].toSorted());
});

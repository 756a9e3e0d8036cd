import { expect, it } from 'vitest';
import { activityText } from './activity';

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

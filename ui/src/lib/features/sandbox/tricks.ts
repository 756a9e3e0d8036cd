/** What the sandbox of the demo can be told to do wrong, in words. */
import type { Switches } from '$lib/bindings';

const WELL: Switches = { trick: null, call: null, latencyMs: 0, staleList: false };

export type Way = 'well' | 'slow' | 'refuses' | 'busy' | 'lost' | 'garbage' | 'offline';

export const WAYS: readonly { value: Way; label: string; text: string; switches: Switches }[] = [
  {
    value: 'well',
    label: 'It works',
    text: 'Everything is done as it should be.',
    switches: WELL,
  },
  {
    value: 'slow',
    label: 'It is slow',
    text: 'Every answer takes 2 seconds.',
    switches: { ...WELL, latencyMs: 2000 },
  },
  {
    value: 'refuses',
    label: 'It refuses the new key',
    text: 'A new key is made, and the check of it fails (500).',
    switches: { ...WELL, trick: { is: 'status', code: 500 }, call: 'verify' },
  },
  {
    value: 'busy',
    label: 'It asks to wait for a minute',
    text: 'No new keys for 60 seconds (429).',
    switches: { ...WELL, trick: { is: 'busy', retryAfterS: 60 }, call: 'create' },
  },
  {
    value: 'lost',
    label: 'It loses its answer',
    text: 'A key is made, and the connection breaks before anybody hears of it.',
    switches: { ...WELL, trick: { is: 'resetAfterEffect' }, call: 'create' },
  },
  {
    value: 'garbage',
    label: 'It answers with garbage',
    text: 'A key is made, and the answer cannot be read.',
    switches: { ...WELL, trick: { is: 'garbage' }, call: 'create' },
  },
  {
    value: 'offline',
    label: 'It is offline',
    text: 'Nothing answers.',
    switches: { ...WELL, trick: { is: 'timeout' } },
  },
];

/** Which of them it does. */
export function wayOf(switches: Switches): Way {
  const same = (one: Switches) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(switches));
  return WAYS.find((way) => same(way.switches))?.value ?? 'well';
}

function sorted({ trick, call, latencyMs, staleList }: Switches) {
  return [trick && Object.entries(trick).sort(), call, latencyMs, staleList];
}

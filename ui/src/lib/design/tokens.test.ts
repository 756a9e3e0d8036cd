import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

// Read from disk: vitest hands out style sheets empty.
const tokens = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');

const sources = import.meta.glob<string>('./*.svelte', {
  eager: true,
  query: '?raw',
  import: 'default',
});

const pairs = new Map(
  [...tokens.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);/g)].map(
    ([, name, light, dark]) => [name ?? '', { light: light ?? '', dark: dark ?? '' }],
  ),
);

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, two: string, side: 'light' | 'dark'): number {
  const [a, b] = [one, two].map((name) => luminance(pairs.get(name)?.[side] ?? ''));
  if (a === undefined || b === undefined || Number.isNaN(a + b)) throw new Error(`${one}, ${two}`);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const GROUNDS = ['surface', 'canvas', 'raised', 'sunken'];
const STATUSES = ['ok', 'info', 'soon', 'critical', 'neutral'];
const TEXT: [string, string][] = [
  ...['text-1', 'text-2', 'text-3', 'accent', 'critical-ink', 'soon-text'].flatMap((text) =>
    GROUNDS.map((ground): [string, string] => [text, ground]),
  ),
  ...STATUSES.map((status): [string, string] => [`${status}-text`, `${status}-ground`]),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['critical-text', 'critical-hover'],
  ['critical-ink', 'critical-soft'],
  ['text-1', 'accent-ground'],
  ['text-2', 'accent-ground'],
  ['text-1', 'selected'],
  ['text-2', 'selected'],
  ['soon-text', 'band-week'],
  ['soon-text', 'band-day'],
];
const SHAPES: [string, string][] = [
  ...[...STATUSES, 'control', 'focus', 'accent'].flatMap((mark) =>
    ['surface', 'canvas', 'raised'].map((ground): [string, string] => [mark, ground]),
  ),
  ...['bar', 'bar-both', 'critical-ink', 'text-1'].flatMap((mark) =>
    ['surface', 'band-week'].map((ground): [string, string] => [mark, ground]),
  ),
];

describe.each(['light', 'dark'] as const)('%s colours', (side) => {
  it.each(TEXT)('%s on %s can be read (4.5:1)', (text, ground) => {
    expect(contrast(text, ground, side)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(SHAPES)('%s on %s can be seen (3:1)', (mark, ground) => {
    expect(contrast(mark, ground, side)).toBeGreaterThanOrEqual(3);
  });
});

describe('components', () => {
  it.each(Object.entries(sources))('%s keeps to the policy and to the tokens', (_, source) => {
    expect(source).not.toMatch(/\sstyle=/);
    expect(source).not.toMatch(/data:|url\(|@html/);
    expect(source).not.toMatch(/#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(/i);
  });

  it.each(Object.entries(sources))('%s uses only tokens that exist, or its own', (_, source) => {
    const declared = [...`${tokens}${source}`.matchAll(/^\s+(--[\w-]+):/gm)].map(
      ([, name]) => name,
    );
    const used = [...source.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name);
    const unknown = used.filter((name) => !declared.includes(name) && !name?.startsWith('--bits-'));
    expect(unknown).toEqual([]);
  });
});

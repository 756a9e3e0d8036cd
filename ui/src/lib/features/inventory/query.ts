/**
 * The question to the inventory as text, read the way the backend reads it, so that chips and text
 * are one thing: a chip is a part of the text, and removing it takes that part out.
 */
export const KEYS = [
  'env',
  'kind',
  'status',
  'risk',
  'owner',
  'issuer',
  'tag',
  'policy',
  'uses',
  'due',
  'rotated',
  'is',
] as const;

export type FilterKey = (typeof KEYS)[number];

/** A filter in the text. */
export interface Part {
  key: FilterKey;
  negated: boolean;
  values: readonly string[];
  /** Without the quotes around it, as the backend names what it did not understand. */
  bare: string;
  start: number;
  end: number;
}

/** Several of these can be asked for at once; the others have one value. */
const SEVERAL: ReadonlySet<FilterKey> = new Set([
  'env',
  'kind',
  'status',
  'owner',
  'issuer',
  'tag',
]);

/** The filters of a question, in its order; plain words are none. */
export function filtersOf(query: string): Part[] {
  return [...query.matchAll(/(?:[^\s"]|"[^"]*(?:"|$))+/g)].flatMap((found) => {
    const part = read(found[0], found.index);
    return part ? [part] : [];
  });
}

function read(text: string, start: number): Part | null {
  const { bare, commas } = unquoted(text);
  const negated = bare.startsWith('-') && bare.length > 1;
  const filter = /^(?:(#|@)(.+)|(\w+):(.*))$/s.exec(negated ? bare.slice(1) : bare);
  if (!filter) return null;
  const [, sign, named, word, value] = filter;
  const key = sign === '#' ? 'tag' : sign === '@' ? 'owner' : word;
  if (!isKey(key)) return null;
  const first = bare.length - (named ?? value ?? '').length;
  const ends = [first - 1, ...commas.filter((at) => at >= first), bare.length];
  const values = ends
    .slice(1)
    .map((end, at) => bare.slice((ends[at] ?? 0) + 1, end).trim())
    .filter(Boolean);
  return { key, negated, values, bare, start, end: start + text.length };
}

/** Between quotes commas separate nothing, and two quotes are one of the value. */
function unquoted(text: string): { bare: string; commas: number[] } {
  let bare = '';
  const commas: number[] = [];
  for (const [whole, within] of text.matchAll(/"((?:[^"]|"")*)(?:"|$)|[^"]/g)) {
    if (whole === ',') commas.push(bare.length);
    bare += within?.replaceAll('""', '"') ?? whole;
  }
  return { bare, commas };
}

const isKey = (word: string | undefined): word is FilterKey => KEYS.some((key) => key === word);

/** The question without one of its parts. */
export function without(query: string, { start, end }: Part): string {
  return `${query.slice(0, start).trimEnd()} ${query.slice(end).trimStart()}`.trim();
}

/** The question with one filter more; a value joins those that its key has already. */
export function withFilter(query: string, key: FilterKey, value: string): string {
  const there = filtersOf(query).find((part) => part.key === key && !part.negated);
  if (there?.values.includes(value)) return query;
  if (there && key !== 'is') {
    const values = SEVERAL.has(key) ? [...there.values, value] : [value];
    const replaced = `${key}:${values.map(quoted).join(',')}`;
    return query.slice(0, there.start) + replaced + query.slice(there.end);
  }
  return `${query.trim()} ${key}:${quoted(value)}`.trim();
}

const quoted = (value: string): string =>
  /[\s,"]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

/** The plain words of a question, as an index knows them. */
export function wordsIn(query: string): string[] {
  const plain = filtersOf(query).reduceRight((text, part) => without(text, part), query);
  return plain
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

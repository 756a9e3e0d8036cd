/** The filters as people read them: on a chip, and as choices of the menu. */
import type { GroupBy, Kind, Risk, Status, WordsInUse } from '$lib/bindings';
import { KIND_NAMES } from '$lib/words/kinds';
import { RISKS, STATUS } from '$lib/words/status';
import { count } from '$lib/words/times';
import type { FilterKey, Part } from './query';

export const FILTERS: Readonly<Record<FilterKey, string>> = {
  env: 'Env',
  kind: 'Type',
  status: 'Status',
  risk: 'Risk',
  owner: 'Owner',
  issuer: 'Issuer',
  tag: 'Tag',
  policy: 'Policy',
  uses: 'Consumers',
  due: 'Due',
  rotated: 'Rotated',
  is: 'Is',
};

const STATUS_WORDS: Readonly<Record<string, string>> = {
  attention: 'needs attention',
  compromised: 'compromised',
  expired: 'expired',
  failed: 'failed',
  overdue: 'overdue',
  now: 'due now',
  rotating: 'rotating',
  grace: 'two keys valid',
  soon: 'due soon',
  paused: 'paused',
  nopolicy: 'no policy',
  healthy: 'healthy',
};

/** What the menu offers where the values are no words of the vault. */
const CHOICES: Readonly<Partial<Record<FilterKey, readonly string[]>>> = {
  kind: Object.keys(KIND_NAMES),
  status: Object.keys(STATUS_WORDS),
  risk: ['high', 'standard'],
  policy: ['usual', 'own', 'none'],
  uses: ['none', 'some'],
  due: ['<1d', '<7d', '<30d', '<90d'],
  rotated: ['>30d', '>90d', '>180d', '>365d'],
  is: ['paused', 'archived', 'unreadable'],
};

const POLICY_WORDS: Readonly<Record<string, string>> = {
  usual: 'the usual one',
  own: 'one of your own',
  none: 'none',
};

const USES_WORDS: Readonly<Record<string, string>> = {
  none: 'none known',
  some: 'at least one',
};

/** The values that the menu offers for a key. */
export function choicesOf(key: FilterKey, words: WordsInUse | null): readonly string[] {
  switch (key) {
    case 'env':
      return words?.environments ?? [];
    case 'owner':
      return ['me', ...(words?.owners ?? [])];
    case 'issuer':
      return words?.issuers ?? [];
    case 'tag':
      return words?.tags ?? [];
    default:
      return CHOICES[key] ?? [];
  }
}

/** A value of a filter in words: "API key", "within 7 days". */
export function valueText(key: FilterKey, value: string): string {
  const days = /^[<>](\d+)d$/.exec(value)?.[1];
  switch (key) {
    case 'kind':
      return KIND_NAMES[value as Kind] ?? value;
    case 'status':
      return STATUS_WORDS[value] ?? value;
    case 'policy':
      return POLICY_WORDS[value] ?? value;
    case 'uses':
      return USES_WORDS[value] ?? value;
    case 'due':
      return days ? `within ${count(+days, 'day')}` : value;
    case 'rotated':
      return days ? `over ${count(+days, 'day')} ago` : value;
    default:
      return value;
  }
}

/** What a chip says: its key, then its values. */
export function chipText({ key, negated, values }: Part): { key: string; values: string } {
  return {
    key: negated ? `Not ${FILTERS[key].toLowerCase()}` : FILTERS[key],
    values: values.map((value) => valueText(key, value)).join(', '),
  };
}

const NOBODY: Readonly<Record<GroupBy, string>> = {
  kind: 'No type',
  environment: 'No environment',
  owner: 'No owner',
  risk: 'No risk',
  status: 'No status',
};

/** Groups carry the word of a filter or of the model; people read its name. */
const STATUS_OF_WORD: Readonly<Partial<Record<string, Status>>> = {
  now: 'dueNow',
  soon: 'dueSoon',
  nopolicy: 'noPolicy',
  grace: 'inGrace',
};

/** What the rows of a group have in common, in words. */
export function groupText(by: GroupBy, value: string): string {
  if (value === '') return NOBODY[by];
  if (by === 'kind') return KIND_NAMES[value as Kind] ?? value;
  if (by === 'risk') return RISKS[value as Risk]?.name ?? value;
  if (by === 'status') return STATUS[STATUS_OF_WORD[value] ?? (value as Status)]?.name ?? value;
  return value;
}

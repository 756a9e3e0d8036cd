/** What two people wrote differently into the same credential. */
import type { Metadata } from '$lib/bindings';
import { fieldName } from '$lib/words/kinds';
import { day } from '$lib/words/times';

/** A field in which two people wrote different things. */
export interface Difference {
  name: string;
  mine: string;
}

/** What the person changed since it was opened, where theirs is not the same. */
export function differences(mine: Metadata, theirs: Metadata, opened: Metadata): Difference[] {
  const [own, other, before] = [mine, theirs, opened].map(linesOf) as [Lines, Lines, Lines];
  return [...new Set([...own.keys(), ...before.keys()])]
    .map((name) => ({ name, mine: own.get(name) ?? '' }))
    .filter((line) => line.mine !== (before.get(line.name) ?? ''))
    .filter((line) => line.mine !== (other.get(line.name) ?? ''));
}

type Lines = Map<string, string>;

function linesOf(metadata: Metadata): Lines {
  const { name, environment, owner, issuer, tags, risk, description, notes } = metadata;
  const policies: Record<string, string> = { none: 'None', usual: 'Usual' };
  return new Map([
    ['Name', name],
    ['Environment', environment],
    ['Owner', owner],
    ['Issuer', issuer],
    ['Tags', tags.join(' ')],
    ['Risk', risk === 'high' ? 'High' : 'Standard'],
    ['Policy', policies[metadata.policy] ?? 'Another policy'],
    ['Expires', metadata.expires === null ? '' : day(metadata.expires)],
    ['Description', description],
    ['Notes', notes],
    ...Object.entries(metadata.fields).map(
      ([field, text]) => [fieldName(metadata.kind, field), text] as const,
    ),
  ]);
}

/** What a search finds and what it leaves out, as people read it. */
import type { Find, FindState, LeftOut, Spot } from '$lib/bindings';
import { count, size } from './times';

export const FIND_STATES: Readonly<Record<FindState, string>> = {
  fresh: 'New',
  here: 'Known',
  gone: 'Gone',
  unknown: 'Not read',
};

/** "web uses orders-db" */
export function findTitle({ sort, credentialName, consumer }: Find): string {
  const who = consumer?.name ?? '';
  switch (sort) {
    case 'leak':
      return `The value of ${credentialName} lies open`;
    case 'binding':
      return `${who} uses ${credentialName}`;
    case 'consumer':
      return `${who} uses secrets that are not in this vault`;
  }
}

/** Why it is so, and what accepting it does. */
export function findText(find: Find): string {
  if (find.state === 'gone') return 'It is not there any more. Accept to forget that it was seen.';
  if (find.state === 'unknown')
    return 'It was seen there before; this time that could not be read.';
  return [because(find), effect(find)].filter(Boolean).join(' ');
}

function because({ sort, works, byValue, version, called }: Find): string {
  const names = called.slice(0, 3).join(', ');
  const all = called.length > 3 ? `${names} and ${called.length - 3} more` : names;
  switch (sort) {
    case 'leak':
      return works
        ? `Version ${version ?? 0}, which works.`
        : `Version ${version ?? 0}, which is retired: it opens nothing any more.`;
    case 'binding': {
      const as = all ? ` as ${all}` : '';
      return byValue
        ? `Its value stands there${as}.`
        : `By name only${as}: check that it is meant.`;
    }
    case 'consumer':
      return all ? `${all}.` : '';
  }
}

function effect({ sort, state, works, isNewConsumer }: Find): string {
  if (state === 'here') {
    return sort === 'leak' ? 'Noted already.' : 'Accept to note that it was seen today.';
  }
  switch (sort) {
    case 'leak':
      return works ? 'Accept to mark the credential as compromised until it is rotated.' : '';
    case 'binding':
      return isNewConsumer ? 'The consumer is added with it.' : 'The consumer is there already.';
    case 'consumer':
      return 'The consumer is added without a credential.';
  }
}

/** "/srv/web/.env, line 3, in commit 1a2b3c4d" */
export function spotText({ file, line, commit }: Spot): string {
  const parts = [file];
  if (line > 0) parts.push(`line ${line}`);
  if (commit !== null)
    parts.push(commit ? `in commit ${commit.slice(0, 12)}` : 'in the git history');
  return parts.join(', ');
}

/** What was not read for one reason, and what that means. */
export function leftOutWords({ why, count: amount }: LeftOut): { what: string; because: string } {
  const files = count(amount, 'file');
  const places = count(amount, 'place');
  switch (why.why) {
    case 'damaged': {
      const where = why.line > 0 ? ` at line ${why.line}` : '';
      return { what: files, because: `Damaged${where}: searched for values, not understood.` };
    }
    case 'notText':
      return { what: files, because: 'Not UTF-8: searched for values, not understood.' };
    case 'tooDeep':
    case 'tooMany':
      return { what: files, because: 'More is in there than can be understood at once.' };
    case 'tooLarge':
      return { what: files, because: `Larger than ${size(why.most)}, and not read.` };
    case 'notThisFormat':
      return {
        what: places,
        because: 'Neither a manifest nor a report that is known here.',
      };
    case 'binary':
      return { what: files, because: 'Binary, and left out.' };
    case 'link':
      return {
        what: count(amount, 'link'),
        because: 'Not followed: what a link leads to is searched where it lies.',
      };
    case 'unreadable':
      return { what: places, because: 'The system does not let it be read.' };
    case 'elsewhere':
      return { what: places, because: 'On another disk or network. Choose it by itself.' };
    case 'noGit':
      return { what: places, because: 'There is no git on this computer, so no history was read.' };
    case 'git':
      return { what: places, because: 'Git does not read this history to its end.' };
  }
}

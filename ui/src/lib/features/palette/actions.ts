/** The commands of the palette: those of one credential, and those about what was found. */
import type { Credential, OpenVault, Row } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import { toast } from '$lib/design/toast.svelte';
import { ROTATE_KEYS } from '$lib/features/credential/keys';
import { mainValue, type Taking } from '$lib/features/credential/taking.svelte';
import type { Command } from '$lib/features/frame/commands';
import { withFilter } from '$lib/features/inventory/query';
import type { Session } from '$lib/features/vault/session.svelte';
import { sentenceOf } from '$lib/words/errors';
import { fieldName, identifierOf } from '$lib/words/kinds';
import { whyNot } from '$lib/words/roles';
import { usesText } from '$lib/words/status';
import { count } from '$lib/words/times';
import type { Search } from './search.svelte';

interface Around {
  session: Session;
  vault: OpenVault;
  taking: Taking;
  onopen: (id: string) => void;
  /** Shows who uses it. */
  onuses: (id: string) => void;
  onrotate: (credential: { id: string; name: string }) => void;
  ontaken: (id: string) => void;
}

/** What happens when somebody wants to rotate. */
const PLAN_FIRST = 'Shows the plan first';

export const mayTake = (vault: OpenVault): boolean => whyNot(vault, 'useSecrets') === undefined;

export function actionsOf({ row, metadata }: Credential, around: Around): Command[] {
  const { vault, taking, onopen, onuses, onrotate, ontaken } = around;
  const { id, name, kind } = row;
  const identifier = identifierOf(kind);
  const reason = whyNot(vault, 'useSecrets');
  const take = (field: string | null) => () => {
    ontaken(id);
    void taking.copy({ ...mainValue(id), field });
  };
  return [
    { name: 'Copy secret', icon: 'copy', keys: 'Enter', reason, run: take(null) },
    ...(identifier && metadata.fields[identifier]
      ? [
          {
            name: `Copy ${inSentence(fieldName(kind, identifier))}`,
            icon: 'person' as const,
            // It is no secret: a vault that can only be read gives it.
            reason: whyNot({ ...vault, readOnly: null }, 'useSecrets'),
            run: take(identifier),
          },
        ]
      : []),
    {
      name: 'Open',
      icon: 'eye',
      note: 'Show and change it',
      keys: 'Mod+Enter',
      run: () => onopen(id),
    },
    {
      name: 'Show what uses it',
      icon: 'branch',
      note: usesText(row.uses, row.restarts),
      run: () => onuses(id),
    },
    {
      name: 'Rotate',
      icon: 'rotate',
      note: PLAN_FIRST,
      keys: ROTATE_KEYS,
      reason: whyNot(vault, 'rotate'),
      run: () => onrotate({ id, name }),
    },
    row.archived === null
      ? {
          name: 'Archive',
          icon: 'archive',
          reason: whyNot(vault, 'edit'),
          question: {
            title: `Archive ${name}?`,
            text: 'It leaves the inventory and its reminders stop. Its values are kept, and it can be restored from the view Archived.',
            button: 'Archive credential',
          },
          run: () => void change(row, 'archive', around),
        }
      : {
          name: 'Restore',
          icon: 'undo',
          reason: whyNot(vault, 'edit'),
          run: () => void change(row, 'restore', around),
        },
  ];
}

/** The commands that have every word that was typed in their names. */
export function named(commands: readonly Command[], typed: string): Command[] {
  const words = typed.toLowerCase().split(/\s+/);
  return commands.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
}

interface Found extends Pick<Around, 'vault' | 'onuses' | 'onrotate'> {
  search: Search;
  onask: (query: string) => void;
}

/** What can be done with what was found: with the first of it, with its owner, with all of it. */
export function aboutFound({ search, vault, onuses, onrotate, onask }: Found): Command[] {
  const { question: query, found, rows } = search;
  const [first] = rows;
  if (!query || !found || !first) return [];
  const owner = ownerMeant(query, rows);
  return [
    {
      name: `Rotate ${first.name}`,
      icon: 'rotate',
      note: PLAN_FIRST,
      reason: whyNot(vault, 'rotate'),
      run: () => onrotate(first),
    },
    {
      name: `Show what uses ${first.name}`,
      icon: 'branch',
      note: usesText(first.uses, first.restarts),
      run: () => onuses(first.id),
    },
    ...(owner
      ? [
          {
            name: `Filter by owner ${owner}`,
            icon: 'filter' as const,
            note: 'In the inventory',
            run: () => onask(withFilter('', 'owner', owner)),
          },
        ]
      : []),
    {
      name: 'Show in the inventory',
      icon: 'filter',
      note: count(found.total, 'credential'),
      run: () => onask(query),
    },
  ];
}

/** The owner whose name begins with what was typed, or who answers for the first that was found. */
function ownerMeant(typed: string, rows: readonly Row[]): string | undefined {
  const begins = ({ owner }: Row) => owner.toLowerCase().startsWith(typed.toLowerCase());
  return (rows.find(begins) ?? rows[0])?.owner;
}

async function change(row: Row, to: 'archive' | 'restore', around: Around): Promise<void> {
  const { backend } = around.session;
  try {
    const seen = [{ id: row.id, version: row.version }];
    const [done] = await backend.ask('change_many', { seen, change: { to } });
    if (done?.problem) throw done.problem;
    const archived = { ...row, version: row.version + 1 };
    const undo = { label: 'Undo', onselect: () => void change(archived, 'restore', around) };
    if (to === 'archive') toast.ok(`Archived ${row.name}.`, undo);
    else toast.ok(`Restored ${row.name}.`);
  } catch (error) {
    toast.fail(sentenceOf(asUserError(error)));
  }
}

/** Key ID becomes key ID, URL stays. */
const inSentence = (name: string): string =>
  /^[A-Z][a-z]/.test(name) ? name[0]?.toLowerCase() + name.slice(1) : name;

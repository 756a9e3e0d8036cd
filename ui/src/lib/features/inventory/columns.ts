/** The columns of the inventory and the orders that it can be in. */
import type { Column as Hideable, GroupBy, Ordering, SortBy } from '$lib/bindings';

interface Column {
  /** The name always stands there. */
  key: 'name' | Hideable;
  label: string;
  /** Pixels at least. */
  width: number;
  /** Its share of the room that is left. */
  share: number;
  sort: SortBy | null;
}

export const COLUMNS: readonly Column[] = [
  { key: 'name', label: 'Name', width: 132, share: 4, sort: 'name' },
  { key: 'kind', label: 'Type', width: 144, share: 0, sort: 'kind' },
  { key: 'environment', label: 'Env', width: 60, share: 0, sort: 'environment' },
  { key: 'risk', label: 'Risk', width: 68, share: 0, sort: 'risk' },
  { key: 'status', label: 'Status', width: 136, share: 0, sort: 'status' },
  { key: 'due', label: 'Due', width: 140, share: 0, sort: 'due' },
  { key: 'rotated', label: 'Rotated', width: 68, share: 0, sort: 'rotated' },
  { key: 'uses', label: 'Uses', width: 60, share: 0, sort: null },
  { key: 'owner', label: 'Owner', width: 88, share: 1, sort: 'owner' },
  { key: 'tags', label: 'Tags', width: 96, share: 1, sort: null },
];

/** Where a row begins: its box to be ticked. */
const SELECT_WIDTH = 52;
const END_WIDTH = 12;

/** The columns that are left when those are hidden. */
export const without = (hidden: readonly Hideable[]): Column[] =>
  COLUMNS.filter(({ key }) => key === 'name' || !hidden.includes(key));

/**
 * How a row of this width is shared, for `grid-template-columns`, and the least that it takes. In
 * pixels: every row would work out shares of its own, again with each letter that is typed.
 */
export function layoutOf(
  columns: readonly Column[],
  room: number,
): { template: string; least: number } {
  const least = columns.reduce((sum, { width }) => sum + width, SELECT_WIDTH + END_WIDTH);
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  const left = Math.max(0, room - least);
  const widths = columns.map(
    ({ width, share }) => `${width + Math.floor((left * share) / shares)}px`,
  );
  return { template: `${SELECT_WIDTH}px ${widths.join(' ')} ${END_WIDTH}px`, least };
}

/** Each order in words, and the other way round. */
export const SORTS: Readonly<Record<SortBy, readonly [up: string, down: string]>> = {
  name: ['name, A first', 'name, Z first'],
  kind: ['type', 'type, last first'],
  environment: ['environment, A first', 'environment, Z first'],
  risk: ['risk', 'risk, last first'],
  status: ['most urgent first', 'least urgent first'],
  due: ['due first', 'due last'],
  rotated: ['oldest value first', 'newest value first'],
  owner: ['owner, A first', 'owner, Z first'],
  changed: ['longest unchanged first', 'last changed first'],
};

export const GROUPS: Readonly<Record<GroupBy, string>> = {
  kind: 'type',
  environment: 'environment',
  owner: 'owner',
  risk: 'risk',
  status: 'status',
};

/** Another column, or the same one the other way round. */
export function sortedBy(ordering: Ordering, by: SortBy): Ordering {
  return { ...ordering, by, descending: ordering.by === by && !ordering.descending };
}

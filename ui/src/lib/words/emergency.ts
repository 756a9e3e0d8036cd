/** Emergencies as people read them: what happened, what is done first, and what became of each old value. */
import type {
  Cause,
  IncidentItem,
  IncidentLine,
  IncidentRow,
  IncidentView,
  Kind,
  Limit,
  Order,
  Outcome,
  StepView,
  Timestamp,
  Trace,
} from '$lib/bindings';
import type { IconName } from '$lib/design';
import { KINDS_IN_TEXT } from './kinds';
import { isOpen, lengthText, logText } from './rotation';
import type { Tone } from './status';
import { ago, count, countdown } from './times';

/** What may have happened, in the order of the screen. */
export const CAUSES: Readonly<Record<Cause, { name: string; text: string; icon: IconName }>> = {
  leaked: {
    name: 'A value leaked',
    text: 'It lies in a repository, a log, a chat: paste the text, or choose files.',
    icon: 'eye',
  },
  left: {
    name: 'Someone left',
    text: 'What they saw, copied or answer for, by the audit log.',
    icon: 'members',
  },
  machineLost: {
    name: 'A machine is lost',
    text: 'What its user saw or copied counts as known to others.',
    icon: 'laptop',
  },
  issuerBreached: {
    name: 'An issuer was breached',
    text: 'Everything that one issuer account makes.',
    icon: 'cloud',
  },
  chosen: {
    name: 'Something else',
    text: 'You choose: a tag, an environment, an owner.',
    icon: 'filter',
  },
};

type Urgent = Exclude<Order, 'usual'>;

/** What is done first, with its consequences. */
export const ORDERS: Readonly<
  Record<Urgent, { name: string; text: (view: IncidentView) => string }>
> = {
  revokeFirst: {
    name: 'Revoke first',
    text: ({ consumers }) =>
      consumers.length === 0
        ? 'Stops misuse now. No consumer is known that would notice.'
        : `Stops misuse now. ${count(consumers.length, 'service fails', 'services fail')} until ${consumers.length === 1 ? 'it has' : 'they have'} the new value.`,
  },
  rotateFirst: {
    name: 'Rotate first',
    text: () => 'No outage where two values can work. An old one is usable until it is replaced.',
  },
  revokeOnly: {
    name: 'Revoke only',
    text: ({ consumers }) =>
      consumers.length === 0
        ? 'Stops misuse now, and nothing takes its place.'
        : `Stops misuse now. ${count(consumers.length, 'service stays', 'services stay')} without a value.`,
  },
};

/** Why it was found. */
export function traceText(trace: Trace, now: Timestamp): string {
  switch (trace.is) {
    case 'found':
      return `${trace.works ? 'found' : 'an old version found'} in ${trace.place}`;
    case 'revealed':
      return `seen ${ago(trace.at, now)}`;
    case 'copied':
      return `copied ${ago(trace.at, now)}`;
    case 'owned':
      return 'theirs';
    case 'couldRead':
      return 'no access seen';
    case 'issued':
      return `made by ${trace.account}`;
    case 'used':
      return `last used ${ago(trace.at, now)}`;
  }
}

/** All of it, the weightiest first. */
export const tracesText = (item: IncidentItem, now: Timestamp): string =>
  item.found.map((trace) => traceText(trace, now)).join(', ');

/** What became of an old value. */
export function outcomeWords(item: IncidentItem): { name: string; tone: Tone; icon: IconName } {
  if (item.said !== null)
    return { name: `Refused, as ${item.said.by} says`, tone: 'ok', icon: 'person' };
  return OUTCOMES[item.outcome];
}

const OUTCOMES: Readonly<Record<Outcome, { name: string; tone: Tone; icon: IconName }>> = {
  revokedVerified: { name: 'Refused', tone: 'ok', icon: 'check' },
  unknown: { name: 'Revoked, not proven', tone: 'soon', icon: 'clock' },
  failed: { name: 'Still accepted', tone: 'critical', icon: 'octagon-cross' },
  open: { name: 'Not revoked yet', tone: 'neutral', icon: 'ring-dashed' },
};

/** Its old value is of no use any more, by proof or by somebody's word. */
export const isSettled = ({ said, outcome }: Pick<IncidentItem, 'said' | 'outcome'>): boolean =>
  said !== null || outcome === 'revokedVerified';

/** "API keys, service tokens": whom a limit is for. */
export function limitKinds(kinds: readonly Kind[]): string {
  const names = kinds.map((kind) => KINDS_IN_TEXT[kind]).join(', ');
  return names.charAt(0).toUpperCase() + names.slice(1);
}

/** "Now", "3:58:12", "Over", and what that means. */
export function limitWords(
  { hours, until, open }: Limit,
  now: Timestamp,
): { name: string; note: string; tone: Tone } {
  const note = hours === 0 ? 'at once' : `${hours} h limit`;
  if (open === 0) return { name: 'Done', note: 'all refused', tone: 'ok' };
  if (hours === 0) return { name: `${open} open`, note, tone: 'critical' };
  const left = Math.floor((until - now) / 1000);
  if (left <= 0) return { name: 'Over', note: `${open} open, ${note}`, tone: 'critical' };
  const two = (number: number) => String(number).padStart(2, '0');
  const clock = `${Math.floor(left / 3600)}:${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
  return { name: clock, note, tone: 'neutral' };
}

/** "about 90 s" or "nothing stops" */
export const downText = (seconds: number): string =>
  seconds === 0 ? 'nothing stops' : `about ${lengthText(seconds * 1000)} down`;

/** How far an incident is, for the list. */
export function incidentText(row: IncidentRow): string {
  if (row.closed !== null) {
    return row.allRefused === null || row.started === null
      ? `closed with ${count(row.taken - row.refused, 'old value')} not proven refused`
      : `all ${row.taken} refused after ${lengthText(row.allRefused - row.started)}`;
  }
  if (row.started === null) return `${count(row.taken, 'credential')}, not started`;
  return `${row.refused} of ${row.taken} old values refused`;
}

/** What a team needed from alarm to everything revoked, by its last drill. */
export function drillText(rows: readonly IncidentRow[]): string | null {
  const last = rows.find(({ drill, allRefused }) => drill && allRefused !== null);
  if (!last || last.allRefused === null) return null;
  const taken = count(last.taken, 'credential');
  return `Your team needs ${lengthText(last.allRefused - last.opened)} from alarm to everything revoked (${taken}).`;
}

/** How long each part took. */
export function phases({ row }: IncidentView): { name: string; length: string }[] {
  const between = (from: Timestamp | null, to: Timestamp | null) =>
    from === null || to === null ? 'not yet' : lengthText(to - from);
  return [
    { name: 'From alarm to start', length: between(row.opened, row.started) },
    { name: 'From start to all revoked', length: between(row.started, row.allRefused) },
    { name: 'From start to all restored', length: between(row.started, row.restored) },
    { name: 'From alarm to all revoked', length: between(row.opened, row.allRefused) },
  ];
}

/** 0:41: since a moment. */
export const clockText = (milliseconds: number): string =>
  countdown(Math.max(0, Math.floor(milliseconds / 1000)));

const ACTIONS: Readonly<Record<string, string>> = {
  opened: 'Opened',
  renamed: 'Renamed',
  earliest_set: 'Earliest possible misuse set',
  order_set: 'Order chosen',
  scope_changed: 'Scope changed',
  tasks_changed: 'Follow-up tasks changed',
  said_refused: 'Said to be refused',
  started: 'Started',
  rotations_begun: 'Rotations begun',
  tried: 'Old values tried',
  reported: 'Report written',
  closed: 'Closed',
};

/** What happened, as the timeline of an incident has it. */
export function lineText({ action, detail }: IncidentLine): string {
  const own = /^incident\.(.*)$/.exec(action)?.[1];
  if (own === undefined) return logText({ at: 0, action, note: detail });
  const does = ACTIONS[own] ?? action;
  return detail ? `${does}: ${detail}` : does;
}

export type ReportFormat = 'pdf' | 'markdown' | 'json';

export const REPORTS: Readonly<Record<ReportFormat, { name: string; extension: string }>> = {
  pdf: { name: 'PDF', extension: 'pdf' },
  markdown: { name: 'Markdown', extension: 'md' },
  json: { name: 'JSON', extension: 'json' },
};

export const fileOf = (reference: string, format: ReportFormat): string =>
  `${reference}.${REPORTS[format].extension}`;

/** The columns of what is being done: which step of a rotation stands in which. */
export const COLUMNS = [
  { name: 'Create', steps: ['create'] },
  { name: 'Revoke', steps: ['deactivate', 'revoke'] },
  { name: 'Deliver', steps: ['deliver'] },
  { name: 'Proof', steps: ['confirm'] },
] as const satisfies readonly { name: string; steps: readonly StepView['step']['is'][] }[];

export interface Cell {
  text: string;
  icon: IconName | null;
  tone: Tone;
}

const NOTHING: Cell = { text: '–', icon: null, tone: 'neutral' };

/** What stands in a column for a credential. */
export function cellOf(item: IncidentItem, column: (typeof COLUMNS)[number]): Cell {
  const { run } = item;
  if (!run) return NOTHING;
  const steps = run.steps.filter(({ step }) =>
    (column.steps as readonly string[]).includes(step.is),
  );
  const at = steps.find(({ status }) => status !== 'done' && status !== 'skipped') ?? steps.at(-1);
  if (!at) return NOTHING;
  if (column.name === 'Proof' && item.refused !== null)
    return { text: 'refused', icon: 'check', tone: 'ok' };
  const some = column.name === 'Deliver' && run.consumers > 0;
  const brought = isOpen(run.row) ? run.well : run.delivered;
  const part = some ? `${brought} of ${run.consumers}` : '';
  switch (at.status) {
    case 'done':
      return { text: part || tookText(run.row.begun, at), icon: 'check', tone: 'ok' };
    case 'running':
      return { text: part || 'now', icon: 'refresh', tone: 'info' };
    case 'stopped':
    case 'failed':
      return { text: part || 'stopped', icon: 'octagon-cross', tone: 'critical' };
    default:
      return NOTHING;
  }
}

/** 1.4 s, 0:14: since its rotation began. */
const tookText = (begun: Timestamp, { ended }: StepView): string =>
  ended === null ? 'done' : lengthText(ended - begun);

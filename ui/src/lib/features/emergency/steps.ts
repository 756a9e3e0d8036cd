/** The steps of an incident, and which of them it is at. */
import type { IncidentView } from '$lib/bindings';
import { isSettled } from '$lib/words/emergency';
import { isOpen } from '$lib/words/rotation';

export const STEPS = [
  { id: 'plan', name: 'Scope and plan' },
  { id: 'execute', name: 'Execute' },
  { id: 'verify', name: 'Verify' },
  { id: 'report', name: 'Report' },
] as const;

export type StepId = (typeof STEPS)[number]['id'];

/** Where it goes on. */
export function stepOf({ row, items }: IncidentView): StepId {
  if (row.closed !== null) return 'report';
  if (row.started === null) return 'plan';
  const taken = items.filter((item) => item.taken);
  const goesOn = taken.some((item) => !isSettled(item) || (item.run && isOpen(item.run.row)));
  return goesOn ? 'execute' : 'verify';
}

export const isReached = ({ row }: IncidentView, step: StepId): boolean =>
  step === 'plan' || row.started !== null;

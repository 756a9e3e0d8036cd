/** What can be chosen for a consumer, and what can be tried of a binding. */
import type { BindingView, Deployment, Timestamp } from '$lib/bindings';
import { DEPLOYMENTS } from '$lib/words/setups';

export const deploymentOptions = () =>
  (Object.keys(DEPLOYMENTS) as Deployment[]).map((value) => ({
    value,
    label: DEPLOYMENTS[value].name,
  }));

/** Where a person delivers and nothing is asked, there is nothing to try. */
export const testable = ({ setup }: BindingView): boolean =>
  setup.sending.by !== 'byHand' || setup.check.by !== 'none';

const DAY = 24 * 3_600_000;
/** What was seen longer ago than this may not be so any more. */
const SEEN_DAYS = 30;

/** For how many days a use was not seen; 0 as long as that says nothing. */
export function unseen(seen: Timestamp, now = Date.now()): number {
  const days = Math.floor((now - seen) / DAY);
  return days >= SEEN_DAYS ? days : 0;
}

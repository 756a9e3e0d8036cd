/** What can be chosen for a consumer, and what can be tried of a binding. */
import type { BindingView, Deployment } from '$lib/bindings';
import { DEPLOYMENTS } from '$lib/words/setups';

export const deploymentOptions = () =>
  (Object.keys(DEPLOYMENTS) as Deployment[]).map((value) => ({
    value,
    label: DEPLOYMENTS[value].name,
  }));

/** Where a person delivers and nothing is asked, there is nothing to try. */
export const testable = ({ setup }: BindingView): boolean =>
  setup.sending.by !== 'byHand' || setup.check.by !== 'none';

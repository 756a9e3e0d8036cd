/** What a form offers: words that are in use, and policies. A form works without them. */
import type { Kind, PoliciesView, Policy, PolicyChoice, Risk, WordsInUse } from '$lib/bindings';
import type { Session } from '$lib/features/vault/session.svelte';
import { KINDS_IN_TEXT } from '$lib/words/kinds';
import { ruleText } from '$lib/words/policies';

export class Choices {
  words = $state.raw<WordsInUse | null>(null);
  policies = $state.raw<PoliciesView | null>(null);

  async load({ backend }: Session): Promise<void> {
    const [words, policies] = await Promise.allSettled([
      backend.ask('read_words'),
      backend.ask('list_policies'),
    ]);
    if (words.status === 'fulfilled') this.words = words.value;
    if (policies.status === 'fulfilled') this.policies = policies.value;
  }

  /** The policies that a credential can follow, in words. */
  policyOptions(kind: Kind, risk: Risk): { value: PolicyChoice; label: string }[] {
    const usual = this.policies?.usual.find((line) => line.kind === kind)?.[risk];
    const own = this.policies?.own ?? [];
    return [
      { value: 'usual', label: usualText(kind, risk, usual ?? null) },
      ...own.map(({ id, name, policy }) => ({ value: id, label: `${name}: ${inText(policy)}` })),
      { value: 'none', label: 'None: nothing reminds of it' },
    ];
  }
}

/** Usual for API keys, high risk: every 30 days */
export function usualText(kind: Kind, risk: Risk, policy: Policy | null): string {
  const usual = `Usual for ${KINDS_IN_TEXT[kind]}${risk === 'high' ? ', high risk' : ''}`;
  return policy ? `${usual}: ${inText(policy)}` : usual;
}

const inText = (policy: Policy): string => ruleText(policy).replace(/^./, (c) => c.toLowerCase());

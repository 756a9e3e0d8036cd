import { render } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { RISKS } from '$lib/words/status';
import { expectNoViolations } from '$lib/design/testing/axe';
import RiskMark from './RiskMark.svelte';

describe('the mark of a risk', () => {
  it.each(['standard', 'high'] as const)('has an icon beside the word for %s', async (risk) => {
    const { container } = render(RiskMark, { risk });
    expect(container).toHaveTextContent(new RegExp(`^${RISKS[risk].short}$`));
    expect(container.querySelector('svg')).toBeInTheDocument();
    await expectNoViolations();
  });

  it('has an outline of its own for each', () => {
    expect(RISKS.high.icon).not.toBe(RISKS.standard.icon);
  });

  it('says the whole name where there is room', () => {
    const { container } = render(RiskMark, { risk: 'high', whole: true });
    expect(container).toHaveTextContent(/^High risk$/);
  });
});

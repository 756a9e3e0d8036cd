import { render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { expectNoViolations } from '$lib/design/testing/axe';
import UsesMark from './UsesMark.svelte';

describe('the mark of who uses a credential', () => {
  it('counts consumers, and those that are restarted', async () => {
    const { container } = render(UsesMark, { uses: 3, restarts: 2 });
    expect(container).toHaveTextContent(/^3\s+2$/);
    expect(screen.getByRole('img', { name: 'to be restarted' })).toBeInTheDocument();
    await expectNoViolations();
  });

  it('says that nobody is known', () => {
    const { container } = render(UsesMark, { uses: 0, restarts: 0 });
    expect(container).toHaveTextContent(/^none$/);
    expect(container.firstElementChild).toHaveAttribute('title', 'No consumer is known');
  });
});

import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import ErrorBlock from './ErrorBlock.svelte';
import { expectNoViolations } from './testing/axe';
import { text } from './testing/snippets';

const props = {
  title: 'Verification failed',
  happened: "mobile-backend can't sign in with the new key.",
  lost: 'No. The old key still works.',
  next: 'Restart mobile-backend and verify, or undo.',
  code: 'KT-VERIFY-401',
};

describe('ErrorBlock', () => {
  it('announces three labelled lines and nothing else', async () => {
    render(ErrorBlock, { ...props, oncopy: () => {}, actions: text('Undo') });
    const alert = screen.getByRole('alert');
    for (const [label, line] of [
      ['What happened', props.happened],
      ['Is anything lost', props.lost],
      ['What next', props.next],
    ] as const) {
      expect(within(alert).getByText(label)).toBeVisible();
      expect(within(alert).getByText(line)).toBeVisible();
    }
    expect(within(alert).queryByRole('button')).toBeNull();
    expect(screen.getByRole('region', { name: props.title })).toHaveTextContent(props.code);
    expect(screen.getByText('Undo')).toBeVisible();
    await expectNoViolations();
  });

  it('copies the details on request', async () => {
    const oncopy = vi.fn();
    render(ErrorBlock, { ...props, oncopy });
    await userEvent.setup().click(screen.getByRole('button', { name: 'Copy details' }));
    expect(oncopy).toHaveBeenCalledTimes(1);
  });
});

import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { expectNoViolations } from './testing/axe';
import SheetHarness from './testing/SheetHarness.svelte';

describe('Sheet', () => {
  it('starts in its first field', async () => {
    const user = userEvent.setup();
    render(SheetHarness);
    await user.click(screen.getByRole('button', { name: 'Open it' }));
    expect(screen.getByRole('dialog', { name: 'Add credential' })).toBeVisible();
    await waitFor(() => expect(screen.getByLabelText('Name')).toHaveFocus());
    await expectNoViolations();
  });

  it.each([
    ['Esc', (user: ReturnType<typeof userEvent.setup>) => user.keyboard('{Escape}')],
    [
      'its close button',
      (user: ReturnType<typeof userEvent.setup>) =>
        user.click(screen.getByRole('button', { name: 'Close' })),
    ],
  ])('closes by %s and gives focus back', async (_, close) => {
    const user = userEvent.setup();
    const onclose = vi.fn();
    render(SheetHarness, { onclose });
    await user.click(screen.getByRole('button', { name: 'Open it' }));
    await waitFor(() => expect(screen.getByLabelText('Name')).toHaveFocus());
    await close(user);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() => expect(screen.getByRole('button', { name: 'Open it' })).toHaveFocus());
    expect(onclose).toHaveBeenCalledTimes(1);
  });
});

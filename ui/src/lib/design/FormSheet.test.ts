import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { expectNoViolations } from './testing/axe';
import FormSheetHarness from './testing/FormSheetHarness.svelte';

const button = (name: string) => screen.getByRole('button', { name });

async function sheet(props: Record<string, unknown> = {}) {
  const user = userEvent.setup();
  const view = render(FormSheetHarness, props);
  const field = screen.queryByLabelText('Name');
  if (field) await waitFor(() => expect(field).toHaveFocus());
  return { user, ...view };
}

describe('FormSheet', () => {
  it('saves by its button and by Mod+Enter, but not twice at a time', async () => {
    const onsubmit = vi.fn();
    const { user, rerender } = await sheet({ onsubmit });
    await user.click(button('Save account'));
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(onsubmit).toHaveBeenCalledTimes(2);
    await rerender({ onsubmit, busy: true });
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(onsubmit).toHaveBeenCalledTimes(2);
    await expectNoViolations();
  });

  it('closes at once while nothing was typed', async () => {
    const onclose = vi.fn();
    const { user } = await sheet({ onclose });
    await user.click(button('Cancel'));
    await waitFor(() => expect(onclose).toHaveBeenCalledTimes(1));
  });

  it('asks before it throws away what was typed', async () => {
    const onclose = vi.fn();
    const { user } = await sheet({ onclose });
    await user.type(screen.getByLabelText('Name'), 'orders-db');
    await user.keyboard('{Escape}');
    const question = await screen.findByRole('alertdialog');
    expect(question).toHaveAccessibleName('Throw away what you typed?');
    await user.click(button('Go on typing'));
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(screen.getByLabelText('Name')).toHaveValue('orders-db');
    await user.click(button('Cancel'));
    await user.click(await screen.findByRole('button', { name: 'Throw away' }));
    await waitFor(() => expect(onclose).toHaveBeenCalledTimes(1));
  });

  it('leads focus from a choice to the form, and from there to Done', async () => {
    const { user, rerender } = await sheet({ stage: 'choice' });
    expect(screen.queryByRole('button', { name: 'Save account' })).toBeNull();
    await rerender({ stage: 'form' });
    await waitFor(() => expect(screen.getByLabelText('Name')).toHaveFocus());
    await user.type(screen.getByLabelText('Name'), 'orders-db');
    await rerender({ stage: 'saved' });
    await waitFor(() => expect(button('Done')).toHaveFocus());
    await user.click(button('Done'));
    expect(screen.queryByRole('alertdialog')).toBeNull();
  });
});

import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { expectNoViolations } from './testing/axe';
import DialogHarness from './testing/DialogHarness.svelte';

async function opened(props: Record<string, unknown> = {}) {
  const user = userEvent.setup();
  render(DialogHarness, props);
  await user.click(screen.getByRole('button', { name: 'Open it' }));
  return user;
}

describe('Dialog', () => {
  afterEach(() => vi.restoreAllMocks());

  it('starts on the safe button and carries title and description', async () => {
    await opened();
    const dialog = screen.getByRole('dialog', { name: 'Revoke 14 keys now?' });
    expect(dialog).toHaveAccessibleDescription('Stops misuse now.');
    await waitFor(() => expect(screen.getByRole('button', { name: 'Cancel' })).toHaveFocus());
    await expectNoViolations();
  });

  it('starts in the first field when it is a form', async () => {
    await opened({ initialFocus: 'content' });
    await waitFor(() => expect(screen.getByLabelText('Incident number')).toHaveFocus());
  });

  it('closes on Esc, reports it, and gives focus back', async () => {
    const onclose = vi.fn();
    const user = await opened({ onclose });
    await waitFor(() => expect(screen.getByRole('button', { name: 'Cancel' })).toHaveFocus());
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() => expect(screen.getByRole('button', { name: 'Open it' })).toHaveFocus());
    expect(onclose).toHaveBeenCalledTimes(1);
  });

  it('closes by the safe button, reports it once, and never acts', async () => {
    const onclose = vi.fn();
    const onact = vi.fn();
    const user = await opened({ onclose, onact });
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(onclose).toHaveBeenCalledTimes(1);
    expect(onact).not.toHaveBeenCalled();
  });

  it('keeps Tab inside', async () => {
    // jsdom lays nothing out, so without boxes the trap finds nothing to go to.
    const boxes = [new DOMRect(0, 0, 10, 10)] as unknown as DOMRectList;
    vi.spyOn(Element.prototype, 'getClientRects').mockReturnValue(boxes);
    const user = await opened();
    const dialog = screen.getByRole('dialog');
    await waitFor(() => expect(screen.getByRole('button', { name: 'Cancel' })).toHaveFocus());
    for (let i = 0; i < 4; i++) {
      await user.tab();
      expect(dialog).toContainElement(document.activeElement as HTMLElement);
    }
  });

  it('is an alert dialog where harm is possible', async () => {
    await opened({ alert: true });
    expect(screen.getByRole('alertdialog', { name: 'Revoke 14 keys now?' })).toBeVisible();
    await waitFor(() => expect(screen.getByRole('button', { name: 'Cancel' })).toHaveFocus());
    await expectNoViolations();
  });
});

import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MenuItem } from './Menu.svelte';
import { expectNoViolations } from './testing/axe';
import MenuHarness from './testing/MenuHarness.svelte';

// jsdom lays nothing out, and bits-ui hides a menu whose trigger has no box in the window.
beforeEach(() => {
  const box = (from: Element) =>
    from === document.documentElement
      ? new DOMRect(0, 0, 1280, 800)
      : new DOMRect(100, 100, 80, 32);
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (this: Element) {
    return box(this);
  });
  vi.spyOn(Element.prototype, 'getClientRects').mockImplementation(function (this: Element) {
    return [box(this)] as unknown as DOMRectList;
  });
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(1280);
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(800);
});
afterEach(() => vi.restoreAllMocks());

const setUp = () => {
  const lock = vi.fn();
  const rotate = vi.fn();
  const items: MenuItem[] = [
    { label: 'Lock', icon: 'lock', kbd: 'Mod+L', onselect: lock },
    'separator',
    { label: 'Rotate', reason: 'Vault is read-only.', onselect: rotate },
    { label: 'Quit', danger: true, onselect: () => {} },
  ];
  render(MenuHarness, { items });
  return { user: userEvent.setup(), lock, rotate };
};

describe('Menu', () => {
  it('opens by keyboard, moves by arrows, chooses by Enter and gives focus back', async () => {
    const { user, lock } = setUp();
    await user.tab();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.getByRole('menuitem', { name: 'Lock' })).toHaveFocus());
    await expectNoViolations();
    await user.keyboard('{ArrowDown}');
    await waitFor(() => expect(screen.getByRole('menuitem', { name: 'Quit' })).toHaveFocus());
    await user.keyboard('{ArrowUp}{Enter}');
    expect(lock).toHaveBeenCalledTimes(1);
    await waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
    await waitFor(() => expect(screen.getByRole('button', { name: 'Acme' })).toHaveFocus());
  });

  it('says why an entry cannot be chosen and does not choose it', async () => {
    const { user, rotate } = setUp();
    await user.click(screen.getByRole('button', { name: 'Acme' }));
    const item = await screen.findByRole('menuitem', { name: /Rotate.*read-only/ });
    expect(item).toHaveAttribute('aria-disabled', 'true');
    await user.click(item);
    expect(rotate).not.toHaveBeenCalled();
  });

  it('closes on Esc', async () => {
    const { user } = setUp();
    await user.click(screen.getByRole('button', { name: 'Acme' }));
    await screen.findByRole('menu');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
  });
});

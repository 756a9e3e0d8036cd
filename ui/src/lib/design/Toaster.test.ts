import { act, render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectNoViolations } from './testing/axe';
import { announce, toast } from './toast.svelte';
import Toaster from './Toaster.svelte';

const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
const shown = () =>
  screen.queryAllByRole('listitem').map((item) => item.querySelector('.text')?.textContent);

describe('Toaster', () => {
  beforeEach(() => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    render(Toaster);
  });
  afterEach(() => {
    toast.clear();
    vi.useRealTimers();
  });

  const user = () => userEvent.setup({ advanceTimers: vi.advanceTimersByTime });

  it('shows a message, says it politely and lets it go', async () => {
    await act(() => toast.ok('Saved.'));
    expect(shown()).toEqual(['Saved.']);
    expect(screen.getByRole('status')).toHaveTextContent('Saved.');
    await expectNoViolations();
    await wait(7_000);
    expect(shown()).toEqual([]);
  });

  it('says failures at once and keeps them until someone closes them', async () => {
    await act(() => toast.fail('Run #117 failed.'));
    expect(screen.getByRole('alert')).toHaveTextContent('Run #117 failed.');
    await wait(60_000);
    expect(shown()).toEqual(['Run #117 failed.']);
    await user().click(screen.getByRole('button', { name: 'Close' }));
    expect(shown()).toEqual([]);
  });

  it('offers the way back once', async () => {
    const undo = vi.fn();
    await act(() => toast.ok('3 archived.', { label: 'Undo', onselect: undo }));
    await user().click(screen.getByRole('button', { name: 'Undo' }));
    expect(undo).toHaveBeenCalledTimes(1);
    expect(shown()).toEqual([]);
  });

  it('stays while the pointer rests on it', async () => {
    await act(() => toast.ok('Saved.'));
    const pointer = user();
    await pointer.hover(screen.getByRole('list'));
    await wait(20_000);
    expect(shown()).toEqual(['Saved.']);
    await pointer.unhover(screen.getByRole('list'));
    await wait(7_000);
    expect(shown()).toEqual([]);
  });

  it('leaves five seconds between polite messages and then says the rest together', async () => {
    await act(() => announce('One.'));
    await act(() => announce('Two.'));
    await act(() => announce('Three.'));
    expect(screen.getByRole('status')).toHaveTextContent(/^One\.$/);
    await wait(5_000);
    expect(screen.getByRole('status')).toHaveTextContent(/^Two\. Three\.$/);
  });

  it('shows at most four and lets failures stay longest', async () => {
    await act(() => toast.fail('Failed.'));
    for (const text of ['1', '2', '3', '4']) await act(() => toast.info(text));
    expect(shown()).toEqual(['Failed.', '2', '3', '4']);
  });

  it('leaves no text behind when cleared', async () => {
    await act(() => toast.fail('payment-gateway failed.'));
    await act(() => toast.clear());
    expect(document.body).not.toHaveTextContent('payment-gateway');
  });
});

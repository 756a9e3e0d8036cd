import { act, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import LockingSoon from './LockingSoon.svelte';
import { followPresence } from './presence';
import { openVault, sessionView, startSession } from './testing/made';

const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const start = (vault = true) =>
  startSession(sessionView({ vault: vault ? openVault() : null }), { stay_unlocked: () => null });

describe('the warning before the vault locks', () => {
  it('counts down, is said once, and goes when somebody comes back', async () => {
    const { session, backend } = await start();
    render(LockingSoon, { session });
    expect(screen.queryByText(/Locking in/)).toBeNull();
    await act(() => backend.tell('locking_soon', { seconds: 18 }));
    expect(screen.getByText('Locking in 18 s.')).toBeVisible();
    const said = screen.getByRole('alert').textContent;
    expect(said).toBe('Locking in 18 seconds. Any key or movement keeps it open.');
    await wait(3_000);
    expect(screen.getByText('Locking in 15 s.')).toBeVisible();
    await act(() => backend.tell('locking_soon', { seconds: 14 }));
    expect(screen.getByRole('alert')).toHaveTextContent(said ?? '');
    await act(() => backend.tell('locking_soon', { seconds: null }));
    expect(screen.queryByText(/Locking in/)).toBeNull();
    expect(screen.getByRole('alert')).toHaveTextContent(/^$/);
  });
});

describe('presence', () => {
  const told = (backend: { asked: { name: string }[] }) =>
    backend.asked.filter(({ name }) => name === 'stay_unlocked').length;

  it('is told at most every five seconds, and at once when the vault is about to lock', async () => {
    const { session, backend } = await start();
    const stop = followPresence(session);
    await fireEvent.pointerMove(window);
    await fireEvent.keyDown(window, { key: 'a' });
    expect(told(backend)).toBe(1);
    await wait(5_100);
    await fireEvent.keyDown(window, { key: 'a' });
    expect(told(backend)).toBe(2);
    await wait(1_000);
    backend.tell('locking_soon', { seconds: 20 });
    await fireEvent.pointerMove(window);
    expect(told(backend)).toBe(3);
    stop();
    await wait(10_000);
    await fireEvent.pointerMove(window);
    expect(told(backend)).toBe(3);
  });

  it('is nobody\u2019s business while no vault is open', async () => {
    const { session, backend } = await start(false);
    const stop = followPresence(session);
    await fireEvent.pointerMove(window);
    expect(told(backend)).toBe(0);
    stop();
  });
});

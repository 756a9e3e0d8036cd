import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SandboxFaults, SandboxView } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import Banners from '$lib/features/frame/Banners.svelte';
import { openVault, refuse, sessionView, startSession } from '$lib/features/vault/testing/made';
import Demo from './Demo.svelte';
import { WELL } from './faults';

const sandbox = (part: Partial<SandboxView> = {}): SandboxView => ({
  address: 'http://127.0.0.1:4810',
  faults: WELL,
  limitedUntil: null,
  consumers: [
    { name: 'shop', uses: 'payment-gateway' },
    { name: 'mailer', uses: 'mail-relay' },
  ],
  lessons: [
    { lesson: 'copy', done: false, credential: 'c1', run: null },
    { lesson: 'dryRun', done: false, credential: 'c1', run: null },
    { lesson: 'rotate', done: true, credential: 'c1', run: null },
    { lesson: 'failAndUndo', done: false, credential: 'c2', run: null },
    { lesson: 'mend', done: false, credential: null, run: 'r1' },
    { lesson: 'orphans', done: false, credential: null, run: null },
  ],
  ...part,
});

/** A sandbox that keeps what it is told. */
async function start(first: SandboxView = sandbox(), answers: Answers = {}) {
  let view = first;
  const vault = openVault({ demo: true });
  const { session, backend } = await startSession(sessionView({ vault }), {
    read_sandbox: () => view,
    set_sandbox: (faults) => (view = { ...view, faults }),
    ...answers,
  });
  const on = { onopen: vi.fn(), oncredential: vi.fn(), onrun: vi.fn() };
  render(Demo, { session, ...on });
  const told = () => backend.asked.filter(({ name }) => name === 'set_sandbox');
  return {
    backend,
    user: userEvent.setup(),
    becomes: (part: Partial<SandboxView>) => (view = sandbox(part)),
    last: () => told().at(-1)?.input as SandboxFaults,
    ...on,
  };
}

async function openPanel(user: ReturnType<typeof userEvent.setup>) {
  await user.click(screen.getByRole('button', { name: /^Let the sandbox fail/ }));
  return within(await screen.findByRole('dialog', { name: 'Let the sandbox fail' }));
}

afterEach(() => vi.useRealTimers());

describe('what there is to try', () => {
  it('is ticked when it was done, and only then', async () => {
    const { backend, becomes } = await start();
    const list = within(await screen.findByRole('region', { name: 'What to try' }));
    const ticked = () =>
      list.getAllByRole('button', { name: /, done$/ }).map(({ textContent }) => textContent.trim());
    expect(ticked()).toEqual(['Rotate a key, done']);
    await expectNoViolations();
    const { lessons } = sandbox();
    becomes({ lessons: lessons.map((it) => (it.lesson === 'copy' ? { ...it, done: true } : it)) });
    backend.tell('inventory_changed', null);
    await waitFor(() => expect(ticked()).toEqual(['Copy a value, done', 'Rotate a key, done']));
    becomes({ lessons: lessons.map((it) => ({ ...it, done: true })) });
    backend.tell('runs_changed', null);
    await screen.findByText('You tried it all');
  });

  it('leads to the place, and says how', async () => {
    const { user, onopen, oncredential, onrun } = await start();
    await user.click(await screen.findByRole('button', { name: 'Copy a value' }));
    expect(oncredential).toHaveBeenLastCalledWith('c1');
    expect(screen.getByText(/^Copy the secret of search-index/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Let one fail' }));
    expect(oncredential).toHaveBeenLastCalledWith('c2');
    expect(screen.queryByText(/^Copy the secret of search-index/)).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Help one that stopped' }));
    expect(onrun).toHaveBeenCalledWith('r1');
    await user.click(screen.getByRole('button', { name: 'Delete a lost key' }));
    expect(onopen).toHaveBeenCalledWith('issuers');
  });

  it('can be hidden, and is found again', async () => {
    const { user } = await start();
    await user.click(await screen.findByRole('button', { name: 'Hide what to try' }));
    expect(screen.queryByRole('region', { name: 'What to try' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'What to try (1 of 6)' }));
    expect(screen.getByRole('region', { name: 'What to try' })).toBeVisible();
  });

  it('is nowhere in a vault that is none of a demo', async () => {
    const vault = openVault();
    const { session, backend } = await startSession(sessionView({ vault }));
    const on = { onopen: vi.fn(), oncredential: vi.fn(), onrun: vi.fn() };
    render(Banners, { session, vault, current: 'inventory', ...on });
    await new Promise((resolve) => setTimeout(resolve));
    expect(document.body.textContent.trim()).toBe('');
    expect(backend.asked.map(({ name }) => name)).toEqual(['read_session']);
  });
});

describe('the faults of the sandbox', () => {
  it('are the five, each with what it does and what one will see', async () => {
    const { user } = await start();
    const panel = await openPanel(user);
    const names = (await panel.findAllByRole('switch')).map((it) => it.getAttribute('aria-label'));
    expect(names).toEqual([
      'Reject the new key',
      'A consumer fails',
      'Rate limit, 60 seconds',
      'Slow revocation, 20 seconds',
      'Offline',
    ]);
    expect(panel.getAllByText('You will see:')).toHaveLength(5);
    const off = panel.getByRole('button', { name: 'Turn all off' });
    expect(off).toHaveAttribute('aria-disabled', 'true');
    await expectNoViolations();
  });

  it('are in force at once, beside each other, and are all turned off together', async () => {
    const { user, last } = await start();
    const panel = await openPanel(user);
    await user.click(await panel.findByRole('switch', { name: 'Reject the new key' }));
    expect(last()).toEqual({ ...WELL, rejectNew: true });
    await user.click(panel.getByRole('switch', { name: 'Offline' }));
    expect(last()).toEqual({ ...WELL, rejectNew: true, offline: true });
    expect(screen.getByText(/\(2 on\)/)).toBeInTheDocument();
    await user.click(panel.getByRole('switch', { name: 'Reject the new key' }));
    expect(last()).toEqual({ ...WELL, offline: true });
    await user.click(panel.getByRole('button', { name: 'Turn all off' }));
    expect(last()).toEqual(WELL);
    expect(panel.getByRole('switch', { name: 'Offline' })).not.toBeChecked();
  });

  it('have the consumer fail that was chosen', async () => {
    const { user, last } = await start();
    const panel = await openPanel(user);
    await user.click(await panel.findByRole('switch', { name: 'A consumer fails' }));
    expect(last().failing).toBe('shop');
    await user.selectOptions(
      panel.getByLabelText('Which consumer'),
      'mailer, which uses mail-relay',
    );
    expect(last().failing).toBe('mailer');
    await user.click(panel.getByRole('switch', { name: 'A consumer fails' }));
    expect(last().failing).toBeNull();
    // It stays chosen for the next time.
    await user.click(panel.getByRole('switch', { name: 'A consumer fails' }));
    expect(last().failing).toBe('mailer');
  });

  it('count down a rate limit, and turn its switch when it is over', async () => {
    vi.useFakeTimers({ now: 1_000_000, shouldAdvanceTime: true });
    const limited = { faults: { ...WELL, rateLimit: true }, limitedUntil: 1_042_000 };
    const { user, becomes } = await start(sandbox(limited));
    const panel = await openPanel(user);
    expect(await panel.findByRole('timer')).toHaveTextContent(/^Another 0:4[12]$/);
    becomes({});
    await vi.advanceTimersByTimeAsync(43_000);
    await waitFor(() => expect(panel.queryByRole('timer')).toBeNull());
    expect(panel.getByRole('switch', { name: 'Rate limit, 60 seconds' })).not.toBeChecked();
  });

  it('say in three lines why they cannot be turned on', async () => {
    const { user } = await start(sandbox(), { set_sandbox: refuse('internal') });
    const panel = await openPanel(user);
    await user.click(await panel.findByRole('switch', { name: 'Offline' }));
    expect(await panel.findByText('What happened')).toBeVisible();
    expect(panel.getByRole('switch', { name: 'Offline' })).not.toBeChecked();
  });
});

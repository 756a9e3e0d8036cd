import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { OpenVault, OrphanView, RunsView } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { messages } from '$lib/design/toast.svelte';
import {
  openVault,
  refuse,
  sessionView,
  slow,
  startSession,
} from '$lib/features/vault/testing/made';
import Runs from './Runs.svelte';
import { BEGUN, REFUSED, runRow } from './testing/made';

const ORPHAN: OrphanView = {
  account: 'a1',
  accountName: 'Payments',
  mark: 'keyturn-7f3a',
  key: 'key_lost',
  run: 'r4',
  since: BEGUN,
};
const SOME: RunsView = {
  runs: [
    runRow({ id: 'r1', credentialName: 'done-one', status: 'done', step: { is: 'confirm' } }),
    runRow({ id: 'r2', credentialName: 'waiting-one', status: 'waiting' }),
    runRow({ id: 'r3', credentialName: 'stopped-one', status: 'needsAttention', trouble: REFUSED }),
    runRow({ id: 'r5', credentialName: 'undone-one', status: 'undone', needsSomebody: true }),
    runRow({ id: 'r6', credentialName: 'heeded-one', status: 'undone' }),
  ],
  orphans: [ORPHAN],
  paused: null,
};

async function start(view: RunsView, answers: Answers = {}, vault: OpenVault = openVault()) {
  const { session, backend } = await startSession(sessionView({ vault }), {
    list_runs: () => view,
    ...answers,
  });
  const on = { onrun: vi.fn(), onbegin: vi.fn() };
  render(Runs, { session, vault, ...on });
  return { backend, user: userEvent.setup(), ...on };
}

afterEach(() => messages.clear());

describe('the rotations', () => {
  it('are grouped by what they need, and open', async () => {
    const { user, onrun } = await start(SOME);
    await screen.findByRole('heading', { name: 'Needs attention' });
    const titles = screen.getAllByRole('heading', { level: 2 }).map((title) => title.textContent);
    expect(titles).toEqual(['Needs attention', 'Under way', 'History', 'Keys that nobody uses']);
    const attention = within(screen.getByRole('list', { name: 'Needs attention' }));
    await expectNoViolations();
    expect(attention.getAllByRole('listitem')).toHaveLength(2);
    expect(attention.getByRole('button', { name: /^undone-one Undone/ })).toBeVisible();
    await user.click(attention.getByRole('button', { name: /^stopped-one Needs attention/ }));
    expect(onrun).toHaveBeenCalledWith('r3');
  });

  it('are read again when something changes', async () => {
    let view: RunsView = { runs: [], orphans: [], paused: null };
    const { backend } = await start(view, { list_runs: () => view });
    await screen.findByRole('heading', { name: 'No rotation yet' });
    view = SOME;
    backend.tell('runs_changed', null);
    expect(await screen.findByRole('heading', { name: 'History' })).toBeVisible();
  });

  it('explain themselves while there is none, with where to begin', async () => {
    const { user, onbegin } = await start({ runs: [], orphans: [], paused: null });
    await screen.findByRole('heading', { name: 'No rotation yet' });
    await expectNoViolations();
    await user.click(screen.getByRole('button', { name: 'Choose a credential' }));
    expect(onbegin).toHaveBeenCalledOnce();
  });

  it('are a skeleton while they are read, and say why they cannot be', async () => {
    const work = slow<RunsView>();
    let broken = true;
    const { user } = await start(SOME, {
      list_runs: async () => {
        await work.promise;
        return broken ? refuse('vault.unreadable', { file: '/v', reason: 'gone' })() : SOME;
      },
    });
    expect(screen.getByRole('status')).toHaveTextContent('Loading');
    work.end(SOME);
    await screen.findByRole('region', { name: 'Vault not readable' });
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('heading', { name: 'History' })).toBeVisible();
  });

  it('show the first fifty that ended, and all when asked', async () => {
    const runs = Array.from({ length: 60 }, (_, index) =>
      runRow({ id: `d${index}`, status: 'done', step: { is: 'confirm' } }),
    );
    const { user } = await start({ runs, orphans: [], paused: null });
    const list = await screen.findByRole('list', { name: 'History' });
    expect(within(list).getAllByRole('listitem')).toHaveLength(50);
    expect(screen.getByText('60 rotations')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Show all 60' }));
    expect(within(list).getAllByRole('listitem')).toHaveLength(60);
  });
});

describe('automatic rotation', () => {
  const PAUSE = { since: BEGUN, by: 'Ana' };

  it('is paused and resumed for the whole vault, and says what still happens', async () => {
    const { backend, user } = await start(SOME, {
      pause_automatic: ({ paused }) => (paused ? PAUSE : null),
    });
    await user.click(await screen.findByRole('button', { name: 'Pause automatic rotation' }));
    const note = await screen.findByRole('note');
    expect(note).toHaveTextContent(/paused for the whole vault: 16 Nov.*14:01, by Ana\./);
    expect(note).toHaveTextContent(/Rotations under way go on, and you can rotate by hand\./);
    await expectNoViolations();
    await user.click(screen.getByRole('button', { name: 'Resume automatic rotation' }));
    await waitFor(() => expect(screen.queryByRole('note')).toBeNull());
    expect(backend.asked.filter(({ name }) => name === 'pause_automatic')).toMatchObject([
      { input: { paused: true } },
      { input: { paused: false } },
    ]);
  });

  it('stays as it is when that cannot be kept, which is said', async () => {
    const refused = refuse('vault.unwritable', { file: '/v', reason: 'full' });
    const { user } = await start({ ...SOME, paused: PAUSE }, { pause_automatic: refused });
    await user.click(await screen.findByRole('button', { name: 'Resume automatic rotation' }));
    await waitFor(() => expect(messages.visible.at(-1)?.tone).toBe('fail'));
    expect(screen.getByRole('note')).toBeVisible();
  });

  it('can be resumed though no rotation was ever made, and is not offered before', async () => {
    const none: RunsView = { runs: [], orphans: [], paused: PAUSE };
    const { user } = await start(none, { pause_automatic: () => null });
    await user.click(await screen.findByRole('button', { name: 'Resume automatic rotation' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: /automatic/ })).toBeNull());
  });

  it('is left alone by a role that does not rotate, which is said', async () => {
    await start(SOME, {}, openVault({ role: 'reader', may: ['see'] }));
    const button = await screen.findByRole('button', { name: 'Pause automatic rotation' });
    expect(button).toHaveAccessibleDescription(/^Your role, Reader/);
  });
});

describe('a key that nobody uses', () => {
  const remove = () => screen.findByRole('button', { name: 'Delete key_lost at the issuer' });

  it('is deleted at the issuer after a question', async () => {
    const { backend, user } = await start(SOME, {
      remove_orphan: () => ({ runs: [], orphans: [], paused: null }),
    });
    await user.click(await remove());
    const question = await screen.findByRole('alertdialog');
    await user.click(within(question).getByRole('button', { name: 'Delete key' }));
    await waitFor(() =>
      expect(screen.queryByRole('heading', { name: 'Keys that nobody uses' })).toBeNull(),
    );
    expect(backend.asked.find(({ name }) => name === 'remove_orphan')?.input).toEqual({
      account: 'a1',
      mark: 'keyturn-7f3a',
    });
    expect(screen.getByRole('heading', { name: 'History' })).toBeVisible();
  });

  it('stays when nothing proves that it is ours, which is said', async () => {
    const { user } = await start(SOME, { remove_orphan: refuse('orphan.kept') });
    await user.click(await remove());
    await user.click(await screen.findByRole('button', { name: 'Delete key' }));
    await waitFor(() => expect(messages.visible.at(-1)?.tone).toBe('fail'));
    expect(await remove()).toBeVisible();
  });

  it('is left alone by a role that does not rotate, which is said', async () => {
    await start(SOME, {}, openVault({ role: 'reader', may: ['see'] }));
    expect(await remove()).toHaveAccessibleDescription(/^Your role, Reader/);
  });
});

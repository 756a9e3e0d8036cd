import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { OpenVault } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { messages } from '$lib/design/toast.svelte';
import { Taking } from '$lib/features/credential/taking.svelte';
import { credentialView } from '$lib/features/credential/testing/made';
import { openVault, sessionView, startSession } from '$lib/features/vault/testing/made';
import Run from './Run.svelte';
import { runView, stepsAt, stoppedRun } from './testing/made';

const ANSWER = '{"data":{"secret":"sk_new"}}';
const SHOWN_MS = 30_000;

async function start(answers: Answers = {}, vault: OpenVault = openVault()) {
  const run = stoppedRun({
    next: 'lookAtIssuer',
    steps: stepsAt(1, 'stopped'),
    row: { trouble: { what: 'unreadable' } },
  });
  const { session, backend } = await startSession(sessionView({ vault }), {
    read_run: () => run,
    read_credential: () => credentialView(),
    reveal_answer: () => ({ value: ANSWER, until: Date.now() + SHOWN_MS, cut: false }),
    ...answers,
  });
  const on = { onback: vi.fn(), onopen: vi.fn(), onrun: vi.fn() };
  render(Run, { session, vault, taking: new Taking(session), id: 'r1', ...on });
  const region = within(await screen.findByRole('region', { name: 'The kept answer' }));
  const inputs = (name: string) =>
    backend.asked.filter((asked) => asked.name === name).map(({ input }) => input);
  const user = userEvent.setup();
  const reveal = async () => {
    await fireEvent.click(region.getByRole('button', { name: 'Reveal Answer' }));
    return region.findByText(ANSWER);
  };
  return { region, inputs, user, reveal };
}

afterEach(() => {
  messages.clear();
  vi.useRealTimers();
});

describe('an answer in which no value was found', () => {
  it('is shown when it is asked for, and hidden again after its time', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { inputs, reveal } = await start();
    expect(document.body.innerHTML).not.toContain('sk_new');
    expect(inputs('reveal_answer')).toEqual([]);
    expect(await reveal()).toBeVisible();
    expect(inputs('reveal_answer')).toEqual([{ id: 'r1', passphrase: null }]);
    await vi.advanceTimersByTimeAsync(SHOWN_MS + 1000);
    await waitFor(() => expect(document.body.innerHTML).not.toContain('sk_new'));
  });

  it('is hidden when the window loses focus', async () => {
    const { reveal } = await start();
    await reveal();
    await expectNoViolations();
    await fireEvent.blur(window);
    await waitFor(() => expect(document.body.innerHTML).not.toContain('sk_new'));
  });

  it('says that it was longer than what is kept', async () => {
    const { region, reveal } = await start({
      reveal_answer: () => ({ value: ANSWER, until: Date.now() + SHOWN_MS, cut: true }),
    });
    expect(region.queryByText(/was longer/)).toBeNull();
    await reveal();
    expect(region.getByText(/The answer was longer/)).toBeVisible();
  });

  it('is copied outside the page', async () => {
    const { region, inputs, user } = await start({
      copy_answer: () => ({ name: 'payment-gateway', until: Date.now() + SHOWN_MS }),
    });
    await user.click(region.getByRole('button', { name: 'Copy Answer' }));
    expect(inputs('copy_answer')).toEqual([{ id: 'r1', passphrase: null }]);
    expect(document.body.innerHTML).not.toContain('sk_new');
  });

  it('lets the value that stands in it be handed in', async () => {
    const { region, inputs, user } = await start({ paste_value: () => runView({ revision: 8 }) });
    await user.type(await region.findByLabelText('New secret'), 'sk_new');
    await user.click(region.getByRole('button', { name: 'Hand in and continue' }));
    await waitFor(() =>
      expect(inputs('paste_value')).toEqual([
        { id: 'r1', seen: 7, key: '', fields: {}, secrets: { secret: 'sk_new' } },
      ]),
    );
    await waitFor(() => expect(screen.queryByRole('region', { name: /kept answer/ })).toBeNull());
  });

  it('is not taken by a role that uses no secrets, which is said', async () => {
    const vault = openVault({ role: 'auditor', may: ['see', 'audit'] });
    const { region } = await start({}, vault);
    for (const name of ['Reveal Answer', 'Copy Answer'])
      expect(region.getByRole('button', { name })).toHaveAttribute('aria-disabled', 'true');
  });
});

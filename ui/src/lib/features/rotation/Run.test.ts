import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { OpenVault, RunView } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { messages } from '$lib/design/toast.svelte';
import { Taking } from '$lib/features/credential/taking.svelte';
import { credentialView } from '$lib/features/credential/testing/made';
import { hit, radius } from '$lib/features/impact/testing/made';
import {
  openVault,
  refuse,
  sessionView,
  slow,
  startSession,
} from '$lib/features/vault/testing/made';
import Run from './Run.svelte';
import {
  accountView,
  BEGUN,
  bindingView,
  consumer,
  planView,
  rotationView,
  runView,
  stepsAt,
  stoppedRun,
  undoneRun,
} from './testing/made';

async function start(run: RunView, answers: Answers = {}, vault: OpenVault = openVault()) {
  const { session, backend } = await startSession(sessionView({ vault }), {
    read_run: () => run,
    read_credential: () => credentialView(),
    read_radius: () => radius(),
    ...answers,
  });
  const on = { onback: vi.fn(), onopen: vi.fn(), onrun: vi.fn() };
  render(Run, { session, vault, taking: new Taking(session), id: 'r1', ...on });
  const inputs = (name: string) =>
    backend.asked.filter((asked) => asked.name === name).map(({ input }) => input);
  return { backend, user: userEvent.setup(), inputs, ...on };
}

const steps = () => screen.findByRole('list', { name: 'Steps' });
const current = async () =>
  within(await steps())
    .getAllByRole('listitem')
    .find((item) => item.getAttribute('aria-current') === 'step');
const rightNow = () => screen.findByRole('region', { name: 'Right now' });

afterEach(() => {
  messages.clear();
  vi.useRealTimers();
});

describe('a run', () => {
  it('tells its steps, who has the value, and what is true right now', async () => {
    await start(runView());
    const step = await current();
    expect(step).toHaveTextContent(/4 Deliver to 3 consumers, running/);
    const consumers = within(step as HTMLElement).getAllByRole('listitem');
    expect(consumers.map((item) => item.textContent.replace(/\s+/g, ' ').trim())).toEqual([
      'web-app Well',
      'mobile-backend Restarting',
      'batch Picks it up with its next job',
    ]);
    expect(await rightNow()).toHaveTextContent(
      'Both keys work. mobile-backend is restarting. Undo is possible until step 7.',
    );
    expect(screen.getByText('Rotating 4/8')).toBeVisible();
    await expectNoViolations();
  });

  it('draws the line after which nothing can be undone before that step', async () => {
    await start(runView());
    const items = [...(await steps()).children].map((item) => item.textContent);
    expect(items[6]).toMatch(/Undo is possible up to here/);
    expect(items[7]).toMatch(/Revoke the old key, to come.*No undo from here on/s);
  });

  it('is read again with every change, once at a time', async () => {
    const works = [slow<RunView>(), slow<RunView>()];
    let asked = 0;
    const { backend, inputs } = await start(runView(), {
      read_run: () => works[asked++]?.promise ?? runView(),
    });
    backend.tell('runs_changed', null);
    backend.tell('runs_changed', null);
    expect(inputs('read_run')).toHaveLength(1);
    works[0]?.end(runView());
    await waitFor(() => expect(inputs('read_run')).toHaveLength(2));
    works[1]?.end(runView({ revision: 8, steps: stepsAt(4) }));
    await waitFor(async () => expect(await current()).toHaveTextContent(/Make it the current one/));
    expect(inputs('read_run')).toHaveLength(2);
  });

  it('says that it is gone, with a way back', async () => {
    const { user, onback } = await start(runView(), { read_run: refuse('rotation.gone') });
    await screen.findByRole('heading', { name: 'This rotation is gone' });
    await user.click(screen.getByRole('button', { name: 'Back to the rotations' }));
    expect(onback).toHaveBeenCalledOnce();
  });

  it('counts down to its next try and says what failed', async () => {
    vi.useFakeTimers({ now: BEGUN + 40_000, shouldAdvanceTime: true });
    await start(
      runView({
        steps: stepsAt(1),
        waitsUntil: BEGUN + 80_000,
        attempt: 2,
        row: {
          status: 'waiting',
          step: { is: 'create' },
          trouble: { what: 'issuer', why: 'busy' as never },
        },
      }),
    );
    const step = await current();
    expect(step).toHaveTextContent(/The issuer takes no more requests for now/);
    expect(step).toHaveTextContent(/Tries again in 0:(40|39) \(tried 2 times\)/);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(step).toHaveTextContent(/Tries again in 0:(30|29)/);
  });
});

describe('what is asked of a run', () => {
  it('names the state that was seen', async () => {
    const { user, inputs } = await start(runView(), {
      ask_run: () => runView({ revision: 8, row: { status: 'paused' } }),
    });
    await user.click(await screen.findByRole('button', { name: 'Pause' }));
    expect(await screen.findByRole('button', { name: 'Resume' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Stop and undo' }));
    expect(inputs('ask_run')).toEqual([
      { id: 'r1', wish: 'pause', seen: 7 },
      { id: 'r1', wish: 'undo', seen: 8 },
    ]);
  });

  it('is not replaced by what was read before it', async () => {
    const late = slow<RunView>();
    let first = true;
    const { backend, user } = await start(runView(), {
      read_run: () => {
        if (!first) return late.promise;
        first = false;
        return runView();
      },
      ask_run: () => runView({ revision: 9, row: { status: 'paused' } }),
    });
    const pause = await screen.findByRole('button', { name: 'Pause' });
    backend.tell('runs_changed', null);
    await user.click(pause);
    await screen.findByRole('button', { name: 'Resume' });
    late.end(runView({ revision: 8 }));
    await late.promise;
    await waitFor(() => expect(screen.getByRole('button', { name: 'Resume' })).toBeVisible());
    expect(screen.queryByRole('button', { name: 'Pause' })).toBeNull();
  });

  it('cannot be undone when that is over, which is said', async () => {
    await start(runView({ steps: stepsAt(7), canUndo: false, rightNow: 'new' }));
    const undo = await screen.findByRole('button', { name: 'Stop and undo' });
    expect(undo).toHaveAccessibleDescription(/cannot be undone any more/);
    expect(await rightNow()).toHaveTextContent(/Rotate again instead/);
  });

  it('can be told that a consumer was seen to by hand', async () => {
    const waiting = consumer({
      binding: 'b3',
      name: 'batch',
      place: { is: 'sent', side: 'new' },
      reload: 'manual',
      waitsForWord: true,
    });
    const { user, inputs } = await start(runView({ consumers: [consumer(), waiting] }), {
      ask_run: () => runView({ revision: 8 }),
    });
    await user.click(await screen.findByRole('button', { name: 'It was done: batch' }));
    expect(inputs('ask_run')).toEqual([
      { id: 'r1', wish: { takenUp: { binding: 'b3' } }, seen: 7 },
    ]);
    await waitFor(() => expect(screen.queryByRole('button', { name: /^It was done/ })).toBeNull());
  });

  it('needs a role that rotates, which is said', async () => {
    await start(stoppedRun(), {}, openVault({ role: 'reader', may: ['see'] }));
    const again = await screen.findByRole('button', { name: 'Try again' });
    expect(again).toHaveAccessibleDescription(/^Your role, Reader/);
  });
});

describe('a run that needs somebody', () => {
  it('says what happened, what is lost and what next, with what usually helps inside the step', async () => {
    const { user, inputs } = await start(stoppedRun(), {
      ask_run: () => runView({ revision: 8 }),
    });
    const block = await screen.findByRole('region', { name: 'Stopped at step 4' });
    expect(block).toHaveTextContent(/mobile-backend is not well with the value that it got/);
    expect(block).toHaveTextContent(/No\. Both keys work\./);
    expect(await current()).toHaveTextContent(/mobile-backend Failed, tried 3 times/);
    expect(await current()).toHaveTextContent(/Likely cause 401, value correct/);
    await expectNoViolations();
    await user.click(within(block).getByRole('button', { name: 'Try again' }));
    expect(inputs('ask_run')).toEqual([{ id: 'r1', wish: 'retry', seen: 7 }]);
    await waitFor(() => expect(screen.queryByRole('region', { name: /^Stopped/ })).toBeNull());
  });

  it.each([
    ['lookAtIssuer', 'I looked, continue', 'continue'],
    ['undo', 'Undo', 'undo'],
    ['goOn', 'Go on with the new key', 'continue'],
  ] as const)('offers %s as the one safe action', async (next, name, wish) => {
    const { user, inputs } = await start(stoppedRun({ next }), { ask_run: () => runView() });
    await user.click(await screen.findByRole('button', { name }));
    expect(inputs('ask_run')).toEqual([{ id: 'r1', wish, seen: 7 }]);
  });

  it('asks before a key goes that is still used', async () => {
    const { user, inputs } = await start(
      stoppedRun({ canUndo: false, row: { trouble: { what: 'stillUsed' } } }),
      { ask_run: () => runView(), read_radius: () => radius({ consumers: [hit()] }) },
    );
    await user.click(await screen.findByRole('button', { name: 'Revoke anyway…' }));
    expect(inputs('ask_run')).toEqual([]);
    const question = await screen.findByRole('alertdialog');
    await waitFor(() => expect(question).toHaveTextContent(/web-app\s*Has the new value/));
    await user.click(within(question).getByRole('button', { name: 'Revoke key' }));
    expect(inputs('ask_run')).toEqual([{ id: 'r1', wish: 'continue', seen: 7 }]);
  });

  it('that was undone is begun anew by its plan', async () => {
    const { user, onrun } = await start(
      stoppedRun({ next: 'beginAnew', canUndo: false, row: { status: 'undone', undoing: true } }),
      {
        plan_rotation: () => planView(),
        begin_rotation: () => runView({ row: { id: 'r2' } }),
      },
    );
    expect(await rightNow()).toHaveTextContent(/as before/);
    await user.click(screen.getByRole('button', { name: 'Rotate again…' }));
    await screen.findByRole('heading', { name: 'Checks' });
    await user.click(screen.getByRole('button', { name: 'Rotate now' }));
    await waitFor(() => expect(onrun).toHaveBeenCalledWith('r2'));
  });
});

describe('what only a person can do', () => {
  const byHand = {
    who: '',
    console: 'https://console.example/keys',
    steps: ['Make a key.'],
    pastes: true,
    vouches: false,
    consumer: null,
  };
  const waits = (part: Partial<RunView> = {}) =>
    stoppedRun({ next: 'doByHand', steps: stepsAt(1, 'stopped'), byHand, ...part });

  it('is handed in as the secret that the credential is about, and kept nowhere', async () => {
    const { user, inputs } = await start(waits(), { paste_value: () => runView({ revision: 8 }) });
    const hand = await screen.findByRole('button', { name: 'Hand in and continue' });
    await user.click(hand);
    expect(await screen.findByLabelText('New secret')).toBeInvalid();
    await expectNoViolations();
    await user.type(screen.getByLabelText('New secret'), 'sk_new');
    await user.type(screen.getByLabelText('Key ID'), 'key_77');
    await user.click(hand);
    await waitFor(() => expect(screen.queryByLabelText('New secret')).toBeNull());
    expect(inputs('paste_value')).toEqual([
      { id: 'r1', seen: 7, key: 'key_77', fields: {}, secrets: { secret: 'sk_new' } },
    ]);
    expect(document.body.innerHTML).not.toContain('sk_new');
  });

  it('is handed in with its chain where it is a certificate; what is wrong is said at its field', async () => {
    let refusals = 1;
    const { user, inputs } = await start(waits(), {
      read_credential: () => credentialView({ row: { kind: 'certificate' } }),
      paste_value: (input) =>
        refusals-- > 0
          ? refuse('credential.refused', { what: 'chain, privateKey' })()
          : runView({ revision: input.seen + 1 }),
    });
    await user.type(await screen.findByLabelText('New private key'), 'key');
    await user.type(screen.getByLabelText('New certificate and chain'), 'chain');
    await user.click(screen.getByRole('button', { name: 'Hand in and continue' }));
    await waitFor(() => expect(screen.getByLabelText('New private key')).toBeInvalid());
    expect(screen.getByLabelText('New certificate and chain')).toBeInvalid();
    expect(screen.getByLabelText('New private key')).toHaveValue('key');
    await expectNoViolations();
    await user.click(screen.getByRole('button', { name: 'Hand in and continue' }));
    await waitFor(() => expect(inputs('paste_value')).toHaveLength(2));
    expect(inputs('paste_value')[1]).toMatchObject({ key: '', fields: { chain: 'chain' } });
  });

  it('is told to bring the new value to a consumer, which is copied outside the page', async () => {
    const { user, inputs } = await start(
      waits({ byHand: { ...byHand, console: '', pastes: false, who: 'Ben', consumer: 'kiosk' } }),
      {
        copy_value: () => ({ name: 'payment-gateway', until: null }),
        ask_run: () => runView({ revision: 8 }),
      },
    );
    expect(await screen.findByText('Ben has to bring the new value to kiosk.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Copy the new value' }));
    expect(inputs('copy_value')).toEqual([{ id: 'c1', number: 3, field: null, passphrase: null }]);
    await user.click(screen.getByRole('button', { name: 'Done, continue' }));
    expect(inputs('ask_run')).toEqual([{ id: 'r1', wish: 'continue', seen: 7 }]);
  });
});

describe('a new key that nothing can try', () => {
  const vouches = {
    who: '',
    console: 'https://console.example/keys',
    steps: [],
    pastes: false,
    vouches: true,
    consumer: null,
  };
  const asks = () =>
    stoppedRun({
      next: 'doByHand',
      byHand: vouches,
      canUndo: true,
      row: { trouble: { what: 'unproven' }, step: { is: 'revoke' } },
    });

  it('is said to work by a person before the old one is revoked', async () => {
    const { user, inputs } = await start(asks(), { ask_run: () => runView({ revision: 8 }) });
    expect(
      await screen.findByText(/^Does the new key work\? Nothing here can tell\./),
    ).toBeVisible();
    expect(screen.getByRole('button', { name: 'Copy the new value' })).toBeVisible();
    await expectNoViolations();
    await user.click(screen.getByRole('button', { name: 'It works, continue' }));
    expect(inputs('ask_run')).toEqual([{ id: 'r1', wish: 'continue', seen: 7 }]);
  });

  it('is undone when it does not work', async () => {
    const { user, inputs } = await start(asks(), { ask_run: () => runView({ revision: 8 }) });
    await user.click(await screen.findByRole('button', { name: 'It does not: undo' }));
    expect(inputs('ask_run')).toEqual([{ id: 'r1', wish: 'undo', seen: 7 }]);
  });

  it('says afterwards on whose word the old one was revoked', async () => {
    const said = { at: 1, action: 'rotation.said_to_work', note: 'Ana' };
    await start(runView({ proves: false, log: [said] }));
    expect(await screen.findByText(/^Ana said that the new key works/)).toBeVisible();
    expect(screen.getByText('Said that the new key works: Ana')).toBeInTheDocument();
  });
});

describe('the hint of a run that stopped', () => {
  const AROUND: Answers = {
    read_rotation: () => rotationView({ bindings: [bindingView({ id: 'b2' })] }),
    list_accounts: () => ({
      accounts: [accountView({ needs: ['GRANT app TO keyturn;'] })],
      presets: [],
      usualAtOnce: {},
      faults: [],
      saved: null,
    }),
    list_consumers: () => ({ consumers: [], unread: [], saved: null }),
  };
  const stopped = (trouble: object, part: Partial<RunView> = {}) =>
    stoppedRun({ ...part, row: { trouble: trouble as never } });
  const button = (name: string) => screen.findByRole('button', { name });

  it('tests the consumer and says what came of it', async () => {
    const { user, inputs } = await start(stoppedRun(), {
      ...AROUND,
      try_binding: () => ({ works: true, about: '', lacks: [], why: null }),
    });
    await user.click(await button('Test the consumer'));
    expect(await screen.findByText('Works')).toBeVisible();
    expect(inputs('try_binding')).toEqual([{ id: 'b2' }]);
    await expectNoViolations();
  });

  it('opens the delivery whose place is not there', async () => {
    const { user } = await start(stopped({ what: 'consumer', binding: 'b2', why: 'gone' }), AROUND);
    await user.click(await button('Look at the delivery'));
    const sheet = await screen.findByRole('dialog', { name: 'Delivery to web-app' });
    expect(within(sheet).getByLabelText('File')).toHaveValue('/srv/web/.env');
    await expectNoViolations();
  });

  it('says that the delivery was removed meanwhile', async () => {
    const { user } = await start(stopped({ what: 'consumer', binding: 'b2', why: 'gone' }), {
      ...AROUND,
      read_rotation: () => rotationView(),
    });
    await user.click(await button('Look at the delivery'));
    await waitFor(() => expect(messages.visible.at(-1)?.text).toMatch(/was removed meanwhile/));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('opens the issuer account with the permissions that it needs', async () => {
    const { user } = await start(stopped({ what: 'notAllowed' }), AROUND);
    await user.click(await button('Open the issuer account'));
    const sheet = await screen.findByRole('dialog', { name: 'Edit Payments sandbox' });
    expect(within(sheet).getByText('GRANT app TO keyturn;')).toBeVisible();
  });

  it('tests the issuer account that does not answer', async () => {
    const { user, inputs } = await start(stopped({ what: 'issuer', why: 'unknown' }), {
      ...AROUND,
      try_account: () => ({ works: false, about: '', lacks: [], why: 'unknown' as never }),
    });
    await user.click(await button('Test the issuer account'));
    expect(await screen.findByText('Does not work')).toBeVisible();
    expect(inputs('try_account')).toEqual([{ id: 'a1' }]);
  });

  it('looks for keys that nobody uses where there is no room for one more', async () => {
    const { user, inputs } = await start(undoneRun({ what: 'noRoom' }), {
      ...AROUND,
      find_orphans: () => ({ runs: [], orphans: [], paused: null }),
    });
    await user.click(await button('Look for unused keys'));
    expect(await screen.findByText(/^Every key that Keyturn made there is in use/)).toBeVisible();
    expect(inputs('find_orphans')).toEqual([{ id: 'a1' }]);
  });

  it('shows what usually helps in the step that went wrong, also when all was undone by itself', async () => {
    await start(undoneRun({ what: 'newRefused' }, 2), AROUND);
    const steps = await screen.findByRole('list', { name: 'Steps' });
    const [, , verify] = within(steps).getAllByRole('listitem');
    expect(verify).toHaveTextContent(/Verify.*went wrong.*Rejected at once/s);
    expect(within(steps).getAllByText('Likely cause')).toHaveLength(1);
    await expectNoViolations();
  });

  it('says that nothing proves it where the issuer cannot be asked', async () => {
    const done = { status: 'done', step: { is: 'confirm' } } as const;
    await start(runView({ proves: false, steps: stepsAt(8), row: done }));
    expect(
      await screen.findByText(/Nobody can be asked whether the old one is refused/),
    ).toBeVisible();
    expect(screen.getByText('Not proven: this issuer cannot be asked')).toBeVisible();
  });

  it('opens the credential whose old key is refused', async () => {
    const { user, onopen } = await start(stopped({ what: 'oldRefused' }), AROUND);
    await user.click(await button('Open the credential'));
    expect(onopen).toHaveBeenCalledExactlyOnceWith('c1');
  });

  it('says that the issuer account is gone', async () => {
    const { user } = await start(undoneRun({ what: 'notAllowed' }), {
      ...AROUND,
      list_accounts: () => ({
        accounts: [],
        presets: [],
        usualAtOnce: {},
        faults: [],
        saved: null,
      }),
    });
    await user.click(await button('Open the issuer account'));
    await waitFor(() => expect(messages.visible.at(-1)?.text).toMatch(/issuer account is gone/));
  });

  it('adds the consumer that still uses the old key, and never revokes by itself', async () => {
    const { user, inputs } = await start(stopped({ what: 'stillUsed' }), AROUND);
    await user.click(await button('Add the consumer'));
    expect(await screen.findByRole('dialog', { name: 'Add a consumer' })).toBeVisible();
    expect(inputs('ask_run')).toEqual([]);
  });

  it('asks the issuer again only where trying again is what is safe next', async () => {
    const accepted = { what: 'stillAccepted' };
    const { user, inputs } = await start(stopped(accepted), { ask_run: () => runView() });
    await user.click(await button('Ask the issuer again'));
    expect(inputs('ask_run')).toEqual([{ id: 'r1', wish: 'retry', seen: 7 }]);
    cleanup();
    await start(stopped(accepted, { next: 'undo' }));
    await screen.findByText('Likely cause');
    expect(screen.queryByRole('button', { name: 'Ask the issuer again' })).toBeNull();
  });

  it('says why somebody who may not change a delivery cannot open it', async () => {
    const reader = openVault({ may: ['see'] });
    await start(stopped({ what: 'consumer', binding: 'b2', why: 'gone' }), AROUND, reader);
    expect(await button('Look at the delivery')).toHaveAttribute('aria-disabled', 'true');
  });
});

describe('the log of a run', () => {
  it('can be folded, shows errors alone, and is copied whole', async () => {
    const { user } = await start(runView({ consumers: [consumer()] }));
    const log = await screen.findByRole('region', { name: 'Log' });
    const lines = () => within(log).queryAllByRole('listitem');
    expect(lines()).toHaveLength(4);
    expect(lines()[0]).toHaveTextContent('Value sent');
    await user.click(within(log).getByRole('button', { name: 'Errors only' }));
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toHaveTextContent('Did not work, tried again: too much is asked at once');
    await user.click(within(log).getByRole('button', { name: 'Copy' }));
    expect((await navigator.clipboard.readText()).split('\n')).toHaveLength(4);
    await user.click(within(log).getByRole('button', { name: 'Log' }));
    expect(lines()).toHaveLength(0);
  });
});

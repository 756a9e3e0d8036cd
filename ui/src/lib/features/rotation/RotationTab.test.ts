import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AccountView, OpenVault, RotationView } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { messages } from '$lib/design/toast.svelte';
import {
  openVault,
  refuse,
  sessionView,
  startSession,
  userError,
} from '$lib/features/vault/testing/made';
import { wordsOf } from '$lib/words/errors';
import { RotationState } from './rotation.svelte';
import RotationTab from './RotationTab.svelte';
import { accountView, BEGUN, noRotation, postgres, rotationView, runRow } from './testing/made';

const DONE = runRow({ id: 'r5', status: 'done', step: { is: 'confirm' } });

interface Around {
  accounts?: AccountView[];
  answers?: Answers;
  vault?: OpenVault;
}

async function start(
  view: RotationView,
  { accounts = [accountView()], answers = {}, vault = openVault() }: Around = {},
) {
  const { session, backend } = await startSession(sessionView({ vault }), {
    read_rotation: () => view,
    list_accounts: () => ({ accounts, presets: [], usualAtOnce: {}, faults: [], saved: null }),
    list_consumers: () => ({ consumers: [], unread: [], saved: null }),
    ...answers,
  });
  const rotation = new RotationState(session, 'c1');
  const stop = rotation.follow();
  const on = { onrun: vi.fn(), onissuers: vi.fn() };
  render(RotationTab, {
    ...{ session, vault, rotation, id: 'c1', name: 'orders-db', kind: 'databaseLogin' as const },
    ...{ user: 'orders', ...on },
  });
  const inputs = (name: string) =>
    backend.asked.filter((asked) => asked.name === name).map(({ input }) => input);
  return { backend, user: userEvent.setup(), inputs, stop, ...on };
}

const setUp = async (user: ReturnType<typeof userEvent.setup>) => {
  const button = await screen.findByRole('button', { name: 'Set up rotation' });
  await waitFor(() => expect(button).not.toHaveAttribute('aria-disabled'));
  await user.click(button);
  return within(await screen.findByRole('dialog', { name: 'Set up rotation' }));
};

afterEach(() => messages.clear());

describe('a rotation that is not set up', () => {
  it('is explained, and set up by an issuer account with what the policy says', async () => {
    const { user, inputs } = await start(noRotation(), {
      answers: { set_up_rotation: () => rotationView() },
    });
    const sheet = await setUp(user);
    await expectNoViolations();
    expect(sheet.getByLabelText('Grace period')).toHaveDisplayValue('As the policy says (24 h)');
    expect(sheet.queryByRole('radio')).toBeNull();
    await user.click(sheet.getByRole('button', { name: /^Save/ }));
    expect(await screen.findByRole('heading', { name: 'How it is rotated' })).toBeVisible();
    expect(inputs('set_up_rotation')).toEqual([
      {
        credential: 'c1',
        version: 0,
        setup: {
          account: 'a1',
          users: [],
          validDays: null,
          endSessions: false,
          graceS: null,
          atOnce: 4,
          automatic: false,
        },
      },
    ]);
  });

  it('lets two logins of a database take turns', async () => {
    const { user, inputs } = await start(noRotation(), {
      accounts: [postgres()],
      answers: { set_up_rotation: () => rotationView() },
    });
    const sheet = await setUp(user);
    await user.click(sheet.getByRole('radio', { name: 'Two logins in turn' }));
    await user.click(sheet.getByRole('button', { name: /^Save/ }));
    expect(sheet.getByLabelText('Second user')).toBeInvalid();
    expect(sheet.getByLabelText('Second user')).toHaveFocus();
    expect(inputs('set_up_rotation')).toEqual([]);
    await user.type(sheet.getByLabelText('Second user'), 'orders_b');
    await user.click(sheet.getByRole('switch', { name: 'End open sessions' }));
    await user.selectOptions(sheet.getByLabelText('Grace period'), '172800');
    await user.type(sheet.getByLabelText('Valid for days, at the server'), '40');
    await expectNoViolations();
    await user.click(sheet.getByRole('button', { name: /^Save/ }));
    await waitFor(() =>
      expect(inputs('set_up_rotation').at(-1)).toMatchObject({
        setup: {
          account: 'a2',
          users: ['orders', 'orders_b'],
          endSessions: true,
          graceS: 172_800,
          validDays: 40,
        },
      }),
    );
  });

  it('shows at its field what the backend refuses', async () => {
    const { user } = await start(noRotation(), {
      accounts: [postgres()],
      answers: {
        set_up_rotation: () => noRotation({ faults: [{ field: 'validDays', why: 'number' }] }),
      },
    });
    const sheet = await setUp(user);
    await user.type(sheet.getByLabelText('Valid for days, at the server'), '99999');
    await user.click(sheet.getByRole('button', { name: /^Save/ }));
    await waitFor(() => expect(sheet.getByLabelText(/^Valid for days/)).toBeInvalid());
  });

  it('leads to the issuers where there is no account yet', async () => {
    const { user, onissuers } = await start(noRotation(), { accounts: [] });
    await user.click(await screen.findByRole('button', { name: 'Add an issuer account' }));
    expect(onissuers).toHaveBeenCalledOnce();
  });

  it('leads to the issuers where none makes such values', async () => {
    const signing = accountView({
      setup: { is: 'signingSecret', receiver: '', sender: '', events: '', private: false },
    });
    const { user, onissuers } = await start(noRotation(), { accounts: [signing] });
    await user.click(await screen.findByRole('button', { name: 'Add an issuer account' }));
    expect(onissuers).toHaveBeenCalledOnce();
  });

  it('cannot be set up by a role that does not edit, which is said', async () => {
    await start(noRotation(), { vault: openVault({ role: 'rotator', may: ['see', 'rotate'] }) });
    const button = await screen.findByRole('button', { name: 'Set up rotation' });
    expect(button).toHaveAccessibleDescription(/^Your role, Rotator/);
  });
});

describe('a rotation that is set up', () => {
  it('shows how, for whom, and what came of it so far', async () => {
    const { user, onrun } = await start(rotationView({ runs: [DONE] }));
    expect(await screen.findByText('Payments sandbox')).toBeVisible();
    const consumers = screen.getByRole('list', { name: 'Consumers' });
    expect(consumers).toHaveTextContent(/web-app.*\/srv\/web\/\.env.*Restart, about 38 s/s);
    await expectNoViolations();
    const runs = within(screen.getByRole('list', { name: 'Rotations of orders-db' }));
    await user.click(runs.getByRole('button', { name: /Done/ }));
    expect(onrun).toHaveBeenCalledWith('r5');
  });

  it('goes by itself only after it went well by hand', async () => {
    const { inputs } = await start(rotationView({ runs: [runRow({ status: 'undone' })] }));
    const automatic = await screen.findByRole('switch', { name: 'Rotate by itself when due' });
    expect(automatic).toHaveAccessibleDescription(/^Rotate once by hand first/);
    expect(automatic).toHaveAttribute('aria-disabled', 'true');
    expect(inputs('set_up_rotation')).toEqual([]);
  });

  it('says that going by itself is paused for the whole vault', async () => {
    await start(rotationView({ runs: [DONE], paused: { since: BEGUN, by: 'Ana' } }));
    expect(await screen.findByText('Paused for the whole vault; see Rotations.')).toBeVisible();
  });

  it('is switched to go by itself', async () => {
    const view = rotationView({ runs: [DONE] });
    const { user, inputs } = await start(view, {
      answers: {
        set_up_rotation: ({ setup }) => ({ ...view, version: 2, setup }),
      },
    });
    const automatic = await screen.findByRole('switch', { name: 'Rotate by itself when due' });
    await user.click(automatic);
    await waitFor(() => expect(automatic).toBeChecked());
    expect(inputs('set_up_rotation')).toMatchObject([
      { version: 1, setup: { account: 'a1', automatic: true } },
    ]);
  });

  it('tests a consumer and says what came of it', async () => {
    const { user, inputs } = await start(rotationView(), {
      answers: { try_binding: () => ({ works: true, about: '', lacks: [], why: null }) },
    });
    await user.click(await screen.findByRole('button', { name: 'More for web-app' }));
    // By its text: nothing is placed in a page without a layout, so the menu counts as hidden.
    await user.click(await screen.findByText('Test'));
    await waitFor(() => expect(inputs('try_binding')).toEqual([{ id: 'b1' }]));
    expect(await screen.findByText('Works')).toBeVisible();
  });

  it('removes a consumer after a question, and stays when that is refused', async () => {
    let refused = true;
    const { user, inputs } = await start(rotationView(), {
      answers: {
        delete_binding: () =>
          refused ? refuse('setup.inUse')() : { consumers: [], unread: [], saved: null },
      },
    });
    await user.click(await screen.findByRole('button', { name: 'More for web-app' }));
    await user.click(await screen.findByText('Remove'));
    const question = within(await screen.findByRole('alertdialog', { name: 'Remove web-app?' }));
    await user.click(question.getByRole('button', { name: 'Remove consumer' }));
    expect(
      await question.findByRole('region', { name: wordsOf(userError('setup.inUse')).title }),
    ).toBeVisible();
    refused = false;
    await user.click(question.getByRole('button', { name: 'Remove consumer' }));
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(inputs('delete_binding')).toEqual([{ id: 'b1' }, { id: 'b1' }]);
    expect(inputs('read_rotation')).toHaveLength(2);
  });

  it('offers the accounts that fit its kind, and the one that was chosen before', async () => {
    const chosen = accountView({
      name: 'Was once right',
      setup: { is: 'signingSecret', receiver: '', sender: '', events: '', private: false },
    });
    const other = accountView({ ...chosen, id: 'a3', name: 'Never right' });
    const { user } = await start(rotationView(), { accounts: [chosen, postgres(), other] });
    const change = await screen.findByRole('button', { name: 'Change how it is rotated' });
    await waitFor(() => expect(change).not.toHaveAttribute('aria-disabled'));
    await user.click(change);
    const options = within(await screen.findByLabelText('Issuer account')).getAllByRole('option');
    expect(options.map((option) => option.textContent)).toEqual([
      'Was once right · Webhook signing secret',
      'Orders database · PostgreSQL',
    ]);
  });

  it('leads to the issuers when its account is gone and no other fits', async () => {
    const { user, onissuers } = await start(rotationView(), { accounts: [] });
    const change = await screen.findByRole('button', { name: 'Change how it is rotated' });
    await waitFor(() => expect(change).not.toHaveAttribute('aria-disabled'));
    await user.click(change);
    const sheet = within(await screen.findByRole('dialog', { name: 'Set up rotation' }));
    expect(sheet.queryByRole('button', { name: /^Save/ })).toBeNull();
    await expectNoViolations();
    await user.click(sheet.getByRole('button', { name: 'Add an issuer account' }));
    expect(onissuers).toHaveBeenCalledOnce();
  });

  it('adds and edits a consumer in a sheet of its own', async () => {
    const { user } = await start(rotationView());
    await user.click(await screen.findByRole('button', { name: 'Edit web-app' }));
    expect(await screen.findByRole('dialog')).toBeVisible();
  });
});

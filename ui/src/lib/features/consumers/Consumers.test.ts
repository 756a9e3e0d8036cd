import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { ConsumerChange, CredentialView, OpenVault, Sending } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { messages } from '$lib/design/toast.svelte';
import { tried } from '$lib/features/issuers/testing/made';
import {
  openVault,
  refuse,
  sessionView,
  startSession,
  userError,
} from '$lib/features/vault/testing/made';
import Consumers from './Consumers.svelte';
import { binding, consumer, consumersView } from './testing/made';

const WORDS = { environments: ['prod'], owners: ['data'], issuers: [], tags: [] };

async function start(answers: Answers = {}, vault: OpenVault = openVault()) {
  const { session, backend } = await startSession(sessionView({ vault }), {
    list_consumers: () => consumersView(consumer()),
    read_words: () => WORDS,
    read_credential: () =>
      ({ credential: { row: { id: 'c1', kind: 'apiKey' } } }) as unknown as CredentialView,
    ...answers,
  });
  const onopen = vi.fn();
  render(Consumers, { session, vault, onopen, onemergency: vi.fn() });
  const inputs = <T>(name: string) =>
    backend.asked.filter((asked) => asked.name === name).map(({ input }) => input as T);
  return { backend, inputs, onopen, user: userEvent.setup() };
}

const region = (name = 'web-app') => screen.findByRole('region', { name });

describe('consumers', () => {
  it('are listed with what they are, whose, and how a value reaches each', async () => {
    await start({
      list_consumers: () =>
        consumersView(
          consumer({ bindings: [binding({ verified: Date.now() - 2 * 3_600_000 })] }),
          consumer({
            id: 'k2',
            consumer: { ...consumer().consumer, name: 'batch', deployment: 'job' },
            bindings: [],
          }),
        ),
    });
    expect(await region()).toHaveTextContent(
      /Service.*prod.*Owner: payments.*payment-gateway.*\.env file, \/srv\/web\/\.env.*Restart, about 38 s.*Works 2 h ago/,
    );
    expect(await region('batch')).toHaveTextContent(/Job.*It uses nothing yet/);
    await expectNoViolations();
  });

  it('say when a use was last found, and when that is long ago', async () => {
    const day = 24 * 3_600_000;
    await start({
      list_consumers: () =>
        consumersView(
          consumer({
            bindings: [
              binding({ seen: Date.now() - 2 * day }),
              binding({ id: 'b2', credential: 'c2', seen: Date.now() - 41 * day }),
            ],
          }),
        ),
    });
    const rows = within(await region()).getAllByRole('listitem');
    expect(rows[0]).toHaveTextContent(/Found in files 2 d(ays)? ago/);
    expect(rows[1]).toHaveTextContent('Not seen for 41 days');
    await expectNoViolations();
  });

  it('are looked for in files of this computer', async () => {
    const { user } = await start();
    await user.click(await screen.findByRole('button', { name: 'Find uses' }));
    expect(await screen.findByRole('dialog', { name: 'Find uses' })).toBeVisible();
  });

  it('are explained while there is none, and one can be added', async () => {
    const { inputs, user } = await start({
      list_consumers: () => consumersView(),
      save_consumer: () => ({ ...consumersView(consumer()), saved: 'k1' }),
    });
    await user.click(await screen.findByRole('button', { name: 'Add the first consumer' }));
    const sheet = within(await screen.findByRole('dialog', { name: 'New consumer' }));
    await user.click(sheet.getByRole('button', { name: /^Save consumer/ }));
    expect(sheet.getByLabelText('Name')).toHaveAccessibleDescription('Type a name.');
    await expectNoViolations();
    await user.type(sheet.getByLabelText('Name'), ' web-app ');
    await user.selectOptions(sheet.getByLabelText('What it is'), 'Pipeline');
    await user.type(sheet.getByLabelText('Environment'), 'prod');
    await user.click(sheet.getByRole('button', { name: /^Save consumer/ }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(inputs<ConsumerChange>('save_consumer')).toEqual([
      {
        id: null,
        version: 0,
        consumer: {
          name: 'web-app',
          environment: 'prod',
          owner: '',
          deployment: 'pipeline',
          notes: '',
        },
      },
    ]);
    expect(await region()).toBeVisible();
  });

  it('say why they cannot be read, and are read again', async () => {
    let broken = true;
    const { user } = await start({
      list_consumers: () => {
        if (broken) throw userError('vault.unreadable', { file: '/v', reason: 'denied' });
        return consumersView(consumer());
      },
    });
    await screen.findByRole('region', { name: 'Vault not readable' });
    expect(screen.queryByRole('heading', { name: 'No consumer yet' })).toBeNull();
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await region()).toBeVisible();
  });

  it('are read again when something of them changed', async () => {
    let view = consumersView(consumer());
    const { backend } = await start({ list_consumers: () => view });
    await region();
    view = consumersView(consumer({ consumer: { ...consumer().consumer, name: 'shop' } }));
    backend.tell('runs_changed', null);
    expect(await region('shop')).toBeVisible();
  });

  it('cannot be changed or tested with a role that does not allow it, which is said', async () => {
    await start({}, openVault({ role: 'reader', may: ['see'] }));
    await region();
    for (const name of ['Add consumer', 'Edit web-app', 'Edit payment-gateway for web-app']) {
      expect(screen.getByRole('button', { name })).toHaveAccessibleDescription(
        'Your role, Reader, does not change credentials.',
      );
    }
    expect(
      screen.getByRole('button', { name: 'Test payment-gateway for web-app' }),
    ).toHaveAccessibleDescription('Your role, Reader, does not replace secrets.');
  });

  it('are not overwritten unseen when somebody else changed one', async () => {
    let view = consumersView(consumer());
    const { inputs, user } = await start({
      list_consumers: () => view,
      save_consumer: refuse('vault.changed'),
    });
    await user.click(await screen.findByRole('button', { name: 'Edit web-app' }));
    const sheet = within(await screen.findByRole('dialog', { name: 'Edit web-app' }));
    view = consumersView(consumer({ version: 7 }));
    await user.click(sheet.getByRole('button', { name: /^Save consumer/ }));
    await sheet.findByText(/Somebody else changed this consumer meanwhile/);
    await user.click(sheet.getByRole('button', { name: /^Save consumer/ }));
    await waitFor(() => expect(inputs('save_consumer')).toHaveLength(2));
    expect(inputs<ConsumerChange>('save_consumer').map(({ version }) => version)).toEqual([6, 7]);
  });

  it('are deleted only after it was said what they use', async () => {
    const { inputs, user } = await start({ delete_consumer: () => consumersView() });
    await user.click(await screen.findByRole('button', { name: 'More for web-app' }));
    await user.click(await screen.findByText('Delete consumer'));
    const question = await screen.findByRole('alertdialog', { name: 'Delete web-app?' });
    expect(question).toHaveAccessibleDescription(
      'It uses 1 credential. New values are not delivered to it any more.',
    );
    await user.click(within(question).getByRole('button', { name: 'Delete consumer' }));
    await screen.findByRole('heading', { name: 'No consumer yet' });
    expect(inputs('delete_consumer')).toEqual([{ id: 'k1' }]);
  });

  it('are named where it cannot be read how they get a value, and count as using it', async () => {
    const unread = [
      { credential: 'c1', credentialName: 'gateway', consumer: 'k1', consumerName: 'web-app' },
    ];
    const view = { ...consumersView(consumer({ bindings: [] })), unread };
    const { user } = await start({ list_consumers: () => view });
    expect(
      await screen.findByText(/gateway to web-app.*This credential is not rotated/),
    ).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'More for web-app' }));
    await user.click(await screen.findByText('Delete consumer'));
    const question = await screen.findByRole('alertdialog', { name: 'Delete web-app?' });
    expect(question).toHaveAccessibleDescription(/^It uses 1 credential\./);
  });
});

describe('what a consumer uses', () => {
  it('leads to the credential', async () => {
    const { onopen, user } = await start();
    await user.click(await screen.findByRole('button', { name: 'payment-gateway' }));
    expect(onopen).toHaveBeenCalledExactlyOnceWith('c1');
  });

  it('is tested in its row', async () => {
    const { inputs, user } = await start({ try_binding: () => tried() });
    await user.click(await screen.findByRole('button', { name: /^Test payment-gateway/ }));
    await waitFor(async () => expect(await region()).toHaveTextContent(/Works/));
    expect(inputs('try_binding')).toEqual([{ id: 'b1' }]);
  });

  it('does not say that it works where there is nobody to ask', async () => {
    const { user } = await start({ try_binding: () => tried({ works: null }) });
    await user.click(await screen.findByRole('button', { name: /^Test payment-gateway/ }));
    await waitFor(async () =>
      expect(await region()).toHaveTextContent(/There is nobody to ask here/),
    );
    expect(await region()).not.toHaveTextContent(/Works/);
  });

  it('is not tested where a person does all of it', async () => {
    const sending: Sending = { by: 'byHand', who: 'Ben', steps: ['x'] };
    const setup = { ...binding().setup, sending };
    await start({
      list_consumers: () => consumersView(consumer({ bindings: [binding({ setup })] })),
    });
    expect(await region()).toHaveTextContent(/By hand, Ben.*Nothing to test/);
    expect(screen.queryByRole('button', { name: /^Test/ })).toBeNull();
  });

  it('is edited with the fields of the credential’s kind, or says why it cannot be', async () => {
    let answer: NonNullable<Answers['read_credential']> = refuse('credential.gone', { name: 'x' });
    const { user } = await start({ read_credential: (input) => answer(input) });
    const button = await screen.findByRole('button', { name: 'Edit payment-gateway for web-app' });
    await user.click(button);
    await waitFor(() => expect(messages.visible.at(-1)?.text).toMatch(/is not there any more/));
    expect(screen.queryByRole('dialog')).toBeNull();
    answer = () =>
      ({ credential: { row: { id: 'c1', kind: 'databaseLogin' } } }) as unknown as CredentialView;
    await user.click(button);
    const sheet = within(await screen.findByRole('dialog', { name: 'Delivery to web-app' }));
    expect(sheet.getByRole('button', { name: '{password}: insert Password' })).toBeVisible();
  });

  it('is removed only after it was said what that means', async () => {
    const { inputs, user } = await start({
      delete_binding: () => consumersView(consumer({ bindings: [] })),
    });
    await user.click(await screen.findByRole('button', { name: /^More for payment-gateway/ }));
    await user.click(await screen.findByText('Remove from consumer'));
    const question = await screen.findByRole('alertdialog', {
      name: 'Remove payment-gateway from web-app?',
    });
    expect(question).toHaveAccessibleDescription(/What lies there stays as it is/);
    await user.click(within(question).getByRole('button', { name: 'Remove' }));
    await waitFor(async () => expect(await region()).toHaveTextContent(/It uses nothing yet/));
    expect(inputs('delete_binding')).toEqual([{ id: 'b1' }]);
  });
});

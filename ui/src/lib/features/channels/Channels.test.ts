import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ChannelChange, ChannelsView, OpenVault } from '$lib/bindings';
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
import Channels from './Channels.svelte';
import { channelsView, chat, mail } from './testing/made';

async function start(answers: Answers = {}, vault: OpenVault = openVault()) {
  const { session, backend } = await startSession(sessionView({ vault }), {
    list_channels: () => channelsView(),
    ...answers,
  });
  const onback = vi.fn();
  render(Channels, { session, vault, onback });
  const inputs = <T>(name: string) =>
    backend.asked.filter((asked) => asked.name === name).map(({ input }) => input as T);
  return { backend, inputs, onback, user: userEvent.setup() };
}

type User = ReturnType<typeof userEvent.setup>;

afterEach(() => messages.clear());

async function add(user: User, way: RegExp) {
  await user.click(await screen.findByRole('button', { name: /^Add channel/ }));
  const sheet = await screen.findByRole('dialog', { name: 'New channel' });
  await user.click(within(sheet).getByRole('button', { name: way }));
  return within(await screen.findByRole('dialog', { name: /^New channel: / }));
}

const row = (name: RegExp) => screen.findByRole('row', { name });

describe('channels', () => {
  it('are listed with where and what they tell, and how it is with them', async () => {
    await start({
      list_channels: () =>
        channelsView({
          channels: [chat({ waiting: 2 }), mail({ channel: { ...mail().channel, on: false } })],
        }),
    });
    expect(await row(/#payments/)).toHaveTextContent(
      /Chat.*Failures, what needs attention; in prod.*2 wait to be sent/,
    );
    expect(await row(/Operations/)).toHaveTextContent(
      /Mail to ops@acme\.dev and 1 other.*Reminders; of database logins.*Off/,
    );
    await expectNoViolations();
  });

  it('are explained while there is none', async () => {
    const { user, onback } = await start({ list_channels: () => channelsView({ channels: [] }) });
    await screen.findByRole('heading', { name: 'Nobody is told elsewhere' });
    expect(screen.getByText(/never a value/)).toBeVisible();
    await expectNoViolations();
    await user.click(screen.getByRole('button', { name: 'Add the first channel' }));
    expect(await screen.findByRole('dialog', { name: 'New channel' })).toBeVisible();
    await user.keyboard('{Escape}');
    await user.click(screen.getByRole('button', { name: 'Back' }));
    expect(onback).toHaveBeenCalled();
  });

  it('say why they cannot be read, and are read again', async () => {
    let broken = true;
    const { user } = await start({
      list_channels: () => {
        if (broken) throw userError('vault.unreadable', { file: '/v', reason: 'denied' });
        return channelsView();
      },
    });
    await screen.findByRole('region', { name: 'Vault not readable' });
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await row(/#payments/)).toBeVisible();
  });

  it('are set up by who may edit only', async () => {
    const vault = openVault({ role: 'reader', may: ['see', 'useSecrets'] });
    const { user, inputs } = await start({}, vault);
    await row(/#payments/);
    for (const name of [/^Add channel/, 'Edit #payments', 'Send test to #payments'])
      await user.click(screen.getByRole('button', { name }));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(inputs('test_channel')).toEqual([]);
  });
});

describe('a new channel', () => {
  it('into a chat keeps its address as a secret, tells what matters, and can be tried', async () => {
    const saved = chat({ id: 'c9', name: '#ops' });
    const { user, inputs } = await start({
      save_channel: () => channelsView({ channels: [saved], saved: 'c9' }),
      test_channel: () => ({ why: null }),
    });
    const form = await add(user, /^Chat/);
    await user.type(form.getByLabelText('Name'), '#ops');
    await user.type(form.getByLabelText('Address of the webhook'), 'https://hooks.fixture.test/T0');
    await user.type(form.getByLabelText('Environments'), 'prod, staging');
    await expectNoViolations();
    await user.click(form.getByRole('button', { name: /Save channel/ }));
    const done = within(await screen.findByRole('dialog', { name: '#ops is saved' }));
    const [change] = inputs<ChannelChange>('save_channel');
    expect(change).toEqual({
      id: null,
      version: 0,
      name: '#ops',
      channel: {
        setup: { by: 'chat', private: false },
        rules: {
          events: ['failure', 'needsAttention', 'reminder', 'restart'],
          severity: 'warning',
          environments: ['prod', 'staging'],
          kinds: [],
          owners: [],
        },
        on: true,
      },
      secrets: { address: 'https://hooks.fixture.test/T0' },
    });
    expect(document.body).not.toHaveTextContent('hooks.fixture.test');
    await user.click(done.getByRole('button', { name: 'Send test' }));
    await done.findByText(/Look whether it arrived/);
    expect(inputs('test_channel')).toEqual([{ id: 'c9' }]);
  });

  it('by mail has the port that is usual for its TLS, until somebody types another', async () => {
    const { user, inputs } = await start({
      save_channel: () => channelsView({ channels: [mail()], saved: 'c2' }),
    });
    const form = await add(user, /^Mail/);
    const port = form.getByLabelText('Port');
    const tls = form.getByLabelText('TLS');
    expect(port).toHaveValue('587');
    await user.selectOptions(tls, 'From the start');
    expect(port).toHaveValue('465');
    await user.clear(port);
    await user.type(port, '2525');
    await user.selectOptions(tls, 'STARTTLS');
    expect(port).toHaveValue('2525');
    await user.type(form.getByLabelText('Name'), 'Operations');
    await user.type(form.getByLabelText('Host'), 'smtp.acme.dev');
    await user.type(form.getByLabelText('User'), 'keyturn');
    await user.type(form.getByLabelText('Password'), 'fixture-password');
    await user.type(form.getByLabelText('From'), 'keyturn@acme.dev');
    await user.type(form.getByLabelText('To'), 'ops@acme.dev, dana@acme.dev');
    await user.click(form.getByRole('switch', { name: 'A rotation went well' }));
    await user.click(form.getByRole('switch', { name: 'A date comes near' }));
    await user.click(form.getByRole('button', { name: /Save channel/ }));
    await screen.findByRole('dialog', { name: 'Operations is saved' });
    const [change] = inputs<ChannelChange>('save_channel');
    expect(change?.channel.setup).toEqual({
      by: 'mail',
      host: 'smtp.acme.dev',
      port: 2525,
      tls: 'startTls',
      user: 'keyturn',
      from: 'keyturn@acme.dev',
      to: ['ops@acme.dev', 'dana@acme.dev'],
    });
    expect(change?.channel.rules.events).toEqual([
      'failure',
      'needsAttention',
      'restart',
      'success',
    ]);
    expect(change?.secrets).toEqual({ password: 'fixture-password' });
  });

  it('needs a name, and says at its field what is wrong', async () => {
    const { user, inputs } = await start({
      save_channel: () =>
        channelsView({ faults: [{ field: 'address', why: 'address' }], saved: null }),
    });
    const form = await add(user, /^Chat/);
    await user.click(form.getByRole('button', { name: /Save channel/ }));
    expect(form.getByLabelText('Name')).toHaveAccessibleDescription('Type a name.');
    expect(inputs('save_channel')).toEqual([]);
    await user.type(form.getByLabelText('Name'), '#ops');
    await user.click(form.getByRole('button', { name: /Save channel/ }));
    const address = form.getByLabelText('Address of the webhook');
    await waitFor(() => expect(address).toHaveAttribute('aria-invalid', 'true'));
    expect(form.getByLabelText('Name')).toHaveValue('#ops');
  });

  it('keeps what was typed when it is refused', async () => {
    const { user } = await start({ save_channel: refuse('name.taken', { name: '#ops' }) });
    const form = await add(user, /^Chat/);
    await user.type(form.getByLabelText('Name'), '#ops');
    await user.click(form.getByRole('button', { name: /Save channel/ }));
    await waitFor(() =>
      expect(form.getByLabelText('Name')).toHaveAttribute('aria-invalid', 'true'),
    );
    expect(form.getByLabelText('Name')).toHaveValue('#ops');
  });
});

describe('a channel that is there', () => {
  it('keeps its secret when it is edited, and what it tells', async () => {
    const { user, inputs } = await start({
      save_channel: () => channelsView({ saved: 'c2' }),
    });
    await user.click(await screen.findByRole('button', { name: 'Edit Operations' }));
    const form = within(await screen.findByRole('dialog', { name: 'Edit Operations' }));
    expect(form.getByLabelText('To')).toHaveValue('ops@acme.dev\ndana@acme.dev');
    expect(form.getByLabelText('Which dates')).toHaveDisplayValue('From one day ahead');
    expect(form.getByLabelText('Kind')).toHaveDisplayValue('Database login');
    await user.type(form.getByLabelText('Owners'), 'data');
    await user.click(form.getByRole('button', { name: /Save channel/ }));
    await screen.findByRole('dialog', { name: 'Operations is saved' });
    const [change] = inputs<ChannelChange>('save_channel');
    expect(change).toMatchObject({
      id: 'c2',
      version: 3,
      secrets: {},
      channel: { rules: { ...mail().channel.rules, owners: ['data'] } },
    });
  });

  it('that somebody else changed meanwhile is saved with what they see', async () => {
    let view: ChannelsView = channelsView();
    const { user, inputs } = await start({
      list_channels: () => view,
      save_channel: (change) => {
        if (change.version === 3) {
          view = channelsView({ channels: [chat({ version: 4 }), mail()] });
          throw userError('vault.changed');
        }
        return channelsView({ saved: 'c1' });
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Edit #payments' }));
    const form = within(await screen.findByRole('dialog', { name: 'Edit #payments' }));
    await user.type(form.getByLabelText('Owners'), 'data');
    await user.click(form.getByRole('button', { name: /Save channel/ }));
    await form.findByText(/Somebody else changed this channel meanwhile/);
    await user.click(form.getByRole('button', { name: /Save channel/ }));
    await screen.findByRole('dialog', { name: '#payments is saved' });
    expect(inputs<ChannelChange>('save_channel').map(({ version }) => version)).toEqual([3, 4]);
  });

  it('says in the list what came of a test', async () => {
    const { user } = await start({ test_channel: () => ({ why: 'denied' }) });
    await user.click(await screen.findByRole('button', { name: 'Send test to #payments' }));
    await waitFor(async () =>
      expect(await row(/#payments/)).toHaveTextContent(
        /Does not work.*The login is not allowed to do this/,
      ),
    );
  });

  it('is turned off and on', async () => {
    const off = chat({ channel: { ...chat().channel, on: false } });
    const { user, inputs } = await start({
      save_channel: () => channelsView({ channels: [off] }),
    });
    await user.click(await screen.findByRole('button', { name: 'More for #payments' }));
    await user.click(await screen.findByText('Turn off'));
    await waitFor(async () => expect(await row(/#payments/)).toHaveTextContent(/Off/));
    const [change] = inputs<ChannelChange>('save_channel');
    expect(change).toEqual({
      id: 'c1',
      version: 3,
      name: '#payments',
      channel: off.channel,
      secrets: {},
    });
  });

  it('is deleted after a question that says what is not sent any more', async () => {
    const { user, inputs } = await start({
      list_channels: () => channelsView({ channels: [chat({ waiting: 3 })] }),
      delete_channel: () => channelsView({ channels: [] }),
    });
    await user.click(await screen.findByRole('button', { name: 'More for #payments' }));
    await user.click(await screen.findByText('Delete channel'));
    const question = await screen.findByRole('alertdialog', { name: 'Delete #payments?' });
    expect(question).toHaveTextContent(/3 messages that wait are not sent/);
    await user.click(within(question).getByRole('button', { name: 'Delete channel' }));
    await screen.findByRole('heading', { name: 'Nobody is told elsewhere' });
    expect(inputs('delete_channel')).toEqual([{ id: 'c1' }]);
  });
});

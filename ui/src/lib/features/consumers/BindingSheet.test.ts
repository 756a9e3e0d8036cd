import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { BindingChange, BindingView, Kind, SetupFault } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { tried } from '$lib/features/issuers/testing/made';
import { openVault, refuse, sessionView, startSession } from '$lib/features/vault/testing/made';
import BindingSheet from './BindingSheet.svelte';
import { binding, consumer, consumersView } from './testing/made';

const saved = (part: Partial<BindingView> = {}) => ({ faults: [], binding: binding(part) });

async function start(
  answers: Answers = {},
  { kind = 'apiKey', of }: { kind?: Kind; of?: BindingView } = {},
) {
  const vault = openVault();
  const { session, backend } = await startSession(sessionView({ vault }), {
    list_consumers: () => consumersView(consumer()),
    save_binding: () => saved(),
    ...answers,
  });
  const onclose = vi.fn();
  const onsaved = vi.fn();
  const credential = { id: 'c1', name: 'payment-gateway', kind };
  render(BindingSheet, {
    session,
    vault,
    credential,
    onclose,
    onsaved,
    ...(of ? { binding: of } : {}),
  });
  const sheet = within(await screen.findByRole('dialog'));
  const inputs = <T>(name: string) =>
    backend.asked.filter((asked) => asked.name === name).map(({ input }) => input as T);
  return { inputs, onclose, onsaved, sheet, user: userEvent.setup() };
}

describe('adding a consumer to a credential', () => {
  it('takes one that there is, writes its value into a file and reads it back', async () => {
    const { inputs, onclose, onsaved, sheet, user } = await start({ try_binding: () => tried() });
    await sheet.findByRole('option', { name: 'web-app' });
    expect(sheet.getByLabelText('Who uses it')).toHaveFocus();
    await expectNoViolations();
    await user.selectOptions(sheet.getByLabelText('Who uses it'), 'web-app');
    await user.type(sheet.getByLabelText('File'), '/srv/web/settings.yaml');
    expect(sheet.getByLabelText('Format')).toHaveDisplayValue('YAML');
    await user.type(sheet.getByLabelText('Key 1'), 'payment.key');
    await user.click(sheet.getByRole('button', { name: /^Add consumer/ }));
    await screen.findByRole('dialog', { name: 'web-app is saved' });
    expect(inputs<BindingChange>('save_binding')).toEqual([
      {
        id: null,
        version: 0,
        credential: 'c1',
        consumer: 'k1',
        setup: {
          sending: {
            by: 'file',
            path: '/srv/web/settings.yaml',
            format: 'yaml',
            parts: [{ key: 'payment.key', text: '{secret}' }],
          },
          reloading: { by: 'live' },
          check: { by: 'none' },
          looks: { timeoutS: 10, retries: 10, intervalS: 60 },
          takesS: 10,
          awayS: 0,
        },
        secrets: {},
      },
    ]);
    expect(onsaved).toHaveBeenCalledExactlyOnceWith(binding());
    await user.click(screen.getByRole('button', { name: 'Test delivery' }));
    expect(await screen.findByText('Works')).toBeVisible();
    expect(inputs('try_binding')).toEqual([{ id: 'b1' }]);
    await expectNoViolations();
    await user.click(screen.getByRole('button', { name: 'Done' }));
    await waitFor(() => expect(onclose).toHaveBeenCalledOnce());
  });

  it('makes the consumer once, also when the delivery is refused at first', async () => {
    let answer: BindingChange['id'] | 'faulty' = 'faulty';
    const { inputs, sheet, user } = await start({
      list_consumers: () => consumersView(),
      save_consumer: () => ({ ...consumersView(consumer()), saved: 'k1' }),
      save_binding: () =>
        answer === 'faulty'
          ? { faults: [{ field: 'sending.path', why: 'path' }], binding: null }
          : saved(),
    });
    const name = await sheet.findByLabelText('Name');
    await waitFor(() => expect(name).toHaveFocus());
    await user.click(sheet.getByRole('button', { name: /^Add consumer/ }));
    expect(name).toHaveAccessibleDescription('Type a name.');
    await user.type(name, 'web-app');
    await user.click(sheet.getByRole('button', { name: /^Add consumer/ }));
    await waitFor(() => expect(sheet.getByLabelText('File')).toBeInvalid());
    expect(sheet.getByLabelText('File')).toHaveFocus();
    answer = null;
    await user.click(sheet.getByRole('button', { name: /^Add consumer/ }));
    await screen.findByRole('dialog', { name: 'web-app is saved' });
    expect(inputs('save_consumer')).toHaveLength(1);
    expect(inputs<BindingChange>('save_binding').map(({ consumer }) => consumer)).toEqual([
      'k1',
      'k1',
    ]);
  });

  it('wants to know who uses it', async () => {
    const { inputs, sheet, user } = await start();
    await sheet.findByRole('option', { name: 'web-app' });
    await user.click(sheet.getByRole('button', { name: /^Add consumer/ }));
    expect(sheet.getByLabelText('Who uses it')).toHaveAccessibleDescription(/Choose who uses it/);
    expect(sheet.getByLabelText('Who uses it')).toHaveFocus();
    expect(inputs('save_binding')).toEqual([]);
  });

  it('says why the consumers cannot be read', async () => {
    const { sheet } = await start({ list_consumers: refuse('internal') });
    expect(await sheet.findByRole('alert')).toBeVisible();
  });
});

describe('a delivery', () => {
  it('gets fields of the value put in where the text was last edited', async () => {
    const { inputs, sheet, user } = await start({}, { kind: 'databaseLogin', of: binding() });
    await user.click(sheet.getByRole('button', { name: 'Add a key' }));
    await user.type(sheet.getByLabelText('Key 2'), 'URL');
    const text = sheet.getByLabelText('Text 2');
    await user.type(text, 'db://@host');
    (text as HTMLInputElement).setSelectionRange(5, 5);
    await user.click(sheet.getByRole('button', { name: '{user}: insert User' }));
    expect(text).toHaveValue('db://{user}@host');
    expect(text).toHaveFocus();
    await user.click(sheet.getByRole('button', { name: 'Remove key 1' }));
    await user.click(sheet.getByRole('button', { name: /^Save delivery/ }));
    await screen.findByRole('button', { name: 'Done' });
    expect(inputs<BindingChange>('save_binding')[0]?.setup.sending).toMatchObject({
      parts: [{ key: 'URL', text: 'db://{user}@host' }],
    });
  });

  it('is one text where it is the whole file', async () => {
    const { sheet, user } = await start({}, { of: binding() });
    await user.click(sheet.getByRole('button', { name: 'Add a key' }));
    await user.selectOptions(sheet.getByLabelText('Format'), 'The whole file');
    expect(sheet.getByLabelText('Text')).toHaveValue('{secret}');
    expect(sheet.queryByRole('button', { name: 'Add a key' })).toBeNull();
  });

  it('goes to an address with a secret of its own, restarts by a command and is checked', async () => {
    const { inputs, sheet, user } = await start({}, { of: binding() });
    await user.click(sheet.getByRole('radio', { name: 'HTTP' }));
    await user.type(sheet.getByLabelText('Address'), 'https://10.0.0.4/keys');
    await user.type(sheet.getByLabelText('Authorization'), 'Bearer t');
    await user.click(
      sheet.getByRole('switch', { name: 'It is in this computer or the local network' }),
    );
    await user.selectOptions(
      sheet.getByLabelText('How it is seen to be well'),
      'A port can be reached',
    );
    await user.type(sheet.getByLabelText('Host'), 'web.acme.dev');
    await user.type(sheet.getByLabelText('Port'), '443');
    await user.click(sheet.getByRole('button', { name: /^Save delivery/ }));
    await screen.findByRole('button', { name: 'Done' });
    expect(inputs<BindingChange>('save_binding')).toEqual([
      {
        id: 'b1',
        version: 2,
        credential: 'c1',
        consumer: 'k1',
        setup: {
          sending: {
            by: 'http',
            address: 'https://10.0.0.4/keys',
            body: '{{"value": {secret|json}}',
            contentType: 'application/json',
            private: true,
          },
          reloading: binding().setup.reloading,
          check: { by: 'tcp', host: 'web.acme.dev', port: 443 },
          looks: { timeoutS: 10, retries: 10, intervalS: 60 },
          takesS: 5,
          awayS: 38,
        },
        secrets: { delivery: 'Bearer t' },
      },
    ]);
    expect(document.body.innerHTML).not.toContain('Bearer t');
  });

  it('is seen to be well by a login with the value, as its own user', async () => {
    const { inputs, sheet, user } = await start({}, { kind: 'databaseLogin', of: binding() });
    const ways = sheet.getByLabelText('How it is seen to be well');
    await user.selectOptions(ways, 'A database accepts the login');
    expect(sheet.getByLabelText('Port')).toHaveValue('5432');
    await user.selectOptions(sheet.getByLabelText('Server'), 'MySQL or MariaDB');
    expect(sheet.getByLabelText('Port')).toHaveValue('3306');
    await user.type(sheet.getByLabelText('Host'), 'db.acme.dev');
    await user.type(sheet.getByLabelText('Database'), 'shop');
    expect(sheet.getByLabelText('User')).toHaveAccessibleDescription(/user of the value/);
    expect(sheet.getByText(/not whether the consumer uses it yet/)).toBeVisible();
    await expectNoViolations();
    await user.click(sheet.getByRole('button', { name: /^Save delivery/ }));
    await screen.findByRole('button', { name: 'Done' });
    expect(inputs<BindingChange>('save_binding')[0]?.setup.check).toEqual({
      by: 'login',
      protocol: 'mysql',
      host: 'db.acme.dev',
      port: 3306,
      database: 'shop',
      user: '',
      tls: 'verified',
    });
  });

  it('says where a login could be read on the way, and fills in what was saved', async () => {
    const check = {
      by: 'login',
      protocol: 'redis',
      host: 'cache.acme.dev',
      port: 7000,
      database: '',
      user: 'app',
      tls: 'off',
    } as const;
    const faults: SetupFault[] = [{ field: 'check.tls', why: 'readable' }];
    const { inputs, sheet, user } = await start(
      { save_binding: () => ({ faults, binding: null }) },
      { of: binding({ setup: { ...binding().setup, check } }) },
    );
    expect(sheet.queryByLabelText('Database')).toBeNull();
    expect(sheet.getByLabelText('User')).toHaveValue('app');
    await user.click(sheet.getByRole('button', { name: /^Save delivery/ }));
    const tls = sheet.getByLabelText('TLS');
    await waitFor(() => expect(tls).toBeInvalid());
    expect(tls).toHaveAccessibleDescription(/could be read on the way/);
    expect(inputs<BindingChange>('save_binding')[0]?.setup.check).toEqual(check);
  });

  it('lets a secret go that need not be there', async () => {
    const sending = {
      by: 'http',
      address: 'https://a.dev',
      body: '{secret}',
      contentType: 'text/plain',
      private: false,
    } as const;
    const of = binding({ setup: { ...binding().setup, sending }, secrets: ['delivery'] });
    const { inputs, sheet, user } = await start({}, { of });
    const secret = sheet.getByLabelText('Authorization');
    expect(secret).toHaveAccessibleDescription(/Type to replace it/);
    await user.click(sheet.getByRole('button', { name: 'Remove' }));
    expect(secret).toHaveAccessibleDescription('It is removed when you save.');
    await user.click(sheet.getByRole('button', { name: /^Save delivery/ }));
    await screen.findByRole('button', { name: 'Done' });
    expect(inputs<BindingChange>('save_binding')[0]?.secrets).toEqual({ delivery: '' });
  });

  it('by hand is a list of steps, and there is nothing to test', async () => {
    const byHand = { by: 'byHand', who: 'Ben', steps: ['Open it', 'Paste it'] } as const;
    const made = binding({
      setup: { ...binding().setup, sending: { ...byHand, steps: [...byHand.steps] } },
    });
    const { inputs, sheet, user } = await start(
      { save_binding: () => ({ faults: [], binding: made }) },
      { of: binding() },
    );
    await user.click(sheet.getByRole('radio', { name: 'By hand' }));
    await user.type(sheet.getByLabelText('Who does it'), 'Ben');
    await user.type(sheet.getByLabelText('Steps'), 'Open it\n\n Paste it ');
    await user.selectOptions(
      sheet.getByLabelText('How it picks the value up'),
      'Somebody sees to it',
    );
    await user.click(sheet.getByRole('button', { name: /^Save delivery/ }));
    await screen.findByRole('button', { name: 'Done' });
    expect(inputs<BindingChange>('save_binding')[0]?.setup).toMatchObject({
      sending: byHand,
      reloading: { by: 'manual' },
      awayS: 0,
    });
    expect(screen.queryByRole('button', { name: 'Test delivery' })).toBeNull();
  });

  it('says how long and how often its check is tried, and opens that where it is wrong', async () => {
    const { inputs, sheet, user } = await start(
      {
        save_binding: () => ({
          faults: [{ field: 'looks.retries', why: 'number' }],
          binding: null,
        }),
      },
      { of: binding() },
    );
    const retries = sheet.getByLabelText('Retries');
    expect(retries).toHaveValue('10');
    await user.clear(retries);
    await user.type(retries, 'many');
    await user.clear(sheet.getByLabelText('Interval, in seconds'));
    await user.type(sheet.getByLabelText('Interval, in seconds'), '5');
    await user.click(sheet.getByRole('button', { name: /^Save delivery/ }));
    await waitFor(() => expect(retries).toBeInvalid());
    expect(retries).toBeVisible();
    expect(retries).toHaveFocus();
    const looks = inputs<BindingChange>('save_binding')[0]?.setup.looks;
    expect(looks).toEqual({ timeoutS: 10, retries: 1_000_000, intervalS: 5 });
  });

  it('marks faults where they are, also in what is folded away', async () => {
    const check = {
      by: 'http',
      address: 'https://a.dev',
      status: 200,
      pointer: '/x',
      expected: '{nothing}',
      private: false,
    } as const;
    let faults: SetupFault[] = [
      { field: 'awayS', why: 'number' },
      { field: 'strange', why: 'tooLong' },
    ];
    const { sheet, user } = await start(
      {
        save_binding: () => ({
          faults: [{ field: 'check.expected', why: 'place' }, ...faults],
          binding: null,
        }),
      },
      { of: binding({ setup: { ...binding().setup, check } }) },
    );
    await user.click(sheet.getByRole('button', { name: /^Save delivery/ }));
    const away = sheet.getByLabelText('It is away for, in seconds');
    await waitFor(() => expect(away).toBeInvalid());
    expect(away).toHaveFocus();
    expect(sheet.getByText('strange')).toBeVisible();
    await expectNoViolations();
    faults = [];
    await user.click(sheet.getByRole('button', { name: /^Save delivery/ }));
    const folded = sheet.getByLabelText('What has to stand there');
    await waitFor(() => expect(folded).toHaveFocus());
    expect(folded).toBeVisible();
    expect(away).toBeValid();
  });

  it('is not overwritten unseen when somebody else changed it', async () => {
    const theirs = consumer({ bindings: [binding({ version: 3 })] });
    const { inputs, sheet, user } = await start(
      { list_consumers: () => consumersView(theirs), save_binding: refuse('vault.changed') },
      { of: binding() },
    );
    await user.click(sheet.getByRole('button', { name: /^Save delivery/ }));
    await sheet.findByText(/Somebody else changed this delivery meanwhile/);
    await user.click(sheet.getByRole('button', { name: /^Save delivery/ }));
    await waitFor(() => expect(inputs('save_binding')).toHaveLength(2));
    expect(inputs<BindingChange>('save_binding').map(({ version }) => version)).toEqual([2, 3]);
  });

  it('refuses what is no number by saying one that is too large or none', async () => {
    const { inputs, sheet, user } = await start({}, { of: binding() });
    await user.clear(sheet.getByLabelText('It takes about, in seconds'));
    await user.type(sheet.getByLabelText('It takes about, in seconds'), 'soon');
    await user.click(sheet.getByRole('button', { name: /^Save delivery/ }));
    await waitFor(() => expect(inputs('save_binding')).toHaveLength(1));
    expect(inputs<BindingChange>('save_binding')[0]?.setup.takesS).toBeGreaterThan(86_400);
  });
});

import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type {
  AccountChange,
  AccountsView,
  CallWhy,
  OpenVault,
  RunsView,
  Tried,
} from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import {
  openVault,
  refuse,
  sessionView,
  slow,
  startSession,
  userError,
} from '$lib/features/vault/testing/made';
import Accounts from './Accounts.svelte';
import { EXAMPLE } from './template';
import { account, accountsView, GITLAB, tried } from './testing/made';

/** A sort says what it is after its name. */
const begins = (name: string | RegExp) =>
  name instanceof RegExp ? name : new RegExp(`^${name.replace(/[()[\]]/g, '\\$&')}`);
const because = (why: CallWhy) => tried({ works: false, why });

async function start(answers: Answers = {}, vault: OpenVault = openVault()) {
  const { session, backend } = await startSession(sessionView({ vault }), {
    list_accounts: () => accountsView(),
    ...answers,
  });
  render(Accounts, { session, vault });
  const inputs = <T>(name: string) =>
    backend.asked.filter((asked) => asked.name === name).map(({ input }) => input as T);
  return { backend, inputs, user: userEvent.setup() };
}

type User = ReturnType<typeof userEvent.setup>;

async function add(user: User, sort: RegExp | string) {
  await user.click(await screen.findByRole('button', { name: /^Add account/ }));
  const sheet = await screen.findByRole('dialog', { name: 'New issuer account' });
  await user.click(within(sheet).getByRole('button', { name: begins(sort) }));
  return within(await screen.findByRole('dialog', { name: /^New account: / }));
}

async function edit(user: User, name = 'Orders') {
  await user.click(await screen.findByRole('button', { name: `Edit ${name}` }));
  return within(await screen.findByRole('dialog', { name: `Edit ${name}` }));
}

const row = (name: RegExp) => screen.findByRole('row', { name });

describe('issuer accounts', () => {
  it('are listed with what they are, where, what they rotate and when they last worked', async () => {
    await start({
      list_accounts: () =>
        accountsView({
          accounts: [
            account({ tested: Date.now() - 2 * 3_600_000 }),
            account({
              id: 'a2',
              name: 'Stripe',
              setup: {
                is: 'byHand',
                console: 'https://x.dev/keys',
                steps: [],
                overlaps: true,
                check: null,
              },
              credentials: 0,
            }),
          ],
        }),
    });
    expect(await row(/Orders/)).toHaveTextContent(
      /PostgreSQL.*orders-db\.acme\.dev.*3 credentials.*Works.*2 h ago/,
    );
    expect(await row(/Stripe/)).toHaveTextContent(
      /By hand.*x\.dev\/keys.*nothing yet.*Nothing to test/,
    );
    expect(screen.queryByRole('button', { name: 'Test connection of Stripe' })).toBeNull();
    await expectNoViolations();
  });

  it('are explained while there is none, and one can be added', async () => {
    const { user } = await start({ list_accounts: () => accountsView({ accounts: [] }) });
    await screen.findByRole('heading', { name: 'No issuer account yet' });
    expect(screen.getByText(/kept apart from the credentials that it rotates/)).toBeVisible();
    await expectNoViolations();
    await user.click(screen.getByRole('button', { name: 'Add the first account' }));
    expect(await screen.findByRole('dialog', { name: 'New issuer account' })).toBeVisible();
  });

  it('say why they cannot be read, and are read again', async () => {
    let broken = true;
    const { user } = await start({
      list_accounts: () => {
        if (broken) throw userError('vault.unreadable', { file: '/v', reason: 'denied' });
        return accountsView();
      },
    });
    await screen.findByRole('region', { name: 'Vault not readable' });
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await row(/Orders/)).toBeVisible();
  });

  it('are read again when something changed, one request at a time, until nothing did', async () => {
    let works = [slow<AccountsView>()];
    const { backend, inputs } = await start({
      list_accounts: () => works.at(-1)?.promise ?? accountsView(),
    });
    backend.tell('runs_changed', null);
    backend.tell('runs_changed', null);
    expect(inputs('list_accounts')).toHaveLength(1);
    const [first] = works;
    works = [];
    first?.end(accountsView({ accounts: [account({ name: 'Old' })] }));
    expect(await row(/Orders/)).toBeVisible();
    expect(inputs('list_accounts')).toHaveLength(2);
  });

  it('cannot be changed or tested with a role that does not allow it, which is said', async () => {
    const { user } = await start({}, openVault({ role: 'reader', may: ['see'] }));
    await row(/Orders/);
    for (const name of ['Add account', 'Edit Orders']) {
      expect(screen.getByRole('button', { name })).toHaveAccessibleDescription(
        'Your role, Reader, does not change credentials.',
      );
    }
    expect(
      screen.getByRole('button', { name: 'Test connection of Orders' }),
    ).toHaveAccessibleDescription('Your role, Reader, does not replace secrets.');
    await user.click(screen.getByRole('button', { name: 'More for Orders' }));
    for (const text of ['Look for orphans', 'Delete account']) {
      const item = (await screen.findByText(text)).closest('[role="menuitem"]');
      expect(item).toHaveAttribute('aria-disabled', 'true');
      expect(item).toHaveTextContent(/Your role, Reader/);
    }
  });

  it('can be tested where the vault can only be read, and not changed', async () => {
    const holder = { process: 1, computer: 'x', since: 0 };
    const { user } = await start(
      { try_account: () => tried({ about: 'PostgreSQL 15.18' }) },
      openVault({ readOnly: holder }),
    );
    await row(/Orders/);
    expect(screen.getByRole('button', { name: 'Edit Orders' })).toHaveAccessibleDescription(
      'The vault is open elsewhere; here it can only be read.',
    );
    await user.click(screen.getByRole('button', { name: 'Test connection of Orders' }));
    expect(await row(/Works PostgreSQL 15\.18/)).toBeVisible();
  });
});

describe('testing an account', () => {
  it('shows that it is under way, and then what answered', async () => {
    const work = slow<Tried>();
    const { inputs, user } = await start({ try_account: () => work.promise });
    const button = await screen.findByRole('button', { name: 'Test connection of Orders' });
    await user.click(button);
    expect(button).toHaveAttribute('aria-busy', 'true');
    expect(await row(/Testing…/)).toBeVisible();
    work.end(tried({ about: 'PostgreSQL 15.18' }));
    expect(await row(/Works PostgreSQL 15\.18/)).toBeVisible();
    expect(inputs('try_account')).toEqual([{ id: 'a1' }]);
  });

  it('lists what its login lacks', async () => {
    const { user } = await start({
      try_account: () => tried({ works: false, lacks: ['CREATEROLE'] }),
    });
    await user.click(await screen.findByRole('button', { name: /^Test connection/ }));
    expect(await screen.findByRole('list', { name: 'What it lacks' })).toHaveTextContent(
      'CREATEROLE',
    );
    expect(await row(/Lacks permissions/)).toBeVisible();
    await expectNoViolations();
  });

  it('does not say that it works where there is nobody to ask', async () => {
    const { user } = await start({ try_account: () => tried({ works: null }) });
    await user.click(await screen.findByRole('button', { name: /^Test connection/ }));
    expect(await row(/Cannot be tested There is nobody to ask here\./)).toBeVisible();
    expect(screen.queryByText('Works')).toBeNull();
    await expectNoViolations();
  });

  it('says why it does not work and what to do, or why it was not tried', async () => {
    let answer = () => because('unknown');
    const { user } = await start({ try_account: () => answer() });
    const button = await screen.findByRole('button', { name: /^Test connection/ });
    await user.click(button);
    expect(await row(/Does not work.*did not answer.*Check that it runs/)).toBeVisible();
    answer = () => ({ ...because('conflict'), about: 'MariaDB 10.11' });
    await user.click(button);
    expect(
      await row(/Does not work MariaDB 10\.11 answered\. Something else is there/),
    ).toBeVisible();
    answer = refuse('setup.gone');
    await user.click(button);
    expect(await row(/Not tested.*deleted or changed it meanwhile/)).toBeVisible();
  });
});

describe('adding an account', () => {
  it('begins with what it is of, found by typing', async () => {
    const { user } = await start();
    await user.click(await screen.findByRole('button', { name: 'Add account' }));
    const sheet = within(await screen.findByRole('dialog', { name: 'New issuer account' }));
    const search = sheet.getByRole('searchbox', { name: 'Search databases and services' });
    expect(search).toHaveFocus();
    for (const name of ['PostgreSQL', 'MySQL', 'MariaDB', 'Redis', GITLAB.name, 'By hand']) {
      expect(sheet.getByRole('button', { name: begins(name) })).toBeVisible();
    }
    expect(sheet.queryByRole('button', { name: begins('Sandbox') })).toBeNull();
    await expectNoViolations();
    await user.type(search, 'gitl');
    expect(sheet.getAllByRole('listitem')).toHaveLength(1);
    await user.type(search, 'x');
    expect(sheet.queryAllByRole('listitem')).toEqual([]);
    await user.click(sheet.getByRole('button', { name: 'Clear search' }));
    expect(sheet.getByRole('button', { name: begins('Redis') })).toBeVisible();
    expect(search).toHaveFocus();
  });

  it('offers the sandbox only where there is one already', async () => {
    const sandbox = account({
      id: 'a9',
      name: 'Try it',
      setup: { is: 'sandbox', address: 'http://127.0.0.1:9' },
    });
    const { user } = await start({ list_accounts: () => accountsView({ accounts: [sandbox] }) });
    await user.click(await screen.findByRole('button', { name: 'Add account' }));
    expect(await screen.findByRole('button', { name: begins('Sandbox') })).toBeVisible();
  });

  it('saves a server with its usual port, then shows what its login needs and tests it', async () => {
    const fresh = account({ id: 'a2', name: 'Ledger', version: 1 });
    const { inputs, user } = await start({
      save_account: () => accountsView({ accounts: [account(), fresh], saved: 'a2' }),
      try_account: () => tried({ about: 'PostgreSQL 15.18' }),
    });
    const sheet = await add(user, 'PostgreSQL');
    expect(sheet.getByLabelText('Name')).toHaveFocus();
    await expectNoViolations();
    await user.type(sheet.getByLabelText('Name'), 'Ledger');
    await user.type(sheet.getByLabelText('Host'), 'ledger.acme.dev');
    await user.type(sheet.getByLabelText('User'), 'keyturn');
    await user.type(sheet.getByLabelText('Password'), 'hunter2');
    await user.click(sheet.getByRole('button', { name: /^Save account/ }));
    const saved = within(await screen.findByRole('dialog', { name: 'Ledger is saved' }));
    expect(inputs<AccountChange>('save_account')).toEqual([
      {
        id: null,
        version: 0,
        name: 'Ledger',
        setup: {
          is: 'postgres',
          host: 'ledger.acme.dev',
          port: 5432,
          database: 'postgres',
          user: 'keyturn',
          tls: 'verified',
        },
        atOnce: null,
        secrets: { password: 'hunter2' },
      },
    ]);
    expect(document.body.innerHTML).not.toContain('hunter2');
    expect(saved.getByText('GRANT app TO keyturn;')).toBeVisible();
    await waitFor(() => expect(saved.getByRole('button', { name: 'Done' })).toHaveFocus());
    await user.click(saved.getByRole('button', { name: 'Test connection' }));
    expect(await saved.findByText('PostgreSQL 15.18')).toBeVisible();
    expect(inputs('try_account')).toEqual([{ id: 'a2' }]);
    await expectNoViolations();
    await user.click(saved.getByRole('button', { name: 'Done' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('asks how a value is tried where a person makes it, once there is an address for that', async () => {
    const { inputs, user } = await start({ save_account: () => accountsView({ saved: 'a1' }) });
    const sheet = await add(user, 'By hand');
    await user.type(sheet.getByLabelText('Name'), 'Stripe');
    expect(sheet.queryByLabelText('Header with the value')).toBeNull();
    await user.type(
      sheet.getByLabelText('Address that tells whether a value works'),
      'https://api.stripe.com/v1/balance',
    );
    expect(sheet.getByLabelText('Header with the value')).toHaveValue('Authorization');
    expect(sheet.getByLabelText('What the header says')).toHaveValue('Bearer {value}');
    await expectNoViolations();
    await user.click(sheet.getByRole('button', { name: /^Save account/ }));
    await screen.findByRole('dialog', { name: 'Orders is saved' });
    expect(inputs<AccountChange>('save_account')[0]?.setup).toEqual({
      is: 'byHand',
      console: '',
      steps: [],
      overlaps: true,
      check: {
        address: 'https://api.stripe.com/v1/balance',
        header: 'Authorization',
        says: 'Bearer {value}',
        status: 200,
        private: false,
      },
    });
  });

  it('asks for the blanks of a service and copies what its login needs', async () => {
    const { inputs, user } = await start({
      save_account: () => accountsView({ saved: 'a1' }),
    });
    const sheet = await add(user, GITLAB.name);
    await user.click(sheet.getByRole('button', { name: 'Copy what it needs' }));
    expect(await navigator.clipboard.readText()).toBe(GITLAB.facts);
    expect(sheet.getByLabelText('Access level')).toHaveAccessibleDescription('It may stay empty.');
    await user.type(sheet.getByLabelText('Name'), 'GitLab');
    await user.type(sheet.getByLabelText('Address'), 'https://gitlab.acme.dev');
    await user.type(sheet.getByLabelText('Access level'), '30');
    await user.type(sheet.getByLabelText('API token'), 'glpat');
    await user.click(
      sheet.getByRole('switch', { name: 'It is in this computer or the local network' }),
    );
    await user.keyboard('{Control>}{Enter}{/Control}');
    await screen.findByRole('dialog', { name: 'Orders is saved' });
    expect(inputs<AccountChange>('save_account')[0]).toMatchObject({
      setup: {
        is: 'http',
        preset: 'gitlab-project',
        template: null,
        blanks: { address: 'https://gitlab.acme.dev', accessLevel: '30' },
        private: true,
      },
      secrets: { apiToken: 'glpat' },
    });
  });

  it('shows faults at their fields, those that have none by name, and keeps what was typed', async () => {
    const { user } = await start({
      save_account: () =>
        accountsView({
          faults: [
            { field: 'receiver', why: 'missing' },
            { field: 'sender', why: 'private' },
            { field: 'elsewhere', why: 'tooLong' },
          ],
        }),
    });
    const sheet = await add(user, 'Webhook signing secret');
    await user.type(sheet.getByLabelText('Name'), 'Hooks');
    await user.type(sheet.getByLabelText('Address of the receiver'), 'https://a.dev');
    await user.type(sheet.getByLabelText('Address of the sender'), 'https://10.0.0.1');
    await user.click(sheet.getByRole('button', { name: /^Save account/ }));
    const secret = sheet.getByLabelText('Authorization for the receiver');
    await waitFor(() => expect(secret).toBeInvalid());
    expect(secret).toHaveFocus();
    expect(sheet.getByLabelText('Address of the receiver')).toBeValid();
    expect(sheet.getByLabelText('Address of the sender')).toHaveAccessibleDescription(
      /local network/,
    );
    expect(sheet.getByRole('alert')).toHaveTextContent(/^elsewhere: This is longer/);
    await expectNoViolations();
  });

  it('says at the name that it is missing or taken', async () => {
    const { inputs, user } = await start({
      save_account: refuse('name.taken', { name: 'Orders' }),
    });
    const sheet = await add(user, 'Redis');
    await user.click(sheet.getByRole('button', { name: /^Save account/ }));
    expect(sheet.getByLabelText('Name')).toHaveAccessibleDescription('Type a name.');
    expect(inputs('save_account')).toEqual([]);
    await user.type(sheet.getByLabelText('Name'), 'Orders');
    await user.click(sheet.getByRole('button', { name: /^Save account/ }));
    await waitFor(() =>
      expect(sheet.getByLabelText('Name')).toHaveAccessibleDescription(/of that name already/),
    );
    expect(sheet.getByLabelText('Name')).toHaveFocus();
  });

  it('asks before what was typed is thrown away', async () => {
    const { user } = await start();
    const sheet = await add(user, 'Redis');
    await user.type(sheet.getByLabelText('Password'), 'x');
    await user.keyboard('{Escape}');
    await user.click(await screen.findByRole('button', { name: 'Throw away' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });
});

describe('how many calls at once an account gets', () => {
  const field = (sheet: ReturnType<typeof within>) => sheet.getByLabelText('Calls at once');

  it('is what is usual, which is shown, until somebody sets it', async () => {
    const { inputs, user } = await start({ save_account: () => accountsView({ saved: 'a1' }) });
    expect(field(await add(user, GITLAB.name))).toHaveAccessibleDescription(/Empty: 6\.$/);
    await user.click(screen.getByRole('button', { name: 'Choose something else' }));
    await user.click(screen.getByRole('button', { name: begins('Redis') }));
    const sheet = within(await screen.findByRole('dialog', { name: 'New account: Redis' }));
    expect(field(sheet)).toHaveAccessibleDescription(/Empty: 8\.$/);
    await user.type(sheet.getByLabelText('Name'), 'Cache');
    await user.type(field(sheet), '3');
    await user.click(sheet.getByRole('button', { name: /^Save account/ }));
    await screen.findByRole('button', { name: 'Done' });
    expect(inputs<AccountChange>('save_account').map(({ atOnce }) => atOnce)).toEqual([3]);
  });

  it('is kept, set back, and refused at its field when it is no number that can be', async () => {
    let answer = accountsView({ faults: [{ field: 'atOnce', why: 'number' }] });
    const { inputs, user } = await start({
      list_accounts: () => accountsView({ accounts: [account({ atOnce: 5 })] }),
      save_account: () => answer,
    });
    const sheet = await edit(user);
    expect(field(sheet)).toHaveValue('5');
    await user.clear(field(sheet));
    await user.type(field(sheet), '65');
    await user.click(sheet.getByRole('button', { name: /^Save account/ }));
    await waitFor(() => expect(field(sheet)).toBeInvalid());
    answer = accountsView({ saved: 'a1' });
    await user.clear(field(sheet));
    await user.click(sheet.getByRole('button', { name: /^Save account/ }));
    await screen.findByRole('button', { name: 'Done' });
    expect(inputs<AccountChange>('save_account').map(({ atOnce }) => atOnce)).toEqual([0, null]);
  });
});

describe('editing an account', () => {
  it('keeps a secret that nobody types, and replaces one that is', async () => {
    const { inputs, user } = await start({ save_account: () => accountsView({ saved: 'a1' }) });
    let sheet = await edit(user);
    expect(sheet.getByLabelText('Password')).toHaveAccessibleDescription(/Type to replace it/);
    expect(sheet.getByText('GRANT app TO keyturn;')).toBeVisible();
    await user.type(sheet.getByLabelText('Host'), '.eu');
    await user.click(sheet.getByRole('button', { name: /^Save account/ }));
    await user.click(await screen.findByRole('button', { name: 'Done' }));
    sheet = await edit(user);
    await user.type(sheet.getByLabelText('Password'), 'new');
    await user.click(sheet.getByRole('button', { name: /^Save account/ }));
    await screen.findByRole('button', { name: 'Done' });
    expect(
      inputs<AccountChange>('save_account').map(({ id, version, secrets }) => ({
        id,
        version,
        secrets,
      })),
    ).toEqual([
      { id: 'a1', version: 4, secrets: {} },
      { id: 'a1', version: 4, secrets: { password: 'new' } },
    ]);
  });

  it('says when somebody else changed it, and replaces theirs when saved again', async () => {
    let view = accountsView();
    const { inputs, user } = await start({
      list_accounts: () => view,
      save_account: refuse('vault.changed'),
    });
    const sheet = await edit(user);
    view = accountsView({ accounts: [account({ version: 5 })] });
    await user.click(sheet.getByRole('button', { name: /^Save account/ }));
    await sheet.findByText(/Somebody else changed this account meanwhile/);
    await user.click(sheet.getByRole('button', { name: /^Save account/ }));
    await waitFor(() => expect(inputs('save_account')).toHaveLength(2));
    expect(inputs<AccountChange>('save_account').map(({ version }) => version)).toEqual([4, 5]);
  });

  it('keeps the template of one’s own', async () => {
    const OWN = 'name = "x"\nsecrets = ["apiKey"]\n[blanks]\nzone = "text"';
    const own = account({
      name: 'Own',
      setup: {
        is: 'http',
        preset: null,
        template: OWN,
        blanks: { zone: 'a' },
        private: false,
      },
      secrets: ['apiKey'],
    });
    const { inputs, user } = await start({
      list_accounts: () => accountsView({ accounts: [own] }),
      save_account: () => accountsView({ accounts: [own], saved: 'a1' }),
    });
    const sheet = await edit(user, 'Own');
    expect(sheet.getByLabelText('API key')).toBeVisible();
    await user.type(sheet.getByLabelText('Zone'), 'b');
    await user.click(sheet.getByRole('button', { name: /^Save account/ }));
    await screen.findByRole('button', { name: 'Done' });
    expect(inputs<AccountChange>('save_account')[0]?.setup).toEqual({
      is: 'http',
      preset: null,
      template: OWN,
      blanks: { zone: 'ab' },
      private: false,
    });
  });
});

describe('a template of one’s own', () => {
  it('is begun with an example, asks for what it names, and is saved as it was typed', async () => {
    const { inputs, user } = await start({
      save_account: () => accountsView({ saved: 'a1' }),
    });
    const sheet = await add(user, 'Own template');
    expect(sheet.queryByLabelText('Address')).toBeNull();
    await user.click(sheet.getByRole('button', { name: 'Put in an example' }));
    expect(sheet.getByLabelText('Template')).toHaveValue(EXAMPLE);
    expect(sheet.getByRole('button', { name: 'Put in an example' })).toHaveAccessibleDescription(
      'Empty the field first.',
    );
    await expectNoViolations();
    await user.type(sheet.getByLabelText('Name'), 'Mailer');
    await user.type(sheet.getByLabelText('Address'), 'https://api.mailer.dev');
    await user.type(sheet.getByLabelText('Token'), 'fixture-token');
    await user.click(sheet.getByRole('button', { name: /^Save account/ }));
    await screen.findByRole('button', { name: 'Done' });
    expect(inputs<AccountChange>('save_account')).toEqual([
      {
        id: null,
        version: 0,
        name: 'Mailer',
        setup: {
          is: 'http',
          preset: null,
          template: EXAMPLE.trim(),
          blanks: { address: 'https://api.mailer.dev' },
          private: false,
        },
        atOnce: null,
        secrets: { token: 'fixture-token' },
      },
    ]);
  });

  it('says at its field what the backend cannot read', async () => {
    const { user } = await start({
      save_account: () => accountsView({ faults: [{ field: 'template', why: 'place' }] }),
    });
    const sheet = await add(user, 'Own template');
    await user.type(sheet.getByLabelText('Name'), 'Mailer');
    await user.type(sheet.getByLabelText('Template'), 'name = 1');
    await user.click(sheet.getByRole('button', { name: /^Save account/ }));
    const field = sheet.getByLabelText('Template');
    await waitFor(() => expect(field).toBeInvalid());
    expect(field).toHaveFocus();
    expect(field).toHaveAccessibleDescription(/Check each place in braces/);
    expect(field).toHaveValue('name = 1');
  });
});

describe('deleting an account', () => {
  const ask = async (user: User) => {
    await user.click(await screen.findByRole('button', { name: 'More for Orders' }));
    await user.click(await screen.findByText('Delete account'));
    return within(await screen.findByRole('alertdialog', { name: 'Delete Orders?' }));
  };

  it('says what is rotated by it, and why it is refused while it is in use', async () => {
    const { user } = await start({ delete_account: refuse('setup.inUse') });
    const question = await ask(user);
    expect(question.getByText(/3 credentials are rotated by it/)).toBeVisible();
    expect(question.getByRole('button', { name: 'Cancel' })).toHaveFocus();
    await user.click(question.getByRole('button', { name: 'Delete account' }));
    expect(await question.findByRole('region', { name: 'Still in use' })).toBeVisible();
    await expectNoViolations();
    expect(screen.getByText('orders-db.acme.dev')).toBeInTheDocument();
  });

  it('takes it out of the list', async () => {
    const { inputs, user } = await start({
      delete_account: () => accountsView({ accounts: [] }),
    });
    const question = await ask(user);
    await user.click(question.getByRole('button', { name: 'Delete account' }));
    await screen.findByRole('heading', { name: 'No issuer account yet' });
    expect(inputs('delete_account')).toEqual([{ id: 'a1' }]);
  });
});

describe('looking for orphans', () => {
  const look = async (user: User) => {
    await user.click(await screen.findByRole('button', { name: 'More for Orders' }));
    await user.click(await screen.findByText('Look for orphans'));
    return within(await screen.findByRole('dialog', { name: 'Orphans at Orders' }));
  };
  const orphan = { account: 'a1', accountName: 'Orders', mark: 'keyturn-7', run: 'r', since: 0 };

  it('shows the keys of this account that may be of no use', async () => {
    const { user } = await start({
      find_orphans: () => ({
        runs: [],
        orphans: [
          { ...orphan, key: 'key_91bd' },
          { ...orphan, account: 'a2', key: 'key_else' },
        ],
        paused: null,
      }),
    });
    const found = await look(user);
    expect(await found.findByText('key_91bd')).toBeVisible();
    expect(found.queryByText('key_else')).toBeNull();
    expect(found.getByText(/^1 key may live there/)).toBeVisible();
    await expectNoViolations();
  });

  it('says that there is none, or why it could not look', async () => {
    let answer: () => RunsView = refuse('issuer.failed');
    const { user } = await start({ find_orphans: () => answer() });
    const found = await look(user);
    await found.findByRole('region', { name: 'Issuer did not do it' });
    answer = () => ({ runs: [], orphans: [], paused: null });
    await user.click(found.getByRole('button', { name: 'Try again' }));
    expect(await found.findByText(/Every key that Keyturn made there/)).toBeVisible();
  });

  it('says that an issuer cannot list instead of that there is none', async () => {
    const { user } = await start({
      find_orphans: () => {
        throw { ...userError('issuer.cannotList'), retryable: false };
      },
    });
    const found = await look(user);
    await found.findByRole('region', { name: 'No list at this issuer' });
    expect(found.queryByText(/Every key that Keyturn made there/)).toBeNull();
    expect(found.queryByRole('button', { name: 'Try again' })).toBeNull();
  });
});

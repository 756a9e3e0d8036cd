import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type {
  OpenVault,
  OwnPolicy,
  PoliciesView,
  Policy,
  PolicyChange,
  PolicyMeaning,
  PolicyTrial,
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
import Policies from './Policies.svelte';

const every = (days: number): Policy => ({
  rule: { when: 'every', days },
  graceHours: 24,
  warningDays: 7,
  window: null,
  frameworks: [],
});
const PCI: OwnPolicy = {
  id: 'p1',
  version: 3,
  name: 'Cards',
  policy: {
    ...every(30),
    window: { days: [6], opens: 120, minutes: 120, zone: 'Europe/Berlin' },
    frameworks: ['pciDss'],
  },
  followers: 3,
};
const USUAL: PoliciesView = {
  usual: [{ kind: 'databaseLogin', standard: every(90), high: every(30), emergencyHours: 4 }],
  own: [],
  unread: [],
};
const WITH: PoliciesView = { ...USUAL, own: [PCI] };
const FINE: PolicyMeaning = { faults: [], next: [] };

// A few of the four hundred.
beforeEach(() => {
  vi.spyOn(Intl, 'supportedValuesOf').mockReturnValue(['Asia/Tokyo', 'Europe/Berlin']);
});

async function start(answers: Answers = {}, vault: OpenVault = openVault()) {
  const { session, backend } = await startSession(sessionView({ vault }), {
    list_policies: () => WITH,
    try_policy: () => FINE,
    ...answers,
  });
  render(Policies, { session, vault });
  const inputs = <T>(name: string) =>
    backend.asked.filter((asked) => asked.name === name).map(({ input }) => input as T);
  return { backend, inputs, user: userEvent.setup() };
}

async function edit(user: ReturnType<typeof userEvent.setup>, button = 'Edit Cards') {
  await user.click(await screen.findByRole('button', { name: button }));
  return within(await screen.findByRole('dialog'));
}

describe('the policies', () => {
  it('names those that cannot be read', async () => {
    await start({ list_policies: () => ({ ...WITH, unread: ['Yearly'] }) });
    expect(await screen.findByText(/^1 policy is unreadable here/)).toHaveTextContent(': Yearly.');
  });

  it('are the usual ones with their emergency deadline, and the vault’s own with their followers', async () => {
    await start();
    expect(await screen.findByRole('row', { name: /Cards/ })).toHaveTextContent(
      /Every 30 days.*Sat 02:00–04:00, Europe\/Berlin.*24 h.*PCI DSS.*3 credentials/,
    );
    expect(screen.getByRole('row', { name: /Database login/ })).toHaveTextContent(
      /Every 90 days.*Every 30 days.*4 h/,
    );
    await expectNoViolations();
  });

  it('name the access tokens of OAuth2 clients, which live by their own expiry', async () => {
    const client = { standard: every(180), high: every(90), emergencyHours: 0 };
    const usual = [{ kind: 'oauthClient' as const, ...client }, ...USUAL.usual];
    await start({ list_policies: () => ({ ...USUAL, usual }) });
    const rows = await screen.findAllByRole('row', { name: /OAuth/ });
    expect(rows[0]).toHaveTextContent(/Every 180 days.*Every 90 days.*at once/);
    expect(rows[1]).toHaveTextContent(
      /access token.*Before it expires.*Before it expires.*at once/,
    );
  });

  it('are only the usual ones at first, and one can be made', async () => {
    const { user } = await start({ list_policies: () => USUAL });
    await screen.findByRole('heading', { name: 'No policy of your own' });
    await user.click(screen.getByRole('button', { name: 'Make a policy' }));
    expect(await screen.findByRole('dialog', { name: 'New policy' })).toBeVisible();
  });

  it('say why they cannot be read, and are read again', async () => {
    let broken = true;
    const { user } = await start({
      list_policies: () => {
        if (broken) throw userError('vault.unreadable', { file: '/v', reason: 'denied' });
        return WITH;
      },
    });
    await screen.findByRole('region', { name: 'Vault not readable' });
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('row', { name: /Cards/ })).toBeVisible();
  });

  it('count their followers anew when the inventory changes', async () => {
    let view = WITH;
    const { backend } = await start({ list_policies: () => view });
    await screen.findByRole('row', { name: /3 credentials/ });
    view = { ...WITH, own: [{ ...PCI, followers: 1 }] };
    backend.tell('inventory_changed', null);
    await screen.findByRole('row', { name: /1 credential/ });
  });

  it('cannot be changed with a role that does not allow it, which is said', async () => {
    await start({}, openVault({ role: 'reader', may: ['see'] }));
    await screen.findByRole('row', { name: /Cards/ });
    for (const name of ['New policy', 'Edit Cards', 'Delete Cards']) {
      expect(screen.getByRole('button', { name })).toHaveAccessibleDescription(
        'Your role, Reader, does not change credentials.',
      );
    }
  });

  it('are deleted only after it was said how many go back to the usual one', async () => {
    const { inputs, user } = await start({ delete_policy: () => USUAL });
    await user.click(await screen.findByRole('button', { name: 'Delete Cards' }));
    const question = await screen.findByRole('alertdialog', { name: 'Delete Cards?' });
    expect(question).toHaveAccessibleDescription(
      '3 credentials follow it. They go back to the usual policy of their kind and risk.',
    );
    await expectNoViolations();
    await user.click(within(question).getByRole('button', { name: 'Delete policy' }));
    await screen.findByRole('heading', { name: 'No policy of your own' });
    expect(inputs('delete_policy')).toEqual([{ id: 'p1', version: 3 }]);
  });
});

describe('editing a policy', () => {
  it('saves a new one with all that was chosen', async () => {
    const { inputs, user } = await start({ save_policy: () => WITH });
    const sheet = await edit(user, 'New policy');
    await user.type(sheet.getByLabelText('Name'), 'Monthly');
    await user.click(sheet.getByRole('radio', { name: 'Calendar' }));
    await user.clear(sheet.getByLabelText('Pattern'));
    await user.type(sheet.getByLabelText('Pattern'), '0 4 * * 1');
    await user.selectOptions(sheet.getByLabelText('Time zone of the pattern'), 'Asia/Tokyo');
    await user.selectOptions(
      sheet.getByLabelText('Grace period'),
      '7 days: CI pipelines, mobile apps',
    );
    await user.click(sheet.getByRole('switch', { name: 'Maintenance window' }));
    await user.click(sheet.getByRole('checkbox', { name: 'Sun' }));
    await user.selectOptions(sheet.getByLabelText('For how long'), '4 h');
    await user.selectOptions(sheet.getByLabelText('Time zone of the window'), 'Europe/Berlin');
    await user.click(sheet.getByRole('checkbox', { name: 'SOC 2' }));
    await user.click(sheet.getByRole('button', { name: 'Save policy' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(inputs<PolicyChange>('save_policy')).toEqual([
      {
        id: null,
        version: 0,
        name: 'Monthly',
        policy: {
          rule: { when: 'cron', pattern: '0 4 * * 1', zone: 'Asia/Tokyo' },
          graceHours: 168,
          warningDays: 7,
          window: { days: [6, 7], opens: 120, minutes: 240, zone: 'Europe/Berlin' },
          frameworks: ['soc2'],
        },
      },
    ]);
  });

  it('is accessible with every field in sight', async () => {
    const { user } = await start();
    const sheet = await edit(user);
    await user.click(sheet.getByRole('radio', { name: 'Calendar' }));
    await expectNoViolations();
  });

  it('offers this machine’s time zone first', async () => {
    const { user } = await start();
    const sheet = await edit(user);
    const [first] = within(sheet.getByLabelText('Time zone of the window')).getAllByRole('option');
    expect(first).toHaveTextContent(Intl.DateTimeFormat().resolvedOptions().timeZone);
    expect(sheet.getByLabelText('Time zone of the window')).toHaveValue('Europe/Berlin');
  });

  it('takes a grace period of one’s own', async () => {
    const { inputs, user } = await start({ save_policy: () => WITH });
    const sheet = await edit(user);
    await user.selectOptions(sheet.getByLabelText('Grace period'), 'Another number of hours');
    await user.clear(sheet.getByLabelText('Hours'));
    await user.type(sheet.getByLabelText('Hours'), '48');
    expect(sheet.getByLabelText('Hours')).toBeVisible();
    await user.type(sheet.getByLabelText('Hours'), '0');
    await user.click(sheet.getByRole('button', { name: 'Save policy' }));
    await waitFor(() => expect(inputs('save_policy')).toHaveLength(1));
    expect(inputs<PolicyChange>('save_policy')[0]).toMatchObject({
      id: 'p1',
      version: 3,
      policy: { graceHours: 480 },
    });
  });

  it('shows the next dates, asks one at a time, and shows those of the newest', async () => {
    const works = [slow<PolicyMeaning>(), slow<PolicyMeaning>()];
    let asked = 0;
    const { inputs, user } = await start({
      try_policy: () => works[asked++]?.promise ?? FINE,
    });
    const sheet = await edit(user);
    await user.clear(sheet.getByLabelText('Days between two rotations'));
    await user.type(sheet.getByLabelText('Days between two rotations'), '365');
    expect(inputs('try_policy')).toHaveLength(1);
    works[0]?.end({ faults: [], next: [new Date(2001, 0, 6, 2).getTime()] });
    await waitFor(() => expect(inputs('try_policy')).toHaveLength(2));
    expect(screen.queryByText(/2001/)).toBeNull();
    expect(inputs<PolicyTrial>('try_policy')[1]?.policy.rule).toEqual({ when: 'every', days: 365 });
    works[1]?.end({ faults: [], next: [new Date(2002, 1, 9, 2).getTime()] });
    await screen.findByText('Sat 9 Feb 2002, 02:00');
  });

  it('marks faults at their fields and does not save them', async () => {
    const { inputs, user } = await start({
      try_policy: ({ policy }) => ({
        faults: policy.rule.when === 'every' && policy.rule.days > 365 ? ['days', 'window'] : [],
        next: [],
      }),
    });
    const sheet = await edit(user);
    const days = sheet.getByLabelText('Days between two rotations');
    await user.clear(days);
    await waitFor(() => expect(days).toBeInvalid());
    expect(days).toHaveAccessibleDescription('Type a whole number from 1 to 365.');
    expect(sheet.getByLabelText('Opens at')).toHaveAccessibleDescription(/a time as in 02:00/);
    await user.click(sheet.getByRole('checkbox', { name: 'Sat' }));
    expect(sheet.getByLabelText('Opens at')).toBeValid();
    expect(sheet.getByRole('group', { name: 'Days' })).toHaveAccessibleDescription(
      /at least one day/,
    );
    await expectNoViolations();
    await user.click(sheet.getByRole('button', { name: 'Save policy' }));
    expect(days).toHaveFocus();
    expect(inputs('save_policy')).toEqual([]);
    await user.type(days, '60');
    await waitFor(() => expect(days).toBeValid());
  });

  it('reckons with an expiry where the rule needs one', async () => {
    const { inputs, user } = await start();
    const sheet = await edit(user);
    await user.click(sheet.getByRole('radio', { name: 'Before expiry' }));
    await waitFor(() =>
      expect(inputs<PolicyTrial>('try_policy').at(-1)).toMatchObject({
        policy: { rule: { when: 'beforeExpiry', days: 14 } },
        expires: expect.any(Number),
      }),
    );
  });

  it('says at the name that it is missing or taken', async () => {
    const { user } = await start({ save_policy: refuse('name.taken', { name: 'Cards' }) });
    const sheet = await edit(user, 'New policy');
    await user.click(sheet.getByRole('button', { name: 'Save policy' }));
    expect(sheet.getByLabelText('Name')).toHaveAccessibleDescription('Type a name.');
    await user.type(sheet.getByLabelText('Name'), 'Cards');
    await user.click(sheet.getByRole('button', { name: 'Save policy' }));
    await waitFor(() =>
      expect(sheet.getByLabelText('Name')).toHaveAccessibleDescription(/of that name already/),
    );
    expect(sheet.getByLabelText('Name')).toHaveFocus();
  });

  it('keeps what was typed when somebody else changed it, and offers to load theirs', async () => {
    let view = WITH;
    const { inputs, user } = await start({
      list_policies: () => view,
      save_policy: refuse('vault.changed'),
    });
    const sheet = await edit(user);
    view = { ...USUAL, own: [{ ...PCI, version: 4, policy: every(45) }] };
    const days = sheet.getByLabelText('Days between two rotations');
    await user.clear(days);
    await user.type(days, '60');
    await user.click(sheet.getByRole('button', { name: 'Save policy' }));
    await sheet.findByText(/Somebody else changed this policy meanwhile/);
    expect(days).toHaveValue('60');
    await user.click(sheet.getByRole('button', { name: 'Load theirs' }));
    expect(sheet.getByLabelText('Days between two rotations')).toHaveValue('45');
    await user.click(sheet.getByRole('button', { name: 'Save policy' }));
    await waitFor(() => expect(inputs('save_policy')).toHaveLength(2));
    expect(inputs<PolicyChange>('save_policy').map(({ version }) => version)).toEqual([3, 4]);
  });
});

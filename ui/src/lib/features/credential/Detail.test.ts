import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CredentialView, NewValue, OpenVault } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { messages } from '$lib/design/toast.svelte';
import {
  accountView,
  noRotation,
  planView,
  rotationView,
  runRow,
  runView,
} from '$lib/features/rotation/testing/made';
import { binding } from '$lib/features/consumers/testing/made';
import { hit, radius } from '$lib/features/impact/testing/made';
import {
  openVault,
  refuse,
  sessionView,
  startSession,
  userError,
} from '$lib/features/vault/testing/made';
import Detail from './Detail.svelte';
import { Taking } from './taking.svelte';
import { credentialView, FORM_ANSWERS, weigh } from './testing/made';

const SECRET = 'sk_live_9fK2mQ7xZ4';
const entry = (number: number, action: string, detail = '') => ({
  number,
  at: 0,
  by: 'Ben',
  action,
  detail,
});

async function start(
  answers: Answers = {},
  vault: OpenVault = openVault(),
  more: Record<string, unknown> = {},
) {
  const { session, backend } = await startSession(sessionView({ vault }), {
    ...FORM_ANSWERS,
    // The secrets that are kept are not in the form.
    weigh_credential: weigh,
    read_credential: () => credentialView(),
    read_activity: () => [entry(8, 'credential.copied', 'version 2, secret')],
    reveal_value: () => ({ value: SECRET, until: Date.now() + 30_000 }),
    copy_value: () => ({ name: 'payment-gateway', until: null }),
    change_many: () => [{ id: 'c1', name: 'payment-gateway', problem: null }],
    read_rotation: () => noRotation(),
    read_radius: () => radius(),
    list_accounts: () => ({
      accounts: [accountView()],
      presets: [],
      usualAtOnce: {},
      faults: [],
      saved: null,
    }),
    ...answers,
  });
  const onback = vi.fn();
  const onopen = vi.fn();
  const taking = new Taking(session);
  const onrun = vi.fn();
  const onrotate = vi.fn();
  const onemergency = vi.fn();
  const { unmount } = render(Detail, {
    ...{ session, vault, taking, id: 'c1', onback, onopen, onrotate, onrun },
    onissuers: vi.fn(),
    onemergency,
    ...more,
  });
  const inputs = (name: string) =>
    backend.asked.filter((asked) => asked.name === name).map(({ input }) => input);
  return {
    backend,
    user: userEvent.setup(),
    onback,
    onopen,
    onrotate,
    onrun,
    onemergency,
    inputs,
    unmount,
  };
}

const heading = () => screen.findByRole('heading', { name: 'payment-gateway' });
const reveal = () => screen.getByRole('button', { name: 'Reveal Secret' });
// jsdom lays nothing out, and bits-ui hides a menu whose trigger has no box in the window.
const hidden = true;
const menu = async (user: ReturnType<typeof userEvent.setup>, item: string) => {
  await user.click(screen.getByRole('button', { name: 'More actions' }));
  await user.click(await screen.findByText(item));
};

afterEach(() => vi.useRealTimers());

describe('the page of a credential', () => {
  it('shows what it is, without its secret', async () => {
    await start();
    await heading();
    expect(screen.getByText('key_8f2c')).toBeVisible();
    expect(screen.getByText('Revealed 2 times, copied 14 times')).toBeVisible();
    expect(await screen.findByText(/Secret of version 2 copied by/)).toBeVisible();
    expect(screen.getByRole('img', { name: /^Version 2 is current since/ })).toBeInTheDocument();
    expect(document.body.innerHTML).not.toContain(SECRET);
    await expectNoViolations();
  });

  it('names who uses it, and leads to where that is changed', async () => {
    const { user } = await start({ read_rotation: () => rotationView({ bindings: [binding()] }) });
    await heading();
    const list = within(await screen.findByRole('list', { name: 'Consumers' }));
    expect(await list.findByText(binding().consumerName)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Change or test consumers' }));
    expect(screen.getByRole('tab', { name: 'Rotation' })).toHaveAttribute('aria-selected', 'true');
  });

  it('knows its place in the list, and goes on in it', async () => {
    const onstep = vi.fn();
    const { user } = await start({}, openVault(), { place: { at: 0, total: 152 }, onstep });
    await heading();
    expect(screen.getByText('1 of 152')).toBeVisible();
    await user.keyboard('[[');
    expect(onstep).not.toHaveBeenCalled();
    await user.keyboard(']');
    await user.click(screen.getByRole('button', { name: 'Next credential' }));
    expect(onstep.mock.calls).toEqual([[1], [1]]);
    await expectNoViolations();
  });

  it('leaves single keys alone where they are switched off', async () => {
    const onstep = vi.fn();
    const { user } = await start({}, openVault(), {
      ...{ place: { at: 3, total: 152 }, onstep, singleKeys: false },
    });
    await heading();
    await user.keyboard(']');
    expect(onstep).not.toHaveBeenCalled();
  });

  it('says what of it cannot be read', async () => {
    const view = credentialView();
    view.credential.unread = ['kind', 'fields'];
    await start({ read_credential: () => view });
    await heading();
    expect(screen.getByText(/^This cannot be read here: kind, fields\./)).toBeVisible();
  });

  it('says that it is gone, with a way back', async () => {
    const { user, onback } = await start({ read_credential: refuse('credential.gone') });
    await screen.findByRole('heading', { name: 'This credential is gone' });
    await user.click(screen.getByRole('button', { name: 'Back to the inventory' }));
    expect(onback).toHaveBeenCalledOnce();
  });

  it('says why it cannot be read, and reads it again', async () => {
    let broken = true;
    const { user } = await start({
      read_credential: () => {
        if (broken) refuse('vault.unreadable', { reason: 'gone', file: '/v' })();
        return credentialView();
      },
    });
    await screen.findByRole('region', { name: 'Vault not readable' });
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await heading();
  });

  it('is read again when the inventory changes', async () => {
    let name = 'payment-gateway';
    const { backend } = await start({ read_credential: () => credentialView({ row: { name } }) });
    await heading();
    name = 'payment-gate';
    backend.tell('inventory_changed', null);
    await screen.findByRole('heading', { name: 'payment-gate' });
  });

  it('has tabs that arrows move between', async () => {
    const { user } = await start();
    await heading();
    screen.getByRole('tab', { name: 'Overview' }).focus();
    await user.keyboard('{ArrowRight}');
    expect(screen.getByRole('tab', { name: 'Policy' })).toHaveFocus();
    expect(screen.getByRole('tabpanel', { name: 'Policy' })).toHaveTextContent('Every 30 days');
    await expectNoViolations();
    await user.keyboard('{ArrowRight}{ArrowRight}');
    const row = within(screen.getByRole('tabpanel')).getByRole('row', { name: /^v1/ });
    expect(row).toHaveTextContent(/Previous.*key_old/);
    await expectNoViolations();
    await user.keyboard('{Home}');
    expect(screen.getByRole('tab', { name: 'Overview' })).toHaveAttribute('aria-selected', 'true');
  });

  it('shows older activity when asked, until its beginning', async () => {
    const { user, inputs } = await start({
      read_activity: ({ before }) =>
        before === null ? [entry(8, 'credential.shredded')] : [entry(2, 'credential.added')],
    });
    await heading();
    await user.click(screen.getByRole('tab', { name: 'Activity' }));
    expect(await screen.findByText(/credential\.shredded by/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Show more' }));
    expect(await screen.findByText(/Added by/)).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
    expect(inputs('read_activity').at(-1)).toEqual({ id: 'c1', before: 8 });
  });

  it('goes back with Escape, but not while a menu is open', async () => {
    const { user, onback } = await start();
    await heading();
    await user.click(screen.getByRole('button', { name: 'More actions' }));
    await screen.findByRole('menu', { hidden });
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('menu', { hidden })).toBeNull());
    expect(onback).not.toHaveBeenCalled();
    await user.keyboard('{Escape}');
    expect(onback).toHaveBeenCalledOnce();
  });

  it('says why a role can neither use nor change it', async () => {
    const { user, inputs } = await start({}, openVault({ role: 'auditor', may: ['see', 'audit'] }));
    await heading();
    expect(reveal()).toHaveAccessibleDescription('Your role, Auditor, does not use secrets.');
    expect(screen.getByRole('button', { name: 'New value' })).toHaveAccessibleDescription(
      'Your role, Auditor, does not replace secrets.',
    );
    await user.keyboard('{Control>}c{/Control}');
    expect(inputs('copy_value')).toEqual([]);
  });

  it('gives no secret out in a vault that is open elsewhere, as the audit log would not have it', async () => {
    const readOnly = { process: 1, computer: 'desk', since: 0 };
    const { user, inputs } = await start({}, openVault({ readOnly }));
    await heading();
    expect(reveal()).toHaveAccessibleDescription(
      /^The vault is open elsewhere\. Here no secret is shown or copied, as .* audit log\.$/,
    );
    await user.keyboard('{Control>}c{/Control}');
    expect(inputs('copy_value')).toEqual([]);
    expect(screen.getByRole('button', { name: 'Edit' })).toHaveAttribute('aria-disabled', 'true');
  });
});

describe('revealing', () => {
  async function shown() {
    const made = await start();
    await heading();
    vi.useFakeTimers();
    await fireEvent.click(reveal());
    await vi.waitFor(() => expect(screen.getByText(SECRET)).toBeVisible());
    return made;
  }

  it('counts down and hides it again after its time', async () => {
    await shown();
    expect(screen.getByText('0:30')).toBeVisible();
    await vi.advanceTimersByTimeAsync(29_000);
    expect(screen.getByText(SECRET)).toBeVisible();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(screen.queryByText(SECRET)).toBeNull();
    expect(document.body.innerHTML).not.toContain(SECRET);
  });

  it('hides it when the window loses focus', async () => {
    await shown();
    await fireEvent.blur(window);
    expect(document.body.innerHTML).not.toContain(SECRET);
  });

  it('hides it when another part is opened', async () => {
    await shown();
    await fireEvent.click(screen.getByRole('tab', { name: /^Versions/ }));
    await fireEvent.click(screen.getByRole('tab', { name: 'Overview' }));
    expect(document.body.innerHTML).not.toContain(SECRET);
  });

  it('shows nothing that arrives after the page was left', async () => {
    const { unmount } = await shown();
    unmount();
    expect(document.body.innerHTML).not.toContain(SECRET);
  });

  it('is done by keys, and so is copying', async () => {
    const { user, inputs } = await start();
    await heading();
    await user.keyboard('{Control>}{Shift>}r{/Shift}{/Control}');
    expect(await screen.findByText(SECRET)).toBeVisible();
    await user.keyboard('{Control>}c{/Control}');
    await user.keyboard('{Control>}b{/Control}');
    expect(inputs('copy_value')).toEqual([
      { id: 'c1', number: null, field: null, passphrase: null },
      { id: 'c1', number: null, field: 'keyId', passphrase: null },
    ]);
  });

  it('says how long the secret is, without it', async () => {
    await start();
    await heading();
    expect(screen.getByText('64 characters, up to 381 bits')).toBeVisible();
  });

  it('is shown at once where that was asked for', async () => {
    await start({}, openVault(), { reveals: true });
    expect(await screen.findByText(SECRET)).toBeVisible();
    expect(screen.queryByText('64 characters, up to 381 bits')).toBeNull();
  });

  it('takes one version by its number', async () => {
    const { user, inputs } = await start();
    await heading();
    await user.click(screen.getByRole('tab', { name: /^Versions/ }));
    await user.click(screen.getByRole('button', { name: 'Reveal version 1' }));
    expect(await screen.findByText(SECRET)).toBeVisible();
    expect(inputs('reveal_value')).toEqual([
      { id: 'c1', number: 1, field: 'secret', passphrase: null },
    ]);
  });

  it('puts the previous version back into use while the run that replaced it can', async () => {
    let canUndo = true;
    const { user, inputs, onrun } = await start({
      read_rotation: () => rotationView({ runs: [runRow()] }),
      read_run: () => runView({ canUndo }),
      ask_run: () => runView({ row: { undoing: true } }),
    });
    await heading();
    await user.click(screen.getByRole('tab', { name: /^Versions/ }));
    const back = await screen.findByRole('button', { name: 'Put version 1 back into use' });
    await user.click(back);
    await waitFor(() => expect(onrun).toHaveBeenCalledWith('r1'));
    expect(inputs('ask_run')).toEqual([{ id: 'r1', wish: 'undo', seen: 7 }]);
    canUndo = false;
    await user.click(back);
    await waitFor(() => expect(inputs('read_run')).toHaveLength(2));
    expect(inputs('ask_run')).toHaveLength(1);
    expect(messages.visible.at(-1)?.text).toMatch(/can’t be put back any more/);
  });

  it('is not put back where no run could do that', async () => {
    const { user } = await start();
    await heading();
    await user.click(screen.getByRole('tab', { name: /^Versions/ }));
    expect(screen.getByRole('button', { name: 'Reveal version 1' })).toBeVisible();
    expect(screen.queryByRole('button', { name: /back into use/ })).toBeNull();
  });
});

describe('changing it', () => {
  const theirs = () =>
    credentialView({ row: { version: 4 }, metadata: { environment: 'staging', owner: 'finance' } });

  it('keeps what was typed when somebody else saved first, and never overwrites theirs', async () => {
    let there: CredentialView = credentialView();
    const { user, inputs } = await start({
      read_credential: () => there,
      change_credential: ({ version }) => {
        if (version !== there.credential.row.version) return refuse('vault.changed')();
        return there;
      },
    });
    await heading();
    await user.click(screen.getByRole('button', { name: 'Edit' }));
    const sheet = within(await screen.findByRole('dialog', { name: 'Edit payment-gateway' }));
    await user.clear(sheet.getByLabelText('Owner'));
    await user.type(sheet.getByLabelText('Owner'), 'data');
    there = theirs();
    const save = sheet.getByRole('button', { name: /^Save credential/ });
    await user.click(save);
    expect(await sheet.findByRole('alert')).toHaveTextContent(/Somebody else changed/);
    expect(sheet.getByLabelText('Owner')).toHaveValue('data');
    await user.click(sheet.getByRole('button', { name: 'Load theirs' }));
    expect(sheet.getByLabelText('Owner')).toHaveValue('finance');
    expect(sheet.getByLabelText('Environment')).toHaveValue('staging');
    // Only what the person typed is listed, not what somebody else changed.
    const lines = sheet.getAllByRole('definition').map(({ textContent }) => textContent);
    expect(lines).toEqual(['data']);
    await expectNoViolations();
    await user.click(save);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(
      inputs('change_credential').map((input) => (input as { version: number }).version),
    ).toEqual([3, 4]);
  });

  it('gives it a new value, with the fields that are not typed left as they are', async () => {
    const { user, inputs } = await start({ replace_value: () => credentialView() });
    await heading();
    await user.click(screen.getByRole('button', { name: 'New value' }));
    const sheet = within(await screen.findByRole('dialog', { name: /^New value for/ }));
    const save = sheet.getByRole('button', { name: /^Save new value/ });
    await user.click(save);
    expect(await sheet.findByRole('alert')).toHaveTextContent('Type, paste or generate');
    await user.type(sheet.getByLabelText('Secret'), 'fresh');
    await expectNoViolations();
    await user.click(save);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(inputs('replace_value')).toEqual([
      {
        id: 'c1',
        version: 3,
        fields: { keyId: 'key_8f2c', '+console': 'console.example' },
        expires: null,
        secrets: { secret: 'fresh' },
      },
    ]);
  });

  it('gives it a new value without the secrets that were removed', async () => {
    const kind = 'oauthClient';
    const view = credentialView({ row: { kind }, metadata: { kind, fields: { clientId: 'crm' } } });
    view.credential.versions[0]!.fields = ['clientSecret', 'refreshToken', '+pin', '+puk'];
    const { user, inputs } = await start({
      read_credential: () => view,
      weigh_credential: (input) => ({ ...weigh(input), faults: [] }),
      replace_value: () => view,
    });
    await heading();
    await user.click(screen.getByRole('button', { name: 'New value' }));
    const sheet = within(await screen.findByRole('dialog', { name: /^New value for/ }));
    expect(sheet.queryByRole('button', { name: 'Remove Client secret' })).toBeNull();
    expect(sheet.queryByRole('button', { name: 'Remove Access token' })).toBeNull();
    await user.click(sheet.getByRole('button', { name: 'Remove Refresh token' }));
    expect(sheet.getByLabelText('Refresh token')).toHaveAccessibleDescription(
      'It is removed when you save.',
    );
    await user.click(sheet.getByRole('button', { name: 'Keep Refresh token' }));
    expect(sheet.getByLabelText('Refresh token')).toHaveAccessibleDescription(
      'Empty, it stays as it is.',
    );
    await user.click(sheet.getByRole('button', { name: 'Remove Refresh token' }));
    expect(sheet.getByLabelText('Name of field 1')).toHaveValue('pin');
    await user.click(sheet.getByRole('button', { name: 'Remove field 1' }));
    expect(sheet.getByLabelText('Name of field 1')).toHaveValue('puk');
    await expectNoViolations();
    await user.click(sheet.getByRole('button', { name: /^Save new value/ }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(inputs('replace_value')).toMatchObject([{ secrets: { refreshToken: '', '+pin': '' } }]);
    expect(Object.keys((inputs('replace_value')[0] as NewValue).secrets)).toHaveLength(2);
  });

  it('goes into an emergency from its menu', async () => {
    const { user, onemergency } = await start();
    await heading();
    await menu(user, 'Emergency…');
    expect(onemergency).toHaveBeenCalledWith('chosen', { of: 'credentials', ids: ['c1'] });
  });

  it('archives it, and opens its copy', async () => {
    const copy = credentialView({ row: { id: 'c2' } });
    const { user, inputs, onopen } = await start({ duplicate_credential: () => copy });
    await heading();
    await menu(user, 'Archive');
    await waitFor(() =>
      expect(inputs('change_many')).toEqual([
        { seen: [{ id: 'c1', version: 3 }], change: { to: 'archive' } },
      ]),
    );
    await menu(user, 'Duplicate');
    await waitFor(() => expect(onopen).toHaveBeenCalledWith('c2'));
  });

  it('changes the policy', async () => {
    const { user, inputs } = await start({ try_policy: () => ({ faults: [], next: [0] }) });
    await heading();
    await user.click(screen.getByRole('button', { name: 'Change policy' }));
    const choice = await screen.findByRole('combobox', { name: 'Follow another policy' });
    await waitFor(() => expect(choice).toHaveTextContent('Weekly'));
    await user.selectOptions(choice, 'p1');
    expect(await screen.findByText(/Its next dates would be/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Change policy' }));
    await waitFor(() =>
      expect(inputs('change_many')).toEqual([
        { seen: [{ id: 'c1', version: 3 }], change: { to: 'policy', policy: 'p1' } },
      ]),
    );
  });

  it('keeps the chosen policy when the inventory changes meanwhile', async () => {
    let name = 'payment-gateway';
    const { backend, user } = await start({
      read_credential: () => credentialView({ row: { name } }),
      try_policy: () => ({ faults: [], next: [0] }),
    });
    await heading();
    await user.click(screen.getByRole('button', { name: 'Change policy' }));
    const choice = await screen.findByRole('combobox', { name: 'Follow another policy' });
    await waitFor(() => expect(choice).toHaveTextContent('Weekly'));
    await user.selectOptions(choice, 'p1');
    name = 'payment-gate';
    backend.tell('inventory_changed', null);
    await screen.findByRole('heading', { name });
    expect(choice).toHaveValue('p1');
  });

  it('keeps the policy that somebody else changed meanwhile, and says so', async () => {
    const problem = userError('vault.changed');
    const { user, inputs } = await start({
      change_many: () => [{ id: 'c1', name: 'payment-gateway', problem }],
    });
    await heading();
    const read = inputs('read_credential').length;
    await user.click(screen.getByRole('button', { name: 'Change policy' }));
    const choice = await screen.findByRole('combobox', { name: 'Follow another policy' });
    await user.selectOptions(choice, 'none');
    await user.click(screen.getByRole('button', { name: 'Change policy' }));
    expect(await screen.findByText('Changed meanwhile')).toBeVisible();
    expect(inputs('read_credential').length).toBeGreaterThan(read);
  });
});

describe('pausing it', () => {
  it('shows whom that reaches first', async () => {
    const { user, inputs } = await start({ read_radius: () => radius({ consumers: [hit()] }) });
    await heading();
    await menu(user, 'Pause');
    const question = await screen.findByRole('dialog', { name: 'Pause payment-gateway?' });
    await waitFor(() => expect(question).toHaveTextContent(/Blast radius: 1 consumer.*web-app/));
    expect(inputs('change_many')).toEqual([]);
    await user.click(within(question).getByRole('button', { name: 'Pause' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(inputs('change_many')).toMatchObject([{ change: { to: 'pause' } }]);
  });
});

describe('deleting it', () => {
  it('needs its name', async () => {
    const { user, inputs, onback } = await start({
      delete_credentials: () => [{ id: 'c1', name: 'payment-gateway', problem: null }],
      read_radius: () => radius({ consumers: [hit()] }),
    });
    await heading();
    await menu(user, 'Delete');
    const question = await screen.findByRole('alertdialog', { name: 'Delete payment-gateway?' });
    await waitFor(() => expect(question).toHaveTextContent(/Blast radius: 1 consumer.*web-app/));
    await expectNoViolations();
    const field = within(question).getByLabelText('Type payment-gateway to delete it');
    await user.type(field, 'payment{Enter}');
    await waitFor(() => expect(field).toBeInvalid());
    expect(inputs('delete_credentials')).toEqual([]);
    await user.clear(field);
    await user.type(field, 'payment-gateway{Enter}');
    await waitFor(() => expect(onback).toHaveBeenCalledOnce());
    expect(inputs('delete_credentials')).toEqual([{ ids: ['c1'], typed: 'payment-gateway' }]);
  });

  it.each([
    ['admin', openVault().may, false],
    ['reader', ['see', 'useSecrets'], true],
  ] as const)('is for who changes credentials: %s', async (role, may, isRefused) => {
    const { user } = await start({}, openVault({ role, may: [...may] }));
    await heading();
    await user.click(screen.getByRole('button', { name: 'More actions' }));
    const item = (await screen.findByText('Delete')).closest('[role="menuitem"]');
    expect(item?.getAttribute('aria-disabled') === 'true').toBe(isRefused);
  });
});

describe('the rotation of a credential', () => {
  it('is the primary action once it is set up, and runs after two clicks', async () => {
    const { user, inputs, onrun } = await start({
      read_rotation: () => rotationView(),
      plan_rotation: () => planView(),
      begin_rotation: () => runView(),
    });
    await user.click(await screen.findByRole('button', { name: 'Rotate…' }));
    await screen.findByRole('heading', { name: 'Could not be checked' });
    await user.click(screen.getByRole('button', { name: 'Rotate now' }));
    await waitFor(() => expect(onrun).toHaveBeenCalledWith('r1'));
    expect(inputs('begin_rotation')).toEqual([{ credential: 'c1', consent: false }]);
  });

  it('leads to the run that is under way', async () => {
    const { user, onrun } = await start({
      read_rotation: () => rotationView({ runs: [runRow({ id: 'r9', status: 'waiting' })] }),
    });
    await user.click(await screen.findByRole('button', { name: 'Show rotation' }));
    expect(onrun).toHaveBeenCalledWith('r9');
    expect(screen.queryByRole('button', { name: 'Rotate…' })).toBeNull();
  });

  it('is asked for by Mod+R, but not while something is open above', async () => {
    const { user, onrotate } = await start({}, openVault({ role: 'rotator', may: ['rotate'] }));
    await heading();
    await user.keyboard('{Control>}r{/Control}');
    expect(onrotate).toHaveBeenCalledExactlyOnceWith({ id: 'c1', name: 'payment-gateway' });
    await user.click(screen.getByRole('button', { name: 'New value' }));
    await screen.findByRole('dialog');
    await user.keyboard('{Control>}r{/Control}');
    expect(onrotate).toHaveBeenCalledOnce();
  });

  it('has a tab of its own, which offers to set it up', async () => {
    const { user } = await start();
    await heading();
    expect(screen.queryByRole('button', { name: 'Rotate…' })).toBeNull();
    await user.click(screen.getByRole('tab', { name: 'Rotation' }));
    await user.click(await screen.findByRole('button', { name: 'Set up rotation' }));
    expect(await screen.findByRole('dialog', { name: 'Set up rotation' })).toBeVisible();
  });
});

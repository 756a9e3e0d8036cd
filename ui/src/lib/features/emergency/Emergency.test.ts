import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { Cause, NewIncident, OpenVault } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { openVault, refuse, sessionView, startSession } from '$lib/features/vault/testing/made';
import Emergency from './Emergency.svelte';
import { incidentRow, incidentView } from './testing/made';

const DANA = {
  id: 'm2',
  name: 'Dana',
  role: 'rotator' as const,
  you: false,
  added: 0,
  lastUnlocked: null,
  invitedUntil: null,
  fingerprint: '9f3a',
  canChange: true,
};

async function start(
  answers: Answers = {},
  cause: Cause | null = null,
  vault: OpenVault = openVault(),
) {
  const { session, backend } = await startSession(sessionView({ vault }), {
    list_incidents: () => ({ incidents: [] }),
    list_members: () => ({ members: [DANA], revision: 1 }),
    open_incident: () => incidentView(),
    ...answers,
  });
  const onincident = vi.fn();
  render(Emergency, { session, vault, cause, onincident });
  const opened = () =>
    backend.asked.filter(({ name }) => name === 'open_incident').at(-1)?.input as NewIncident;
  return { backend, opened, onincident, user: userEvent.setup() };
}

const show = () => screen.findByRole('button', { name: 'Show what is affected' });

describe('the beginning of an emergency', () => {
  it('searches a pasted text for the values of the vault', async () => {
    const { opened, onincident, user } = await start();
    expect(await show()).toHaveAttribute('aria-disabled', 'true');
    await expectNoViolations();
    await user.type(screen.getByLabelText('Text'), 'curl -H fixture');
    await user.click(await show());
    expect(opened()).toEqual({
      cause: 'leaked',
      drill: false,
      scope: { of: 'leak', look: { in: 'text', text: 'curl -H fixture' } },
    });
    await vi.waitFor(() => expect(onincident).toHaveBeenCalledWith('i1'));
  });

  it('takes a file or folder that is dropped on it', async () => {
    const { backend, opened, user } = await start();
    await show();
    backend.tell('file_dropped', { file: '/home/ana/dump.log' });
    expect(await screen.findByText('/home/ana/dump.log')).toBeVisible();
    await user.click(await show());
    expect(opened().scope).toEqual({
      of: 'leak',
      look: { in: 'file', file: '/home/ana/dump.log' },
    });
  });

  it('needs two clicks from who left to what they knew', async () => {
    const { opened, user } = await start();
    await user.click(await screen.findByRole('radio', { name: 'Someone left' }));
    await user.click(await screen.findByRole('button', { name: /^Dana/ }));
    expect(opened()).toMatchObject({ cause: 'left', scope: { of: 'member', id: 'm2' } });
  });

  it('begins where the tray led to', async () => {
    await start({}, 'machineLost');
    expect(await screen.findByRole('radio', { name: 'A machine is lost' })).toBeChecked();
    expect(await screen.findByRole('list', { name: 'Whose machine?' })).toHaveTextContent('Dana');
    await expectNoViolations();
  });

  it('takes in what a question finds', async () => {
    const { opened, user } = await start();
    await user.click(await screen.findByRole('radio', { name: 'Something else' }));
    await user.type(await screen.findByLabelText('Question'), 'tag:payments{Enter}');
    expect(opened()).toMatchObject({ scope: { of: 'query', query: 'tag:payments' } });
  });

  it('says where there is no issuer account', async () => {
    const accounts = { accounts: [], unread: [], faults: [], saved: null, presets: [] };
    const { user } = await start({ list_accounts: () => accounts as never });
    await user.click(await screen.findByRole('radio', { name: 'An issuer was breached' }));
    expect(await screen.findByText(/No issuer account is set up/)).toBeVisible();
  });

  it('says that nothing of the vault is in a text, and what next', async () => {
    const { onincident, user } = await start({ open_incident: refuse('incident.nothing') });
    await user.type(await screen.findByLabelText('Text'), 'nothing');
    await user.click(await show());
    expect(await screen.findByText('Nothing of this vault is in it')).toBeVisible();
    expect(onincident).not.toHaveBeenCalled();
  });

  it('counts as a drill in the demo, and where it is said to be one', async () => {
    const { opened, user } = await start();
    await user.click(await screen.findByRole('switch', { name: 'This is a drill' }));
    await user.click(await screen.findByRole('radio', { name: 'Someone left' }));
    await user.click(await screen.findByRole('button', { name: /^Dana/ }));
    expect(opened().drill).toBe(true);
  });

  it('says why a reader can begin nothing', async () => {
    await start({}, 'left', openVault({ role: 'reader', may: ['see'] }));
    expect(await screen.findByRole('button', { name: /^Dana/ })).toBeDisabled();
  });

  it('lists those that are open and those that were, and what a drill took', async () => {
    const closed = { by: 'Ana', at: 9, reason: '' };
    const drill = incidentRow({
      ...{ id: 'i2', reference: 'DRILL-2026-001', drill: true, closed },
      ...{ opened: 0, started: 20_000, taken: 14, refused: 14, allRefused: 160_000 },
    });
    const { onincident, user } = await start({
      list_incidents: () => ({ incidents: [incidentRow(), drill] }),
    });
    const open = await screen.findByRole('list', { name: 'Open incidents' });
    expect(open).toHaveTextContent(/INC-2026-007.*2 credentials, not started/);
    expect(
      screen.getByText('Your team needs 2:40 from alarm to everything revoked (14 credentials).'),
    ).toBeVisible();
    const were = screen.getByRole('list', { name: 'Closed incidents' });
    expect(were).toHaveTextContent(/DRILL-2026-001.*all 14 refused after 2:20/);
    await expectNoViolations();
    await user.click(within(open).getByRole('button'));
    expect(onincident).toHaveBeenCalledWith('i1');
  });
});

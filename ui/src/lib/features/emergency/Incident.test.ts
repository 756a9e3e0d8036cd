import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { IncidentChange, IncidentView, OpenVault } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { messages } from '$lib/design/toast.svelte';
import { Taking } from '$lib/features/credential/taking.svelte';
import { BEGUN, runRow, stepsAt, stoppedRun } from '$lib/features/rotation/testing/made';
import { openVault, refuse, sessionView, startSession } from '$lib/features/vault/testing/made';
import Incident from './Incident.svelte';
import { byHandItem, incidentItem, incidentRun, incidentView, startedView } from './testing/made';

async function start(
  view: IncidentView = incidentView(),
  answers: Answers = {},
  vault: OpenVault = openVault(),
) {
  let now = view;
  const { session, backend } = await startSession(sessionView({ vault }), {
    read_incident: () => now,
    change_incident: () => now,
    start_incident: () => (now = startedView()),
    try_incident: () => ({ tried: [], incident: now }),
    ...answers,
  });
  const on = { onback: vi.fn(), onopen: vi.fn(), onrun: vi.fn() };
  render(Incident, { session, vault, taking: new Taking(session), id: 'i1', ...on });
  await screen.findByRole('heading', { level: 1 });
  const inputs = <T>(name: string) =>
    backend.asked.filter((asked) => asked.name === name).map(({ input }) => input as T);
  const changes = () => inputs<IncidentChange>('change_incident').map(({ change }) => change);
  return { ...on, inputs, changes, user: userEvent.setup() };
}

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true, now: BEGUN + 108_000 });
});

afterEach(() => {
  vi.useRealTimers();
  messages.clear();
});

const press = (name: string | RegExp) => screen.getByRole('button', { name });

describe('scope and plan', () => {
  it('tell why each is in it, what it means, and how long there is left', async () => {
    await start();
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent(
      'A computer of Dana is lost',
    );
    const items = screen.getByRole('list', { name: 'Credentials in it' });
    expect(within(items).getAllByRole('listitem')[0]).toHaveTextContent(
      /payment-gateway.*copied 3 d ago.*1 consumer.*High/,
    );
    expect(within(items).getByLabelText('Deal with staging-cache')).not.toBeChecked();
    expect(screen.getByRole('list', { name: 'Time left' })).toHaveTextContent(
      /API keys.*1 open.*at once.*Database logins.*3:58:12.*4 h limit/,
    );
    const waves = within(screen.getByRole('list', { name: 'Waves' })).getAllByRole('listitem');
    expect(waves[0]).toHaveTextContent(/Wave 1.*1 credential.*without an outage/);
    expect(waves[1]).toHaveTextContent(/Wave 2.*orders-db.*~90 s.*mobile-backend/);
    expect(screen.getByRole('radio', { name: 'Revoke first' })).toBeChecked();
    expect(screen.getByText(/2 services fail until they have the new value/)).toBeVisible();
    await expectNoViolations();
  });

  it('ask for a reason before one is left as it is', async () => {
    const { changes, user } = await start();
    await user.click(screen.getByLabelText('Deal with orders-db'));
    const question = await screen.findByRole('dialog', { name: 'Leave orders-db as it is?' });
    await user.click(within(question).getByRole('button', { name: 'Leave it out' }));
    expect(changes()).toEqual([]);
    expect(within(question).getByText(/Say why/)).toBeVisible();
    await user.type(within(question).getByLabelText('Why'), 'not on that machine{Enter}');
    expect(changes()).toEqual([
      {
        ...{ of: 'item', credential: 'c2', taken: false, order: null },
        reason: 'not on that machine',
      },
    ]);
  });

  it('take one in with a click', async () => {
    const { changes, user } = await start();
    await user.click(screen.getByLabelText('Deal with staging-cache'));
    expect(changes()).toMatchObject([{ credential: 'c9', taken: true }]);
  });

  it('change the order', async () => {
    const { changes, user } = await start();
    await user.click(screen.getByRole('radio', { name: 'Rotate first' }));
    expect(changes()).toEqual([{ of: 'order', order: 'rotateFirst' }]);
  });

  it('simulate without a change', async () => {
    const check = (found: 'good' | 'bad') => ({
      ...{ what: 'account' as const, consumer: null, found, trouble: null },
    });
    const { inputs, user } = await start(incidentView(), {
      plan_rotation: ({ credential }) =>
        ({ checks: [check(credential === 'c2' ? 'bad' : 'good')] }) as never,
    });
    await user.click(press('Simulate'));
    expect(await screen.findByText('would go well')).toBeVisible();
    expect(screen.getByText('1 check failed')).toBeVisible();
    expect(inputs('plan_rotation')).toHaveLength(2);
    expect(inputs('start_incident')).toEqual([]);
  });

  it('start after the reference was typed, where production goes down', async () => {
    let refused = true;
    const { inputs, user } = await start(incidentView({ asksReference: true }), {
      start_incident: (input) => {
        if (refused) return refuse('incident.mistyped', { reference: 'INC-2026-007' })() as never;
        expect(input.typed).toBe('INC-2026-007');
        return startedView();
      },
    });
    await user.click(press('Start 2 rotations'));
    expect(await screen.findByText(/is not INC-2026-007/)).toBeVisible();
    refused = false;
    await user.type(screen.getByLabelText(/Type the incident number/), 'INC-2026-007{Enter}');
    expect(await screen.findByRole('table', { name: 'What is being done' })).toBeVisible();
    expect(inputs('start_incident')).toHaveLength(2);
  });

  it('keep since when somebody may have used a value', async () => {
    const { changes, user } = await start();
    const field = screen.getByLabelText(/Since when/);
    await user.type(field, '2026-11-14T08:30');
    field.dispatchEvent(new Event('change', { bubbles: true }));
    await vi.waitFor(() =>
      expect(changes()).toEqual([{ of: 'earliest', at: new Date('2026-11-14T08:30').getTime() }]),
    );
  });

  it('say why a reader can start nothing', async () => {
    await start(incidentView(), {}, openVault({ role: 'reader', may: ['see'] }));
    expect(press('Start 2 rotations')).toHaveAttribute('aria-disabled', 'true');
    expect(screen.getByLabelText('Deal with orders-db')).toBeDisabled();
  });
});

describe('what is being done', () => {
  it('stands in groups: what needs somebody first', async () => {
    const { user, onopen, onrun } = await start(startedView());
    const groups = screen.getAllByRole('rowheader').map((cell) => cell.textContent.trim());
    expect(groups).toEqual([
      expect.stringMatching(/Needs you\s+1/),
      'legacy-crm',
      expect.stringMatching(/Running and waiting\s+1/),
      'orders-db',
      expect.stringMatching(/Done\s+1/),
      'payment-gateway',
    ]);
    expect(
      screen.getByText(/1 of 3 old values are refused; orders-db, legacy-crm are not yet/),
    ).toBeVisible();
    expect(screen.getByRole('row', { name: /payment-gateway/ })).toHaveTextContent(
      /3 of 3.*refused.*Refused/,
    );
    expect(screen.getByRole('row', { name: /orders-db/ })).toHaveTextContent(/1 of 3/);
    await expectNoViolations();
    await user.click(press('orders-db'));
    expect(onrun).toHaveBeenCalledWith('r2');
    await user.click(press('Open legacy-crm'));
    expect(onopen).toHaveBeenCalledWith('c3');
  });

  it('is said by somebody where nothing can tell', async () => {
    const { changes, user } = await start(startedView());
    await user.click(press('The old value of legacy-crm is refused'));
    expect(changes()).toEqual([{ of: 'said', credential: 'c3' }]);
  });

  it('leads through a step that a person does, in place', async () => {
    const stopped = runRow({ id: 'r2', credential: 'c2', status: 'needsAttention' });
    const item = incidentItem({
      ...{ credential: 'c2', name: 'orders-db' },
      run: incidentRun({ row: { ...stopped, trouble: { what: 'stillUsed' } } }),
    });
    const { inputs, user } = await start(startedView({ items: [item], row: { taken: 1 } }), {
      read_run: () => stoppedRun({ row: { id: 'r2', trouble: { what: 'noRoom' } } }),
      ask_run: () => stoppedRun(),
    });
    await user.click(press('Go on with orders-db'));
    const sheet = await screen.findByRole('dialog');
    await expectNoViolations();
    await user.click(within(sheet).getByRole('button', { name: /again|continue/i }));
    expect(inputs('ask_run')).toHaveLength(1);
  });

  it('is over when every old value is refused', async () => {
    const items = [
      incidentItem({
        ...{ outcome: 'revokedVerified', refused: BEGUN + 70_000, renewed: true },
        run: incidentRun({
          ...{ row: runRow({ status: 'done' }), steps: stepsAt(8) },
          ...{ delivered: 3, well: 3 },
        }),
      }),
    ];
    const row = { taken: 1, refused: 1, allRefused: BEGUN + 70_000 };
    await start(startedView({ items, row }));
    expect(await screen.findByText('Is every old value refused?')).toBeVisible();
  });
});

describe('the proof', () => {
  const verify = async (view: IncidentView, answers: Answers = {}) => {
    const all = await start(view, answers);
    await all.user.click(screen.getByRole('button', { name: 'Verify' }));
    return all;
  };

  it('tries each old value at once, and says what came of it', async () => {
    const { inputs } = await verify(startedView(), {
      try_incident: () => ({
        tried: [
          { credential: 'c1', refused: true, problem: null },
          { credential: 'c2', refused: null, problem: null },
        ],
        incident: startedView(),
      }),
    });
    const list = await screen.findByRole('list', { name: 'Old values' });
    await vi.waitFor(() => expect(inputs('try_incident')).toHaveLength(1));
    const rows = within(list).getAllByRole('listitem');
    expect(rows[0]).toHaveTextContent(/payment-gateway.*Refused.*3 of 3 consumers have it/);
    await vi.waitFor(() => expect(rows[1]).toHaveTextContent(/Nothing here can try it/));
    await expectNoViolations();
  });

  it('closes with a reason where something is open', async () => {
    const { changes, user } = await verify(startedView());
    await user.click(press('Close incident'));
    const question = await screen.findByRole('alertdialog');
    expect(question).toHaveTextContent('2 old values are not proven to be refused');
    await user.click(within(question).getByRole('button', { name: 'Close incident' }));
    expect(changes()).toEqual([]);
    await user.type(within(question).getByLabelText(/Why/), 'the service is gone{Enter}');
    expect(changes()).toEqual([{ of: 'close', reason: 'the service is gone' }]);
  });
});

describe('the report', () => {
  const report = async (view: IncidentView, answers: Answers = {}) => {
    const all = await start(view, answers);
    await all.user.click(screen.getByRole('button', { name: /Report$/ }));
    return all;
  };

  it('tells durations, what is left and the timeline, and is saved as a file', async () => {
    const { inputs, user } = await report(startedView(), {
      ask_for_place: () => '/home/ana/INC-2026-007.pdf',
      save_report: () => null,
    });
    expect(screen.getByText('From alarm to start').parentElement).toHaveTextContent('1:00');
    expect(screen.getByRole('region', { name: 'Left to do' })).toHaveTextContent(
      /orders-db.*Not revoked yet.*legacy-crm/,
    );
    expect(screen.getByRole('list', { name: 'Timeline' })).toHaveTextContent(/Opened/);
    await expectNoViolations();
    await user.click(press('Save as PDF'));
    expect(inputs('ask_for_place')).toEqual([{ purpose: 'report', suggested: 'INC-2026-007.pdf' }]);
    expect(inputs('save_report')).toEqual([
      { id: 'i1', format: 'pdf', file: '/home/ana/INC-2026-007.pdf' },
    ]);
  });

  it('keeps follow-up tasks, also after the end', async () => {
    const closed = { by: 'Ana', at: BEGUN, reason: '' };
    const tasks = [{ text: 'Rotate the backups', done: false }];
    const { changes, user } = await report(startedView({ row: { closed }, tasks }));
    await user.click(screen.getByRole('checkbox', { name: 'Rotate the backups' }));
    await user.type(screen.getByLabelText('Follow-up task'), 'Tell the customers{Enter}');
    expect(changes()).toEqual([
      { of: 'tasks', tasks: [{ text: 'Rotate the backups', done: true }] },
      { of: 'tasks', tasks: [...tasks, { text: 'Tell the customers', done: false }] },
    ]);
  });
});

describe('an incident', () => {
  it('that is not there leads back', async () => {
    const { session } = await startSession(sessionView({ vault: openVault() }), {
      read_incident: refuse('incident.gone'),
    });
    const onback = vi.fn();
    const taking = new Taking(session);
    const on = { onback, onopen: vi.fn(), onrun: vi.fn() };
    render(Incident, { session, vault: openVault(), taking, id: 'i1', ...on });
    const user = userEvent.setup();
    await user.click(await screen.findByRole('button', { name: 'Back to the incidents' }));
    expect(onback).toHaveBeenCalled();
  });

  it('by hand waits for the new value and for a word', async () => {
    await start(startedView({ items: [byHandItem({ renewed: true })], row: { taken: 1 } }));
    expect(screen.getByText('A new value is kept. Is the old one refused?')).toBeVisible();
    expect(press('Open legacy-crm')).toHaveTextContent('Open');
  });
});

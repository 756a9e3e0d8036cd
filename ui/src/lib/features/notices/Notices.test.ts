import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { NoticesView, OpenVault, RunRow, Settings } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { messages } from '$lib/design/toast.svelte';
import { OpenRuns } from '$lib/features/frame/openRuns.svelte';
import { REFUSED, runRow } from '$lib/features/rotation/testing/made';
import { SettingsState } from '$lib/features/settings/settings.svelte';
import {
  openVault,
  refuse,
  sessionView,
  slow,
  startSession,
} from '$lib/features/vault/testing/made';
import Notices from './Notices.svelte';
import { NoticesState } from './notices.svelte';
import { DAY, notice, noticesView } from './testing/made';

const HOUR = DAY / 24;
const FAILED = runRow({
  id: 'r7',
  credentialName: 'crm-sync',
  status: 'undone',
  needsSomebody: true,
  changed: Date.now() - HOUR,
  trouble: REFUSED,
});
const SOME = noticesView({
  now: [
    notice('payment-gateway', -4 * DAY - HOUR, { risk: 'high' }),
    notice('sms-relay', -DAY - HOUR),
    notice('warehouse-sync', HOUR),
    notice('legacy-crm', -2 * DAY, { snoozed: Date.now() + DAY }),
  ],
  soon: ['one', 'two', 'three', 'four', 'five'].map((name) => notice(name, 5 * DAY)),
  done: [
    notice('catalog-feed', -DAY, { done: Date.now() - 1000 }),
    notice('long-ago', -9 * DAY, { told: Date.now() - 9 * DAY }),
  ],
});

interface Around {
  vault?: OpenVault;
  runs?: RunRow[];
  settings?: Partial<Settings>;
}

async function start(
  view: NoticesView,
  answers: Answers = {},
  { vault = openVault(), runs = [], settings: choices = {} }: Around = {},
) {
  const { session, backend } = await startSession(sessionView({ vault }), {
    read_notices: () => view,
    list_runs: () => ({ runs, orphans: [], paused: null }),
    read_words: () => ({ environments: [], owners: [], issuers: [], tags: [] }),
    ...answers,
  });
  const settings = new SettingsState(backend);
  settings.settings = { ...settings.settings, ...choices };
  const open = new OpenRuns(session);
  const notices = new NoticesState(session, open);
  stops = [open.follow(), notices.follow()];
  const on = { onopen: vi.fn(), oncredential: vi.fn(), onrotate: vi.fn(), onrun: vi.fn() };
  render(Notices, { session, vault, settings, notices, ...on });
  const inputs = (name: string) =>
    backend.asked.filter((asked) => asked.name === name).map(({ input }) => input);
  return { backend, inputs, notices, user: userEvent.setup(), ...on };
}

let stops: (() => void)[] = [];
afterEach(() => {
  stops.forEach((stop) => stop());
  messages.clear();
});

const list = (name: string) => screen.findByRole('list', { name });
const texts = async (name: string) =>
  within(await list(name))
    .getAllByRole('listitem')
    .map((line) => line.querySelector('p')?.textContent.replace(/\s+/g, ' ').trim());
const button = (name: string | RegExp) => screen.findByRole('button', { name });
/** Nothing is placed in a page without a layout, so the menu counts as hidden. */
const choose = async (user: ReturnType<typeof userEvent.setup>, of: string, words: string) => {
  await user.click(await button(`Snooze ${of}`));
  await user.click(await screen.findByText(words));
};

describe('the centre of notices', () => {
  it('shows what needs somebody by its date, then what comes, then what was done today', async () => {
    await start(SOME, {}, { runs: [FAILED, runRow()] });
    await screen.findByRole('heading', { name: 'Notifications 4 need you' });
    expect(await texts('Act now')).toEqual([
      'payment-gateway is overdue by 4 days',
      'sms-relay is overdue by 1 day',
      'Rotation of crm-sync failed, the old key was restored',
      expect.stringMatching(/^warehouse-sync is due (today|tomorrow) at/),
    ]);
    expect(await texts('Snoozed')).toEqual(['legacy-crm is overdue by 2 days']);
    expect(await texts('Soon')).toHaveLength(4);
    expect(await texts('Earlier today')).toEqual(['catalog-feed is overdue by 1 day']);
    expect(await list('Act now')).toHaveTextContent(/payments, high risk\. Planned rotation/);
    expect(await list('Act now')).toHaveTextContent(/A consumer is not well/);
    const tabs = screen
      .getAllByRole('tab')
      .map((tab) => tab.textContent.replace(/\s+/g, ' ').trim());
    expect(tabs).toEqual(['Act now 4', 'Soon 5', 'Done']);
    await expectNoViolations();
  });

  it('has a tab for each, which the arrows reach', async () => {
    const { user } = await start(SOME);
    await user.click(await button('Show all'));
    expect(await texts('Soon')).toHaveLength(5);
    expect(screen.getByRole('tabpanel', { name: /^Soon/ })).toHaveFocus();
    expect(screen.queryByRole('list', { name: 'Act now' })).toBeNull();
    await user.click(screen.getByRole('tab', { name: /^Soon/ }));
    await user.keyboard('{ArrowRight}');
    expect(await texts('Done')).toEqual([
      'catalog-feed is overdue by 1 day',
      'long-ago has another date',
    ]);
    expect(screen.queryByRole('button', { name: /^(Rotate|Snooze|Done with)/ })).toBeNull();
    await expectNoViolations();
  });

  it('leads to the rotation, to the credential and to the run', async () => {
    const { user, onrotate, oncredential, onrun } = await start(SOME, {}, { runs: [FAILED] });
    await user.click(await button('Rotate sms-relay'));
    expect(onrotate).toHaveBeenCalledWith({ id: 'sms-relay', name: 'sms-relay' });
    await user.click(await button('sms-relay'));
    expect(oncredential).toHaveBeenCalledWith('sms-relay');
    await user.click(await button(/^Open run/));
    expect(onrun).toHaveBeenCalledWith('r7');
  });

  it('is walked by arrows, from name to name', async () => {
    const { user } = await start(SOME);
    (await button('Done with payment-gateway')).focus();
    await user.keyboard('{ArrowDown}');
    expect(await button('sms-relay')).toHaveFocus();
    await user.keyboard('{ArrowUp}{ArrowUp}');
    expect(await button('payment-gateway')).toHaveFocus();
  });

  it('is read again with every change, and says when more need somebody', async () => {
    let view = SOME;
    const { backend } = await start(SOME, { read_notices: () => view });
    await screen.findByRole('heading', { name: /3 need you/ });
    view = noticesView({ now: [...SOME.now, notice('orders-db', -HOUR)] });
    backend.tell('notices_changed', null);
    await screen.findByRole('heading', { name: /4 need you/ });
    await waitFor(() => expect(messages.polite).toBe('4 need you'));
    view = noticesView();
    backend.tell('inventory_changed', null);
    await screen.findByRole('heading', { name: 'Nothing needs you' });
  });

  it('shows the first fifty, and all when asked', async () => {
    const many = Array.from({ length: 60 }, (_, at) => notice(`key-${at}`, (at - 60) * DAY));
    const { user } = await start(noticesView({ now: many }));
    expect(await texts('Act now')).toHaveLength(50);
    await user.click(await button('Show all 60'));
    expect(await texts('Act now')).toHaveLength(60);
    expect(await button('key-50')).toHaveFocus();
  });

  it('says how many more there are than it lists', async () => {
    await start({ ...SOME, allNow: 812 });
    await screen.findByRole('heading', { name: /811 need you/ });
    expect(screen.getByText('808 more notices when some of these are done.')).toBeVisible();
  });

  it('says what comes next when nothing needs anybody, and what it is for when nothing comes', async () => {
    const later = notice('later', 4 * DAY, { snoozed: Date.now() + DAY });
    let view = noticesView({ soon: [later, notice('orders-db', 5 * DAY)] });
    const { backend, user } = await start(view, { read_notices: () => view });
    expect(await screen.findByText('Next: orders-db is due in 5 days.')).toBeVisible();
    view = noticesView();
    backend.tell('notices_changed', null);
    expect(await screen.findByText(/^A notice comes 7 days and 1 day before/)).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Done with all' })).toBeNull();
    await user.click(screen.getByRole('tab', { name: /^Soon/ }));
    await screen.findByRole('heading', { name: 'Nothing is due soon' });
    await user.click(screen.getByRole('tab', { name: 'Done' }));
    await screen.findByRole('heading', { name: 'Nothing is done yet' });
  });

  it('is a skeleton while it is read, and shows runs also where it cannot be', async () => {
    const work = slow<null>();
    let broken = true;
    const read_notices = async () => {
      await work.promise;
      return broken ? refuse('vault.unreadable', { file: '/v', reason: 'gone' })() : SOME;
    };
    const { user } = await start(SOME, { read_notices }, { runs: [FAILED] });
    await screen.findByText('Loading');
    work.end(null);
    await screen.findByRole('region', { name: 'Vault not readable' });
    expect(await texts('Act now')).toEqual([expect.stringContaining('crm-sync failed')]);
    await expectNoViolations();
    broken = false;
    await user.click(await button('Try again'));
    expect(await button('sms-relay')).toBeVisible();
  });

  it('says why a role can only look', async () => {
    await start(SOME, {}, { vault: openVault({ role: 'reader', may: ['see'] }) });
    for (const name of ['Rotate sms-relay', 'Done with sms-relay', 'Done with all']) {
      expect(await button(name)).toHaveAccessibleDescription(/^Your role, Reader/);
    }
  });
});

describe('a notice', () => {
  it('is snoozed: it needs nobody until then, and focus goes to the one after', async () => {
    let view = SOME;
    const { inputs, user } = await start(SOME, {
      snooze_notice: ({ notice: { credential }, until: snoozed }) => {
        const now = view.now.map((one) =>
          one.credential === credential ? { ...one, snoozed } : one,
        );
        return (view = { ...view, now });
      },
    });
    const begun = Date.now();
    await choose(user, 'payment-gateway', '1 hour');
    await screen.findByRole('heading', { name: /2 need you/ });
    expect(inputs('snooze_notice')).toEqual([
      {
        notice: { credential: 'payment-gateway', deadline: 'rotation' },
        until: expect.any(Number),
      },
    ]);
    const [{ until }] = inputs('snooze_notice') as [{ until: number }];
    expect(Math.abs(until - begun - HOUR)).toBeLessThan(HOUR / 2);
    expect(await texts('Snoozed')).toContain('payment-gateway is overdue by 4 days');
    expect(messages.visible.at(-1)?.text).toMatch(/^Nothing is told of payment-gateway until/);
    await waitFor(async () => expect(await button('sms-relay')).toHaveFocus());
  });

  it('needs somebody again when its snooze is over', async () => {
    const { notices } = await start(SOME);
    await screen.findByRole('heading', { name: /3 need you/ });
    notices.moment = Date.now() + 2 * DAY;
    await screen.findByRole('heading', { name: /4 need you/ });
    expect(screen.queryByRole('list', { name: 'Snoozed' })).toBeNull();
  });

  it('is done, alone or with all that are not snoozed', async () => {
    let view = SOME;
    const { inputs, user } = await start(SOME, {
      finish_notices: (which) => {
        const isDone = ({ credential }: { credential: string }) =>
          which.some((one) => one.credential === credential);
        const now = view.now.filter((one) => !isDone(one));
        return (view = { ...view, now, allNow: now.length });
      },
    });
    await user.click(await button('Done with sms-relay'));
    await screen.findByRole('heading', { name: /2 need you/ });
    await waitFor(async () => expect(await button('warehouse-sync')).toHaveFocus());
    await user.click(await button('Done with all'));
    const question = await screen.findByRole('dialog', { name: 'Done with all 2?' });
    await expectNoViolations();
    await user.click(within(question).getByRole('button', { name: 'Done with all' }));
    await screen.findByRole('heading', { name: 'Nothing needs you' });
    const rotation = 'rotation';
    expect(inputs('finish_notices')).toEqual([
      [{ credential: 'sms-relay', deadline: rotation }],
      [
        { credential: 'payment-gateway', deadline: rotation },
        { credential: 'warehouse-sync', deadline: rotation },
      ],
    ]);
    await waitFor(() => expect(document.body).not.toHaveFocus());
  });

  it('stays where it is when that cannot be kept, which is said', async () => {
    const { user } = await start(SOME, { finish_notices: refuse('vault.unwritable') });
    await user.click(await button('Done with sms-relay'));
    await waitFor(() => expect(messages.visible.at(-1)?.tone).toBe('fail'));
    expect(await button('Done with sms-relay')).toHaveFocus();
  });

  it('leads to a rule about its credential', async () => {
    const { user } = await start(SOME);
    await choose(user, 'sms-relay', 'Mute by a rule…');
    const sheet = await screen.findByRole('dialog', { name: 'Rules' });
    expect(within(sheet).getByText('sms-relay')).toBeVisible();
  });
});

describe('when reminders come', () => {
  it('is said while it is quiet, and before', async () => {
    const quietUntil = new Date().setHours(23, 59, 0, 0);
    const quiet = { days: [1], opens: 1200, minutes: 660, zone: 'UTC' };
    const { notices } = await start({ ...SOME, quietUntil }, {}, { settings: { quiet } });
    expect(await screen.findByText('Quiet until 23:59')).toBeVisible();
    notices.moment = quietUntil;
    expect(await screen.findByText('Quiet 20:00 to 07:00')).toBeVisible();
  });

  it('is said where nothing reminds behind the lock, with what to do', async () => {
    await start({ ...SOME, behindLock: false });
    expect(await screen.findByText(/nothing reminds you.*Start one/s)).toBeVisible();
  });

  it('is said where the desktop shows no notices', async () => {
    await start({ ...SOME, onDesktop: false });
    expect(await screen.findByText(/Your desktop shows no notices/)).toBeVisible();
  });

  it('is not said of a demo, which is gone when it is locked', async () => {
    await start({ ...SOME, behindLock: false }, {}, { vault: openVault({ demo: true }) });
    await button('sms-relay');
    expect(screen.queryByText(/nothing reminds you/)).toBeNull();
  });
});

describe('what could not be told in a channel', () => {
  const LOST = {
    id: 7,
    channel: '#payments',
    subject: 'Rotation of orders-db failed',
    at: Date.now() - DAY,
    why: 'denied' as const,
  };

  it('needs somebody, and says why', async () => {
    const { notices } = await start(noticesView({ undelivered: [LOST] }));
    await screen.findByRole('heading', { name: 'Notifications 1 needs you' });
    expect(await texts('Not delivered')).toEqual([
      '#payments was not told: Rotation of orders-db failed',
    ]);
    expect(await list('Not delivered')).toHaveTextContent(
      /It was not sent\. The login is not allowed to do this\. Give it the permissions/,
    );
    expect(notices.needing).toBe(1);
    await expectNoViolations();
  });

  it('is sent again, or let go, and leads to the channels', async () => {
    const answers = { settle_undelivered: () => noticesView() };
    const { inputs, onopen, user } = await start(noticesView({ undelivered: [LOST] }), answers);
    await user.click(await button('#payments'));
    expect(onopen).toHaveBeenCalledWith('channels');
    await user.click(await button('Send again: Rotation of orders-db failed'));
    expect(inputs('settle_undelivered')).toEqual([{ ids: [7], again: true }]);
    await screen.findByText('Nothing needs you');
  });

  it('is let go by a second button', async () => {
    const answers = { settle_undelivered: () => noticesView() };
    const { inputs, user } = await start(noticesView({ undelivered: [LOST] }), answers);
    await user.click(await button('Let go: Rotation of orders-db failed'));
    expect(inputs('settle_undelivered')).toEqual([{ ids: [7], again: false }]);
    await waitFor(() => expect(messages.visible.at(-1)?.text).toBe('It is not sent.'));
  });

  it('is not settled by who may not rotate', async () => {
    const vault = openVault({ role: 'reader', may: ['see', 'useSecrets'] });
    const { user, inputs } = await start(noticesView({ undelivered: [LOST] }), {}, { vault });
    await user.click(await button(/^Send again/));
    expect(inputs('settle_undelivered')).toEqual([]);
  });
});

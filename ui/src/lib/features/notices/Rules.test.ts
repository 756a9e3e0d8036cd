import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import type { MuteView, NoticeView, OpenVault } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { messages } from '$lib/design/toast.svelte';
import { OpenRuns } from '$lib/features/frame/openRuns.svelte';
import {
  openVault,
  refuse,
  sessionView,
  startSession,
  userError,
} from '$lib/features/vault/testing/made';
import { wordsOf } from '$lib/words/errors';
import { NoticesState } from './notices.svelte';
import Rules from './Rules.svelte';
import { DAY, muteView, notice, noticesView } from './testing/made';

const CERTIFICATES = muteView();
const ORDERS = muteView(
  { credential: 'orders-db', kind: null, environment: null, severity: 'critical', reason: '' },
  'm2',
);

interface Around {
  about?: NoticeView;
  vault?: OpenVault;
}

async function start(
  mutes: MuteView[],
  answers: Answers = {},
  { about, vault = openVault() }: Around = {},
) {
  let view = noticesView({ mutes, now: [notice('orders-db', -DAY)] });
  const become = (mutes: MuteView[]) => (view = { ...view, mutes });
  const { session, backend } = await startSession(sessionView({ vault }), {
    read_notices: () => view,
    read_words: () => ({
      environments: ['prod', 'staging'],
      owners: ['data'],
      issuers: [],
      tags: [],
    }),
    mute_reminders: (mute) => become([...view.mutes, { ...CERTIFICATES, mute }]),
    unmute_reminders: ({ id }) => become(view.mutes.filter((one) => one.id !== id)),
    ...answers,
  });
  const notices = new NoticesState(session, new OpenRuns(session));
  await notices.load();
  render(Rules, { session, vault, notices, about: about ?? null, onclose: () => undefined });
  const inputs = (name: string) =>
    backend.asked.filter((asked) => asked.name === name).map(({ input }) => input);
  return { inputs, user: userEvent.setup() };
}

afterEach(() => messages.clear());

const why = () => screen.findByLabelText('Why');
const mute = () => screen.findByRole('button', { name: 'Mute' });

describe('the rules', () => {
  it('say what is muted, why, by whom and since when', async () => {
    await start([CERTIFICATES, ORDERS]);
    const [one, other] = await screen.findAllByRole('listitem');
    expect(one).toHaveTextContent(
      /Early reminders: certificates in staging.*The platform renews them.*Dana, 12 Nov.*09:07/,
    );
    expect(other).toHaveTextContent(/All reminders: orders-db.*nothing of high risk is muted/);
    await expectNoViolations();
  });

  it('are none at first, which is said', async () => {
    await start([]);
    expect(await screen.findByText('No rule: every reminder is told.')).toBeVisible();
  });

  it('are removed, and come back when that was a mistake', async () => {
    const { inputs, user } = await start([CERTIFICATES]);
    await user.click(await screen.findByRole('button', { name: /^Remove the rule about cert/ }));
    await screen.findByText('No rule: every reminder is told.');
    expect(inputs('unmute_reminders')).toEqual([{ id: 'm1' }]);
    expect(screen.getByRole('region', { name: 'In force' })).toHaveFocus();
    messages.visible.at(-1)?.action?.onselect();
    await screen.findByRole('button', { name: /^Remove the rule about cert/ });
    expect(inputs('mute_reminders')).toEqual([CERTIFICATES.mute]);
  });

  it('stay when they cannot be removed, which is said', async () => {
    const { user } = await start([CERTIFICATES], { unmute_reminders: refuse('vault.unwritable') });
    await user.click(await screen.findByRole('button', { name: /^Remove/ }));
    await waitFor(() => expect(messages.visible.at(-1)?.tone).toBe('fail'));
    expect(screen.getByRole('button', { name: /^Remove/ })).toBeVisible();
  });

  it('are made by kind, environment, owner and urgency', async () => {
    const { inputs, user } = await start([]);
    await user.click(await screen.findByRole('radio', { name: 'All reminders' }));
    await user.selectOptions(screen.getByLabelText('Kind'), 'API key');
    await user.selectOptions(screen.getByLabelText('Environment'), 'staging');
    await user.selectOptions(screen.getByLabelText('Owner'), 'data');
    await user.type(await why(), ' It is torn down on Friday ');
    await user.click(await mute());
    await waitFor(() => expect(screen.getByRole('listitem')).toBeVisible());
    expect(inputs('mute_reminders')).toEqual([
      {
        credential: null,
        kind: 'apiKey',
        environment: 'staging',
        owner: 'data',
        severity: 'critical',
        reason: 'It is torn down on Friday',
      },
    ]);
    expect(screen.getByLabelText('Kind')).toHaveValue('');
    expect(await why()).toHaveValue('');
  });

  it('about high risk ask why, at the field', async () => {
    const { inputs, user } = await start([], {
      mute_reminders: ({ reason }) => {
        if (!reason) throw userError('mute.reason');
        return noticesView({ mutes: [ORDERS] });
      },
    });
    await user.click(await mute());
    await waitFor(async () => expect(await why()).toHaveFocus());
    expect(await why()).toHaveAccessibleDescription(/no reason was given/);
    await expectNoViolations();
    await user.keyboard('Replaced by Wednesday{Enter}');
    await screen.findByRole('listitem');
    expect(inputs('mute_reminders')).toHaveLength(2);
  });

  it('say what else is wrong with them', async () => {
    const { user } = await start([], { mute_reminders: refuse('vault.unwritable') });
    await user.click(await mute());
    expect(
      await screen.findByRole('region', { name: wordsOf(userError('vault.unwritable')).title }),
    ).toBeVisible();
  });

  it('are about one credential, or about its kind instead', async () => {
    const { inputs, user } = await start([], {}, { about: notice('orders-db', -DAY) });
    await user.click(await mute());
    await screen.findByRole('listitem');
    expect(inputs('mute_reminders')).toMatchObject([{ credential: 'orders-db', kind: null }]);
    // The next one is about many.
    expect(screen.getByLabelText('Kind')).toBeVisible();
  });

  it('are left alone by a role that does not change credentials, which is said', async () => {
    await start([CERTIFICATES], {}, { vault: openVault({ role: 'reader', may: ['see'] }) });
    expect(await mute()).toHaveAccessibleDescription(/^Your role, Reader/);
    expect(screen.getByRole('button', { name: /^Remove/ })).toHaveAccessibleDescription(
      /^Your role, Reader/,
    );
  });
});

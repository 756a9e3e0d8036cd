import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { CheckView, MessageKey, OpenVault, PlanView } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { hit, radius } from '$lib/features/impact/testing/made';
import {
  openVault,
  refuse,
  sessionView,
  slow,
  startSession,
  userError,
} from '$lib/features/vault/testing/made';
import { wordsOf } from '$lib/words/errors';
import RotateSheet from './RotateSheet.svelte';
import { planView, runView } from './testing/made';

const FULL: CheckView = {
  what: 'room',
  consumer: null,
  found: 'bad',
  trouble: { what: 'noRoom' },
};
const NO_CONSENT: CheckView = {
  what: 'consent',
  consumer: null,
  found: 'bad',
  trouble: { what: 'noConsent' },
};

async function start(answers: Answers = {}, vault: OpenVault = openVault()) {
  const { session, backend } = await startSession(sessionView({ vault }), {
    plan_rotation: () => planView(),
    read_radius: () => radius({ consumers: [hit()], restarts: 1, downS: 38 }),
    begin_rotation: () => runView(),
    ...answers,
  });
  const on = { onclose: vi.fn(), onbegun: vi.fn() };
  render(RotateSheet, { session, vault, credential: { id: 'c1', name: 'payment-gateway' }, ...on });
  const inputs = (name: string) =>
    backend.asked.filter((asked) => asked.name === name).map(({ input }) => input);
  return { user: userEvent.setup(), inputs, ...on };
}

const sheet = () => screen.findByRole('dialog', { name: 'Rotate payment-gateway' });
const titleOf = (key: MessageKey) => wordsOf(userError(key)).title;
const now = () => screen.findByRole('button', { name: 'Rotate now' });
const isReady = async () => {
  const button = await now();
  await waitFor(() => expect(button).not.toHaveAttribute('aria-disabled'));
  return button;
};

describe('the look before a rotation', () => {
  it('says that nothing is changed while it looks, then shows the plan', async () => {
    const work = slow<PlanView>();
    await start({ plan_rotation: () => work.promise });
    expect(await sheet()).toHaveTextContent('Looking, nothing is changed.');
    expect(await now()).toHaveAccessibleDescription('Wait until everything is looked at.');
    work.end(planView());
    await isReady();
    const shown = await sheet();
    expect(shown).toHaveTextContent(/4 Deliver to 3 consumers web-app, mobile-backend, batch/);
    expect(shown).toHaveTextContent(
      /Both keys work for 24 h.*Undo is possible up to here.*7 Revoke/s,
    );
    expect(shown).toHaveTextContent(/Blast radius: 1 consumer · 1 restart · ~38 s down/);
    const unknown = screen.getByRole('region', { name: 'Could not be checked' });
    expect(within(unknown).getByRole('listitem')).toHaveTextContent('batch');
    await expectNoViolations();
  });

  it('begins what was planned', async () => {
    const { user, inputs, onbegun } = await start();
    await user.click(await isReady());
    await waitFor(() => expect(onbegun).toHaveBeenCalledWith('r1'));
    expect(inputs('begin_rotation')).toEqual([{ credential: 'c1', consent: false }]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('does not begin while a check did not pass; the checks can be run again', async () => {
    let full = true;
    const { user, inputs } = await start({
      plan_rotation: () => {
        const { checks } = planView();
        return planView(full ? { checks: [...checks, FULL], good: false } : {});
      },
    });
    await screen.findByText('The issuer allows no further key beside those that exist.');
    const button = await now();
    expect(button).toHaveAccessibleDescription(/^1 check did not pass/);
    await user.click(button);
    expect(inputs('begin_rotation')).toEqual([]);
    full = false;
    await user.click(screen.getByRole('button', { name: 'Look again' }));
    await isReady();
    expect(inputs('plan_rotation')).toHaveLength(2);
  });

  it('says when the maintenance window opens, and lets a person rotate before', async () => {
    const windowOpens = new Date(new Date().getFullYear() + 1, 10, 28, 2, 0).getTime();
    await start({ plan_rotation: () => planView({ windowOpens }) });
    await isReady();
    expect(await sheet()).toHaveTextContent(/Outside the maintenance window.*It opens .*28.*02:00/);
    await expectNoViolations();
  });

  it('asks for consent where the old key dies first, and hands it on', async () => {
    const { user, inputs } = await start({
      plan_rotation: () =>
        planView({ needsConsent: true, noWayBack: 1, checks: [NO_CONSENT], good: false }),
    });
    const consent = await screen.findByRole('switch', { name: /^Agree that the old key/ });
    expect(await now()).toHaveAccessibleDescription('Agree to the plan first.');
    await expectNoViolations();
    await user.click(consent);
    await user.click(await isReady());
    expect(inputs('begin_rotation')).toEqual([{ credential: 'c1', consent: true }]);
  });

  it('says why there is no plan, and why a run was refused', async () => {
    let broken = true;
    const { user, onbegun } = await start({
      plan_rotation: () => (broken ? refuse('rotation.keyUnknown')() : planView()),
      begin_rotation: refuse('rotation.inProgress'),
    });
    await screen.findByRole('region', { name: titleOf('rotation.keyUnknown') });
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Look again' }));
    await user.click(await isReady());
    await screen.findByRole('region', { name: titleOf('rotation.inProgress') });
    expect(onbegun).not.toHaveBeenCalled();
  });

  it('does not look for somebody who may not rotate, and says so', async () => {
    const { inputs } = await start({}, openVault({ role: 'reader', may: ['see'] }));
    expect(await now()).toHaveAccessibleDescription(/^Your role, Reader/);
    expect(inputs('plan_rotation')).toEqual([]);
  });
});

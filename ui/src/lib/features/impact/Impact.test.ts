import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { BlastRadius } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { openVault, refuse, sessionView, startSession } from '$lib/features/vault/testing/made';
import { credentialKeys, type Act } from '$lib/words/impact';
import Impact from './Impact.svelte';
import { hit, radius } from './testing/made';

async function start(
  act: Act,
  found: BlastRadius = radius(),
  of: readonly string[] = ['c1'],
  answers: Answers = {},
) {
  const { session, backend } = await startSession(sessionView({ vault: openVault() }), {
    read_radius: () => found,
    ...answers,
  });
  const shown = render(Impact, { session, of: credentialKeys(of), act });
  const asked = () => backend.asked.filter(({ name }) => name === 'read_radius');
  return { ...shown, session, asked, user: userEvent.setup() };
}

const block = () => screen.findByRole('region', { name: /^Blast radius/ });

const TWO = radius({
  consumers: [
    hit({ seen: Date.now() - 3_600_000 }),
    hit({ name: 'batch', restarts: 0, awayS: 0, reload: 'nextRun' }),
  ],
  restarts: 1,
  downS: 38,
  tell: ['mobile', 'payments'],
});

describe('the blast radius', () => {
  it('says in one line who is reached, for how long, and whom to tell', async () => {
    const { asked } = await start('rotate', TWO);
    await waitFor(async () =>
      expect(await block()).toHaveTextContent(
        /2 consumers · 1 restart · ~38 s down · tell mobile, payments/,
      ),
    );
    expect(await block()).toHaveTextContent(/web-app\s*Restarts, ~38 s down\s*Seen well 1 h ago/);
    expect(await block()).toHaveTextContent(/batch\s*With its next run\s*Never seen well/);
    expect(asked().map(({ input }) => input)).toEqual([
      { keys: ['credential:c1'], group: null, threat: 'rotate' },
    ]);
    await expectNoViolations();
  });

  it.each([
    ['delete', 'leave', /keeps working, but Keyturn can’t replace it there any more/],
    ['pause', 'leave', /gets no new one by itself/],
    ['endPrevious', 'leave', /Whoever still uses the old value is refused/],
    ['revoke', 'end', /Whoever uses the value is refused from then on/],
  ] as const)('says what %s means for them', async (act, threat, note) => {
    const { asked } = await start(act, radius({ consumers: [hit({ restarts: 0, awayS: 0 })] }));
    expect(await screen.findByText(note)).toBeVisible();
    expect(asked()).toMatchObject([{ input: { threat } }]);
  });

  it('counts who stops', async () => {
    const consumers = [hit({ stops: true }), hit({ name: 'batch', stops: true })];
    await start('revoke', radius({ consumers, stops: 2 }));
    expect(await screen.findByText('2 consumers · 2 stop')).toBeVisible();
    expect(screen.getAllByText('Stops')).toHaveLength(2);
  });

  it('says so when nothing uses it, or them', async () => {
    const one = await start('delete');
    expect(await screen.findByText(/nothing uses it, as far as is recorded/)).toBeVisible();
    one.unmount();
    await start('delete', radius({ credentials: 2 }), ['c1', 'c2']);
    expect(await screen.findByText(/nothing uses them, as far as is recorded/)).toBeVisible();
  });

  it('names six consumers and counts the others', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    await start('pause', radius({ consumers: names.map((name) => hit({ name })) }));
    expect(await screen.findByText('and 2 more.')).toBeVisible();
    expect(screen.getAllByRole('listitem')).toHaveLength(6);
  });

  it('names what cannot be read, and whom it locks out', async () => {
    await start('rotate', radius({ unread: ['batch'], cutOff: ['Orders cluster'] }));
    expect(await screen.findByText(/How a value reaches batch cannot be read/)).toBeVisible();
    expect(screen.getByText(/Keyturn itself logs in with it: Orders cluster/)).toBeVisible();
    expect(screen.getByText('1 consumer')).toBeVisible();
  });

  it('is looked for until it is there, and again when that fails', async () => {
    let tries = 0;
    const { user } = await start('rotate', TWO, ['c1'], {
      read_radius: () => (tries++ === 0 ? refuse('internal')() : TWO),
    });
    await user.click(await screen.findByRole('button', { name: 'Look again' }));
    expect(await screen.findByText(/2 consumers · 1 restart/)).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Look again' })).toBeNull();
  });

  it('follows what is chosen, and does not ask the same twice', async () => {
    const { session, rerender, asked } = await start('rotate', TWO);
    await screen.findByText(/2 consumers/);
    await rerender({ session, of: credentialKeys(['c1']), act: 'rotate' });
    await rerender({ session, of: credentialKeys(['c2']), act: 'rotate' });
    await waitFor(() => expect(asked()).toHaveLength(2));
    expect(asked().at(-1)).toMatchObject({ input: { keys: ['credential:c2'] } });
  });
});

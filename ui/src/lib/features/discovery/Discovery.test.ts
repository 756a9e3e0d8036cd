import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { AcceptedFinds, Find, FindsView, LookIn, OpenVault } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import {
  openVault,
  refuse,
  sessionView,
  slow,
  startSession,
} from '$lib/features/vault/testing/made';
import Discovery from './Discovery.svelte';

const find = (part: Partial<Find> = {}): Find => ({
  at: 0,
  sort: 'binding',
  state: 'fresh',
  credential: 'c1',
  credentialName: 'pay-key',
  version: 2,
  works: true,
  byValue: true,
  consumer: { name: 'shop / web', environment: '', deployment: 'service' },
  isNewConsumer: true,
  called: ['PAY_KEY'],
  places: [{ file: '/src/shop/compose.yaml', line: 0, commit: null }],
  count: 1,
  ...part,
});
const LEAK = find({
  at: 1,
  sort: 'leak',
  consumer: null,
  isNewConsumer: false,
  called: [],
  places: [
    { file: '/src/notes.txt', line: 4, commit: null },
    { file: '/src/old.py', line: 9, commit: '1a2b3c4d5e6f70819' },
  ],
  count: 2,
});
const found = (part: Partial<FindsView> = {}): FindsView => ({
  finds: [find(), LEAK],
  total: 2,
  leftOut: [],
  files: 1200,
  bytes: 3_000_000,
  objects: 0,
  values: 40,
  tooShort: 0,
  unopened: 0,
  others: 0,
  isCut: false,
  ...part,
});
const accepted = (part: Partial<AcceptedFinds> = {}): AcceptedFinds => ({
  consumers: 1,
  bindings: 1,
  seen: 0,
  compromised: 0,
  gone: 0,
  leaked: [],
  ...part,
});

async function start(answers: Answers = {}, vault: OpenVault = openVault()) {
  const { session, backend } = await startSession(sessionView({ vault }), {
    ask_for_place: () => '/src',
    look_for_uses: () => found(),
    stop_looking: () => null,
    accept_finds: () => accepted(),
    ...answers,
  });
  const [onopen, onemergency, onclose] = [vi.fn(), vi.fn(), vi.fn()];
  render(Discovery, { session, vault, onopen, onemergency, onclose });
  const inputs = <T>(name: string) =>
    backend.asked.filter((asked) => asked.name === name).map(({ input }) => input as T);
  const user = userEvent.setup();
  const press = async (name: string | RegExp) =>
    user.click(await screen.findByRole('button', { name }));
  const search = async () => {
    await press('Choose a folder');
    await screen.findByText('/src');
    await press('Search');
  };
  return { backend, inputs, onopen, onemergency, onclose, press, search, user };
}

const box = (name: string) => screen.getByRole('checkbox', { name });

describe('finding uses', () => {
  it('goes from a folder over what was found to what was accepted', async () => {
    const { inputs, press, search } = await start();
    await expectNoViolations();
    await search();
    await screen.findByRole('heading', { name: 'What was found' });
    expect(screen.getByText('1,200 files (3.0 MB) searched for 40 values.')).toBeVisible();
    const [use, leak] = within(screen.getByRole('list', { name: 'Findings' }))
      .getAllByRole('listitem')
      .filter((item) => within(item).queryByRole('checkbox'));
    expect(use).toHaveTextContent(
      /shop \/ web uses pay-key.*Its value stands there as PAY_KEY.*compose\.yaml.*New/,
    );
    expect(leak).toHaveTextContent(
      /The value of pay-key lies open.*2 places.*notes\.txt, line 4.*in commit 1a2b3c4d5e6f.*Leak/,
    );
    expect(box('Accept: shop / web uses pay-key')).toBeChecked();
    await expectNoViolations();
    await press('Accept 1 finding');
    await screen.findByText('1 binding added');
    expect(screen.getByText(/Set up a delivery under Consumers/)).toBeVisible();
    await expectNoViolations();
    const folders: LookIn = { in: 'folders', folders: ['/src'], histories: true };
    expect(inputs('look_for_uses')).toEqual([folders]);
    expect(inputs('accept_finds')).toEqual([{ accept: [0] }]);
  });

  it('marks nothing as compromised that nobody chose, and leads to what is to be rotated', async () => {
    const { inputs, onopen, press, search, user } = await start({
      accept_finds: () => accepted({ compromised: 1, leaked: [{ id: 'c1', name: 'pay-key' }] }),
    });
    await search();
    await screen.findByRole('heading', { name: 'What was found' });
    const leak = box('Accept: The value of pay-key lies open');
    expect(leak).not.toBeChecked();
    await user.click(leak);
    await press('Accept 2 findings');
    expect(inputs('accept_finds')).toEqual([{ accept: [0, 1] }]);
    await screen.findByText('Rotate what lies open.');
    await expectNoViolations();
    await press('Open pay-key');
    expect(onopen).toHaveBeenCalledWith('c1');
  });

  it('leads from a leak into an emergency', async () => {
    const { onemergency, press, search } = await start({
      accept_finds: () => accepted({ compromised: 1, leaked: [{ id: 'c1', name: 'pay-key' }] }),
    });
    await search();
    await press(/^Accept/);
    await press('Begin an emergency');
    expect(onemergency).toHaveBeenCalledWith('leaked', { of: 'credentials', ids: ['c1'] });
  });

  it('says what is known, gone or was not read, and what was left out', async () => {
    const { search, user } = await start({
      look_for_uses: () =>
        found({
          finds: [
            find({ state: 'here', isNewConsumer: false }),
            find({ at: 1, state: 'gone', consumer: { ...find().consumer!, name: 'old' } }),
            find({ at: 2, state: 'unknown', consumer: { ...find().consumer!, name: 'far' } }),
            find({
              at: 3,
              byValue: false,
              version: null,
              consumer: { ...find().consumer!, name: 'guess' },
            }),
            find({ at: 4, sort: 'leak', works: false, consumer: null, called: [] }),
          ],
          total: 5,
          tooShort: 2,
          others: 3,
          leftOut: [
            { why: { why: 'binary' }, count: 240, files: ['/src/a.png'] },
            { why: { why: 'damaged', line: 3 }, count: 1, files: ['/src/compose.yaml'] },
            { why: { why: 'tooLarge', most: 33_554_432 }, count: 1, files: ['/src/big.json'] },
            { why: { why: 'link' }, count: 1, files: ['/src/loop'] },
          ],
        }),
    });
    await search();
    await screen.findByText(/Accept to note that it was seen today/);
    expect(screen.getByText(/Accept to forget that it was seen/)).toBeVisible();
    expect(box('Accept: far uses pay-key')).toBeDisabled();
    expect(box('Accept: old uses pay-key')).not.toBeChecked();
    expect(box('Accept: guess uses pay-key')).not.toBeChecked();
    expect(screen.getByText(/which is retired: it opens nothing any more/)).toBeVisible();
    expect(screen.getByText(/2 values are shorter than 8 characters/)).toBeVisible();
    expect(screen.getByText(/names 3 other secrets/)).toBeVisible();
    expect(
      screen.getByText('Damaged at line 3: searched for values, not understood.'),
    ).toBeVisible();
    await user.click(screen.getByText('Binary, and left out.'));
    expect(screen.getByText('and 239 more')).toBeVisible();
    await expectNoViolations();
  });

  it('says when nothing was found, and leads back', async () => {
    const { press, search } = await start({ look_for_uses: () => found({ finds: [], total: 0 }) });
    await search();
    await screen.findByText('Nothing found');
    expect(screen.queryByRole('button', { name: /^Accept/ })).toBeNull();
    await expectNoViolations();
    await press('Back');
    await screen.findByRole('heading', { name: 'Choose where to look' });
    expect(screen.getByText('/src')).toBeVisible();
  });

  it('is stopped, and tells what it found until then', async () => {
    const looking = slow<FindsView>();
    const { backend, inputs, press, search } = await start({
      look_for_uses: () => looking.promise,
    });
    await search();
    await screen.findByRole('heading', { name: 'Looking' });
    backend.tell('work_progress', { step: 'searching', part: 40 });
    expect(await screen.findByText('Searching files…')).toBeVisible();
    expect(screen.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '40');
    await expectNoViolations();
    await press('Stop');
    expect(inputs('stop_looking')).toHaveLength(1);
    looking.end(found({ isCut: true }));
    await screen.findByText(/Not everything was searched/);
  });

  it('shows the command that is run at the cluster, and why it did not work', async () => {
    const { inputs, press, user } = await start({ look_for_uses: refuse('kubectl.missing') });
    await user.click(await screen.findByRole('radio', { name: 'A Kubernetes cluster' }));
    expect(screen.getByText(/^kubectl get deployments,cronjobs,statefulsets --all-/)).toBeVisible();
    await user.click(screen.getByRole('switch', { name: 'All namespaces' }));
    expect(inputs('look_for_uses')).toEqual([]);
    await press('Run kubectl');
    await screen.findByText('No kubectl here');
    expect(inputs('look_for_uses')).toEqual([{ in: 'cluster', all: false }]);
    await expectNoViolations();
  });

  it('reads a pasted text once and forgets it', async () => {
    const { inputs, press, user } = await start();
    await user.click(await screen.findByRole('radio', { name: 'A pasted text' }));
    const search = screen.getByRole('button', { name: 'Search' });
    expect(search).toHaveAttribute('aria-disabled', 'true');
    await user.type(screen.getByLabelText('Text'), 'kind: Pod');
    await press('Search');
    await screen.findByRole('heading', { name: 'What was found' });
    expect(inputs('look_for_uses')).toEqual([{ in: 'text', text: 'kind: Pod' }]);
    await press('Back');
    expect(await screen.findByLabelText('Text')).toHaveValue('');
  });

  it('shows more of what was found page by page', async () => {
    const { inputs, press, search } = await start({
      look_for_uses: () => found({ total: 3 }),
      read_finds: () => [find({ at: 2, consumer: { ...find().consumer!, name: 'third' } })],
    });
    await search();
    await press('Show more findings');
    expect(await screen.findByText('third uses pay-key')).toBeVisible();
    expect(inputs('read_finds')).toEqual([{ from: 2 }]);
    expect(screen.queryByRole('button', { name: 'Show more findings' })).toBeNull();
  });

  it('is only for who may use secrets, and accepting only for who may edit', async () => {
    await start({}, openVault({ role: 'auditor', may: ['see', 'audit'] }));
    expect(await screen.findAllByText('Your role, Auditor, does not use secrets.')).not.toEqual([]);
    expect(screen.getByRole('button', { name: 'Search' })).toHaveAttribute('aria-disabled', 'true');
  });

  it('lets a reader look and says why nothing can be accepted', async () => {
    const vault = openVault({ role: 'reader', may: ['see', 'useSecrets'] });
    const { search } = await start({}, vault);
    await search();
    const accept = await screen.findByRole('button', { name: /^Accept 1 finding/ });
    expect(accept).toHaveAttribute('aria-disabled', 'true');
  });
});

import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { CredentialList, Export as Asked, Exported, OpenVault } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { openVault, refuse, sessionView, startSession } from '$lib/features/vault/testing/made';
import Export from './Export.svelte';

const LIST: CredentialList = {
  rows: [],
  from: 0,
  total: 12,
  all: 248,
  groups: [],
  unknown: [],
  instead: [],
};
const DONE: Exported = {
  count: 12,
  size: 48_000,
  lost: [{ why: 'noPlace', count: 1, named: 1, names: ['orders-db: history'] }],
};

async function start(
  answers: Answers = {},
  query = '',
  vault: OpenVault = openVault(),
  ids?: readonly string[],
) {
  const { session, backend } = await startSession(sessionView({ vault }), {
    list_credentials: () => LIST,
    ask_for_place: ({ suggested }) => `/home/ana/${suggested}`,
    export_credentials: () => DONE,
    ...answers,
  });
  const onclose = vi.fn();
  render(Export, { session, vault, query, ids, onclose });
  const user = userEvent.setup();
  const press = (name: string) => user.click(screen.getByRole('button', { name }));
  const type = (label: string, text: string) => user.type(screen.getByLabelText(label), text);
  const exports = () =>
    backend.asked.filter(({ name }) => name === 'export_credentials').map((a) => a.input as Asked);
  return { backend, exports, onclose, press, type, user };
}

describe('exporting', () => {
  it('is not for every role, which is said', async () => {
    const { backend } = await start({}, '', openVault({ role: 'auditor', may: ['see'] }));
    await screen.findByText('Your role, Auditor, does not use secrets.');
    expect(screen.queryByRole('button', { name: 'Export' })).toBeNull();
    expect(backend.asked.map(({ name }) => name)).not.toContain('list_credentials');
  });

  it('refuses until there is a place, the passwords match and the passphrase is typed', async () => {
    const { exports, press, type } = await start();
    await screen.findByText(/^248 credentials of this vault will go out\. Archived ones stay out/);
    await press('Export');
    expect(screen.getByLabelText('Place')).toHaveAccessibleDescription(
      'Choose where the file goes.',
    );
    await press('Choose');
    await type('Password of the file', 'one');
    await type('Repeat', 'other');
    await press('Export');
    expect(screen.getByLabelText('Repeat')).toHaveAccessibleDescription(/two passwords differ/);
    expect(screen.getByLabelText('Your passphrase')).toBeInvalid();
    expect(exports()).toEqual([]);
    await userEvent.clear(screen.getByLabelText('Repeat'));
    await type('Repeat', 'one');
    expect(screen.getByText('Matches')).toBeVisible();
    await type('Your passphrase', 'mine');
    await press('Export');
    await screen.findByRole('dialog', { name: 'Exported' });
    expect(screen.getByRole('status')).toHaveTextContent(/12 credentials, 48 KB.*\.keyturn/);
    expect(screen.getByText('1 detail without a place.')).toBeVisible();
    expect(exports()).toEqual([
      {
        file: expect.stringMatching(/^\/home\/ana\/Acme .*\.keyturn$/) as string,
        format: 'keyturn',
        ids: null,
        query: '',
        passphrase: 'mine',
        password: 'one',
      },
    ]);
    expect(document.body.innerHTML).not.toContain('mine');
  });

  it('is accessible before and after', async () => {
    const { press, type, user } = await start();
    await user.click(screen.getByRole('radio', { name: 'CSV' }));
    await expectNoViolations();
    await press('Choose');
    await type('Your passphrase', 'x');
    await press('Export');
    await screen.findByRole('dialog', { name: 'Exported' });
    await expectNoViolations();
  });

  it('sends out what the inventory shows, or all', async () => {
    const { exports, press, type, user } = await start({}, 'env:prod');
    await screen.findByText('12 credentials: env:prod');
    await press('Choose');
    await user.click(screen.getByRole('radio', { name: 'JSON' }));
    expect(screen.getByLabelText('Place')).toHaveDisplayValue(/\.json$/);
    await type('Your passphrase', 'mine');
    await press('Export');
    await waitFor(() => expect(exports()[0]).toMatchObject({ query: 'env:prod', format: 'json' }));
  });

  it('warns of files in clear, and asks no password for them', async () => {
    const { exports, press, type, user } = await start();
    await user.click(screen.getByRole('radio', { name: 'CSV' }));
    expect(screen.getByText('This file holds every secret in clear.')).toBeVisible();
    expect(screen.queryByLabelText('Password of the file')).toBeNull();
    await press('Choose');
    await type('Your passphrase', 'mine');
    await press('Export');
    await screen.findByText('The file holds plain secrets.');
    expect(exports()[0]).toMatchObject({ format: 'csv', password: null });
  });

  it('says at the field that the passphrase was wrong or the place is taken', async () => {
    let answer = refuse('passphrase.wrong');
    const { press, type, user } = await start({ export_credentials: () => answer() });
    await user.click(screen.getByRole('radio', { name: 'CSV' }));
    await press('Choose');
    await type('Your passphrase', 'x');
    await press('Export');
    await waitFor(() => expect(screen.getByLabelText('Your passphrase')).toBeInvalid());
    expect(screen.getByLabelText('Your passphrase')).toHaveFocus();
    answer = refuse('file.taken', { file: '/home/ana/a.csv' });
    await press('Export');
    await waitFor(() => expect(screen.getByLabelText('Place')).toBeInvalid());
    answer = refuse('export.failed', { reason: 'too many fields' });
    await press('Export');
    await screen.findByRole('region', { name: 'Not exported' });
  });

  it('takes what is known of those that were picked, without any value', async () => {
    const { exports, press, type } = await start({}, '', openVault(), ['c1', 'c2']);
    await screen.findByText(/^Names, dates, owners and policies of 2 credentials go out as CSV/);
    expect(screen.queryByText(/every secret in clear/)).toBeNull();
    await press('Choose');
    await type('Your passphrase', 'correct horse');
    await press('Export');
    await waitFor(() => expect(exports()).toHaveLength(1));
    expect(exports()[0]).toMatchObject({
      ...{ format: 'metadata', ids: ['c1', 'c2'], password: null, passphrase: 'correct horse' },
    });
    expect(exports()[0]?.file).toMatch(/\.csv$/);
  });
});

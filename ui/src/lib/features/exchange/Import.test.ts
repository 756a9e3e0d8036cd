import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type {
  Imported,
  ImportEntry,
  ImportFile,
  ImportPreview,
  ImportRequest,
  OpenVault,
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
import Import from './Import.svelte';

const KDBX: ImportFile = {
  format: 'kdbx',
  needsPassword: true,
  size: 48_000,
  columns: [],
  program: null,
};
const TABLE: ImportFile = {
  format: 'csv',
  needsPassword: false,
  size: 900,
  columns: [
    { name: 'title', example: 'payment-gateway', target: 'name' },
    { name: 'password', example: '', target: 'value' },
    { name: 'PIN', example: '', target: 'secretField' },
  ],
  program: 'keePassXc',
};
const ENV: ImportFile = { ...TABLE, format: 'env', columns: [], program: null };
const entry = (part: Partial<ImportEntry>): ImportEntry => ({
  at: 0,
  name: 'payment-gateway',
  kind: 'apiKey',
  environment: 'prod',
  state: 'fresh',
  fields: [],
  versions: 0,
  lost: [],
  ...part,
});
const PREVIEW: ImportPreview = {
  origin: 'KeePassXC',
  fresh: 2,
  same: 1,
  changed: 1,
  entries: [
    entry({ versions: 2, lost: [{ field: 'contract.pdf', why: 'attachment' }] }),
    entry({ at: 1, name: 'mail-relay' }),
    entry({
      at: 2,
      name: 'orders-db',
      kind: 'databaseLogin',
      state: 'changed',
      fields: ['password'],
    }),
    entry({ at: 3, name: 'edge-cert', kind: 'certificate', state: 'same' }),
  ],
  lost: [
    { why: 'attachment', count: 1, named: 1, names: ['contract.pdf'] },
    { why: 'deleted', count: 1, named: 1, names: ['Recycle Bin: old'] },
  ],
};
const imported = (part: Partial<Imported> = {}): Imported => ({
  added: 2,
  changed: 0,
  skipped: 2,
  undoUntil: Date.now() + 600_000,
  ...part,
});

interface Given {
  vault?: OpenVault;
  file?: string;
}

let vaults = 0;

async function start(answers: Answers = {}, given: Given = {}) {
  // Each test has a vault of its own: what can be undone belongs to one.
  const { vault = openVault({ folder: `/vaults/${++vaults}` }), file } = given;
  const { session, backend } = await startSession(sessionView({ vault }), {
    ask_for_place: () => '/home/ana/export',
    preview_import: () => PREVIEW,
    run_import: () => imported(),
    cancel_import: () => null,
    ...answers,
  });
  const onclose = vi.fn();
  const props = { session, vault, onclose, ...(file === undefined ? {} : { file }) };
  const { unmount } = render(Import, props);
  const inputs = <T>(name: string) =>
    backend.asked.filter((asked) => asked.name === name).map(({ input }) => input as T);
  const user = userEvent.setup();
  const press = async (name: string | RegExp) =>
    user.click(await screen.findByRole('button', { name }));
  return { backend, inputs, onclose, press, props, unmount, user };
}

describe('importing', () => {
  it('is not for every role, which is said', async () => {
    const vault = openVault({ role: 'reader', may: ['see'] });
    const { backend, inputs } = await start({}, { vault, file: '/tmp/a.csv' });
    await screen.findByText('Your role, Reader, does not change credentials.');
    backend.tell('file_dropped', { file: '/tmp/a.csv' });
    expect(inputs('look_at_import')).toEqual([]);
  });

  it('goes from a file by its password over the preview to what came in', async () => {
    const { inputs, press, user } = await start({ look_at_import: () => KDBX });
    await press('Choose a file');
    const field = await screen.findByLabelText('Password of the file');
    expect(field).toHaveFocus();
    await user.type(field, 'fixture');
    await press('Open file');
    await screen.findByRole('heading', { name: 'What would come in' });
    expect(screen.getByText('Add new versions to 1 credential that differ')).toBeVisible();
    expect(screen.getByText('1 attachment.')).toBeVisible();
    expect(screen.getByText('1 deleted entry.')).toBeVisible();
    const rows = within(screen.getByRole('list', { name: 'Entries' })).getAllByRole('listitem');
    expect(rows[2]).toHaveTextContent(/orders-db.*Database login.*prod.*Differs.*password/);
    await press('Import 2 credentials');
    await screen.findByText('2 credentials came in');
    expect(screen.getByText('Your file is encrypted.')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Delete file' })).toBeNull();
    expect(inputs<ImportRequest>('preview_import')).toEqual([
      { file: '/home/ana/export', password: 'fixture', columns: null },
    ]);
    expect(inputs('run_import')).toEqual([{ changed: false, without: [] }]);
  });

  it('can be undone', async () => {
    const { inputs, onclose, press } = await start({
      look_at_import: () => ENV,
      undo_import: () => imported({ skipped: 0 }),
    });
    await press('Choose a file');
    await press('Import 2 credentials');
    await press('Undo import');
    await screen.findByText('The import was undone');
    expect(inputs('undo_import')).toHaveLength(1);
    expect(screen.queryByRole('button', { name: 'Undo import' })).toBeNull();
    await press('Done');
    await waitFor(() => expect(onclose).toHaveBeenCalled());
  });

  it('says how much of what came in stays after it was undone', async () => {
    const { press } = await start({
      look_at_import: () => ENV,
      undo_import: () => imported({ added: 1, skipped: 1 }),
    });
    await press('Choose a file');
    await press('Import 2 credentials');
    await press('Undo import');
    await screen.findByText('The import was undone in part');
    expect(screen.getByText(/^1 credential stays as it is now/)).toBeVisible();
    expect(screen.queryByText(/^What it brought/)).toBeNull();
  });

  it('is accessible while a file is chosen and looked at', async () => {
    const { press } = await start({ look_at_import: () => ENV });
    await expectNoViolations();
    await press('Choose a file');
    await screen.findByRole('heading', { name: 'What would come in' });
    await expectNoViolations();
  });

  it('is accessible when it is done', async () => {
    const { press } = await start({ look_at_import: () => ENV });
    await press('Choose a file');
    await press('Import 2 credentials');
    await screen.findByText('2 credentials came in');
    await expectNoViolations();
  });

  it('stays at the password when it was wrong, and says so there', async () => {
    const { press, user } = await start({
      look_at_import: () => KDBX,
      preview_import: refuse('import.wrongPassword'),
    });
    await press('Choose a file');
    await user.type(await screen.findByLabelText('Password of the file'), 'wrong');
    await press('Open file');
    const field = screen.getByLabelText('Password of the file');
    await waitFor(() => expect(field).toBeInvalid());
    expect(field).toHaveAccessibleDescription(/does not open the file/);
    expect(field).toHaveFocus();
    await user.type(field, 'x');
    expect(field).toBeValid();
  });

  it('asks what the columns of a table become', async () => {
    const { inputs, press, user } = await start({ look_at_import: () => TABLE });
    await press('Choose a file');
    await screen.findByText(/KeePassXC seems to have written this table/);
    expect(screen.getByRole('row', { name: /title/ })).toHaveTextContent('payment-gateway');
    await expectNoViolations();
    await user.selectOptions(screen.getByLabelText('PIN becomes'), 'Leave out');
    expect(screen.getByText('1 column will be left out.')).toBeVisible();
    await press('Show what comes in');
    await screen.findByRole('heading', { name: 'What would come in' });
    expect(inputs<ImportRequest>('preview_import')[0]?.columns).toEqual([
      'name',
      'value',
      'ignore',
    ]);
    await press('Back');
    expect(await screen.findByLabelText('PIN becomes')).toHaveValue('ignore');
  });

  it('takes along what differs when asked to, and leaves out what was taken out', async () => {
    const { inputs, press, user } = await start({ look_at_import: () => ENV });
    await press('Choose a file');
    const differs = await screen.findByRole('checkbox', { name: 'Import orders-db' });
    expect(differs).toBeDisabled();
    await user.click(screen.getByRole('switch', { name: /Add new versions to 1 credential/ }));
    expect(differs).toBeChecked();
    await user.click(screen.getByRole('checkbox', { name: 'Import mail-relay' }));
    await press('Import 2 credentials');
    await screen.findByText('2 credentials came in');
    expect(inputs('run_import')).toEqual([{ changed: true, without: [1] }]);
  });

  it('has nothing to do when everything was taken out', async () => {
    const { press, user } = await start({ look_at_import: () => ENV });
    await press('Choose a file');
    for (const name of ['payment-gateway', 'mail-relay']) {
      await user.click(await screen.findByRole('checkbox', { name: `Import ${name}` }));
    }
    expect(
      screen.getByRole('button', { name: 'Import 0 credentials' }),
    ).toHaveAccessibleDescription('Nothing is left to import.');
  });

  it('shows the entries page by page, and each can be taken out', async () => {
    const many = Array.from({ length: 450 }, (_, at) => entry({ at, name: `entry-${at}` }));
    const { inputs, press, user } = await start({
      look_at_import: () => ENV,
      preview_import: () => {
        return { ...PREVIEW, fresh: 450, same: 0, changed: 0, entries: many.slice(0, 200) };
      },
      read_import: ({ from }) => many.slice(from, from + 200),
    });
    await press('Choose a file');
    const list = await screen.findByRole('list', { name: 'Entries' });
    for (const [drawn, left] of [
      [200, 250],
      [400, 50],
    ]) {
      await waitFor(() => expect(list.children).toHaveLength(drawn ?? 0));
      expect(list.parentElement).toHaveTextContent(`and ${left} more`);
      await press('Show more entries');
    }
    await waitFor(() => expect(list.children).toHaveLength(450));
    expect(screen.queryByRole('button', { name: 'Show more entries' })).toBeNull();
    await user.click(screen.getByRole('checkbox', { name: 'Import entry-449' }));
    await press('Import 449 credentials');
    await screen.findByText('2 credentials came in');
    expect(inputs('run_import')).toEqual([{ changed: false, without: [449] }]);
  });

  it('names everything that is lost or changed, page by page', async () => {
    const names = Array.from({ length: 700 }, (_, at) => `file-${at}.pdf`);
    const lost = [{ why: 'attachment', count: 900, named: 700, names: names.slice(0, 500) }];
    const { inputs, press, user } = await start({
      look_at_import: () => ENV,
      preview_import: () => ({ ...PREVIEW, lost }),
      read_losses: ({ from }) => names.slice(from),
    });
    await press('Choose a file');
    const summary = await screen.findByText('900 attachments.');
    expect(screen.getByLabelText('In the file')).toHaveTextContent(/lost or changed\s*900/);
    await user.click(summary);
    expect(screen.getByText(/^file-0\.pdf.*file-499\.pdf$/)).toBeVisible();
    expect(screen.getByText(/and 200 more names/)).toBeVisible();
    await press('Show more names');
    await screen.findByText(/^file-0\.pdf.*file-699\.pdf$/);
    expect(screen.queryByRole('button', { name: 'Show more names' })).toBeNull();
    expect(inputs('read_losses')).toEqual([{ why: 'attachment', from: 500 }]);
  });

  it('shows what it is doing, and can be stopped without having done anything', async () => {
    const work = slow<Imported>();
    let stopped = false;
    const { backend, press } = await start({
      look_at_import: () => ENV,
      run_import: async () => {
        const result = await work.promise;
        if (stopped) throw userError('import.cancelled');
        return result;
      },
      cancel_import: () => {
        stopped = true;
        work.end(imported());
        return null;
      },
    });
    await press('Choose a file');
    await press('Import 2 credentials');
    const bar = await screen.findByRole('progressbar', { name: 'Importing 2 credentials' });
    expect(bar).not.toHaveAttribute('aria-valuenow');
    backend.tell('work_progress', { step: 'writing', part: 50 });
    await screen.findByText(/Writing the vault/);
    expect(bar).toHaveAttribute('aria-valuenow', '50');
    await expectNoViolations();
    await press('Stop');
    await screen.findByRole('button', { name: 'Import 2 credentials' });
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('offers to delete a file that holds plain secrets, and says what that does not do', async () => {
    const { inputs, press } = await start({
      look_at_import: () => ENV,
      delete_import_file: () => null,
    });
    await press('Choose a file');
    await press('Import 2 credentials');
    await screen.findByText('Your export file still holds plain secrets.');
    await press('Delete file');
    const question = await screen.findByRole('alertdialog', { name: 'Delete the export file?' });
    expect(question).toHaveTextContent(/does not wipe the old blocks of a disk/);
    expect(inputs('delete_import_file')).toEqual([]);
    await userEvent.click(within(question).getByRole('button', { name: 'Delete file' }));
    await screen.findByText(/The file was deleted/);
    // There is no other copy then: undoing asks first.
    await press('Undo import');
    await screen.findByRole('alertdialog', { name: 'Undo the import?' });
    expect(inputs('undo_import')).toEqual([]);
  });

  it('can still be undone after it was closed', async () => {
    const { press, props, unmount } = await start({ look_at_import: () => ENV });
    await press('Choose a file');
    await press('Import 2 credentials');
    await screen.findByText('2 credentials came in');
    unmount();
    render(Import, props);
    expect(await screen.findByRole('button', { name: 'Undo import' })).toBeVisible();
    await press('Import another file');
    expect(await screen.findByRole('button', { name: 'Choose a file' })).toBeVisible();
  });

  it('cannot be undone when the time is over', async () => {
    const { press } = await start({
      look_at_import: () => ENV,
      run_import: () => imported({ undoUntil: Date.now() - 1 }),
    });
    await press('Choose a file');
    await press('Import 2 credentials');
    await screen.findByText('2 credentials came in');
    expect(screen.queryByRole('button', { name: 'Undo import' })).toBeNull();
  });

  it('takes a file that was dropped, and says in place why it cannot be read', async () => {
    let broken = true;
    const { inputs, press } = await start(
      {
        look_at_import: () => {
          if (broken) throw userError('import.notOne', { file: '/tmp/a.bin' });
          return KDBX;
        },
      },
      { file: '/tmp/a.bin' },
    );
    await screen.findByRole('region', { name: 'Unknown kind of file' });
    broken = false;
    await press('Try again');
    await screen.findByLabelText('Password of the file');
    expect(inputs('look_at_import')).toEqual([{ file: '/tmp/a.bin' }, { file: '/tmp/a.bin' }]);
  });

  it('takes a file that is dropped while it is open, and the same one once more', async () => {
    const { backend, inputs, press } = await start({ look_at_import: () => KDBX });
    for (const times of [1, 2]) {
      backend.tell('file_dropped', { file: '/tmp/a.kdbx' });
      await screen.findByLabelText('Password of the file');
      expect(inputs('look_at_import')).toHaveLength(times);
      await press('Back');
      await screen.findByRole('button', { name: 'Choose a file' });
    }
  });

  it('does not begin with a file that is dropped while another comes in', async () => {
    const { backend, inputs, press } = await start({
      look_at_import: () => ENV,
      run_import: () => slow<Imported>().promise,
    });
    await press('Choose a file');
    await press('Import 2 credentials');
    await screen.findByRole('progressbar');
    backend.tell('file_dropped', { file: '/tmp/a.kdbx' });
    expect(inputs('look_at_import')).toHaveLength(1);
    expect(screen.getByRole('progressbar')).toBeVisible();
  });

  it('keeps the preview when the import fails', async () => {
    const { press } = await start({
      look_at_import: () => ENV,
      run_import: refuse('vault.diskFull', { file: '/v' }),
    });
    await press('Choose a file');
    await press('Import 2 credentials');
    await screen.findByRole('alert');
    expect(screen.getByRole('button', { name: 'Import 2 credentials' })).toBeVisible();
    await press('Choose another file');
    expect(await screen.findByRole('button', { name: 'Choose a file' })).toBeVisible();
  });

  it('stops what runs when it is closed', async () => {
    const { inputs, press, unmount } = await start({
      look_at_import: () => ENV,
      run_import: () => slow<Imported>().promise,
    });
    await press('Choose a file');
    await press('Import 2 credentials');
    await screen.findByRole('progressbar');
    unmount();
    expect(inputs('cancel_import')).toHaveLength(1);
  });
});

import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import type { About, SessionView, SettingsView, UserError } from '$lib/bindings';
import { SCREENS, SHORTCUTS } from '$lib/features/frame/screens';
import { SettingsState } from '$lib/features/settings/settings.svelte';
import {
  KEY,
  knownVault,
  openVault,
  PASSPHRASE,
  sessionView,
  startSession,
  STRONG,
} from '$lib/features/vault/testing/made';
import App from './App.svelte';
// Loaded beforehand: the tests are not about how long that takes.
import './later';
import './making';
import './unlocked';

const ABOUT: About = {
  version: '9.8.7',
  system: 'linux x86_64',
  settingsFile: '/home/ana/settings.json',
  logFolder: '/home/ana/logs',
  logLevel: 'info',
  logProblem: null,
};
const USUAL: SettingsView = {
  settings: {
    theme: 'system',
    lockAfterMinutes: 5,
    lockOnSleep: true,
    lockWithScreen: true,
    rotateWhileLocked: false,
    singleKeys: true,
    hiddenColumns: [],
    quiet: null,
    namesInNotices: false,
    startAtLogin: false,
  },
  problem: null,
};
const BROKEN: UserError = {
  code: 'KT-SETTINGS-BROKEN',
  messageKey: 'settings.broken',
  retryable: false,
  details: { file: ABOUT.settingsFile, line: '3', column: '7' },
};

const OPEN = sessionView({ vault: openVault() });
const LOCKED = sessionView({ locked: { because: 'asked', at: 0, rotations: null } });

async function start({ about = ABOUT, view = USUAL, session: at = OPEN as SessionView } = {}) {
  const { session, backend } = await startSession(at, {
    read_about: () => about,
    read_settings: () => view,
    save_settings: (settings) => ({ settings, problem: null }),
    reset_settings: () => USUAL,
    list_members: () => ({ members: [], revision: 0 }),
    list_backups: () => ({ folder: '/b', backups: [], problem: null }),
    list_views: () => ({
      saved: [],
      unread: [],
      counts: { all: 0, attention: 0, dueSoon: 0, highRisk: 0, inGrace: 0, unread: 0 },
    }),
    list_credentials: () => ({
      rows: [],
      from: 0,
      total: 0,
      all: 0,
      groups: [],
      unknown: [],
      instead: [],
    }),
    list_channels: () => ({ channels: [], faults: [], saved: null }),
    list_policies: () => ({ usual: [], own: [], unread: [] }),
    read_words: () => ({ environments: [], owners: [], issuers: [], tags: [] }),
    read_key_ring: () => ({ problem: null, until: null }),
    stay_unlocked: () => null,
    lock_vault: () => null,
    suggest_place: () => knownVault().folder,
    suggest_passphrase: () => PASSPHRASE,
    weigh_passphrase: () => STRONG,
    create_vault: () => {
      backend.tell('session_changed', OPEN);
      return { session: OPEN, recoveryKey: KEY };
    },
    unlock_vault: () => OPEN,
    quit: () => null,
  });
  const settings = new SettingsState(backend);
  await settings.start();
  render(App, { backend, settings, session });
  if (at.vault) await screen.findByText(`Keyturn ${about.version}`);
  return { backend, user: userEvent.setup() };
}

const openScreen = () => screen.getByRole('main');

describe('the frame', () => {
  it('shows in the sidebar only what exists, and opens it', async () => {
    const { user } = await start();
    const buttons = within(screen.getByRole('navigation', { name: 'Screens' })).getAllByRole(
      'button',
    );
    expect(buttons.map((button) => button.querySelector('.name')?.textContent)).toEqual([
      'Inventory',
      'Timeline',
      'Map',
      'Rotations',
      'Issuers',
      'Consumers',
      'Policies',
      'Members',
      'Security',
      'Backup',
      'Needs attention',
      'Due in 7 days',
      'High risk',
      'Two keys valid',
      'No policy',
      'No consumers',
      'Mine',
      'Archived',
      'Settings',
      'Help',
    ]);
    for (const button of buttons) {
      await user.click(button);
      await waitFor(() => expect(button).toHaveAttribute('aria-current', 'page'));
    }
  });

  it('opens every screen by its key and takes lost focus along', async () => {
    const { user } = await start();
    await user.keyboard('{Control>},{/Control}');
    await within(openScreen()).findByRole('heading', { level: 1, name: 'Settings' });
    await user.click(screen.getByRole('button', { name: 'Reset settings' }));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    await user.keyboard('{F1}');
    await within(openScreen()).findByRole('heading', { level: 1, name: 'Help' });
    await waitFor(() => expect(openScreen()).toHaveFocus());
    await user.keyboard('{Control>}1{/Control}');
    await within(openScreen()).findByRole('heading', { level: 1, name: /^Inventory/ });
  });

  it.each([
    ['open', OPEN as SessionView],
    ['locked', LOCKED],
  ])('is never loaded anew by Mod+R while the vault is %s', async (_, session) => {
    await start({ session });
    const press = new KeyboardEvent('keydown', {
      ...{ key: 'r', ctrlKey: true, bubbles: true, cancelable: true },
    });
    document.body.dispatchEvent(press);
    expect(press.defaultPrevented).toBe(true);
  });

  it('quits by its key', async () => {
    const { backend, user } = await start();
    await user.keyboard('{Control>}q{/Control}');
    expect(backend.asked.at(-1)?.name).toBe('quit');
  });

  it('says when it was started again', async () => {
    const { backend } = await start();
    backend.tell('second_start', null);
    expect((await screen.findAllByText('Keyturn is already open, here.')).length).toBeGreaterThan(
      0,
    );
  });

  it.each(SCREENS.map(({ name, keys }) => [name, keys.replace('Mod+', '')]))(
    'has no accessibility fault on %s',
    async (name, key) => {
      const { user } = await start();
      const typed = key.startsWith('Shift+') ? `{Shift>}${key.slice(6)}{/Shift}` : key;
      await user.keyboard(key === 'F1' ? '{F1}' : `{Control>}${typed}{/Control}`);
      await within(openScreen()).findByRole('heading', { level: 1, name: new RegExp(name) });
      const { violations } = await axe.run(document.body, {
        rules: { 'color-contrast': { enabled: false } },
      });
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    },
  );
});

describe('the start', () => {
  it('unlocks into the frame, says who is there, and locks by its key', async () => {
    const { backend, user } = await start({ session: LOCKED });
    await user.type(await screen.findByLabelText('Passphrase'), `${PASSPHRASE}{Enter}`);
    expect(await screen.findByText('Unlocked as Ana · locks after 5 min idle')).toBeVisible();
    await waitFor(() => expect(openScreen()).toHaveFocus());
    await user.keyboard('{Control>}l{/Control}');
    expect(backend.asked.map(({ name }) => name)).toContain('lock_vault');
    backend.tell('session_changed', LOCKED);
    expect(await screen.findByRole('heading', { name: 'Unlock Acme' })).toBeVisible();
    expect(screen.queryByRole('navigation')).toBeNull();
  });

  it('leaves no message behind when the vault is locked', async () => {
    const { backend } = await start();
    backend.tell('second_start', null);
    await screen.findAllByText('Keyturn is already open, here.');
    backend.tell('session_changed', LOCKED);
    await waitFor(() => expect(screen.queryByText('Keyturn is already open, here.')).toBeNull());
  });

  it('shows settings and help and comes back', async () => {
    const { user } = await start({ session: LOCKED });
    await screen.findByRole('heading', { name: 'Unlock Acme' });
    await user.keyboard('{F1}');
    await screen.findByRole('heading', { level: 1, name: 'Help' });
    await user.keyboard('{Escape}');
    await screen.findByRole('heading', { name: 'Unlock Acme' });
    await user.click(screen.getByRole('button', { name: 'Settings' }));
    await screen.findByRole('heading', { level: 1, name: 'Settings' });
    await user.click(screen.getByRole('button', { name: /Back/ }));
    await screen.findByRole('heading', { name: 'Unlock Acme' });
  });

  it('keeps the wizard until its last step, though the vault is open by then', async () => {
    const { user } = await start({ session: sessionView({ known: [] }) });
    await user.click(screen.getByRole('button', { name: 'Create a vault' }));
    await user.type(await screen.findByLabelText('Vault name'), 'Acme');
    await user.type(screen.getByLabelText('Your name'), 'Ana');
    await user.type(screen.getByLabelText('Passphrase'), PASSPHRASE);
    await user.type(screen.getByLabelText('Repeat'), PASSPHRASE);
    await waitFor(() => expect(screen.getByLabelText('Location')).not.toHaveValue(''));
    await user.click(screen.getByRole('button', { name: /Continue/ }));
    await screen.findByRole('heading', { name: 'Keep the recovery key' });
    await user.click(screen.getByRole('button', { name: 'Skip for now' }));
    await user.click(await screen.findByRole('button', { name: 'Done' }));
    expect(await screen.findByText(/Unlocked as Ana/)).toBeVisible();
  });
});

describe('what is true of the vault', () => {
  const ways = { passphraseSince: 0, recoveryKey: 'unproven', keyRingUntil: null } as const;

  it('is said in a banner until it is hidden', async () => {
    const { user } = await start({ session: sessionView({ vault: openVault({ ways }) }) });
    await user.click(screen.getByRole('button', { name: 'Check recovery key' }));
    await within(openScreen()).findByRole('heading', { level: 1, name: 'Security' });
    await user.click(screen.getByRole('button', { name: 'Hide until the next unlock' }));
    expect(screen.queryByText(/recovery key was not checked/)).toBeNull();
  });

  it('is that somebody else holds it', async () => {
    const readOnly = { process: 4127, computer: 'ana-laptop', since: 0 };
    await start({ session: sessionView({ vault: openVault({ readOnly }) }) });
    expect(screen.getByText(/process 4127 on ana-laptop has held this vault/)).toBeVisible();
  });
});

describe('a settings file that is not understood', () => {
  it('is told in the status bar, explained in three lines, and mended by starting afresh', async () => {
    const { backend, user } = await start({ view: { ...USUAL, problem: BROKEN } });
    await user.click(screen.getByRole('button', { name: /Settings not understood/ }));
    const block = await screen.findByRole('region', { name: 'Settings not understood' });
    expect(block).toHaveTextContent('line 3, column 7: /home/ana/settings.json');
    expect(block).toHaveTextContent('No. The file is untouched');
    expect(screen.queryByRole('radiogroup')).toBeNull();

    await user.click(screen.getByRole('button', { name: 'Start afresh' }));
    const question = await screen.findByRole('alertdialog');
    await user.click(within(question).getByRole('button', { name: 'Cancel' }));
    expect(backend.asked.map(({ name }) => name)).not.toContain('reset_settings');

    await user.click(screen.getByRole('button', { name: 'Start afresh' }));
    const again = await screen.findByRole('alertdialog');
    await user.click(within(again).getByRole('button', { name: 'Reset settings' }));
    await waitFor(() => expect(screen.queryByText('Settings not understood')).toBeNull());
    expect(screen.getByRole('radiogroup', { name: 'Colours' })).toBeVisible();
  });
});

describe('help', () => {
  it('finds a key by what it does, and says when there is none', async () => {
    const { user } = await start();
    await user.keyboard('{F1}');
    await screen.findByRole('table');
    const table = () => within(screen.getByRole('table', { name: 'Keyboard shortcuts' }));
    expect(table().getAllByRole('row')).toHaveLength(SHORTCUTS.length + 1);
    const field = screen.getByRole('searchbox', { name: 'Find a shortcut' });
    await user.type(field, 'quit');
    expect(table().getAllByRole('row')).toHaveLength(2);
    await user.type(field, ' nothing');
    await user.click(screen.getByRole('button', { name: 'Show all shortcuts' }));
    expect(table().getAllByRole('row')).toHaveLength(SHORTCUTS.length + 1);
  });

  it('shows where everything is and copies it', async () => {
    const { user } = await start();
    await user.keyboard('{F1}');
    await user.click(await screen.findByRole('button', { name: 'Diagnostics' }));
    const sheet = await screen.findByRole('dialog', { name: 'Diagnostics' });
    expect(sheet).toHaveTextContent('/home/ana/logs');
    await user.click(within(sheet).getByRole('button', { name: 'Copy all' }));
    expect(await navigator.clipboard.readText()).toContain('Version: 9.8.7');
  });

  it('explains why no log is written', async () => {
    const logProblem: UserError = {
      code: 'KT-LOG-UNWRITABLE',
      messageKey: 'log.unwritable',
      retryable: false,
      details: { folder: ABOUT.logFolder },
    };
    const { user } = await start({ about: { ...ABOUT, logProblem } });
    await user.click(screen.getByRole('button', { name: /No log is written/ }));
    expect(await screen.findByRole('region', { name: 'No log is written' })).toHaveTextContent(
      '/home/ana/logs',
    );
  });
});

import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import type { About, SettingsView, UserError } from '$lib/bindings';
import { rehearsed } from '$lib/backend/rehearsed';
import { SHORTCUTS } from '$lib/features/frame/screens';
import { SettingsState } from '$lib/features/settings/settings.svelte';
import App from './App.svelte';
// Loaded beforehand: the tests are not about how long that takes.
import './later';

const ABOUT: About = {
  version: '9.8.7',
  system: 'linux x86_64',
  settingsFile: '/home/ana/settings.json',
  logFolder: '/home/ana/logs',
  logLevel: 'info',
  logProblem: null,
};
const USUAL: SettingsView = { settings: { theme: 'system' }, problem: null };
const BROKEN: UserError = {
  code: 'KT-SETTINGS-BROKEN',
  messageKey: 'settings.broken',
  retryable: false,
  details: { file: ABOUT.settingsFile, line: '3', column: '7' },
};

async function start({ about = ABOUT, view = USUAL } = {}) {
  const backend = rehearsed({
    read_about: () => about,
    read_settings: () => view,
    save_settings: (settings) => ({ settings, problem: null }),
    reset_settings: () => USUAL,
    quit: () => null,
  });
  const settings = new SettingsState(backend);
  await settings.start();
  render(App, { backend, settings });
  await screen.findByText(`Keyturn ${about.version}`);
  return { backend, user: userEvent.setup() };
}

const openScreen = () => screen.getByRole('main');

describe('the frame', () => {
  it('shows in the sidebar only what exists, and opens it', async () => {
    const { user } = await start();
    const buttons = within(screen.getByRole('navigation')).getAllByRole('button');
    expect(buttons.map((button) => button.textContent?.trim().split(/\s/)[0])).toEqual([
      'Welcome',
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
    await user.keyboard('{F1}');
    await within(openScreen()).findByRole('heading', { level: 1, name: 'Help' });
    await waitFor(() => expect(openScreen()).toHaveFocus());
    await user.keyboard('{Control>}1{/Control}');
    expect(await within(openScreen()).findByText('No vault yet')).toBeVisible();
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

  it('has no accessibility fault on any screen', async () => {
    const { user } = await start();
    for (const name of ['Welcome', 'Settings', 'Help']) {
      const navigation = within(screen.getByRole('navigation'));
      await user.click(navigation.getByRole('button', { name: new RegExp(name) }));
      await within(openScreen()).findByRole('heading', { level: 1, name: new RegExp(name) });
      const { violations } = await axe.run(document.body, {
        rules: { 'color-contrast': { enabled: false } },
      });
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    }
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

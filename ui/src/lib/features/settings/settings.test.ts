import { beforeEach, describe, expect, it } from 'vitest';
import type { Settings, SettingsView, UserError } from '$lib/bindings';
import { rehearsed } from '$lib/backend/rehearsed';
import { SettingsState } from './settings.svelte';

const USUAL: Settings = {
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
};
const LIGHT: SettingsView = { settings: { ...USUAL, theme: 'light' }, problem: null };
const REFUSED: UserError = {
  code: 'KT-SETTINGS-UNWRITABLE',
  messageKey: 'settings.unwritable',
  retryable: true,
  details: { file: '/f', reason: 'disk full' },
};
const pageTheme = () => document.documentElement.dataset['theme'];

describe('settings', () => {
  beforeEach(() => delete document.documentElement.dataset['theme']);

  it('colour the page as soon as they are read', async () => {
    const state = new SettingsState(rehearsed({ read_settings: () => LIGHT }));
    await state.start();
    expect(pageTheme()).toBe('light');
  });

  it('follow the system when they say so', async () => {
    document.documentElement.dataset['theme'] = 'dark';
    const view: SettingsView = { settings: USUAL, problem: null };
    await new SettingsState(rehearsed({ read_settings: () => view })).start();
    expect(pageTheme()).toBeUndefined();
  });

  it('change at once and are kept', async () => {
    const backend = rehearsed({
      read_settings: () => LIGHT,
      save_settings: (settings) => ({ settings, problem: null }),
    });
    const state = new SettingsState(backend);
    await state.start();
    const saving = state.choose({ theme: 'dark' });
    expect(pageTheme()).toBe('dark');
    await saving;
    expect(backend.asked.at(-1)).toEqual({
      name: 'save_settings',
      input: { ...USUAL, theme: 'dark' },
    });
    expect(state.refusal).toBeNull();
  });

  it('go back to what is kept when a change is refused, and say why', async () => {
    const backend = rehearsed({
      read_settings: () => LIGHT,
      save_settings: () => {
        throw REFUSED;
      },
    });
    const state = new SettingsState(backend);
    await state.start();
    await state.choose({ theme: 'dark' });
    expect(pageTheme()).toBe('light');
    expect(state.refusal).toEqual(REFUSED);
    expect(await state.reload()).toBe(true);
    expect(state.refusal).toBeNull();
  });

  it('follow a change made elsewhere until they are stopped', async () => {
    const backend = rehearsed({ read_settings: () => LIGHT });
    const stop = await new SettingsState(backend).start();
    backend.tell('settings_changed', { settings: { ...USUAL, theme: 'dark' }, problem: null });
    expect(pageTheme()).toBe('dark');
    stop();
    backend.tell('settings_changed', LIGHT);
    expect(pageTheme()).toBe('dark');
  });
});

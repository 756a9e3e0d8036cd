// The harness proves itself: each of these fails when the real thing did not happen.
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  isAlive,
  recordNotices,
  screenshot,
  startDesktop,
  startTray,
  type Desktop,
} from './harness';
import { startPython } from './harness/python';

let desktop: Desktop;

describe('a desktop', () => {
  beforeEach(async () => {
    desktop = await startDesktop({ keyring: true });
  });
  afterEach(() => desktop.stop());

  test('reads back a notification and answers it', async () => {
    const notices = await recordNotices(desktop);
    const sender = desktop.start('notify-send', [
      ...['--urgency', 'critical', '--app-name', 'Keyturn', '--wait'],
      ...['--action', 'rotate=Rotate now', '--action', 'later=Remind me'],
      ...['2 credentials are overdue', 'Line one\nline "two"'],
    ]);
    const notice = await notices.waitFor(({ summary }) => summary.includes('overdue'));
    expect(notice).toMatchObject({
      app: 'Keyturn',
      summary: '2 credentials are overdue',
      body: 'Line one\nline "two"',
      urgency: 'critical',
      actions: [
        { key: 'rotate', label: 'Rotate now' },
        { key: 'later', label: 'Remind me' },
      ],
    });
    expect(await notices.onScreen()).toBe(1);

    await notices.invoke(notice, 'later');
    expect((await sender.end()).code).toBe(0);
    expect(sender.stdout().trim()).toBe('later');
  });

  test('refuses an action that the notification does not offer', async () => {
    const notices = await recordNotices(desktop);
    await desktop.run('notify-send', ['--urgency', 'low', 'Nothing to do']);
    const notice = await notices.waitFor(() => true);
    expect(notice.urgency).toBe('low');
    await expect(notices.invoke(notice, 'rotate')).rejects.toThrow('no action rotate');
    expect(await notices.onScreen()).toBe(1);
    await notices.closeAll();
    expect(await notices.onScreen()).toBe(0);
  });

  test('reads a tray item and clicks its menu', async () => {
    const tray = await startTray(desktop);
    expect(await tray.items()).toEqual([]);
    const program = startPython(desktop, 'tray_item.py');
    const item = await tray.waitForItem(({ label }) => label === '2 due');
    expect(item).toMatchObject({ id: 'harness-item', title: 'Harness', status: 'Active' });

    const menu = await tray.waitForMenu((entries) => entries.length === 4);
    expect(menu.map(({ label, type, enabled }) => [label, type, enabled])).toEqual([
      ['Lock', 'standard', true],
      ['Unlock', 'standard', false],
      ['', 'separator', true],
      ['Emergency', 'standard', true],
    ]);
    await expect(tray.click(['Unlock'])).rejects.toThrow('nobody can click');
    await expect(tray.click(['Quit'])).rejects.toThrow('0 entries «Quit»');
    expect(program.lines()).toEqual([]);

    await tray.click(['Emergency', 'Leaked in a repo…']);
    await tray.waitForItem(({ label }) => label === 'locked');
    expect(program.lines()).toEqual(['Leaked in a repo…']);

    await program.program.stop();
    await expect.poll(() => tray.items()).toEqual([]);
  });

  test('keeps a secret in its own key ring', async () => {
    const name = ['service', 'keyturn-harness'];
    await desktop.run('secret-tool', ['store', '--label', 'harness', ...name], { input: 'opal' });
    expect(await desktop.run('secret-tool', ['lookup', ...name])).toBe('opal');
    expect(existsSync(`${desktop.home}/.local/share/keyrings/login.keyring`)).toBe(true);
  });

  test('has only its own names on its bus', async () => {
    const list = 'org.freedesktop.DBus.ListNames';
    const activatable = 'org.freedesktop.DBus.ListActivatableNames';
    const call = ['call', '--session', '-d', 'org.freedesktop.DBus', '-o', '/', '-m'];
    const names = (said: string) =>
      [...said.matchAll(/'([a-z][^']*)'/g)].map(([, name]) => name).sort();
    expect(names(await desktop.run('gdbus', [...call, list]))).toEqual([
      'org.freedesktop.DBus',
      'org.freedesktop.Notifications',
      'org.freedesktop.secrets',
      'org.gnome.keyring',
    ]);
    expect(names(await desktop.run('gdbus', [...call, activatable]))).toEqual([
      'org.freedesktop.DBus',
    ]);
    await expect(
      desktop.run('gdbus', ['introspect', '--system', '-d', 'a', '-o', '/']),
    ).rejects.toThrow('No such file or directory');
  });
});

test('a desktop without services answers so at once', async () => {
  desktop = await startDesktop({ notifications: false });
  try {
    await expect(desktop.run('notify-send', ['hello'])).rejects.toThrow('ServiceUnknown');
    await expect(desktop.run('secret-tool', ['lookup', 'a', 'b'])).rejects.toThrow('secret-tool');
    await expect(recordNotices(desktop)).rejects.toThrow('without a notification daemon');
  } finally {
    await desktop.stop();
  }
});

test('a desktop goes without leaving a process or a file', async () => {
  desktop = await startDesktop({ keyring: true });
  await startTray(desktop);
  await recordNotices(desktop);
  // One that left its parent and would outlive it.
  await desktop.run('/bin/sh', ['-c', 'sleep 600 >/dev/null 2>&1 & exit 0']);
  expect(existsSync(await screenshot(desktop, 'empty desktop'))).toBe(true);

  const pids = desktop.processes();
  expect(pids.length).toBeGreaterThanOrEqual(8);
  expect(pids.every(isAlive)).toBe(true);
  await desktop.stop();
  expect(pids.filter(isAlive)).toEqual([]);
  expect(desktop.processes()).toEqual([]);
  expect(existsSync(desktop.folder)).toBe(false);
});

test('a missing program is a failure that names its package', async () => {
  const path = process.env.PATH;
  process.env.PATH = '/nowhere';
  try {
    await expect(startDesktop()).rejects.toThrow('install the Debian package xvfb');
  } finally {
    process.env.PATH = path;
  }
});

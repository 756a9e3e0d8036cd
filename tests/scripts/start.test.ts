import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Machine } from './machine';

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.remove());

const made = /^(apt-get|npm|vite|tauri)/;
const makers = (calls: string[]) => calls.filter((call) => made.test(call));

describe('npm start on a fresh machine without a display', () => {
  it('says what it installs, builds, and leaves a picture of the first screen', async () => {
    const { code, output } = await machine.run('start');
    expect(output).toContain(
      'System packages that will be installed: build-essential pkg-config libssl-dev libwebkit2gtk-4.1-dev libdbus-1-dev libayatana-appindicator3-dev xvfb openbox imagemagick dbus',
    );
    expect(output).toContain('This machine has no display: the window opens on a virtual one.');
    expect(output).toContain(`Picture of the first painted screen: ${machine.picture}`);
    expect(existsSync(machine.picture)).toBe(true);
    expect(code).toBe(0);
    expect(makers(machine.calls()).map((call) => call.split(' ').slice(0, 2).join(' '))).toEqual([
      'apt-get update',
      'apt-get install',
      'npm ci',
      'vite build',
      'tauri build',
    ]);
  });

  it('installs and builds nothing again at the second start', async () => {
    await machine.run('start');
    machine.calls();
    const { code } = await machine.run('start');
    const calls = machine.calls();
    expect(code).toBe(0);
    expect(makers(calls)).toEqual([]);
    expect(calls).toContain('app');
  });

  it('ends the virtual display and the window that it has opened', async () => {
    machine.program('Xvfb', `echo $$ > "${machine.folder}/xvfb.pid"; echo 99 >&3; exec sleep 600`);
    await machine.run('start');
    const { output } = await machine.runProgram('/bin/sh', [
      '-c',
      `read pid < "${machine.folder}/xvfb.pid"; kill -0 $pid && echo alive || echo gone`,
    ]);
    expect(output).toContain('gone');
  });
});

describe('on another system than Linux', () => {
  const system = (name: string) =>
    machine.pretending(`Object.defineProperty(process, 'platform', { value: '${name}' });`);

  it('npm start opens the window on the display that macOS always has', async () => {
    const { code, output } = await machine.run('start', [], system('darwin'));
    expect(output).toContain('the command ends when its window is closed');
    expect(code).toBe(0);
    const calls = machine.calls();
    expect(calls).toContain('app');
    expect(calls.some((call) => call.startsWith('Xvfb'))).toBe(false);
  });

  it('npm run build calls programs by the names that they have on Windows', async () => {
    machine.program('vite.cmd', 'mkdir -p ui/dist && echo built > ui/dist/index.html', true);
    machine.program('tauri.cmd', 'mkdir -p target/release && : > target/release/keyturn.exe', true);
    const { code, output } = await machine.run('build', [], system('win32'));
    expect(output).toContain('target/release/keyturn.exe');
    expect(code).toBe(0);
  });
});

describe('npm start with a display', () => {
  it('opens the window there and asks for no virtual display', async () => {
    const { code, output } = await machine.run('start', [], { DISPLAY: ':0' });
    expect(code).toBe(0);
    expect(output).toContain('the command ends when its window is closed');
    expect(output).not.toContain('xvfb');
    const calls = machine.calls();
    expect(calls).toContain('app');
    expect(calls.some((call) => call.startsWith('Xvfb'))).toBe(false);
  });

  it('installs the npm packages again when the lock file has changed', async () => {
    await machine.run('start', [], { DISPLAY: ':0' });
    machine.calls();
    machine.write('package-lock.json', '{ "packages": { "": {} } }');
    await machine.run('start', [], { DISPLAY: ':0' });
    expect(makers(machine.calls())).toContain('npm ci --no-audit --no-fund');
  });

  it('builds interface and app again when a source of the interface has changed', async () => {
    await machine.run('start', [], { DISPLAY: ':0' });
    machine.calls();
    machine.program('vite', 'echo changed > ui/dist/index.html', true);
    machine.write('ui/src/main.ts', 'export {};');
    await machine.run('start', [], { DISPLAY: ':0' });
    expect(makers(machine.calls())).toEqual(['vite build', 'tauri build --no-bundle -- --locked']);
  });

  it('builds the app again when another build has replaced it', async () => {
    await machine.run('start', [], { DISPLAY: ':0' });
    machine.calls();
    machine.write('target/release/keyturn', 'a program without the interface');
    await machine.run('start', [], { DISPLAY: ':0' });
    expect(makers(machine.calls())).toEqual(['tauri build --no-bundle -- --locked']);
  });
});

it('npm run build ends with the path of the app', async () => {
  const { code, output } = await machine.run('build');
  expect(code).toBe(0);
  expect(output.trimEnd()).toMatch(
    new RegExp(`The app: ${join(machine.clone, 'target/release/keyturn')}$`),
  );
});

import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Machine } from './machine';

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.remove());

/** Nobody should be shown a stack for something that is not a mistake of the program. */
const fails = async (...args: Parameters<Machine['run']>) => {
  const { code, output } = await machine.run(...args);
  expect(code).toBe(1);
  expect(output).not.toMatch(/^ {4}at /m);
  return output;
};

describe('what goes wrong is said with the next step', () => {
  it('when the registry of npm cannot be reached', async () => {
    machine.program('npm', 'echo "npm error code ENOTFOUND" >&2; exit 1');
    const output = await fails('start');
    expect(output).toContain('The npm packages could not be fetched');
    expect(output).toContain('Look at the network connection');
  });

  it.each([
    'error: failed to get `serde` as a dependency\n[6] Could not resolve hostname (Could not resolve host: index.crates.io)',
    'error: failed to download from `https://static.crates.io/x`\n[6] Couldn\\047t resolve host name',
    'error: failed to get `serde`\n[5] Could not resolve proxy name (Could not resolve proxy: nohost)',
    'error: failed to get `tauri`\nspurious network error: [7] Failed to connect: Could not connect to server',
  ])('when crates.io cannot be reached: %s', async (words) => {
    machine.program('tauri', `printf '${words}\\n' >&2; exit 101`, true);
    const output = await fails('start');
    expect(output).toContain('The Rust packages could not be fetched');
    expect(output).toContain('Look at the network connection');
  });

  it('when the app does not compile', async () => {
    machine.program('tauri', 'echo "error[E0308]: mismatched types" >&2; exit 101', true);
    const output = await fails('start');
    expect(output).toContain('E0308');
    expect(output).toContain('The app could not be built');
  });

  it('when Node is too old', async () => {
    const env = machine.pretending(
      `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.18.3' } });`,
    );
    const output = await fails('start', [], env);
    expect(output).toContain('This is Node 20.18.3, and Keyturn needs 20.19 or later');
    expect(output).toContain('Install a later Node from https://nodejs.org');
    expect(machine.calls()).toEqual([]);
  });

  it.each([
    ['fuzz', 'npm run fuzz -- import'],
    ['scan', 'npm run scan -- memory'],
  ])('when %s is not told what', async (command, next) => {
    const output = await fails(command);
    expect(output).toContain('needs its name');
    expect(output).toContain(next);
  });

  it('when Rust is not there', async () => {
    machine.without('cargo');
    expect(await fails('start')).toContain('Install it from https://rustup.rs');
    expect(machine.calls()).toEqual([]);
  });

  it('when Rust is too old', async () => {
    machine.program('cargo', 'echo "cargo 1.9.0 (abcdef 2016-05-26)"');
    expect(await fails('start')).toContain('This is Rust 1.9, and Keyturn needs 1.95 or later');
  });

  it('when Rust is without the parts that the checks need', async () => {
    machine.program('cargo', 'case "$1" in clippy) exit 1;; esac; echo cargo 1.95.0');
    expect(await fails('check')).toContain('Run `rustup component add clippy`');
    machine.program('rustup', 'exit 0');
    const { output } = await machine.run('check');
    expect(machine.calls()).toContain('rustup component add clippy');
    expect(output).not.toContain('rustup component add');
  });

  it('when the port of the interface under development is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    machine.write(
      'tauri.conf.json',
      JSON.stringify({ build: { devUrl: `http://localhost:${port}` } }),
    );
    const output = await fails('dev');
    server.close();
    expect(output).toContain(`Port ${port} of this machine is taken`);
    expect(output).toContain('Nothing was started.');
  });

  it('when there is neither a display nor Xvfb', async () => {
    machine.without('Xvfb');
    const output = await fails('start');
    expect(output).toContain('There is no display, and the virtual one (Xvfb) did not start');
    expect(output).toContain('sudo apt-get install xvfb openbox');
  });

  it('when Xvfb gives up', async () => {
    machine.program('Xvfb', 'echo "_XSERVTransmkdir: Owner of /tmp/.X11-unix" >&2; exit 1');
    expect(await fails('start')).toContain('_XSERVTransmkdir: Owner of /tmp/.X11-unix');
  });

  it('when the app ends before it has painted', async () => {
    machine.program('dbus-run-session', 'echo "the settings file is broken" >&2; exit 3');
    machine.program('identify', 'echo "1 blank"');
    const output = await fails('start');
    expect(output).toContain('the app ended (the settings file is broken)');
  });

  it('when there is no new picture of the first screen, though there is one of an earlier start', async () => {
    await machine.run('start');
    machine.program('import', 'exit 1');
    machine.program('dbus-run-session', 'exit 3');
    expect(await fails('start')).toContain('There is no picture of the first screen');
    expect(existsSync(machine.picture)).toBe(false);
  });

  it('when the home cannot be written to', async () => {
    machine.write('file', '');
    const home = join(machine.clone, 'file', 'home');
    const output = await fails('start', [], { HOME: home });
    expect(output).toContain(`The folder ${home}/.cache/keyturn cannot be written to`);
    expect(machine.calls()).toEqual([]);
  });

  it('when the folder for the build cannot be written to', async () => {
    machine.write('file', '');
    const CARGO_TARGET_DIR = join(machine.clone, 'file', 'target');
    const output = await fails('start', [], { CARGO_TARGET_DIR });
    expect(output).toContain(`The folder ${CARGO_TARGET_DIR} cannot be written to`);
  });
});

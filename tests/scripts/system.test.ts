import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Machine } from './machine';

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.remove());

const aptCalls = () => machine.calls().filter((call) => /^(sudo|apt-get)/.test(call));

describe('a user who is not root', () => {
  beforeEach(() => machine.program('id', 'echo 1000'));

  it('gets the command to pass on when there is no sudo, and nothing is installed', async () => {
    const { code, output } = await machine.run('build');
    expect(code).toBe(1);
    expect(output).toContain(
      'sudo apt-get update && sudo apt-get install --yes --no-install-recommends build-essential pkg-config',
    );
    expect(output).toContain('nothing was changed');
    expect(aptCalls()).toEqual([]);
  });

  it('gets the command as well when sudo wants a password and nobody is there', async () => {
    machine.program('sudo', 'exit 1');
    const { code, output } = await machine.run('build');
    expect(code).toBe(1);
    expect(output).toContain('This user may not install them');
  });

  it('installs through sudo where that is allowed', async () => {
    machine.program('sudo', 'test "$2" = true || exit 0');
    const { code } = await machine.run('build');
    expect(code).toBe(0);
    expect(aptCalls().slice(1)).toEqual([
      'sudo -n env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get update',
      'sudo -n env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get install --yes --no-install-recommends build-essential pkg-config libssl-dev libwebkit2gtk-4.1-dev libdbus-1-dev libayatana-appindicator3-dev',
    ]);
  });
});

describe('the packages of the system', () => {
  it('are not installed again when only their triggers wait', async () => {
    machine.program('dpkg-query', 'shift 2; for name; do echo "triggers-pending $name"; done');
    const { code } = await machine.run('build');
    expect(code).toBe(0);
    expect(aptCalls()).toEqual([]);
  });

  it('are only asked for as far as they are missing', async () => {
    machine.program('dpkg-query', 'echo "installed pkg-config"; echo "config-files libdbus-1-dev"');
    const { output } = await machine.run('build');
    expect(output).toContain(
      'will be installed: build-essential libssl-dev libwebkit2gtk-4.1-dev libdbus-1-dev libayatana-appindicator3-dev\n',
    );
  });

  it('are said to be out of reach when there is no network', async () => {
    machine.program(
      'apt-get',
      'if test "$1" = update; then echo "Err:1 http://deb.debian.org/debian bookworm InRelease"; echo "  Temporary failure resolving deb.debian.org"; else echo "E: Unable to locate package libwebkit2gtk-4.1-dev"; exit 100; fi',
    );
    const { code, output } = await machine.run('build');
    expect(code).toBe(1);
    expect(output).toContain('their server cannot be reached. Nothing that was there is changed.');
    expect(output).toContain('Look at the network connection');
    expect(aptCalls()).toHaveLength(2);
  });

  it('are said to be missing from a release that is too old', async () => {
    machine.program(
      'apt-get',
      'test "$1" = update || { echo "E: Unable to locate package libwebkit2gtk-4.1-dev"; exit 100; }',
    );
    const { code, output } = await machine.run('build');
    expect(code).toBe(1);
    expect(output).toContain('Keyturn needs Debian 12, Ubuntu 22.04 or a later version');
  });

  it('wait for another program that installs', async () => {
    machine.program(
      'apt-get',
      'test "$1" = update || { echo "E: Could not get lock /var/lib/dpkg/lock-frontend."; exit 100; }',
    );
    const { output } = await machine.run('build');
    expect(output).toContain('Another program is installing packages at the moment');
  });
});

describe('another system than Debian and Ubuntu', () => {
  beforeEach(() => machine.without('apt-get', 'dpkg-query'));

  it('is told what to install', async () => {
    const { code, output } = await machine.run('build');
    expect(code).toBe(1);
    expect(output).toContain('installs packages on Debian and Ubuntu only');
    expect(output).toContain(
      'Install a C compiler and make, pkg-config, OpenSSL with its development files, WebKitGTK 4.1 with its development files, D-Bus with its development files',
    );
  });

  it('goes on when everything is there', async () => {
    machine.program('cc', '');
    machine.program('pkg-config', '');
    const { code } = await machine.run('build');
    expect(code).toBe(0);
  });
});

/** The packages of the system: which ones, which are missing, and how they come onto the machine. */

import { readFileSync } from 'node:fs';
import { Failure, say } from './say.mjs';
import { handOver, run } from './run.mjs';

/**
 * @typedef {object} Package
 * @property {string} name as Debian and Ubuntu call it
 * @property {string} words as another system's user would look for it
 * @property {[program: string, ...args: string[]]} probe succeeds where it is installed, whatever its name
 */

/** @type {(program: string) => Package['probe']} */
const onPath = (program) => ['sh', '-c', `command -v ${program}`];
/** @type {(library: string) => Package['probe']} */
const library = (name) => ['pkg-config', '--exists', name];

/** What the parts without a window take. @type {Package[]} */
export const forRust = [
  { name: 'build-essential', words: 'a C compiler and make', probe: onPath('cc') },
  { name: 'pkg-config', words: 'pkg-config', probe: onPath('pkg-config') },
  {
    name: 'libssl-dev',
    words: 'OpenSSL with its development files',
    probe: library('openssl'),
  },
];

/** What building and opening the window takes. @type {Package[]} */
export const forTheApp = [
  ...forRust,
  {
    name: 'libwebkit2gtk-4.1-dev',
    words: 'WebKitGTK 4.1 with its development files',
    probe: library('webkit2gtk-4.1'),
  },
  {
    name: 'libdbus-1-dev',
    words: 'D-Bus with its development files',
    probe: library('dbus-1'),
  },
  {
    name: 'libayatana-appindicator3-dev',
    words: 'what shows an icon in the tray',
    probe: library('ayatana-appindicator3-0.1'),
  },
];

/** What a machine without a display needs besides. @type {Package[]} */
export const forAVirtualDisplay = [
  { name: 'xvfb', words: 'Xvfb', probe: onPath('Xvfb') },
  { name: 'openbox', words: 'openbox', probe: onPath('openbox') },
  { name: 'imagemagick', words: 'ImageMagick', probe: onPath('import') },
  { name: 'dbus', words: 'D-Bus', probe: onPath('dbus-run-session') },
];

/** What the tests in the real window need besides. @type {Package[]} */
export const forTheTests = [
  ...forAVirtualDisplay,
  { name: 'webkit2gtk-driver', words: "WebKitGTK's WebDriver", probe: onPath('WebKitWebDriver') },
  { name: 'xdotool', words: 'xdotool', probe: onPath('xdotool') },
  { name: 'xclip', words: 'xclip', probe: onPath('xclip') },
  { name: 'x11-utils', words: 'xprop', probe: onPath('xprop') },
  { name: 'dunst', words: 'dunst', probe: onPath('dunst') },
  { name: 'libnotify-bin', words: 'notify-send', probe: onPath('notify-send') },
  { name: 'gnome-keyring', words: 'gnome-keyring', probe: onPath('gnome-keyring-daemon') },
  { name: 'libsecret-tools', words: 'secret-tool', probe: onPath('secret-tool') },
  { name: 'libglib2.0-bin', words: 'gdbus', probe: onPath('gdbus') },
  {
    name: 'python3-gi',
    words: 'GObject for Python',
    probe: ['/usr/bin/python3', '-c', 'import gi'],
  },
  {
    name: 'gir1.2-ayatanaappindicator3-0.1',
    words: 'AppIndicator for GObject',
    probe: [
      '/usr/bin/python3',
      '-c',
      'import gi; gi.require_version("AyatanaAppIndicator3", "0.1")',
    ],
  },
];

/** The servers whose logins the tests rotate, each started by its test. @type {Package[]} */
export const forDatabases = [
  {
    name: 'postgresql',
    words: 'PostgreSQL',
    probe: ['sh', '-c', 'ls /usr/lib/postgresql/*/bin/postgres'],
  },
  {
    name: 'mariadb-server',
    words: 'MariaDB',
    probe: ['sh', '-c', 'PATH=$PATH:/usr/sbin command -v mariadbd'],
  },
  { name: 'redis-server', words: 'Redis', probe: onPath('redis-server') },
  { name: 'openssl', words: 'openssl', probe: onPath('openssl') },
  {
    name: 'python3-aiosmtpd',
    words: 'aiosmtpd for Python',
    probe: ['/usr/bin/python3', '-c', 'import aiosmtpd'],
  },
];

/** What a person would script a rotation with. @type {Package[]} */
export const forScripts = [{ name: 'curl', words: 'curl', probe: onPath('curl') }];

/** What is measured against. @type {Package[]} */
export const neighbours = [
  { name: 'keepassxc', words: 'KeePassXC', probe: onPath('keepassxc-cli') },
  { name: 'ripgrep', words: 'ripgrep', probe: onPath('rg') },
];

/** Systems with no packages of ours to look for; not tried yet. @type {Record<string, string>} */
const onOtherSystems = {
  darwin: "Apple's command line tools (xcode-select --install).",
  win32: 'the C++ build tools of Visual Studio, and WebView2 (part of Windows 11).',
};

/**
 * Installs what is missing, and says before what that is.
 *
 * @param {Package[]} packages
 */
export async function installSystemPackages(packages) {
  const other = onOtherSystems[process.platform];
  if (other !== undefined) {
    say(`Nothing is installed on this system by itself. What building takes: ${other}`);
    return;
  }
  if (await isThere(onPath('apt-get'))) await installByApt(packages);
  else await lookForThem(packages);
}

/** @param {Package[]} packages */
async function installByApt(packages) {
  const names = packages.map((each) => each.name);
  const missing = await missingByDpkg(names);
  if (missing.length === 0) return;

  const update = ['apt-get', 'update'];
  const install = ['apt-get', 'install', '--yes', '--no-install-recommends', ...missing];
  const mayNot = () =>
    new Failure(
      `These system packages are missing: ${missing.join(' ')}. This user may not install them; nothing was changed.`,
      `Have them installed by\n\n    sudo ${update.join(' ')} && sudo ${install.join(' ')}\n\nthen run the command again.`,
    );
  const sudo = await wayToBeRoot();
  if (sudo === undefined) throw mayNot();
  say(`System packages that will be installed: ${missing.join(' ')}`);
  const asksForAPassword = sudo.length === 1;
  if (asksForAPassword && (await handOver('sudo', ['-v'])) !== 0) throw mayNot();
  let said = '';
  const env = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  // sudo hands no environment on.
  const asRoot =
    sudo.length === 0
      ? []
      : [...sudo, 'env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  for (const args of [update, install]) {
    const [program = '', ...rest] = [...asRoot, ...args];
    say(`$ ${[program, ...rest].join(' ')}`);
    const ran = await run(program, rest, { show: true, env });
    said += ran.output;
    // A list that could not be fetched need not be one that is needed: the install decides.
    if (ran.code !== 0) throw aptFailure(said, install);
  }
}

/**
 * @param {string[]} names
 * @returns {Promise<string[]>}
 */
async function missingByDpkg(names) {
  // A package whose triggers wait is as good as installed.
  const installed = /^(?:installed|triggers-\w+) (\S+)$/;
  const args = ['--show', '--showformat', '${db:Status-Status} ${Package}\n', ...names];
  const { stdout } = await run('dpkg-query', args);
  const there = new Set(stdout.split('\n').map((line) => installed.exec(line)?.[1]));
  return names.filter((name) => !there.has(name));
}

/** @returns {Promise<string[] | undefined>} what to put before a command that only root may run */
async function wayToBeRoot() {
  if ((await run('id', ['-u'])).stdout.trim() === '0') return [];
  if (!(await isThere(onPath('sudo')))) return undefined;
  if (process.stdin.isTTY) return ['sudo'];
  return (await isThere(['sudo', '-n', 'true'])) ? ['sudo', '-n'] : undefined;
}

/**
 * @param {string} output
 * @param {string[]} install
 */
function aptFailure(output, install) {
  const again = `run the command again. By hand it is: ${install.join(' ')}`;
  if (/Could not get lock/.test(output)) {
    return new Failure(
      'Another program is installing packages at the moment, so none was installed.',
      `Wait until it is done, then ${again}`,
    );
  }
  if (/^Err:|Failed to fetch|Could not resolve|Could not connect/m.test(output)) {
    return new Failure(
      'The system packages could not be fetched: their server cannot be reached. Nothing that was there is changed.',
      `Look at the network connection (and at /etc/apt/sources.list), then ${again}`,
    );
  }
  if (/Unable to locate package|has no installation candidate/.test(output)) {
    return new Failure(
      `${systemName()} does not have all of these packages.`,
      'Keyturn needs Debian 12, Ubuntu 22.04 or a later version of one of them.',
    );
  }
  return new Failure('apt-get did not get through; its own words are above.', `Then ${again}`);
}

/** @param {Package[]} packages */
async function lookForThem(packages) {
  const missing = [];
  for (const each of packages) if (!(await isThere(each.probe))) missing.push(each.words);
  if (missing.length === 0) return;
  throw new Failure(
    `This set-up installs packages on Debian and Ubuntu only; this is ${systemName()}. Nothing was changed.`,
    `Install ${missing.join(', ')} with the means of your system, then run the command again.`,
  );
}

/** @param {Package['probe']} probe */
async function isThere([program, ...args]) {
  return (await run(program, args)).code === 0;
}

function systemName() {
  try {
    const name = /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
    return name ?? 'another system';
  } catch {
    return 'another system';
  }
}

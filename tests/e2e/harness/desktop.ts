// A throwaway desktop for one test: folders, display, window manager, message bus, notification
// daemon and key ring of its own. Nothing of the machine's own session is reachable from inside it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  endProcesses,
  processesWith,
  runProgram,
  startProgram,
  type Environment,
  type Running,
  type StartOptions,
} from './programs';
import { waitFor } from './waiting';

export interface DesktopOptions {
  /** An unlocked key ring (gnome-keyring). Without it nothing answers to org.freedesktop.secrets. */
  keyring?: boolean;
  /** A notification daemon (dunst); on unless told. */
  notifications?: boolean;
  /** Windows have no frame, and there is no pointer: whatever is painted, their programs painted. */
  frameless?: boolean;
}

type ProgramOptions = Omit<Partial<StartOptions>, 'env'> & { env?: Environment };

export interface Desktop {
  /** The framebuffer of its display (XWD) lies in it. */
  folder: string;
  home: string;
  env: Environment;
  options: DesktopOptions;
  start(program: string, args: string[], options?: ProgramOptions): Running;
  run(
    program: string,
    args: string[],
    options?: ProgramOptions & { within?: number },
  ): Promise<string>;
  /** Waits until somebody owns the name on the bus. */
  busName(name: string): Promise<void>;
  /** The processes of this desktop that are alive, whoever started them. */
  processes(): number[];
  stop(): Promise<void>;
}

/** What is done before a desktop goes; the pictures of a failure are taken here. */
export const beforeStop: ((desktop: Desktop) => Promise<void>)[] = [];
const mark = 'KEYTURN_TEST_DESKTOP';

export async function startDesktop(options: DesktopOptions = {}): Promise<Desktop> {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-'));
  const env = makeFolders(folder);
  const programs: Running[] = [];

  const desktop: Desktop = {
    folder,
    home: join(folder, 'home'),
    env,
    options,
    start(program, args, more = {}) {
      // Another home that a test gives may be none.
      const where = { cwd: join(folder, 'home'), ...more, env: { ...env, ...more.env } };
      const started = startProgram(program, args, where);
      programs.push(started);
      return started;
    },
    run: (program, args, more = {}) =>
      runProgram(program, args, { ...more, env: { ...env, ...more.env } }),
    async busName(name) {
      await desktop.run('gdbus', ['wait', '--session', '--timeout', '10', name], {
        within: 12_000,
      });
    },
    processes: () => processesWith(mark, folder),
    async stop() {
      for (const last of beforeStop) await last(desktop);
      for (const program of programs.toReversed()) await program.stop();
      await endProcesses(desktop.processes());
      rmSync(folder, { recursive: true, force: true });
    },
  };

  try {
    env.DISPLAY = await startDisplay(desktop);
    await startBus(desktop);
    await Promise.all([
      startWindows(desktop),
      options.notifications === false ? undefined : startNotifications(desktop),
      options.keyring ? startKeyring(desktop) : undefined,
    ]);
  } catch (failure) {
    await desktop.stop();
    throw failure;
  }
  return desktop;
}

function makeFolders(folder: string): Environment {
  const inside = (name: string, mode = 0o755) => {
    const path = join(folder, name);
    mkdirSync(path, { recursive: true, mode });
    return path;
  };
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    [mark]: folder,
    HOME: inside('home'),
    TMPDIR: inside('tmp'),
    XDG_RUNTIME_DIR: inside('run', 0o700),
    XDG_CONFIG_HOME: inside('home/.config'),
    XDG_DATA_HOME: inside('home/.local/share'),
    XDG_CACHE_HOME: inside('home/.cache'),
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${folder}/run/bus`,
    // Nobody listens there: the machine's own services stay out of the test.
    DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${folder}/run/no-system-bus`,
    GDK_BACKEND: 'x11',
    GSETTINGS_BACKEND: 'memory',
    NO_AT_BRIDGE: '1',
  };
}

async function startDisplay(desktop: Desktop): Promise<string> {
  const args = ['-displayfd', '3', '-screen', '0', '1440x900x24', '-fbdir', desktop.folder];
  if (desktop.options.frameless) args.push('-nocursor');
  const server = desktop.start('Xvfb', [...args, '-nolisten', 'tcp', '-noreset'], {
    extraPipe: true,
  });
  let number = '';
  server.child.stdio[3]?.on('data', (text: Buffer) => (number += text.toString()));
  const display = await waitFor(() => /^(\d+)\n/.exec(number)?.[1], {
    what: 'Xvfb to name its display',
    otherwise: server.stderr,
  });
  return `:${display}`;
}

async function startBus(desktop: Desktop): Promise<void> {
  // No <servicedir>: what the test does not start itself is not there.
  const config = join(desktop.folder, 'bus.conf');
  writeFileSync(
    config,
    `<busconfig><type>session</type>
      <listen>${desktop.env.DBUS_SESSION_BUS_ADDRESS}</listen><auth>EXTERNAL</auth>
      <policy context="default"><allow send_destination="*" eavesdrop="true"/>
        <allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`,
  );
  const args = [`--config-file=${config}`, '--nofork', '--print-address'];
  const bus = desktop.start('dbus-daemon', args);
  await waitFor(() => bus.stdout().includes('unix:'), {
    what: 'the message bus',
    otherwise: bus.stderr,
  });
}

async function startWindows(desktop: Desktop): Promise<void> {
  const args = ['--sm-disable'];
  if (desktop.options.frameless) {
    const config = join(desktop.folder, 'openbox.xml');
    writeFileSync(
      config,
      `<openbox_config xmlns="http://openbox.org/3.4/rc">
        <keyboard><keybind key="A-F4"><action name="Close"/></keybind></keyboard>
        <applications><application class="*"><decor>no</decor></application></applications>
      </openbox_config>`,
    );
    args.push('--config-file', config);
  }
  const openbox = desktop.start('openbox', args);
  await waitFor(
    async () =>
      (await desktop.run('xprop', ['-root', '_NET_SUPPORTING_WM_CHECK'])).includes('# 0x'),
    { what: 'the window manager', otherwise: openbox.stderr },
  );
}

async function startNotifications(desktop: Desktop): Promise<void> {
  // dunst asks this "menu" which action to take: it takes the one whose line holds the text in the
  // file. That is the only way to choose an action by name and have the real daemon report it.
  const menu = join(desktop.folder, 'choose-action');
  const wish = join(desktop.folder, 'wished-action');
  writeFileSync(menu, `#!/bin/sh\nexec grep -F -m 1 -f '${wish}'\n`, { mode: 0o755 });
  const config = join(desktop.folder, 'dunstrc');
  writeFileSync(
    config,
    `[global]
    dmenu = ${menu}
    history_length = 200
    notification_limit = 0
    idle_threshold = 0
    ${['low', 'normal', 'critical'].map((urgency) => `[urgency_${urgency}]\n    timeout = 0`).join('\n    ')}
`,
  );
  desktop.start('dunst', ['-conf', config]);
  await desktop.busName('org.freedesktop.Notifications');
}

async function startKeyring(desktop: Desktop): Promise<void> {
  const args = ['--foreground', '--unlock', '--components=secrets'];
  desktop.start('gnome-keyring-daemon', args, { input: 'a throwaway password' });
  await desktop.busName('org.freedesktop.secrets');
}

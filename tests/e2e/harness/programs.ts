// Starts the programs a test needs, keeps what they print and ends each by its own process id.
import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTime, waitFor } from './waiting';

/** The Debian package that brings each program. */
const packageOf: Record<string, string> = {
  '/usr/bin/python3': 'python3',
  'dbus-daemon': 'dbus-daemon',
  dunst: 'dunst',
  dunstctl: 'dunst',
  gdbus: 'libglib2.0-bin',
  'gnome-keyring-daemon': 'gnome-keyring',
  import: 'imagemagick',
  'notify-send': 'libnotify-bin',
  openbox: 'openbox',
  'secret-tool': 'libsecret-tools',
  setpriv: 'util-linux',
  WebKitWebDriver: 'webkit2gtk-driver',
  xdotool: 'xdotool',
  xprop: 'x11-utils',
  Xvfb: 'xvfb',
};

export type Environment = Record<string, string>;

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A started program. */
export interface Running {
  name: string;
  pid: number;
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Null while it runs. */
  ended(): Ended | null;
  /** Waits for its own end. */
  end(within?: number): Promise<Ended>;
  /** Asks it to end, and makes it end when it does not. */
  stop(): Promise<Ended>;
}

export interface StartOptions {
  env: Environment;
  /** Written to standard input, which is then closed; without it standard input stays open. */
  input?: string;
  cwd?: string;
  /** One more pipe for the program to write to, as file descriptor 3. */
  extraPipe?: boolean;
}

/** The program's path, or a failure that names the package to install. */
export function findProgram(name: string): string {
  const folders = name.includes('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
  for (const folder of folders) {
    const path = folder ? join(folder, name) : name;
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  const from = packageOf[name];
  throw new Error(
    from
      ? `The end-to-end tests need ${name}: install the Debian package ${from}.`
      : `There is no program ${name}.`,
  );
}

/** A program that was built beforehand, or another one that was named. */
export function built(
  profile: 'debug' | 'release',
  name: string,
  by: string,
  named?: string,
): string {
  const repository = fileURLToPath(new URL('../../../', import.meta.url));
  const target = process.env.CARGO_TARGET_DIR ?? join(repository, 'target');
  const program = named ?? join(target, profile, name);
  if (existsSync(program)) return program;
  throw new Error(`There is no ${program}: build it first (${by}).`);
}

export function startProgram(name: string, args: string[], options: StartOptions): Running {
  // The kernel ends it should this process be killed: an 'exit' handler would not run then.
  const onlyWithUs = ['--pdeathsig', 'TERM', '--', findProgram(name), ...args];
  const child = spawn(findProgram('setpriv'), onlyWithUs, {
    env: options.env,
    cwd: options.cwd ?? options.env.HOME ?? '/',
    stdio: options.extraPipe ? ['pipe', 'pipe', 'pipe', 'pipe'] : ['pipe', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
  child.stdin?.on('error', () => undefined);
  if (options.input !== undefined) child.stdin?.end(options.input);

  let ended: Ended | null = null;
  const exit = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      ended = { code, signal };
      resolve(ended);
    });
  });
  // Only now has all that it printed arrived. Who inherited its pipes can put this off.
  const end = new Promise<void>((resolve) => child.once('close', () => resolve())).then(() => exit);
  exit.catch(() => undefined);
  end.catch(() => undefined);

  const running: Running = {
    name,
    pid: child.pid ?? -1,
    child,
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    ended: () => ended,
    end: (within = 10_000) =>
      inTime(end, {
        what: `${name} to end`,
        within,
        otherwise: () => printed.stdout + printed.stderr,
      }),
    async stop() {
      if (!child.pid) return { code: null, signal: null };
      child.kill('SIGTERM');
      return inTime(exit, { what: `${name} to end`, within: 5_000 }).catch(() => {
        child.kill('SIGKILL');
        return exit;
      });
    },
  };
  return running;
}

/** Runs a program to its end and returns what it printed; a failure unless it ends with 0. */
export async function runProgram(
  name: string,
  args: string[],
  { within = 10_000, ...options }: StartOptions & { within?: number },
): Promise<string> {
  const running = startProgram(name, args, { input: '', ...options });
  const ended = await running.end(within).catch(async (failure: unknown) => {
    await running.stop();
    throw failure;
  });
  if (ended.code !== 0) {
    const said = running.stderr() || running.stdout();
    throw new Error(`${name} ${args.join(' ')} ended with ${ended.code ?? ended.signal}: ${said}`);
  }
  return running.stdout();
}

export function isAlive(pid: number): boolean {
  // A process that ended and waits to be collected no longer counts.
  return !['Z', undefined].includes(stateOf(pid)[0]);
}

export function parentOf(pid: number): number {
  return Number(stateOf(pid)[1]);
}

/** The command line, for a failure to name the process. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return `process ${pid}`;
  }
}

/** State, parent and what follows in /proc; the name before may hold spaces and brackets. */
function stateOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  } catch {
    return [];
  }
}

/** Every live process started with this variable, also those that left their parent. */
export function processesWith(variable: string, value: string): number[] {
  const mark = `${variable}=${value}`;
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark);
      } catch {
        return false;
      }
    })
    .map(Number)
    .filter(isAlive);
}

/** Ends processes that are not children of ours. */
export async function endProcesses(pids: number[]): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (const pid of pids.filter(isAlive)) process.kill(pid, signal);
    try {
      await waitFor(() => !pids.some(isAlive), { what: `processes ${pids} to end`, within: 3_000 });
      return;
    } catch (failure) {
      if (signal === 'SIGKILL') throw failure;
    }
  }
}

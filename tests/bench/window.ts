// A vault made beforehand, open in the real window; the neighbour with as much in it; what each weighs.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  familyOf,
  findWindow,
  knowVault,
  PASSPHRASE,
  startApp,
  startDesktop,
  startDirect,
  unlock,
  waitFor,
  type App,
  type Desktop,
  type DesktopOptions,
  type Running,
} from '../e2e/harness';

/** What the bench that started this hands over. */
export function given<T>(): T {
  return JSON.parse(process.env.KEYTURN_BENCH ?? '{}') as T;
}

export async function onDesktop<T>(
  work: (desktop: Desktop) => Promise<T>,
  options: DesktopOptions = {},
): Promise<T> {
  const desktop = await startDesktop(options);
  try {
    return await work(desktop);
  } finally {
    await desktop.stop();
  }
}

export async function openVault(desktop: Desktop, vault: string): Promise<App> {
  knowVault(desktop, vault);
  const app = await startApp(desktop);
  await unlock(app);
  await app.page.findByRole('grid', { timeout: 30_000 });
  return app;
}

/** As a person has it open, with nothing of a test inside it: unlocked by keys. */
export async function openByKeys(desktop: Desktop, vault: string): Promise<Running> {
  const known = knowVault(desktop, vault);
  const app = startDirect(desktop);
  const window = await findWindow({ desktop, pid: app.pid });
  await desktop.run('xdotool', ['windowactivate', '--sync', window]);
  // The field takes keys once the page is there, which from outside nobody can tell.
  await waitFor(
    async () => {
      await desktop.run('xdotool', ['key', 'ctrl+a']);
      await desktop.run('xdotool', ['type', '--delay', '20', PASSPHRASE]);
      await desktop.run('xdotool', ['key', 'Return']);
      // Who unlocked it last is written when it was unlocked.
      const unlocked = () => /"lastMember": ?"/.test(readFileSync(known, 'utf8'));
      return waitFor(unlocked, { what: 'an answer', within: 15_000 }).catch(() => false);
    },
    { what: 'the vault to be unlocked', within: 60_000, otherwise: app.stderr },
  );
  return app;
}

/** KeePassXC as somebody has it open: unlocked, all entries in memory. */
export async function openNeighbour(
  desktop: Desktop,
  kdbx: string,
  passphrase: string,
): Promise<Running> {
  const config = join(desktop.home, 'keepassxc.ini');
  writeFileSync(config, '[General]\nSingleInstance=false\nUpdateCheckMessageShown=true\n');
  const program = desktop.start('keepassxc', ['--config', config, '--pw-stdin', kdbx], {
    input: `${passphrase}\n`,
  });
  const title = ['search', '--pid', String(program.pid), '--name', '^Bench|^large.*KeePassXC'];
  await waitFor(async () => (await desktop.run('xdotool', title).catch(() => '')).trim(), {
    what: 'KeePassXC to open the file',
    within: 120_000,
    otherwise: program.stderr,
  });
  return program;
}

/** KiB that a program and all it started really take. */
export function weigh(pid: number): number {
  const one = (id: number) => {
    try {
      const text = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8');
      return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0);
    } catch {
      return 0;
    }
  };
  return familyOf(pid).reduce((sum, id) => sum + one(id), 0);
}

/** When it has stopped growing. */
export async function weighed(pid: number): Promise<number> {
  let last = 0;
  return waitFor(
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      const before = last;
      last = weigh(pid);
      return Math.abs(last - before) < 1_024 ? last : undefined;
    },
    { what: 'its memory to settle', within: 120_000 },
  );
}

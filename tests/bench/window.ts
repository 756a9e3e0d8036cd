// A vault made beforehand, open in the real window.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  findWindow,
  PASSPHRASE,
  startApp,
  startDirect,
  unlock,
  waitFor,
  type App,
  type Desktop,
  type Running,
} from '../e2e/harness';

/** What the bench that started this hands over. */
export function given<T>(): T {
  return JSON.parse(process.env.KEYTURN_BENCH ?? '{}') as T;
}

const knownIn = (desktop: Desktop) => join(desktop.home, '.local/share/org.keyturn.desktop');

function know(desktop: Desktop, vault: string): string {
  const known = join(knownIn(desktop), 'vaults.json');
  mkdirSync(knownIn(desktop), { recursive: true });
  writeFileSync(known, JSON.stringify([{ folder: vault, lastMember: null }]));
  return known;
}

export async function openVault(desktop: Desktop, vault: string): Promise<App> {
  know(desktop, vault);
  const app = await startApp(desktop);
  await unlock(app);
  await app.page.findByRole('grid', { timeout: 30_000 });
  return app;
}

/** As a person has it open, with nothing of a test inside it: unlocked by keys. */
export async function openByKeys(desktop: Desktop, vault: string): Promise<Running> {
  const known = know(desktop, vault);
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

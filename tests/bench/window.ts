// A vault made beforehand, open in the real window.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startApp, unlock, type App, type Desktop } from '../e2e/harness';

/** What the bench that started this hands over. */
export function given<T>(): T {
  return JSON.parse(process.env.KEYTURN_BENCH ?? '{}') as T;
}

export async function openVault(desktop: Desktop, vault: string): Promise<App> {
  const known = join(desktop.home, '.local/share/org.keyturn.desktop');
  mkdirSync(known, { recursive: true });
  writeFileSync(join(known, 'vaults.json'), JSON.stringify([{ folder: vault, lastMember: null }]));
  const app = await startApp(desktop);
  await unlock(app);
  await app.page.findByRole('grid', { timeout: 30_000 });
  return app;
}

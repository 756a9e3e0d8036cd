// An issuer in a process of its own, and a vault whose credentials it issued.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Desktop } from './desktop';
import { repository } from './programs';
import { waitFor } from './waiting';

const TOKEN = 'fixture-token';

export interface Sandbox {
  /** The folder of a vault of Ana, with a credential for each key, and three consumers for each. */
  vault: string;
  /** The keys of the beginning that it still has. */
  oldKeys(): Promise<string[]>;
}

function program(): string {
  const target = process.env.CARGO_TARGET_DIR ?? join(repository, 'target');
  const found = join(target, 'debug', 'bench-rotate');
  if (existsSync(found)) return found;
  throw new Error(`There is no ${found}: build it first (cargo build -p keyturn-app --bins).`);
}

/** With so many keys, each in the vault. */
export async function startSandbox(desktop: Desktop, number: number): Promise<Sandbox> {
  const running = desktop.start(program(), ['sandbox', String(number), '50']);
  const address = await waitFor(() => /^http\S+/.exec(running.stdout())?.[0] ?? '', {
    what: 'the sandbox',
    otherwise: running.stderr,
  });
  const folder = join(desktop.folder, 'made');
  await desktop.run(program(), ['prepare', folder, address, String(number)], { within: 120_000 });
  return {
    vault: join(folder, 'Acme'),
    async oldKeys() {
      const answer = await fetch(`${address}/keys`, {
        headers: { authorization: `Bearer ${TOKEN}` },
      });
      const { keys } = (await answer.json()) as { keys: { id: string }[] };
      return keys.map(({ id }) => id).filter((id) => /^key_0{4}/.test(id));
    },
  };
}

// An issuer in a process of its own, and a vault whose credentials it issued.
import { join } from 'node:path';
import type { Desktop } from './desktop';
import { built } from './programs';
import { waitFor } from './waiting';

const TOKEN = 'fixture-token';

export interface Sandbox {
  /** The folder of a vault of Ana, with a credential for each key, and three consumers for each. */
  vault: string;
  /** The keys of the beginning that it still has. */
  oldKeys(): Promise<string[]>;
}

const program = () => built('debug', 'bench-rotate', 'cargo build -p keyturn-app --bins');

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

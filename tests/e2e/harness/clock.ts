// Another time of day for a program that is started: nothing in the program knows of it.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Desktop } from './desktop';
import type { Environment } from './programs';

/** The environment of a program whose clock is ahead. */
export async function clockAhead(desktop: Desktop, seconds: number): Promise<Environment> {
  const library = join(desktop.folder, 'ahead.so');
  const source = fileURLToPath(new URL('ahead.c', import.meta.url));
  await desktop.run('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl']);
  return { LD_PRELOAD: library, AHEAD_S: String(seconds) };
}

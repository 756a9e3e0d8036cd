// The program as a file: what it shows of itself to the libraries that it loads.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const target = process.env.CARGO_TARGET_DIR ?? join(process.cwd(), 'target');
const program = process.env.KEYTURN_APP ?? join(target, 'release', 'keyturn');

it('keeps its own SQLite to itself: the web view has another', () => {
  const shown = execFileSync('nm', ['--dynamic', '--defined-only', program], { encoding: 'utf8' });
  expect(shown.split('\n').filter((line) => line.includes('sqlite3_'))).toEqual([]);
});

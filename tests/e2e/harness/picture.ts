// Pictures of the display, as a person would see it. WebDriver's own screenshots show the page alone,
// and hang under some renderers; a picture of the display also has the window, menus and notices.
import { mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, expect, type RunnerTestCase } from 'vitest';
import { beforeStop, type Desktop } from './desktop';

const out = fileURLToPath(new URL('../out/', import.meta.url));

/** This test file's folder of pictures: emptied when the file starts, kept when it ends. */
function folder(): string {
  const file = basename(expect.getState().testPath ?? 'unknown').replace(/\.e2e\.ts$/, '');
  return join(out, file);
}

export async function screenshot(desktop: Desktop, name: string): Promise<string> {
  const path = join(folder(), `${name.replace(/[^\w.-]+/g, '-')}.png`);
  mkdirSync(dirname(path), { recursive: true });
  await desktop.run('import', ['-silent', '-window', 'root', path]);
  return path;
}

beforeAll(() => rmSync(folder(), { recursive: true, force: true }));

let test: Readonly<RunnerTestCase> | undefined;
beforeEach(({ task }) => {
  test = task as RunnerTestCase;
});

// Before the desktop goes, and not after the test: by then it is gone.
beforeStop.push(async (desktop) => {
  if (test?.result?.state !== 'fail' || !desktop.env.DISPLAY) return;
  await screenshot(desktop, `failed-${test.name}`).catch(() => undefined);
});

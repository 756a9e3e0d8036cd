import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAllowed } from '../../scripts/lib/licences.mjs';
import { Machine } from './machine';

const NODE_CHECKS = ['prettier', 'eslint', 'svelte-check'];
const DENY = 'cargo-deny-0.20.2';

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
  for (const name of NODE_CHECKS) machine.program(name, '', true);
  // `cargo install` leaves a cargo-deny that is content.
  machine.program(
    'cargo',
    'echo cargo 1.95.0; case "$1" in install) mkdir -p "$4/bin"; printf "#!/bin/sh\\n" > "$4/bin/cargo-deny"; chmod +x "$4/bin/cargo-deny";; esac',
  );
});
afterEach(() => machine.remove());

describe('npm run check', () => {
  it('says one line for each check that passes, and no other word of them', async () => {
    machine.program('eslint', 'echo noise', true);
    const { code, output } = await machine.run('check');
    expect(code).toBe(0);
    const passed = [...output.matchAll(/^ok {6}(.+?) {2}\d+\.\d s$/gm)].map(([, name]) => name);
    expect(passed.sort()).toEqual(
      [...NODE_CHECKS, 'npm licences', 'rustfmt', 'clippy', 'bindings', 'cargo-deny'].sort(),
    );
    expect(output).not.toContain('noise');
    expect(output.trimEnd().split('\n').at(-1)).toBe('8 passed, 0 failed');
  });

  it('shows all the words of a check that fails, and still runs the others', async () => {
    machine.program('prettier', 'echo "[warn] ui/src/main.ts"; exit 1', true);
    const { code, output } = await machine.run('check');
    expect(code).toBe(1);
    expect(output).toMatch(/^failed {2}prettier {2}\d+\.\d s\n\[warn\] ui\/src\/main\.ts$/m);
    expect(output.trimEnd().split('\n').at(-1)).toBe('7 passed, 1 failed');
  });

  it('refuses an npm package whose licence is not on the list', async () => {
    machine.write(
      'package-lock.json',
      '{ "packages": { "node_modules/x": { "license": "SSPL" } } }',
    );
    const { output } = await machine.run('check');
    expect(output).toContain('  x: SSPL\n');
  });

  it('builds cargo-deny once, into the cache folder of the user', async () => {
    const { output } = await machine.run('check');
    const tools = `${machine.home}/.cache/keyturn/tools/${DENY}`;
    expect(output).toContain(`into ${tools}, once`);
    machine.calls();
    await machine.run('check');
    expect(machine.calls().some((call) => call.startsWith('cargo install'))).toBe(false);
  });

  it('says when cargo-deny cannot be fetched', async () => {
    machine.program(
      'cargo',
      'echo cargo 1.95.0; test "$1" != install || { echo "failed to download: Could not resolve host" >&2; exit 101; }',
    );
    const { code, output } = await machine.run('check');
    expect(code).toBe(1);
    expect(output).toContain('crates.io cannot be reached');
  });
});

it('npm run fix lets the tools repair what they can', async () => {
  await machine.run('check', ['--fix']);
  const calls = machine.calls();
  expect(calls).toContain('cargo fmt --all');
  expect(calls).toContain('prettier --write --log-level warn .');
  expect(calls).toContain('eslint --max-warnings 0 --fix .');
});

it('npm run fix writes the bindings anew', async () => {
  machine.program(
    'cargo',
    `test "$1" = test && test "$KEYTURN_WRITE_BINDINGS" != 1 && exit 1; echo cargo 1.95.0`,
  );
  const { output } = await machine.run('check', ['--fix']);
  expect(output).toMatch(/^ok {6}bindings/m);
});

describe('a licence', () => {
  it.each(['MIT', 'MIT OR GPL-3.0-or-later', '(MIT OR GPL-3.0-or-later)', '(MIT AND Zlib)'])(
    'may be %s',
    (expression) => expect(isAllowed(expression)).toBe(true),
  );
  it.each(['GPL-3.0-or-later', 'MIT AND GPL-3.0-or-later', '(MIT OR ISC) AND SSPL', ''])(
    'may not be %s',
    (expression) => expect(isAllowed(expression)).toBe(false),
  );
});

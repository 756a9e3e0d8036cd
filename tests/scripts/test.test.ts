import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countRust, countVitest } from '../../scripts/lib/counts.mjs';
import { Machine } from './machine';

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
  for (const name of ['prettier', 'eslint', 'svelte-check']) machine.program(name, '', true);
  machine.program('cargo', CARGO);
  machine.program('vitest', vitest(3, 0), true);
});
afterEach(() => machine.remove());

const CARGO = `echo cargo 1.95.0; case "$1" in
  install) mkdir -p "$4/bin"; printf "#!/bin/sh\\n" > "$4/bin/cargo-deny"; chmod +x "$4/bin/cargo-deny";;
  test) echo "test result: ok. 5 passed; 0 failed; 0 ignored";;
esac`;

/** Reports the same for each project, and ends like vitest does. */
const vitest = (passed: number, failed: number) => `
for argument; do case "$argument" in --outputFile.json=*) report="\${argument#*=}";; esac; done
echo '{ "numPassedTests": ${passed}, "numFailedTests": ${failed} }' > "$report"
test ${failed} = 0`;

const lastLine = (output: string) => output.split('\n').at(-2);

describe('npm test', () => {
  it('ends with the count of everything, after the time of each part', async () => {
    const { code, output } = await machine.run('test');
    expect(output).toMatch(/^set-up +\d+\.\d s {3}0 passed, 0 failed$/m);
    expect(output).toMatch(/^checks +\d+\.\d s {3}8 passed, 0 failed$/m);
    expect(output).toMatch(/^Rust tests +\d+\.\d s {3}5 passed, 0 failed$/m);
    expect(output).toMatch(/^release build +\d+\.\d s {3}0 passed, 0 failed$/m);
    expect(output).toMatch(/^window tests +\d+\.\d s {3}3 passed, 0 failed$/m);
    expect(output).toMatch(/^all of it +\d+\.\d min$/m);
    expect(lastLine(output)).toBe('22 passed, 0 failed');
    expect(code).toBe(0);
  });

  it('fails when one test of one part has failed', async () => {
    machine.program('vitest', `case "$3" in ui) ${vitest(2, 1)};; *) ${vitest(3, 0)};; esac`, true);
    const { code, output } = await machine.run('test');
    expect(lastLine(output)).toBe('21 passed, 1 failed');
    expect(code).toBe(1);
  });

  it('counts the release build and the window tests as failed when the app does not compile', async () => {
    machine.program('tauri', 'exit 101', true);
    const { code, output } = await machine.run('test');
    expect(lastLine(output)).toBe('19 passed, 2 failed');
    expect(code).toBe(1);
  });

  it('stops after a set-up that fails, with the same last line', async () => {
    machine.program('npm', 'echo ECONNREFUSED; exit 1');
    const { code, output } = await machine.run('test');
    expect(output).toContain('The npm packages could not be fetched');
    expect(lastLine(output)).toBe('0 passed, 1 failed');
    expect(code).toBe(1);
  });

  it('sets up what the tests in the window need, and the servers of the others', async () => {
    const { output } = await machine.run('test');
    expect(output).toContain('webkit2gtk-driver');
    for (const server of ['postgresql', 'mariadb-server', 'redis-server', 'python3-aiosmtpd'])
      expect(output).toContain(` ${server} `);
  });
});

describe('the count', () => {
  it('adds up the test programs of Rust', () => {
    const output =
      'test result: ok. 2 passed; 0 failed; 1 ignored\nx\ntest result: FAILED. 3 passed; 4 failed;';
    expect(countRust({ code: 101, output })).toEqual({ passed: 5, failed: 4 });
  });

  it('holds what does not compile for one failure', () => {
    expect(countRust({ code: 101, output: 'error[E0308]' })).toEqual({ passed: 0, failed: 1 });
  });

  it('holds a test file that does not load for one failure', () => {
    const report = '{ "numPassedTests": 4, "numFailedTests": 0 }';
    expect(countVitest(1, report)).toEqual({ passed: 4, failed: 1 });
  });

  it('holds a run without any test for one failure', () => {
    expect(countVitest(0, undefined)).toEqual({ passed: 0, failed: 1 });
  });
});

describe('.ci/run', () => {
  const ci = (env: Record<string, string>) => {
    machine.program('npm', 'echo "target $CARGO_TARGET_DIR in $(pwd)"');
    return machine.runProgram('/bin/bash', [join(machine.clone, '.ci/run')], {
      PATH: `${machine.folder}/bin:/usr/bin:/bin`,
      ...env,
    });
  };

  it('calls npm test with the Rust build in the cache folder of the user', async () => {
    const { output } = await ci({});
    expect(machine.calls()).toEqual(['npm test']);
    expect(output).toContain(`target ${machine.home}/.cache/keyturn/target in ${machine.clone}\n`);
  });

  it('leaves a folder for the Rust build that was chosen before', async () => {
    expect((await ci({ CARGO_TARGET_DIR: '/chosen' })).output).toContain('target /chosen in');
  });

  it('can be executed', () => {
    expect(statSync(join(machine.clone, '.ci/run')).mode & 0o111).toBe(0o111);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Machine } from './machine';

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
  bench('quick', true);
  bench('slow', false);
});
afterEach(() => machine.remove());

const bench = (name: string, ok: boolean) =>
  machine.write(
    `tests/bench/${name}/bench.mjs`,
    `import { say } from '../../../scripts/lib/say.mjs';
     export default async () => {
       say('measuring');
       return { figure: '1.12x', goal: '1.3x', ok: ${ok}, details: { ratio: 1.12 } };
     };`,
  );

describe('npm run bench', () => {
  it('ends with one line that holds the figure against its goal', async () => {
    const { code, stdout } = await machine.run('bench', ['quick']);
    expect(stdout).toBe('measuring\nquick: 1.12x (goal 1.3x) ok\n');
    expect(code).toBe(0);
  });

  it('fails when the figure falls short of the goal', async () => {
    const { code, stdout } = await machine.run('bench', ['slow']);
    expect(stdout).toMatch(/\nslow: 1\.12x \(goal 1\.3x\) short\n$/);
    expect(code).toBe(1);
  });

  it('writes nothing but one JSON object to its output with --json', async () => {
    const { stdout, output } = await machine.run('bench', ['slow', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      name: 'slow',
      figure: '1.12x',
      goal: '1.3x',
      ok: false,
      ratio: 1.12,
    });
    expect(output).toContain('measuring');
  });

  it('lists the benches there are when the name is none of them', async () => {
    const { code, output } = await machine.run('bench', ['swift']);
    expect(code).toBe(1);
    expect(output).toContain('There is no bench called swift.');
    expect(output).toContain('There are: quick, slow.');
  });

  it('lists them when it gets no name', async () => {
    expect((await machine.run('bench')).output).toContain('There are: quick, slow.');
  });
});

/**
 * A map of 5,000 nodes and 20,000 links in the real window: how soon it is there, how soon a way through it stands
 * out, how long its frames are while it is moved and zoomed; and how its layout grows.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../../scripts/lib/app.mjs';
import { sayWhenOffline } from '../../../scripts/lib/cargo.mjs';
import { npmProgram } from '../../../scripts/lib/places.mjs';
import { run } from '../../../scripts/lib/run.mjs';
import { Failure, say } from '../../../scripts/lib/say.mjs';
import { setUp } from '../../../scripts/lib/setup.mjs';
import {
  forAVirtualDisplay,
  forRust,
  forTheApp,
  forTheTests,
} from '../../../scripts/lib/system.mjs';
import { buildTestPrograms } from '../../../scripts/lib/test-programs.mjs';
import { median, numbers } from '../unlock/neighbour.mjs';

const NODES = 5_000;
const LINKS = 20_000;
const FEW = 500;
/** As of n log n, from 500 to 5,000 nodes. */
const N_LOG_N = (NODES * Math.log(NODES)) / (FEW * Math.log(FEW));
const LONG = 50;
const GOAL = { first: 400, highlight: 50, frame: 20, long: 0.02, growth: N_LOG_N };

/** @returns {Promise<import('../../../scripts/bench.mjs').Finding>} */
export default async function map() {
  await setUp([...forRust, ...forTheApp, ...forAVirtualDisplay, ...forTheTests]);
  const app = await buildApp();
  const program = join(await buildTestPrograms(), 'bench-map');
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
  try {
    return await measure(app, program, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} app
 * @param {string} program
 * @param {string} folder
 */
async function measure(app, program, folder) {
  const growth = await layoutGrowth();
  say(`making a vault whose map has ${NODES} nodes and ${LINKS} links`);
  const vault = join(folder, 'vault');
  numbers(program, ['build', vault, String(NODES), String(LINKS)]);

  const report = join(folder, 'report.json');
  const env = { KEYTURN_APP: app, KEYTURN_BENCH: JSON.stringify({ vault, report }) };
  await run(npmProgram('vitest'), ['run', '--project', 'bench', 'map'], { env });
  /** @type {{ nodes: number, first: number[], highlight: { name: string, times: number[] }[], ways: { name: string, frames: number[] }[] }} */
  const { nodes, first, highlight, ways } = JSON.parse(readFileSync(report, 'utf8'));
  if (nodes !== NODES) {
    throw new Failure(`The map in the window has ${nodes} nodes.`, 'It was made by map.rs.');
  }
  for (const { name, frames } of ways) {
    say(
      `${name}: ${frames.length} frames, median ${median(frames).toFixed(0)} ms, longest ${Math.max(...frames).toFixed(0)} ms, ${(part(frames) * 100).toFixed(1)} % over ${LONG}`,
    );
  }
  for (const { name, times } of highlight) {
    say(`${name} stands out: ${times.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  }
  say(`first picture: ${first.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  const firstMs = median(first);
  const highlightMs = Math.max(...highlight.map(({ times }) => median(times)));
  const frame = Math.max(...ways.map(({ frames }) => median(frames)));
  const long = Math.max(...ways.map(({ frames }) => part(frames)));
  return {
    figure: `first picture ${firstMs.toFixed(0)} ms, highlight ${highlightMs.toFixed(0)} ms; frames ${frame.toFixed(0)} ms, ${(long * 100).toFixed(1)} % over ${LONG}; layout grows ${growth.toFixed(1)}x`,
    goal: `${GOAL.first} ms, ${GOAL.highlight} ms; ${GOAL.frame} ms, ${GOAL.long * 100} %; ${GOAL.growth.toFixed(1)}x`,
    ok:
      firstMs <= GOAL.first &&
      highlightMs <= GOAL.highlight &&
      frame <= GOAL.frame &&
      long <= GOAL.long &&
      growth <= GOAL.growth,
    details: { first, highlight, growth, ways },
  };
}

/** @param {number[]} frames */
const part = (frames) => frames.filter((each) => each > LONG).length / frames.length;

/** How much longer the layout of 5,000 nodes takes than that of 500. */
async function layoutGrowth() {
  const args = ['run', '--release', '--locked', '-q', '-p', 'keyturn-map', '--example', 'layout'];
  const ran = sayWhenOffline(await run('cargo', args));
  if (ran.code !== 0) throw new Failure('The layout could not be measured.', ran.output);
  const took = ran.output
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number))
    .map(([nodes = NaN, , , layout = NaN]) => ({ nodes, layout }));
  say(
    `layout: ${took.map(({ nodes, layout }) => `${nodes} nodes ${layout.toFixed(1)} ms`).join(', ')}`,
  );
  return (took.at(-1)?.layout ?? NaN) / (took[0]?.layout ?? NaN);
}

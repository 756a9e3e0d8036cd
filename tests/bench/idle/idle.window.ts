// Closes the window and opens it again, then lets both programs be for a while.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { closeWindow, familyOf, startTray, waitFor, type Desktop } from '../../e2e/harness';
import { commandOf } from '../../e2e/harness/programs';
import { given, onDesktop, openByKeys, openNeighbour, weigh, weighed } from '../window';

interface Given {
  vault: string;
  kdbx: string;
  passphrase: string;
  watch: string;
  bare: string;
  app: string;
  minutes: number;
  report: string;
}

const { vault, kdbx, passphrase, watch, bare, app, minutes, report } = given<Given>();

/** The first turn is not counted: what both read lies in no cache yet. */
const TURNS = 8;
/** Of each second of the processor, by which Linux counts. */
const TICKS = 100;

/** Milliseconds of the processor that a program and all it started took, those that ended too. */
function processorMs(pid: number): number {
  const one = (id: number) => {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0);
  };
  return (familyOf(pid).reduce((sum, id) => sum + one(id), 0) * 1000) / TICKS;
}

const names = (pid: number) =>
  familyOf(pid).map((id) => basename(commandOf(id).split(' ')[0] ?? ''));

/** Milliseconds from the start of a program to a painted screen. */
async function paintedBy(desktop: Desktop, program: string): Promise<number> {
  const framebuffer = join(desktop.folder, 'Xvfb_screen0');
  const printed = await desktop.run(watch, [framebuffer, program], { within: 60_000 });
  return Number(printed.split(' ')[0]);
}

async function close(desktop: Desktop, pid: number): Promise<void> {
  await closeWindow({ desktop, pid });
  await waitFor(() => !names(pid).some((name) => name.startsWith('WebKit')), {
    what: 'the processes of the web view to end',
    within: 20_000,
    otherwise: () => names(pid).join(', '),
  });
}

/** Nothing is on the screen but the windows. */
const alone = { frameless: true, notifications: false };

it('idles', { timeout: (minutes + 10) * 60_000 }, () =>
  onDesktop(async (desktop) => {
    await startTray(desktop);
    const { pid } = await openByKeys(desktop, vault);
    const opened: { appMs: number; bareMs: number }[] = [];
    for (let turn = 0; turn < TURNS; turn += 1) {
      await close(desktop, pid);
      const bareMs = await paintedBy(desktop, bare);
      // As from the menu of the desktop: the second start has the first one open its window.
      const appMs = await paintedBy(desktop, app);
      if (turn > 0) opened.push({ appMs, bareMs });
    }
    await close(desktop, pid);
    await onDesktop(async (other) => {
      const neighbour = await openNeighbour(other, kdbx, passphrase);
      await weighed(neighbour.pid);
      await weighed(pid);
      const before = { app: processorMs(pid), neighbour: processorMs(neighbour.pid) };
      await new Promise((resolve) => setTimeout(resolve, minutes * 60_000));
      expect(names(pid).filter((name) => name.startsWith('WebKit'))).toEqual([]);
      const took = {
        opened,
        app: {
          processorMs: processorMs(pid) - before.app,
          memory: weigh(pid),
          processes: names(pid),
        },
        neighbour: {
          processorMs: processorMs(neighbour.pid) - before.neighbour,
          memory: weigh(neighbour.pid),
        },
      };
      writeFileSync(report, JSON.stringify(took));
    });
  }, alone),
);

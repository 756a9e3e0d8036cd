// What the notification daemon of the test's desktop was given and showed, and what a person can
// answer to it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Desktop } from './desktop';
import { startPython } from './python';
import { waitFor } from './waiting';

export interface Notice {
  /** The number the daemon gave it: proof that the daemon took it. */
  id: number;
  app: string;
  summary: string;
  body: string;
  urgency: 'low' | 'normal' | 'critical';
  actions: { key: string; label: string }[];
  timeout: number;
  replaces: number;
  icon: string;
}

type Line =
  | { event: 'ready' }
  | { event: 'asked'; call: string; notification: Omit<Notice, 'id'> }
  | { event: 'shown'; call: string; id: number }
  | { event: 'refused'; call: string; error: string }
  | { event: 'action'; id: number; key: string }
  | { event: 'closed'; id: number };

export interface Notices {
  /** All that the daemon took since the recording began, the oldest first. */
  shown(): Notice[];
  waitFor(matches: (notice: Notice) => boolean, within?: number): Promise<Notice>;
  /** How many are on the screen now. */
  onScreen(): Promise<number>;
  /** Chooses an action as a person does in the daemon's menu. */
  invoke(notice: Notice, actionKey: string): Promise<void>;
  closeAll(): Promise<void>;
}

/** Records from now on: start it before what sends the notifications. */
export async function recordNotices(desktop: Desktop): Promise<Notices> {
  if (desktop.options.notifications === false) {
    throw new Error('This desktop was started without a notification daemon.');
  }
  const recorder = startPython(desktop, 'notice_recorder.py');
  const lines = () => recorder.lines<Line>();
  const happened = (what: string, matches: (line: Line) => boolean) =>
    waitFor(() => lines().find(matches), { what, otherwise: recorder.program.stderr });
  await happened('the recorder of notifications', (line) => line.event === 'ready');

  const shown = (): Notice[] =>
    lines().flatMap((line) => {
      if (line.event !== 'asked') return [];
      const reply = lines().find((later) => later.event === 'shown' && later.call === line.call);
      return reply?.event === 'shown' ? [{ ...line.notification, id: reply.id }] : [];
    });

  return {
    shown,
    waitFor: (matches, within = 10_000) =>
      waitFor(() => shown().find(matches), {
        what: 'a notification',
        within,
        otherwise: () => `Shown so far: ${JSON.stringify(shown(), null, 2)}`,
      }),
    onScreen: async () => Number(await desktop.run('dunstctl', ['count', 'displayed'])),
    async invoke(notice, actionKey) {
      if (!notice.actions.some((action) => action.key === actionKey)) {
        throw new Error(`The notification has no action ${actionKey}: ${JSON.stringify(notice)}`);
      }
      writeFileSync(join(desktop.folder, 'wished-action'), `[${notice.id},${actionKey}]`);
      await desktop.run('dunstctl', ['context']);
      await happened(
        `the daemon to report the action ${actionKey}`,
        (line) => line.event === 'action' && line.id === notice.id && line.key === actionKey,
      );
    },
    async closeAll() {
      await desktop.run('dunstctl', ['close-all']);
    },
  };
}

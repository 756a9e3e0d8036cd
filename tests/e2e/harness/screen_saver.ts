// The desktop's screen saver, as far as it tells that the screen was locked.
import type { Desktop } from './desktop';
import { startPython } from './python';
import { waitFor } from './waiting';

export interface ScreenSaver {
  lockScreen(): void;
}

export async function startScreenSaver(desktop: Desktop): Promise<ScreenSaver> {
  const python = startPython(desktop, 'screen_saver.py');
  await waitFor(() => python.lines().length > 0, {
    what: 'the screen saver',
    otherwise: python.program.stderr,
  });
  return { lockScreen: () => python.send(true) };
}

// The system's own dialog for files and folders: outside the page, so used with the display's keys.
import type { Desktop } from './desktop';
import { waitFor } from './waiting';

/** Types the path into the dialog with this title and accepts it. */
export async function choosePlace(desktop: Desktop, title: string, path: string): Promise<void> {
  const dialog = () =>
    desktop
      .run('xdotool', ['search', '--onlyvisible', '--name', `^${title}$`])
      .then((found) => found.trim().split('\n')[0] ?? '')
      .catch(() => '');
  const window = await waitFor(dialog, { what: `the dialog «${title}»` });
  await desktop.run('xdotool', ['windowactivate', '--sync', window]);
  const saving = title.startsWith('Save');
  const keys = (...them: string[]) => desktop.run('xdotool', ['key', ...them]);
  const gone = async () => (await dialog()) === '';
  const type = async () => {
    // In a dialog that opens something the first stroke of a path calls the field for it.
    if (!saving) await keys('slash');
    await keys('ctrl+a');
    await desktop.run('xdotool', ['type', '--delay', '12', path]);
  };
  // By the button's own key: Enter may take a name from the list that completes the path. The first
  // one may only take that list away.
  const accept = async () => {
    await keys(saving ? 'alt+s' : 'alt+o').catch(() => undefined);
    return waitFor(gone, { what: 'the dialog to go', within: 700 }).catch(() => false);
  };
  await waitFor(
    async () => {
      // The field comes while the path is typed and may miss a letter: then it is typed again.
      await type();
      return (await accept()) || (await accept()) || (await accept());
    },
    { what: `the dialog «${title}» to go`, within: 20_000 },
  );
}

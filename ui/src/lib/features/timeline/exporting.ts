/** Writes the timeline to a file: as pixels, as a drawing, or as a calendar. Names and dates; never a value. */
import type { OpenVault, TimelineOf } from '$lib/bindings';
import type { Backend } from '$lib/backend/backend';
import { askForExport } from '$lib/features/exchange/places';
import { fileName, today } from '$lib/words/names';

export type Format = 'png' | 'svg' | 'ics';

export const FORMATS: readonly { format: Format; label: string }[] = [
  { format: 'png', label: 'Picture (PNG)' },
  { format: 'svg', label: 'Drawing (SVG)' },
  { format: 'ics', label: 'Calendar (ICS)' },
];

/**
 * Where it went; nothing when nobody chose a place.
 *
 * @param draw pixels are drawn by the window, in base64
 */
export async function exportTimeline(
  backend: Backend,
  vault: OpenVault,
  format: Format,
  look: TimelineOf,
  draw: () => string,
): Promise<string | null> {
  const file = await askForExport(backend, fileName(`${vault.name} timeline ${today()}.${format}`));
  if (file === null) return null;
  const drawn = format === 'png' ? draw() : null;
  await backend.ask('export_picture', { file, format, picture: { of: 'timeline', look }, drawn });
  return file;
}

/** The time zones that can be chosen. */

export const machineZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** This machine's first, then the one that is in use already. */
export function zoneOptions(used: string): { value: string; label: string }[] {
  const zones = new Set([machineZone(), used, 'UTC', ...Intl.supportedValuesOf('timeZone')]);
  return [...zones].map((zone) => ({ value: zone, label: zone }));
}

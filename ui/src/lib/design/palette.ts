/** The colours and the font of the page, as a canvas needs them: read once, and again when they change. */

export type Palette<Name extends string> = Readonly<Record<Name, string>> & {
  readonly font: string;
};

/**
 * A token is written for both themes at once; the page is asked which of its colours holds.
 *
 * @param tokens how a drawing names the tokens: `{ text: '--text-1' }`
 */
export function readPalette<Name extends string>(
  host: HTMLElement,
  tokens: Readonly<Record<Name, string>>,
): Palette<Name> {
  const probe = document.createElement('span');
  host.append(probe);
  // A drawing brings its own ground, so forced colours would not fit onto it.
  probe.style.setProperty('forced-color-adjust', 'none');
  const colourOf = (token: string) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = Object.entries<string>(tokens).map(([name, token]) => [name, colourOf(token)]);
  const { fontFamily } = getComputedStyle(probe);
  probe.remove();
  return { ...(Object.fromEntries(colours) as Record<Name, string>), font: fontFamily };
}

/** Tells when the page has other colours, until it is stopped. */
export function followTheme(changed: () => void): () => void {
  const leaving = new AbortController();
  for (const what of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
    globalThis.matchMedia?.(what).addEventListener('change', changed, { signal: leaving.signal });
  }
  const root = new MutationObserver(changed);
  root.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    leaving.abort();
    root.disconnect();
  };
}

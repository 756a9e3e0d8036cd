/** The colours and the font of the page, as a canvas needs them: read once, and again when they change. */

const TOKENS = {
  canvas: '--canvas',
  surface: '--surface',
  text1: '--text-1',
  text2: '--text-2',
  text3: '--text-3',
  line: '--control',
  hairline: '--hairline',
  accent: '--accent',
  accentGround: '--accent-ground',
  accentLine: '--accent-line',
  focus: '--focus',
  ok: '--ok',
  info: '--info',
  soon: '--soon',
  soonText: '--soon-text',
  critical: '--critical',
  neutral: '--neutral',
} as const;

/** Where the system says which colours there are. */
const FORCED: Readonly<Partial<Record<ColourName, string>>> = {
  canvas: 'Canvas',
  surface: 'Canvas',
  hairline: 'GrayText',
  line: 'GrayText',
  accent: 'Highlight',
  accentGround: 'Canvas',
  accentLine: 'Highlight',
  focus: 'Highlight',
};

type ColourName = keyof typeof TOKENS;
export type Palette = Readonly<Record<ColourName, string>> & { readonly font: string };

/** A token is written for both themes at once; the page is asked which of its colours holds. */
export function readPalette(host: HTMLElement): Palette {
  const forced = matchMedia('(forced-colors: active)').matches;
  const probe = document.createElement('span');
  host.append(probe);
  const colourOf = (name: ColourName): string => {
    probe.style.color = forced ? (FORCED[name] ?? 'CanvasText') : `var(${TOKENS[name]})`;
    return getComputedStyle(probe).color;
  };
  const names = Object.keys(TOKENS) as ColourName[];
  const colours = Object.fromEntries(names.map((name) => [name, colourOf(name)]));
  const { fontFamily } = getComputedStyle(probe);
  probe.remove();
  return { ...(colours as Record<ColourName, string>), font: fontFamily };
}

/** Tells when the page has other colours, until it is stopped. */
export function followTheme(changed: () => void): () => void {
  const leaving = new AbortController();
  for (const what of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
    matchMedia(what).addEventListener('change', changed, { signal: leaving.signal });
  }
  const root = new MutationObserver(changed);
  root.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    leaving.abort();
    root.disconnect();
  };
}

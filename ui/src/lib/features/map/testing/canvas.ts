/** A canvas for tests: it keeps what was drawn on it, and stands in a page of 1,080 by 700 pixels. */
import { vi } from 'vitest';

/** What was called, in order. */
export type Drawn = [name: string, ...given: unknown[]][];

const WIDTH_OF_A_LETTER = 7;
/** Of the map. */
const WIDTH = 1080;
const HEIGHT = 700;
const BUTTON = new DOMRect(9, 9, 80, 32);

/** A pen that draws nothing and keeps everything. */
export function rehearsedPen(): {
  pen: CanvasRenderingContext2D;
  drawn: Drawn;
  words: () => string[];
} {
  const drawn: Drawn = [];
  const known: Record<string, unknown> = {
    canvas: { width: 0, height: 0 },
    measureText: (text: string) => ({ width: text.length * WIDTH_OF_A_LETTER }),
    createLinearGradient: () => ({ addColorStop: () => undefined }),
  };
  const pen = new Proxy(known, {
    get: (own, name: string) =>
      own[name] ?? ((...given: unknown[]) => void drawn.push([name, ...given])),
    set: (own, name: string, value) => {
      own[name] = value;
      drawn.push([`${name}=`, value]);
      return true;
    },
  }) as unknown as CanvasRenderingContext2D;
  const words = () => drawn.filter(([name]) => name === 'fillText').map(([, text]) => String(text));
  return { pen, drawn, words };
}

/** The page's own canvas and size, which jsdom does not have; taken away with `vi.restoreAllMocks`. */
export function withCanvas(): ReturnType<typeof rehearsedPen> {
  const rehearsed = rehearsedPen();
  const { prototype } = HTMLCanvasElement;
  vi.spyOn(prototype, 'getContext').mockReturnValue(rehearsed.pen as never);
  // jsdom lays nothing out, and a menu whose button has no box in the window is hidden.
  const box = (from: Element) => {
    if (from === document.documentElement) return new DOMRect(0, 0, 1280, 800);
    return from instanceof HTMLCanvasElement ? new DOMRect(0, 0, WIDTH, HEIGHT) : BUTTON;
  };
  const isMap = (node: Element) => /^(application|treegrid)$/.test(node.role ?? '');
  const { prototype: element } = Element;
  vi.spyOn(element, 'getBoundingClientRect').mockImplementation(function (this: Element) {
    return box(this);
  });
  vi.spyOn(element, 'getClientRects').mockImplementation(function (this: Element) {
    return [box(this)] as unknown as DOMRectList;
  });
  vi.spyOn(element, 'clientWidth', 'get').mockImplementation(function (this: Element) {
    return isMap(this) ? WIDTH : 1280;
  });
  vi.spyOn(element, 'clientHeight', 'get').mockImplementation(function (this: Element) {
    return isMap(this) ? HEIGHT : 800;
  });
  vi.spyOn(prototype, 'toDataURL').mockReturnValue('data:image/png;base64,UE5H');
  vi.stubGlobal('Path2D', class {});
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }));
  return rehearsed;
}

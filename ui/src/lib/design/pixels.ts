/** The zoom of the page, until its size changes: to ask for it waits for another process. */
let zoom: number | null = null;

addEventListener('resize', () => (zoom = null));

/**
 * How many pixels the screen has for one of the page, so that a canvas is as sharp as the text beside it. WebKit
 * leaves the zoom of the page out of `devicePixelRatio`; how much narrower the page is than its window tells it.
 */
export function pixelRatio(): number {
  if (!navigator.vendor.startsWith('Apple')) return devicePixelRatio;
  zoom ??= pageZoom();
  return devicePixelRatio * zoom;
}

/** In steps of the zoom, as a window's own frame makes a smaller difference; a window that is not there has no width. */
const pageZoom = (): number => Math.round((outerWidth / innerWidth) * 5) / 5 || 1;

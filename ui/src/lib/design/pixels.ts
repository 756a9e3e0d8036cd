/**
 * How many pixels the screen has for one of the page, so that a canvas is as sharp as the text beside it. WebKit
 * leaves the zoom of the page out of `devicePixelRatio`; how much narrower the page is than its window tells it.
 */
export function pixelRatio(): number {
  if (!navigator.vendor.startsWith('Apple') || outerWidth === 0) return devicePixelRatio;
  // A step of the zoom; a window's own frame makes less of a difference.
  const zoom = Math.round((outerWidth / innerWidth) * 5) / 5;
  return devicePixelRatio * Math.max(0.2, zoom);
}

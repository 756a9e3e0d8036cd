// What a canvas has for one pixel of the page, in both kinds of web view.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { pixelRatio } from './pixels';

afterEach(() => vi.unstubAllGlobals());
// What is known of the page before counts no more.
beforeEach(() => window.dispatchEvent(new Event('resize')));

function windowOf(vendor: string, ratio: number, outer: number, inner: number) {
  vi.stubGlobal('navigator', { vendor });
  vi.stubGlobal('devicePixelRatio', ratio);
  vi.stubGlobal('outerWidth', outer);
  vi.stubGlobal('innerWidth', inner);
}

it.each([
  ['without zoom', 1, 1280, 1280, 1],
  ['zoomed to 200 %', 1, 1280, 640, 2],
  ['zoomed on a fine screen', 2, 1280, 914, 2.8],
  ['with a frame of its own', 1, 1332, 1280, 1],
  ['before there is a window', 2, 0, 1280, 2],
])('counts the zoom in that WebKit leaves out, %s', (_, ratio, outer, inner, wanted) => {
  windowOf('Apple Computer, Inc.', ratio, outer, inner);
  expect(pixelRatio()).toBeCloseTo(wanted);
});

it('is told the zoom elsewhere', () => {
  windowOf('Google Inc.', 2, 1280, 640);
  expect(pixelRatio()).toBe(2);
});

it('asks for the zoom once, until the page has another size', () => {
  windowOf('Apple Computer, Inc.', 1, 1280, 1280);
  expect(pixelRatio()).toBe(1);
  windowOf('Apple Computer, Inc.', 1, 1280, 640);
  expect(pixelRatio()).toBe(1);
  window.dispatchEvent(new Event('resize'));
  expect(pixelRatio()).toBe(2);
});

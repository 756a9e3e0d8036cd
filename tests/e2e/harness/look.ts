// Looks at what is in the window as the person with the least sight does.
import { expect } from 'vitest';
import type { App, Theme } from './app';
import { checkAccessibility, zoomTo } from './axe';
import { screenshot } from './picture';
import { resizeWindow } from './window';

const NORMAL = [1280, 800] as const;
const SMALLEST = [900, 600] as const;

export type Look = (name: string, sizes?: 'normal' | 'small too') => Promise<void>;

/** A picture and no accessibility fault at both zooms, and at the smallest size when asked. */
export function lookingAt(app: App, theme: Theme): Look {
  const { desktop, page } = app;
  const one = async (name: string, label: string) => {
    await page.settled();
    await screenshot(desktop, `${name}-${theme}-${label}`);
    await checkAccessibility(page, `${name}, ${theme} ${label}`);
    const sideways = 'return document.documentElement.scrollWidth > innerWidth';
    expect(await page.run(sideways), `${name} scrolls sideways, ${label}`).toBe(false);
  };
  return async (name, sizes = 'normal') => {
    await one(name, '100');
    if (sizes === 'small too') {
      await resizeWindow(app, ...SMALLEST);
      await one(name, 'small');
      await resizeWindow(app, ...NORMAL);
    }
    await zoomTo(page, 200);
    await one(name, '200');
    await zoomTo(page, 100);
  };
}

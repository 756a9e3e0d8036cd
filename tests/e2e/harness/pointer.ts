// The pointer: WebDriver's own at 100 %, the display's when the page is zoomed.
import type { WebDriver, WebElement } from 'selenium-webdriver';
import { findWindow, type AppInDesktop } from './window';

// Brings the element into view, also inside an area that scrolls (WebDriver scrolls the document
// only), and says where its middle is on the display, seen from the window's content.
const aim = `
  const element = arguments[0];
  element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  const zoom = Math.round((outerWidth / innerWidth) * 20) / 20;
  const { left, top, width, height } = element.getBoundingClientRect();
  const [x, y] = [left + width / 2, top + height / 2];
  const hit = document.elementFromPoint(x, y);
  const met = hit !== null && (element.contains(hit) || [...(element.labels ?? [])].some(
    (label) => label.contains(hit)));
  return { zoom, x: Math.round(x * zoom), y: Math.round(y * zoom), met, hit: hit?.outerHTML ?? '' };`;

type Aim = { zoom: number; x: number; y: number; met: boolean; hit: string };

/** Clicks what a person would hit there; a covered element is a failure. */
export async function clickOn(
  webdriver: WebDriver,
  app: AppInDesktop,
  element: WebElement,
): Promise<void> {
  const { zoom, x, y, met, hit } = await webdriver.executeScript<Aim>(aim, element);
  if (zoom === 1) return element.click();
  // WebKitWebDriver leaves the web view's zoom out of its sums and would click somewhere else.
  if (!met) throw new Error(`The element is covered by ${hit.slice(0, 200)}`);
  const window = await findWindow(app);
  const move = ['mousemove', '--window', window, String(x), String(y)];
  await app.desktop.run('xdotool', [...move, 'click', '1']);
}

/** A place within an element, from its upper left corner, in CSS pixels. */
export type Spot = { x: number; y: number };

/** The pointer over an element, at 100 %; what it holds comes along. */
export class Hand {
  readonly #app: AppInDesktop;
  readonly #window: string;
  readonly #corner: Spot;

  private constructor(app: AppInDesktop, window: string, corner: Spot) {
    [this.#app, this.#window, this.#corner] = [app, window, corner];
  }

  static async over(app: AppInDesktop, webdriver: WebDriver, element: WebElement): Promise<Hand> {
    const corner = await webdriver.executeScript<Spot>(
      'const { left, top } = arguments[0].getBoundingClientRect(); return { x: left, y: top };',
      element,
    );
    return new Hand(app, await findWindow(app), corner);
  }

  async move({ x, y }: Spot): Promise<void> {
    const [right, down] = [this.#corner.x + x, this.#corner.y + y].map(Math.round);
    await this.#do('mousemove', '--window', this.#window, String(right), String(down));
  }

  /** Takes what is at one place to another, on the way there as a person would. */
  async drag(from: Spot, to: Spot): Promise<void> {
    await this.move(from);
    await this.#do('mousedown', '1');
    for (let part = 1; part <= 8; part += 1) {
      const along = (one: number, other: number) => one + ((other - one) * part) / 8;
      await this.move({ x: along(from.x, to.x), y: along(from.y, to.y) });
    }
    await this.#do('mouseup', '1');
  }

  async #do(...words: string[]): Promise<void> {
    await this.#app.desktop.run('xdotool', words);
  }
}

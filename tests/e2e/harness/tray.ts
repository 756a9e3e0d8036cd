// The notification area as a person meets it: the icon and its menu, read and clicked over the bus.
import type { Desktop } from './desktop';
import { startPython } from './python';
import { waitFor } from './waiting';

export interface TrayItem {
  id: string;
  title: string;
  status: string;
  /** The text beside the icon (XAyatanaLabel): the only one that reaches Linux. */
  label: string;
  iconName: string;
  iconDescription: string;
  /** A hash of the icon's pixels or file; null when there is none. */
  picture: string | null;
}

export interface TrayEntry {
  id: number;
  label: string;
  type: 'standard' | 'separator';
  enabled: boolean;
  visible: boolean;
  toggle: '' | 'checkmark' | 'radio';
  checked: boolean;
  children: TrayEntry[];
}

export interface Tray {
  /** The addresses of the registered items. */
  items(): Promise<string[]>;
  /** Waits until an item fits (any, when not told), and returns it. */
  waitForItem(matches?: (item: TrayItem) => boolean, within?: number): Promise<TrayItem>;
  /** The menu of the only item. */
  menu(): Promise<TrayEntry[]>;
  waitForMenu(matches: (menu: TrayEntry[]) => boolean, within?: number): Promise<TrayEntry[]>;
  /** Clicks the entry with these labels, from the outermost menu inwards. */
  click(labels: string[]): Promise<void>;
  /** The notification area goes, as when the panel is restarted. */
  stop(): Promise<void>;
}

type Reply = { id: number; answer?: unknown; error?: string };

/** Start it before the app: an app that finds no tray at its start may not look again. */
export async function startTray(desktop: Desktop): Promise<Tray> {
  const host = startPython(desktop, 'tray_host.py');
  let asked = 0;

  const replyTo = async (id: number, what: string): Promise<unknown> => {
    const reply = await waitFor(() => host.lines<Reply>().find((line) => line.id === id), {
      what,
      within: 30_000,
      otherwise: host.program.stderr,
    });
    if (reply.error !== undefined) throw new Error(`${what}: ${reply.error}`);
    return reply.answer;
  };
  const ask = async <Answer>(question: string, more: object = {}): Promise<Answer> => {
    const id = ++asked;
    host.send({ id, ask: question, ...more });
    return (await replyTo(id, `the tray's ${question}`)) as Answer;
  };
  const items = () => ask<string[]>('items');
  const onlyItem = async (): Promise<string> => {
    const all = await items();
    if (all.length !== 1) throw new Error(`Expected one tray item, found ${all.length}: ${all}`);
    return all[0] as string;
  };
  const menu = async () => ask<TrayEntry[]>('menu', { item: await onlyItem() });

  await replyTo(0, 'the notification area');
  return {
    items,
    waitForItem: (matches = () => true, within = 10_000) =>
      waitFor(
        async () => {
          for (const item of await items()) {
            const read = await ask<TrayItem>('item', { item });
            if (matches(read)) return read;
          }
          return null;
        },
        { what: 'a tray item', within, otherwise: async () => `Registered: ${await items()}` },
      ),
    menu,
    waitForMenu: (matches, within = 10_000) =>
      waitFor(
        async () => {
          const entries = await menu();
          return matches(entries) && entries;
        },
        { what: "the tray's menu", within, otherwise: async () => JSON.stringify(await menu()) },
      ),
    async click(labels) {
      await ask('click', { item: await onlyItem(), labels });
    },
    async stop() {
      await host.program.stop();
    },
  };
}

/** The backend of the app: the one file that speaks to Tauri. */
import { invoke } from '@tauri-apps/api/core';
import { PLAIN, type Told } from '$lib/bindings';
import { Envelope } from './envelope';
import { asUserError, type Backend, type EventName } from './backend';

let show: () => void = () => undefined;
const shown = new Promise<void>((resolve) => (show = resolve));

/** From now on events are heard: before the first picture they would only hold it up. */
export function firstPictureIsShown(): void {
  show();
}

/** So long after a question that failed the next one waits. */
const RETRY_MS = 1000;

const listeners = new Map<EventName, Set<(payload: never) => void>>();
let listening = false;

/** Asks again and again what there is to hear; an answer comes as soon as there is something. */
async function listen(): Promise<never> {
  await shown;
  let number: number | null = null;
  for (;;) {
    try {
      const told: Told[] = await tauri.ask('hear', { number });
      for (const { number: heard, name, payload } of told) {
        number = heard;
        for (const listener of listeners.get(name as EventName) ?? []) listener(payload as never);
      }
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

const envelope = new Envelope(async (key) => (await tauri.ask('begin_envelope', { key })).key);

export const tauri: Backend = {
  async ask(name, ...input) {
    try {
      const asked = input[0] ?? null;
      if (PLAIN.has(name)) return await invoke(name, { input: asked });
      const sealed = await invoke<string>(name, { input: await envelope.seal(name, asked) });
      return (await envelope.open(name, sealed)) as never;
    } catch (error) {
      throw asUserError(error);
    }
  },
  hear(name, listener) {
    const heard = listeners.get(name) ?? new Set();
    listeners.set(name, heard.add(listener as never));
    if (!listening) void listen();
    listening = true;
    return () => void heard.delete(listener as never);
  },
};

/** The backend of the app: the one file that speaks to Tauri. */
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { asUserError, type Backend } from './backend';

let show: () => void = () => undefined;
const shown = new Promise<void>((resolve) => (show = resolve));

/** From now on events are heard: before the first picture they would only hold it up. */
export function firstPictureIsShown(): void {
  show();
}

export const tauri: Backend = {
  async ask(name, ...input) {
    try {
      return await invoke(name, { input: input[0] ?? null });
    } catch (error) {
      throw asUserError(error);
    }
  },
  hear(name, listener) {
    const listening = shown.then(() => listen(name, (event) => listener(event.payload as never)));
    return () => void listening.then((stop) => stop());
  },
};

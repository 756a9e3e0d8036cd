/** The settings in force, as the backend says; the page follows their colours. */
import type { Settings, SettingsView, UserError } from '$lib/bindings';
import { asUserError, type Backend } from '$lib/backend/backend';

export class SettingsState {
  settings = $state<Settings>({
    theme: 'system',
    lockAfterMinutes: 5,
    lockOnSleep: true,
    lockWithScreen: true,
    rotateWhileLocked: false,
    singleKeys: true,
    hiddenColumns: [],
    quiet: null,
    namesInNotices: false,
    startAtLogin: false,
  });
  /** Why the file's own settings are not in force. */
  problem = $state<UserError | null>(null);
  /** Why the last change was not kept. */
  refusal = $state<UserError | null>(null);

  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Reads the settings once and follows their changes from then on. */
  async start(): Promise<() => void> {
    const stop = this.#backend.hear('settings_changed', (view) => this.#show(view));
    await this.#keep(() => this.#backend.ask('read_settings'));
    return stop;
  }

  async choose(choice: Partial<Settings>): Promise<void> {
    const before = this.settings;
    const settings = { ...before, ...choice };
    this.#show({ settings, problem: this.problem });
    const kept = await this.#keep(() => this.#backend.ask('save_settings', settings));
    if (!kept) this.#show({ settings: before, problem: this.problem });
  }

  reset(): Promise<boolean> {
    return this.#keep(() => this.#backend.ask('reset_settings'));
  }

  /** Tries again what was refused: the file as it is now decides. */
  reload(): Promise<boolean> {
    return this.#keep(() => this.#backend.ask('read_settings'));
  }

  async #keep(work: () => Promise<SettingsView>): Promise<boolean> {
    try {
      this.#show(await work());
      this.refusal = null;
      return true;
    } catch (error) {
      this.refusal = asUserError(error);
      return false;
    }
  }

  #show(view: SettingsView): void {
    this.settings = view.settings;
    this.problem = view.problem;
    const { theme } = view.settings;
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }
}

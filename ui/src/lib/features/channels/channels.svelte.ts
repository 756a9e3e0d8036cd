/** The channels of the open vault, and what is done with them. */
import type { Channel, ChannelChange, ChannelsView, ChannelView } from '$lib/bindings';
import { asUserError } from '$lib/backend/backend';
import { Reading } from '$lib/features/frame/reading.svelte';
import { Trials } from '$lib/features/issuers/trials.svelte';
import type { Session } from '$lib/features/vault/session.svelte';

export class ChannelsState extends Reading<ChannelsView> {
  readonly trials: Trials;

  constructor(session: Session) {
    super(session, () => session.backend.ask('list_channels'), ['notices_changed']);
    this.trials = new Trials(async (id) => {
      const { why } = await session.backend.ask('test_channel', { id });
      const about = why === null ? 'The message was taken. Look whether it arrived.' : '';
      return { works: why === null, about, lacks: [], why };
    });
  }

  /** The channel as it is now; nothing when it is gone. */
  find(id: string): ChannelView | undefined {
    return this.view?.channels.find((channel) => channel.id === id);
  }

  /** What is wrong with it, or the channel that was saved. */
  async save(change: ChannelChange): Promise<Pick<ChannelsView, 'faults' | 'saved'>> {
    const view = await this.#change(() => this.session.backend.ask('save_channel', change));
    // What came of a test was about the channel as it was.
    if (view.saved) this.trials.outcomes.delete(view.saved);
    return view;
  }

  /** Turns one on or off. */
  async turn({ id, version, name, channel }: ChannelView, on: boolean): Promise<void> {
    const turned: Channel = { ...channel, on };
    await this.#change(() =>
      this.session.backend.ask('save_channel', { id, version, name, channel: turned, secrets: {} }),
    );
  }

  async remove(id: string): Promise<void> {
    await this.#change(() => this.session.backend.ask('delete_channel', { id }));
  }

  async #change(work: () => Promise<ChannelsView>): Promise<ChannelsView> {
    try {
      const view = await work();
      this.view = { ...view, faults: [] };
      return view;
    } catch (error) {
      if (['vault.changed', 'setup.gone'].includes(asUserError(error).messageKey))
        await this.load();
      throw error;
    }
  }
}

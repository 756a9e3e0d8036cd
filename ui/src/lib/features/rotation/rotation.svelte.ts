/** How one credential is rotated, who uses it, and its runs; and what is changed about that. */
import type { RotationSetup, RotationView, RunRow } from '$lib/bindings';
import { Reading } from '$lib/features/frame/reading.svelte';
import type { Session } from '$lib/features/vault/session.svelte';
import { isOpen } from '$lib/words/rotation';

export class RotationState extends Reading<RotationView> {
  readonly id: string;

  constructor(session: Session, id: string) {
    super(session, () => session.backend.ask('read_rotation', { id }));
    this.id = id;
  }

  get isSetUp(): boolean {
    return Boolean(this.view?.setup);
  }

  /** The run that has not ended; there is one at most. */
  get open(): RunRow | undefined {
    return this.view?.runs.find(isOpen);
  }

  /** Whether it went well once. */
  get isProven(): boolean {
    return this.view?.runs.some(({ status }) => status === 'done') ?? false;
  }

  /** What is wrong with it; then nothing was saved. */
  async save(setup: RotationSetup): Promise<RotationView['faults']> {
    const change = { credential: this.id, version: this.view?.version ?? 0, setup };
    const saved = await this.session.backend.ask('set_up_rotation', change);
    if (saved.faults.length === 0) this.view = saved;
    return saved.faults;
  }

  async removeBinding(id: string): Promise<void> {
    await this.session.backend.ask('delete_binding', { id });
    await this.load();
  }
}

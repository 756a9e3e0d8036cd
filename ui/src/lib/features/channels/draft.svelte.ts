/** A channel as it stands in the form. */
import type {
  Channel,
  ChannelChange,
  ChannelEvent,
  ChannelSetup,
  ChannelView,
  Kind,
  MailTls,
  Severity,
  SetupFault,
} from '$lib/bindings';
import { linesOf, whole } from '$lib/features/issuers/fields';
import { TypedSecrets } from '$lib/features/issuers/secrets.svelte';
import { MAIL_TLS } from '$lib/words/channels';
import { setupFaultWords } from '$lib/words/setups';

/** Told unless somebody says otherwise: what a team has to know, and not each success. */
const FIRST: readonly ChannelEvent[] = ['failure', 'needsAttention', 'reminder', 'restart'];

export class ChannelDraft {
  by = $state<ChannelSetup['by'] | null>(null);
  name = $state('');
  private = $state(false);
  host = $state('');
  port = $state(String(MAIL_TLS.startTls.port));
  tls = $state<MailTls>('startTls');
  user = $state('');
  from = $state('');
  to = $state('');
  events = $state.raw<readonly ChannelEvent[]>(FIRST);
  severity = $state<Severity>('warning');
  kinds = $state.raw<readonly Kind[]>([]);
  environments = $state('');
  owners = $state('');
  faults = $state.raw<readonly SetupFault[]>([]);
  readonly secrets: TypedSecrets;

  readonly #on: boolean;
  #start: string;

  constructor(kept: ChannelView | null) {
    this.secrets = new TypedSecrets(kept?.secrets ?? []);
    this.#on = kept?.channel.on ?? true;
    if (kept) this.#fill(kept);
    this.#start = this.#typed();
  }

  get dirty(): boolean {
    return this.secrets.any || this.#typed() !== this.#start;
  }

  choose(by: ChannelSetup['by'] | null): void {
    this.by = by;
    this.secrets.forget();
    this.faults = [];
    this.#start = this.#typed();
  }

  /** The port follows, unless somebody typed another one. */
  secure(tls: MailTls): void {
    if (this.port.trim() === String(MAIL_TLS[this.tls].port))
      this.port = String(MAIL_TLS[tls].port);
    this.tls = tls;
  }

  tell(event: ChannelEvent, on: boolean): void {
    this.events = on ? [...this.events, event] : this.events.filter((one) => one !== event);
  }

  /** What is wrong with a field. */
  fault(name: string): string | undefined {
    const fault = this.faults.find(({ field }) => field === name || field.startsWith(`${name}.`));
    return fault && setupFaultWords(fault.why);
  }

  change(id: string | null, version: number): ChannelChange | null {
    if (this.by === null) return null;
    const names = this.by === 'chat' ? ['address'] : ['password'];
    return {
      id,
      version,
      name: this.name.trim(),
      channel: this.#channel(this.by),
      secrets: this.secrets.of(names),
    };
  }

  #channel(by: ChannelSetup['by']): Channel {
    const setup: ChannelSetup =
      by === 'chat'
        ? { by, private: this.private }
        : {
            by,
            host: this.host.trim(),
            port: whole(this.port, 65_535),
            tls: this.tls,
            user: this.user.trim(),
            from: this.from.trim(),
            to: linesOf(this.to.replaceAll(',', '\n')),
          };
    return {
      setup,
      rules: {
        events: [...this.events],
        severity: this.severity,
        environments: listed(this.environments),
        kinds: [...this.kinds],
        owners: listed(this.owners),
      },
      on: this.#on,
    };
  }

  #fill({ name, channel: { setup, rules } }: ChannelView): void {
    this.name = name;
    this.by = setup.by;
    if (setup.by === 'chat') this.private = setup.private;
    else {
      this.host = setup.host;
      this.port = String(setup.port);
      this.tls = setup.tls;
      this.user = setup.user;
      this.from = setup.from;
      this.to = setup.to.join('\n');
    }
    this.events = rules.events;
    this.severity = rules.severity;
    this.kinds = rules.kinds;
    this.environments = rules.environments.join(', ');
    this.owners = rules.owners.join(', ');
  }

  #typed(): string {
    return JSON.stringify([this.name, this.by && this.#channel(this.by)]);
  }
}

/** Words with a comma between them. */
const listed = (text: string): string[] => linesOf(text.replaceAll(',', '\n'));

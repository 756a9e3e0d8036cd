/** A binding as it stands in the form. What is wrong with it is for the backend to say. */
import type {
  BindingSetup,
  BindingView,
  FileFormat,
  HealthCheck,
  Kind,
  Part,
  Protocol,
  Reloading,
  Sending,
  SetupFault,
  Tls,
} from '$lib/bindings';
import { linesOf, whole } from '$lib/features/issuers/fields';
import { TypedSecrets } from '$lib/features/issuers/secrets.svelte';
import { mainField } from '$lib/words/kinds';
import { PORTS, setupFaultWords } from '$lib/words/setups';

/** Beyond every limit, so that whatever is no number is refused like a number that is too large. */
const NO_NUMBER = 1_000_000;

const FORMATS: Readonly<Record<string, FileFormat>> = {
  env: 'env',
  json: 'json',
  yaml: 'yaml',
  yml: 'yaml',
  toml: 'toml',
  ini: 'ini',
  cfg: 'ini',
  conf: 'ini',
};

/** Something that is called: a program or an address. */
class Call {
  program = $state('');
  arguments = $state('');
  address = $state('');
  private = $state(false);

  fill(from: Sending | Reloading | HealthCheck): void {
    if ('program' in from) {
      this.program = from.program;
      this.arguments = from.arguments.join('\n');
    }
    if ('address' in from) {
      this.address = from.address;
      this.private = from.private;
    }
  }

  get command() {
    return { program: this.program.trim(), arguments: linesOf(this.arguments) };
  }

  get http() {
    return { address: this.address.trim(), private: this.private };
  }
}

export class BindingDraft {
  readonly kind: Kind;
  readonly sending = new Call();
  readonly reloading = new Call();
  readonly check = new Call();

  by = $state<Sending['by']>('file');
  path = $state('');
  parts = $state<Part[]>([]);
  input = $state('');
  body = $state('');
  contentType = $state('application/json');
  who = $state('');
  steps = $state('');

  reloadBy = $state<Reloading['by']>('live');

  checkBy = $state<HealthCheck['by']>('none');
  status = $state('200');
  pointer = $state('');
  expected = $state('');
  host = $state('');
  port = $state('');
  protocol = $state<Protocol>('postgres');
  database = $state('');
  user = $state('');
  tls = $state<Tls>('verified');

  timeout = $state('10');
  retries = $state('10');
  interval = $state('60');

  takes = $state('10');
  away = $state('0');

  readonly secrets: TypedSecrets;
  faults = $state.raw<readonly SetupFault[]>([]);
  readonly elsewhere = $derived(
    this.faults.filter(
      ({ field }) =>
        !/^((sending|reloading|check|looks)\.|(takesS|awayS|delivery|reload)$)/.test(field),
    ),
  );

  /** Chosen by a person; until then the file's name says it. */
  #format = $state<FileFormat | null>(null);
  readonly #start: string;

  constructor(kind: Kind, binding: BindingView | null) {
    this.kind = kind;
    const main = mainField(kind);
    this.parts = [{ key: '', text: `{${main}}` }];
    this.input = `{${main}}`;
    // Two braces stand for one.
    this.body = `{{"value": {${main}|json}}`;
    this.secrets = new TypedSecrets(binding?.secrets ?? []);
    if (binding) this.#fill(binding.setup);
    this.#start = this.#typed();
  }

  get dirty(): boolean {
    return this.secrets.any || this.#typed() !== this.#start;
  }

  get format(): FileFormat {
    const name = this.path.split('/').at(-1) ?? '';
    const guess = name.startsWith('.env') ? 'env' : FORMATS[name.split('.').at(-1) ?? ''];
    return this.#format ?? guess ?? 'env';
  }

  set format(format: FileFormat) {
    this.#format = format;
    if (format === 'whole') this.parts = this.parts.slice(0, 1);
  }

  /** It is away while it is restarted. */
  get restarts(): boolean {
    return this.reloadBy === 'command' || this.reloadBy === 'http';
  }

  reloadIs(by: Reloading['by']): void {
    this.reloadBy = by;
    this.away = this.restarts ? '30' : '0';
  }

  /** The port goes with what a server speaks, until somebody types another one. */
  checkIs(by: HealthCheck['by'], protocol = this.protocol): void {
    const usual = this.checkBy === 'login' ? String(PORTS[this.protocol]) : '';
    [this.checkBy, this.protocol] = [by, protocol];
    if (this.port === usual) this.port = by === 'login' ? String(PORTS[protocol]) : '';
  }

  /** What is wrong with a field; also with a line of it, where it has several. */
  fault(name: string): string | undefined {
    const line = new RegExp(`^${name.replace(/\./g, '\\.')}(\\.\\d+)?$`);
    const fault = this.faults.find(({ field }) => line.test(field));
    return fault && setupFaultWords(fault.why);
  }

  get setup(): BindingSetup {
    return {
      sending: this.#sending(),
      reloading: this.#reloading(),
      check: this.#check(),
      looks: {
        timeoutS: seconds(this.timeout),
        retries: seconds(this.retries),
        intervalS: seconds(this.interval),
      },
      takesS: seconds(this.takes),
      awayS: this.restarts ? seconds(this.away) : 0,
    };
  }

  /** The secrets that go with what was chosen. */
  get typedSecrets() {
    return this.secrets.of([
      ...(this.by === 'http' ? ['delivery'] : []),
      ...(this.reloadBy === 'http' ? ['reload'] : []),
      ...(this.checkBy === 'http' ? ['check'] : []),
    ]);
  }

  #sending(): Sending {
    switch (this.by) {
      case 'file': {
        const parts = this.parts.map(({ key, text }) => ({ key: key.trim(), text }));
        return { by: 'file', path: this.path.trim(), format: this.format, parts };
      }
      case 'command':
        return { by: 'command', ...this.sending.command, input: this.input };
      case 'http': {
        const { body, contentType } = this;
        return { by: 'http', ...this.sending.http, body, contentType: contentType.trim() };
      }
      case 'byHand':
        return { by: 'byHand', who: this.who.trim(), steps: linesOf(this.steps) };
    }
  }

  #reloading(): Reloading {
    if (this.reloadBy === 'command') return { by: 'command', ...this.reloading.command };
    if (this.reloadBy === 'http') return { by: 'http', ...this.reloading.http };
    return { by: this.reloadBy };
  }

  #check(): HealthCheck {
    switch (this.checkBy) {
      case 'none':
        return { by: 'none' };
      case 'command':
        return { by: 'command', ...this.check.command };
      case 'tcp':
        return { by: 'tcp', host: this.host.trim(), port: whole(this.port, 65_535) };
      case 'login':
        return {
          by: 'login',
          protocol: this.protocol,
          host: this.host.trim(),
          port: whole(this.port, 65_535),
          database: this.protocol === 'redis' ? '' : this.database.trim(),
          user: this.user.trim(),
          tls: this.tls,
        };
      case 'http':
        return {
          by: 'http',
          ...this.check.http,
          status: whole(this.status, 999),
          pointer: this.pointer.trim(),
          expected: this.expected,
        };
    }
  }

  #fill({ sending, reloading, check, looks, takesS, awayS }: BindingSetup): void {
    this.by = sending.by;
    this.sending.fill(sending);
    if (sending.by === 'file') {
      this.path = sending.path;
      this.#format = sending.format;
      this.parts = sending.parts.map((part) => ({ ...part }));
    } else if (sending.by === 'command') this.input = sending.input;
    else if (sending.by === 'http')
      [this.body, this.contentType] = [sending.body, sending.contentType];
    else [this.who, this.steps] = [sending.who, sending.steps.join('\n')];
    this.reloadBy = reloading.by;
    this.reloading.fill(reloading);
    this.checkBy = check.by;
    this.check.fill(check);
    if (check.by === 'tcp' || check.by === 'login')
      [this.host, this.port] = [check.host, String(check.port)];
    if (check.by === 'login') {
      [this.protocol, this.tls] = [check.protocol, check.tls];
      [this.database, this.user] = [check.database, check.user];
    }
    if (check.by === 'http') {
      this.status = String(check.status);
      [this.pointer, this.expected] = [check.pointer, check.expected];
    }
    [this.timeout, this.retries] = [String(looks.timeoutS), String(looks.retries)];
    this.interval = String(looks.intervalS);
    [this.takes, this.away] = [String(takesS), String(awayS)];
  }

  #typed(): string {
    return JSON.stringify(this.setup);
  }
}

function seconds(text: string): number {
  return /^\d{1,6}$/.test(text.trim()) ? Number(text) : NO_NUMBER;
}

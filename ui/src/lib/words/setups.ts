/** Issuers, consumers and what lies between them, as people read it. */
import type {
  BindingSetup,
  CallWhy,
  Deployment,
  FileFormat,
  HealthCheck,
  IssuerSetup,
  Protocol,
  Reloading,
  Sending,
  SetupWhy,
  Tls,
} from '$lib/bindings';
import type { IconName } from '$lib/design';
import { count } from './times';

export type Sort = IssuerSetup['is'];

export const ISSUERS: Readonly<Record<Sort, { name: string; icon: IconName; text: string }>> = {
  postgres: {
    name: 'PostgreSQL',
    icon: 'database',
    text: 'Passwords of roles, in place or two in turn.',
  },
  mysql: {
    name: 'MySQL',
    icon: 'database',
    text: 'Version 8.0.14 or later: two passwords work at once.',
  },
  mariadb: {
    name: 'MariaDB',
    icon: 'database',
    text: 'Passwords of users, in place or two in turn.',
  },
  redis: {
    name: 'Redis',
    icon: 'database',
    text: 'Users of access lists: two passwords work at once.',
  },
  http: { name: 'Service', icon: 'cloud', text: 'Keys that a service makes over its API.' },
  webhook: {
    name: 'Custom webhook',
    icon: 'webhook',
    text: 'An address of your own that answers with a new value.',
  },
  signingSecret: {
    name: 'Webhook signing secret',
    icon: 'signature',
    text: 'Sender and receiver change together; both secrets work in between.',
  },
  byHand: {
    name: 'By hand',
    icon: 'person',
    text: 'Somebody does it at a console, with a list of steps.',
  },
  sandbox: { name: 'Sandbox', icon: 'play', text: 'Built in, to try rotations on.' },
};

/** A service that is no preset. */
export const OWN_TEMPLATE = {
  name: 'Own template',
  text: 'A service with an API over HTTP, described in a few lines.',
} as const;

/** The port of a server that nobody moved. */
export const PORTS: Readonly<Record<Protocol, number> & Partial<Record<Sort, number>>> = {
  postgres: 5432,
  mysql: 3306,
  mariadb: 3306,
  redis: 6379,
};

/** What a database server speaks. */
export const PROTOCOLS: Readonly<Record<Protocol, string>> = {
  postgres: 'PostgreSQL',
  mysql: 'MySQL or MariaDB',
  redis: 'Redis',
};

export const TLS: Readonly<Record<Tls, string>> = {
  verified: 'On, certificate checked',
  off: 'Off: only for a server on this computer',
};

/** Where an issuer is: its host or address, without what need not be read. */
export function issuerPlace(setup: IssuerSetup): string {
  switch (setup.is) {
    case 'sandbox':
      return 'This computer';
    case 'webhook':
      return place(setup.address);
    case 'signingSecret':
      return place(setup.sender);
    case 'http':
      return place(setup.blanks['address'] ?? '');
    case 'byHand':
      return place(setup.console);
    default:
      return setup.port === PORTS[setup.is] ? setup.host : `${setup.host}:${setup.port}`;
  }
}

const place = (address: string): string => address.replace(/^https?:\/\//, '').replace(/\/$/, '');

type Look = Readonly<{ name: string; icon: IconName }>;

export const DEPLOYMENTS: Readonly<Record<Deployment, Look>> = {
  service: { name: 'Service', icon: 'monitor' },
  job: { name: 'Job', icon: 'clock' },
  pipeline: { name: 'Pipeline', icon: 'branch' },
  mobile: { name: 'Mobile app', icon: 'laptop' },
  partner: { name: 'Partner', icon: 'handover' },
  person: { name: 'Person', icon: 'person' },
};

export const DELIVERIES: Readonly<Record<Sending['by'], Look>> = {
  file: { name: 'File', icon: 'file' },
  command: { name: 'Command', icon: 'terminal' },
  http: { name: 'HTTP', icon: 'upload' },
  byHand: { name: 'By hand', icon: 'person' },
};

export const FILE_FORMATS: Readonly<Record<FileFormat, string>> = {
  env: '.env',
  json: 'JSON',
  yaml: 'YAML',
  toml: 'TOML',
  ini: 'INI',
  whole: 'The whole file',
};

export const RELOADS: Readonly<Record<Reloading['by'], Look>> = {
  live: { name: 'It notices by itself', icon: 'activity' },
  command: { name: 'A command restarts it', icon: 'power' },
  http: { name: 'An address restarts it', icon: 'power' },
  nextRun: { name: 'With its next run', icon: 'clock' },
  manual: { name: 'Somebody sees to it', icon: 'person' },
};

export const CHECKS: Readonly<Record<HealthCheck['by'], Look>> = {
  none: { name: 'Read back what was delivered', icon: 'eye' },
  http: { name: 'An address answers', icon: 'activity' },
  tcp: { name: 'A port can be reached', icon: 'activity' },
  login: { name: 'A database accepts the login', icon: 'database' },
  command: { name: 'A command ends well', icon: 'terminal' },
};

/** `.env file, /srv/web/.env` */
export function deliveryText({ sending }: Pick<BindingSetup, 'sending'>): string {
  switch (sending.by) {
    case 'file': {
      const file = sending.format === 'whole' ? 'File' : `${FILE_FORMATS[sending.format]} file`;
      return `${file}, ${sending.path}`;
    }
    case 'command':
      return `Command, ${lastPart(sending.program)}`;
    case 'http':
      return `HTTP, ${place(sending.address)}`;
    case 'byHand':
      return sending.who ? `By hand, ${sending.who}` : 'By hand';
  }
}

/** `Restart, about 38 s` */
export function reloadText({
  reloading,
  awayS,
}: Pick<BindingSetup, 'reloading' | 'awayS'>): string {
  switch (reloading.by) {
    case 'live':
      return 'Live';
    case 'nextRun':
      return 'Next run';
    case 'manual':
      return 'By hand';
    default:
      return awayS > 0 ? `Restart, about ${secondsText(awayS)}` : 'Restart';
  }
}

const lastPart = (path: string): string => path.split('/').findLast(Boolean) ?? path;

const secondsText = (seconds: number): string =>
  seconds < 120 ? `${seconds} s` : count(Math.round(seconds / 60), 'minute');

const LETTERS = new Set(['api', 'http', 'id', 'json', 'sql', 'ttl', 'uri', 'url']);

/** A blank or a secret of a template: `cloudApiKey` is "Cloud API key". */
export function blankName(name: string): string {
  const words = name.replace(/([a-z\d])([A-Z])/g, '$1 $2').split(/[\s_-]+/);
  const text = words
    .map((word) => word.toLowerCase())
    .map((word) => (LETTERS.has(word) ? word.toUpperCase() : word))
    .join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What the secrets of accounts and bindings are called, by the name of their place. */
export const SECRET_NAMES: Readonly<Record<string, string>> = {
  token: 'Token',
  password: 'Password',
  secret: 'Secret of the webhook',
  receiver: 'Authorization for the receiver',
  sender: 'Authorization for the sender',
};

const SETUP_FAULTS: Readonly<Record<SetupWhy, string>> = {
  missing: 'Fill this in.',
  address: 'Type a whole address that begins with https://, without a user or password in it.',
  private:
    'This leads into this computer or the local network. Turn on the switch below if that is meant.',
  forbidden:
    'Nothing is ever sent there: it belongs to this link alone, to many computers or to none, or it gives a cloud machine its credentials. Type another address.',
  readable: 'What is sent there could be read on the way. Without TLS it has to be this computer.',
  path: 'Type the whole path, as in /srv/web/.env.',
  tooLong: 'This is longer, or has more parts, than can be kept. Shorten it.',
  characters: 'There are characters in it that cannot be here. Type it anew.',
  number: 'Type a whole number that fits here.',
  place: 'Name at least one field of the value in braces, and only fields that there are.',
  template: 'This cannot be read. Check its brackets and quotation marks.',
};

/** What is wrong with a field of a setup, and how to mend it. */
export const setupFaultWords = (why: SetupWhy): string =>
  SETUP_FAULTS[why] ?? 'This cannot be kept as it is. Type it anew.';

const TEMPLATE_FAULTS: Readonly<Partial<Record<SetupWhy, string>>> = {
  template:
    'This cannot be read as a template. Check its brackets and quotation marks, and that nothing is missing: name, facts, making, and create with value.',
  place:
    'Something stands in braces where it cannot be, or a blank has a name that it cannot have. Check each place in braces.',
  address: 'Each request needs a method and a whole address, as in POST https://example.com/keys.',
};

/** What is wrong with a template, and how to mend it. */
export const templateFaultWords = (why: SetupWhy): string =>
  TEMPLATE_FAULTS[why] ?? setupFaultWords(why);

const CALL_FAULTS: Readonly<Record<CallWhy, { happened: string; next: string }>> = {
  refused: {
    happened: 'It refused what it was asked for.',
    next: 'Check address and login, then try again.',
  },
  forbidden: {
    happened: 'It leads where nothing may be sent, so nobody was asked.',
    next: 'Check the address. For this computer or the local network, an address has a switch; a server on this computer is typed as localhost.',
  },
  denied: {
    happened: 'The login is not allowed to do this.',
    next: 'Give it the permissions it needs, then try again.',
  },
  conflict: {
    happened: 'Something else is there than was expected.',
    next: 'Compare what is there with what is set up here, then try again.',
  },
  gone: {
    happened: 'What was named is not there.',
    next: 'Check the address, path or name, then try again.',
  },
  busy: {
    happened: 'It is asked too much at once.',
    next: 'Wait a minute, then try again.',
  },
  unknown: {
    happened: 'It did not answer, or broke off half-way.',
    next: 'Check that it runs and can be reached from this computer, then try again.',
  },
  unreadable: {
    happened: 'It answered, and the answer cannot be read.',
    next: 'Check that this is the right service, in a version that is known here.',
  },
  notSetUp: {
    happened: 'Nothing is set up to ask it.',
    next: 'Set up its account or delivery first.',
  },
  byHand: {
    happened: 'A person has to do this.',
    next: 'Follow the steps, then confirm them.',
  },
};

/** What happened, and what to do next. */
export function whyWords(why: CallWhy): { happened: string; next: string } {
  return CALL_FAULTS[why] ?? CALL_FAULTS.unknown;
}

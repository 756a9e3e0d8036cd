/** Which fields the form of an issuer account has, by what it is. */
import type { AccountView, IssuerSetup, Preset, Tls } from '$lib/bindings';
import { blankName, PORTS, SECRET_NAMES, type Sort } from '$lib/words/setups';
import { placesOf, type Places } from './template';

export interface FormField {
  /** As in the setup, and in what is said to be wrong with it. */
  name: string;
  label: string;
  shape: 'line' | 'number' | 'lines' | 'text' | 'secret' | 'switch' | 'tls';
  hint?: string;
}

/** What stands in the fields that are no secrets. */
export type Values = Readonly<Record<string, string | boolean>>;

export const PRIVATE: FormField = {
  name: 'private',
  label: 'It is in this computer or the local network',
  shape: 'switch',
};

const secret = (name: string, hint?: string): FormField => ({
  name,
  label: SECRET_NAMES[name] ?? blankName(name),
  shape: 'secret',
  ...(hint === undefined ? {} : { hint }),
});

const server = (user: string, database: readonly FormField[] = []): FormField[] => [
  { name: 'host', label: 'Host', shape: 'line', hint: 'As in db.example.com.' },
  { name: 'port', label: 'Port', shape: 'number' },
  ...database,
  { name: 'user', label: 'User', shape: 'line', hint: user },
  secret('password'),
  { name: 'tls', label: 'TLS', shape: 'tls' },
];

const HEADER = 'What the header Authorization says, as in Bearer abc.';
const OWN_LOGIN = 'A login of its own, used by nothing else.';

const FIELDS: Readonly<Record<Exclude<Sort, 'http'>, readonly FormField[]>> = {
  postgres: server(OWN_LOGIN, [
    { name: 'database', label: 'Database', shape: 'line', hint: 'The one that is opened.' },
  ]),
  mysql: server(OWN_LOGIN),
  mariadb: server(OWN_LOGIN),
  redis: server('Empty where the password is enough.'),
  webhook: [
    { name: 'address', label: 'Address', shape: 'line', hint: 'It answers with a new value.' },
    PRIVATE,
    secret('secret', 'By it the webhook knows that Keyturn is asking.'),
    {
      name: 'signs',
      label: 'Sign requests instead of sending the secret',
      shape: 'switch',
      hint: 'HMAC-SHA256.',
    },
    { name: 'verifies', label: 'It can tell whether it accepts a value', shape: 'switch' },
    { name: 'revokes', label: 'It can revoke a value', shape: 'switch' },
    { name: 'overlaps', label: 'The old value works until it is revoked', shape: 'switch' },
  ],
  signingSecret: [
    {
      name: 'receiver',
      label: 'Address of the receiver',
      shape: 'line',
      hint: 'It is told which secrets to accept.',
    },
    secret('receiver', HEADER),
    {
      name: 'sender',
      label: 'Address of the sender',
      shape: 'line',
      hint: 'It is told which secret to sign with.',
    },
    secret('sender', HEADER),
    {
      name: 'events',
      label: 'Address for a test event',
      shape: 'line',
      hint: 'Where the receiver gets events. A signed test event proves each secret there; if empty, nothing is proven.',
    },
    PRIVATE,
  ],
  byHand: [
    { name: 'console', label: 'Address of the console', shape: 'line' },
    { name: 'steps', label: 'Steps', shape: 'lines', hint: 'What has to be done, a line each.' },
    { name: 'overlaps', label: 'The old value works until it is revoked', shape: 'switch' },
    {
      name: 'check.address',
      label: 'Address that tells whether a value works',
      shape: 'line',
      hint: 'Optional. It is asked with the value before the old one is revoked, and afterwards with the old one. Without it you are asked.',
    },
  ],
  sandbox: [{ name: 'address', label: 'Address', shape: 'line' }, secret('token')],
};

/** How a value is tried at that address. */
const CHECK: readonly FormField[] = [
  { name: 'check.header', label: 'Header with the value', shape: 'line' },
  {
    name: 'check.says',
    label: 'What the header says',
    shape: 'line',
    hint: 'With {value} where the value stands.',
  },
  {
    name: 'check.status',
    label: 'Status when the value works',
    shape: 'number',
    hint: '401 and 403 say that it does not.',
  },
  { ...PRIVATE, name: 'check.private' },
];

/** What an account is of: a sort, and for a service its template. */
export interface Of {
  sort: Sort;
  preset?: Preset | undefined;
  /** The account that is edited. */
  account?: AccountView | undefined;
  /** How many calls at once it gets where nobody sets another number. */
  usual?: number | undefined;
}

const TEMPLATE: FormField = {
  name: 'template',
  label: 'Template',
  shape: 'text',
  hint: 'In TOML. The page docs/templates.md of Keyturn tells what can stand in it.',
};

/** A template of one's own says itself what has to be filled in, also while it is typed. */
export function fieldsOf(of: Of, values: Values): readonly FormField[] {
  if (of.sort === 'byHand') return hasCheck(values) ? [...FIELDS.byHand, ...CHECK] : FIELDS.byHand;
  if (of.sort !== 'http') return [...FIELDS[of.sort], atOnce(of)];
  const isOwn = isByOwnTemplate(of);
  const { blanks, optional, secrets } = of.preset ?? (isOwn ? typed(values) : kept(of));
  return [
    ...(isOwn ? [TEMPLATE] : []),
    ...blanks.map((name) => ({
      name,
      label: blankName(name),
      shape: 'line' as const,
      ...(optional.includes(name) ? { hint: 'It may stay empty.' } : {}),
    })),
    ...secrets.map((name) => secret(name)),
    PRIVATE,
    atOnce(of),
  ];
}

const atOnce = (of: Of): FormField => {
  const usual = isByOwnTemplate(of) ? 'as many as the template says' : (of.usual ?? 'as usual');
  return {
    name: 'atOnce',
    label: 'Calls at once',
    shape: 'number',
    hint: `At most, 1 to 64. Empty: ${usual}.`,
  };
};

const hasCheck = (values: Values) => String(values['check.address'] ?? '').trim() !== '';

const keptSetup = ({ account }: Of) => (account?.setup.is === 'http' ? account.setup : null);

const isByOwnTemplate = (of: Of): boolean =>
  of.sort === 'http' && !of.preset && !keptSetup(of)?.preset;

const typed = (values: Values): Places => placesOf(String(values['template'] ?? ''));

/** Of a service that this version does not know any more. */
const kept = (of: Of): Places => ({
  blanks: Object.keys(keptSetup(of)?.blanks ?? {}),
  optional: [],
  secrets: of.account?.secrets ?? [],
});

const FIRST_CHECK = {
  'check.header': 'Authorization',
  'check.says': 'Bearer {value}',
  'check.status': '200',
};

/** What is filled in before anybody types. */
export function firstValues(sort: Sort): Record<string, string | boolean> {
  const port = PORTS[sort];
  return {
    ...(port === undefined ? {} : { port: String(port), tls: 'verified' satisfies Tls }),
    ...(sort === 'postgres' ? { database: 'postgres' } : {}),
    ...(sort === 'byHand' ? { overlaps: true, ...FIRST_CHECK } : {}),
  };
}

/** A setup as it stands in the fields. */
export function valuesOf(setup: IssuerSetup): Record<string, string | boolean> {
  const { blanks, check, ...rest } = { blanks: {}, check: null, ...setup };
  const tried = Object.entries(check ?? {}).map(([name, value]) => [`check.${name}`, value]);
  const text = (value: unknown) => (Array.isArray(value) ? value.join('\n') : String(value ?? ''));
  const first = setup.is === 'byHand' ? FIRST_CHECK : {};
  const all = { ...first, ...rest, ...blanks, ...Object.fromEntries(tried) };
  const entries = Object.entries(all).map(
    ([name, value]) => [name, typeof value === 'boolean' ? value : text(value)] as const,
  );
  return Object.fromEntries(entries);
}

/** The setup that the fields say. What is wrong with it is for the backend to say. */
export function setupOf(of: Of, values: Values): IssuerSetup {
  const text = (name: string) => String(values[name] ?? '').trim();
  const on = (name: string) => values[name] === true;
  switch (of.sort) {
    case 'webhook':
      return {
        is: 'webhook',
        address: text('address'),
        signs: on('signs'),
        verifies: on('verifies'),
        revokes: on('revokes'),
        overlaps: on('overlaps'),
        private: on('private'),
      };
    case 'signingSecret':
      return {
        is: 'signingSecret',
        receiver: text('receiver'),
        sender: text('sender'),
        events: text('events'),
        private: on('private'),
      };
    case 'byHand':
      return {
        is: 'byHand',
        console: text('console'),
        steps: linesOf(text('steps')),
        overlaps: on('overlaps'),
        check: hasCheck(values)
          ? {
              address: text('check.address'),
              header: text('check.header'),
              says: text('check.says'),
              status: whole(text('check.status'), 599),
              private: on('check.private'),
            }
          : null,
      };
    case 'sandbox':
      return { is: 'sandbox', address: text('address') };
    case 'http': {
      const blanks = fieldsOf(of, values).filter(({ shape }) => shape === 'line');
      return {
        is: 'http',
        preset: of.preset?.id ?? keptSetup(of)?.preset ?? null,
        template: isByOwnTemplate(of) ? text('template') : null,
        blanks: Object.fromEntries(blanks.map(({ name }) => [name, text(name)])),
        private: on('private'),
      };
    }
    default:
      return {
        is: of.sort,
        host: text('host'),
        port: whole(text('port'), 65_535),
        database: text('database'),
        user: text('user'),
        tls: values['tls'] === 'off' ? 'off' : 'verified',
      };
  }
}

/** The lines of a text that have something in them. */
export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

/** A whole number; 0, which is refused, for whatever is none. */
export function whole(text: string, most: number): number {
  const number = /^\d{1,9}$/.test(text.trim()) ? Number(text) : 0;
  return number <= most ? number : 0;
}

/** What each kind of credential and each of its fields is called, and what is wrong with a field. */
import { KINDS, type Field, type Kind, type Stage, type Why } from '$lib/bindings';
import type { IconName } from '$lib/design';

export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  apiKey: 'API key',
  oauthClient: 'OAuth client',
  serviceToken: 'Service token',
  databaseLogin: 'Database login',
  cloudKey: 'Cloud key',
  certificate: 'Certificate',
  sshKey: 'SSH key',
  webhookSecret: 'Webhook secret',
  signingKey: 'Signing key',
  login: 'Login',
  secret: 'Generic secret',
};

/** As they stand inside a sentence: "Usual for API keys". */
export const KINDS_IN_TEXT: Readonly<Record<Kind, string>> = {
  apiKey: 'API keys',
  oauthClient: 'OAuth clients',
  serviceToken: 'service tokens',
  databaseLogin: 'database logins',
  cloudKey: 'cloud keys',
  certificate: 'certificates',
  sshKey: 'SSH keys',
  webhookSecret: 'webhook secrets',
  signingKey: 'signing keys',
  login: 'logins',
  secret: 'generic secrets',
};

export const KIND_ICONS: Readonly<Record<Kind, IconName>> = {
  apiKey: 'code',
  oauthClient: 'handover',
  serviceToken: 'ticket',
  databaseLogin: 'database',
  cloudKey: 'cloud',
  certificate: 'ribbon',
  sshKey: 'terminal',
  webhookSecret: 'webhook',
  signingKey: 'signature',
  login: 'person',
  secret: 'lock',
};

export const STAGES: Readonly<Record<Stage, string>> = {
  pending: 'Pending',
  current: 'Current',
  previous: 'Previous',
  retired: 'Retired',
};

const FIELDS: Readonly<Record<string, string>> = {
  accessToken: 'Access token',
  account: 'Account',
  address: 'Address',
  algorithm: 'Algorithm',
  chain: 'Certificate and chain',
  clientId: 'Client ID',
  clientSecret: 'Client secret',
  database: 'Database',
  endpoint: 'Endpoint',
  engine: 'Engine',
  header: 'Header',
  host: 'Host',
  keyId: 'Key ID',
  passphrase: 'Passphrase of the key',
  password: 'Password',
  port: 'Port',
  privateKey: 'Private key',
  provider: 'Provider',
  publicKey: 'Public key',
  refreshCredential: 'Refresh credential',
  refreshToken: 'Refresh token',
  region: 'Region',
  scopes: 'Scopes',
  secret: 'Secret',
  tls: 'TLS',
  token: 'Token',
  tokenAddress: 'Token address',
  totp: 'One-time code key',
  user: 'User',
  value: 'Value',
};

/** Where the same field has another name in this kind. */
const OWN_NAMES: Readonly<Partial<Record<Kind, Readonly<Record<string, string>>>>> = {
  cloudKey: { keyId: 'Access key ID', secret: 'Secret key' },
  databaseLogin: { database: 'Database name' },
  webhookSecret: { secret: 'Signing secret' },
  signingKey: { secret: 'Signing key' },
};

/** The words that a field chooses from; one that is not here is shown as it is. */
const WORDS: Readonly<Record<string, string>> = {
  aws: 'AWS',
  azure: 'Azure',
  google: 'Google Cloud',
  mariadb: 'MariaDB',
  mongodb: 'MongoDB',
  mysql: 'MySQL',
  off: 'Off',
  on: 'On',
  other: 'Other',
  postgresql: 'PostgreSQL',
  redis: 'Redis',
  verified: 'On, certificate checked',
};

/** A field's name; one of the credential's own begins with `+` and is shown without it. */
export function fieldName(kind: Kind, field: string): string {
  if (field.startsWith('+')) return field.slice(1);
  return OWN_NAMES[kind]?.[field] ?? FIELDS[field] ?? field;
}

/** A word of a field that has a fixed choice. */
export const choiceName = (word: string): string => WORDS[word] ?? word;

/** Whether a field has to be there, beside what the others say: Redis knows a password alone. */
export const isNeeded = (
  { name, needed }: Field,
  values: Readonly<Partial<Record<string, string>>>,
): boolean => needed && !(name === 'user' && values.engine === 'redis');

/** The secret that the credential is about. */
export function mainField(kind: Kind): string {
  return KINDS[kind].find((field) => field.secret && field.needed)?.name ?? 'value';
}

const IDENTIFIERS: Readonly<Partial<Record<Kind, string>>> = {
  apiKey: 'keyId',
  oauthClient: 'clientId',
  serviceToken: 'account',
  databaseLogin: 'user',
  cloudKey: 'keyId',
  sshKey: 'user',
  signingKey: 'keyId',
  webhookSecret: 'endpoint',
  login: 'user',
};

/** The field that names it to its issuer; nothing where the kind has none. */
export const identifierOf = (kind: Kind): string | null => IDENTIFIERS[kind] ?? null;

/** Whether a field has many lines. */
export function isLong({ shape }: Field): boolean {
  return ['text', 'certificates', 'privateKey', 'publicKey', 'sshPublicKey'].includes(shape.is);
}

/** What is wrong with a field and how to mend it, in one sentence. */
export function faultWords(why: Why): string {
  switch (why.is) {
    case 'unknown':
      return 'This kind has no such field. Remove it.';
    case 'missing':
      return 'Fill this in.';
    case 'tooLong':
      return `Too long. At most ${why.most.toLocaleString('en')} bytes fit.`;
    case 'tooMany':
      return `Too many certificates. At most ${why.most.toLocaleString('en')} fit.`;
    case 'notOneLine':
      return 'This goes over more than one line. Use one line.';
    case 'controlCharacters':
      return 'This has characters that cannot be seen. Type it anew or paste it as plain text.';
    case 'notAnAddress':
      return 'Type a whole address, as in https://example.com.';
    case 'notAHost':
      return 'Type the name or number of a computer, as in db.example.com.';
    case 'notAPort':
      return 'Type a number from 1 to 65,535.';
    case 'notOneOf':
      return 'Choose one of the list.';
    case 'secretInTheOpen':
      return 'This field is shown to everyone, and a secret is in it. Move it to the field for the secret.';
    case 'notACertificate':
      return 'No certificate can be read here. Paste it as PEM, from BEGIN to END.';
    case 'notAPrivateKey':
      return 'No private key can be read here. Paste it whole, from BEGIN to END.';
    case 'keyDoesNotFit':
      return 'This private key does not belong to the certificate. Paste the one it was made with.';
    case 'chainBroken':
      return `Certificate ${why.at.toLocaleString('en')} did not issue the one before it. Paste the whole chain, or the first one only.`;
    case 'notASshKey':
      return 'This is not the public half of an SSH key. It begins with ssh- or ecdsa-.';
    case 'notAPublicKey':
      return 'No public key can be read here. Paste it as PEM, from BEGIN PUBLIC KEY to END.';
    case 'publicKeyDoesNotFit':
      return 'This public key does not belong to the private key. Paste the one it was made with, or leave it empty.';
  }
}

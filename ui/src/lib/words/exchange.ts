/** Files that come in and go out: what they are called, what their columns become, what stays behind. */
import type { ImportState, LossView, LostTogether } from '$lib/bindings';
import { count } from './times';

const FORMATS: Readonly<Record<string, string>> = {
  kdbx: 'KeePass database (KDBX)',
  onePux: '1Password export (1PUX)',
  bitwarden: 'Bitwarden export (JSON)',
  csv: 'Table (CSV)',
  env: 'Variables (.env)',
  vaultKv: 'HashiCorp Vault or OpenBao (JSON)',
  awsSecrets: 'AWS Secrets Manager (JSON)',
  kubernetes: 'Kubernetes secrets',
  json: 'Keyturn export (JSON)',
  keyturn: 'Encrypted Keyturn file',
};

const PROGRAMS: Readonly<Record<string, string>> = {
  keyturn: 'Keyturn',
  keePassXc: 'KeePassXC',
  bitwarden: 'Bitwarden',
  onePassword: '1Password',
  lastPass: 'LastPass',
  chrome: 'Chrome or Edge',
  firefox: 'Firefox',
};

export const formatName = (format: string): string => FORMATS[format] ?? format;
export const programName = (program: string): string => PROGRAMS[program] ?? program;

/** What a column of a table can become. */
export const TARGETS: readonly { value: string; label: string }[] = [
  { value: 'name', label: 'Name' },
  { value: 'value', label: 'Secret value' },
  { value: 'user', label: 'User name' },
  { value: 'address', label: 'Address' },
  { value: 'kind', label: 'Kind of credential' },
  { value: 'environment', label: 'Environment' },
  { value: 'owner', label: 'Owner' },
  { value: 'tags', label: 'Tags' },
  { value: 'group', label: 'Group or folder' },
  { value: 'notes', label: 'Notes' },
  { value: 'expires', label: 'Expires' },
  { value: 'created', label: 'Made' },
  { value: 'changed', label: 'Last changed' },
  { value: 'totp', label: 'Seed of one-time passwords' },
  { value: 'secretField', label: 'Further field, secret' },
  { value: 'openField', label: 'Further field, may be seen' },
  { value: 'fields', label: 'Several fields in one cell' },
  { value: 'ignore', label: 'Leave out' },
];

export const STATES: Readonly<Record<ImportState, string>> = {
  fresh: 'New',
  same: 'Here already',
  changed: 'Differs',
};

const REASONS: Readonly<Record<string, readonly [one: string, many: string, because: string]>> = {
  attachment: ['attachment', 'attachments', 'Keyturn keeps no files.'],
  icon: ['icon', 'icons', 'Keyturn keeps no pictures.'],
  autoType: ['typing rule', 'typing rules', 'Keyturn does not type into other windows.'],
  passkey: ['passkey', 'passkeys', 'Only the program that made them can use passkeys.'],
  look: ['colour or mark', 'colours or marks', 'How it looked in the list stays behind.'],
  programsOwn: [
    'setting of the other program',
    'settings of the other program',
    'Only that program or its plug-ins can use that.',
  ],
  tooLong: [
    'text that is too long',
    'texts that are too long',
    'A cut secret would be worse than none.',
  ],
  deleted: ['deleted entry', 'deleted entries', 'From the recycle bin, or marked as deleted.'],
  notText: ['field that is not text', 'fields that are not text', 'Not readable as text.'],
  noPlace: [
    'detail without a place',
    'details without a place',
    'The other side has no field for that.',
  ],
  elsewhere: [
    'thing that the file only names',
    'things that the file only names',
    'The content itself is not in the file.',
  ],
  otherForm: [
    'thing in another form',
    'things in another form',
    'It arrives, but written otherwise: a group becomes a tag, and a tag has no blanks.',
  ],
};
const UNKNOWN = ['other thing', 'other things', 'Keyturn does not know more.'] as const;

/** One thing that is lost or changed, and why. */
export function lossOf({ field, why }: LossView): string {
  const what = why === 'otherForm' ? 'Arrives otherwise' : 'Does not arrive';
  return `${what}: ${field}. ${(REASONS[why] ?? UNKNOWN)[2]}`;
}

/** All that is lost or changed for one reason: 3 attachments, and why. */
export function lossesOf({ why, count: amount }: LostTogether): { what: string; because: string } {
  const [one, many, because] = REASONS[why] ?? UNKNOWN;
  return { what: count(amount, one, many), because };
}

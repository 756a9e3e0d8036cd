/** Vaults, sessions and errors that are made up for component tests. */
import type {
  KnownVault,
  MessageKey,
  OpenVault,
  SessionView,
  SignIn,
  Strength,
  UserError,
} from '$lib/bindings';
import { rehearsed, type Answers, type Rehearsed } from '$lib/backend/rehearsed';
import { Session } from '../session.svelte';

export const FOLDER = '/home/ana/Vaults/acme.vault';
export const KEY = '7KQ2-M9XD-04TB-WZ6H-PR3C-8NVE-5YAJ';
export const PASSPHRASE = 'copper violin meadow ninth harbor oak';
export const STRONG: Strength = {
  marks: 8,
  word: 'strong',
  time: 'centuries',
  enough: true,
  advice: null,
};

export const ana: SignIn = { id: 'm1', name: 'Ana', ways: ['passphrase', 'recoveryKey'] };

export const knownVault = (part: Partial<KnownVault> = {}): KnownVault => ({
  folder: FOLDER,
  name: 'Acme',
  members: [ana],
  lastMember: ana.id,
  waitUntil: null,
  heldBy: null,
  problem: null,
  ...part,
});

export const openVault = (part: Partial<OpenVault> = {}): OpenVault => ({
  demo: false,
  folder: FOLDER,
  name: 'Acme',
  member: ana.id,
  memberName: ana.name,
  role: 'owner',
  may: ['see', 'useSecrets', 'rotate', 'edit', 'audit', 'backup', 'manageMembers'],
  readOnly: null,
  ways: { passphraseSince: 0, recoveryKey: 'proven', keyRingUntil: null },
  lastBackup: null,
  warnings: [],
  ...part,
});

export const sessionView = (part: Partial<SessionView> = {}): SessionView => ({
  vault: null,
  known: [knownVault()],
  locked: null,
  problems: [],
  ...part,
});

export const userError = (
  messageKey: MessageKey,
  details: UserError['details'] = {},
): UserError => ({ code: 'KT-TEST', messageKey, retryable: true, details });

export const refuse = (messageKey: MessageKey, details?: UserError['details']) => () => {
  throw userError(messageKey, details);
};

/** A session that was read, and the backend behind it. */
export async function startSession(
  view: SessionView,
  answers: Answers = {},
): Promise<{ session: Session; backend: Rehearsed }> {
  const backend = rehearsed({ read_session: () => view, ...answers });
  const session = new Session(backend);
  await session.start();
  return { session, backend };
}

/** Work that ends when it is told to. */
export function slow<T>(): { promise: Promise<T>; end: (value: T) => void } {
  let end: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => (end = resolve));
  return { promise, end };
}

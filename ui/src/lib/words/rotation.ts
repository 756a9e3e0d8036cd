/** Rotations as people read them: steps, states, which keys work, what went wrong and what helps. */
import type {
  ByHand,
  CallWhy,
  CheckView,
  CheckWhat,
  Found,
  LogLine,
  Next,
  PlanStep,
  RunConsumer,
  RunRow,
  RunView,
  StepStatus,
  Timestamp,
  Trouble,
} from '$lib/bindings';
import type { IconName } from '$lib/design';
import { graceText } from './policies';
import type { Tone } from './status';
import { count, countdown, time } from './times';

type StepName = PlanStep['is'];

/** What each step is called, and what is said while it is done. */
const STEPS: Readonly<Record<StepName, { name: string; doing: string }>> = {
  check: { name: 'Check everything', doing: 'Checking everything' },
  create: { name: 'Create the new key', doing: 'Creating the new key' },
  verify: { name: 'Verify the new key', doing: 'Verifying the new key' },
  deliver: { name: 'Deliver', doing: 'Delivering the new value' },
  promote: { name: 'Make it the current one', doing: 'Making it the current one' },
  grace: { name: 'Grace period', doing: 'In the grace period' },
  deactivate: { name: 'Switch the old key off', doing: 'Switching the old key off' },
  revoke: { name: 'Revoke the old key', doing: 'Revoking the old key' },
  confirm: { name: 'Prove the old key is refused', doing: 'Proving the old key is refused' },
  reinstate: { name: 'Put the old key back', doing: 'Putting the old key back' },
  proveOld: { name: 'Prove the old key works', doing: 'Proving the old key works' },
  restore: { name: 'Give the old value back', doing: 'Giving the old value back' },
  stepBack: { name: 'Make the old one current again', doing: 'Making the old one current again' },
  remove: { name: 'Delete the new key', doing: 'Deleting the new key' },
  confirmRemoved: {
    name: 'Prove the new key is refused',
    doing: 'Proving the new key is refused',
  },
};

/** Deliver to 3 consumers */
export function stepName(step: PlanStep): string {
  if (step.is !== 'deliver') return STEPS[step.is].name;
  return `Deliver to ${count(step.consumers.length, 'consumer')}`;
}

export const stepDoing = (step: PlanStep): string => STEPS[step.is].doing;

export const STEP_STATUS: Readonly<Record<StepStatus, { name: string; icon: IconName | null }>> = {
  done: { name: 'done', icon: 'check' },
  running: { name: 'running', icon: 'refresh' },
  stopped: { name: 'stopped', icon: 'octagon-cross' },
  failed: { name: 'went wrong', icon: 'close' },
  toCome: { name: 'to come', icon: null },
  skipped: { name: 'left out', icon: null },
};

/** A run that has not ended. */
export const isOpen = ({ status }: Pick<RunRow, 'status'>): boolean =>
  status !== 'done' && status !== 'undone' && status !== 'revoked';

/** How it is with a run: word, icon, tone. */
export function runStatus({ status, undoing, step }: Pick<RunRow, 'status' | 'undoing' | 'step'>): {
  name: string;
  icon: IconName;
  tone: Tone;
} {
  switch (status) {
    case 'running':
      return undoing
        ? { name: 'Undoing', icon: 'undo', tone: 'info' }
        : { name: 'Rotating', icon: 'refresh', tone: 'info' };
    case 'waiting':
      return step.is === 'grace'
        ? { name: 'Two keys work', icon: 'handover', tone: 'info' }
        : { name: 'Waiting', icon: 'clock', tone: 'info' };
    case 'paused':
      return { name: 'Paused', icon: 'pause', tone: 'neutral' };
    case 'needsAttention':
      return { name: 'Needs attention', icon: 'octagon-cross', tone: 'critical' };
    case 'done':
      return { name: 'Done', icon: 'check', tone: 'ok' };
    case 'undone':
      return { name: 'Undone', icon: 'undo', tone: 'neutral' };
    case 'revoked':
      return { name: 'Revoked', icon: 'check', tone: 'ok' };
  }
}

/** 1.2 s, 0:42, 2 h 5 min, 3 d 4 h */
export function lengthText(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 3600) return countdown(Math.floor(seconds));
  const hours = Math.floor(seconds / 3600);
  return hours < 48
    ? `${hours} h ${Math.floor((seconds % 3600) / 60)} min`
    : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** 24 h, 90 min, 30 s: a length that somebody set. */
export function spanText(seconds: number): string {
  if (seconds % 3600 === 0) return graceText(seconds / 3600);
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** What else is to be known about a step, under its name. */
export function stepNote(run: RunView, index: number): string {
  const view = run.steps[index];
  if (!view) return '';
  const { step, status } = view;
  if (status === 'skipped') return '';
  const notes: Partial<Record<StepName, string>> = {
    check: 'Issuer, old key, consumers',
    create: status === 'done' ? createdNote(run) : '',
    deliver: status === 'done' ? deliveredNote(run) : '',
    restore: status === 'done' ? restoredNote(run) : '',
    grace: step.is === 'grace' ? `The old key stays valid for ${spanText(step.seconds)}` : '',
    revoke: voucherNote(run),
    confirm: status === 'done' && !run.proves ? NOT_PROVEN : '',
    confirmRemoved: status === 'done' && !run.proves ? NOT_PROVEN : '',
  };
  const note = notes[step.is] ?? '';
  const isEdge = index === run.noWayBack && status === 'toCome';
  return isEdge ? [note, 'No undo from here on'].filter(Boolean).join('. ') : note;
}

const NOT_PROVEN = 'Not proven: this issuer cannot be asked';

function voucherNote({ log }: RunView): string {
  const said = log.findLast(({ action }) => action === 'rotation.said_to_work');
  return said ? `${said.note} said that the new key works; nothing else can tell` : '';
}

function createdNote({ newKey, steps }: RunView): string {
  const stays = steps.some(({ step }) => step.is === 'revoke') ? 'the old one stays valid' : '';
  return [newKey, stays].filter(Boolean).join(', ');
}

function deliveredNote({ consumers }: RunView): string {
  const well = consumers.filter(({ place }) => place.is === 'confirmed').length;
  const restarts = consumers.filter(({ reload }) => reload === 'restart').length;
  return [`${well} of ${consumers.length} well`, restarts > 0 ? count(restarts, 'restart') : '']
    .filter(Boolean)
    .join(', ');
}

const unproven = ({ consumers }: Pick<RunView, 'consumers'>): RunConsumer[] =>
  consumers.filter(({ place }) => place.is === 'unproven');

function restoredNote(run: RunView): string {
  const { length } = run.consumers;
  return `${length - unproven(run).length} of ${length} well on the old value`;
}

const names = (list: readonly RunConsumer[]): string => list.map(({ name }) => name).join(', ');

/** Which value lies at a consumer and how it is with it while a run goes on or rests: words, icon, tone. */
export function consumerWords(
  { place, reload }: RunConsumer,
  rests: boolean,
): {
  text: string;
  icon: IconName;
  tone: Tone;
} {
  if (place.is === 'untouched') return { text: 'Not yet', icon: 'ring-dashed', tone: 'neutral' };
  if (place.is === 'looking') {
    return { text: 'Has the old value, is being checked', icon: 'refresh', tone: 'info' };
  }
  if (place.is === 'unproven') {
    return { text: 'Has the old value, not seen to be well', icon: 'warning', tone: 'soon' };
  }
  const isNew = place.side === 'new';
  switch (place.is) {
    case 'sending':
      if (rests) {
        const text = isNew ? 'Waits for the new value' : 'Waits for the old value';
        return { text, icon: 'clock', tone: 'neutral' };
      }
      return {
        text: isNew ? 'Gets the new value' : 'Gets the old value back',
        icon: 'refresh',
        tone: 'info',
      };
    case 'sent':
      return SENT[reload];
    case 'confirmed':
      return { text: isNew ? 'Well' : 'Well, on the old value', icon: 'check', tone: 'ok' };
    case 'failed':
      return { text: 'Failed', icon: 'octagon-cross', tone: 'critical' };
  }
}

const SENT = {
  live: { text: 'Has it, is being checked', icon: 'refresh', tone: 'info' },
  restart: { text: 'Restarting', icon: 'refresh', tone: 'info' },
  nextRun: { text: 'Picks it up with its next job', icon: 'clock', tone: 'neutral' },
  manual: { text: 'Waits for somebody to see to it', icon: 'person', tone: 'neutral' },
} as const satisfies Record<RunConsumer['reload'], object>;

/** What is true at this moment, and how far back one can go. */
export function rightNowWords(run: RunView): { now: string; undo: string } {
  return { now: nowText(run), undo: undoText(run) };
}

/** Nothing was begun, as the old key did not work before. */
const oldRefused = ({ row, newKey }: RunView): boolean =>
  row.status === 'undone' && row.trouble?.what === 'oldRefused' && newKey === '';

function nowText(run: RunView): string {
  const { rightNow, row, consumers, proves } = run;
  if (row.status === 'undone') {
    if (oldRefused(run)) return 'The issuer refuses the old key. Keyturn changed nothing.';
    const unseen = unproven(run);
    if (unseen.length === 0) return 'The old key works, as before.';
    return `The old key works. ${names(unseen)} ${unseen.length === 1 ? 'was' : 'were'} not seen to be well with it.`;
  }
  if (row.status === 'done') {
    return proves
      ? 'The new key works everywhere. The old one is gone.'
      : 'The new key is everywhere. Nobody can be asked whether the old one is refused.';
  }
  const works = WORKS[rightNow];
  const failed = consumers.filter(({ place }) => place.is === 'failed');
  if (failed.length > 0) return `${works} ${names(failed)} ${verb(failed)} not well.`;
  const restarting = consumers.filter(
    ({ place, reload }) => reload === 'restart' && (place.is === 'sending' || place.is === 'sent'),
  );
  if (restarting.length > 0) return `${works} ${names(restarting)} ${verb(restarting)} restarting.`;
  const settled = consumers.every(({ place }) => ['untouched', 'confirmed'].includes(place.is));
  return rightNow === 'both' && settled ? `${works} Nothing is down.` : works;
}

const WORKS: Readonly<Record<RunView['rightNow'], string>> = {
  old: 'The old key works.',
  both: 'Both keys work.',
  new: 'The new key works.',
  neither: 'The old key is revoked, and there is no new one.',
  unknown: 'It is not known yet which key works.',
};

const verb = (list: readonly unknown[]): string => (list.length === 1 ? 'is' : 'are');

function undoText(run: RunView): string {
  const { row, canUndo, noWayBack, steps } = run;
  if (row.status === 'undone') {
    return unproven(run).length === 0
      ? 'Everything is as it was before.'
      : 'Keyturn has taken back what it changed.';
  }
  if (row.status === 'done' || row.status === 'revoked')
    return 'Undo is over. Rotate again instead.';
  if (row.undoing) return 'It is being undone.';
  if (!canUndo) return 'It cannot be undone any more. Rotate again instead.';
  return noWayBack < steps.length
    ? `Undo is possible until step ${noWayBack + 1}.`
    : 'Undo is possible.';
}

/** What a run waits for, with the time that is left. */
export function waitingWords(
  { waitsUntil, attempt, row }: RunView,
  now: Timestamp,
): string | undefined {
  if (waitsUntil === null || row.status !== 'waiting') return undefined;
  const left = lengthText(Math.max(0, waitsUntil - now)).replace(/\.\d s$/, ' s');
  if (row.step.is === 'grace') return `Looks again at ${time(waitsUntil)}, in ${left}`;
  const tried = attempt > 0 ? ` (tried ${count(attempt, 'time')})` : '';
  return `${row.trouble ? 'Tries' : 'Looks'} again in ${left}${tried}`;
}

type Named = (binding: string) => string;

const named =
  ({ consumers }: Pick<RunView, 'consumers'>): Named =>
  (id) =>
    consumers.find(({ binding }) => binding === id)?.name || 'A consumer';

/** A trouble in three sentences: what happened, is anything lost, what next. */
export function troubleWords(
  trouble: Trouble,
  run: RunView,
): { happened: string; lost: string; next: string } {
  const happened = happenedText(trouble, named(run));
  return { happened, lost: lostText(run), next: run.next ? nextText(run.next, trouble) : '' };
}

/** What went wrong, in one sentence. */
export function happenedText(trouble: Trouble, name: Named): string {
  switch (trouble.what) {
    case 'issuer':
      return ISSUER_SAID[trouble.why] ?? ISSUER_SAID.unknown;
    case 'consumer':
      return (CONSUMER_SAID[trouble.why] ?? CONSUMER_SAID.unknown)(name(trouble.binding));
    case 'notTakenUp':
      return `${name(trouble.binding)} does not use the value that it was given.`;
    default:
      return HAPPENED[trouble.what];
  }
}

const ISSUER_SAID: Readonly<Record<CallWhy, string>> = {
  refused: 'The issuer refused what it was asked for.',
  forbidden: 'The address of the issuer leads where nothing may be sent.',
  denied: 'The issuer account is not allowed to do this.',
  conflict: 'Something else is at the issuer than was expected.',
  gone: 'The issuer does not know this key.',
  busy: 'The issuer takes no more requests for now.',
  unknown: 'The issuer did not answer.',
  unreadable: 'The answer of the issuer cannot be read.',
  byHand: 'A person has to do this at the issuer.',
  notSetUp: 'The issuer account of this rotation is not there any more.',
};

const CONSUMER_SAID: Readonly<Record<CallWhy, (name: string) => string>> = {
  refused: (name) => `${name} is not well with the value that it got.`,
  forbidden: (name) => `An address of ${name} leads where nothing may be sent.`,
  denied: (name) => `Keyturn is not allowed to deliver to ${name}.`,
  conflict: (name) => `Something else lies at ${name} than was expected.`,
  gone: (name) => `The place for the value is not there at ${name}.`,
  busy: (name) => `${name} takes no more requests for now.`,
  unknown: (name) => `${name} did not answer.`,
  unreadable: (name) => `The answer of ${name} cannot be read.`,
  byHand: (name) => `A person has to bring the value to ${name}.`,
  notSetUp: (name) => `How the value reaches ${name} is not set up any more.`,
};

const HAPPENED: Readonly<
  Record<Exclude<Trouble['what'], 'issuer' | 'consumer' | 'notTakenUp'>, string>
> = {
  notAllowed: 'The issuer account lacks a permission that a rotation needs.',
  noRoom: 'The issuer allows no further key beside those that exist.',
  noConsent:
    'The old key stops working before the new one is delivered, and nobody agreed to that.',
  oldRefused: 'The issuer refuses the old key.',
  newRefused: 'The issuer refuses the new key.',
  unproven: 'Nothing can tell whether the new key works.',
  outcomeUnknown: 'The issuer may have made a key, and nothing tells whether it did.',
  notProvablyOurs: 'A key appeared at the issuer that may be ours, and nothing proves it.',
  unreadable: 'The issuer made a key, and no value was found in its answer. The answer is kept.',
  stillUsed: 'Something still uses the old key.',
  stillAccepted: 'The old key was revoked and is still accepted.',
  stopped: 'Somebody stopped it.',
};

function lostText(run: RunView): string {
  const { row, rightNow } = run;
  if (oldRefused(run)) return 'Nothing by Keyturn. The old key is kept here, and does not work.';
  if (row.status === 'undone') return 'No. The old key is in force, and the new one is gone.';
  switch (rightNow) {
    case 'old':
      return 'No. The old key works as before.';
    case 'both':
      return 'No. Both keys work.';
    case 'new':
      return 'No. The new key works and is kept. The old one may be dead.';
    case 'neither':
      return 'The old key is revoked, as it was meant to be; there is no new one yet.';
    case 'unknown':
      return 'Not yet known. Both values are kept here.';
  }
}

function nextText(next: Next, { what }: Trouble): string {
  if (what === 'stillUsed') return 'Find out who uses it and add it as a consumer, then try again.';
  if (what === 'unreadable' && next === 'lookAtIssuer') return READ_ANSWER;
  return NEXT[next].text;
}

const READ_ANSWER =
  'Read the answer. If the new value is in it, hand it in; if not, delete the key at the issuer’s console, then continue.';

/** The one safe thing to do next, and the word on its button. */
const NEXT: Readonly<Record<Next, { text: string; button: string }>> = {
  retry: { text: 'Do away with the cause, then try again.', button: 'Try again' },
  lookAtIssuer: {
    text: 'Look at the issuer’s console for a key that nobody uses, delete it there, then continue.',
    button: 'I looked, continue',
  },
  undo: { text: 'Undo: everybody gets the old value back.', button: 'Undo' },
  goOn: { text: 'The old key is dead: go on with the new one.', button: 'Go on with the new key' },
  makeAnother: {
    text: 'The old key is dead: make another one in the place of the new one.',
    button: 'Make another key',
  },
  beginAnew: { text: 'Do away with the cause, then rotate again.', button: 'Rotate again…' },
  doByHand: { text: 'Do what is to be done by hand, then continue.', button: 'Done, continue' },
};

export const nextButton = (next: Next): string => NEXT[next].button;

/** What a person has to do, in one sentence. */
export function byHandText(run: RunView, byHand: ByHand): string {
  const { row, oldKey, newKey } = run;
  const { consumer, who, pastes, vouches } = byHand;
  if (consumer !== null) {
    const value = row.undoing ? 'old value back' : 'new value';
    return `${who || 'Somebody'} has to bring the ${value} to ${consumer}.`;
  }
  if (vouches) return vouchText(run);
  if (pastes) return 'Make the new key at the issuer’s console, then paste it here.';
  switch (row.step.is) {
    case 'deactivate':
      return `Switch the old key off at the issuer’s console${called(oldKey)}.`;
    case 'revoke':
      return `Revoke the old key at the issuer’s console${called(oldKey)}.`;
    case 'remove':
      return `Delete the new key at the issuer’s console${called(newKey)}.`;
    default:
      return 'Do this at the issuer’s console, then continue.';
  }
}

function vouchText({ consumers }: RunView): string {
  const names = consumers.map(({ name }) => name).filter(Boolean);
  const where = names.length > 0 ? `Look at ${names.join(', ')}, or try it` : 'Try it';
  return `Does the new key work? Nothing here can tell. ${where} at the issuer, before the old key is revoked.`;
}

const called = (key: string): string => (key ? `: ${key}` : '');

/** What can be done about a trouble with one button. */
export type Remedy =
  | 'retry'
  | 'openDelivery'
  | 'testConsumer'
  | 'addConsumer'
  | 'openIssuer'
  | 'testIssuer'
  | 'findOrphans'
  | 'openCredential';

export const REMEDIES: Readonly<Record<Remedy, { button: string; icon: IconName }>> = {
  retry: { button: 'Ask the issuer again', icon: 'refresh' },
  openDelivery: { button: 'Look at the delivery', icon: 'eye' },
  testConsumer: { button: 'Test the consumer', icon: 'activity' },
  addConsumer: { button: 'Add the consumer', icon: 'plus' },
  openIssuer: { button: 'Open the issuer account', icon: 'cloud' },
  testIssuer: { button: 'Test the issuer account', icon: 'activity' },
  findOrphans: { button: 'Look for unused keys', icon: 'search' },
  openCredential: { button: 'Open the credential', icon: 'key' },
};

/** A sign that people know, what usually lies behind it, and what to do about that. */
export interface Hint {
  signal: string;
  text: string;
  remedy: Remedy;
}

/** What usually helps; nothing where the sentences say it all. */
export function hintOf(trouble: Trouble, signing = false): Hint | null {
  const said = trouble.what === 'consumer' ? trouble.why : trouble.what;
  if (signing && ['refused', 'oldRefused'].includes(said)) return WEBHOOK;
  switch (trouble.what) {
    case 'consumer':
      return CONSUMER_HINTS[trouble.why] ?? null;
    case 'issuer':
      return ISSUER_HINTS[trouble.why] ?? null;
    default:
      return HINTS[trouble.what] ?? null;
  }
}

const RATE: Hint = {
  signal: 'Rate limit',
  text: 'The issuer makes no new key for a while. Wait as long as it says, then ask it again.',
  remedy: 'retry',
};
const PERMISSION: Hint = {
  signal: 'Permission denied',
  text: 'The login of the issuer account is too weak. Compare it with the permissions that the account lists, or ask its admin.',
  remedy: 'openIssuer',
};

const WEBHOOK: Hint = {
  signal: 'Webhook checks fail',
  text: 'The sender still signs with the old secret. Have the receiver accept both for longer: add the old one there and lengthen the grace period.',
  remedy: 'openCredential',
};

const ISSUER_HINTS: Readonly<Partial<Record<CallWhy, Hint>>> = {
  forbidden: {
    signal: 'Nothing is sent there',
    text: 'It leads into this computer or the local network and nobody said that it may, or to a place that is never called. Check the address of the issuer account.',
    remedy: 'openIssuer',
  },
  denied: PERMISSION,
  busy: RATE,
  conflict: {
    signal: 'Something else is there',
    text: 'Somebody may have changed the key there. Compare the key ID with that of the current version.',
    remedy: 'openCredential',
  },
  unknown: {
    signal: 'No answer',
    text: 'Check that the issuer runs and that this computer reaches it: network, VPN, certificate.',
    remedy: 'testIssuer',
  },
};

const CONSUMER_HINTS: Readonly<Partial<Record<CallWhy, Hint>>> = {
  refused: {
    signal: '401, value correct',
    text: 'It has the new value and probably still holds the old one in memory. Restart it or drain its connection pool. In a rolling restart, wait for the last part.',
    remedy: 'testConsumer',
  },
  forbidden: {
    signal: 'Nothing is sent there',
    text: 'One leads into this computer or the local network and nobody said that it may, or to a place that is never called. Check delivery, reload and health check.',
    remedy: 'openDelivery',
  },
  unknown: {
    signal: 'Does not answer',
    text: 'It may still be starting: wait 60 s, look at the service, and try again. If it crashes, the encoding may differ (base64 or plain, a line break at the end): compare it with the old value’s.',
    remedy: 'testConsumer',
  },
  conflict: {
    signal: 'Works in test, fails in prod',
    text: 'The environment or the name of the place may differ. Compare them with those of the old value.',
    remedy: 'openDelivery',
  },
  denied: {
    signal: 'Permission denied',
    text: 'The login that delivers may not write there. Ask whoever runs it.',
    remedy: 'openDelivery',
  },
  gone: {
    signal: '401 everywhere',
    text: 'The value is not there. Check the place in the delivery, then deliver again.',
    remedy: 'openDelivery',
  },
};

const HINTS: Readonly<Partial<Record<Trouble['what'], Hint>>> = {
  notAllowed: PERMISSION,
  noRoom: {
    signal: 'Cannot create a key',
    text: 'All places for keys are taken. Delete one at the issuer that nobody uses, then try again.',
    remedy: 'findOrphans',
  },
  oldRefused: {
    signal: 'Old key refused',
    text: 'Somebody may have changed it at the issuer. Store the value that is in force, then rotate.',
    remedy: 'openCredential',
  },
  newRefused: {
    signal: 'Rejected at once',
    text: 'Scopes or format differ. Compare the scopes of the new key with those of the old one.',
    remedy: 'openIssuer',
  },
  notTakenUp: {
    signal: 'Batch job fails',
    text: 'It began before the delivery. Let its next run begin, or restart it.',
    remedy: 'testConsumer',
  },
  stillUsed: {
    signal: 'Cannot revoke',
    text: 'A consumer is not recorded here, often a monitor. Look at the issuer’s log for who uses it, then add it.',
    remedy: 'addConsumer',
  },
  stillAccepted: {
    signal: 'Old key still active',
    text: 'A revocation can take 5 to 15 minutes to be in force everywhere. Ask again after that.',
    remedy: 'retry',
  },
};

const CHECKS: Readonly<Record<Exclude<CheckWhat, 'consumer'>, string>> = {
  account: 'Issuer account',
  room: 'Room for one more key',
  keys: 'List of keys',
  oldAccepted: 'Old key is accepted',
  consent: 'Consent',
};

export const FOUND: Readonly<Record<Found, { name: string; icon: IconName; tone: Tone }>> = {
  good: { name: 'Good', icon: 'check', tone: 'ok' },
  willBeMade: { name: 'Not there yet: the delivery makes it', icon: 'plus', tone: 'neutral' },
  bad: { name: 'Not good', icon: 'octagon-cross', tone: 'critical' },
  unanswered: { name: 'No answer', icon: 'warning', tone: 'soon' },
  couldNot: { name: 'Cannot be checked', icon: 'ring-dashed', tone: 'neutral' },
};

/** What was looked at, and what is wrong with it. */
export function checkWords({ what, consumer, found, trouble }: CheckView): {
  name: string;
  outcome: string;
} {
  const name = what === 'consumer' ? (consumer ?? '') : CHECKS[what];
  const outcome = trouble ? happenedText(trouble, () => consumer ?? name) : FOUND[found].name;
  return { name, outcome };
}

/** What happened in a run; what is not known is shown as it was entered. */
export const ACTIONS: Readonly<Record<string, string>> = {
  answer_copied: 'Kept answer copied',
  answer_revealed: 'Kept answer revealed',
  asked_to_continue: 'Somebody asked to continue',
  asked_to_hasten: 'An emergency asked to make haste',
  asked_to_pause: 'Somebody asked to pause',
  asked_to_resume: 'Somebody asked to resume',
  asked_to_retry: 'Somebody asked to try again',
  asked_to_undo: 'Somebody asked to undo',
  cannot_be_undone: 'It cannot be undone any more',
  cannot_be_verified: 'The new key cannot be tried at this issuer',
  checked: 'Consumers looked at',
  clock_turned_back: 'The clock was turned back: waits begin anew',
  created: 'New key created and kept',
  creating: 'New key asked for',
  deactivated: 'Old key switched off',
  delivered: 'Delivered to every consumer',
  delivering: 'Delivery begun',
  done: 'Done',
  looking_again: 'Somebody says that it was taken up: looked at again',
  hastened: 'Goes on in haste',
  left_for_haste: 'What it was doing was left for the emergency',
  left_revoked: 'Nothing took its place',
  lost_key_deleted: 'Lost key deleted',
  lost_key_found: 'Lost key found at the issuer',
  lost_key_gone: 'Lost key is gone',
  needs_attention: 'Stopped: needs attention',
  not_created: 'New key was not created',
  nothing_to_do: 'Nothing to do about what was asked',
  old_accepted: 'Old key is accepted again',
  old_refused: 'Old key is refused',
  old_value_still_used: 'Old key is still used; waiting on',
  old_value_works: 'Old key works',
  paused: 'Paused',
  planned: 'Begun',
  promoted: 'New value is the current one',
  reinstated: 'Old key is back at the issuer',
  removed: 'New key deleted',
  repeating: 'Done once more',
  restored: 'The old value is at every consumer',
  resumed: 'Resumed',
  retried: 'Did not work, tried again',
  revocation_looked_at: 'Looked whether the old key is revoked',
  revoked: 'Old key revoked',
  revoking: 'Old key is about to be revoked',
  said_to_be_taken_up: 'Somebody said that it was taken up',
  said_to_work: 'Said that the new key works',
  sent: 'Value sent',
  stepped_back: 'Old value is current again',
  sweeping: 'Looking for keys left behind',
  taken_up: 'Every consumer uses the new value',
  tried_again: 'Tried again',
  undoing: 'Undoing',
  undone: 'Undone',
  verified: 'Issuer accepts the new key',
  waiting: 'Waiting',
};

const FAILURES = new Set([
  'cannot_be_undone',
  'lost_key_found',
  'needs_attention',
  'not_created',
  'old_value_still_used',
  'retried',
  'undoing',
]);

const bare = (action: string): string => action.replace(/^rotation\./, '');

/** Waiting: for the grace period to end */
export function logText({ action, note }: LogLine): string {
  const does = ACTIONS[bare(action)] ?? action;
  return note ? `${does}: ${note}` : does;
}

export const isFailure = ({ action }: LogLine): boolean => FAILURES.has(bare(action));

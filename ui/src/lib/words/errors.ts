/**
 * Each error in three sentences: what happened, is anything lost, what next. A name in braces is
 * filled from the error's details.
 */
import type { MessageKey, UserError } from '$lib/bindings';

export interface ErrorWords {
  title: string;
  happened: string;
  lost: string;
  next: string;
}

const errors: Record<MessageKey, ErrorWords> = {
  'settings.broken': {
    title: 'Settings not understood',
    happened: 'The settings file has a fault at line {line}, column {column}: {file}',
    lost: 'No. The file is untouched, and the usual settings are in force.',
    next: 'Mend the file and start Keyturn again, or start afresh; the old file is then kept beside the new one.',
  },
  'settings.newer': {
    title: 'Settings of a newer version',
    happened: 'A newer Keyturn wrote the settings file: {file}',
    lost: 'No. The file is untouched, and the usual settings are in force.',
    next: 'Use the newer version, or start afresh; the old file is then kept beside the new one.',
  },
  'settings.unreadable': {
    title: 'Settings not readable',
    happened: 'The system does not let Keyturn read its settings file ({reason}): {file}',
    lost: 'No. The file is untouched, and the usual settings are in force.',
    next: 'Give your account the right to read that file and its folder, then try again.',
  },
  'settings.unwritable': {
    title: 'Settings not saved',
    happened: 'The system does not let Keyturn write its settings file ({reason}): {file}',
    lost: 'Only this change. What was saved before is still there.',
    next: 'Make room on the disk or give your account the right to write there, then try again.',
  },
  'log.unwritable': {
    title: 'No log is written',
    happened: 'Keyturn cannot write its log in {folder}',
    lost: 'No. Everything works, but there is no log to look into should something fail.',
    next: 'Give your account the right to write in that folder, then start Keyturn again.',
  },
  internal: {
    title: 'A fault in Keyturn',
    happened: 'Keyturn did not get an answer from a part of its own.',
    lost: 'Nothing that was saved before.',
    next: 'Try again. If it happens again, start Keyturn anew and report it with the copied details.',
  },
};

/** The words of `error`, its details filled in. */
export function wordsOf(error: UserError): ErrorWords {
  const fill = (sentence: string) =>
    sentence.replace(/\{(\w+)\}/g, (_, name: string) => error.details[name] ?? 'unknown');
  const { title, happened, lost, next } = errors[error.messageKey];
  return { title, happened: fill(happened), lost, next };
}

/** What a person can paste into a report. */
export function detailsOf(error: UserError): string {
  const words = wordsOf(error);
  return [error.code, words.happened, words.lost, words.next].join('\n');
}

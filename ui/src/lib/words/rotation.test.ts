import { describe, expect, it } from 'vitest';
import type { RunConsumer, Trouble } from '$lib/bindings';
import { consumer, runView, stoppedRun } from '$lib/features/rotation/testing/made';
import {
  checkWords,
  consumerWords,
  happenedText,
  hintOf,
  isFailure,
  lengthText,
  logText,
  rightNowWords,
  runStatus,
  spanText,
  stepNote,
  troubleWords,
  waitingWords,
} from './rotation';

const SECOND = 1000;
const HOUR = 3600 * SECOND;

describe('lengths', () => {
  it('are as exact as they are short', () => {
    const lengths = [840, 9_900, 42 * SECOND, 2 * HOUR + 5 * 60 * SECOND, 76 * HOUR];
    expect(lengths.map(lengthText)).toEqual(['0.8 s', '9.9 s', '0:42', '2 h 5 min', '3 d 4 h']);
    expect([0, 52, 5400, 86_400, 604_800].map(spanText)).toEqual([
      'None',
      '52 s',
      '90 min',
      '24 h',
      '7 days',
    ]);
  });
});

describe('a consumer', () => {
  it('does not get a value while the run rests', () => {
    const sending = consumer({ place: { is: 'sending', side: 'new' } });
    expect(consumerWords(sending, false).text).toBe('Gets the new value');
    expect(consumerWords(sending, true).text).toBe('Waits for the new value');
    const back = consumer({ place: { is: 'sending', side: 'old' } });
    expect(consumerWords(back, true).text).toBe('Waits for the old value');
  });
});

describe('what is true right now', () => {
  it('does not say that an old key works which the issuer refused beforehand', () => {
    const { row } = runView();
    const trouble = { what: 'oldRefused' } as const;
    const run = runView({ row: { ...row, status: 'undone', trouble }, newKey: '', consumers: [] });
    expect(rightNowWords(run).now).toBe('The issuer refuses the old key. Keyturn changed nothing.');
    expect(troubleWords(trouble, run).lost).toMatch(/does not work/);
  });

  it('says that nothing is down only while every consumer is known to be well', () => {
    const both = { consumers: [consumer()] };
    expect(rightNowWords(runView(both)).now).toBe('Both keys work. Nothing is down.');
    const sent = consumer({ place: { is: 'sent', side: 'new' }, reload: 'live' });
    expect(rightNowWords(runView({ consumers: [sent] })).now).toBe('Both keys work.');
    expect(rightNowWords(stoppedRun()).now).toBe('Both keys work. mobile-backend is not well.');
  });

  it('says how far back one can go', () => {
    expect(rightNowWords(runView()).undo).toBe('Undo is possible until step 7.');
    expect(rightNowWords(runView({ canUndo: false })).undo).toMatch(/Rotate again instead/);
    expect(rightNowWords(runView({ row: { undoing: true } })).undo).toBe('It is being undone.');
    expect(rightNowWords(runView({ rightNow: 'unknown' })).now).toMatch(/not known yet/);
  });
});

describe('a run that was undone', () => {
  const undone = (places: RunConsumer['place'][]) =>
    runView({
      steps: [{ step: { is: 'restore' }, status: 'done', began: 0, ended: 0 }],
      consumers: places.map((place, index) => consumer({ name: `app-${index}`, place })),
      row: { status: 'undone' },
    });
  const old = { is: 'confirmed', side: 'old' } as const;

  it('says who was seen to be well on the old value, and who was not', () => {
    const proven = undone([old, old]);
    expect(rightNowWords(proven)).toEqual({
      now: 'The old key works, as before.',
      undo: 'Everything is as it was before.',
    });
    expect(stepNote(proven, 0)).toBe('2 of 2 well on the old value');
    const doubtful = undone([old, { is: 'unproven' }]);
    expect(rightNowWords(doubtful)).toEqual({
      now: 'The old key works. app-1 was not seen to be well with it.',
      undo: 'Keyturn has taken back what it changed.',
    });
    expect(stepNote(doubtful, 0)).toBe('1 of 2 well on the old value');
  });
});

describe('what a run waits for', () => {
  const now = Date.now();
  const waiting = { waitsUntil: now + 38 * SECOND, row: { status: 'waiting' as const } };

  it('is counted down, with the tries before', () => {
    expect(waitingWords(runView(waiting), now)).toBe('Looks again in 0:38');
    const tried = { ...waiting, attempt: 1 };
    expect(waitingWords(runView(tried), now)).toBe('Looks again in 0:38 (tried 1 time)');
    expect(waitingWords(runView({ waitsUntil: now }), now)).toBeUndefined();
  });
});

describe('a trouble', () => {
  const all: Trouble[] = [
    ...(['notAllowed', 'noRoom', 'noConsent', 'oldRefused', 'newRefused', 'unproven'] as const),
    ...(['outcomeUnknown', 'notProvablyOurs', 'unreadable', 'stillUsed'] as const),
    ...(['stillAccepted', 'stopped'] as const),
  ].map((what) => ({ what }));
  const whys = ['refused', 'denied', 'conflict', 'gone', 'busy', 'unknown', 'unreadable'];
  const calls = [...whys, 'forbidden', 'byHand', 'notSetUp'].flatMap((why): Trouble[] => [
    { what: 'issuer', why: why as never },
    { what: 'consumer', binding: 'b1', why: why as never },
  ]);

  it('has a sentence of its own each, which names the consumer', () => {
    const sentences = [...all, ...calls].map((trouble) => happenedText(trouble, () => 'web-app'));
    expect(new Set(sentences).size).toBe(sentences.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^\S.*\.$/);
    const ofConsumers = sentences.filter((sentence) => sentence.includes('web-app'));
    expect(ofConsumers).toHaveLength(calls.length / 2);
  });

  it('says what is lost by which keys work, and the one safe thing next', () => {
    const words = troubleWords({ what: 'outcomeUnknown' }, stoppedRun({ next: 'lookAtIssuer' }));
    expect(words.lost).toBe('No. Both keys work.');
    expect(words.next).toMatch(/^Look at the issuer/);
    const unknown = troubleWords({ what: 'unreadable' }, stoppedRun({ rightNow: 'unknown' }));
    expect(unknown.lost).toMatch(/Not yet known/);
    expect(troubleWords({ what: 'stillUsed' }, stoppedRun()).next).toMatch(/add it as a consumer/);
  });

  it('has what usually helps where the runbook knows it', () => {
    const signal = (trouble: Trouble) => hintOf(trouble)?.signal;
    const consumerSaid = (why: string) =>
      signal({ what: 'consumer', binding: 'b1', why: why as never });
    expect(consumerSaid('refused')).toBe('401, value correct');
    expect(consumerSaid('unknown')).toBe('Does not answer');
    expect(signal({ what: 'issuer', why: 'busy' as never })).toBe('Rate limit');
    expect(consumerSaid('forbidden')).toBe('Nothing is sent there');
    expect(signal({ what: 'stillUsed' })).toBe('Cannot revoke');
    expect(signal({ what: 'newRefused' })).toBe('Rejected at once');
    expect(signal({ what: 'stopped' })).toBeUndefined();
    const refused: Trouble = { what: 'consumer', binding: 'b1', why: 'refused' as never };
    for (const trouble of [refused, { what: 'oldRefused' } as const]) {
      expect(hintOf(trouble, true)?.signal).toBe('Webhook checks fail');
    }
    expect(hintOf({ what: 'stillUsed' }, true)?.signal).toBe('Cannot revoke');
  });
});

describe('a run in few words', () => {
  it('has an outline of its own for each state', () => {
    const of = (part: object) => runStatus(runView({ row: part }).row);
    const looks = [
      of({}),
      of({ undoing: true }),
      of({ status: 'waiting' }),
      of({ status: 'waiting', step: { is: 'grace', seconds: 60 } }),
      of({ status: 'paused' }),
      of({ status: 'needsAttention' }),
      of({ status: 'done' }),
    ];
    expect(new Set(looks.map(({ icon }) => icon)).size).toBe(looks.length);
  });

  it('tells its log in words, and what is unknown as it was entered', () => {
    const line = { at: 0, action: 'rotation.waiting', note: 'for the grace period to end' };
    expect(logText(line)).toBe('Waiting: for the grace period to end');
    expect(isFailure(line)).toBe(false);
    expect(logText({ at: 0, action: 'rotation.later', note: '' })).toBe('rotation.later');
    expect(isFailure({ at: 0, action: 'rotation.needs_attention', note: '' })).toBe(true);
  });

  it('names the consumer of a check and what is wrong with it', () => {
    const check = {
      what: 'consumer' as const,
      consumer: 'web-app',
      found: 'unanswered' as const,
      trouble: { what: 'consumer' as const, binding: 'b1', why: 'unknown' as never },
    };
    expect(checkWords(check)).toEqual({ name: 'web-app', outcome: 'web-app did not answer.' });
    const made = { ...check, found: 'willBeMade' as const, trouble: null };
    expect(checkWords(made).outcome).toBe('Not there yet: the delivery makes it');
  });
});

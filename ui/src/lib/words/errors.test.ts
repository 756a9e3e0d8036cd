import { describe, expect, it } from 'vitest';
import type { MessageKey } from '$lib/bindings';
import { detailsOf, sentenceOf, wordsOf } from './errors';

const DETAILS: Record<MessageKey, string[]> = {
  'settings.broken': ['line', 'column', 'file'],
  'settings.newer': ['file'],
  'settings.unreadable': ['reason', 'file'],
  'settings.unwritable': ['reason', 'file'],
  'vaults.broken': ['file'],
  'log.unwritable': ['folder'],
  'vault.wrongKey': [],
  'vault.wait': ['seconds'],
  'vault.missing': ['folder'],
  'vault.empty': ['file'],
  'vault.truncated': ['file'],
  'vault.headerDamaged': ['file'],
  'vault.headerForged': ['file'],
  'vault.other': ['folder'],
  'vault.damaged': ['file'],
  'vault.olderPart': ['file'],
  'vault.olderState': [],
  'vault.newer': ['format', 'file'],
  'vault.costRefused': ['file'],
  'vault.noMemory': ['megabytes'],
  'vault.held': ['process', 'computer', 'since'],
  'vault.taken': ['folder'],
  'vault.unreadable': ['reason', 'file'],
  'vault.unwritable': ['reason', 'file'],
  'vault.diskFull': ['file'],
  'vault.locked': [],
  'vault.changed': [],
  'role.missing': ['role'],
  'member.lastOwner': [],
  'member.gone': [],
  'member.nameTaken': ['name'],
  'name.refused': [],
  'passphrase.weak': [],
  'passphrase.wrong': [],
  'recoveryKey.mistyped': [],
  'recoveryKey.other': [],
  'invitation.mistyped': [],
  'invitation.over': ['until'],
  'login.refused': [],
  'keyRing.missing': [],
  'keyRing.refused': [],
  'keyRing.over': [],
  'backup.missing': ['file'],
  'backup.notOne': ['file'],
  'backup.damaged': ['file'],
  'backup.newer': ['format', 'file'],
  'backup.failed': ['reason', 'folder'],
  'file.taken': ['file'],
  'file.unreadable': ['reason', 'file'],
  'file.unwritable': ['reason', 'file'],
  'credential.gone': ['name'],
  'credential.refused': ['what'],
  'credential.unreadable': ['what'],
  'delete.mistyped': [],
  'value.none': [],
  'value.passphrase': [],
  'clipboard.missing': ['reason'],
  'policy.refused': [],
  'mute.reason': [],
  'name.taken': ['name'],
  'import.notOne': ['file'],
  'import.wrongPassword': [],
  'import.passwordNeeded': [],
  'import.tooLarge': ['most'],
  'import.tooCostly': [],
  'import.tooMany': ['most'],
  'import.damaged': ['at'],
  'import.newer': ['version'],
  'import.empty': [],
  'import.cancelled': [],
  'import.unsupported': ['what'],
  'import.gone': [],
  'import.undoOver': [],
  'kubectl.missing': [],
  'kubectl.failed': [],
  'finds.gone': [],
  'export.failed': ['reason'],
  'rotation.inProgress': [],
  'rotation.open': ['which', 'name'],
  'rotation.notSetUp': [],
  'rotation.cycle': [],
  'rotation.keyUnknown': [],
  'rotation.consent': [],
  'rotation.gone': [],
  'rotation.cannotRevoke': [],
  'incident.nothing': [],
  'incident.open': ['count'],
  'incident.closed': ['reference'],
  'incident.mistyped': ['reference'],
  'incident.gone': [],
  'setup.inUse': [],
  'setup.gone': [],
  'orphan.kept': [],
  'orphan.deleting': [],
  'issuer.cannotList': [],
  'issuer.failed': [],
  'audit.broken': ['number'],
  'input.refused': [],
  internal: [],
};

describe('the words of an error', () => {
  for (const [messageKey, names] of Object.entries(DETAILS) as [MessageKey, string[]][]) {
    it(`say what happened, what is lost and what next: ${messageKey}`, () => {
      const details = Object.fromEntries(names.map((name) => [name, `<${name}>`]));
      const error = { code: 'KT-X', messageKey, retryable: false, details };
      const { title, happened, lost, next } = wordsOf(error);
      for (const sentence of [title, happened, lost, next]) {
        expect(sentence.length).toBeGreaterThan(5);
        expect(sentence).not.toMatch(/[{}]|unknown/);
      }
      expect(detailsOf(error).split('\n')).toHaveLength(4);
    });
  }

  it('are one text below a field, without the answer to a question nobody put', () => {
    const error = { code: 'KT-X', messageKey: 'vault.taken', retryable: false } as const;
    expect(sentenceOf({ ...error, details: { folder: '/v/acme' } })).toBe(
      'There is something at this place already: /v/acme. Keyturn does not write over it. Choose another place or another name.',
    );
  });

  it('turn moments into dates', () => {
    const error = { code: 'KT-X', messageKey: 'invitation.over', retryable: false } as const;
    const until = String(new Date(2025, 10, 12, 14, 5).getTime());
    expect(wordsOf({ ...error, details: { until } }).happened).toContain('12 Nov 2025, 14:05');
  });
});

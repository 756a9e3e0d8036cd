/** What a value tells of itself, as lines to read. */
import type { Facts } from '$lib/bindings';
import { day, moment } from '$lib/words/times';

export interface FactLine {
  name: string;
  text: string;
  mono?: boolean;
}

export function factLines(facts: Facts, now = Date.now()): FactLine[] {
  const { expires, tokenExpires } = facts;
  const lines: (FactLine | null)[] = [
    expires === null
      ? null
      : { name: expires < now ? 'Expired' : 'Expires', text: moment(expires, now) },
    tokenExpires === null
      ? null
      : {
          name: `Access token ${tokenExpires < now ? 'expired' : 'expires'}`,
          text: moment(tokenExpires, now),
        },
    facts.issuedAt === null ? null : { name: 'Issued', text: day(facts.issuedAt, now) },
    told('Issued by', facts.issuer),
    told('Subject', facts.subject),
    told('Names', facts.names.join(', ')),
    told('Algorithm', facts.algorithm),
    told('Key ID', facts.keyId, true),
    told('Serial', facts.serial, true),
    told('Fingerprint', facts.fingerprint, true),
    facts.encrypted ? { name: 'Private key', text: 'Opens with its passphrase only' } : null,
  ];
  return lines.filter((line) => line !== null);
}

const told = (name: string, text: string | null, mono = false): FactLine | null =>
  text ? { name, text, mono } : null;

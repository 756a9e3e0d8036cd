import { webcrypto } from 'node:crypto';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Envelope } from './envelope';

const { subtle } = webcrypto;
const text = (words: string) => new TextEncoder().encode(words);
const base64 = (bytes: ArrayBuffer | Uint8Array) =>
  Buffer.from(bytes as Uint8Array).toString('base64');

beforeAll(() => void vi.stubGlobal('crypto', webcrypto));

/** The program's side, as envelope.rs does it. */
function program() {
  let key: webcrypto.CryptoKey;
  return {
    async exchange(page: string): Promise<string> {
      const theirs = Buffer.from(page, 'base64');
      const own = (await subtle.generateKey({ name: 'X25519' }, false, [
        'deriveBits',
      ])) as webcrypto.CryptoKeyPair;
      const mine = Buffer.from(await subtle.exportKey('raw', own.publicKey));
      const other = await subtle.importKey('raw', theirs, { name: 'X25519' }, false, []);
      const bits = await subtle.deriveBits({ name: 'X25519', public: other }, own.privateKey, 256);
      const stretched = await subtle.importKey('raw', bits, 'HKDF', false, ['deriveKey']);
      const salt = Buffer.concat([theirs, mine]);
      const how = { name: 'HKDF', hash: 'SHA-256', salt, info: text('keyturn 1 envelope') };
      const aes = { name: 'AES-GCM', length: 256 };
      key = await subtle.deriveKey(how, stretched, aes, false, ['encrypt', 'decrypt']);
      return base64(mine);
    },
    async open(name: string, sealed: string): Promise<unknown> {
      const bytes = Buffer.from(sealed, 'base64');
      const how = {
        name: 'AES-GCM',
        iv: bytes.subarray(0, 12),
        additionalData: text(`ask ${name}`),
      };
      return JSON.parse(Buffer.from(await subtle.decrypt(how, key, bytes.subarray(12))).toString());
    },
    async seal(name: string, answer: unknown): Promise<string> {
      const iv = webcrypto.getRandomValues(new Uint8Array(12));
      const how = { name: 'AES-GCM', iv, additionalData: text(`answer ${name}`) };
      const sealed = await subtle.encrypt(how, key, text(JSON.stringify(answer)));
      return base64(Buffer.concat([iv, Buffer.from(sealed)]));
    },
  };
}

describe('an envelope', () => {
  it('is opened by the program, and opens what the program sealed', async () => {
    const other = program();
    const envelope = new Envelope(other.exchange);
    const asked = await envelope.seal('unlock_vault', { key: 'fixture ü' });
    expect(Buffer.from(asked, 'base64').toString('latin1')).not.toContain('fixture');
    expect(await other.open('unlock_vault', asked)).toEqual({ key: 'fixture ü' });
    const answered = await other.seal('unlock_vault', { name: 'Acme' });
    expect(await envelope.open('unlock_vault', answered)).toEqual({ name: 'Acme' });
    await expect(envelope.open('create_vault', answered)).rejects.toThrow();
  });

  it('agrees on one key a page, and tries again when that failed', async () => {
    const other = program();
    const exchange = vi
      .fn()
      .mockRejectedValueOnce(new Error('busy'))
      .mockImplementation(other.exchange);
    const envelope = new Envelope(exchange);
    await expect(envelope.seal('one', null)).rejects.toThrow('busy');
    await Promise.all([envelope.seal('one', null), envelope.seal('two', null)]);
    expect(exchange).toHaveBeenCalledTimes(2);
  });

  it('makes another key pair when the window could not make one, and gives up in the end', async () => {
    const fault = new DOMException('The operation failed', 'OperationError');
    const make = vi.spyOn(subtle, 'generateKey').mockRejectedValueOnce(fault);
    await new Envelope(program().exchange).seal('one', null);
    make.mockRejectedValue(fault);
    await expect(new Envelope(program().exchange).seal('one', null)).rejects.toThrow(fault);
    expect(make.mock.calls.length).toBeLessThan(20);
    make.mockRestore();
  });
});

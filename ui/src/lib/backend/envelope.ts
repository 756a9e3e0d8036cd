/**
 * The page's side of the envelope in which questions and answers cross (see envelope.rs). The key is
 * never more than a handle here, and goes with the page.
 */
const INFO = new TextEncoder().encode('keyturn 1 envelope');
const NONCE = 12;
/** WebKitGTK fails to make one key pair in 256 (those whose public key begins with a zero). */
const TRIES = 8;

type Exchange = (publicKey: string) => Promise<string>;

export class Envelope {
  readonly #exchange: Exchange;
  #key: Promise<CryptoKey> | null = null;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  async seal(name: string, input: unknown): Promise<string> {
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
    const plain = new TextEncoder().encode(JSON.stringify(input));
    const sealed = await crypto.subtle.encrypt(
      how('ask', name, nonce),
      await this.#agreed(),
      plain,
    );
    plain.fill(0);
    return toBase64(new Uint8Array([...nonce, ...new Uint8Array(sealed)]));
  }

  async open(name: string, sealed: string): Promise<unknown> {
    const bytes = fromBase64(sealed);
    const way = how('answer', name, bytes.subarray(0, NONCE));
    const plain = await crypto.subtle.decrypt(way, await this.#agreed(), bytes.subarray(NONCE));
    return JSON.parse(new TextDecoder().decode(plain));
  }

  /** One key a page; when it could not be agreed on, the next question tries again. */
  #agreed(): Promise<CryptoKey> {
    this.#key ??= this.#agree().catch((error: unknown) => {
      this.#key = null;
      throw error;
    });
    return this.#key;
  }

  async #agree(): Promise<CryptoKey> {
    const own = await newPair();
    const page = new Uint8Array(await crypto.subtle.exportKey('raw', own.publicKey));
    const program = fromBase64(await this.#exchange(toBase64(page)));
    const theirs = await crypto.subtle.importKey('raw', program, { name: 'X25519' }, false, []);
    const way = { name: 'X25519', public: theirs };
    const shared = await crypto.subtle.deriveBits(way, own.privateKey, 256);
    const stretched = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
    const salt = new Uint8Array([...page, ...program]);
    return crypto.subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt, info: INFO },
      stretched,
      { name: 'AES-GCM', length: 256 },
      false,
      ['encrypt', 'decrypt'],
    );
  }
}

async function newPair(): Promise<CryptoKeyPair> {
  for (let left = TRIES; ; left -= 1) {
    try {
      const made = await crypto.subtle.generateKey({ name: 'X25519' }, false, ['deriveBits']);
      return made as CryptoKeyPair;
    } catch (error) {
      if (left === 1) throw error;
    }
  }
}

function how(way: 'ask' | 'answer', name: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(`${way} ${name}`) };
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  // A map has millions of them: a plain loop is ten times as fast as making them one by one from the text.
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

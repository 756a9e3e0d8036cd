/** The ways in which a new value can be made, and which one a kind usually takes. */
import type { Kind, Recipe } from '$lib/bindings';

export type RecipeName = Recipe['recipe'];

/** Each as it is first offered. */
export const RECIPES: { [N in RecipeName]: { name: string; usual: Recipe & { recipe: N } } } = {
  password: {
    name: 'Password',
    usual: {
      recipe: 'password',
      length: 24,
      lower: true,
      upper: true,
      digits: true,
      signs: true,
      withoutLookalikes: false,
    },
  },
  passphrase: {
    name: 'Passphrase of words',
    usual: { recipe: 'passphrase', words: 6, separator: '-', capitalise: false, digit: false },
  },
  key: { name: 'Key of letters and digits', usual: { recipe: 'key', length: 64 } },
  hex: { name: 'Hexadecimal', usual: { recipe: 'hex', bytes: 32 } },
  base64: { name: 'Base64', usual: { recipe: 'base64', bytes: 32, url: false } },
  uuid: { name: 'UUID', usual: { recipe: 'uuid' } },
  ed25519: { name: 'Key pair, Ed25519', usual: { recipe: 'ed25519', format: 'openSsh' } },
  rsa: { name: 'Key pair, RSA', usual: { recipe: 'rsa', bits: 4096, format: 'openSsh' } },
};

const PAIRS: readonly RecipeName[] = ['ed25519', 'rsa'];
const TEXTS: readonly RecipeName[] = ['key', 'password', 'passphrase', 'hex', 'base64', 'uuid'];

/** A recipe as it is first offered for this kind: only SSH writes key pairs in a way of its own. */
export function usualOf(name: RecipeName, kind: Kind): Recipe {
  const { usual } = RECIPES[name];
  const isPair = usual.recipe === 'ed25519' || usual.recipe === 'rsa';
  return isPair && kind !== 'sshKey' ? { ...usual, format: 'pkcs8' } : { ...usual };
}

/** The recipes that make something of this kind, the usual one first. */
export function recipesOf(kind: Kind): readonly RecipeName[] {
  switch (kind) {
    case 'sshKey':
      return PAIRS;
    // Its key belongs to a certificate that somebody else signs.
    case 'certificate':
      return [];
    case 'login':
    case 'databaseLogin':
      return ['password', ...TEXTS.filter((name) => name !== 'password')];
    case 'signingKey':
      return [...TEXTS, ...PAIRS];
    default:
      return TEXTS;
  }
}

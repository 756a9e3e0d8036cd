/** A name in pieces, so that what was typed can be seen in it. */
export interface Piece {
  text: string;
  hit: boolean;
}

/** The words of a question: what begins with `#`, `@`, `-` or names a filter is none. */
export function wordsIn(question: string): string[] {
  return question
    .toLowerCase()
    .split(/\s+/)
    .filter((part) => part && !/^[#@-]|^\w+:/.test(part))
    .flatMap((part) => part.match(/[\p{L}\p{N}]+/gu) ?? []);
}

export function marked(name: string, words: readonly string[]): Piece[] {
  const wanted = [...new Set(words)].sort((one, other) => other.length - one.length);
  if (wanted.length === 0) return [{ text: name, hit: false }];
  // Letters and digits only, so there is nothing to escape.
  return name
    .split(new RegExp(`(${wanted.join('|')})`, 'iu'))
    .map((text, index) => ({ text, hit: index % 2 === 1 }))
    .filter(({ text }) => text !== '');
}

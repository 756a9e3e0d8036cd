/** Which places a template wants filled in. What is wrong with a template is for the backend to say. */

export interface Places {
  blanks: readonly string[];
  /** Which of the blanks may stay empty. */
  optional: readonly string[];
  secrets: readonly string[];
}

/** Short and whole; docs/templates.md has it too. */
export const EXAMPLE = `name = "Example service"
facts = "https://example.com/docs/keys"
making = "minted"
secrets = ["token"]

[blanks]
address = "address"

[headers]
authorization = "Bearer {token}"

[create]
request = "POST {address}/keys"
body = { name = "{mark}" }
value = "/secret"
key = "/id"

[list]
request = "GET {address}/keys"
keys = "/keys"
key = "/id"
mark = "/name"

[verify]
request = "GET {address}/me"
headers = { authorization = "Bearer {value}" }
accepted = [200]
refused = [401]

[revoke]
request = "DELETE {address}/keys/{key}"
`;

const NAME = String.raw`[A-Za-z][A-Za-z0-9]*`;
const KEYS = new RegExp(String.raw`(?:^|[{,\n])\s*["']?(${NAME})["']?\s*=`, 'g');
const TEXTS = new RegExp(`"(${NAME})"|'(${NAME})'`, 'g');

/** What is half typed asks for what can be read of it. */
export function placesOf(text: string): Places {
  const lines = text.split('\n').map(withoutComment);
  const isHead = (line: string) => /^\s*\[+\s*[A-Za-z]/.test(line);
  const end = lines.findIndex(isHead);
  const top = lines.slice(0, end < 0 ? undefined : end).join('\n');
  const list = (name: string) =>
    unique(TEXTS, new RegExp(`^\\s*${name}\\s*=\\s*\\[([^\\]]*)`, 'm').exec(top)?.[1]);
  const at = lines.findIndex((line) => /^\s*\[\s*blanks\s*\]/.test(line));
  const after = lines.slice(at + 1);
  const next = after.findIndex(isHead);
  const table = after.slice(0, next < 0 ? undefined : next).join('\n');
  const inline = /^\s*blanks\s*=\s*\{([^}]*)/m.exec(top)?.[1];
  return {
    blanks: unique(KEYS, at < 0 ? inline : table),
    optional: list('optional'),
    secrets: list('secrets'),
  };
}

const withoutComment = (line: string): string =>
  /^(?:[^#"']|"(?:[^"\\]|\\.)*"|'[^']*')*/.exec(line)?.[0] ?? '';

function unique(pattern: RegExp, text = ''): string[] {
  const found = [...text.matchAll(pattern)].map(([, one, other]) => one ?? other ?? '');
  return [...new Set(found)];
}

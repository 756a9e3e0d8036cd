import { describe, expect, it } from 'vitest';
import page from '../../../../../docs/templates.md?raw';
import { EXAMPLE, placesOf } from './template';

describe('the places of a template', () => {
  it('are its blanks and secrets', () => {
    expect(placesOf(EXAMPLE)).toEqual({ blanks: ['address'], optional: [], secrets: ['token'] });
  });

  it('are read over many lines, between comments, and without what belongs to other tables', () => {
    const text = `# secrets = ["no"]
name = "a # in quotes" # blanks = { no = "text" }
optional = ['zone']
secrets = [
  "apiKey", # "no"
  "token",
]
[ blanks ] # here
zone = "text"
"address" = 'address' # other = "text"

[create]
request = "POST {address}/keys"
body = { name = "{mark}" }`;
    expect(placesOf(text)).toEqual({
      blanks: ['zone', 'address'],
      optional: ['zone'],
      secrets: ['apiKey', 'token'],
    });
  });

  it('may stand in one line', () => {
    expect(placesOf('blanks = { zone = "text", plan = "words" }\nsecrets = ["a", "a"]')).toEqual({
      blanks: ['zone', 'plan'],
      optional: [],
      secrets: ['a'],
    });
  });

  it.each(['', 'secrets = [', '[blanks', '[blanks]', 'x"'])('are none in %j', (text) => {
    expect(placesOf(text)).toEqual({ blanks: [], optional: [], secrets: [] });
  });
});

describe('the example', () => {
  it('is the one that the page about templates begins with', () => {
    expect(page).toContain(`\`\`\`toml\n${EXAMPLE}\`\`\``);
  });
});

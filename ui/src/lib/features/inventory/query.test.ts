import { describe, expect, it } from 'vitest';
import { chipText } from './filters';
import { filtersOf, without, withFilter, wordsIn } from './query';

const chips = (query: string) =>
  filtersOf(query).map((part) => {
    const { key, values } = chipText(part);
    return `${key} ${values}`;
  });

describe('the chips of a question', () => {
  it('are its filters, in words', () => {
    expect(chips('Pay-gate env:prod,staging #pci -owner:"data team" due:<7d @me')).toEqual([
      'Env prod, staging',
      'Tag pci',
      'Not owner data team',
      'Due within 7 days',
      'Owner me',
    ]);
    expect(chips('kind:apiKey status:attention,now rotated:>1d risk:high')).toEqual([
      'Type API key',
      'Status needs attention, due now',
      'Rotated over 1 day ago',
      'Risk high',
    ]);
  });

  // As the backend reads them: its tests have the same.
  it.each([
    ['owner:"Doe, Jane",ops', ['Doe, Jane', 'ops']],
    ['owner:"team ""blue"""', ['team "blue"']],
    ['@"a,b"', ['a,b']],
    ['owner:"a"",""b",c', ['a","b', 'c']],
    ['owner:a,,"b', ['a', 'b']],
    ['owner:"""a"', ['"a']],
  ])('keep blanks, commas and doubled quotes between quotes in the value: %s', (query, values) => {
    expect(filtersOf(query).map((part) => part.values)).toEqual([values]);
  });

  it('hold any value that is chosen', () => {
    for (const value of ['Doe, Jane', 'team "blue"', '"', ',', '", "', 'a,"b', 'data team']) {
      const query = withFilter(withFilter('pay', 'owner', value), 'owner', 'ops');
      expect(filtersOf(query).map((part) => part.values)).toEqual([[value, 'ops']]);
      expect(wordsIn(query)).toEqual(['pay']);
    }
  });

  it('are there for what is not understood, and not for plain words', () => {
    expect(filtersOf('status:green tag: due:7').map(({ bare }) => bare)).toEqual([
      'status:green',
      'tag:',
      'due:7',
    ]);
    expect(chips('https://a.example -word # @ - : other:thing')).toEqual([]);
  });

  it('never fail, whatever is typed', () => {
    for (const text of ['', '"', '-', '-:', 'env:"open', 'ü:ß', '::', '-#', '"env:prod"']) {
      expect(() => chips(text)).not.toThrow();
    }
    expect(chips('env:"open quote')).toEqual(['Env open quote']);
  });

  it('are taken out of the text with their part', () => {
    const query = 'pay env:"data team"  -tag:pci due:<7d';
    const [env, tag, due] = filtersOf(query);
    expect(without(query, env!)).toBe('pay -tag:pci due:<7d');
    expect(without(query, tag!)).toBe('pay env:"data team" due:<7d');
    expect(without(query, due!)).toBe('pay env:"data team"  -tag:pci');
  });

  it('grow by values of the menu', () => {
    expect(withFilter('', 'env', 'prod')).toBe('env:prod');
    expect(withFilter('pay env:prod due:<7d', 'env', 'data team')).toBe(
      'pay env:prod,"data team" due:<7d',
    );
    expect(withFilter('env:prod', 'env', 'prod')).toBe('env:prod');
    expect(withFilter('due:<7d', 'due', '<30d')).toBe('due:<30d');
    expect(withFilter('-env:prod', 'env', 'dev')).toBe('-env:prod env:dev');
    expect(withFilter('is:paused', 'is', 'archived')).toBe('is:paused is:archived');
    expect(withFilter('#pci', 'tag', 'gdpr')).toBe('tag:pci,gdpr');
  });
});

it('the plain words of a question are what an index knows', () => {
  expect(wordsIn('Pay-Gate env:prod "über uns" #pci')).toEqual(['pay', 'gate', 'über', 'uns']);
});

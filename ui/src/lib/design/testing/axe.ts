import axe from 'axe-core';
import { expect } from 'vitest';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** jsdom draws nothing, and a component alone is no page with landmarks. */
const OFF = ['color-contrast', 'target-size', 'region', 'page-has-heading-one'];

export async function expectNoViolations(area: Element = document.body): Promise<void> {
  const { violations } = await axe.run(area, {
    runOnly: TAGS,
    rules: Object.fromEntries(OFF.map((rule) => [rule, { enabled: false }])),
  });
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join(' | ')}`),
  ).toEqual([]);
}

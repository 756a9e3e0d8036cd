import { render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import Icon from './Icon.svelte';
import { icons, type IconName } from './icons';
import Kbd from './Kbd.svelte';
import { ariaKeys, formatKeys } from './keys';
import Logo from './Logo.svelte';
import Mark from './Mark.svelte';
import { expectNoViolations } from './testing/axe';

describe('Icon and Logo', () => {
  it.each([Icon, Logo])('are silent beside a word', (Mark) => {
    const { container } = render(Mark, { name: 'key' });
    expect(screen.queryByRole('img')).toBeNull();
    expect(container.querySelector('svg')).toHaveAttribute('aria-hidden', 'true');
  });

  it.each([Icon, Logo])('have a name when they stand alone', async (Mark) => {
    render(Mark, { name: 'key', label: 'Keyturn' });
    expect(screen.getByRole('img', { name: 'Keyturn' })).toBeInTheDocument();
    await expectNoViolations();
  });

  it.each([16, 20] as const)('draw a 1.5 px stroke at %i px', (size) => {
    const { container } = render(Icon, { name: 'key', size });
    const svg = container.querySelector('svg');
    const stroke = svg?.getAttribute('stroke-width') ?? '';
    expect(stroke).toMatch(/%$/);
    expect((Number.parseFloat(stroke) / 100) * size).toBeCloseTo(1.5);
  });

  it.each(Object.keys(icons) as IconName[])('%s starts with a move and only draws', (name) => {
    expect(icons[name]).toMatch(/^[mM][\d\s.,\-aAcChHlLmMsSvVzZ]+$/);
  });
});

describe('Mark', () => {
  it('says it in a word beside a silent icon', async () => {
    const { container } = render(Mark, { icon: 'clock', text: 'Due soon', tone: 'soon' });
    expect(container).toHaveTextContent(/^Due soon$/);
    expect(screen.queryByRole('img')).toBeNull();
    await expectNoViolations();
  });

  it.each(['ok', 'neutral', 'info', 'soon', 'critical'] as const)('has a look for %s', (tone) => {
    const { container } = render(Mark, { icon: 'clock', text: 'Waiting', tone });
    expect(container.querySelector('.mark')).toHaveClass(tone);
  });
});

describe('key hints', () => {
  it.each([
    ['Mod+N', 'Ctrl N', '⌘N'],
    ['Mod+Shift+Space', 'Ctrl Shift Space', '⌘⇧Space'],
    ['F1', 'F1', 'F1'],
  ])('%s is %s, or %s on a Mac', (keys, other, mac) => {
    expect(formatKeys(keys, false)).toBe(other);
    expect(formatKeys(keys, true)).toBe(mac);
  });

  it('names keys for assistive technology as the standard does', () => {
    expect(ariaKeys('Mod+Esc', false)).toBe('Control+Escape');
    expect(ariaKeys('Mod+Ctrl+K', true)).toBe('Meta+Control+K');
  });

  it('is a kbd element', () => {
    render(Kbd, { keys: 'Mod+K' });
    expect(screen.getByText('Ctrl K').tagName).toBe('KBD');
  });
});

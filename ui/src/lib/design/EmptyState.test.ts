import { render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import EmptyState from './EmptyState.svelte';
import { expectNoViolations } from './testing/axe';
import { text } from './testing/snippets';

describe('EmptyState', () => {
  it('has a heading, a sentence and actions; the picture is silent', async () => {
    render(EmptyState, {
      title: 'Nothing stored yet',
      text: 'Add one credential.',
      picture: text('drawing'),
      actions: text('Add first credential'),
      note: text('Or look around in the demo.'),
    });
    expect(screen.getByRole('heading', { name: 'Nothing stored yet' })).toBeVisible();
    expect(screen.getByText('Add one credential.')).toBeVisible();
    expect(screen.getByText('Add first credential')).toBeVisible();
    expect(screen.getByText('Or look around in the demo.')).toBeVisible();
    expect(screen.getByText('drawing').closest('[aria-hidden="true"]')).not.toBeNull();
    await expectNoViolations();
  });
});

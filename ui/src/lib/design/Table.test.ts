import { render, screen, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { expectNoViolations } from './testing/axe';
import TableHarness from './testing/TableHarness.svelte';

const rows = [
  { id: '1', name: 'payment-gateway', due: '12 Nov' },
  { id: '2', name: 'orders-db', due: '5 days' },
];

describe('Table', () => {
  it('is a named table whose first column names each row', async () => {
    render(TableHarness, { rows });
    const table = screen.getByRole('table', { name: 'Credentials' });
    expect(
      within(table)
        .getAllByRole('columnheader')
        .map((head) => head.textContent),
    ).toEqual(['Name', 'Due']);
    const row = within(table).getByRole('row', { name: /orders-db/ });
    expect(within(row).getByRole('rowheader')).toHaveTextContent('orders-db');
    expect(within(row).getByRole('cell')).toHaveTextContent('5 days');
    await expectNoViolations();
  });

  it('is a stop for Tab only while it scrolls', () => {
    render(TableHarness, { rows });
    expect(screen.getByRole('region', { name: 'Credentials' })).not.toHaveAttribute('tabindex');
  });

  it('draws a skeleton that screen readers do not meet', async () => {
    render(TableHarness, { rows: [], loading: true });
    expect(screen.getByRole('table')).toHaveAttribute('aria-busy', 'true');
    expect(screen.getByRole('status')).toHaveTextContent('Loading');
    expect(screen.getAllByRole('row')).toHaveLength(1);
    await expectNoViolations();
  });

  it('keeps old rows while it loads', () => {
    render(TableHarness, { rows, loading: true });
    expect(screen.getByText('orders-db')).toBeVisible();
    expect(screen.queryByRole('status')).toBeNull();
  });

  it('shows what to do when there are no rows', async () => {
    render(TableHarness, { rows: [] });
    expect(screen.getByText('Nothing stored yet')).toBeVisible();
    await expectNoViolations();
  });
});

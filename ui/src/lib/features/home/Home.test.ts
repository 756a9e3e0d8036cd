import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { expectNoViolations } from '$lib/design/testing/axe';
import { openVault, userError } from '$lib/features/vault/testing/made';
import Home from './Home.svelte';

describe('the home screen', () => {
  it('says whose vault it is, where it is, and what is missing', async () => {
    const onopen = vi.fn();
    const ways = { passphraseSince: null, recoveryKey: 'missing', keyRingUntil: null } as const;
    render(Home, { vault: openVault({ ways, role: 'rotator' }), onopen });
    expect(screen.getByText('/home/ana/Vaults/acme.vault')).toBeVisible();
    expect(screen.getByText('You are Ana, rotator')).toBeVisible();
    expect(screen.getByText('None yet.')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Make one' }));
    expect(onopen).toHaveBeenCalledWith('security');
    await expectNoViolations();
  });

  it('shows every warning of the vault in three sentences', () => {
    const warnings = [userError('vault.olderState'), userError('backup.failed')];
    render(Home, { vault: openVault({ warnings }), onopen: vi.fn() });
    expect(screen.getByRole('region', { name: 'Older than last time' })).toBeVisible();
    expect(screen.getByRole('region', { name: 'No backup today' })).toBeVisible();
  });
});

import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import Clipboard from './Clipboard.svelte';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

async function pass(milliseconds: number) {
  vi.advanceTimersByTime(milliseconds);
  await tick();
}

describe('the clipboard in the status bar', () => {
  it('counts down by the second and goes at the end', async () => {
    render(Clipboard, { until: Date.now() + 23_400, onclear: vi.fn() });
    expect(screen.getByRole('timer')).toHaveTextContent('0:24');
    await pass(400);
    expect(screen.getByRole('timer')).toHaveTextContent('0:23');
    await pass(1000);
    expect(screen.getByRole('timer')).toHaveTextContent('0:22');
    await pass(22_000);
    expect(screen.queryByRole('timer')).toBeNull();
  });

  it('begins anew when something else is copied', async () => {
    const props = { until: Date.now() + 2_000, onclear: vi.fn() };
    const { rerender } = render(Clipboard, props);
    await pass(1000);
    await rerender({ ...props, until: Date.now() + 30_000 });
    expect(screen.getByRole('timer')).toHaveTextContent('0:30');
    await pass(1000);
    expect(screen.getByRole('timer')).toHaveTextContent('0:29');
  });

  it('is not said each second', () => {
    render(Clipboard, { until: Date.now() + 30_000, onclear: vi.fn() });
    expect(screen.getByRole('timer').closest('[aria-live], [role="status"]')).toBeNull();
  });

  it('is cleared at once when somebody asks', () => {
    const onclear = vi.fn();
    render(Clipboard, { until: Date.now() + 30_000, onclear });
    screen.getByRole('button', { name: 'Clear now' }).click();
    expect(onclear).toHaveBeenCalledOnce();
  });
});

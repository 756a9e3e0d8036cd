import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import Waiting from './Waiting.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function pass(milliseconds: number) {
  vi.advanceTimersByTime(milliseconds);
  await tick();
}

describe('waiting', () => {
  it('says nothing of what is there soon', async () => {
    render(Waiting, { oncancel: vi.fn() });
    await pass(1_999);
    expect(screen.getByRole('status')).toBeEmptyDOMElement();
  });

  it('is said after two seconds, and can be given up after ten', async () => {
    const oncancel = vi.fn();
    render(Waiting, { oncancel, stale: true });
    await pass(2_000);
    expect(screen.getByRole('status')).toHaveTextContent(
      'Still loading. What is shown is from before.',
    );
    await pass(7_999);
    expect(screen.queryByRole('button')).toBeNull();
    await pass(1);
    screen.getByRole('button', { name: 'Cancel' }).click();
    expect(oncancel).toHaveBeenCalledOnce();
  });
});

/** Reads what a screen shows of accounts, consumers and runs, and again with every change of them. */
import type { Backend } from '$lib/backend/backend';

/**
 * One reading is under way at a time; what changes meanwhile is read once more after it. `read` never
 * rejects. Ends when the returned function is called.
 */
export function followRuns(backend: Backend, read: () => Promise<void>): () => void {
  let isReading = false;
  let isStale = false;
  let isOver = false;

  async function again() {
    isStale = true;
    if (isReading) return;
    isReading = true;
    while (isStale && !isOver) {
      isStale = false;
      await read();
    }
    isReading = false;
  }

  void again();
  const stop = backend.hear('runs_changed', () => void again());
  return () => {
    isOver = true;
    stop();
  };
}

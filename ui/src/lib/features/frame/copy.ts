/** Copies what is no secret. A secret never comes this way: it is copied in the backend. */
import { toast } from '$lib/design/toast.svelte';

export async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast.ok(done);
  } catch {
    toast.fail(
      'Nothing was copied: the system refused the clipboard. Select the text and copy it.',
    );
  }
}

import { createRawSnippet, type Snippet } from 'svelte';

/** A snippet of fixed text, for components that take one. */
export const text = (words: string): Snippet =>
  createRawSnippet(() => ({ render: () => `<span>${words}</span>` }));

/** What the first picture does not need. It is loaded when that has been painted. */
export { default as Toaster } from '$lib/design/Toaster.svelte';
export { default as LockingSoon } from '$lib/features/vault/LockingSoon.svelte';
export { default as Detour } from './Detour.svelte';
export { default as Frame } from './Frame.svelte';

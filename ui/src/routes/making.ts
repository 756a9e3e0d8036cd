/** Making a vault, of nothing or of a backup: loaded when somebody wants to. */
export { default as Create } from '$lib/features/vault/Create.svelte';
export { default as Restore } from '$lib/features/vault/Restore.svelte';

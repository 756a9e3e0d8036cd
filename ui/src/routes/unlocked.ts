/** What an open vault needs beside its inventory: loaded on demand, or while nothing else goes on. */
export { default as Backups } from '$lib/features/backups/Backups.svelte';
export { default as AddCredential } from '$lib/features/credential/AddCredential.svelte';
export { default as Detail } from '$lib/features/credential/Detail.svelte';
export { default as Export } from '$lib/features/exchange/Export.svelte';
export { default as Import } from '$lib/features/exchange/Import.svelte';
export { default as Members } from '$lib/features/members/Members.svelte';
export { default as Palette } from '$lib/features/palette/Palette.svelte';
export { default as Policies } from '$lib/features/policies/Policies.svelte';
export { default as Security } from '$lib/features/security/Security.svelte';

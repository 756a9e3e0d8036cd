/** What an open vault needs beside its inventory: loaded on demand, or while nothing else goes on. */
export { default as AddCredential } from '$lib/features/credential/AddCredential.svelte';
export { default as Export } from '$lib/features/exchange/Export.svelte';
export { default as Import } from '$lib/features/exchange/Import.svelte';
export { default as Palette } from '$lib/features/palette/Palette.svelte';
export { default as Rotating } from '$lib/features/rotation/Rotating.svelte';
export { default as Opened } from './Opened.svelte';

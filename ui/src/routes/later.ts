/** What the first picture does not need. It is loaded when it is asked for. */
export { default as Menu } from '$lib/design/Menu.svelte';
export { default as Help } from '$lib/features/help/Help.svelte';
export { default as Settings } from '$lib/features/settings/Settings.svelte';

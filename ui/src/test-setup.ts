import '@testing-library/jest-dom/vitest';
import { configure } from '@testing-library/svelte';

// Parts that are loaded later are compiled when a test first asks for them.
configure({ asyncUtilTimeout: 10_000 });

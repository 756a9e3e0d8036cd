/** Asks where a file is that comes in, and where one goes that goes out. */
import type { Backend } from '$lib/backend/backend';

export const askForImport = (backend: Backend) =>
  backend.ask('ask_for_place', { purpose: 'import', suggested: null });

export const askForExport = (backend: Backend, suggested: string) =>
  backend.ask('ask_for_place', { purpose: 'export', suggested });

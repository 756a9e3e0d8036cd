// The harness's small Python programs: they speak to the message bus through GLib, which Node cannot.
import { fileURLToPath } from 'node:url';
import type { Desktop } from './desktop';
import type { Running } from './programs';

/** Debian's own: a Python from elsewhere in PATH lacks the gi module. */
const python = '/usr/bin/python3';

export interface PythonProgram {
  program: Running;
  /** Every line it printed so far, read as JSON. */
  lines<Line>(): Line[];
  send(line: unknown): void;
}

export function startPython(desktop: Desktop, file: string): PythonProgram {
  const path = fileURLToPath(new URL(file, import.meta.url));
  // Isolated, so that variables and folders of the machine's user do not reach it.
  const program = desktop.start(python, ['-I', '-B', path]);
  return {
    program,
    lines<Line>() {
      if (program.ended()) throw new Error(explain(file, program.stderr()));
      const whole = program.stdout().split('\n').slice(0, -1);
      return whole.map((line) => JSON.parse(line) as Line);
    },
    send: (line) => void program.child.stdin?.write(`${JSON.stringify(line)}\n`),
  };
}

function explain(file: string, said: string): string {
  const missing = /No module named '?gi|Namespace (\S+) not available/.exec(said);
  if (!missing) return `${file} ended: ${said}`;
  return missing[1]
    ? `The end-to-end tests need ${missing[1]}: install the Debian package gir1.2-${missing[1].toLowerCase()}-0.1.`
    : 'The end-to-end tests need the Debian package python3-gi.';
}

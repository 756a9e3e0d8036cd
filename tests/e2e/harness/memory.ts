// Looks for secrets where they must not be: in the memory of processes, and in files.
import { Buffer } from 'node:buffer';
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { commandOf } from './programs';

export interface Hit {
  /** A process or a file. */
  where: string;
  /** Which of the secrets; never the secret itself. */
  secret: string;
  form: string;
  times: number;
}

interface Needle {
  secret: string;
  form: string;
  bytes: Buffer;
}

/** Every form in which a secret could lie around. */
export function formsOf(name: string, secret: string): Needle[] {
  const utf8 = Buffer.from(secret, 'utf8');
  const utf16 = Buffer.from(secret, 'utf16le');
  const forms: [string, Buffer][] = [
    ['UTF-8', utf8],
    ['UTF-16', utf16],
    ['UTF-16, big end first', Buffer.from(utf16).swap16()],
    ['hex', Buffer.from(utf8.toString('hex'))],
    ['HEX', Buffer.from(utf8.toString('hex').toUpperCase())],
  ];
  // In base64 the same bytes look different at each of three places in the text around them.
  for (const before of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(before), utf8])
      .toString('base64')
      .replace(/=+$/, '');
    const own = text.slice(before === 0 ? 0 : before + 1, -1);
    forms.push([`base64, ${before} before`, Buffer.from(own)]);
  }
  return forms.map(([form, bytes]) => ({ secret: name, form, bytes }));
}

/** A process and all that it started. */
export function familyOf(pid: number): number[] {
  const all = readdirSync('/proc').flatMap((entry) => {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      return [{ id: Number(entry), parent }];
    } catch {
      return [];
    }
  });
  const family = [pid];
  for (const member of family)
    family.push(...all.filter(({ parent }) => parent === member).map(({ id }) => id));
  return family;
}

const PAGE = 4096;
const MOST = 4096;

/** The secrets found in the memory of the processes, whatever of it is really there. */
export function searchMemory(pids: number[], needles: Needle[]): Hit[] {
  const hits = new Map<string, Hit>();
  for (const pid of pids) {
    const where = `${commandOf(pid).split(' ')[0] ?? ''} ${pid}`;
    const memory = openSync(`/proc/${pid}/mem`, 'r');
    try {
      for (const [page, pages] of residentRuns(pid)) {
        const run = Buffer.alloc(pages * PAGE);
        try {
          const read = readSync(memory, run, 0, run.length, page * PAGE);
          count(run.subarray(0, read), where, needles, hits);
        } catch {
          continue; // A region that the system keeps to itself.
        }
      }
    } finally {
      closeSync(memory);
    }
  }
  return [...hits.values()];
}

/** Runs of pages that are in memory or in the swap: web views reserve far more than they use. */
function residentRuns(pid: number): [page: number, pages: number][] {
  const runs: [number, number][] = [];
  const pagemap = openSync(`/proc/${pid}/pagemap`, 'r');
  const entries = Buffer.alloc(MOST * 8);
  try {
    for (const [first, end] of regions(pid)) {
      for (let page = first; page < end; page += MOST) {
        const wanted = Math.min(MOST, end - page);
        const read = readSync(pagemap, entries, 0, wanted * 8, page * 8) / 8;
        let start = -1;
        for (let at = 0; at <= read; at += 1) {
          // The two highest bits: in memory, in the swap.
          const there = at < read && entries.readUInt8(at * 8 + 7) >= 0x40;
          if (there && start < 0) start = at;
          if (!there && start >= 0) {
            runs.push([page + start, at - start]);
            start = -1;
          }
        }
      }
    }
  } finally {
    closeSync(pagemap);
  }
  return runs;
}

/** What belongs to the process alone; programs and libraries on disk hold no secret. */
function regions(pid: number): [first: number, end: number][] {
  const facts = readFileSync(`/proc/${pid}/smaps`, 'utf8').split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/);
  return facts.flatMap((text) => {
    const head = /^([0-9a-f]+)-([0-9a-f]+) (....)/.exec(text);
    const resident = Number(/^Rss: +(\d+)/m.exec(text)?.[1] ?? 0);
    const swapped = Number(/^Swap: +(\d+)/m.exec(text)?.[1] ?? 0);
    if (!head || resident + swapped === 0 || !/^r|^.w/.test(head[3] ?? '')) return [];
    const [from, to] = [head[1], head[2]].map((hex) => Number.parseInt(hex ?? '', 16) / PAGE);
    return from === undefined || to === undefined ? [] : [[from, to] as [number, number]];
  });
}

/** The secrets found in the files below a folder, names of files included. */
export function searchFiles(folder: string, needles: Needle[]): Hit[] {
  const hits = new Map<string, Hit>();
  const walk = (path: string) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const inner = join(path, entry.name);
      count(Buffer.from(entry.name), inner, needles, hits);
      if (entry.isDirectory()) walk(inner);
      else if (entry.isFile() && statSync(inner).size < 512 * 1024 * 1024)
        count(readFileSync(inner), inner, needles, hits);
    }
  };
  walk(folder);
  return [...hits.values()];
}

function count(bytes: Buffer, where: string, needles: Needle[], hits: Map<string, Hit>) {
  for (const { secret, form, bytes: needle } of needles) {
    let times = 0;
    for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) times += 1;
    if (times === 0) continue;
    const key = `${where} ${secret} ${form}`;
    const hit = hits.get(key) ?? { where, secret, form, times: 0 };
    hits.set(key, { ...hit, times: hit.times + times });
  }
}

/** What fits the pattern in the memory of the processes, each once, the most frequent first. */
export function textsIn(pids: number[], pattern: RegExp): string[] {
  const found = new Map<string, number>();
  for (const pid of pids) {
    const memory = openSync(`/proc/${pid}/mem`, 'r');
    try {
      for (const [page, pages] of residentRuns(pid)) {
        const run = Buffer.alloc(pages * PAGE);
        try {
          const read = readSync(memory, run, 0, run.length, page * PAGE);
          for (const [text] of run.subarray(0, read).toString('latin1').matchAll(pattern))
            found.set(text, (found.get(text) ?? 0) + 1);
        } catch {
          continue;
        }
      }
    } finally {
      closeSync(memory);
    }
  }
  return [...found].toSorted(([, one], [, other]) => other - one).map(([text]) => text);
}

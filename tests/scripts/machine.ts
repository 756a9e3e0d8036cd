import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../..', import.meta.url));

/**
 * A pretended machine: a home, a fresh clone, and a PATH with nothing on it but stand-ins, each of
 * which writes down how it was called. Nothing is installed and no network is used.
 */
export class Machine {
  readonly folder = mkdtempSync(join(tmpdir(), 'keyturn-machine-'));
  readonly clone = join(this.folder, 'clone');
  readonly home = join(this.folder, 'home');
  readonly picture = join(this.home, '.cache/keyturn/first-screen.png');
  readonly #bin = join(this.folder, 'bin');
  readonly #log = join(this.folder, 'calls');
  readonly #installed = join(this.folder, 'installed');

  constructor() {
    for (const path of [this.clone, this.home, this.#bin, this.#installed])
      mkdirSync(path, { recursive: true });
    for (const path of ['scripts', '.ci'])
      cpSync(join(project, path), join(this.clone, path), { recursive: true });
    this.write('package.json', '{ "type": "module" }');
    this.write('package-lock.json', '{ "packages": {} }');
    this.write('Cargo.toml', 'rust-version = "1.95"\n');
    this.write('tauri.conf.json', '{ "build": { "devUrl": "http://localhost:1420" } }');
    this.write('ui/index.html', '<!doctype html>');
    symlinkSync('/bin/sh', join(this.#bin, 'sh'));
    this.#fresh();
  }

  /** A fresh Debian: root, the network works, nothing but Rust, Node and git is there. */
  #fresh() {
    const installed = this.#installed;
    this.program('id', 'echo 0');
    this.program(
      'dpkg-query',
      `shift 2; for name; do test -e "${installed}/$name" && echo "installed $name"; done; exit 0`,
    );
    this.program(
      'apt-get',
      `case "$1" in install) shift 3; for name; do : > "${installed}/$name"; done;; esac`,
    );
    this.program('cargo', 'echo cargo 1.95.0');
    this.program('npm', 'mkdir -p node_modules');
    this.program('vite', 'mkdir -p ui/dist && echo built > ui/dist/index.html', true);
    const app = join(this.folder, 'app');
    writeFileSync(app, this.#script('app', 'case "$DISPLAY" in :99) exec sleep 600;; esac'));
    chmodSync(app, 0o755);
    this.program('tauri', `mkdir -p target/release && cp "${app}" target/release/keyturn`, true);
    this.program('Xvfb', 'echo 99 >&3; exec sleep 600');
    this.program('openbox', 'exec sleep 600');
    this.program('dbus-run-session', 'shift; exec "$@"');
    this.program('import', 'for path; do :; done; echo picture > "$path"');
    this.program('identify', 'echo "200 signature"');
  }

  #script(name: string, body: string) {
    return `#!/bin/sh\necho "${name} $*" >> "${this.#log}"\nPATH=/usr/bin:/bin\n${body}\n`;
  }

  /** Puts a stand-in on the PATH, or in place of a program of an npm package. */
  program(name: string, body: string, ofNpm = false) {
    const path = join(ofNpm ? join(this.clone, 'node_modules/.bin') : this.#bin, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, this.#script(name, body));
    chmodSync(path, 0o755);
  }

  without(...names: string[]) {
    for (const name of names) rmSync(join(this.#bin, name));
  }

  write(path: string, text: string) {
    mkdirSync(dirname(join(this.clone, path)), { recursive: true });
    writeFileSync(join(this.clone, path), text);
  }

  /** The environment in which Node runs this first: another system, another version. */
  pretending(script: string): Record<string, string> {
    this.write('pretended.mjs', script);
    return { NODE_OPTIONS: '--import=./pretended.mjs' };
  }

  /** The calls since the last time this was asked. */
  calls(): string[] {
    if (!existsSync(this.#log)) return [];
    const lines = readFileSync(this.#log, 'utf8').trim().split('\n');
    rmSync(this.#log);
    return lines.map((line) => line.trim());
  }

  /** Runs a command of the clone. */
  run(command: string, args: string[] = [], env: Record<string, string> = {}) {
    return this.runProgram(process.execPath, [join('scripts', `${command}.mjs`), ...args], env);
  }

  runProgram(program: string, args: string[], env: Record<string, string> = {}) {
    return new Promise<{ code: number | null; stdout: string; output: string }>((resolve) => {
      const child = spawn(program, args, {
        cwd: this.clone,
        env: { HOME: this.home, PATH: this.#bin, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let stdout = '';
      let output = '';
      child.stdout.on('data', (text) => {
        stdout += text;
        output += text;
      });
      child.stderr.on('data', (text) => (output += text));
      child.on('close', (code) => resolve({ code, stdout, output }));
    });
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

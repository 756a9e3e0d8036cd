// The team is told: a chat's webhook and a mail server, set up and tried through the window, then told of a date.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  addToken,
  fieldOf,
  makeVault,
  startApp,
  startDesktop,
  waitFor,
  type App,
  type Desktop,
} from './harness';

const DAY_S = 24 * 60 * 60;
const smtpServer = fileURLToPath(
  new URL('../../src-tauri/crates/notices/tests/smtp_server.py', import.meta.url),
);

let desktop: Desktop;
let app: App;
beforeEach(async () => {
  desktop = await startDesktop();
  app = await startApp(desktop);
  await makeVault(app);
});

let server: Server | undefined;
afterEach(async () => {
  server?.close();
  server = undefined;
  await desktop.stop();
});

/** A chat that takes what it is told, or answers with the status given. */
async function startChat(status = () => 200): Promise<{ address: string; told: string[] }> {
  const told: string[] = [];
  const chat = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const answer = status();
      if (answer === 200) told.push((JSON.parse(body) as { text: string }).text);
      response.writeHead(answer).end(answer === 200 ? 'ok' : '');
    });
  });
  server = chat;
  await new Promise<void>((done) => chat.listen(0, '127.0.0.1', done));
  const { port } = chat.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/services/fixture`, told };
}

async function openChannels(): Promise<void> {
  const { page } = app;
  await page.press('Control+Shift+N');
  await page.click(await page.findByRole('button', { name: 'Channels' }));
  await page.findByRole('heading', { name: 'Channels', level: 1 });
}

/** What the sheet says of a test that it was asked for. */
async function tryIt(words: RegExp): Promise<void> {
  const { page } = app;
  await page.click(await page.findByRole('button', { name: 'Send test' }));
  const within = await page.findByRole('dialog', { name: /is saved$/ });
  await page.findByText(words, { within });
}

async function save(name: string): Promise<void> {
  const { page } = app;
  await page.type(await fieldOf(page, 'Name'), name);
  await page.click(await page.findByRole('button', { name: /^Save channel/ }));
  await page.findByRole('dialog', { name: `${name} is saved` });
}

async function addChat(address: string): Promise<void> {
  const { page } = app;
  await page.click(await page.findByRole('button', { name: 'Add the first channel' }));
  await page.click(await page.findByRole('button', { name: /^Chat/ }));
  await page.type(await fieldOf(page, 'Address of the webhook'), address);
  const local = { name: 'It is in this computer or the local network' };
  await page.click(await page.findByRole('switch', local));
  await save('#payments');
}

it('tells a chat what comes near, once, and shows nothing of its address', async () => {
  const { page } = app;
  const chat = await startChat();
  await openChannels();
  await addChat(chat.address);
  await tryIt(/Look whether it arrived/);
  expect(chat.told).toEqual([expect.stringContaining('test')]);
  expect(await page.run<string>('return document.documentElement.outerHTML')).not.toContain(
    'services/fixture',
  );
  await page.press('Escape');
  await page.findByRole('row', { name: /#payments Chat/ });
  await addToken(app, 'orders-db', DAY_S - 60);
  await waitFor(() => chat.told.length === 2, { what: 'the chat to be told', within: 20_000 });
  expect(chat.told[1]).toContain('orders-db');
});

it('says why a chat does not take what it is told', async () => {
  const chat = await startChat(() => 403);
  await openChannels();
  await addChat(chat.address);
  await tryIt(/The login is not allowed to do this/);
  expect(chat.told).toEqual([]);
});

it('tells by mail', async () => {
  const { page } = app;
  const mail = desktop.start('/usr/bin/python3', ['-I', '-B', smtpServer, 'clear', '-', '-']);
  const lines = () => mail.stdout().split('\n').slice(0, -1);
  const port = await waitFor(() => lines()[0], {
    what: 'the mail server',
    otherwise: mail.stderr,
  });
  await openChannels();
  await page.click(await page.findByRole('button', { name: 'Add the first channel' }));
  await page.click(await page.findByRole('button', { name: /^Mail/ }));
  await page.type(await fieldOf(page, 'Host'), '127.0.0.1');
  const tls = await fieldOf(page, 'TLS');
  await page.run(
    `arguments[0].value = 'off'; arguments[0].dispatchEvent(new Event('change', { bubbles: true }));`,
    tls,
  );
  const field = await fieldOf(page, 'Port');
  await field.clear();
  await page.type(field, port);
  await page.type(await fieldOf(page, 'From'), 'keyturn@fixture.test');
  await page.type(await fieldOf(page, 'To'), 'ops@fixture.test');
  await save('Operations');
  await tryIt(/Look whether it arrived/);
  const letter = JSON.parse(lines()[1] ?? '') as { to: string[]; letter: string };
  expect(letter.to).toEqual(['ops@fixture.test']);
  expect(letter.letter).toContain('Subject:');
});

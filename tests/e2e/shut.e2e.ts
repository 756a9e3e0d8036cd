// The page is shut in: what a script that got into the window could not do.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, startDesktop, type App, type Desktop } from './harness';

let desktop: Desktop;
let app: App;
beforeAll(async () => {
  desktop = await startDesktop();
  app = await startApp(desktop);
  await app.page.findByRole('main');
});
afterAll(async () => {
  await app.quit();
  await desktop.stop();
});

const invoke = (command: string, input: string) => `
  const done = arguments[arguments.length - 1];
  window.__TAURI_INTERNALS__.invoke(${JSON.stringify(command)}, ${input}).then(
    (answer) => done({ answer }), (refusal) => done({ refusal: JSON.stringify(refusal) }));`;

describe('a script in the window', () => {
  it('finds no global way to Tauri and cannot change what all objects share', async () => {
    const seen = await app.page.run<Record<string, unknown>>(`
      try { Object.prototype.canary = 1 } catch {}
      return { tauri: typeof window.__TAURI__, frozen: Object.isFrozen(Object.prototype),
        canary: ({}).canary ?? null };`);
    expect(seen).toEqual({ tauri: 'undefined', frozen: true, canary: null });
  });

  it('may call the commands of the contract', async () => {
    const script = invoke('read_settings', '{ input: null }');
    const { answer } = await app.webdriver.executeAsyncScript<{ answer: unknown }>(script);
    expect(answer).toEqual({
      settings: {
        theme: 'system',
        lockAfterMinutes: 5,
        lockOnSleep: true,
        lockWithScreen: true,
        rotateWhileLocked: false,
        singleKeys: true,
        hiddenColumns: [],
        quiet: null,
        namesInNotices: false,
        startAtLogin: false,
      },
      problem: null,
    });
  });

  it.each([
    ['no_such_command', '{}'],
    ['plugin:window|close', '{ label: "main" }'],
    ['plugin:window|create', '{ options: { label: "two" } }'],
    ['plugin:webview|internal_toggle_devtools', '{}'],
    ['plugin:event|listen', '{ event: "settings_changed", target: { kind: "Any" }, handler: 1 }'],
    ['plugin:event|emit', '{ event: "settings_changed", payload: null }'],
    ['plugin:path|resolve_directory', '{ directory: 1 }'],
    ['plugin:window-state|save_window_state', '{ flags: 1 }'],
    ['plugin:app|version', '{}'],
    ['plugin:autostart|enable', '{}'],
    ['plugin:dialog|open', '{ options: {} }'],
    ['plugin:dialog|save', '{ options: {} }'],
  ])('is refused %s', async (command, input) => {
    const script = invoke(command, input);
    const { refusal } = await app.webdriver.executeAsyncScript<{ refusal?: string }>(script);
    expect(refusal).toMatch(/not allowed|not found/);
  });

  it('gets an error for input of the wrong shape, and changes nothing', async () => {
    const pink =
      '{ theme: "pink", lockAfterMinutes: 5, lockOnSleep: true, lockWithScreen: true, rotateWhileLocked: false, singleKeys: true }';
    const settings = () =>
      app.webdriver.executeAsyncScript(invoke('read_settings', '{ input: null }'));
    const before = await settings();
    for (const input of ['{}', `{ input: ${pink} }`, '{ input: 7 }']) {
      const script = invoke('save_settings', input);
      const { refusal } = await app.webdriver.executeAsyncScript<{ refusal?: string }>(script);
      expect(refusal).toMatch(/invalid args|input\.refused/);
    }
    expect(await settings()).toEqual(before);
  });

  it('gets nothing of a vault that is not open, and nothing by going around the envelope', async () => {
    for (const [command, input] of [
      ['list_members', '{ input: null }'],
      ['list_backups', '{ input: null }'],
      ['make_recovery_key', '{ input: { passphrase: "guessed by a script" } }'],
    ] as const) {
      const script = invoke(command, input);
      const { refusal } = await app.webdriver.executeAsyncScript<{ refusal?: string }>(script);
      expect(refusal).toContain('vault.locked');
    }
  });

  it('runs no inline script, no inline style and no text as code', async () => {
    const ran = await app.page.run<Record<string, unknown>>(`
      const script = document.createElement('script');
      script.textContent = 'window.canary = 1';
      document.body.append(script);
      const styled = document.createElement('p');
      styled.setAttribute('style', 'color: rgb(1, 2, 3)');
      document.body.append(styled);
      const colour = getComputedStyle(styled).color;
      const sheet = document.createElement('style');
      sheet.textContent = 'p { opacity: 0.5 }';
      document.body.append(sheet);
      const opacity = getComputedStyle(styled).opacity;
      for (const one of [script, styled, sheet]) one.remove();
      return { canary: window.canary ?? null, colour, opacity };`);
    expect(ran).toMatchObject({ canary: null, opacity: '1' });
    expect(ran.colour).not.toBe('rgb(1, 2, 3)');
    // From a timer, as WebDriver's own frame is not bound by the page's policy.
    const evaluated = await app.webdriver.executeAsyncScript<string>(`
      const done = arguments[arguments.length - 1];
      setTimeout(() => { try { done(String(new Function('return 1')())) } catch (e) { done(e.name) } });`);
    expect(evaluated).toBe('EvalError');
  });

  it('reaches nothing outside and leads the window nowhere else', async () => {
    // Nobody listens there: only what the policy says of it shows that it was not tried.
    const blocked = (attempt: string) =>
      app.webdriver.executeAsyncScript<string>(`
        const done = arguments[arguments.length - 1];
        document.addEventListener('securitypolicyviolation',
          (event) => done(event.effectiveDirective), { once: true });
        ${attempt}`);
    expect(await blocked(`fetch('http://127.0.0.1:9/').catch(() => {});`)).toBe('connect-src');
    const picture = `new Image().src = 'http://127.0.0.1:9/canary.png';`;
    expect(await blocked(picture)).toBe('img-src');
    const before = await app.webdriver.getCurrentUrl();
    await app.page.run(`location.href = 'data:text/html,elsewhere'`);
    await app.page.run(`location.href = 'http://127.0.0.1:9/'`);
    await app.page.settled();
    expect(await app.webdriver.getCurrentUrl()).toBe(before);
    await app.page.findByRole('main');
  });
});

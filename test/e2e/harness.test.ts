// The desktop, the keychain and the browser that the e2e tests stand on, proved on an app that is not ours to test.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LaunchedApp, launchApp, startApp } from './harness/app.ts';
import { type Desktop, openDesktop, type TrayItem } from './harness/desktop.ts';
import { fromPng, shareOf, toPng } from './harness/icon.ts';
import { keychain } from './harness/keychain.ts';
import { Opened } from './harness/opened.ts';
import { saveIcon, screenshot } from './harness/screenshots.ts';

const BARE_TRAY = join(dirname(dirname(fileURLToPath(import.meta.url))), 'bench', 'bare-tray');
const GREEN = [0, 160, 60] as const;
const ORANGE = [240, 140, 0] as const;

describe('the harness on a bare tray app', () => {
  let desktop: Desktop;
  let opened: Opened;
  let app: LaunchedApp;
  let item: TrayItem;

  beforeAll(async () => {
    desktop = await openDesktop();
    opened = new Opened();
    app = await launchApp({ main: BARE_TRAY, env: opened.env });
    item = await desktop.tray.waitForItem({ pid: app.pid });
  });

  afterAll(async () => {
    if (app?.running) await app.kill9();
    opened?.close();
    await desktop?.close();
  });

  it('reads the tray icon, its colour and its tooltip', async () => {
    const state = await item.waitFor(({ toolTip }) => toolTip === 'Bare tray');
    expect(state.icon).toMatchObject({ width: 22, height: 22 });
    expect(state.icon && shareOf(state.icon, GREEN)).toBe(1);
    expect(state.icon && fromPng(toPng(state.icon)).fingerprint).toBe(state.icon?.fingerprint);
  });

  it('reads the menu: labels, separators, greyed items, submenus', async () => {
    const menu = await item.menu.read();
    expect(menu.map(({ label }) => label)).toEqual([
      'Bare tray',
      '',
      'Notify',
      'Open address',
      'Show window',
      'Switched',
      'More',
      'Quit',
    ]);
    expect(menu[0]).toMatchObject({ enabled: false, type: 'standard' });
    expect(menu[1]).toMatchObject({ type: 'separator' });
    expect(menu[5]).toMatchObject({ toggleType: 'checkmark', checked: false });
    expect(menu[6]?.children.map(({ label }) => label)).toEqual(['Hello']);
  });

  it('clicks an item in a submenu', async () => {
    await item.menu.click(['More', /^Hel/]);
    await expect(app.waitForOutput(/"event":"hello"/)).resolves.toBeTruthy();
  });

  it('refuses to click a greyed item', async () => {
    await expect(item.menu.click(['Bare tray'], { timeoutMs: 200 })).rejects.toThrow('Bare tray (greyed)');
  });

  it('sees the icon, tooltip and check mark change after a click', async () => {
    const before = await item.read();
    await item.menu.click(['Switched']);
    const after = await item.waitFor(({ toolTip }) => toolTip === 'Bare tray: switched');
    expect(after.icon?.fingerprint).not.toBe(before.icon?.fingerprint);
    expect(after.icon && shareOf(after.icon, ORANGE)).toBe(1);
    expect(after.icon && saveIcon(after.icon, 'harness-icon')).toMatch(/harness-icon\.png$/);
    const menu = await item.menu.waitFor((items) => items[5]?.checked === true);
    expect(menu[5]?.label).toBe('Switched');
  });

  it('records a notification; the app sees the click', async () => {
    await item.menu.click(['Notify']);
    const shown = await desktop.notifications.waitFor(({ summary }) => summary === 'Bare notification');
    expect(shown).toMatchObject({ body: 'Click it', appName: 'Bare Tray', closed: undefined });
    expect(desktop.notifications.open).toHaveLength(1);
    desktop.notifications.click(shown);
    await expect(app.waitForOutput(/"event":"notification-click"/)).resolves.toBeTruthy();
    expect((await desktop.notifications.waitForClosed(shown)).closed).toBe('dismissed');
    expect(desktop.notifications.open).toHaveLength(0);
  });

  it('records an address that the app opens', async () => {
    await item.menu.click(['Open address']);
    const { target } = await opened.waitFor((url) => url.includes('/bare'));
    expect(target).toBe('http://127.0.0.1:9/bare?x=1&y=2');
  });

  it('hands an opened address to a stub browser', async () => {
    opened.handle(['printf', 'got %s; it works']);
    const after = opened.lastSeq;
    await item.menu.click(['Open address']);
    await opened.waitFor(() => opened.handlerLog.includes('got http://127.0.0.1:9/bare?x=1&y=2; it works'), { after });
    expect(opened.handlerLog).toContain('it works');
  });

  it('takes a screenshot of a window, light and dark', async () => {
    await item.menu.click(['Show window']);
    const page = await app.waitForWindow(async (candidate) => (await candidate.title()) === 'Bare window');
    await app.setTheme('dark');
    expect(await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")).toBe(true);
    const dark = fromPng(readFileSync(await screenshot(page, 'harness-dark')));
    await app.setTheme('light');
    expect(await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")).toBe(false);
    const light = fromPng(readFileSync(await screenshot(page, 'harness-light')));
    expect([dark.width, light.width]).toEqual([360, 360]);
    await page.close();
  });

  it('tells the app of sleep and wake', async () => {
    await app.electron.evaluate(({ powerMonitor }) => {
      powerMonitor.on('suspend', () => process.stdout.write('slept\n'));
      powerMonitor.on('resume', () => process.stdout.write('woke\n'));
    });
    desktop.power.sleep();
    await expect(app.waitForOutput(/^slept$/m)).resolves.toBeTruthy();
    desktop.power.wake();
    await expect(app.waitForOutput(/^woke$/m)).resolves.toBeTruthy();
  });

  it('quits; the icon goes', async () => {
    expect(await app.quit()).toEqual({ code: 0, signal: null });
    await desktop.tray.waitForNone();
    expect(desktop.tray.items).toEqual([]);
  });

  it('starts an app without Playwright, and kills it', async () => {
    const plain = await startApp({ main: BARE_TRAY });
    await plain.waitForOutput(/"event":"ready","packaged":false,"name":"Bare Tray"/);
    const other = await desktop.tray.waitForItem({ pid: plain.pid });
    await other.menu.waitForItem(['Quit']);
    expect(await plain.kill9()).toEqual({ code: null, signal: 'SIGKILL' });
    await desktop.tray.waitForNone({ pid: plain.pid });
    expect(plain.running).toBe(false);
  });
});

describe('the keychain', () => {
  const attributes = { service: 'harness', username: 'someone@example.com' };

  it('keeps, finds and removes a secret', () => {
    expect(keychain.lookup(attributes)).toBeUndefined();
    keychain.store(attributes, 'pass phrase');
    expect(keychain.lookup(attributes)).toBe('pass phrase');
    expect(keychain.search({ service: 'harness' })).toContain('someone@example.com');
    expect(keychain.clear(attributes)).toBe(true);
    expect(keychain.lookup(attributes)).toBeUndefined();
  });

  it('gives nothing while it is locked', async () => {
    keychain.store(attributes, 'pass phrase');
    await keychain.lock();
    expect(await keychain.isLocked()).toBe(true);
    expect(keychain.search(attributes)).not.toContain('pass phrase');
    await keychain.unlock();
    expect(await keychain.isLocked()).toBe(false);
    expect(keychain.lookup(attributes)).toBe('pass phrase');
    expect(keychain.clear(attributes)).toBe(true);
  });
});

// The packaged folder, fuses and all, does what the first start does. Its inspector is off, so the windows are driven
// through Chromium's own debugging port.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type AppProcess, endOf, GOOD_ENDS, startApp } from './harness/app.ts';
import { UpdateFeed } from './harness/feed.ts';
import { keychain } from './harness/keychain.ts';
import { item, ROOT, World } from './harness/world.ts';

/**
 * Playwright loses its way now and then when a page of the starting app ends while it is looked at; the app itself is well. Tried at most
 * three times.
 */
async function connect(endpoint: string): Promise<Browser> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await chromium.connectOverCDP(endpoint, { timeout: 20_000 });
    } catch (thrown) {
      if (tries === 3) throw thrown;
    }
  }
}

describe('the packaged folder', () => {
  let world: World;
  let app: AppProcess;
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), 'packaged-'));
  const executable = join(folder, 'linux-unpacked', 'hipstatus');

  beforeAll(async () => {
    const args = ['scripts/package.mjs', '--no-build', '--linux', 'dir', `-c.directories.output=${folder}`];
    const packed = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
    if (packed.status !== 0) throw new Error(`packaging failed:\n${packed.stdout}${packed.stderr}`);
    world = await World.open();
    const { main: _, ...options } = world.launchOptions;
    app = await startApp({ ...options, executable, args: ['--debug', '--remote-debugging-port=0'] });
    const [, endpoint = ''] = await app.waitForOutput(/DevTools listening on (ws:\S+)/);
    browser = await connect(endpoint);
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    if (app?.running) await app.kill9();
    await world?.close();
  });

  /** The window with this title, open or to come. */
  async function windowOf(title: string): Promise<Page> {
    const pages = () => browser.contexts().flatMap((context) => context.pages());
    const titled = async (page: Page) => (await page.locator('h1').first().textContent()) === title;
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
      for (const page of pages()) if (await titled(page).catch(() => false)) return page;
      const context = browser.contexts()[0];
      await context?.waitForEvent('page', { timeout: 500 }).catch(() => undefined);
    }
    throw new Error(`no window "${title}" among: ${pages().map((page) => page.url())}`);
  }

  it('goes from nothing to synced', async () => {
    const { sandbox, desktop, opened } = world;
    const tray = await desktop.tray.waitForItem({ pid: app.pid });
    const page = await windowOf('Welcome to HipStatus');
    await page.locator('[data-provider=microsoft365]').click();
    await page.locator('button[type=submit]').click();
    await opened.waitFor((url) => url.includes('/oauth2/v2.0/authorize'));
    await page.getByRole('heading', { name: 'Your calendar' }).waitFor();
    await world.click(page, 'Continue');
    await page.locator('[data-provider=hipchat]').click();
    await world.answer(page, sandbox.known.hipchatToken);
    await page.getByText('You are shown as Available there.').waitFor();
    await world.click(page, 'Continue');
    await world.clickExactly(page, 'Done');
    await tray.waitFor(({ toolTip }) => toolTip.includes('Available'));
    expect(keychain.lookup(item('hctoken'))).toBe(sandbox.known.hipchatToken);
    const end = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 6_000);
    sandbox.graph.addEvent({ subject: 'Merger talks', start: new Date(Date.now() - 60_000), end, showAs: 'busy' });
    await tray.menu.click(['Sync now']);
    await world.hipchatShows('dnd', 'In a meeting');
    await world.hipchatShows('chat', '');
    expect(world.log).toContain('debug=true');
  });

  it('plays on sample data, and on a folder of its own', async () => {
    const { main: _, ...options } = world.launchOptions;
    const home = join(folder, 'person');
    const sample = await startApp({ ...options, executable, home, args: ['--sample'] });
    const tray = await world.desktop.tray.waitForItem({ pid: sample.pid });
    await tray.waitFor(({ toolTip }) => toolTip.includes('sample data: Available — next: Do not disturb'));
    expect(existsSync(home)).toBe(false);
    await tray.menu.click(['End sample data']);
    await sample.waitForExit();
    const own = await world.desktop.tray.waitForItem({ notOf: [app.pid, sample.pid] });
    await own.waitFor(({ toolTip }) => toolTip.includes('Not set up yet'));
    process.kill(own.pid ?? 0, 'SIGKILL');
    await world.desktop.tray.waitForNone({ pid: own.pid });
  });

  it('knows what electron-updater wants to know, and no address', () => {
    const written = readFileSync(join(folder, 'linux-unpacked', 'resources', 'app-update.yml'), 'utf8');
    expect(parse(written)).toMatchObject({ provider: 'generic', updaterCacheDirName: 'hipstatus-updater' });
    expect(written.match(/https?:\S+/g)).toEqual(['https://updates.invalid/']);
  });

  it('runs nothing but itself: no Node, no inspector, no code beside the archive', async () => {
    const script = join(folder, 'script.js');
    writeFileSync(script, "console.log('ran as node'); process.exit(0)");
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', HIPSTATUS_HOME: join(folder, 'other') };
    const run = (...args: string[]) =>
      spawnSync(executable, ['--no-sandbox', ...args], { env, encoding: 'utf8', timeout: 4_000 });
    expect(run(script).stdout).not.toContain('ran as node');
    const inspected = run('--inspect=0', '1');
    expect(`${inspected.stdout}${inspected.stderr}`).toContain('HipStatus starts');
    expect(inspected.stderr).not.toContain('Debugger listening');
  });

  it('replaces itself, as an AppImage, by what a feed has', async () => {
    await app.terminate();
    const feed = await UpdateFeed.open(world.sandbox.certificate);
    const [image, mark] = [join(folder, 'HipStatus-2.0.0.AppImage'), join(folder, 'started')];
    writeFileSync(image, 'the old one', { mode: 0o755 });
    // A real one needs FUSE. What is started in its place says so.
    feed.publish({ version: '99.0.0', content: Buffer.from(`#!/bin/sh\necho "$0" > "${mark}"\n`) });
    world.manage({ organisation: { updateFeedUrl: feed.url } });
    const { main: _, ...options } = world.launchOptions;
    const env = { ...options.env, APPIMAGE: image, XDG_CACHE_HOME: join(folder, 'cache') };
    app = await startApp({ ...options, executable, env });
    const { menu } = await world.desktop.tray.waitForItem({ pid: app.pid });
    await menu.click(['Preferences…', 'Look for updates…']);
    await menu.click(['Update to 99.0.0']);
    expect(GOOD_ENDS).toContain(endOf(await app.waitForExit()));
    const started = join(folder, 'HipStatus-99.0.0-linux-x64.AppImage');
    await expect.poll(() => existsSync(mark) && readFileSync(mark, 'utf8')).toBe(`${started}\n`);
    expect(existsSync(image)).toBe(false);
    await feed.close();
  });
});

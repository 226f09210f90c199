// New versions from a feed, in the real app: electron-updater, its AppImage way. The AppImage is a script that starts the app of a
// folder, since a real one needs FUSE; what replaces it and what starts is what would.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needsNoSandbox, resolveElectron } from '../../scripts/electron-runtime.mjs';
import { endOf, GOOD_ENDS } from './harness/app.ts';
import { type Release, UpdateFeed } from './harness/feed.ts';
import { ROOT, World } from './harness/world.ts';

const LOOK = ['Preferences…', 'Look for updates…'];
const FILE = 'HipStatus-2.1.0-linux-x64.AppImage';
const NEW = { version: '2.1.0', content: Buffer.from('a new one') };

describe('updates', () => {
  let world: World;
  let feed: UpdateFeed;
  let image = '';
  const started: number[] = [];

  /** The app of a version, as a folder. */
  function appOf(version: string): string {
    const folder = join(world.folder, `app-${version}`);
    mkdirSync(folder, { recursive: true });
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown>;
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, version }));
    for (const name of ['out', 'assets', 'node_modules']) symlinkSync(join(ROOT, name), join(folder, name));
    return folder;
  }

  /** What stands for an AppImage: starts the app of a version. */
  async function imageOf(version: string): Promise<Buffer> {
    const { path } = await resolveElectron();
    const flags = needsNoSandbox(dirname(path)) ? '--no-sandbox' : '';
    return Buffer.from(`#!/bin/sh\nexec "${path}" ${flags} "${appOf(version)}" 1\n`);
  }

  /** What is said after `act`, in the notification that comes of it. */
  async function said(act: () => Promise<void>): Promise<string> {
    const after = world.desktop.notifications.lastSeq;
    await act();
    const { summary, body } = await world.desktop.notifications.waitFor(() => true, { after });
    return `${summary}: ${body}`;
  }

  const look = () => said(() => world.tray.menu.click(LOOK));
  const menuHas = (label: string) => world.tray.menu.waitForItem([label]);
  const files = (folder: string) => (existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : []);
  const pending = () => files(join(world.folder, 'cache', 'hipstatus-updater', 'pending'));

  /** The program that has taken the place of the one that was started. */
  async function successor() {
    const { pid } = world.app;
    expect(GOOD_ENDS).toContain(endOf(await world.app.waitForExit()));
    await world.desktop.tray.waitForNone({ pid });
    const item = await world.desktop.tray.waitForItem();
    if (item.pid !== undefined) started.push(item.pid);
    expect(item.pid).not.toBe(pid);
    return item;
  }

  beforeEach(async () => {
    world = await World.open({
      isSetUp: true,
      env: ({ folder }) => ({
        APPIMAGE: join(folder, 'HipStatus.AppImage'),
        XDG_CACHE_HOME: join(folder, 'cache'),
        HIPSTATUS_TEST_UPDATE_CONFIG: join(folder, 'app-update.yml'),
      }),
    });
    feed = await UpdateFeed.open(world.sandbox.certificate);
    image = join(world.folder, 'HipStatus.AppImage');
    writeFileSync(image, 'the old one', { mode: 0o755 });
    writeFileSync(join(world.folder, 'app-update.yml'), 'provider: generic\nupdaterCacheDirName: hipstatus-updater\n');
    world.manage({ organisation: { updateFeedUrl: feed.url } });
  });

  afterEach(async () => {
    for (const pid of started.splice(0)) process.kill(pid, 'SIGKILL');
    await world.close();
    await feed.close();
  });

  it('are told of, loaded when the person says so, and installed after the meeting', async () => {
    const content = await imageOf('2.1.0');
    feed.publish({ version: '2.1.0', content, notes: '<ul><li>Starts <b>faster</b></li></ul>' });
    await world.launch();
    expect(await look()).toBe('HipStatus 2.1.0 is there: Click here to see what is new and to update.');
    await menuHas('Update to 2.1.0');
    expect(pending()).toEqual([]);
    await world.meet(600);
    await world.hipchatShows('dnd', 'In a meeting');
    const [notice] = world.desktop.notifications.open.filter(({ summary }) => summary.includes('2.1.0'));
    if (notice === undefined) throw new Error('the notice has gone');
    world.desktop.notifications.click(notice);
    // What is new is read first; it goes only when the person says so there.
    const page = await world.prompt('Preferences');
    await page.getByRole('heading', { name: 'What is new in 2.1.0' }).waitFor();
    expect(await page.locator('.notes').innerText()).toContain('Starts faster');
    expect(pending()).toEqual([]);
    await page.getByRole('button', { name: 'Update to 2.1.0' }).click();
    await menuHas('Updates to 2.1.0 after the meeting');
    expect(pending()).toContain(FILE);
    await world.tray.menu.click(['Sync now']);
    await world.slackShows('In a meeting');
    expect([readFileSync(image, 'utf8'), world.app.running]).toEqual(['the old one', true]);
    world.sandbox.ics.publish('ada', []);
    await world.tray.menu.click(['Sync now']);
    const item = await successor();
    expect(readFileSync(image)).toEqual(content);
    await item.menu.waitForItem(LOOK);
    expect(world.log).toMatch(/\bUpdated\b.*2\.1\.0/);
    await world.hipchatShows('chat', '');
    expect(files(world.folder).filter((name) => name.includes('before-update'))).toEqual([]);
  });

  it('go by themselves where that is wanted, at a quiet time, and not when the person quits in a meeting', async () => {
    world.writeSettings({ ...world.settings, updates: { mode: 'install' } });
    feed.publish({ version: '2.1.0', content: await imageOf('2.1.0') });
    await world.launch();
    await world.meet(600);
    await world.hipchatShows('dnd', 'In a meeting');
    await world.tray.menu.click(LOOK);
    await menuHas('Updates to 2.1.0 after the meeting');
    expect(world.desktop.notifications.all.filter(({ summary }) => summary.includes('2.1.0'))).toEqual([]);
    const { pid } = world.app;
    // The person ends it themselves in the middle of the meeting: that is a quit, and no update.
    await world.tray.menu.click(['Quit HipStatus']);
    await world.app.waitForExit();
    expect(readFileSync(image, 'utf8')).toBe('the old one');
    world.sandbox.ics.publish('ada', []);
    await world.launch();
    await world.hipchatShows('chat', '');
    expect(world.app.pid).not.toBe(pid);
    await world.tray.menu.click(LOOK);
    await successor();
    // What had been loaded before was not loaded again.
    expect(feed.asked.filter((name) => name === FILE)).toHaveLength(1);
  });

  it('tell nobody who asks, and keep no id', async () => {
    feed.publish({ ...NEW, content: await imageOf('2.1.0'), stagingPercentage: 100 });
    await world.launch();
    await look();
    await world.tray.menu.click(['Update to 2.1.0']);
    await successor();
    expect(feed.asked).toEqual(['latest-linux.yml', FILE]);
    const usual =
      /^(host|connection|accept|accept-encoding|accept-language|user-agent|cache-control|pragma|sec-fetch-.*)$/;
    for (const { headers, path } of feed.requests) {
      expect(
        Object.keys(headers).filter((name) => !usual.test(name)),
        path,
      ).toEqual([]);
      expect(headers['user-agent']).toBe('HipStatus');
    }
    expect(world.log).not.toContain(new URL(feed.url).port);
    expect(files(world.home).filter((name) => /updaterId/i.test(name))).toEqual([]);
  });

  it('are not looked for without a feed, and electron-updater is not loaded', async () => {
    world.manage({});
    await world.launch();
    await world.meet(600);
    await world.hipchatShows('dnd', 'In a meeting');
    expect(await world.tray.menu.find(LOOK)).toBeUndefined();
    const isLoaded = () =>
      world.app.electron.evaluate(() => {
        const { _cache } = process.getBuiltinModule('node:module') as unknown as { _cache: object };
        return Object.keys(_cache).some((file) => file.includes('updaterRuntime'));
      });
    expect(await isLoaded()).toBe(false);
    expect(feed.requests).toEqual([]);
    world.manage({ organisation: { updateFeedUrl: feed.url }, updates: { mode: 'off' } });
    await world.tray.menu.click(['Sync now']);
    expect(await world.tray.menu.find(LOOK)).toBeUndefined();
    world.manage({ organisation: { updateFeedUrl: feed.url } });
    await world.tray.menu.waitForItem(LOOK);
    await look();
    expect(await isLoaded()).toBe(true);
  });

  it('say what is wrong with a feed, and install nothing of it', async () => {
    await world.launch();
    const trouble = 'Looking for updates did not work: ';
    const publish = (more: Partial<Release> = {}) => feed.publish({ ...NEW, ...more });
    const update = () => said(() => world.tray.menu.click(['Update to 2.1.0']));

    expect(await look()).toContain(`${trouble}There is no list of versions for this system`);
    for (const list of ['', '<html>Sign in</html>', 'version: newest', '- a\n- b', ': : :\n\t-']) {
      feed.answer('latest-linux.yml', (response) => response.end(list));
      expect(await look(), list).toContain(`${trouble}The list of versions can not be understood`);
    }
    feed.answer('latest-linux.yml', (response) => response.writeHead(503).end());
    expect(await look()).toContain(`${trouble}New versions could not be looked for`);
    feed.answer('latest-linux.yml', (response) => response.writeHead(403).end());
    expect(await look()).toContain(`${trouble}The place of new versions does not let HipStatus in`);
    feed.answer('latest-linux.yml', (response) => response.destroy());
    expect(await look()).toContain(`${trouble}The place of new versions can not be reached`);
    feed.redirect('latest-linux.yml', 'http://updates.example/latest-linux.yml');
    expect(await look()).toContain(`${trouble}The list of versions leads to an address without https`);
    feed.redirect('latest-linux.yml', 'latest-linux.yml');
    expect(await look()).toContain(trouble);
    for (const version of ['2.0.0', '1.9.9']) {
      publish({ version });
      expect(await look()).toBe('HipStatus is up to date: You have version 2.0.0.');
    }
    publish({ stagingPercentage: 0 });
    expect(await look()).toContain('HipStatus is up to date');

    publish({ sha512: createHash('sha512').update('another').digest('base64') });
    expect(await look()).toContain('HipStatus 2.1.0 is there');
    expect(await update()).toContain('What was loaded is not what the list of versions promises');
    publish({ url: 'missing.AppImage' });
    await world.tray.menu.click(LOOK);
    expect(await update()).toContain(trouble);
    publish({ url: 'http://updates.example/HipStatus.AppImage' });
    await world.tray.menu.click(LOOK);
    expect(await update()).toContain('leads to an address without https');
    publish();
    feed.redirect(FILE, FILE);
    await world.tray.menu.click(LOOK);
    expect(await update()).toContain(trouble);
    publish();
    feed.answer(FILE, (response) => {
      response.writeHead(200, { 'content-length': NEW.content.length });
      response.write(NEW.content.subarray(0, 3), () => response.destroy());
    });
    await world.tray.menu.click(LOOK);
    expect(await update()).toContain(trouble);

    expect([readFileSync(image, 'utf8'), world.app.running, pending()]).toEqual(['the old one', true, []]);
    expect(world.log).not.toMatch(/Uncaught|Unhandled/);
  });

  it('follow the channel, are given up when switched off, and may be led elsewhere by https', async () => {
    const settings = world.settings;
    world.writeSettings({ ...settings, updates: { channel: 'beta' } });
    feed.publish({ ...NEW, version: '2.2.0-beta.1' }, 'beta');
    feed.publish(NEW);
    feed.answer('HipStatus-2.2.0-beta.1-linux-x64.AppImage', (response) => {
      response.writeHead(200, { 'content-length': 1_000_000 });
      response.write('slowly');
    });
    await world.launch();
    expect(await look()).toContain('HipStatus 2.2.0-beta.1 is there');
    await world.tray.menu.click(['Update to 2.2.0-beta.1']);
    await menuHas('Loading version 2.2.0-beta.1…');
    world.writeSettings({ ...settings, updates: { mode: 'off' } });
    await world.tray.menu.waitFor((items) => items.every(({ label }) => !label.includes('2.2.0')));
    expect(await world.tray.menu.find(LOOK)).toBeUndefined();
    world.writeSettings(settings);
    await world.tray.menu.waitForItem(LOOK);
    await menuHas('Update to 2.1.0');
    expect(pending()).toEqual([]);
    expect(world.log).not.toMatch(/Uncaught|Unhandled/);
    feed.answer('elsewhere', (response) => response.end(content));
    const content = await imageOf('2.1.0');
    feed.publish({ version: '2.1.0', content });
    feed.redirect(FILE, 'elsewhere');
    await world.tray.menu.click(LOOK);
    await world.tray.menu.click(['Update to 2.1.0']);
    await successor();
    expect(readFileSync(image)).toEqual(content);
  });

  it('that can not be put in place bring the app back as it was, and are not tried again by themselves', async () => {
    world.writeSettings({ ...world.settings, updates: { mode: 'install' } });
    const old = await imageOf('2.0.0');
    writeFileSync(image, old);
    feed.publish(NEW);
    await world.launch();
    // What was loaded is gone when it is to be put in place.
    await world.meet(600);
    await world.hipchatShows('dnd', 'In a meeting');
    await world.tray.menu.click(LOOK);
    await menuHas('Updates to 2.1.0 after the meeting');
    rmSync(join(world.folder, 'cache'), { recursive: true });
    world.sandbox.ics.publish('ada', []);
    await world.tray.menu.click(['Sync now']);
    const item = await successor();
    expect(readFileSync(image)).toEqual(old);
    await item.menu.waitForItem(LOOK);
    expect(world.log).toMatch(/The update could not be installed/);
    await expect.poll(() => world.log, { timeout: 10_000 }).toMatch(/The update was not installed/);
    await item.menu.click(LOOK);
    await item.menu.waitForItem(['Update to 2.1.0']);
  });
});

// The app on sample data: the real app, started with --sample, on its own invented services.
import {
  existsSync,
  type FSWatcher,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SECRET_KINDS } from '../../src/core/secretNames.ts';
import { type AppOptions, type AppProcess, endOf, GOOD_ENDS, launchApp, startApp } from './harness/app.ts';
import { axeFindings } from './harness/axe.ts';
import { type Desktop, openDesktop, type TrayItem } from './harness/desktop.ts';
import { keychain } from './harness/keychain.ts';
import { listeners } from './harness/listeners.ts';
import { screenshot } from './harness/screenshots.ts';
import { Changes } from './harness/wait.ts';
import { ROOT } from './harness/world.ts';

const ADA = 'ada@contoso.example';

/** 127.0.0.1 as /proc/net/tcp has it. */
const LOOPBACK = '0100007F';

/** Every file of a folder with what is in it and when it was written. */
const filesOf = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file, `${statSync(file).mtimeMs} ${readFileSync(file, 'latin1')}`]),
  );

const keychainItems = () => SECRET_KINDS.map((kind) => keychain.search({ service: `com.jamfsw.hipstatus.${kind}` }));

describe('sample data', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sample-world-'));
  const home = join(folder, 'home');
  const temporary = join(folder, 'tmp');
  const config = join(folder, 'config');
  const managed = join(folder, 'managed.json');
  const changes = new Changes();
  let watcher: FSWatcher;
  let desktop: Desktop;
  let app: AppProcess | null = null;

  beforeAll(async () => {
    for (const made of [home, temporary, config]) mkdirSync(made);
    // What the organisation says must not get in: this would lead to nobody.
    writeFileSync(managed, JSON.stringify({ email: 'grace@contoso.example', launchAtLogin: true }));
    watcher = watch(temporary, () => changes.notify());
    desktop = await openDesktop();
  });

  afterEach(async () => {
    if (app?.running === true) await app.kill9();
    // And what a relaunch has brought.
    for (const { pid } of desktop.tray.items) if (pid !== undefined && pid !== app?.pid) process.kill(pid, 'SIGKILL');
  });

  afterAll(async () => {
    watcher?.close();
    await desktop?.close();
  });

  function optionsOf(options: { args: readonly string[]; env?: Record<string, string> }): AppOptions {
    const env = {
      HIPSTATUS_MANAGED: managed,
      TMPDIR: temporary,
      XDG_CONFIG_HOME: config,
      TZ: 'Europe/Berlin',
      LANGUAGE: 'en',
      ...options.env,
    };
    return { main: ROOT, home, env, args: options.args };
  }

  async function start(options: { args: readonly string[]; env?: Record<string, string> }): Promise<TrayItem> {
    app = await startApp(optionsOf(options));
    return desktop.tray.waitForItem({ pid: app.pid });
  }

  const sampleHomes = () => readdirSync(temporary).filter((name) => name.startsWith('hipstatus-sample-'));

  const sampleHomesAre = (count: number) =>
    changes.until(
      () => sampleHomes().length === count,
      { what: `${count} homes of sample data`, timeoutMs: 20_000 },
      () => readdirSync(temporary, { recursive: true }).join(' '),
    );

  /** What a stand-in says; null on every other port. */
  async function ask(path: string, headers: Record<string, string>): Promise<Record<string, unknown> | null> {
    for (const { port } of listeners(app?.pid ?? 0)) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
      if (answer.ok) return (await answer.json()) as Record<string, unknown>;
      await answer.body?.cancel();
    }
    return null;
  }

  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const hipchat = async () => (await ask(`/v2/user/${ADA}`, bearer('sample-hipchat-token')))?.['presence'];
  const mattermost = async () => (await ask('/api/v4/users/me/status', bearer('sample-mattermost-token')))?.['status'];
  const rocketchat = async () =>
    (await ask('/api/v1/me', { 'x-user-id': 'sampleAdaLovelace', 'x-auth-token': 'sample-rocketchat-token' }))?.[
      'statusDefault'
    ];

  it('shows within a minute how a meeting changes the chats, and touches nothing of the person', async () => {
    const before = { home: filesOf(home), keychain: keychainItems() };
    const began = Date.now();
    const tray = await start({ args: ['--sample', '1'] });
    await tray.waitFor(({ toolTip }) => toolTip.includes('HipStatus with sample data: Available — next: Do not'));
    await tray.menu.waitForItem(['Sample data']);
    await tray.menu.waitForItem(['Preferences…', 'Accounts', 'Add a chat… (sample data)']);
    expect(await mattermost()).toBe('online');
    expect(await hipchat()).toMatchObject({ show: 'chat', status: '' });
    await tray.waitFor(({ toolTip }) => toolTip.includes('HipStatus with sample data: Do not disturb'), {
      timeoutMs: 60_000,
    });
    await desktop.notifications.waitFor(({ summary }) => summary.includes('Do not disturb'), { timeoutMs: 20_000 });
    expect(await hipchat()).toMatchObject({ show: 'dnd', status: 'In a meeting' });
    expect(await mattermost()).toBe('dnd');
    expect(await rocketchat()).toBe('busy');
    expect(Date.now() - began).toBeLessThan(60_000);
    expect(listeners(app?.pid ?? 0).every(({ address }) => address === LOOPBACK)).toBe(true);
    expect({ home: filesOf(home), keychain: keychainItems() }).toEqual(before);
    expect(existsSync(join(config, 'autostart'))).toBe(false);
    expect(sampleHomes()).toHaveLength(1);
  });

  it.each(['en', 'de'])('shows the invented day, and says that it is invented (%s)', async (language) => {
    const launched = await launchApp(optionsOf({ args: ['--sample'], env: { LANGUAGE: language } }));
    app = launched;
    const tray = await desktop.tray.waitForItem({ pid: app.pid });
    await tray.waitFor(({ toolTip }) => /Do not disturb|Nicht stören/.test(toolTip));
    await tray.menu.click([/^(Show today|Heute anzeigen)$/]);
    const page = await launched.waitForWindow((one) => one.url().includes('/today/'));
    const said =
      language === 'en' ? 'Sample data: everything here is invented' : 'Beispieldaten: Alles hier ist erfunden';
    await page.getByRole('note').filter({ hasText: said }).waitFor();
    // Short events have no room for their words in the picture; they are there for who looks closer.
    for (const there of [language === 'en' ? 'Stand-up' : 'Mittagspause', 'Rocket.Chat']) {
      await page.getByText(there).first().waitFor({ state: 'attached' });
    }
    expect(await page.title()).not.toBe('');
    expect(await screenshot(page, `sample-today-${language}`)).toContain('sample-today');
  });

  it('ends when the person says so, and the first set-up is as before', async () => {
    const tray = await start({ args: ['--sample'] });
    const pid = app?.pid ?? 0;
    await tray.menu.click(['End sample data']);
    const ended = await app?.waitForExit();
    expect(GOOD_ENDS).toContain(ended && endOf(ended));
    const own = await desktop.tray.waitForItem({ notOf: [pid] });
    const { toolTip } = await own.waitFor((state) => state.toolTip.includes('Not set up yet'));
    expect(toolTip).not.toContain('sample');
    expect(readFileSync(`/proc/${own.pid}/cmdline`, 'utf8')).not.toContain('--sample');
    await sampleHomesAre(0);
  });

  it('leaves no folder, neither after a quit nor after a kill', async () => {
    const tray = await start({ args: ['--sample'], env: { LANGUAGE: 'de' } });
    await tray.waitFor(({ toolTip }) => toolTip.includes('HipStatus mit Beispieldaten'));
    await tray.menu.waitForItem(['Beispieldaten beenden']);
    await tray.menu.click(['HipStatus beenden']);
    const ended = await app?.waitForExit();
    expect(GOOD_ENDS).toContain(ended && endOf(ended));
    await sampleHomesAre(0);
    const again = await start({ args: ['--sample'] });
    await again.waitFor(({ toolTip }) => toolTip.includes('Available'));
    expect(sampleHomes()).toHaveLength(1);
    await app?.kill9();
    await sampleHomesAre(0);
  });

  it('is tidied up by the next start where it could not do so itself', async () => {
    const left = join(temporary, 'hipstatus-sample-left');
    mkdirSync(join(left, 'run'), { recursive: true });
    // A released lock, as a program that has ended leaves it.
    writeFileSync(join(left, 'run', 'writer.1.lock'), JSON.stringify({ pid: 0, started: '' }));
    await start({ args: [] });
    await sampleHomesAre(0);
  });

  it.each([
    ['preferences', ['Preferences…', 'All preferences…']],
    ['activity', ['Why…']],
  ] as const)('says so in the window %s too', async (name, item) => {
    const launched = await launchApp(optionsOf({ args: ['--sample'] }));
    app = launched;
    const tray = await desktop.tray.waitForItem({ pid: app.pid });
    await tray.menu.click([...item]);
    const page = await launched.waitForWindow((one) => one.url().includes(`/${name}/`));
    await page.getByRole('main').getByRole('note').filter({ hasText: 'everything here is invented' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await screenshot(page, `sample-${name}`)).toContain(`sample-${name}`);
    // With its window open.
    expect(GOOD_ENDS).toContain(endOf(await app.terminate()));
  });
});

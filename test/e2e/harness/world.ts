import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { type Exchange, type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { type AppOptions, type LaunchedApp, launchApp } from './app.ts';
import { type Desktop, openDesktop, type TrayItem } from './desktop.ts';
import { keychain } from './keychain.ts';
import { Opened } from './opened.ts';
import { Changes, type WaitOptions } from './wait.ts';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');
export const EMAIL = 'ada@contoso.example';
export const HELP_DESK = 'https://help.contoso.example/new';
export const TOKEN_PAGE = 'https://hipchat.contoso.example/account/api';

/** The keychain items of JAMF's HipStatus and ours, as another program names them. */
export const item = (kind: string, username: string = EMAIL) => ({ service: `com.jamfsw.hipstatus.${kind}`, username });

export interface WorldOptions {
  /** Merged over the managed settings that lead to the sandbox. */
  readonly managed?: Record<string, unknown>;
  /** The person's settings file before the first start; a text is written as it is. */
  readonly settings?: Record<string, unknown> | string;
  /** The person has used HipStatus before: tokens are in the keychain, a published calendar and both chats are set up. */
  readonly isSetUp?: boolean;
  /** Added to the app's environment. */
  readonly env?: (world: World) => Readonly<Record<string, string>>;
}

async function orClosed(page: Page, work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!page.isClosed() && !String(error).includes('has been closed')) throw error;
  });
}

/** The sandbox, the desktop, a home folder and the real app in it. */
export class World {
  readonly sandbox: Sandbox;
  readonly desktop: Desktop;
  readonly opened: Opened;
  readonly folder: string;
  readonly home: string;
  readonly managedFile: string;
  readonly #changes = new Changes();
  #app: LaunchedApp | null = null;
  #tray: TrayItem | null = null;
  #env: Readonly<Record<string, string>> = {};

  private constructor(sandbox: Sandbox, desktop: Desktop, folder: string) {
    this.sandbox = sandbox;
    this.desktop = desktop;
    this.folder = folder;
    this.home = join(folder, 'home');
    this.managedFile = join(folder, 'managed.json');
    const ca = join(folder, 'ca.pem');
    writeFileSync(ca, sandbox.certificate.cert);
    const browser = join(ROOT, 'test/e2e/harness/browse.ts');
    this.opened = new Opened({ handler: [process.execPath, '--import', 'tsx', browser, ca, EMAIL] });
    sandbox.onExchange(() => this.#changes.notify());
  }

  static async open(options: WorldOptions = {}): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), 'hipstatus-world-'));
    const world = new World(await startSandbox(), await openDesktop(), folder);
    const { sandbox } = world;
    world.manage(options.managed ?? {});
    for (const kind of ['hctoken', 'slacktoken']) keychain.clear(item(kind));
    keychain.clear(item('msalcache', 'microsoft365'));
    mkdirSync(world.home, { recursive: true });
    world.#env = options.env?.(world) ?? {};
    if (options.isSetUp === true) {
      keychain.store(item('hctoken'), sandbox.known.hipchatToken);
      keychain.store(item('slacktoken'), sandbox.known.slackToken);
      keychain.store(item('icsaddress', 'ics'), sandbox.ics.publish('ada', []));
      world.writeSettings({
        email: EMAIL,
        calendars: [{ id: 'ics', provider: 'ics', name: 'Published calendar', username: '' }],
        chats: [
          { id: 'hipchat', provider: 'hipchat', email: '' },
          { id: 'slack', provider: 'slack', email: '' },
        ],
        ...(typeof options.settings === 'object' ? options.settings : {}),
      });
    } else if (options.settings !== undefined) {
      world.writeSettings(options.settings);
    }
    return world;
  }

  /** Writes the organisation's settings: those that lead to the sandbox, and `more`. */
  manage(more: Record<string, unknown>): void {
    const { sandbox, folder, managedFile } = this;
    const { organisation = {}, ...others } = more as { organisation?: Record<string, unknown> };
    const managed = {
      ...others,
      organisation: {
        graphAuthority: new URL(sandbox.urls.authority).origin,
        graphBaseUrl: new URL(sandbox.urls.graph).origin,
        graphClientId: sandbox.known.clientId,
        hipchatServer: new URL(sandbox.urls.hipchat).origin,
        hipchatTokenUrl: TOKEN_PAGE,
        slackApiUrl: sandbox.urls.slack,
        helpDeskUrl: HELP_DESK,
        trustedCertificateFiles: [join(folder, 'ca.pem')],
        ...organisation,
      },
    };
    writeFileSync(managedFile, JSON.stringify(managed));
  }

  writeSettings(settings: Record<string, unknown> | string): void {
    const text = typeof settings === 'string' ? settings : JSON.stringify(settings);
    writeFileSync(join(this.home, 'settings.json'), text, { mode: 0o600 });
  }

  get settings(): Record<string, unknown> {
    return JSON.parse(readFileSync(join(this.home, 'settings.json'), 'utf8')) as Record<string, unknown>;
  }

  /** What the app is started with. */
  get launchOptions(): AppOptions {
    const env = {
      ...this.opened.env,
      HIPSTATUS_MANAGED: this.managedFile,
      TZ: 'Europe/Berlin',
      ...this.#env,
    };
    return { main: ROOT, home: this.home, env, args: ['1'] };
  }

  /** Starts the app, with more arguments if there are any, and waits for its icon. */
  async launch(...more: readonly string[]): Promise<LaunchedApp> {
    const options = this.launchOptions;
    this.#app = await launchApp({ ...options, args: [...(options.args ?? []), ...more] });
    this.#tray = await this.desktop.tray.waitForItem({ pid: this.#app.pid });
    return this.#app;
  }

  get app(): LaunchedApp {
    if (this.#app === null) throw new Error('the app was not started');
    return this.#app;
  }

  get tray(): TrayItem {
    if (this.#tray === null) throw new Error('the app was not started');
    return this.#tray;
  }

  /** Waits for a prompt by its title. */
  prompt(title: string | RegExp): Promise<Page> {
    const fits = (text: string) => (typeof title === 'string' ? text === title : title.test(text));
    return this.app.waitForWindow(
      async (page) => fits((await page.locator('h1').first().textContent({ timeout: 2_000 })) ?? ''),
      { what: `the prompt ${title}` },
    );
  }

  /** Waits for the Welcome window, and for its step to say this. */
  async welcome(heading: string | RegExp): Promise<Page> {
    const page = await this.prompt('Welcome to HipStatus');
    await page.getByRole('heading', { level: 2, name: heading }).waitFor();
    return page;
  }

  /** Types an answer into the first field and presses Enter. */
  async answer(page: Page, value: string): Promise<void> {
    await page.locator('input').first().fill(value);
    await this.press(page, 'Enter');
  }

  /** Presses a key; the window may close by it before Playwright has its answer. */
  press(page: Page, key: string): Promise<void> {
    return orClosed(page, page.keyboard.press(key));
  }

  /** Clicks a button; the window may close by it too. */
  click(page: Page, name: string): Promise<void> {
    return orClosed(page, page.getByRole('button', { name }).click());
  }

  /** The same, where the name is part of another one's. */
  clickExactly(page: Page, name: string): Promise<void> {
    return orClosed(page, page.getByRole('button', { name, exact: true }).click());
  }

  /** Waits until something that the services see is so. */
  until<T>(look: () => T | undefined | false | Promise<T | undefined | false>, options: WaitOptions): Promise<T> {
    return this.#changes.until(
      look,
      options,
      () => `${this.lastExchanges()}\n${this.log.split('\n').slice(-25).join('\n')}`,
    );
  }

  /** Waits for a request that fits, from `since` on, an index of the journal. */
  exchange(fits: (exchange: Exchange) => boolean, what: string, since: number): Promise<Exchange> {
    return this.until(() => this.sandbox.exchanges.slice(since).find(fits), { what, timeoutMs: 30_000 });
  }

  lastExchanges(): string {
    return this.sandbox.exchanges
      .slice(-12)
      .map(({ service, method, path, status }) => `${service} ${method} ${path} ${status}`)
      .join('\n');
  }

  /** Waits until HipChat shows this. */
  hipchatShows(show: string, status: string): Promise<unknown> {
    return this.until(
      () => {
        const { presence } = this.sandbox.hipchat.user(EMAIL);
        return presence !== null && presence.show === show && presence.status === status;
      },
      { what: `HipChat to show ${show} "${status}"`, timeoutMs: 40_000 },
    );
  }

  /** Waits until Slack shows this text. */
  slackShows(text: string): Promise<unknown> {
    return this.until(async () => (await this.sandbox.slack.status()).status_text === text, {
      what: `Slack to show "${text}"`,
      timeoutMs: 40_000,
    });
  }

  /** The published calendar holds one meeting from a minute ago for `seconds` from now; the app is told to look. */
  async meet(seconds: number, more: { readonly summary?: string } = {}): Promise<Date> {
    const end = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + seconds * 1_000);
    const start = new Date(end.getTime() - (seconds + 60) * 1_000);
    this.sandbox.ics.publish('ada', [
      { uid: `meeting-${end.getTime()}`, summary: more.summary ?? 'Merger talks', start, end },
    ]);
    await this.tray.menu.click(['Sync now']);
    return end;
  }

  /** Nothing is on, nothing is wrong, and the chats show nothing. */
  async quiet(): Promise<void> {
    const { ics, hipchat, slack, graph } = this.sandbox;
    for (const service of [ics, hipchat, slack, graph]) service.clearFaults();
    ics.publish('ada', []);
    graph.clear();
    hipchat.setPresence(EMAIL, 'chat', '');
    await slack.setStatus('', '');
    for (const name of ['claims.json', 'claims.copy.json']) rmSync(join(this.home, name), { force: true });
  }

  /** Every file of the home folder as one text. */
  homeText(): string {
    const files = readdirSync(this.home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n');
  }

  get log(): string {
    return readFileSync(join(this.home, 'logs', 'HipStatus.log'), 'utf8');
  }

  /** Ends all. The folder goes with the session's own temporary folder: the app's helpers may still write to it. */
  async close(): Promise<void> {
    if (this.#app?.running === true) await this.#app.kill9();
    this.opened.close();
    await this.desktop.close();
    await this.sandbox.close();
  }
}

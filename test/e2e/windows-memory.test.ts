// Every kind of window is opened and closed 20 times: nothing of it stays, neither windows nor processes, listeners or memory.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processesOf, totalWritten } from '../bench/processes.ts';
import { World } from './harness/world.ts';

const ROUNDS = 20;
/** The app tidies up three seconds after a window was closed; then Chromium's processes are at rest. */
const SETTLE_MS = 6_000;
/** Of what is in use after each window was open once. What the first one costs once is measured by `npm run bench:windows`. */
const MOST_GROWTH = 1.15;

/** How a person opens each, and the folder of its page. */
const WINDOWS: readonly { readonly name: string; readonly page: string; readonly item: readonly string[] | null }[] = [
  { name: 'today', page: 'today', item: null },
  { name: 'preferences', page: 'preferences', item: ['Preferences…', 'All preferences…'] },
  { name: 'why', page: 'activity', item: ['Why…'] },
  { name: 'activity', page: 'activity', item: ['Activity…'] },
  { name: 'welcome', page: 'welcome', item: ['Set up HipStatus…'] },
  { name: 'checks', page: 'checks', item: ['Preferences…', 'Check the connections…'] },
  { name: 'prompt', page: 'prompt', item: ['Preferences…', 'Status message…'] },
];

const mb = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

describe('windows that are opened and closed again and again', () => {
  let world: World;

  const pageOf = (name: string): Promise<Page> =>
    world.app.waitForWindow((one) => one.url().includes(`/${name}/`), { what: `the window ${name}` });
  const close = async (page: Page): Promise<void> => {
    await page.locator('h1').first().waitFor({ state: 'attached' });
    const closed = page.waitForEvent('close');
    await world.press(page, 'Escape');
    await closed;
  };
  const openAndClose = async ({ page, item }: (typeof WINDOWS)[number]): Promise<void> => {
    if (item === null) await world.tray.activate();
    else await world.tray.menu.click(item);
    await close(await pageOf(page));
  };
  const renderers = () => processesOf(world.app.pid).filter(({ type }) => type === 'renderer').length;
  const settled = async (): Promise<number> => {
    await expect.poll(renderers, { timeout: 10_000 }).toBe(0);
    await sleep(SETTLE_MS);
    return totalWritten(processesOf(world.app.pid));
  };
  /** How many listeners there are, at what outlives the windows. */
  const listeners = () =>
    world.app.electron.evaluate(({ app, ipcMain, nativeTheme, powerMonitor, screen, session }) => {
      const places = { app, ipcMain, nativeTheme, powerMonitor, screen, session: session.defaultSession };
      return Object.fromEntries(
        Object.entries(places).map(([name, place]) => {
          const emitter = place as NodeJS.EventEmitter;
          return [name, emitter.eventNames().reduce((sum, event) => sum + emitter.listenerCount(event), 0)];
        }),
      );
    });
  /** How often a window is asked whether it is still there while the engine tells its state: a session that stays would ask. */
  const askedOf = async (change: () => Promise<void>): Promise<number> => {
    const asked = () =>
      world.app.electron.evaluate(() => (globalThis as unknown as { asked: { count: number } }).asked.count);
    const before = await asked();
    await change();
    return (await asked()) - before;
  };
  const pauseAndResume = async (): Promise<void> => {
    await world.tray.menu.click(['Pause HipStatus']);
    await world.tray.menu.click(['Resume HipStatus']);
    await world.tray.menu.waitForItem(['Pause HipStatus']);
  };

  beforeAll(async () => {
    // With a first start that is not done, its window can be opened too; it opens by itself at the start.
    world = await World.open({ isSetUp: true, settings: { language: 'en', welcome: 'begun' } });
    await world.launch();
    await close(await pageOf('welcome'));
    await world.app.electron.evaluate(({ app, BrowserWindow }) => {
      const given = globalThis as unknown as { asked: { count: number }; made: WeakRef<object>[] };
      given.asked = { count: 0 };
      given.made = [];
      app.on('browser-window-created', (_event, window) => {
        given.made.push(new WeakRef(window), new WeakRef(window.webContents));
      });
      let place = BrowserWindow.prototype as object;
      while (!Object.hasOwn(place, 'isDestroyed')) place = Object.getPrototypeOf(place) as object;
      const known = place as { isDestroyed: () => boolean };
      const { isDestroyed } = known;
      known.isDestroyed = function (this: object) {
        given.asked.count += 1;
        return isDestroyed.call(this);
      };
    });
  });

  afterAll(() => world?.close());

  it('leave nothing behind', async () => {
    const idle = await settled();
    for (const one of WINDOWS) await openAndClose(one);
    const first = await settled();
    const before = await listeners();
    for (let round = 1; round < ROUNDS; round += 1) for (const one of WINDOWS) await openAndClose(one);
    const last = await settled();
    process.stdout.write(
      `memory of ${WINDOWS.length} windows: idle ${mb(idle)}; each opened once ${mb(first)}; ${ROUNDS} times ${mb(last)} ` +
        `(ratio ${(last / first).toFixed(3)})\n`,
    );
    expect(await listeners()).toEqual(before);
    expect(last).toBeLessThan(first * MOST_GROWTH);

    const left = await world.app.electron.evaluate(({ app, BrowserWindow, webContents }) => ({
      windows: BrowserWindow.getAllWindows().length,
      contents: webContents.getAllWebContents().length,
      tabs: app.getAppMetrics().filter(({ type }) => type === 'Tab').length,
    }));
    expect(left).toEqual({ windows: 0, contents: 0, tabs: 0 });
    expect(renderers()).toBe(0);
  }, 300_000);

  it('leave no object of theirs in memory, and nobody who listens to the engine', async () => {
    const alive = () =>
      world.app.electron.evaluate(() => {
        const { made } = globalThis as unknown as { made: WeakRef<object>[] };
        return { made: made.length, alive: made.filter((one) => one.deref() !== undefined).length };
      });
    expect((await alive()).made).toBeGreaterThanOrEqual(2 * ROUNDS * WINDOWS.length);
    await expect.poll(async () => (await alive()).alive, { timeout: 15_000, interval: 500 }).toBe(0);
    expect(await askedOf(pauseAndResume)).toBe(0);
    // The measure itself: an open window is asked.
    await world.tray.activate();
    const today = await pageOf('today');
    await today.locator('h1').waitFor();
    await today.getByRole('button', { name: 'Pause…' }).waitFor();
    const whileOpen = await askedOf(async () => {
      await today.getByRole('button', { name: 'Pause…' }).click();
      await today.getByRole('button', { name: 'For 30 min' }).click();
      await today.getByRole('button', { name: 'Resume' }).click();
      await today.getByRole('button', { name: 'Pause…' }).waitFor();
    });
    expect(whileOpen).toBeGreaterThan(0);
    await close(today);
  });
});

// The measuring half of `npm run bench:windows`: runs inside a desktop session (see scripts/bench-windows.mjs).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { type LaunchedApp, launchApp } from '../../e2e/harness/app.ts';
import type { TrayItem } from '../../e2e/harness/tray.ts';
import { root } from '../apps.ts';
import { openDesk } from '../desk.ts';
import { openPerson } from '../person.ts';
import { processesOf, totalOwn } from '../processes.ts';

const { values } = parseArgs({ options: { json: { type: 'string' }, quick: { type: 'boolean', default: false } } });
const plan = values.quick ? { clicks: 6, rounds: 5 } : { clicks: 30, rounds: 20 };

/** The windows of the app, each with how a person opens it and its folder. */
const WINDOWS: readonly { readonly page: string; readonly open: (item: TrayItem) => Promise<void> }[] = [
  { page: 'today', open: (item) => item.activate() },
  { page: 'prompt', open: (item) => item.menu.click([/^Preferences/, /^Status message/]) },
  { page: 'preferences', open: (item) => item.menu.click([/^Preferences/, /^All preferences/]) },
  { page: 'activity', open: (item) => item.menu.click([/^Activity/]) },
  { page: 'checks', open: (item) => item.menu.click([/^Preferences/, /^Check the connections/]) },
];

/** After the app's own tidying up (three seconds) and Chromium's processes have ended. */
const SETTLE_MS = 6_000;

const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};
const say = (line: string) => process.stdout.write(`${line}\n`);
const mb = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

/** The moment at which a window's page was painted for the first time: only then is there something to see. */
const paintedAt = (page: Page): Promise<number> =>
  page.evaluate<number>(`new Promise((done) => {
    const told = () => performance.getEntriesByName('first-contentful-paint')[0];
    const tell = (entry) => done(performance.timeOrigin + entry.startTime);
    if (told()) tell(told());
    else new PerformanceObserver((list) => list.getEntriesByName('first-contentful-paint').forEach(tell))
      .observe({ type: 'paint', buffered: true });
  })`);

/** As the person does with the window's own button, or the system's keys for it. */
async function close(app: LaunchedApp, page: Page): Promise<void> {
  const closed = page.waitForEvent('close');
  const window = await app.electron.browserWindow(page);
  await window.evaluate((open) => setImmediate(() => open.close()));
  await closed;
}

const pageOf = (app: LaunchedApp, name: string) => app.waitForWindow((page) => page.url().includes(`/${name}/`));

/** From the click until the panel is there and painted; milliseconds. */
async function click(app: LaunchedApp, item: TrayItem): Promise<number> {
  const shown = app.electron.evaluate(
    ({ app: running }) =>
      new Promise<number>((done) => {
        running.once('browser-window-created', (_event, window) => window.once('show', () => done(Date.now())));
      }),
  );
  // The listener is there before the click.
  await app.electron.evaluate(() => undefined);
  const began = Date.now();
  await item.activate();
  const page = await pageOf(app, 'today');
  const seen = Math.max(await shown, await paintedAt(page)) - began;
  await close(app, page);
  return seen;
}

/** The same Electron, the same moment: a window with one word in it, until it is shown and painted; milliseconds. */
async function bareWindow(app: LaunchedApp): Promise<number> {
  return app.electron.evaluate(
    ({ BrowserWindow }) =>
      new Promise<number>((done) => {
        const began = Date.now();
        const window = new BrowserWindow({
          width: 440,
          height: 480,
          show: false,
          frame: false,
          webPreferences: { sandbox: true },
        });
        window.once('ready-to-show', () => window.show());
        window.once('show', () => {
          done(Date.now() - began);
          setTimeout(() => window.destroy(), 50);
        });
        void window.loadURL('data:text/html,<p>Today</p>');
      }),
  );
}

async function measure(folder: string) {
  const desk = await openDesk();
  const person = await openPerson(join(folder, 'home'));
  const since = Date.now();
  const app = await launchApp({ main: root, env: { HIPSTATUS_HOME: person.home } });
  try {
    const item = await desk.tray.waitForItem({ pid: app.pid });
    while (person.unsynced(since).length > 0) await sleep(200);
    await sleep(SETTLE_MS);
    const use = () => totalOwn(processesOf(app.pid));
    const idle = use();
    // Files come into the page cache.
    await click(app, item);
    const clicks: number[] = [];
    const bare: number[] = [];
    for (let at = 0; at < plan.clicks; at += 1) {
      bare.push(await bareWindow(app));
      await sleep(300);
      clicks.push(await click(app, item));
      await sleep(300);
    }
    const [panel, floor] = [median(clicks), median(bare)];
    say(
      `Today, from the click to something to see: median ${panel} ms of ${plan.clicks} (aim 150); worst ${Math.max(...clicks)} ms`,
    );
    say(`a bare window in the same app: median ${floor} ms; ratio ${(panel / floor).toFixed(2)}`);
    await sleep(SETTLE_MS);
    const warm = use();
    say(`memory: idle ${mb(idle)}; after the panel's first times ${mb(warm)}`);
    const after: Record<string, number> = {};
    for (const { page: name, open } of WINDOWS) {
      const before = use();
      for (let round = 0; round < plan.rounds; round += 1) {
        await open(item);
        const page = await pageOf(app, name);
        await page.locator('h1').first().waitFor();
        await close(app, page);
      }
      await sleep(SETTLE_MS);
      after[name] = use();
      say(
        `${name}: after ${plan.rounds} times open and closed ${mb(after[name])} (before ${mb(before)}, ratio to idle ${(after[name] / idle).toFixed(3)})`,
      );
    }
    return { clicks, bare, idle, warm, after };
  } finally {
    if (app.running) await app.quit();
    await person.close();
    await desk.close();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'hipstatus-bench-'));
try {
  const results = await measure(folder);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

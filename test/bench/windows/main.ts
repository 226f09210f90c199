// The measuring half of `npm run bench:windows`: runs inside a desktop session (see scripts/bench-windows.mjs).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { type AppProcess, type LaunchedApp, launchApp, startApp } from '../../e2e/harness/app.ts';
import type { TrayItem } from '../../e2e/harness/tray.ts';
import { root } from '../apps.ts';
import { type Desk, openDesk } from '../desk.ts';
import { openPerson } from '../person.ts';
import { processesOf, totalWritten } from '../processes.ts';

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
const PATIENCE_MS = 10_000;
/** So that a click is none of a double click, and the panel's process has ended. */
const BETWEEN_MS = 500;
/** How HipStatus logs it, and how the bare app says it. */
const SHOWN = /(?:Window shown[^\n]*|"shown",")milliseconds\W+(\d+)/g;

const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};
const say = (line: string) => process.stdout.write(`${line}\n`);
const mb = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

/** As the person does with the window's own button, or the system's keys for it. */
async function close(app: LaunchedApp, page: Page): Promise<void> {
  const closed = page.waitForEvent('close');
  const window = await app.electron.browserWindow(page);
  await window.evaluate((open) => setImmediate(() => open.close()));
  await closed;
}

const pageOf = (app: LaunchedApp, name: string) => app.waitForWindow((page) => page.url().includes(`/${name}/`));

/** How soon a panel is there after a click on the icon, by the app's own word: no debugger holds the page up. Milliseconds. */
async function clicks(process: AppProcess, item: TrayItem, count: number): Promise<readonly number[]> {
  const told = () => [...process.output.matchAll(SHOWN)].map(([, milliseconds]) => Number(milliseconds));
  // Files come into the page cache at the first time.
  for (let at = 0; at <= count; at += 1) {
    await item.activate();
    const until = Date.now() + PATIENCE_MS;
    while (told().length <= at) {
      if (Date.now() > until) throw new Error(`no panel was shown; the app printed:\n${process.output.slice(-2_000)}`);
      await sleep(10);
    }
    await sleep(BETWEEN_MS);
    await item.activate();
    await sleep(BETWEEN_MS);
  }
  return told().slice(1);
}

/** One app after the other, since each has its own icon; each is quiet before it is clicked. */
async function panels(desk: Desk, home: string) {
  const measured: number[][] = [];
  for (const options of [
    { main: root, env: { HIPSTATUS_HOME: home }, args: ['1'] },
    { main: join(root, 'test', 'bench', 'bare-tray') },
  ]) {
    const started = await startApp(options);
    try {
      const item = await desk.tray.waitForItem({ pid: started.pid });
      await sleep(SETTLE_MS);
      measured.push([...(await clicks(started, item, plan.clicks))]);
    } finally {
      await started.terminate();
    }
  }
  const [ours = [], bare = []] = measured;
  return { ours, bare };
}

async function measure(folder: string) {
  const desk = await openDesk();
  const person = await openPerson(join(folder, 'home'));
  const panel = await panels(desk, person.home);
  const [ours, floor] = [median(panel.ours), median(panel.bare)];
  say(
    `Today, from the click until it is shown: median ${ours} ms of ${plan.clicks} (aim 150); worst ${Math.max(...panel.ours)} ms`,
  );
  say(`a bare app's panel with one word in it: median ${floor} ms; ratio ${(ours / floor).toFixed(2)}`);
  const since = Date.now();
  const app = await launchApp({ main: root, env: { HIPSTATUS_HOME: person.home } });
  try {
    const item = await desk.tray.waitForItem({ pid: app.pid });
    while (person.unsynced(since).length > 0) await sleep(200);
    await sleep(SETTLE_MS);
    const use = () => totalWritten(processesOf(app.pid));
    const idle = use();
    say(`memory under a debugger, idle: ${mb(idle)}`);
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
    return { panel, idle, after };
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

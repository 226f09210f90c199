import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ElectronRuntime } from '../../scripts/electron-runtime.mjs';
import { launchApp } from '../e2e/harness/app.ts';
import { type Contender, root, type Started, start } from './apps.ts';
import type { Desk } from './desk.ts';
import { type ProcessUse, processesOf, totalCpu, totalPss } from './processes.ts';

const MARK_MS = 5 * 60_000;
/** How long a start's own after-effects (collection of garbage, idle tasks) may take. */
const SETTLE_MS = 10_000;
const QUIET_MS = 30_000;

export interface StartAndMemory {
  readonly startMs: number;
  readonly processes: readonly ProcessUse[];
  /** Sum of all processes; bytes. */
  readonly pss: number;
}

/** Starts the app, waits until it has done its work and then some, reads its memory, ends it. */
export async function startAndMemory(
  contender: Contender,
  electron: ElectronRuntime,
  desk: Desk,
  settleMs = SETTLE_MS,
): Promise<StartAndMemory> {
  const app = await start(contender, electron, desk);
  try {
    await sleep(settleMs);
    const processes = processesOf(app.pid);
    return { startMs: app.startMs, processes, pss: totalPss(processes) };
  } finally {
    await app.stop();
    await desk.tray.waitForNone({ pid: app.pid });
  }
}

export interface IdleCpu {
  readonly seconds: number;
  /** Share of a core, 0 to 1, by contender in the order given. */
  readonly shares: readonly number[];
}

/** Runs all at once and looks at the time they use while nothing happens: between two five-minute marks of the wall clock. */
export async function idleCpu(
  all: readonly Contender[],
  electron: ElectronRuntime,
  desk: Desk,
  seconds: number,
): Promise<IdleCpu> {
  const apps: Started[] = [];
  try {
    for (const contender of all) apps.push(await start(contender, electron, desk));
    await sleep(QUIET_MS);
    // A mark's own sync takes a moment.
    const left = MARK_MS - (Date.now() % MARK_MS);
    if (left < (seconds + 5) * 1_000) await sleep(left + QUIET_MS);
    const look = () => apps.map(({ pid }) => totalCpu(processesOf(pid)));
    const before = look();
    const began = performance.now();
    await sleep(seconds * 1_000);
    const elapsed = (performance.now() - began) / 1_000;
    const after = look();
    return { seconds: elapsed, shares: after.map((cpu, index) => (cpu - (before[index] ?? 0)) / elapsed) };
  } finally {
    for (const app of apps) await app.stop();
  }
}

export interface WindowMemory {
  /** Bytes, in one run under a debugger, which itself takes some. */
  readonly before: number;
  readonly open: number;
  readonly after: number;
  readonly processesAfter: readonly ProcessUse[];
  /** Files below out/main that were loaded, with their sizes in bytes. */
  readonly loaded: Readonly<Record<string, number>>;
}

/** Opens a prompt by the tray menu and closes it with Escape. */
export async function windowMemory(contender: Contender, desk: Desk): Promise<WindowMemory> {
  const since = Date.now();
  const app = await launchApp({ main: contender.main, env: contender.env });
  try {
    const item = await desk.tray.waitForItem({ pid: app.pid });
    while (contender.pending(since).length > 0) await sleep(200);
    await sleep(SETTLE_MS);
    const use = () => processesOf(app.pid);
    const before = totalPss(use());
    await item.menu.click([/^Preferences/, /^Status message/]);
    const prompt = await app.waitForWindow();
    await prompt.waitForSelector('input');
    await sleep(SETTLE_MS);
    const open = totalPss(use());
    const closed = prompt.waitForEvent('close');
    // The window may be gone before the key comes up again.
    await prompt.keyboard.press('Escape').catch(() => undefined);
    await closed;
    await sleep(SETTLE_MS);
    const processesAfter = use();
    const files = await app.electron.evaluate(() =>
      Object.keys(process.getBuiltinModule('node:module').createRequire('/').cache),
    );
    const own = files.filter((file) => file.startsWith(join(root, 'out', 'main')));
    if (own.length === 0) throw new Error('which files were loaded could not be seen');
    const loaded = Object.fromEntries(own.map((file) => [file.slice(root.length + 1), statSync(file).size]));
    return { before, open, after: totalPss(processesAfter), processesAfter, loaded };
  } finally {
    if (app.running) await app.quit();
  }
}

/** All of out/main; bytes. */
export function bundleSize(): number {
  const folder = join(root, 'out', 'main');
  if (!existsSync(folder)) throw new Error(`${folder} is not there: build first (npm run build)`);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ElectronRuntime } from '../../scripts/electron-runtime.mjs';
import type { TrayItem } from '../e2e/harness/tray.ts';
import type { Desk } from './desk.ts';
import type { Person } from './person.ts';

/** The project's top folder. */
export const root = resolve(import.meta.dirname, '..', '..');

/** One of the two that are compared. */
export interface Contender {
  readonly name: 'HipStatus' | 'bare';
  /** The app's folder. */
  readonly main: string;
  readonly env: Readonly<Record<string, string>>;
  /** What is still missing before it has done all its work at the start; empty when nothing is. */
  readonly pending: (since: number) => readonly string[];
}

export function contenders(person: Person): { readonly hipstatus: Contender; readonly bare: Contender } {
  return {
    hipstatus: {
      name: 'HipStatus',
      main: root,
      env: { HIPSTATUS_HOME: person.home },
      pending: (since) => person.unsynced(since),
    },
    bare: { name: 'bare', main: join(root, 'test', 'bench', 'bare-tray'), env: {}, pending: () => [] },
  };
}

/** An app that runs and has its icon in the tray. */
export interface Started {
  readonly pid: number;
  readonly item: TrayItem;
  /** From the call that starts the process to its registration in the tray; milliseconds. */
  readonly startMs: number;
  stop(): Promise<void>;
}

const SYNC_MS = 30_000;
const LOOK_MS = 200;
const QUIT_MS = 15_000;

/** Starts an app as a person's click does: no debugger, nothing attached. It leads a session, by which its processes are found. */
export async function start(contender: Contender, electron: ElectronRuntime, desk: Desk): Promise<Started> {
  const args = [...(electron.needsNoSandbox ? ['--no-sandbox'] : []), contender.main];
  const since = Date.now();
  const began = performance.now();
  const env = { ...process.env, ...contender.env };
  const child = spawn(electron.path, args, { env, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = `${complaints}${text}`.slice(-4000);
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${electron.path} does not start`);
  try {
    const item = await desk.tray.waitForItem({ pid });
    const startMs = desk.registeredAt(item) - began;
    await atWork(contender, since);
    return { pid, item, startMs, stop: () => stop(child, pid) };
  } catch (error) {
    await stop(child, pid);
    throw new Error(`${contender.name} could not be measured; it printed:\n${complaints}`, { cause: error });
  }
}

async function atWork(contender: Contender, since: number): Promise<void> {
  const until = since + SYNC_MS;
  for (;;) {
    const pending = contender.pending(since);
    if (pending.length === 0) return;
    if (Date.now() > until) throw new Error(`${contender.name} did not sync: ${pending.join('; ')}`);
    await sleep(LOOK_MS);
  }
}

async function stop(child: ChildProcess, pid: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  child.kill('SIGTERM');
  const timer = setTimeout(() => process.kill(-pid, 'SIGKILL'), QUIT_MS);
  await ended;
  clearTimeout(timer);
}

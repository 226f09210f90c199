import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A port that nothing listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A server program that runs in the foreground. */
export interface ServerProcess {
  readonly output: () => string;
  /** SIGTERM, then SIGKILL; resolves when it is gone. */
  stop(): Promise<void>;
  /** At once, without a chance to say anything. */
  kill(): Promise<void>;
}

export interface Start {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly env?: Readonly<Record<string, string>>;
  readonly isReady: () => Promise<boolean>;
}

const READY_PATIENCE = 15_000;

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(force);
}

/** Starts it and waits until it answers. Throws with what it printed when it does not. */
export async function startProcess({ command, args, cwd, user, env, isReady }: Start): Promise<ServerProcess> {
  const child = spawn(command, args, {
    cwd,
    ...user,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let failure: Error | null = null;
  child.on('error', (error) => {
    failure = error;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-20_000);
    });
  }
  const atExit = () => child.kill('SIGKILL');
  process.once('exit', atExit);
  const started = Date.now();
  for (;;) {
    if (await isReady().catch(() => false)) break;
    const isGone = failure !== null || child.exitCode !== null;
    if (isGone || Date.now() - started > READY_PATIENCE) {
      await end(child, 'SIGKILL');
      throw new Error(`${command} did not start: ${String(failure ?? '')}\n${output}`);
    }
    await sleep(25);
  }
  const finish = async (signal: NodeJS.Signals) => {
    process.off('exit', atExit);
    await end(child, signal);
  };
  return { output: () => output, stop: () => finish('SIGTERM'), kill: () => finish('SIGKILL') };
}
